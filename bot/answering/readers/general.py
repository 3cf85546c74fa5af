"""What the documents say in whole units: answered, nearest, or not stated; by scores and vetoes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.asking import Asking, Proposal
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.outcome import ANSWERED, NEAREST, chance
from bot.answering.readers.passages import FoundBlock, PassageReader
from bot.answering.readers.vetoes import names_missing
from bot.answering.wording import (
    ATTRIBUTE_NOT_STATED_UNNAMED,
    NEAREST_FOREIGN,
    SUBJECT_NOT_STATED,
)
from bot.answering.wording import NEAREST as NEAREST_FRAME
from bot.text.language import is_foreign
from bot.types import Computed
from bot.understanding.asked import FIGURE_KINDS, Asked
from bot.understanding.understanding import Part, Understanding

#: So many originals are shown where none is surely the answer.
NEAREST_SHOWN = 3
#: A second block is told where it scores nearly as much, in cosines.
ALSO_SCORE = 0.02
#: Only a sure reading of what is asked for may refuse an answer that lacks the figure.
STRICT_CONFIDENCE = 0.5
#: Attributes whose figure must be there.
STRICT = frozenset({Asked.AMOUNT, Asked.RATE, Asked.DEADLINE, Asked.DURATION, Asked.PHONE})


class GeneralReader:
    """Needs nothing but documents."""

    def __init__(self) -> None:
        self._passages = PassageReader()

    def propose(self, asking: Asking) -> Proposal:
        """One draft for all parts of the question."""
        found = [self._read(asking, part) for part in asking.understanding.parts]
        chances = [chance(blocks[0]) if blocks else 0.0 for blocks in found]
        best = max(chances)
        if best >= ANSWERED:
            return self._answered(asking, found, chances)
        if best >= NEAREST:
            return self._nearest(asking, found, best)
        return Proposal("documents", _not_stated(asking.understanding, None), 1 - best, "nothing near")

    def blocks(self, asking: Asking, part: Part) -> tuple[FoundBlock, ...]:
        """The blocks nearest to a part, best first."""
        return self._read(asking, part)

    def _read(self, asking: Asking, part: Part) -> tuple[FoundBlock, ...]:
        query = asking.query_of(part)
        evidence, units = asking.find(query), asking.units(query)
        blocks = self._passages.read(query, part.asked, evidence, units, listed=part.listed)
        missing = [names_missing(query, asking.understanding, each) for each in blocks]
        kept = tuple(each for each, without in zip(blocks, missing, strict=True) if not without)
        return tuple(self._passages.original(each, evidence, units) for each in kept)

    def _answered(self, asking: Asking, found: Sequence[Sequence[FoundBlock]], chances: Sequence[float]) -> Proposal:
        told: list[FoundBlock] = []
        refused: list[Part] = []
        for part, blocks, likely in zip(asking.understanding.parts, found, chances, strict=True):
            if likely < NEAREST:
                continue
            stating = _stating(part, blocks)
            if not stating:
                refused.append(part)
                continue
            told += [each for each in _leading(stating) if not _told_already(each, told)]
        best = max(chances)
        if not told:
            return Proposal("documents", _not_stated(asking.understanding, refused[0]), best, "figure not stated")
        statements = [statement_of(each) for each in told]
        computed = tuple(_counted(asking.understanding.parts, found))
        notes = tuple(Statement(ATTRIBUTE_NOT_STATED_UNNAMED.format(attribute=part.asked.label)) for part in refused)
        draft = Draft(
            asking.understanding.intent,
            (*statements, *(Statement(f"所列共{each.text}。") for each in computed)),
            notes,
            listed=len(told) > 1 or bool(computed),
            computed=computed,
        )
        return Proposal("documents", draft, best, _reason(told[0]))

    def _nearest(self, asking: Asking, found: Sequence[Sequence[FoundBlock]], best: float) -> Proposal:
        ranked = sorted((each for blocks in found for each in blocks), key=lambda each: -each.score)
        shown: list[FoundBlock] = []
        for each in ranked:
            if not _told_already(each, shown):
                shown.append(each)
        frame = NEAREST_FOREIGN if is_foreign(asking.understanding.standalone) else NEAREST_FRAME
        statements = (Statement(frame), *(statement_of(each) for each in shown[:NEAREST_SHOWN]))
        draft = Draft(asking.understanding.intent, statements, listed=True, nearest=True)
        return Proposal("documents", draft, best, f"near: {_reason(shown[0])}")


def _stating(part: Part, blocks: Sequence[FoundBlock]) -> tuple[FoundBlock, ...]:
    """The blocks that may answer a part: where a figure is surely asked for, those that state one."""
    if part.asked not in STRICT or part.confidence < STRICT_CONFIDENCE:
        return tuple(blocks)
    return tuple(each for each in blocks if each.states)


def _leading(blocks: Sequence[FoundBlock]) -> tuple[FoundBlock, ...]:
    """The best block, and the next where it scores as much."""
    return tuple(each for each in blocks[:2] if each.score >= blocks[0].score - ALSO_SCORE)


def _told_already(each: FoundBlock, told: Sequence[FoundBlock]) -> bool:
    return any(each.block.overlaps(other.block) for other in told)


def _counted(parts: Sequence[Part], found: Sequence[Sequence[FoundBlock]]) -> list[Computed]:
    """How many items a list has, where a number is asked for and only the list tells it."""
    return [
        Computed(f"{len(blocks[0].block.items)}项", len(blocks[0].block.items), "所列条目")
        for part, blocks in zip(parts, found, strict=True)
        if part.asked is Asked.COUNT and blocks and len(blocks[0].block.items) > 1 and not blocks[0].states
    ]


def _not_stated(understanding: Understanding, part: Part | None) -> Draft:
    if part is not None and part.asked in FIGURE_KINDS:
        text = ATTRIBUTE_NOT_STATED_UNNAMED.format(attribute=part.asked.label)
        return Draft(understanding.intent, (Statement(text),), refusal=Refusal.ATTRIBUTE_NOT_STATED)
    return Draft(understanding.intent, (Statement(SUBJECT_NOT_STATED),), refusal=Refusal.SUBJECT_NOT_STATED)


def _reason(told: FoundBlock) -> str:
    return f"{told.block.kind}, cosine {told.found.sentence.cosine:.2f}, words {told.found.words:.2f}"


def statement_of(told: FoundBlock) -> Statement:
    """A block as it is told: its lines kept apart, characters unchanged."""
    lines = [line.strip() for line in told.block.text.split("\n")]
    return Statement("\n".join(line for line in lines if line), told.block.passages)
