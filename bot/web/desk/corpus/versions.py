"""Ingest, the version that waits, and putting it in force."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.candidates import discard_candidate, publish_candidate, waiting_candidate
from bot.curation.comparing import VersionChange, building_job, compared
from bot.curation.shelf import FileState, Picture
from bot.errors import AssistantError, JobError
from bot.jobs.records import JobKind
from bot.web.desk.corpus.context import CorpusDesk
from bot.web.desk.corpus.parts import PATH, address, document_link, moved, refused, room_page, section, told_list
from bot.web.desk.corpus.verdict import bench_verdict, question_of, verdict_shown
from bot.web.desk.frame import as_told, confirming, form, hidden, submit
from bot.web.desk.guard import ROOT, OwnForm, Signed
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY, Html, join, tag, text

WAITING = f"{PATH}/waiting"
#: Of the newest work so much is looked through for the ingest that built a version.
_JOBS = 20


def version_router(corpus: CorpusDesk) -> APIRouter:
    """The pages over versions; for staff."""
    desk = corpus.desk
    router = APIRouter(prefix=PATH)
    staff = Annotated[Signed, Depends(desk.guard.only(Role.STAFF))]

    @router.post("/ingest", dependencies=[OwnForm], response_model=None)
    def start(signed: staff) -> HTMLResponse | RedirectResponse:
        try:
            job = desk.jobs.start(JobKind.INGEST, "导入资料", {}, by=signed.user.name)
        except JobError as error:
            return refused("导入", error, signed, body=_running(corpus), here=WAITING, status=409)
        desk.trail.record(signed.user, "ingest.start", f"job:{job.id}")
        return see_other(f"{ROOT}/jobs/{job.id}")

    @router.get("/waiting", response_class=HTMLResponse)
    def waiting(signed: staff, done: str = "") -> HTMLResponse:
        try:
            body = _waiting(corpus, signed)
        except AssistantError as error:
            return refused("待启用的版本", error, signed, here=WAITING, status=200)
        return HTMLResponse(room_page("待启用的版本", body, signed, here=WAITING, done=done))

    @router.post("/publish", dependencies=[OwnForm], response_model=None)
    def publish(
        signed: staff, version: Annotated[int, Form()] = 0, sure: Annotated[str, Form()] = ""
    ) -> HTMLResponse | RedirectResponse:
        found = bench_verdict(desk)
        if not found.clear and sure != "1":
            ask = confirming(question_of(found), address("/publish"), signed, "启用", WAITING, version=str(version))
            return HTMLResponse(room_page("启用", join((verdict_shown(found), ask)), signed, here=WAITING))
        try:
            warnings = publish_candidate(desk.settings, version)
        except AssistantError as error:
            return refused(
                "启用", error, signed, body=tag("p", tag("a", text("看现在的情况"), href=WAITING)), here=WAITING
            )
        desk.trail.record(signed.user, "index.publish", f"version:{version}", found.sentence)
        if warnings:
            shown = section("启用时的提醒", told_list(as_told(each) for each in warnings))
            return HTMLResponse(room_page("待启用的版本", shown, signed, here=WAITING, done="published"))
        return moved("/waiting", done="published")

    @router.post("/discard", dependencies=[OwnForm], response_model=None)
    def discard(signed: staff, version: Annotated[int, Form()] = 0) -> HTMLResponse | RedirectResponse:
        try:
            discard_candidate(desk.settings)
        except AssistantError as error:
            return refused("待启用的版本", error, signed, here=WAITING)
        desk.trail.record(signed.user, "index.discard", f"version:{version}")
        return moved("/waiting", done="discarded")

    return router


def _waiting(corpus: CorpusDesk, signed: Signed) -> Html:
    candidate = waiting_candidate(corpus.desk.settings)
    in_force = corpus.shelf.in_force()
    start = form(address("/ingest"), signed, submit("重新导入" if candidate else "导入", main=candidate is None))
    if candidate is None:
        told = "没有待启用的版本。导入以后先在这里看改了什么，再决定启用。"
        return join((tag("p", text(told), class_="empty"), _running(corpus), _differing(corpus), start))
    new = corpus.shelf.picture(candidate.version)
    job = building_job(corpus.desk.jobs.board.newest(_JOBS, kind=JobKind.INGEST), candidate.version)
    publish = form(
        address("/publish"), signed, hidden("version", str(candidate.version)), submit("启用这个版本", main=True)
    )
    discard = form(address("/discard"), signed, hidden("version", str(candidate.version)), submit("放弃，用原来的"))
    told = f"第 {candidate.version} 版等着启用；现在用的是第 {in_force.version or 0} 版"
    return join(
        (
            tag("p", text(told)),
            verdict_shown(bench_verdict(corpus.desk)),
            tag("div", publish, discard, start, class_="actions"),
            _changes(compared(in_force, new, job), in_force, new),
            _differing(corpus, since=new),
        )
    )


def _running(corpus: CorpusDesk) -> Html:
    newest = corpus.desk.jobs.board.newest(1, kind=JobKind.INGEST)
    if not newest or not newest[0].state.live:
        return EMPTY
    return tag("p", tag("a", text("正在导入，看进度"), href=f"{ROOT}/jobs/{newest[0].id}"))


def _differing(corpus: CorpusDesk, since: Picture | None = None) -> Html:
    """Documents whose files changed after the version at hand was built."""
    if since is None:
        lines = corpus.shelf.lines()[0]
        items = [
            join(
                (
                    document_link(each.id, each.metadata.title if each.metadata else ""),
                    text(" "),
                    text(each.state.label),
                )
            )
            for each in lines
            if each.state is not FileState.SAME
        ]
        records = [text("卡片和清单有改动")] if corpus.editor.waiting() else []
        return section("还没导入的改动", told_list([*items, *records]))
    files = {file.id: file.content_hash for file in corpus.shelf.listing().files}
    later = sorted(name for name in files.keys() | since.hashes.keys() if files.get(name) != since.hashes.get(name))
    return section("导入之后资料夹又有改动，不在这个版本里", told_list(document_link(each) for each in later))


def _changes(change: VersionChange, old: Picture, new: Picture) -> Html:
    def titled(documents: tuple[str, ...], picture: Picture) -> Html:
        return told_list(document_link(each, picture.metadata[each].title) for each in documents)

    def named(records: tuple[str, ...]) -> Html:
        return told_list(as_told(each) for each in records)

    failed = (join((as_told(each.path), text("："), as_told(each.reason))) for each in change.failed)
    dropped = (
        join((document_link(name, new.metadata[name].title), text("："), as_told("、".join(dict.fromkeys(lost)))))
        for name in (*change.added, *change.updated)
        if (lost := [each.what for each in new.left_out.get(name, ()) if not each.furniture])
    )
    orphaned = (as_told(f"{each.file}：{each.name}") for each in change.orphaned)
    shown = join(
        (
            section("新加入的文件", titled(change.added, new)),
            section("改过的文件", titled(change.updated, new)),
            section("移出的文件", titled(change.removed, old)),
            section("没有出处、不再使用的记录", told_list(orphaned)),
            section("新的记录", named(change.records_added)),
            section("改过的记录", named(change.records_updated)),
            section("去掉的记录", named(change.records_removed)),
            section("没有读成的", told_list(failed, "problem")),
            section("没收进正文的", told_list(dropped)),
            section("提醒", named(change.warnings)),
        )
    )
    return shown or tag("p", text("文件和记录都没有变"), class_="empty")
