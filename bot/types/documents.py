"""Documents, their metadata, and the chunks found in them."""

from __future__ import annotations

from dataclasses import dataclass
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

    ``id`` is deterministic (document id, title, section, text), so that a repeated ingest never makes a
    second copy and a passage that did not change stays the same one.
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
