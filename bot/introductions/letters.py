"""Drafts an office keeps at its desk: a number of the year, and every version a letter ever had.

A joint letter names both sides: it opens, in any version, only as long as both consents are in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from bot.errors import ConsentError, MarketError
from bot.introductions.drafting import check_pair
from bot.introductions.facts import NO_SERIAL
from bot.introductions.pair_events import take_up_if_free
from bot.introductions.records import Form, Introduction, Language, Stage, TracedFact, as_text
from bot.market.service import Market
from bot.printing.blocks import Block, BlockKind
from bot.settings import OfficeSettings
from bot.store.database import utc_now
from bot.store.tables import introductions, letter_versions

#: More versions of one letter are no letter any more.
MOST_VERSIONS = 200


@dataclass(frozen=True, slots=True)
class LetterVersion:
    """One state of a letter, ``number`` counted from 1, the first as it was drafted; who made it and when (UTC)."""

    number: int
    blocks: tuple[Block, ...]
    at: str
    actor: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A kept draft with its versions, oldest first; ``drafted`` is what the program wrote."""

    id: int
    drafted: Introduction
    versions: tuple[LetterVersion, ...]

    @property
    def newest(self) -> LetterVersion:
        """The version in force."""
        return self.versions[-1]

    def version(self, number: int) -> LetterVersion:
        """The version of that number; raises :class:`MarketError` when there is none."""
        for version in self.versions:
            if version.number == number:
                return version
        raise MarketError("没有这一版", value=number, remedy=f"版本从 1 到 {self.newest.number}")

    @property
    def every_word(self) -> str:
        """The words of every version: a joint letter is shut as a whole."""
        return "\n".join(block.text for version in self.versions for block in version.blocks)

    def introduction(self, version: LetterVersion) -> Introduction:
        """``version`` as a draft: only facts in blocks nobody changed still have a source."""
        kept = [block.text for block in version.blocks if block in self.versions[0].blocks]
        facts = tuple(fact for fact in self.drafted.facts if any(fact.text in text for text in kept))
        text = as_text(version.blocks, self.drafted.language)
        return replace(self.drafted, blocks=version.blocks, text=text, facts=facts)

    def changed_by_hand(self, version: LetterVersion) -> tuple[Block, ...]:
        """The blocks that the program did not write."""
        return tuple(block for block in version.blocks if block not in self.versions[0].blocks)


@dataclass(frozen=True, slots=True)
class LetterHead:
    """What a list says of a letter; ``shut`` is why it does not open now, empty where it does."""

    id: int
    stage: Stage
    form: Form
    language: Language
    at: str
    actor: str
    versions: int
    shut: str = ""


class StaleVersion(MarketError):
    """Somebody else saved in between; ``newest`` is what stands now."""

    def __init__(self, newest: LetterVersion) -> None:
        self.newest = newest
        super().__init__(
            "别人已经先保存了一版，您的没有保存",
            value=f"第 {newest.number} 版（{newest.actor}）",
            remedy="对照两份文字，改好后再保存",
        )


