"""Understanding with a model: follow-ups made whole, English turned into Chinese, needs put into a form.

Nothing the model adds survives: a rewriting may use only words, figures and names of the conversation, a
need only what its teller said. Whatever fails, the rules' own reading stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from bot.answering.model.grounding import Evidence
from bot.answering.model.grounding.figures import figure_objections
from bot.answering.model.grounding.names import name_objections
from bot.answering.model.grounding.text import squeezed, support
from bot.answering.model.prompts import DRAFT_NEED, REWRITE, TRANSLATE, conversation_prompt
from bot.errors import ModelServiceError
from bot.llm import Deadline, ModelService, system, user
from bot.text.figures import FigureKind, parse_figures
from bot.text.tokens import content_bigrams, fold
from bot.types import Hit
from bot.understanding.message import question_subject

MAX_QUESTION_CHARACTERS = 160
#: Share of a rewriting's content that the conversation must hold; grammar and question words are free.
MINIMUM_REWRITTEN_SUPPORT = 0.70
#: Share of a candidate question that its hits must cover for it to count as understood.
MINIMUM_COVERAGE = 0.50
HITS_READ = 3
#: Share of a need's field that its teller's own words must hold.
MINIMUM_NEED_SUPPORT = 0.75
_LABEL = re.compile(r"^(?:改写(?:后)?的?(?:问题)?|问题|中文(?:问题)?|Question|Chinese)\s*[:：]\s*", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")

Search = Callable[[str], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """The question that retrieval understood best, with its hits; ``rank`` is its place among the candidates."""

    question: str
    hits: tuple[Hit, ...]
    rank: int


def rewrite_follow_up(
    service: ModelService, question: str, history: Sequence[str], deadline: Deadline | None = None
) -> str | None:
    """``question`` made whole from ``history``, or None when the model fails or adds anything."""
    if not history:
        return None
    try:
        reply = service.complete([system(REWRITE), user(conversation_prompt(history, question))], deadline)
    except ModelServiceError:
        return None
    rewritten = _one_line(reply)
    if rewritten is None or _invents(rewritten, "\n".join((*history, question))):
        return None
    asked = frozenset(content_bigrams(question_subject(question)))
    if asked and not asked & frozenset(content_bigrams(rewritten)):
        return None
    return rewritten


def translate_question(service: ModelService, question: str, deadline: Deadline | None = None) -> str | None:
    """An English ``question`` as a Chinese one for retrieval, or None. Every figure must be its own."""
    try:
        reply = service.complete([system(TRANSLATE), user(question)], deadline)
    except ModelServiceError:
        return None
    translated = _one_line(reply)
    if translated is None or len(_HAN.findall(translated)) < 2:
        return None
    told = set(re.findall(r"\d+", question.replace(",", "")))
    written = {number for figure in parse_figures(translated) for number in re.findall(r"\d+", figure.text)}
    return translated if written <= told else None


def resolve_question(candidates: Sequence[str | None], search: Search) -> ResolvedQuestion:
    """Search for every candidate (the model's first, the raw question last) and keep the best understood.

    A candidate is understood when its hits cover at least half of its subject; among those the one
    wins of whose words most are covered, the earlier where two are equal. Raises ValueError without one.
    """
    kept = [
        (rank, candidate)
        for rank, candidate in enumerate(candidates)
        if candidate and candidate not in candidates[:rank]
    ]
    if not kept:
        raise ValueError("no candidate question")
    scored = []
    for rank, candidate in kept:
        hits = tuple(search(candidate))
        share, covered = _coverage(candidate, hits)
        scored.append(((share >= MINIMUM_COVERAGE, covered, -rank), candidate, hits, rank))
    _, question, hits, rank = max(scored, key=lambda item: item[0])
    return ResolvedQuestion(question, hits, rank)


def _coverage(question: str, hits: Sequence[Hit]) -> tuple[float, int]:
    terms = frozenset(content_bigrams(question_subject(question)))
    if not terms:
        return 0.0, 0
    covered = max((len(terms & frozenset(content_bigrams(context_text(hit)))) for hit in hits[:HITS_READ]), default=0)
    return covered / len(terms), covered


def context_text(hit: Hit) -> str:
    """A passage with its title and headings, folded."""
    return fold("\n".join((hit.metadata.title, hit.chunk.section, hit.chunk.text)))


def _one_line(reply: str) -> str | None:
    lines = [line.strip() for line in reply.splitlines() if line.strip()]
    if len(lines) != 1:
        return None
    line = _LABEL.sub("", lines[0]).strip("“”\"'《》 ")
    return line if 0 < len(line) <= MAX_QUESTION_CHARACTERS else None


def _invents(text: str, source: str) -> bool:
    """Whether ``text`` holds a figure or a name that ``source`` does not, or mostly other words."""
    told = (Evidence(1, "", 0, len(source), source),)
    if any(True for _ in figure_objections(text, told)) or any(True for _ in name_objections(text, told)):
        return True
    share, _ = support(question_subject(text), [source])
    return share < MINIMUM_REWRITTEN_SUPPORT


# --- a need told in conversation -------------------------------------------------------------------


class NeedDraft(BaseModel):
    """A technology need as its teller told it; an empty field was not spoken of."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    title: str = Field("", description="需求名称：要什么技术，十到三十字")
    description: str = Field("", description="要解决的问题")
    indicators: str = Field("", description="希望达到的技术指标")
    current_state: str = Field("", description="现在的做法与不足")
    budget: str = Field("", description="预算")
    deadline: str = Field("", description="期限")
    region: str = Field("", description="所在地区")
    cooperation: str = Field("", description="希望的合作方式")
    fields: tuple[str, ...] = Field((), description="技术领域词")


@dataclass(frozen=True, slots=True)
class DraftedNeed:
    """What was understood, and what was left out with its reason; a person confirms it before use."""

    need: NeedDraft
    left_out: tuple[str, ...]


def draft_need(service: ModelService, told: str, deadline: Deadline | None = None) -> DraftedNeed | None:
    """A need from its teller's words, each field checked against them; None when nothing usable came."""
    try:
        proposed = service.structured([system(DRAFT_NEED), user(told)], NeedDraft, deadline)
    except ModelServiceError:
        return None
    return checked_need(proposed, told)


def checked_need(proposed: NeedDraft, told: str) -> DraftedNeed | None:
    """``proposed`` without whatever ``told`` does not hold; None when no title or problem is left."""
    kept: dict[str, str | tuple[str, ...]] = {}
    left_out: list[str] = []
    for name, field in NeedDraft.model_fields.items():
        value = getattr(proposed, name)
        label = str(field.description).partition("：")[0]
        for part in value if isinstance(value, tuple) else (value,):
            if part and (reason := _not_told(part, told)):
                left_out.append(f"{label}“{part}”：{reason}")
        if isinstance(value, tuple):
            kept[name] = tuple(part for part in value if part and not _not_told(part, told))
        elif value and not _not_told(value, told):
            kept[name] = value
    need = NeedDraft.model_validate(kept)
    if not need.title and not need.description:
        return None
    if not need.title:
        need = need.model_copy(update={"title": need.description[:30]})
    return DraftedNeed(need, tuple(left_out))


def _not_told(part: str, told: str) -> str:
    """Why ``part`` may not be kept; empty when all of it was said."""
    if squeezed(part) in squeezed(told):
        return ""
    said = {figure.key for figure in parse_figures(told)}
    for figure in parse_figures(part):
        if figure.key not in said and figure.kind is not FigureKind.GRADE:
            return f"您没有说过“{figure.text}”"
    for objection in name_objections(part, (Evidence(1, "", 0, len(told), told),)):
        return f"您没有说过“{objection.detail}”"
    share, _ = support(part, [told])
    return "" if share >= MINIMUM_NEED_SUPPORT else "不是您说过的话"
