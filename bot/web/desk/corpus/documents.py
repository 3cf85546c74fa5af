"""The list of documents and one document: looking, downloading, retiring, proposing cards from it."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.accounts.records import Role
from bot.curation.matter import takes_front_matter
from bot.curation.reading import Standing, standing
from bot.curation.records import Change, Upload
from bot.curation.shelf import FileState, Picture, resting_on
from bot.documents.corpus import ARCHIVE_SUFFIX
from bot.errors import AssistantError, CorpusError, JobError
from bot.jobs.records import JobKind
from bot.text.moments import to_the_minute
from bot.types import Chunk, Document, FailedDocument
from bot.web.desk.corpus.context import CorpusDesk
from bot.web.desk.corpus.document_view import document_shown, standing_shown
from bot.web.desk.corpus.parts import PATH, address, link, moved, refused, room_page, section, told_list
from bot.web.desk.frame import as_told, confirming, form, hidden, submit, table
from bot.web.desk.guard import ROOT, OwnForm, Signed
from bot.web.desk.replies import download, see_other
from bot.web.markup import EMPTY, Html, join, tag, text

_MOST_HISTORY = 20


def document_router(corpus: CorpusDesk) -> APIRouter:
    """The pages over documents; for staff."""
    desk = corpus.desk
    router = APIRouter(prefix=PATH)
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]

    @router.get("/document", response_class=HTMLResponse)
    def one(signed: staff, id: str = "", done: str = "") -> HTMLResponse:  # noqa: A002 - the name in the address
        try:
            body = _document(corpus, id, signed)
        except AssistantError as error:
            return refused("文件", error, signed, status=404)
        return HTMLResponse(room_page("文件", body, signed, done=done))

    @router.get("/original")
    def original(signed: staff, id: str = "") -> Response:  # noqa: A002
        try:
            data = corpus.room.folder.bytes_of(file_of(id))
            if data is None:
                raise CorpusError("资料夹里没有这份文件", value=id[:80], remedy="刷新资料列表")
        except AssistantError as error:
            return refused("文件", error, signed, status=404)
        desk.trail.record(signed.user, "document.download", f"document:{id}")
        return download(data, file_of(id))

    @router.post("/retire", dependencies=[OwnForm], response_model=None)
    def retire(
        signed: staff,
        id: Annotated[str, Form()] = "",  # noqa: A002
        note: Annotated[str, Form()] = "",
        seen: Annotated[str, Form()] = "",
        sure: Annotated[str, Form()] = "",
    ) -> HTMLResponse | RedirectResponse:
        try:
            if sure != "1":
                return HTMLResponse(room_page("撤下", _sure_to_retire(corpus, id, note, signed), signed))
            change = corpus.room.retire(id, by=signed.user.name, note=note, seen=seen or None)
        except AssistantError as error:
            return refused("撤下", error, signed, body=link("返回资料列表", ""))
        desk.trail.record(signed.user, "document.retire", f"document:{id}", f"change:{change.id}")
        return moved("", done="retired")

    @router.post("/propose", dependencies=[OwnForm], response_model=None)
    def propose(signed: staff, id: Annotated[str, Form()] = "") -> HTMLResponse | RedirectResponse:  # noqa: A002
        try:
            job = desk.jobs.start(JobKind.PROPOSE, id, {"document": id}, by=signed.user.name)
        except JobError as error:
            return refused("请模型提议", error, signed, status=409)
        desk.trail.record(signed.user, "cards.propose", f"document:{id}")
        return see_other(f"{ROOT}/jobs/{job.id}")

    return router


def file_of(document: str) -> str:
    """The file that a document lies in: an archive, or itself."""
    parts = PurePosixPath(document).parts
    for place, part in enumerate(parts[:-1]):
        if part.lower().endswith(ARCHIVE_SUFFIX):
            return "/".join(parts[: place + 1])
    return document


def _document(corpus: CorpusDesk, document_id: str, signed: Signed) -> Html:
    """The page of a document; raises :class:`AssistantError` when there is none."""
    picture = corpus.shelf.in_force()
    file = file_of(document_id)
    data = corpus.room.folder.bytes_of(file)
    known = document_id in picture.hashes
    if data is None and not known:
        raise CorpusError("没有这份文件", value=document_id[:80], remedy="从资料列表里选")
    line = next((each for each in corpus.shelf.lines()[0] if each.id == document_id), None)
    read, failed = _read(
        corpus, document_id, file, data, picture, fresh=line is None or line.state is not FileState.SAME
    )
    resting = [
        join((text(""), _record_link(each.file, each.id), text(" "), as_told(each.name)))
        for each in resting_on(picture.catalogue, document_id)
    ]
    shown = EMPTY if read is None else document_shown(*read, corpus.desk.today())
    place = standing(read[0], picture.filed) if read is not None else Standing()
    titles = {name: each.title for name, each in picture.metadata.items()}
    return join(
        (
            tag("p", tag("strong", as_told(titles.get(document_id, document_id)))),
            tag(
                "p",
                as_told(document_id),
                text(" · "),
                tag("span", text(line.state.label if line else "用不了")),
                class_="path",
            ),
            told_list((as_told(each.reason) for each in failed), "problem"),
            _own_actions(corpus, document_id, file, data, signed),
            section("与其他文件", standing_shown(place, titles)),
            section("依据它的卡片和清单", told_list(resting)),
            shown,
            section("改动记录", changes_shown(corpus.room.changes(file, _MOST_HISTORY), signed)),
        )
    )


def _read(
    corpus: CorpusDesk, document_id: str, file: str, data: bytes | None, picture: Picture, *, fresh: bool
) -> tuple[tuple[Document, tuple[Chunk, ...]] | None, tuple[FailedDocument, ...]]:
    """A document as it would be read now, from the index where nothing has changed."""
    if data is None or not fresh:
        return corpus.shelf.document(picture.version, document_id), ()
    upload = Upload(
        id=0, name=file, replaces="", digest=corpus.room.folder.digest(file) or "", size=len(data), by_name="", at=""
    )
    made = corpus.reader.read(upload, data)
    found = next((each for each in made.documents if each[0].id == document_id), None)
    return found, tuple(each for each in made.failed if each.path == document_id)


def _own_actions(corpus: CorpusDesk, document_id: str, file: str, data: bytes | None, signed: Signed) -> Html:
    if data is None:
        return tag("p", text("这份文件已经不在资料夹里；可以在改动记录里恢复"), class_="hint")
    archived = tag("p", text("它在压缩包里：替换和撤下的是整个压缩包"), class_="hint") if file != document_id else EMPTY
    correct = (
        form(address("/correct"), signed, hidden("id", file), submit("更正标题、日期等"))
        if takes_front_matter(file)
        else EMPTY
    )
    ask = (
        form(address("/propose"), signed, hidden("id", document_id), submit("请模型提议卡片"))
        if corpus.desk.settings.llm.configured
        else EMPTY
    )
    retire = form(address("/retire"), signed, hidden("id", file), submit("撤下"))
    links = (link("下载原件", "/original", id=document_id), link("替换", "/upload", replaces=file))
    return join((archived, tag("div", *links, correct, ask, retire, class_="actions")))


def _sure_to_retire(corpus: CorpusDesk, document: str, note: str, signed: Signed) -> Html:
    digest = corpus.room.folder.digest(document)
    if digest is None:
        raise CorpusError("资料夹里没有这份文件", value=document[:80], remedy="刷新资料列表")
    picture = corpus.shelf.in_force()
    inside = [name for name in picture.hashes if file_of(name) == document]
    resting = [each for name in inside for each in resting_on(picture.catalogue, name)]
    warned = (
        section(
            "撤下后，这些记录的引文就没有出处，不再用于回答",
            told_list(as_told(f"{each.file}：{each.name}") for each in resting),
        )
        if resting
        else EMPTY
    )
    ask = confirming(
        "撤下这份文件？原件留着，可以恢复。", address("/retire"), signed, "撤下", address("/document", id=document),
        id=document, seen=digest, note=note,
    )  # fmt: skip
    return join((tag("p", as_told(document)), warned, ask))


def changes_shown(changes: tuple[Change, ...], signed: Signed) -> Html:
    """Changes as a table, each with the way to what was there before and back to it."""
    rows = []
    newest: set[str] = set()
    for each in changes:
        last = each.document not in newest
        newest.add(each.document)
        before = link("原来的", "/kept", change=each.id, side="before") if each.before_digest else EMPTY
        label = "恢复" if each.action.value == "retire" else "撤销"
        back = form(address(f"/history/{each.id}/undo"), signed, submit(label)) if last else EMPTY
        rows.append(
            (
                as_told(to_the_minute(each.at)),
                as_told(each.by_name),
                text(each.action.label),
                as_told(each.document),
                as_told(each.note),
                tag("div", before, back, class_="actions"),
            )
        )
    return table(("时间（UTC）", "谁", "做了什么", "文件", "说明", "可以"), rows, "还没有改动。")


def _record_link(file: str, record: str) -> Html:
    return tag("a", as_told(record), href=address(f"/catalogue/{file}", q=record))
