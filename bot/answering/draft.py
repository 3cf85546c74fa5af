"""An answer before it is composed: statements with the passages they rest on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.types import (
    Computed,
    Contact,
    Intent,
    MeetingPlace,
    PartnerSuggestion,
    Status,
)


class Refusal(StrEnum):
    """Why nothing was answered; shared by code and tests."""

    SUBJECT_NOT_STATED = "subject_not_stated"
    ATTRIBUTE_NOT_STATED = "attribute_not_stated"
    OTHER_PLACE = "other_place"
    OUT_OF_SCOPE = "out_of_scope"
    NAME_UNKNOWN = "name_unknown"


@dataclass(frozen=True, slots=True)
class Passage:
    """``start:end`` of a document's clean text."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence to show; every figure in it must stand in one of its ``passages``.

    ``lead`` goes before the text and is our own wording (a name, 其中：); it carries no figure that
    the passages lack. A statement without passages is our own words and may carry no fact at all. ``focus`` is the
    stretch of its passages that answers, where that is known. ``translation`` says in English what ``text`` says; it
    was checked against it.
    """

    text: str
    passages: tuple[Passage, ...] = ()
    lead: str = ""
    focus: Passage | None = None
    translation: str = ""


@dataclass(frozen=True, slots=True)
class DraftCorrection:
    """The question says ``asked``; ``passage`` states ``stated``."""

    asked: str
    stated: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class DraftStatus:
    """A status to tell, with the passage it is read from."""

    subject: str
    status: Status
    as_of: str | None
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class DraftContact:
    """A contact with the passage that prints it."""

    contact: Contact
    passage: Passage
    postcode: str | None = None


@dataclass(frozen=True, slots=True)
class DraftPartner:
    """An organisation with the passage that tells why it may fit."""

    partner: PartnerSuggestion
    passage: Passage


@dataclass(frozen=True, slots=True)
class DraftMeetingPlace:
    """An event or alliance with the passage that tells of it."""

    place: MeetingPlace
    passage: Passage


@dataclass(frozen=True, slots=True)
class DraftConflict:
    """Versions of one thing, each with its passage; when ``settled``, the first is what staff decided for."""

    subject: str
    versions: tuple[tuple[str, Passage], ...]
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be told; markers are given out when it is composed."""

    intent: Intent
    statements: tuple[Statement, ...] = ()
    notes: tuple[Statement, ...] = ()
    refusal: Refusal | None = None
    listed: bool = False
    nearest: bool = False
    corrections: tuple[DraftCorrection, ...] = ()
    computed: tuple[Computed, ...] = ()
    statuses: tuple[DraftStatus, ...] = ()
    contacts: tuple[DraftContact, ...] = ()
    partners: tuple[DraftPartner, ...] = ()
    meeting_places: tuple[DraftMeetingPlace, ...] = ()
    conflicts: tuple[DraftConflict, ...] = ()
    follow_ups: tuple[str, ...] = ()
    programme_id: str | None = None
    summary: tuple[Statement, ...] = ()

    def with_notes(self, *notes: Statement) -> Draft:
        """The same draft with further notes, each told once."""
        told = {note.lead + note.text for note in self.notes}
        fresh = tuple(note for note in notes if note.lead + note.text not in told)
        return replace(self, notes=self.notes + fresh)
