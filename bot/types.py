"""Frozen records of the project's vocabulary; nothing crosses a module as a dict or a tuple.

Offsets are code points into a document's *clean text*, half-open: ``text[start:end]``.
Dates are ISO strings (``2025-05-28``) or ``None`` where no source gives one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class TextKind(StrEnum):
    """Whether a document's text is the original or our own words about it."""

    VERBATIM = "verbatim"
    OWN_WORDS = "own_words"


class SourceKind(StrEnum):
    """How much weight a document carries: the issuer's own page, news, or a note of ours."""

    OFFICIAL = "official"
    NEWS = "news"
    NOTE = "note"


class Status(StrEnum):
    """State of a programme as its source tells it; declared in order of precedence."""

    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    DRAFT = "draft"
    PLANNED = "planned"
    UNDER_CONSTRUCTION = "under_construction"
    PILOT = "pilot"
    COMPLETED = "completed"
    IN_FORCE = "in_force"
    REPORTED = "reported"
    UNKNOWN = "unknown"


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


# --- documents ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContactBlock:
    """The contact printed under a document; ``start:end`` spans the block in the clean text."""

    start: int
    end: int
    name: str | None = None
    phone: str | None = None
    address: str | None = None
    postcode: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentMetadata:
    """What is known about a document besides its text; unknown fields are ``None``."""

    title: str
    issuer: str | None = None
    document_number: str | None = None
    date: str | None = None
    status: Status = Status.UNKNOWN
    source_url: str | None = None
    kind: SourceKind = SourceKind.NOTE
    text_kind: TextKind = TextKind.VERBATIM
    addressee: str | None = None
    contact: ContactBlock | None = None
    printed_date: str | None = None
    valid_until: str | None = None
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading's stretch of the clean text; ``path`` runs from the outermost heading inwards."""

    path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the corpus. ``id`` is its POSIX path below the corpus folder."""

    id: str
    text: str
    content_hash: str
    metadata: DocumentMetadata
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class FailedDocument:
    """A file that could not be read, with a reason a staff member can act on."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of a document: ``text == document.text[start:end]``.

    ``id`` is deterministic (document id, content hash, ordinal), so that a repeated ingest
    never makes a second copy.
    """

    id: str
    document_id: str
    ordinal: int
    section_path: tuple[str, ...]
    start: int
    end: int
    text: str

    @property
    def section(self) -> str:
        """The section path as people read it."""
        return " › ".join(self.section_path)


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """Where a hit's score came from; every part is already scaled to be added."""

    lexical: float = 0.0
    document: float = 0.0
    dense: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found for a query, best first; scores compare only within one query."""

    chunk: Chunk
    metadata: DocumentMetadata
    score: float
    parts: ScoreParts = ScoreParts()


# --- answers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with the earlier questions of the same conversation, oldest first."""

    question: str
    history: tuple[str, ...] = ()


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
    """An organisation of the catalogue that may fit; ``why`` is quoted from a source."""

    organisation_id: str
    name: str
    why: str
    region: str | None
    marker: int | None


@dataclass(frozen=True, slots=True)
class ConflictVersion:
    """One side of a disagreement between sources."""

    value: str
    marker: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that say different things of the same thing at the same time."""

    subject: str
    versions: tuple[ConflictVersion, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is shown for one turn.

    ``answer`` answers and nothing more, with markers like ``[1]``; caveats, dates and nearby
    facts are ``notes`` (which may carry markers too). ``abstained`` is true when what was asked
    does not stand in the documents or is out of scope.
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
    conflicts: tuple[Conflict, ...] = ()
    follow_ups: tuple[str, ...] = ()
    mode: Mode = Mode.OFFLINE
    elapsed_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a user said of an answer."""

    question: str
    answer: str
    useful: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one ingest did; counts are documents unless named otherwise."""

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
