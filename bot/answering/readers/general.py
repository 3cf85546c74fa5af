"""What the documents say in whole units: answered, nearest, or not stated; by scores and vetoes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.asking import Asking, Proposal
from bot.answering.cards import closed
from bot.answering.composition import tidy, whole_lines
from bot.answering.coverage import QuestionTerms, TermWeights
from bot.answering.draft import Draft, Passage, Refusal, Statement
from bot.answering.outcome import outcome_of
from bot.answering.readers.comparison import sides_of
from bot.answering.readers.found import OUTDATED
from bot.answering.readers.passages import FoundBlock, original_of, read_blocks
from bot.answering.readers.tree import sentence_around
from bot.answering.readers.unstated import parts_not_stated
from bot.answering.readers.vetoes import context_text, names_missing, unknown_name
from bot.answering.wording import ANSWERED_FOREIGN as FRAME_FOREIGN
from bot.answering.wording import (
    ATTRIBUTE_NOT_STATED_UNNAMED,
    CUT,
    NAME_UNKNOWN,
    NEAREST_FOREIGN,
    NOT_STATED_FOREIGN,
    SUBJECT_NOT_STATED,
)
from bot.answering.wording import NEAREST as NEAREST_FRAME
from bot.lexicon import recogniser
from bot.text.language import is_foreign
from bot.text.relative_time import resolve_relative_time
from bot.text.status import STATUS_WORDS, document_status
from bot.types import Computed, Outcome
from bot.understanding.asked import FIGURE_KINDS, Asked, asked_figures
from bot.understanding.message import question_subject
from bot.understanding.understanding import Part, Understanding

#: So many originals are shown where none is surely the answer.
NEAREST_SHOWN = 3
#: A second block is told where it scores nearly as much, in cosines.
ALSO_SCORE = 0.02
#: The same where it is asked whether: a rule and its exception are both told.
ALSO_WHETHER_SCORE = 0.1
#: What a block gains, in cosines, whose passage speaks of all the question says.
COVERED_SCORE = 0.2
#: How much less, in cosines, a figure of a newer document may score where 现在 is asked.
NEWEST_WITHIN = 0.2
#: What covers all of a question is less sure than what a structure names: a card's field, an article, a contact.
GENERAL_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class Judged:
    """A block with the share (0–1) of the question that it covers, and what becomes of the question by it."""

    told: FoundBlock
    covered: float
    outcome: Outcome


class GeneralReader:
    """Needs nothing but documents."""

    name = "units"

    def __init__(self, weights: TermWeights) -> None:
        self._weights = weights

    def propose(self, asking: Asking) -> Proposal:
        """One draft for all parts of the question."""
        unknown = unknown_name(asking.understanding.standalone, self._weights.known)
        if unknown:
            text = NAME_UNKNOWN.format(name=unknown)
            draft = Draft(asking.understanding.intent, (Statement(text),), refusal=Refusal.NAME_UNKNOWN)
            return Proposal(self.name, draft, 1.0, "a name that is not on file", veto=True)
        parts = sides_of(asking.understanding)
        found = [self.judged(asking, part) for part in parts]
        if len(parts) > 1 and all(not each or each[0].outcome is Outcome.NOT_STATED for each in found):
            # What no part finds by itself the whole message may.
            parts = (replace(parts[0], query=asking.understanding.standalone, strict=False),)
            found = [self.judged(asking, parts[0])]
        best = max((judged[0].covered for judged in found if judged), default=0.0)
        found = [
            judged if _stating(part, [each.told for each in judged]) else ()
            for part, judged in zip(parts, found, strict=True)
        ]
        outcomes = {judged[0].outcome for judged in found if judged}
        if Outcome.ANSWERED in outcomes:
            return self._answered(asking, parts, found, GENERAL_CONFIDENCE * best)
        if Outcome.NEAREST in outcomes:
            return self._nearest(asking, found, GENERAL_CONFIDENCE * best)
        lacking = next((part for part in parts if part.strict), None)
        return Proposal(self.name, _not_stated(asking.understanding, lacking if best else None), 1 - best, "not stated")

    def judged(self, asking: Asking, part: Part) -> tuple[Judged, ...]:
        """The blocks nearest to a part, best first, without those that a veto stops."""
        query = asking.query_of(part)
        evidence, units = asking.find(query), asking.units_of(part)
        blocks = read_blocks(part, evidence, units)
        kept = [each for each in blocks if not names_missing(query, asking.understanding, each)]
        terms = QuestionTerms(question_subject(asking.whole_of(part)), self._weights, asking.thesaurus)
        foreign = is_foreign(part.query)
        judged = [self._judge(terms, original_of(each, evidence, units), foreign) for each in kept]
        ranked = sorted(judged, key=lambda each: -(each.told.score + COVERED_SCORE * each.covered))
        # Two of our own sentences may rest on one original.
        return tuple(
            each
            for place, each in enumerate(ranked)
            if not _told_already(each.told, [other.told for other in ranked[:place]])
        )

    def _judge(self, terms: QuestionTerms, told: FoundBlock, foreign: bool) -> Judged:
        text = context_text(told)
        covered = 0.0 if terms.empty else terms.share(text)
        return Judged(told, covered, outcome_of(covered, told.found.sentence.cosine, told.states, foreign=foreign))

    def _answered(
        self, asking: Asking, parts: Sequence[Part], found: Sequence[Sequence[Judged]], best: float
    ) -> Proposal:
        told: list[FoundBlock] = []
        statements: list[Statement] = []
        lacking: list[Part] = []
        for part, judged in zip(parts, found, strict=True):
            if not judged or judged[0].outcome is Outcome.NOT_STATED:
                lacking.append(part)
                continue
            stating = _newest_first(part, _stating(part, [each.told for each in judged]))
            fresh = [each for each in _leading(part, stating) if not _told_already(each, told)]
            statements += [statement_of(each, part) for each in fresh]
            told += fresh
        computed = tuple(_counted(parts, found))
        notes = (Statement(CUT),) if any(each.block.cut for each in told) else ()
        foreign = is_foreign(asking.understanding.standalone)
        standing = (*((Statement(FRAME_FOREIGN),) if foreign else ()), *standing_of(asking, told[0]))
        draft = Draft(
            asking.understanding.intent,
            (
                *standing,
                *statements,
                *(Statement(f"所列共{each.text}。") for each in computed),
                *parts_not_stated(lacking, foreign=foreign),
            ),
            notes,
            listed=len(told) + len(standing) + len(lacking) > 1 or bool(computed),
            computed=computed,
        )
        first = next(judged[0] for judged in found if judged and judged[0].outcome is not Outcome.NOT_STATED)
        return Proposal(self.name, draft, best, _reason(first))

    def _nearest(self, asking: Asking, found: Sequence[Sequence[Judged]], best: float) -> Proposal:
        ranked = sorted((each for judged in found for each in judged), key=lambda each: -each.told.score)
        shown: list[Judged] = []
        for each in ranked:
            if not _told_already(each.told, [other.told for other in shown]):
                shown.append(each)
        frame = NEAREST_FOREIGN if is_foreign(asking.understanding.standalone) else NEAREST_FRAME
        statements = (Statement(frame), *(statement_of(each.told) for each in shown[:NEAREST_SHOWN]))
        draft = Draft(asking.understanding.intent, statements, listed=True, nearest=True)
        return Proposal(self.name, draft, best, f"near: {_reason(shown[0])}")


def standing_of(asking: Asking, told: FoundBlock) -> tuple[Statement, ...]:
    """Where it is asked whether something holds and its document does not any more: the words that say so."""
    if all(part.asked is not Asked.STATUS for part in asking.understanding.parts):
        return ()
    metadata = told.block.document.metadata
    status = document_status(metadata, asking.today)
    if status not in OUTDATED:
        return ()
    words = f"《{metadata.title}》{STATUS_WORDS[status]}"
    if metadata.validity is not None and metadata.validity.start is not None and metadata.validity.end is not None:
        passage = sentence_around(told.block.document, metadata.validity.start, metadata.validity.end)
        text = tidy(told.block.document.text[passage.start : passage.end])
        return (Statement(closed(text), (passage,), f"{words}："),)
    return (Statement(f"{words}。", told.block.passages[-1:]),)


def _stating(part: Part, blocks: Sequence[FoundBlock]) -> tuple[FoundBlock, ...]:
    """The blocks that may answer a part."""
    return tuple(each for each in blocks if states_what_is_asked(part, each))


def states_what_is_asked(part: Part, told: FoundBlock) -> bool:
    """Whether a block may answer a part: where a figure is surely asked for, it states one."""
    return not part.strict or bool(told.states) or _states_otherwise(part, told)


def _states_otherwise(part: Part, told: FoundBlock) -> bool:
    """Whether a block tells a year by 去年 and the like, or a number by the items it lists."""
    if part.asked is Asked.DATE:
        return bool(resolve_relative_time(told.block.text, "2000-01-01"))
    return part.asked is Asked.COUNT and len(told.block.items) > 1


def _newest_first(part: Part, blocks: Sequence[FoundBlock]) -> tuple[FoundBlock, ...]:
    """Where a figure is asked for as it stands now, that of the newest document of those nearly as near goes first."""
    if not part.strict or not recogniser("now_words").search(part.query):
        return tuple(blocks)
    best = max(blocks, key=lambda each: each.score)
    near = [each for each in blocks if each.score >= best.score - NEWEST_WITHIN and each.states >= best.states]
    newest = max(near, key=lambda each: each.block.document.metadata.date or "")
    return (newest, *(each for each in blocks if each is not newest and each not in near))


def _leading(part: Part, blocks: Sequence[FoundBlock]) -> tuple[FoundBlock, ...]:
    """The best block, and the next where it scores as much."""
    within = ALSO_WHETHER_SCORE if part.asked is Asked.YES_NO and not part.strict else ALSO_SCORE
    return tuple(each for each in blocks[:2] if each.score >= blocks[0].score - within)


def _told_already(each: FoundBlock, told: Sequence[FoundBlock]) -> bool:
    return any(each.block.overlaps(other.block) for other in told)


def _counted(parts: Sequence[Part], found: Sequence[Sequence[Judged]]) -> list[Computed]:
    """How many items a list has, where a number is asked for and only the list tells it."""
    return [
        Computed(f"{len(judged[0].told.block.items)}项", len(judged[0].told.block.items), "所列条目")
        for part, judged in zip(parts, found, strict=True)
        if part.asked is Asked.COUNT and judged and len(judged[0].told.block.items) > 1 and not judged[0].told.states
    ]


def _not_stated(understanding: Understanding, part: Part | None) -> Draft:
    if is_foreign(understanding.standalone):
        return Draft(understanding.intent, (Statement(NOT_STATED_FOREIGN),), refusal=Refusal.SUBJECT_NOT_STATED)
    if part is not None and part.asked in FIGURE_KINDS:
        text = ATTRIBUTE_NOT_STATED_UNNAMED.format(attribute=part.asked.label)
        return Draft(understanding.intent, (Statement(text),), refusal=Refusal.ATTRIBUTE_NOT_STATED)
    return Draft(understanding.intent, (Statement(SUBJECT_NOT_STATED),), refusal=Refusal.SUBJECT_NOT_STATED)


def _reason(judged: Judged) -> str:
    return f"{judged.told.block.kind}, cosine {judged.told.found.sentence.cosine:.2f}, covered {judged.covered:.2f}"


def statement_of(told: FoundBlock, part: Part | None = None) -> Statement:
    """A block as it is told: its lines kept apart, characters unchanged.

    What answers ``part`` in it is the figure that is asked for where its sentence gives one such, else the sentence.
    """
    sentence = told.found.sentence
    focus = Passage(sentence.document_id, sentence.start, sentence.end)
    if part is not None and part.strict:
        text = told.block.document.text[focus.start : focus.end]
        asked = asked_figures(text, part.figures, part.query)
        if len(asked) == 1:
            focus = Passage(focus.document_id, focus.start + asked[0].start, focus.start + asked[0].end)
    inside = any(each.start <= focus.start and focus.end <= each.end for each in told.block.passages)
    return Statement(whole_lines(told.block.text), told.block.passages, focus=focus if inside else None)
