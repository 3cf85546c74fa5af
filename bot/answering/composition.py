"""Draft → Answer: markers given out, quotes copied from the clean text, figures verified."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from bot.answering.draft import Draft, Passage, Statement
from bot.answering.verification import MARKER, VerifiedText, verify_text
from bot.answering.wording import ORIGINAL
from bot.types import (
    Answer,
    Citation,
    Computed,
    Conflict,
    ConflictVersion,
    Correction,
    Document,
    MeetingPlace,
    PartnerSuggestion,
    StatusNote,
)

_HAN = r"[\u3400-\u9fff（）《》“”，。、；：]"
#: White space that extraction left between Han characters and figures.
_LOOSE_SPACE = re.compile(rf"(?<={_HAN})[ \u00a0\u3000]+(?=[\dA-Za-z])|(?<=[\dA-Za-z%])[ \u00a0\u3000]+(?={_HAN})")
_ENUMERATOR = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}是|（[一二三四五六七八九十]{1,3}）|[一二三四五六七八九十]{1,3}、|\(?\d{1,2}[.．、)）](?!\d)|[-•·●])\s*"
)
#: A longer stretch does not stand out any more.
EMPHASIS_CHARACTERS = 60
_UNTRACED_NOTE = "有一处数字在所引原文中核对不到，已略去。"


def tidy(text: str) -> str:
    """A quote as it is shown: line breaks and loose spaces gone, characters unchanged."""
    return _LOOSE_SPACE.sub("", re.sub(r"\s*\n\s*", "", text)).strip()


def whole_lines(text: str) -> str:
    """A stretch of whole units as it is told: its lines kept apart, characters unchanged, empty ones gone."""
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def drop_enumerator(text: str) -> str:
    """``text`` without a leading 一是, （一）, 1. that only makes sense in its list."""
    return _ENUMERATOR.sub("", text, count=1)


@dataclass(slots=True)
class _Markers:
    """Hands out one marker per passage; passages inside one already cited share its marker."""

    document: Callable[[str], Document]
    citations: list[Citation] = field(default_factory=list)

    def of(self, passage: Passage) -> int:
        for citation in self.citations:
            if (
                citation.document_id == passage.document_id
                and citation.start <= passage.start
                and passage.end <= citation.end
            ):
                return citation.marker
        document = self.document(passage.document_id)
        metadata = document.metadata
        marker = len(self.citations) + 1
        self.citations.append(
            Citation(
                marker=marker,
                document_id=document.id,
                title=metadata.title,
                document_number=metadata.document_number,
                section=section_at(document, passage.start),
                start=passage.start,
                end=passage.end,
                quote=document.text[passage.start : passage.end],
                date=metadata.date,
                issuer=metadata.issuer,
                source_url=metadata.source_url,
                kind=metadata.kind,
                text_kind=metadata.text_kind,
            )
        )
        return marker


@dataclass(frozen=True, slots=True)
class _Shown:
    """Words to show, and the markers given to them.

    ``original`` are those of them that the quotes are compared with, where the others were checked before.
    """

    words: str
    markers: tuple[int, ...]
    original: str = ""

    @property
    def text(self) -> str:
        """The words with their markers; an ``[n]`` that a document prints stays apart from those as ［n］."""
        return MARKER.sub(r"［\1］", self.words) + "".join(f"[{marker}]" for marker in self.markers)

    def verified(
        self,
        citations: Iterable[Citation],
        corrections: Iterable[Correction] = (),
        computed: Iterable[Computed] = (),
        *,
        metadata_counts: bool = False,
    ) -> VerifiedText:
        """The words looked up in the quotes of their markers."""
        return verify_text(
            self.original or self.words,
            citations,
            corrections,
            computed,
            metadata_counts=metadata_counts,
            markers=self.markers,
        )


def section_at(document: Document, position: int) -> str:
    """The innermost section of ``document`` around ``position``, as people read it."""
    inner = [section for section in document.sections if section.start <= position < section.end]
    if not inner:
        return ""
    return " › ".join(min(inner, key=lambda section: section.end - section.start).path)


def compose(draft: Draft, question: str, standalone_question: str, document: Callable[[str], Document]) -> Answer:
    """Give out markers in reading order, verify every statement, and drop what cannot be traced."""
    markers = _Markers(document)
    corrections = tuple(Correction(item.asked, item.stated, markers.of(item.passage)) for item in draft.corrections)
    told = [each for each in draft.statements if _is_traced(each, corrections, draft.computed, document)]
    shown = [_shown(statement, markers) for statement in told]
    contacts = tuple(replace(item.contact, marker=markers.of(item.passage)) for item in draft.contacts)
    partners = _partners(draft, markers)
    meeting_places = _meeting_places(draft, markers)
    conflicts = tuple(
        Conflict(
            item.subject,
            tuple(ConflictVersion(value, markers.of(passage)) for value, passage in item.versions),
            item.settled,
        )
        for item in draft.conflicts
    )
    statuses = tuple(
        StatusNote(item.subject, item.status, item.as_of, markers.of(item.passage) if item.passage else None)
        for item in draft.statuses
    )
    notes = [_shown(statement, markers) for statement in draft.notes]
    summary = [_shown(statement, markers) for statement in draft.summary]
    citations = tuple(markers.citations)
    verified = [each.verified(citations, corrections, draft.computed) for each in shown]
    kept_notes = [
        note.text
        for note in notes
        if note.verified(citations, corrections, draft.computed, metadata_counts=True).passed
    ]
    if len(told) < len(draft.statements):
        kept_notes.append(_UNTRACED_NOTE)
    return Answer(
        question=question,
        standalone_question=standalone_question,
        intent=draft.intent,
        abstained=draft.refusal is not None or (bool(draft.statements) and not told),
        answer=_joined((each.text for each in shown), draft.listed),
        notes=tuple(kept_notes),
        citations=citations,
        figures=tuple(figure for each in verified for figure in each.figures),
        corrections=corrections,
        computed=draft.computed,
        statuses=statuses,
        contacts=contacts,
        partners=partners,
        meeting_places=meeting_places,
        conflicts=conflicts,
        follow_ups=draft.follow_ups,
        nearest=draft.nearest,
        summary=tuple(each.text for each in summary if each.verified(citations, (), draft.computed).passed),
        emphasis=tuple(dict.fromkeys(asked for each in told if (asked := _emphasised(each, document)))),
    )


def _is_traced(
    statement: Statement,
    corrections: Iterable[Correction],
    computed: Iterable[Computed],
    document: Callable[[str], Document],
) -> bool:
    """Whether every figure of a statement stands in its own passages; what does not is given no marker."""
    markers = _Markers(document)
    return _shown(statement, markers).verified(markers.citations, corrections, computed).passed


def _emphasised(statement: Statement, document: Callable[[str], Document]) -> str:
    """The stretch of a statement that is what was asked for; empty where that is all of it."""
    if statement.focus is None:
        return ""
    focus = statement.focus
    asked = whole_lines(document(focus.document_id).text[focus.start : focus.end])
    alone = len(asked) >= len(statement.text.rstrip()) or len(asked) > EMPHASIS_CHARACTERS
    return asked if asked in statement.text and not alone and not MARKER.search(asked) else ""


def _partners(draft: Draft, markers: _Markers) -> tuple[PartnerSuggestion, ...]:
    """The partners whose figures stand in their quotes."""
    marked = [replace(item.partner, marker=markers.of(item.passage)) for item in draft.partners]
    return tuple(item for item in marked if _traced(item.why, item.marker, markers))


def _meeting_places(draft: Draft, markers: _Markers) -> tuple[MeetingPlace, ...]:
    """The meeting places whose figures stand in their quotes."""
    marked = [replace(item.place, marker=markers.of(item.passage)) for item in draft.meeting_places]
    return tuple(item for item in marked if _traced(item.why, item.marker, markers))


def _traced(why: str, marker: int | None, markers: _Markers) -> bool:
    return marker is not None and _Shown(why, (marker,)).verified(markers.citations).passed


def _shown(statement: Statement, markers: _Markers) -> _Shown:
    words = statement.lead + statement.text
    given = tuple(dict.fromkeys(markers.of(passage) for passage in statement.passages))
    if not statement.translation:
        return _Shown(words, given)
    original = ORIGINAL.format(text=words)
    return _Shown(f"{statement.translation}\n{original}", given, original)


def _joined(statements: Iterable[str], listed: bool) -> str:
    return "\n".join(statements) if listed else "".join(statements)


def cited_markers(text: str) -> tuple[int, ...]:
    """The markers a text carries, in order, each once."""
    return tuple(dict.fromkeys(int(number) for number in MARKER.findall(text)))
