"""The frame of every page at the desk, and the pieces its pages are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.accounts.records import Role
from bot.web.desk.guard import ROOT, Signed
from bot.web.desk.languages import language_name, spoken
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.texts import Language

NAME = "工作台"
#: A page that shows work in hand looks again after so many seconds.
LOOK_AGAIN = 2

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the navigation; ``role`` is who may see it, anybody signed in where there is none."""

    path: str
    label: str
    role: Role | None = None


PLACES = (
    Place(ROOT, "总览"),
    Place(f"{ROOT}/inquiries", "提问", Role.STAFF),
    Place(f"{ROOT}/records", "需求与成果", Role.MANAGER),
    Place(f"{ROOT}/introductions", "引荐", Role.MANAGER),
    Place(f"{ROOT}/assistant", "助手", Role.MANAGER),
    Place(f"{ROOT}/figures", "统计", Role.MANAGER),
    Place(f"{ROOT}/calendar", "日程", Role.MANAGER),
    Place(f"{ROOT}/corpus", "资料", Role.STAFF),
    Place(f"{ROOT}/questions", "问答记录", Role.STAFF),
    Place(f"{ROOT}/bench", "测试台", Role.STAFF),
    Place(f"{ROOT}/trail", "操作记录", Role.STAFF),
)


def page(
    title: str,
    body: Html,
    signed: Signed | None,
    *,
    path: str = "",
    notice: str = "",
    problem: str = "",
    looks_again: bool = False,
    language: str = "",
) -> str:
    """A whole page as HTML in the language of whoever is signed in.

    ``path`` is the place it belongs to, ``notice`` what was just done, ``problem`` what could not be; a page that
    ``looks_again`` shows work in hand and is fetched anew while it lasts.
    """
    language = signed.language if signed is not None else language or Language.CHINESE
    again = Html(f'<meta http-equiv="refresh" content="{LOOK_AGAIN}">') if looks_again else EMPTY
    head = join(
        (
            Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
            again,
            tag("title", text(f"{title} · {NAME}")),
            Html(f'<link rel="stylesheet" href="{ROOT}/static/desk.css">'),
        )
    )
    told = tag("p", text(notice), class_="notice", role="status") if notice else EMPTY
    wrong = tag("p", text(problem), class_="problem", role="alert") if problem else EMPTY
    main = tag("main", tag("h1", text(title)), told, wrong, body, id="main")
    skip = tag("a", text("跳到正文"), href="#main", class_="skip")
    whole = tag("html", tag("head", head), tag("body", skip, _header(signed, path, language), main), lang=language)
    return f"<!doctype html>{spoken(whole, language, path)}"


def _header(signed: Signed | None, path: str, language: str) -> Html:
    other = Language.CHINESE if language == Language.ENGLISH else Language.ENGLISH
    switch = tag("a", as_told(language_name(language)), href=f"{ROOT}/language?to={other}", hreflang=other)
    if signed is None:
        return tag("header", tag("p", text(NAME), class_="name"), tag("div", switch, class_="account"))
    links = (
        tag("a", text(place.label), href=place.path, aria_current="page" if place.path == path else None)
        for place in PLACES
        if place.role is None or signed.user.may(place.role)
    )
    roles = "、".join(sorted(role.label for role in signed.user.roles))
    return tag(
        "header",
        tag("p", text(NAME), class_="name"),
        tag("nav", *links, aria_label=NAME),
        tag(
            "div",
            tag("span", as_told(signed.user.name), text(" · "), tag("span", text(roles)), class_="who"),
            switch,
            form(f"{ROOT}/sign-out", signed, submit("退出")),
            form(f"{ROOT}/sign-out-everywhere", signed, submit("全部设备退出")),
            class_="account",
        ),
    )


def as_told(words: str) -> Html:
    """Words of people, records or documents: shown as they are in either language."""
    return tag("span", text(words), lang="zh-CN")


def form(address: str, signed: Signed, *children: Html, file: bool = False) -> Html:
    """A form that is sent to ``address`` and proves where it comes from; with ``file`` it can carry files."""
    proof = tag("input", type="hidden", name_="csrf", value=signed.csrf)
    kind = "multipart/form-data" if file else None
    return tag("form", proof, *children, method="post", action=address, enctype=kind)


