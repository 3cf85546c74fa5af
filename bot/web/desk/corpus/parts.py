"""Pieces that the pages of the corpus room share."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, RedirectResponse

from bot.errors import AssistantError
from bot.web.desk.frame import as_told, page, rooms
from bot.web.desk.guard import ROOT, Signed
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY, Html, join, tag, text

PATH = f"{ROOT}/corpus"
#: The pages of the room.
PAGES = {
    PATH: "文件",
    f"{PATH}/upload": "加入",
    f"{PATH}/waiting": "待启用",
    f"{PATH}/catalogue": "卡片和清单",
    f"{PATH}/disagreements": "说法不一",
    f"{PATH}/validity": "有效期",
    f"{PATH}/history": "改动记录",
}
#: What was just done, by the word in the address.
DONE = {
    "added": "已加入资料夹，导入并启用后才进入回答。",
    "replaced": "已替换，导入并启用后才进入回答。",
    "retired": "已撤下，留有原件，可以恢复；导入并启用后才从回答里消失。",
    "restored": "已恢复，导入并启用后才进入回答。",
    "dropped": "已放弃，没有改动资料夹。",
    "saved": "已存，导入并启用后才进入回答。",
    "removed": "已删去这一条，可以在改动记录里撤销。",
    "published": "已启用，页面从现在起用新的版本。",
    "discarded": "已放弃待启用的版本，页面继续用原来的。",
    "decided": "已记下，下次导入启用后，回答照此先后来说。",
    "withdrawn": "已撤回这个决定。",
    "rejected": "已记为不采用。",
    "reviewed": "已记下复核日期。",
}


def address(path: str, **query: object) -> str:
    """An address of the room; values may be anything, names of files too."""
    told = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{PATH}{path}" + (f"?{urlencode(told)}" if told else "")


def room_page(
    title: str, body: Html, signed: Signed, *, here: str = PATH, done: str = "", problem: str = "", told: str = ""
) -> str:
    """A page of the room with the way to its others."""
    whole = join((rooms(PAGES, here, name="资料"), body))
    return page(title, whole, signed, path=PATH, notice=told or DONE.get(done, ""), problem=problem)


def refused(
    title: str, error: Exception, signed: Signed, *, body: Html = EMPTY, here: str = PATH, status: int = 400
) -> HTMLResponse:
    """A page that says what could not be done, with what was typed in ``body``."""
    return HTMLResponse(room_page(title, body, signed, here=here, problem=str(error)), status)


def moved(path: str, **query: object) -> RedirectResponse:
    """On to another page of the room."""
    return see_other(address(path, **query))


def link(words: str, path: str, **query: object) -> Html:
    """A link of fixed words."""
    return tag("a", text(words), href=address(path, **query))


def document_link(document: str, title: str = "") -> Html:
    """A link to a document, by its title where one is known."""
    return tag("a", as_told(title or document), href=address("/document", id=document))


def told_list(items: Iterable[Html], class_: str | None = None) -> Html:
    """A list; empty where there is nothing in it."""
    shown = [tag("li", each) for each in items]
    return tag("ul", *shown, class_=class_) if shown else EMPTY


def section(heading: str, *children: Html) -> Html:
    """A part of a page under its heading; empty where it has nothing."""
    body = join(children)
    return tag("section", tag("h2", text(heading)), body) if body else EMPTY


def folded(heading: str, body: Html) -> Html:
    """A part of a page that is opened by a click."""
    return tag("details", tag("summary", text(heading)), body)


def problem_of(error: AssistantError | None) -> str:
    """What to show of an error, if any."""
    return "" if error is None else str(error)
