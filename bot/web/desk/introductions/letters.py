"""The page of one letter: read, reworded, compared, restored, downloaded, put on record as sent."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.accounts.records import Role
from bot.errors import AssistantError, MarketError, UsageError
from bot.introductions.editing import MAX_BLOCKS, Run, check_edit, edited_blocks
from bot.introductions.files import to_docx, to_pdf
from bot.introductions.letters import Letter, Letters, StaleVersion
from bot.introductions.pair_events import Means
from bot.introductions.records import Introduction
from bot.introductions.sending import PairWork, Sending
from bot.market.records import Side
from bot.printing.blocks import Block, BlockKind
from bot.web.desk.context import Desk
from bot.web.desk.frame import page
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.introductions.addresses import (
    LETTERS,
    LIST,
    NOTHING_TYPED,
    Typed,
    choice_of,
    day_of,
    entries,
    letter_address,
    number_of,
    pair_address,
)
from bot.web.desk.introductions.letter_view import BOTH, PARTS, LetterPage
from bot.web.desk.replies import download, see_other
from bot.web.markup import Html, tag, text

_WRITERS: dict[str, tuple[str, Callable[[Introduction], bytes]]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", to_docx),
    "pdf": ("application/pdf", to_pdf),
}
Sent = Annotated[dict[str, str], Depends(entries)]


class LetterPages:
    """The pages over letters. A joint letter opens only while both consents are in force; else the page says why."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def letters(self) -> Letters:
        """The kept letters."""
        return Letters(self.desk.market, self.desk.settings.office)

    def shown(
        self, signed: Signed, number: int, version: int = 0, *, typed: Typed = NOTHING_TYPED, edited: Sequence[Run] = ()
    ) -> HTMLResponse:
        """A letter at a version, the newest where none is named."""
        try:
            letter = self.letters.open(number)
            which = letter.version(version) if version else letter.newest
        except MarketError as error:
            return self.refused(signed, error)
        self.desk.trail.record(signed.user, "letter.opened", f"letter:{number}", f"version {which.number}")
        shown = self._page(letter, signed, which.number, typed, edited)
        return HTMLResponse(self._whole(letter, shown.body(), signed), 400 if typed.problem else 200)

    def _page(
        self, letter: Letter, signed: Signed, version: int, typed: Typed = NOTHING_TYPED, edited: Sequence[Run] = ()
    ) -> LetterPage:
        return LetterPage(letter, letter.version(version), signed, self.desk.today(), typed, edited)

    def _whole(self, letter: Letter, body: Html, signed: Signed) -> str:
        return page(f"信函 {letter.id}：{letter.drafted.stage.label}", body, signed, path=LIST)

    def refused(self, signed: Signed, error: AssistantError) -> HTMLResponse:
        """Why a letter does not open, with nothing of it."""
        back = tag("p", tag("a", text("回到引荐列表"), href=LIST))
        return HTMLResponse(page("信函", back, signed, path=LIST, problem=str(error)), 404)

    def file(self, signed: Signed, number: int, suffix: str, version: int) -> Response:
        """A version as a file, written into the trail."""
        try:
            letter = self.letters.open(number)
            which = letter.version(version) if version else letter.newest
        except MarketError as error:
            return self.refused(signed, error)
        media, write = _WRITERS[suffix]
        content = write(letter.introduction(which))
        self.desk.trail.record(signed.user, "letter.downloaded", f"letter:{number}", f"version {which.number} {suffix}")
        return download(content, f"letter-{number}-{which.number}.{suffix}", media)

    def save(self, signed: Signed, number: int, sent: dict[str, str]) -> HTMLResponse | RedirectResponse:
        """What an editor sent as the next version; where somebody was faster, both texts."""
        edited: tuple[Run, ...] = ()
        try:
            edited = _runs(sent)
            letter = self.letters.open(number)
            base = letter.version(number_of(sent, "base"))
            blocks = edited_blocks(base.blocks, edited)
            if blocks == base.blocks and base is letter.newest:
                raise UsageError("没有改动，没有保存新的一版")
            check_edit(self.desk.market, letter, blocks, self.desk.settings.office)
        except AssistantError as error:
            return self.shown(signed, number, typed=Typed("save", sent, str(error)), edited=edited)
        return self._kept(signed, letter, base.number, blocks, "", "letter.saved")

    def restore(self, signed: Signed, number: int, sent: dict[str, str]) -> HTMLResponse | RedirectResponse:
        """An older version once more, as the next one."""
        try:
            letter = self.letters.open(number)
            older = letter.version(number_of(sent, "number"))
            note = f"恢复第 {older.number} 版"
        except MarketError as error:
            return self.refused(signed, error)
        return self._kept(signed, letter, number_of(sent, "base"), older.blocks, note, "letter.restored")

    def _kept(
        self, signed: Signed, letter: Letter, base: int, blocks: Sequence[Block], note: str, action: str
    ) -> HTMLResponse | RedirectResponse:
        try:
            saved = self.letters.save(letter.id, base, blocks, actor=signed.user.name, note=note)
        except StaleVersion:
            newest = self.letters.open(letter.id)
            body = self._page(newest, signed, newest.newest.number).stale(blocks)
            return HTMLResponse(self._whole(newest, body, signed), 409)
        except MarketError as error:
            return self.refused(signed, error)
        self.desk.trail.record(signed.user, action, f"letter:{letter.id}", f"version {saved.newest.number}")
        return see_other(letter_address(letter.id))

    def send(self, signed: Signed, number: int, sent: dict[str, str]) -> HTMLResponse | RedirectResponse:
        """Put on record how a version was sent."""
        version = number_of(sent, "version")
        try:
            letter = self.letters.open(number)
            chosen = sent.get("sides", "")
            sides = tuple(Side) if chosen == BOTH else (choice_of(Side, chosen),) if chosen else ()
            means = choice_of(Means, sent.get("means", ""))
            told = (sent.get("whom", ""), means, day_of(sent), sides, sent.get("note", ""))
            PairWork(self.desk.market).send(Sending(number, version, *told), actor=signed.user.name)
        except AssistantError as error:
            return self.shown(signed, number, version, typed=Typed("send", sent, str(error)))
        self.desk.trail.record(signed.user, "letter.sent", f"letter:{number}", f"version {version} {means.value}")
        return see_other(pair_address(letter.drafted.need_id, letter.drafted.offer_id))