def submit(label: str, *, main: bool = False, name: str | None = None, value: str | None = None) -> Html:
    """A button that sends the form around it."""
    return tag("button", text(label), type="submit", class_="primary" if main else None, name_=name, value=value)


def hidden(name: str, value: str) -> Html:
    """A value that travels with a form."""
    return tag("input", type="hidden", name_=name, value=value)


def field(label: str, control: Html, *, of: str, hint: str = "") -> Html:
    """A control with its label; ``of`` is the control's id."""
    told = tag("small", text(hint), class_="hint") if hint else EMPTY
    return tag("div", tag("label", text(label), for_=of), control, told, class_="field")


def line_field(label: str, name: str, value: str = "", *, hint: str = "", required: bool = False) -> Html:
    """A field of one line; its name is its id."""
    box = tag("input", type="text", id=name, name_=name, value=value, required=required, maxlength=500)
    return field(label, box, of=name, hint=hint)


def text_field(label: str, name: str, value: str = "", *, rows: int = 6, hint: str = "") -> Html:
    """A field of several lines; its name is its id."""
    # A line break directly after the tag is not part of the value.
    box = tag("textarea", text(f"\n{value}"), id=name, name_=name, rows=rows)
    return field(label, box, of=name, hint=hint)


def choice_field(label: str, name: str, options: Mapping[str, str], chosen: str = "") -> Html:
    """A field with a choice of ``options``, shown words by value."""
    shown = (tag("option", text(words), value=value, selected=value == chosen) for value, words in options.items())
    return field(label, tag("select", *shown, id=name, name_=name), of=name)


def choices(pairs: Mapping[str, str], chosen: str = "") -> Html:
    """Links beside each other, words by address."""
    return tag("p", *_links(pairs, chosen), class_="choices") if pairs else EMPTY


def rooms(pairs: Mapping[str, str], here: str, *, name: str, class_: str = "rooms") -> Html:
    """The ways to the pages of a section called ``name``, words by address."""
    return tag("nav", *_links(pairs, here), class_=class_, aria_label=name)


def _links(pairs: Mapping[str, str], chosen: str) -> Iterator[Html]:
    for address, words in pairs.items():
        yield tag("a", text(words), href=address, aria_current="page" if address == chosen else None)


def leaf(items: Sequence[Item], number: int, size: int) -> tuple[Sequence[Item], int, int]:
    """The part of ``items`` on a page, the page's number within bounds, and how many pages there are."""
    pages = max(1, -(-len(items) // size))
    shown = min(max(number, 1), pages)
    return items[(shown - 1) * size : shown * size], shown, pages


def pager(shown: int, pages: int, address: Callable[[int], str]) -> Html:
    """Which page is shown, with links to those beside it, where there are several."""
    if pages == 1:
        return EMPTY
    wanted = [(1, "首页"), (shown - 1, "上一页"), (shown + 1, "下一页"), (pages, "末页")]
    before, after = (
        [tag("a", text(label), href=address(each)) for each, label in part if 1 <= each <= pages and each != shown]
        for part in (wanted[:2], wanted[2:])
    )
    here = tag("span", text(f"第 {shown} 页，共 {pages} 页"))
    return tag("nav", *before, here, *after, class_="pager", aria_label="翻页")


def confirming(question: str, address: str, signed: Signed, label: str, back: str, **kept: str) -> Html:
    """What asks once more before a dangerous action: sent on with ``sure=1``, or back to where one came from."""
    carried = (hidden(name, value) for name, value in kept.items())
    return join(
        (
            tag("p", text(question), class_="question"),
            form(address, signed, hidden("sure", "1"), *carried, submit(label, main=True)),
            tag("p", tag("a", text("不，返回"), href=back)),
        )
    )


def table(headings: tuple[str, ...], rows: Sequence[tuple[Html, ...]], empty: str, *, name: str = "表格") -> Html:
    """A table with its headings, or a sentence where there are no rows; ``name`` tells it from others of a page."""
    if not rows:
        return tag("p", text(empty), class_="empty")
    head = tag("thead", tag("tr", *(tag("th", text(each), scope="col") for each in headings)))
    body = tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows))
    return tag("div", tag("table", head, body), class_="table-frame", tabindex="0", role="region", aria_label=name)
