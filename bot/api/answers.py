"""What other programs get, described for the OpenAPI page; the answers themselves are written in one place each."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from bot.types import (
    Citation,
    Comparison,
    Computed,
    Conflict,
    Contact,
    Correction,
    DraftLine,
    Figure,
    Gate,
    Intent,
    LevelBasis,
    MeetingPlace,
    Mode,
    Outcome,
    PartnerSuggestion,
    Reason,
    RecordKind,
    SpellingOffer,
    Standing,
    Status,
    StatusNote,
)


class MatchFound(BaseModel):
    """A record of the other side; ``level`` is 1–4, of ``need_id`` and ``offer_id`` the other side's is filled."""

    offer_id: str | None
    need_id: str | None
    title: str
    score: float
    level: int
    proposed: bool
    standing: Standing
    owner: str | None
    region: str | None
    as_of: str | None
    sample: bool
    confidential: bool
    reasons: list[Reason]
    gates: list[Gate]
    comparisons: list[Comparison]
    basis: LevelBasis


class DraftTold(BaseModel):
    """What a told wish would be registered as; no private contact."""

    kind: RecordKind
    started: bool
    fields: list[DraftLine]
    missing: list[str]
    question: str | None


class AskAnswer(BaseModel):
    """An answer; ``id`` is there where one was sent. ``quote`` equals the document's clean text at ``start:end``."""

    id: str | int | None = None
    question: str
    standalone_question: str
    intent: Intent
    outcome: Outcome
    abstained: bool
    answer: str
    language: str
    mode: Mode
    elapsed_ms: float
    notes: list[str]
    citations: list[Citation]
    figures: list[Figure]
    corrections: list[Correction]
    computed: list[Computed]
    statuses: list[StatusNote]
    contacts: list[Contact]
    partners: list[PartnerSuggestion]
    meeting_places: list[MeetingPlace]
    matches: list[MatchFound]
    historic: list[MatchFound]
    fellows: list[MatchFound]
    draft: DraftTold | None
    conflicts: list[Conflict]
    follow_ups: list[str]
    emphasis: list[str]
    summary: list[str]
    choices: list[str]
    spelling: list[SpellingOffer]


class Passage(BaseModel):
    """A passage; ``text`` equals the document's clean text at ``start:end``."""

    document_id: str
    title: str
    section: str
    score: float
    start: int
    end: int
    text: str


class Passages(BaseModel):
    """The nearest passages, best first."""

    query: str
    hits: list[Passage]


class WholeDocument(BaseModel):
    """The clean text of a document."""

    document_id: str
    title: str
    text: str


class MatchAnswer(BaseModel):
    """Counterparts, best first; ``abstained`` says that none is good enough to propose."""

    id: str | None
    abstained: bool
    matches: list[MatchFound]
    historic: list[MatchFound]
    fellows: list[MatchFound]
    next_steps: list[str]


class ConditionChecked(BaseModel):
    """One condition of a programme beside what the firm tells."""

    condition: str
    outcome: str
    document_id: str | None
    quote: str | None
    why: str | None


class ProgrammeChecked(BaseModel):
    """A programme, condition by condition."""

    programme_id: str
    name: str
    status: Status
    next_step: str
    verdict: str
    conditions: list[ConditionChecked]


class Understood(BaseModel):
    """What an entry was read as."""

    entry: str
    typed: str
    meanings: list[str]
    unclear: list[str]


class EligibilityAnswer(BaseModel):
    """A check-up; it promises nothing."""

    results: list[ProgrammeChecked]
    note: str
    date: str
    understood: list[Understood]


class ProgrammeListed(BaseModel):
    """A programme in short, and the document it rests on."""

    programme_id: str
    name: str
    kind: str
    status: Status
    summary: str | None
    document_id: str


class Programmes(BaseModel):
    """All programmes on file."""

    programmes: list[ProgrammeListed]


class Model(BaseModel):
    """The assistant as a model."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class Models(BaseModel):
    """All models: the one."""

    object: Literal["list"]
    data: list[Model]


class UrlCitation(BaseModel):
    """The characters ``start_index:end_index`` of the content are a marker that stands for this address."""

    start_index: int
    end_index: int
    url: str
    title: str


class SourceAnnotation(BaseModel):
    """Where a marker comes from."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class ChatAnswered(BaseModel):
    """The answer with its evidence, as Markdown."""

    role: Literal["assistant"]
    content: str
    annotations: list[SourceAnnotation]
    citations: list[Citation]


class ChatChoice(BaseModel):
    """The one answer."""

    index: int
    message: ChatAnswered
    finish_reason: Literal["stop"]
    logprobs: None


class Usage(BaseModel):
    """Tokens, counted by the bundled encoder's tokenizer."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatAnswer(BaseModel):
    """A chat completion."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    usage: Usage


class RefusalError(BaseModel):
    """``message`` is for people, the rest for programs; ``param`` names what was wrong where one thing was."""

    message: str
    type: str
    param: str | None
    code: str
    request_id: str


class Refusal(BaseModel):
    """Whatever is refused, at every address."""

    error: RefusalError