def letter_router(desk: Desk) -> APIRouter:
    """The page of one letter and its files."""
    router, pages = APIRouter(prefix=LETTERS), LetterPages(desk)
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]

    @router.get("/{number}", response_class=HTMLResponse)
    def one(signed: manager, number: int, version: int = 0) -> HTMLResponse:
        return pages.shown(signed, number, version)

    @router.get("/{number}/docx", response_model=None)
    def word(signed: manager, number: int, version: int = 0) -> Response:
        return pages.file(signed, number, "docx", version)

    @router.get("/{number}/pdf", response_model=None)
    def pdf(signed: manager, number: int, version: int = 0) -> Response:
        return pages.file(signed, number, "pdf", version)

    @router.post("/{number}/save", dependencies=[OwnForm], response_model=None)
    def save(signed: manager, number: int, sent: Sent) -> HTMLResponse | RedirectResponse:
        return pages.save(signed, number, sent)

    @router.post("/{number}/restore", dependencies=[OwnForm], response_model=None)
    def restore(signed: manager, number: int, sent: Sent) -> HTMLResponse | RedirectResponse:
        return pages.restore(signed, number, sent)

    @router.post("/{number}/send", dependencies=[OwnForm], response_model=None)
    def send(signed: manager, number: int, sent: Sent) -> HTMLResponse | RedirectResponse:
        return pages.send(signed, number, sent)

    return router


def _runs(sent: dict[str, str]) -> tuple[Run, ...]:
    """The boxes of an editor, in order."""
    places = (str(place) for place in range(MAX_BLOCKS) if f"kind-{place}" in sent)
    found = tuple(Run(choice_of(BlockKind, sent[f"kind-{n}"]), sent.get(f"part-{n}", "")) for n in places)
    if any(run.kind not in PARTS for run in found):
        raise UsageError("信头和文号不能手改", remedy="信头在设置里改，文号由程序编")
    return found
