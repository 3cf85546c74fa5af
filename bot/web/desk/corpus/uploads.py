"""Handing in a file, looking at what it would be, correcting what it says of itself, and having it count."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from bot.accounts.records import Role
from bot.curation.matter import KEYS, matter_of, takes_front_matter, with_matter
from bot.curation.reading import ReadUpload, standing
from bot.curation.records import Upload
from bot.curation.shelf import broken_quotes
from bot.documents.corpus import MAX_FILE_BYTES, SUFFIXES
from bot.errors import AssistantError, CorpusError
from bot.text.status import STATUS_WORDS
from bot.types import SourceKind, TextKind
from bot.web.desk.corpus.context import CorpusDesk
from bot.web.desk.corpus.document_view import changes_shown, document_shown, matter_label, standing_shown
from bot.web.desk.corpus.entries import entries
from bot.web.desk.corpus.parts import PATH, address, document_link, link, moved, refused, room_page, section, told_list
from bot.web.desk.frame import as_told, choice_field, field, form, hidden, line_field, submit
from bot.web.desk.guard import OwnForm, Signed, own_form
from bot.web.desk.replies import download
from bot.web.markup import EMPTY, Html, join, tag, text

UPLOAD = f"{PATH}/upload"
#: What a form adds to the file it carries.
_FORM_BYTES = 64 * 1024
_MEGABYTE = 1024 * 1024
_CHOICES: dict[str, dict[str, str]] = {
    "status": {each.value: words for each, words in STATUS_WORDS.items()},
    "kind": {
        SourceKind.OFFICIAL.value: "发文机关自己的",
        SourceKind.NEWS.value: "新闻报道",
        SourceKind.NOTE.value: "自己的笔记",
    },
    "text": {TextKind.VERBATIM.value: "原文", TextKind.OWN_WORDS.value: "自己整理的话"},
}


def hand_in_router(corpus: CorpusDesk) -> APIRouter:
    """Handing a file in; for staff."""
    desk, room = corpus.desk, corpus.room
    router = APIRouter(prefix=PATH)
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]

    @router.get("/upload", response_class=HTMLResponse)
    def hand_in(signed: staff, replaces: str = "") -> str:
        return room_page("替换文件" if replaces else "加入文件", _form(replaces, signed), signed, here=UPLOAD)

    @router.post("/upload", response_model=None)
    async def take(signed: staff, request: Request) -> Response:
        # The body is read here, not by a parameter: who asks and how much comes is looked at first.
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MAX_FILE_BYTES + _FORM_BYTES:
            error = CorpusError("文件太大", value=f"上限 {MAX_FILE_BYTES // _MEGABYTE} MB", remedy="拆成几个文件")
            return refused("加入文件", error, signed, body=_form("", signed), here=UPLOAD, status=413)
        async with request.form(max_files=1, max_fields=8) as sent:
            own_form(request, str(sent.get("csrf", "")))
            file, replaces = sent.get("file"), str(sent.get("replaces", ""))
            named = isinstance(file, UploadFile) and file.filename
            data = await file.read() if isinstance(file, UploadFile) else b""
        return await run_in_threadpool(_taken, str(named or ""), data, replaces, signed)

    def _taken(name: str, data: bytes, replaces: str, signed: Signed) -> Response:
        try:
            if not name:
                raise CorpusError("没有选文件", remedy="选一个文件再交")
            upload = room.hand_in(name, data, by=signed.user.name, replaces=replaces)
        except AssistantError as error:
            return refused("加入文件", error, signed, body=_form(replaces, signed), here=UPLOAD)
        desk.trail.record(signed.user, "document.hand_in", f"upload:{upload.id}", upload.name)
        return moved(f"/uploads/{upload.id}")

    @router.post("/correct", dependencies=[OwnForm], response_model=None)
    def correct(signed: staff, id: Annotated[str, Form()] = "") -> Response:  # noqa: A002 - the name in the form
        try:
            data = room.folder.bytes_of(id)
            if data is None:
                raise CorpusError("资料夹里没有这份文件", value=id[:80], remedy="刷新资料列表")
            upload = room.hand_in(PurePosixPath(id).name, data, by=signed.user.name, replaces=id)
        except AssistantError as error:
            return refused("更正", error, signed)
        return moved(f"/uploads/{upload.id}")

    return router


def upload_router(corpus: CorpusDesk) -> APIRouter:
    """Looking at a file that was handed in, and having it count; for staff."""
    desk, room = corpus.desk, corpus.room
    router = APIRouter(prefix=PATH)
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]

    @router.get("/uploads/{number}", response_class=HTMLResponse)
    def preview(signed: staff, number: int) -> HTMLResponse:
        try:
            upload = room.upload(number)
            body = _preview(corpus, upload, signed)
        except AssistantError as error:
            return refused("待加入的文件", error, signed, here=UPLOAD, status=404)
        return HTMLResponse(room_page("加入前看一看", body, signed, here=UPLOAD))

    @router.post("/uploads/{number}/matter", dependencies=[OwnForm], response_model=None)
    def set_matter(signed: staff, number: int, sent: Annotated[Mapping[str, str], Depends(entries)]) -> Response:
        upload: Upload | None = None
        try:
            upload = room.upload(number)
            made = with_matter(room.kept.get(upload.digest), {name: sent.get(name, "") for name in KEYS})
            room.set_bytes(number, made, seen=sent.get("seen", ""))
        except AssistantError as error:
            kept = EMPTY if upload is None else _matter_form(upload, sent, signed)
            return refused("加入前看一看", error, signed, body=kept, here=UPLOAD)
        return moved(f"/uploads/{number}")

    @router.post("/uploads/{number}/accept", dependencies=[OwnForm], response_model=None)
    def accept(
        signed: staff, number: int, note: Annotated[str, Form()] = "", seen: Annotated[str, Form()] = ""
    ) -> HTMLResponse | RedirectResponse:
        try:
            change = room.accept(number, by=signed.user.name, note=note.strip(), seen=seen or None)
        except AssistantError as error:
            back = join((_note_field(note), link("回到预览", f"/uploads/{number}")))
            return refused("加入前看一看", error, signed, body=back, here=UPLOAD)
        desk.trail.record(
            signed.user, f"document.{change.action.value}", f"document:{change.document}", f"change:{change.id}"
        )
        return moved("", done="replaced" if seen else "added")

    @router.post("/uploads/{number}/drop", dependencies=[OwnForm], response_model=None)
    def drop(signed: staff, number: int) -> HTMLResponse | RedirectResponse:
        try:
            room.drop(number)
        except AssistantError as error:
            return refused("待加入的文件", error, signed, here=UPLOAD, status=404)
        desk.trail.record(signed.user, "document.drop", f"upload:{number}")
        return moved("", done="dropped")

    @router.get("/uploads/{number}/original")
    def handed_in(signed: staff, number: int) -> Response:
        try:
            upload = room.upload(number)
            return download(room.kept.get(upload.digest), upload.name)
        except AssistantError as error:
            return refused("待加入的文件", error, signed, here=UPLOAD, status=404)

    return router


def _form(replaces: str, signed: Signed) -> Html:
    formats = ",".join(sorted((*SUFFIXES, ".zip")))
    chooser = tag("input", type="file", id="file", name_="file", accept=formats, required=True)
    hint = f"最大 {MAX_FILE_BYTES // _MEGABYTE} MB；先给您看读成什么样，确认后才加入"
    told = tag("p", text("替换："), document_link(replaces)) if replaces else EMPTY
    return form(
        address("/upload"),
        signed,
        told,
        hidden("replaces", replaces),
        field("文件", chooser, of="file", hint=hint),
        submit("交上来看一看", main=True),
        file=True,
    )


def _preview(corpus: CorpusDesk, upload: Upload, signed: Signed) -> Html:
    data = corpus.room.kept.get(upload.digest)
    read = corpus.reader.read(upload, data)
    picture = corpus.shelf.in_force()
    titles = {name: each.title for name, each in picture.metadata.items()}
    parts: list[Html] = [_heading(upload, titles)]
    failures = [join((as_told(each.path), text("："), as_told(each.reason))) for each in read.failed]
    parts.append(section("读不了的", told_list(failures, "problem")))
    parts.append(_decision(corpus, upload, read, signed))
    for document, chunks in read.documents:
        if len(read.documents) > 1:
            parts.append(tag("h2", as_told(document.id)))
        parts.append(
            section("与库里的文件", standing_shown(standing(document, picture.filed, upload.replaces), titles))
        )
        if upload.replaces in picture.hashes and len(read.documents) == 1:
            old = corpus.shelf.document(picture.version, upload.replaces)[0]
            parts.append(section("与现在的相比", changes_shown(old.text, document.text)))
            broken = broken_quotes(picture.catalogue, upload.replaces, document.text)
            lost = (as_told(f"{record.file}：{record.name}：“{quote}”") for record, quote in broken)
            parts.append(section("这些记录的引文在新文件里找不到，启用后就不再使用", told_list(lost, "problem")))
        parts.append(document_shown(document, chunks, corpus.desk.today()))
    if read.unread:
        parts.append(tag("p", text(f"压缩包里还有 {read.unread} 份没有在这里读；导入时都会读"), class_="hint"))
    if takes_front_matter(upload.name):
        parts.append(section("更正它说的", _matter_of(upload, data, signed)))
    elif read.documents:
        told = "这种格式没有文件头，读到的标题、日期等不能在这里更正；转成 txt 或 md 后可以"
        parts.append(tag("p", text(told), class_="hint"))
    return join(parts)


def _heading(upload: Upload, titles: Mapping[str, str]) -> Html:
    told = f"{upload.size} 字节 · {upload.at[:16].replace('T', ' ')}（UTC）"
    replaced = (
        tag("p", text("替换："), document_link(upload.replaces, titles.get(upload.replaces, "")))
        if upload.replaces
        else EMPTY
    )
    original = link("下载交上来的文件", f"/uploads/{upload.id}/original")
    name = tag("p", tag("strong", as_told(upload.name)), text(" "), as_told(upload.by_name))
    return join((name, tag("p", as_told(told), class_="hint"), tag("p", original), replaced))


def _decision(corpus: CorpusDesk, upload: Upload, read: ReadUpload, signed: Signed) -> Html:
    seen = corpus.room.folder.digest(upload.replaces) or "" if upload.replaces else ""
    drop = form(address(f"/uploads/{upload.id}/drop"), signed, submit("放弃"))
    if not read.documents:
        return join((tag("p", text("没有读到一份文件，加入了也用不上"), class_="hint"), drop))
    label = "替换现在的" if upload.replaces else "加入资料夹"
    accept = form(
        address(f"/uploads/{upload.id}/accept"),
        signed,
        hidden("seen", seen),
        _note_field(""),
        submit(label, main=True),
    )
    return join((accept, drop))


def _note_field(note: str) -> Html:
    return line_field("说明（从哪里来、为什么）", "note", note)


def _matter_of(upload: Upload, data: bytes, signed: Signed) -> Html:
    try:
        return _matter_form(upload, matter_of(data), signed)
    except AssistantError as error:
        return join((tag("p", as_told(str(error)), class_="problem"), _matter_form(upload, {}, signed)))


def _matter_form(upload: Upload, values: Mapping[str, str], signed: Signed) -> Html:
    controls = [
        choice_field(matter_label(name), name, {"": "照文件里读到的", **_CHOICES[name]}, values.get(name, ""))
        if name in _CHOICES
        else line_field(matter_label(name), name, values.get(name, ""))
        for name in KEYS
    ]
    hint = tag("p", text("写在文件开头，留空的照文件里读到的；日期写成 2025-05-28 的样子"), class_="hint")
    return form(
        address(f"/uploads/{upload.id}/matter"),
        signed,
        hint,
        *controls,
        hidden("seen", values.get("seen", upload.digest)),
        submit("改好，再看一看"),
    )