class Letters:
    """The kept drafts of an office. The constructor does no I/O; safe to share between threads."""

    def __init__(self, market: Market, office: OfficeSettings) -> None:
        self._market, self._office = market, office

    def keep(self, introduction: Introduction, *, actor: str) -> Letter:
        """Keep a draft as version 1, numbered where the office numbers its letters; who keeps it takes the pair up.

        Raises :class:`ConsentError` for a blocked draft, and for a joint one whose consents ended since.
        """
        if introduction.blocked is not None:
            raise ConsentError("这份引荐还不能用", value=introduction.blocked, remedy="先补齐双方同意")
        with self._market.about_pair(introduction.need_id, introduction.offer_id, actor=actor) as writing:
            if introduction.stage is Stage.JOINT:
                writing.check_joint(introduction.text)
            number = self._kept(writing.connection, introduction, actor)
            take_up_if_free(writing, actor, self._market.today())
        return self.open(number)

    def _kept(self, connection: Connection, introduction: Introduction, actor: str) -> int:
        year = introduction.dated.year if introduction.dated and self._numbers(introduction) else None
        serial = None
        if year is not None:
            newest = select(func.max(introductions.c.serial)).where(introductions.c.year == year)
            serial = (connection.execute(newest).scalar_one() or 0) + 1
        blocks = tuple(_numbered(block, serial) for block in introduction.blocks)
        row = {
            "need_id": introduction.need_id,
            "offer_id": introduction.offer_id,
            "stage": introduction.stage.value,
            "form": introduction.form.value,
            "language": introduction.language.value,
            "text": as_text(blocks, introduction.language),
            "facts": [[_with_serial(fact.text, serial), fact.source] for fact in introduction.facts],
            "withheld": list(introduction.withheld),
            "year": year,
            "serial": serial,
            "at": utc_now(),
            "actor": actor,
        }
        number: int = connection.execute(insert(introductions).returning(introductions.c.id), row).scalar_one()
        _insert_version(connection, number, 1, blocks, actor, "")
        return number

    def _numbers(self, introduction: Introduction) -> bool:
        return introduction.form is Form.LETTER and bool(self._office.number_prefix)

    def open(self, number: int) -> Letter:
        """A letter by its number; raises :class:`MarketError` when there is none, and for a joint one that is shut."""
        with self._market.database.read() as connection:
            letter = read_letter(connection, number)
        if letter.drafted.stage is Stage.JOINT:
            self._check_joint(letter)
        return letter

    def of_pair(self, need_id: str, offer_id: str) -> tuple[LetterHead, ...]:
        """The letters kept for a pair, oldest first, each with why it does not open now."""
        pair = (introductions.c.need_id == need_id) & (introductions.c.offer_id == offer_id)
        with self._market.database.read() as connection:
            numbers = select(introductions.c.id).join(letter_versions).where(pair, letter_versions.c.number == 1)
            found = connection.execute(numbers.order_by(introductions.c.id)).scalars()
            letters = tuple(read_letter(connection, number) for number in list(found))
        return tuple(self._head(letter) for letter in letters)

    def _head(self, letter: Letter) -> LetterHead:
        shut = ""
        try:
            if letter.drafted.stage is Stage.JOINT:
                self._check_joint(letter)
        except MarketError as error:
            shut = str(error)
        drafted, first = letter.drafted, letter.versions[0]
        return LetterHead(
            letter.id, drafted.stage, drafted.form, drafted.language, first.at, first.actor, len(letter.versions), shut
        )

    def save(self, number: int, base: int, blocks: Sequence[Block], *, actor: str, note: str = "") -> Letter:
        """A new version over version ``base``; raises :class:`StaleVersion` when that is not the newest any more.

        Whether the words may be told is not looked at here: see :func:`bot.introductions.editing.check_edit`.
        """
        letter = self.open(number)
        if letter.newest.number >= MOST_VERSIONS:
            raise MarketError("这份信函的版本太多了", value=letter.newest.number, remedy="另起一份")
        if base == letter.newest.number:
            try:
                with self._market.database.write() as connection:
                    _insert_version(connection, letter.id, base + 1, blocks, actor, note)
                return self.open(number)
            except IntegrityError:
                letter = self.open(number)
        raise StaleVersion(letter.newest)

    def _check_joint(self, letter: Letter) -> None:
        drafted = letter.drafted
        check_pair(self._market.need(drafted.need_id), self._market.offer(drafted.offer_id))
        self._market.check_joint(drafted.need_id, drafted.offer_id, letter.every_word)


def read_letter(connection: Connection, number: int) -> Letter:
    """A letter with its versions, open or shut, within the caller's transaction; raises :class:`MarketError`."""
    row = connection.execute(select(introductions).where(introductions.c.id == number)).mappings().first()
    of_letter = letter_versions.c.introduction_id == number
    query = select(letter_versions).where(of_letter).order_by(letter_versions.c.number)
    versions = tuple(_version(each) for each in connection.execute(query).mappings())
    if row is None or not versions:
        raise MarketError("没有这份信函", value=number, remedy="回到这一对的页面重新打开")
    return Letter(number, _introduction(row, versions[0].blocks), versions)


def _insert_version(
    connection: Connection, letter: int, number: int, blocks: Sequence[Block], actor: str, note: str
) -> None:
    row = {
        "introduction_id": letter,
        "number": number,
        "blocks": [[block.kind.value, block.text] for block in blocks],
        "note": note,
        "at": utc_now(),
        "actor": actor,
    }
    connection.execute(insert(letter_versions), row)


def _version(row: Any) -> LetterVersion:
    blocks = tuple(Block(BlockKind(kind), text) for kind, text in row["blocks"])
    return LetterVersion(row["number"], blocks, row["at"], row["actor"], row["note"])


def _introduction(row: Any, blocks: tuple[Block, ...]) -> Introduction:
    return Introduction(
        row["need_id"],
        row["offer_id"],
        Stage(row["stage"]),
        Form(row["form"]),
        row["text"],
        tuple(TracedFact(*fact) for fact in row["facts"]),
        tuple(row["withheld"]),
        blocks=blocks,
        language=Language(row["language"]),
    )


def _numbered(block: Block, serial: int | None) -> Block:
    return Block(block.kind, _with_serial(block.text, serial)) if block.kind is BlockKind.NUMBER else block


def _with_serial(text: str, serial: int | None) -> str:
    return text.replace(NO_SERIAL, str(serial)) if serial is not None else text
