"""Turns, answers with everything they carry, feedback, and what an ingest did."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.text.language import is_foreign
from bot.types.documents import FailedDocument, SourceKind, Status, TextKind
from bot.types.market import DraftState, Match, RecordDraft


class Intent(StrEnum):
    """What a question wants."""

    POLICY = "policy"
    CONTACT = "contact"
    PARTNER = "partner"
    INTRODUCTION = "introduction"
    SMALLTALK = "smalltalk"
    OUT_OF_SCOPE = "out_of_scope"


class Mode(StrEnum):
    """Who worded the answer."""

    OFFLINE = "offline"
    LLM = "llm"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with the earlier questions of the same conversation, oldest first.

    ``draft`` is the newest draft that an answer of the conversation carried, if any.
    """

    question: str
    history: tuple[str, ...] = ()
    draft: RecordDraft | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """One marker of an answer: ``quote`` equals the document's clean text at ``start:end``."""

    marker: int
    document_id: str
    title: str
    document_number: str | None
    section: str
    start: int
    end: int
    quote: str
    date: str | None = None
    issuer: str | None = None
    source_url: str | None = None
    kind: SourceKind = SourceKind.NOTE
    text_kind: TextKind = TextKind.VERBATIM


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the answer; ``verified`` when it stands in the quote of ``marker``."""

    text: str
    value: float | str
    unit: str
    marker: int | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure of the question that the source contradicts."""

    asked: str
    stated: str
    marker: int


@dataclass(frozen=True, slots=True)
class Computed:
    """A count made by code over the items an answer lists; never copied from a source."""

    text: str
    value: int
    of: str


@dataclass(frozen=True, slots=True)
class StatusNote:
    """The status of what the answer speaks about, as of the date of its source."""

    subject: str
    status: Status
    as_of: str | None
    marker: int | None


@dataclass(frozen=True, slots=True)
class Contact:
    """A published contact, to be given only for ``purpose``."""

    name: str | None
    phone: str | None
    address: str | None
    purpose: str
    marker: int | None = None


@dataclass(frozen=True, slots=True)
class PartnerSuggestion:
    """An organisation of the catalogue that may fit; ``why`` is quoted from a source.

    ``as_of`` is the date of that source, ``next_step`` what the documents let one do about it,
    ``kind`` what the organisation is (院所, 联盟, 平台…).
    """

    organisation_id: str
    name: str
    why: str
    region: str | None
    marker: int | None
    as_of: str | None = None
    next_step: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class MeetingPlace:
    """An event or alliance where partners may be met; ``why`` is quoted from a source.

    ``status`` tells whether it is over, running or planned, as of the date of its source.
    """

    name: str
    kind: str
    why: str
    status: Status
    as_of: str | None
    marker: int | None


@dataclass(frozen=True, slots=True)
class ConflictVersion:
    """One side of a disagreement between sources."""

    value: str
    marker: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that say different things of the same thing at the same time.

    When ``settled``, staff decided for the first version; the others are told all the same.
    """

    subject: str
    versions: tuple[ConflictVersion, ...]
    settled: bool = False


class Outcome(StrEnum):
    """What became of a question. ``NEAREST``: whole passages near it are shown, and whether they answer is open."""

    ANSWERED = "answered"
    NEAREST = "nearest"
    NOT_STATED = "not_stated"
    OUT_OF_SCOPE = "out_of_scope"
    SMALLTALK = "smalltalk"


@dataclass(frozen=True, slots=True)
class Decision:
    """One proposal as the planner saw it, for the log and ``ask --explain``; it holds no private text.

    ``confidence`` (0–1) is the reader's, ``reason`` says what it rests on or why it refused.
    """

    reader: str
    confidence: float
    reason: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SpellingOffer:
    """A name that may be misspelt: ``typed`` for ``meant``; ``question`` is the whole question with every such mended.

    ``applied`` is true when the answer is to ``question``, because only that is answered.
    """

    typed: str
    meant: str
    question: str
    applied: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is shown for one turn.

    ``answer`` answers and nothing more, with markers like ``[1]``; caveats, dates and nearby
    facts are ``notes`` (which may carry markers too). ``abstained`` is true when what was asked
    does not stand in the documents or is out of scope. ``matches`` are published needs and offers good
    enough to propose, ``historic`` past ones and ``fellows`` those on the teller's own side, only told of; ``draft`` is
    what a told wish would be registered as. ``emphasis`` are the stretches of ``answer`` that are what was asked for.
    ``summary`` are sentences of a model in plain words, checked against the units of ``answer``; to be shown as such.
    ``choices`` are questions that a bare word may stand for, ``follow_ups`` what may be asked next, ``spelling`` what
    names seem misspelt; the questions of all three are answered.
    """

    question: str
    standalone_question: str
    intent: Intent
    abstained: bool
    answer: str
    notes: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    figures: tuple[Figure, ...] = ()
    corrections: tuple[Correction, ...] = ()
    computed: tuple[Computed, ...] = ()
    statuses: tuple[StatusNote, ...] = ()
    contacts: tuple[Contact, ...] = ()
    partners: tuple[PartnerSuggestion, ...] = ()
    meeting_places: tuple[MeetingPlace, ...] = ()
    matches: tuple[Match, ...] = ()
    historic: tuple[Match, ...] = ()
    draft: DraftState | None = None
    conflicts: tuple[Conflict, ...] = ()
    follow_ups: tuple[str, ...] = ()
    mode: Mode = Mode.OFFLINE
    elapsed_ms: float = 0.0
    nearest: bool = False
    decisions: tuple[Decision, ...] = ()
    emphasis: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    spelling: tuple[SpellingOffer, ...] = ()
    fellows: tuple[Match, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """What became of the question."""
        if self.intent is Intent.SMALLTALK:
            return Outcome.SMALLTALK
        if self.intent is Intent.OUT_OF_SCOPE:
            return Outcome.OUT_OF_SCOPE
        if self.abstained:
            return Outcome.NOT_STATED
        return Outcome.NEAREST if self.nearest else Outcome.ANSWERED

    @property
    def language(self) -> str:
        """The language of the question: ``zh``, or ``en`` for one without a Chinese character."""
        return "en" if is_foreign(self.question) else "zh"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a user said of an answer; ``exchange`` is the page's own number of it, empty where it is not known."""

    question: str
    answer: str
    useful: bool
    reason: str = ""
    exchange: str = ""


@dataclass(frozen=True, slots=True)
class DroppedText:
    """Text of a file that does not stand in its clean text; ``furniture`` is no loss (page numbers, navigation)."""

    path: str
    what: str
    characters: int
    where: str = ""
    furniture: bool = False


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one ingest did; counts are documents unless named otherwise.

    ``suggestions`` counts the questions that were asked and answered, to be offered where people ask; 0 where nothing
    changed. ``held`` is the version that was built and waits to be put in force.
    """

    added: int
    updated: int
    unchanged: int
    removed: int
    failed: tuple[FailedDocument, ...]
    documents: int
    chunks: int
    seconds: float
    embedder: str
    warnings: tuple[str, ...] = field(default=())
    dropped: tuple[DroppedText, ...] = field(default=())
    duplicates: tuple[tuple[str, str], ...] = field(default=())
    suggestions: int = 0
    held: int | None = None
