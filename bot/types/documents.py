"""Documents, their metadata, and the chunks found in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from bot.types.labelled import Labelled

_Choice = TypeVar("_Choice", bound=StrEnum)


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


class DocumentKind(Labelled):
    """What kind of document a text is. ``label`` is what people read."""

    NOTICE = "notice", "通知"
    MEASURES = "measures", "办法"
    RULES = "rules", "细则"
    OPINION = "opinion", "意见"
    ANNOUNCEMENT = "announcement", "公告"
    CIRCULAR = "circular", "通告"
    DECISION = "decision", "决定"
    REGULATIONS = "regulations", "条例"
    PROVISIONS = "provisions", "规定"
    PLAN = "plan", "方案"
    GUIDE = "guide", "指南"
    REPLY = "reply", "答复"
    LETTER = "letter", "函"
    ORDER = "order", "令"
    REPORT = "report", "报道"
    EXPLANATION = "explanation", "解读"
    QUESTIONS = "questions", "问答"
    OTHER = "other", "其他"


class ReferenceKind(Labelled):
    """How a document stands to another that it names. ``label`` is what people read."""

    REPEALS = "repeals", "废止"
    REPLACES = "replaces", "代替"
    PREVAILS = "prevails", "不一致时以本文件为准"
    AMENDS = "amends", "修改"
    EXTENDS = "extends", "延长有效期"
    BASED_ON = "based_on", "依据"
    IMPLEMENTS = "implements", "贯彻落实"


class ValidityBasis(StrEnum):
    """How the last day of a document's validity is known."""

    STATED = "stated"
    FROM_EFFECT = "from_effect"
    FROM_ISSUE = "from_issue"
    UNKNOWN_START = "unknown_start"


@dataclass(frozen=True, slots=True)
class ContactBlock:
    """The contact printed under a document; ``start:end`` spans the block in the clean text.

    ``purpose`` is what the source gives the number for (政策咨询, 申报受理), ``None`` where it says nothing.
    """

    start: int
    end: int
    name: str | None = None
    phone: str | None = None
    address: str | None = None
    postcode: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document that a text names, by title, number or both; ``start:end`` spans its words.

    ``until`` is the ISO day to which an ``EXTENDS`` prolongs the other document.
    """

    kind: ReferenceKind
    title: str | None
    number: str | None
    start: int
    end: int
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a document holds: ``text`` is the statement as printed, ``until`` its last valid day.

    ``since`` is the first day where one is known; ``start:end`` spans the statement in the clean text and is
    ``None`` where only a metadata box gives it.
    """

    basis: ValidityBasis
    text: str
    until: str | None = None
    since: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class MetadataQuote:
    """The words that one field of :class:`DocumentMetadata` rests on.

    They stand at ``start:end`` of the clean text, or they are the value of the box entry ``label``.
    """

    field: str
    text: str
    start: int | None = None
    end: int | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentMetadata:
    """What is known about a document besides its text; unknown fields are ``None`` or empty.

    ``issuer`` is the first of ``issuers`` and ``document_number`` the first of ``document_numbers``, in the one
    spelling of :func:`bot.documents.metadata.normalise_number`. ``enclosed_title`` names the text that a covering
    notice or order brings. ``date`` is the day of issue, ``published`` the day a page says it was put up.
    ``valid_until`` is the last valid day; ``superseded_from`` the first day on which ``superseded_by`` holds.
    ``quotes`` hold the words each field rests on; ``attached_to`` is the id of the document this one is an
    attachment of, whose number and date it then has.
    """

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
    document_kind: DocumentKind = DocumentKind.OTHER
    document_numbers: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    enclosed_title: str | None = None
    published: str | None = None
    effective_from: str | None = None
    validity: Validity | None = None
    references: tuple[Reference, ...] = ()
    contacts: tuple[ContactBlock, ...] = ()
    superseded_from: str | None = None
    quotes: tuple[MetadataQuote, ...] = ()
    attached_to: str | None = None

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> DocumentMetadata:
        """The metadata that :func:`dataclasses.asdict` and JSON made of one, also by an earlier version."""
        fields = dict(values)
        choices: dict[str, type[StrEnum]] = {
            "status": Status,
            "kind": SourceKind,
            "text_kind": TextKind,
            "document_kind": DocumentKind,
        }
        for name, choice in choices.items():
            if name in fields:
                fields[name] = _member(choice, fields[name])
        fields["contacts"] = tuple(ContactBlock(**each) for each in fields.get("contacts", ()))
        fields["quotes"] = tuple(MetadataQuote(**each) for each in fields.get("quotes", ()))
        for name in ("document_numbers", "issuers"):
            fields[name] = tuple(fields.get(name, ()))
        fields["references"] = tuple(
            Reference(**{**each, "kind": _member(ReferenceKind, each["kind"])}) for each in fields.get("references", ())
        )
        contact, validity = fields.get("contact"), fields.get("validity")
        fields["contact"] = None if contact is None else ContactBlock(**contact)
        if validity is not None:
            fields["validity"] = Validity(**{**validity, "basis": _member(ValidityBasis, validity["basis"])})
        return cls(**fields)


def _member(choices: type[_Choice], value: str) -> _Choice:
    """The member of ``choices`` whose value is ``value``; raises ``ValueError`` where there is none."""
    for member in choices:
        if member.value == value:
            return member
    raise ValueError(f"{value!r} is no {choices.__name__}")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading's stretch of the clean text; ``path`` runs from the outermost heading inwards."""

    path: tuple[str, ...]
    start: int
    end: int


class UnitKind(StrEnum):
    """What a unit is in its document."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CAPTION = "caption"
    NOTE = "note"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class UnitCell:
    """A value of a row under its header path, outermost first."""

    headers: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A whole unit of a document, ``document.text[start:end]``; units are lines of the clean text, in order.

    ``parent`` is the position of the unit that this one hangs on: an item's lead-in, a paragraph's heading, a
    row's caption, the unit that refers to a note; ``None`` at the top. ``marker`` is the number as printed, which
    the unit begins with. A row has its ``cells`` and the number of its ``table``.
    """

    kind: UnitKind
    start: int
    end: int
    parent: int | None = None
    marker: str = ""
    table: int | None = None
    cells: tuple[UnitCell, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What reading left out: ``what`` as people read it, ``where`` it stood, and its beginning.

    ``furniture`` is true for what is no loss: page numbers, navigation, scripts.
    """

    what: str
    characters: int
    furniture: bool
    where: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the corpus. ``id`` is its POSIX path below the corpus folder.

    ``units`` are its tree, ``left_out`` what does not stand in its text, ``warnings`` sentences for staff;
    ``machine_read`` says that the text was recognised from pictures.
    """

    id: str
    text: str
    content_hash: str
    metadata: DocumentMetadata
    sections: tuple[Section, ...] = ()
    units: tuple[Unit, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    machine_read: bool = False


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
