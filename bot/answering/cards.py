"""Programme cards as statements: a quoted value with the sentence its quote stands in, and a card's status."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from bot.answering.composition import tidy
from bot.answering.draft import Draft, DraftStatus, Passage, Statement
from bot.catalogue.models import Catalogue, Programme, Quoted
from bot.catalogue.quotes import find_quote
from bot.text.sentences import split_sentences
from bot.text.status import NOT_YET, STATUS_WORDS
from bot.types import Document, Intent, Status

MAX_SENTENCE_CHARACTERS = 220
#: Quotes whose passages stay in memory.
_REMEMBERED = 4_096


class Cards:
    """Looks up what cards quote; chooses nothing."""

    def __init__(self, catalogue: Catalogue, document: Callable[[str], Document]) -> None:
        self._document = document
        self._by_id = {programme.id: programme for programme in catalogue.programmes}
        #: Documents never change while an index version is open, and notes ask for every card's quote.
        self.passage = lru_cache(maxsize=_REMEMBERED)(self._passage)

    def told(self, intent: Intent, programme: Programme, statements: tuple[Statement, ...]) -> Draft:
        """A draft of statements about one programme, with its status beside it."""
        told = tuple(passage for statement in statements for passage in statement.passages)
        status = self.status(programme)
        if status is not None and status.passage is not None:
            status = replace(status, passage=_same_passage(status.passage, told))
        notes = tuple(
            replace(note, passages=tuple(_same_passage(passage, told) for passage in note.passages))
            for note in self._notes(programme)
        )
        statuses = (status,) if status else ()
        return Draft(intent, statements, notes, statuses=statuses, programme_id=programme.id)

    def _notes(self, programme: Programme) -> Iterator[Statement]:
        statement = self._status_statement(programme)
        if statement is not None:
            yield statement
        replacement = self._by_id.get(programme.replaced_by or "")
        if replacement is not None:
            yield self.statement(replacement, replacement.summary, lead=f"已由“{replacement.name}”接替：")

    def _status_statement(self, programme: Programme) -> Statement | None:
        passage = self._status_passage(programme)
        if passage is None or programme.status.value not in NOT_YET:
            return None
        as_of = self._as_of(programme)
        dated = f"，截至{as_of}" if as_of else ""
        return Statement(f"“{programme.name}”的状态：{STATUS_WORDS[programme.status.value]}{dated}。", (passage,))

    def status_told(self, programme: Programme) -> Statement | None:
        """The status in the source's own words, for an answer: no date, which stands beside the quote."""
        passage = self._status_passage(programme)
        if passage is None or programme.status.value is Status.UNKNOWN:
            return None
        quote = tidy(programme.status.quote or programme.summary.quote)
        return Statement(f"{programme.name}：{STATUS_WORDS[programme.status.value]}，文件写的是“{quote}”。", (passage,))

    def status(self, programme: Programme) -> DraftStatus | None:
        """The card's status with its passage; None when it is unknown."""
        if programme.status.value is Status.UNKNOWN:
            return None
        return DraftStatus(
            programme.name, programme.status.value, self._as_of(programme), self._status_passage(programme)
        )

    def _as_of(self, programme: Programme) -> str | None:
        document = self._document(programme.status.document or programme.document)
        return programme.status.as_of or document.metadata.date

    def _status_passage(self, programme: Programme) -> Passage | None:
        quote = programme.status.quote or programme.summary.quote
        document = programme.status.document or (
            programme.document if programme.status.quote else programme.summary.document or programme.document
        )
        return self.passage(document, quote)

    def statement(self, programme: Programme, quoted: Quoted, lead: str | None = None) -> Statement:
        """A quoted value with the sentence that its quote stands in."""
        passage = self.passage(quoted.document or programme.document, quoted.quote)
        if lead is None:
            lead = "" if programme.name in quoted.value else f"{programme.name}："
        return Statement(closed(quoted.value), (passage,) if passage else (), lead)

    def _passage(self, document_id: str, quote: str) -> Passage | None:
        """The sentence around ``quote``, or the quote alone where that sentence is long."""
        text = self._document(document_id).text
        span = find_quote(text, quote)
        if span is None:
            return None
        line_start = text.rfind("\n", 0, span.start) + 1
        line_end = text.find("\n", span.end)
        line = text[line_start : line_end if line_end >= 0 else len(text)]
        touched = [
            sentence
            for sentence in split_sentences(line)
            if line_start + sentence.start < span.end and span.start < line_start + sentence.end
        ]
        if touched and touched[-1].end - touched[0].start <= MAX_SENTENCE_CHARACTERS:
            return Passage(document_id, line_start + touched[0].start, line_start + touched[-1].end)
        return Passage(document_id, span.start, span.end)


def closed(text: str) -> str:
    """``text`` ended by a full stop where it has no mark of its own."""
    text = text.rstrip("，；,;：: ")
    return text if text.endswith(("。", "！", "？", "!", "?", "”", "）")) else text + "。"


def _same_passage(passage: Passage, told: tuple[Passage, ...]) -> Passage:
    """A passage already cited that overlaps ``passage``, so that one sentence keeps one marker."""
    return next(
        (
            other
            for other in told
            if other.document_id == passage.document_id and other.start < passage.end and passage.start < other.end
        ),
        passage,
    )
