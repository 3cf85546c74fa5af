"""The evidence of one turn: numbered passages, chosen before a model is asked anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.answering.draft import Draft, Passage
from bot.answering.model.grounding import Evidence, without_instructions
from bot.answering.model.prompts import NumberedPassage
from bot.text.figures import FigureKind, parse_figures
from bot.text.sentences import split_sentences
from bot.text.status import STATUS_WORDS, document_status
from bot.text.tokens import content_bigrams
from bot.types import Document, Hit, Status
from bot.understanding.asked import FIGURE_KINDS
from bot.understanding.understanding import Understanding

MAX_PASSAGES = 10
MAX_CHARACTERS = 2_400
MAX_PASSAGE_CHARACTERS = 600
HITS_READ = 6
#: A further sentence is offered only when it holds this share of the question's bigrams.
MINIMUM_SHARE = 0.30
#: A passage with fewer characters left says nothing.
MINIMUM_CHARACTERS = 6
#: A shorter line without a full stop is a heading.
HEADING_CHARACTERS = 20
_ENDS = ("。", "！", "？", "；", ".", "”", "）")
#: White space between neighbouring sentences, in characters.
ADJOINING = 2
ASKED_FIGURE_BONUS = 0.2
HIT_SHARE_BONUS = 0.2


@dataclass(frozen=True, slots=True)
class Gathered:
    """The evidence by marker; ``chosen`` are the passages the offline answer rests on."""

    evidence: dict[int, Evidence]
    chosen: tuple[Passage, ...]
    shown: tuple[NumberedPassage, ...]

    def passage(self, marker: int) -> Passage:
        """Where the evidence stands."""
        item = self.evidence[marker]
        return Passage(item.document_id, item.start, item.end)


def gather(
    understanding: Understanding, offline: Draft, hits: Sequence[Hit], document: Callable[[str], Document]
) -> Gathered:
    """The offline answer's passages first, then the sentences of ``hits`` that speak of the question.

    Stretches of a document that speak to a model are blanked, and sentences with a telephone number are
    not offered: a number is given for its purpose by code alone.
    """
    chosen = tuple(
        dict.fromkeys(
            [passage for statement in offline.statements for passage in statement.passages]
            + [correction.passage for correction in offline.corrections]
        )
    )
    masked: dict[str, str] = {}
    evidence: dict[int, Evidence] = {}
    shown: list[NumberedPassage] = []
    used = 0
    for passage in _distinct([*chosen, *_further(understanding, hits, chosen)]):
        source = document(passage.document_id)
        text = masked.setdefault(source.id, without_instructions(source.text))[passage.start : passage.end]
        text_shown = " ".join(text.split())[:MAX_PASSAGE_CHARACTERS]
        if len(text_shown) < MINIMUM_CHARACTERS:
            continue
        if evidence and used + len(text_shown) > MAX_CHARACTERS:
            break
        used += len(text_shown)
        marker = len(evidence) + 1
        metadata = source.metadata
        status = document_status(metadata)
        evidence[marker] = Evidence(
            marker, source.id, passage.start, passage.end, text, metadata.title, metadata.date, status
        )
        shown.append(NumberedPassage(marker, _about(source, status), text_shown))
        if len(evidence) == MAX_PASSAGES:
            break
    return Gathered(evidence, chosen, tuple(shown))


def _about(document: Document, status: Status) -> str:
    metadata = document.metadata
    parts = [metadata.title, metadata.document_number, metadata.date]
    if status is not Status.UNKNOWN:
        parts.append(f"状态：{STATUS_WORDS[status]}")
    return " · ".join(part for part in parts if part)


def _further(understanding: Understanding, hits: Sequence[Hit], chosen: tuple[Passage, ...]) -> list[Passage]:
    """Sentences of ``hits`` that hold much of the question, or stand next to ``chosen``; best first."""
    terms = frozenset(content_bigrams(understanding.subject or understanding.standalone))
    if not terms or not hits:
        return []
    best = max(hits[0].score, 1e-9)
    kinds = FIGURE_KINDS.get(understanding.asked, frozenset())
    scored: list[tuple[float, int, Passage]] = []
    for hit in hits[:HITS_READ]:
        for passage, text in _sentences(hit):
            figures = {figure.kind for figure in parse_figures(text)}
            share = len(terms & frozenset(content_bigrams(text))) / len(terms)
            adjoining = any(_adjoin(passage, other) for other in chosen)
            if (share < MINIMUM_SHARE and not adjoining) or FigureKind.PHONE in figures:
                continue
            bonus = ASKED_FIGURE_BONUS if figures & kinds else 0.0
            score = adjoining + share + bonus + HIT_SHARE_BONUS * hit.score / best
            scored.append((-score, len(scored), passage))
    return [passage for _, _, passage in sorted(scored, key=lambda item: item[:2])]


def _adjoin(passage: Passage, other: Passage) -> bool:
    """Whether two passages are neighbours: what one says may be about the other's subject."""
    if passage.document_id != other.document_id:
        return False
    return 0 <= passage.start - other.end <= ADJOINING or 0 <= other.start - passage.end <= ADJOINING


def _sentences(hit: Hit) -> Iterator[tuple[Passage, str]]:
    for span in split_sentences(hit.chunk.text):
        heading = len(span.text) < HEADING_CHARACTERS and not span.text.endswith(_ENDS)
        if len(span.text) >= MINIMUM_CHARACTERS and not heading:
            start = hit.chunk.start
            yield Passage(hit.chunk.document_id, start + span.start, start + span.end), span.text


def _distinct(passages: Sequence[Passage]) -> Iterator[Passage]:
    """``passages`` without those that lie inside an earlier one."""
    kept: list[Passage] = []
    for passage in passages:
        inside = any(
            other.document_id == passage.document_id and other.start <= passage.start and passage.end <= other.end
            for other in kept
        )
        if not inside:
            kept.append(passage)
            yield passage
