"""The list of documents: what is on file, what has to be looked at, what is not ingested yet."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from bot.accounts.records import Role
from bot.curation.shelf import FileState, ShelfLine
from bot.errors import AssistantError
from bot.text.status import STATUS_WORDS, document_status
from bot.types import FailedDocument
from bot.web.desk.corpus.context import CorpusDesk
from bot.web.desk.corpus.parts import PATH, address, document_link, link, refused, room_page, section, told_list
from bot.web.desk.frame import as_told, choice_field, form, line_field, submit, table
from bot.web.desk.guard import Signed
from bot.web.markup import EMPTY, Html, join, tag, text

SORTS = {"": "按标题", "date": "新的在前", "until": "先到期的在前", "name": "按文件名"}
NEEDING = {"": "全部", "waiting": "还没导入的改动", "lost": "读取时有缺漏", "double": "重复", "ended": "过期或被代替"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the list is narrowed to."""

    words: str = ""
    need: str = ""
    sort: str = ""


def list_router(corpus: CorpusDesk) -> APIRouter:
    """The page; for staff."""
    router = APIRouter(prefix=PATH)
    staff = Annotated[Signed, Depends(corpus.desk.guard.only(Role.STAFF))]

    @router.get("", response_class=HTMLResponse)
    def listed(signed: staff, q: str = "", need: str = "", sort: str = "", done: str = "") -> HTMLResponse:
        try:
            lines, failed = corpus.shelf.lines()
        except AssistantError as error:
            return refused("资料", error, signed, status=200)
        body = join((_actions(corpus, lines, signed), _listed(corpus, lines, failed, _Asked(q.strip(), need, sort))))
        return HTMLResponse(room_page("资料", body, signed, done=done))

    return router


def _actions(corpus: CorpusDesk, lines: tuple[ShelfLine, ...], signed: Signed) -> Html:
    waiting = sum(each.state is not FileState.SAME for each in lines)
    told = tag("p", text(f"{waiting} 份文件有改动，还没导入"), class_="notice") if waiting else EMPTY
    uploads = corpus.room.uploads()
    open_ones = told_list(
        join((text("待加入："), tag("a", as_told(each.name), href=address(f"/uploads/{each.id}")))) for each in uploads
    )
    start = form(address("/ingest"), signed, submit("导入", main=bool(waiting)))
    return join((told, open_ones, tag("div", link("加入文件", "/upload"), start, class_="actions")))


def _listed(
    corpus: CorpusDesk, lines: tuple[ShelfLine, ...], failed: tuple[FailedDocument, ...], asked: _Asked
) -> Html:
    today = corpus.desk.today()
    titles = {each.id: each.metadata.title for each in lines if each.metadata}
    found = _sorted([each for each in lines if _fits(each, asked, corpus)], asked.sort)
    filters = tag(
        "form",
        line_field("标题、文号或文件名里有", "q", asked.words),
        choice_field("只看", "need", NEEDING, asked.need),
        choice_field("排列", "sort", SORTS, asked.sort),
        submit("筛选"),
        method="get",
        action=PATH,
        class_="filters",
    )
    rows = []
    for each in found:
        known = each.metadata
        status = STATUS_WORDS[document_status(known, today)] if known else "还没读过"
        rows.append(
            (
                join((document_link(each.id, titles.get(each.id, "")), tag("small", as_told(each.id), class_="path"))),
                as_told(known.document_number or "") if known else EMPTY,
                tag("span", as_told(known.date or ""), class_="day") if known else EMPTY,
                as_told("、".join(known.issuers)) if known else EMPTY,
                text(status),
                tag("span", as_told(known.valid_until or ""), class_="day") if known else EMPTY,
                _notes(each, titles),
            )
        )
    shown = table(("文件", "文号", "日期", "发文机关", "状态", "有效期至", "留意"), rows, "没有这样的文件。")
    refusals = [(as_told(each.path), as_told(each.reason)) for each in failed]
    unusable = section("用不了的文件", table(("文件", "为什么"), refusals, "")) if refusals else EMPTY
    return join((filters, tag("p", text(f"{len(found)} 份"), class_="hint"), shown, unusable))


def _fits(line: ShelfLine, asked: _Asked, corpus: CorpusDesk) -> bool:
    known = line.metadata
    words = asked.words.casefold()
    told = [line.id] + ([known.title, *known.document_numbers, *known.issuers] if known else [])
    if words and not any(words in each.casefold() for each in told):
        return False
    if asked.need == "waiting":
        return line.state is not FileState.SAME
    if asked.need == "lost":
        return bool(line.lost or line.warnings)
    if asked.need == "double":
        return bool(line.duplicates)
    if asked.need == "ended":
        over = (
            known is not None and bool(known.valid_until) and str(known.valid_until) < corpus.desk.today().isoformat()
        )
        return over or line.superseded_by is not None
    return True


def _sorted(lines: list[ShelfLine], sort: str) -> list[ShelfLine]:
    def title(line: ShelfLine) -> str:
        return line.metadata.title if line.metadata else line.id

    if sort == "date":
        return sorted(lines, key=lambda line: (line.metadata and line.metadata.date) or "", reverse=True)
    if sort == "until":
        return sorted(lines, key=lambda line: (line.metadata and line.metadata.valid_until) or "9")
    return sorted(lines, key=lambda line: line.id) if sort == "name" else sorted(lines, key=title)


def _notes(line: ShelfLine, titles: dict[str, str]) -> Html:
    def named(words: str, documents: tuple[str, ...]) -> list[Html]:
        return [join((text(words), document_link(each, titles.get(each, "")))) for each in documents]

    notes = [] if line.state is FileState.SAME else [tag("strong", text(line.state.label))]
    notes += [tag("span", text(f"有 {len(line.lost)} 处没收进正文"))] if line.lost else []
    notes += [tag("span", text(f"{len(line.warnings)} 条提醒"))] if line.warnings else []
    notes += named("重复：", line.duplicates)
    notes += named("被代替：", (line.superseded_by,) if line.superseded_by else ())
    notes += named("废止了：", line.repeals) + named("另一版：", line.versions)
    return told_list(notes, "notes")
