"""The general path: an answer made of the sentences that were found, or a refusal.

It needs nothing but documents: no catalogue, no scope, no model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answering.composition import drop_enumerator, tidy
from bot.answering.coverage import Coverage, QuestionTerms, TermWeights
from bot.answering.draft import Draft, Passage, Refusal, Statement
from bot.answering.evidence import Window, candidate_windows, context_text, is_heading
from bot.answering.grounding import is_instruction
from bot.answering.selection import best_window
from bot.answering.understanding import Understanding
from bot.answering.units import NearUnit, UnitReader, statement_of
from bot.answering.wording import (
    ATTRIBUTE_NOT_STATED_UNNAMED,
    NEARBY,
    NEAREST,
    NEAREST_FOREIGN,
    SUBJECT_NOT_STATED,
    attribute_words,
)
from bot.catalogue.thesaurus import Thesaurus
from bot.text.language import is_foreign
from bot.text.questions import FIGURE_KINDS, Asked, asked_measure, question_parts, states_asked_figure
from bot.text.tokens import fold, search_terms
from bot.types import Document, Hit, Intent, TextKind

HITS_READ = 6
#: Share of the question that the evidence must cover. On 449 answerable public questions 5% fall below
#: 0.60; with the answering documents taken away 57% do (the rest often have another document that answers).
MINIMUM_COVERAGE = 0.60
#: Share that the answering sentence, the words just before it and the headings must cover by themselves.
MINIMUM_NEAR_COVERAGE = 0.5
NEAR_CHARACTERS = 60
#: A sentence that covers this much of a question answers it before any card is asked.
VERBATIM_COVERAGE = 0.93
#: Below this not even a nearby sentence is worth showing.
MINIMUM_NEARBY_COVERAGE = 0.35
#: Attributes whose absence in the evidence is a refusal.
STRICT_FIGURES = frozenset({Asked.AMOUNT, Asked.RATE, Asked.DEADLINE, Asked.DURATION, Asked.PHONE})
_NOT_STATED = re.compile(r"没有(?:写|列出|收录|找到|查到|给出|说明|公布)|文件未写明|未见")
#: Only these may be answered from the contact printed under a document.
_OF_CONTACTS = frozenset({Asked.PHONE, Asked.ADDRESS, Asked.BODY, Asked.PERSON})
#: Units looked at, told for a question of several parts, and shown as the nearest.
UNITS_READ, UNITS_OF_PARTS, UNITS_SHOWN = 6, 2, 3
#: How much an original is put before our own words about it.
ORIGINAL_SCORE = 0.15
#: A unit that states what is asked (a figure of its kind) may score so much less than the best one.
TELLING_SCORE = 0.3
#: From this cosine of its best sentence on evidence is near. Where nothing answers, about one question in ten has
#: such a sentence; of lay questions that the documents answer more than half.
NEAR_COSINE = 0.5
#: Questions in another language lie farther off: three in four of tests/cases/english.yaml reach this, and one or
#: two of fifteen that nothing answers.
NEAR_COSINE_FOREIGN = 0.45


@dataclass(frozen=True, slots=True)
class Found:
    """The best candidate and how much of the question its surroundings cover."""

    window: Window
    coverage: Coverage
    near: Coverage
    sentence: Coverage

    @property
    def covered(self) -> bool:
        """Whether the passage, and the sentence with its headings, speak of what is asked."""
        return self.coverage.share >= MINIMUM_COVERAGE and self.near.share >= MINIMUM_NEAR_COVERAGE


class PassageReader:
    """Chooses sentences from hits; holds no state of any question."""

    def __init__(self, document: Callable[[str], Document], weights: TermWeights, thesaurus: Thesaurus) -> None:
        self._document = document
        self._weights = weights
        self._thesaurus = thesaurus
        self._units = UnitReader(document)

    def terms(self, subject: str) -> QuestionTerms:
        """The weighted units of a question's subject."""
        return QuestionTerms(subject, self._weights, self._thesaurus)

    def find(self, understanding: Understanding, hits: Sequence[Hit]) -> Found | None:
        """The best window of ``hits``, or None when there is nothing to read."""
        terms = self.terms(understanding.analysis.subject or understanding.standalone)
        asked = understanding.asked
        candidates = candidate_windows(hits[:HITS_READ], understanding.standalone, terms, asked)
        windows = tuple(window for window in candidates if _may_answer(window, asked))
        found = self._covered(best_window(windows, asked), terms)
        if found is None or found.covered or asked not in FIGURE_KINDS:
            return found
        # A figure of the asked kind drew the choice away from the subject: look at the subject alone.
        on_subject = self._covered(best_window(windows, Asked.OTHER), terms)
        return max(found, on_subject or found, key=lambda item: item.coverage.share)

    def _covered(self, window: Window | None, terms: QuestionTerms) -> Found | None:
        if window is None:
            return None
        context, near = context_text(window.hit), self._near_text(window)
        text = self._document(window.hit.chunk.document_id).text
        said = fold(text[window.sentence_start : window.sentence_end])
        return Found(
            window,
            terms.cover(frozenset(search_terms(context)), context),
            terms.cover(frozenset(search_terms(near)), near),
            terms.cover(frozenset(search_terms(said)), said),
        )

    def _near_text(self, window: Window) -> str:
        """The window's sentences with the one before and the headings over them, folded."""
        chunk = window.hit.chunk
        start = max(chunk.start, window.sentence_start - NEAR_CHARACTERS)
        text = self._document(chunk.document_id).text[start : window.sentence_end]
        metadata = window.hit.metadata
        return fold("\n".join((metadata.title, metadata.issuer or "", chunk.section, text)))

    def verbatim(self, understanding: Understanding, hits: Sequence[Hit]) -> Draft | None:
        """An answer whose sentences use nearly all of the question's own words, if there is one."""
        found = self.find(understanding, hits)
        if found is None or found.sentence.share < VERBATIM_COVERAGE or not _states(found.window, understanding.asked):
            return None
        return self.draft(understanding, hits)

    def speaks_of(self, words: str, understanding: Understanding, hits: Sequence[Hit]) -> bool:
        """Whether the passage that would answer covers half of ``words``."""
        found = self.find(understanding, hits)
        terms = self.terms(words)
        if found is None or terms.empty:
            return found is not None
        near = self._near_text(found.window)
        return terms.cover(frozenset(search_terms(near)), near).share >= MINIMUM_NEAR_COVERAGE

    def draft(self, understanding: Understanding, hits: Sequence[Hit]) -> Draft:
        """Whole units that answer, the nearest ones where that is open, or a refusal with what stands nearby."""
        found = self.find(understanding, hits)
        if found is None or not found.covered:
            return self._nearest(understanding, hits) or self._not_stated(understanding, found)
        units = self._by_source(self._units.nearest(hits, UNITS_READ))
        best = self._score(units[0]) if units else 0.0
        telling = self._telling(understanding, [unit for unit in units if self._score(unit) >= best - TELLING_SCORE])
        if understanding.asked in STRICT_FIGURES and not (telling and _states(found.window, understanding.asked)):
            text = ATTRIBUTE_NOT_STATED_UNNAMED.format(attribute=attribute_words(understanding.asked))
            return refusal(understanding, Refusal.ATTRIBUTE_NOT_STATED, text, *self._nearby(found))
        if not units:
            return Draft(understanding.intent, (self.statement(found.window, whole=True),))
        told = [self._units.original(unit, hits) for unit in (telling or units)[:1]]
        if len(question_parts(understanding.standalone)) > 1:
            told = [unit for unit in units if self._score(unit) >= best - TELLING_SCORE][:UNITS_OF_PARTS]
        return Draft(understanding.intent, tuple(map(statement_of, told)), listed=len(told) > 1)

    def _telling(self, understanding: Understanding, units: Sequence[NearUnit]) -> list[NearUnit]:
        """The ``units`` that state what is asked, of what is named in the question."""
        measure = asked_measure(understanding.standalone)
        named = [unit for unit in units if self._has_names(understanding.standalone, unit)]
        return [unit for unit in named if states_asked_figure(unit.text, understanding.asked, measure)]

    def _has_names(self, question: str, unit: NearUnit) -> bool:
        """Whether a unit, or the title over it, has every name of Latin letters that a Chinese question has.

        A figure of the asked kind beside another name is another thing's figure.
        """
        if is_foreign(question):
            return True
        names = [term for term in search_terms(question) if term[0].isascii() and term.isalpha() and len(term) > 2]
        title = self._document(unit.passage.document_id).metadata.title
        told = frozenset(search_terms(f"{title}\n{unit.text}")) if names else frozenset()
        return all(name in told for name in names)

    def _score(self, unit: NearUnit) -> float:
        """The score of a unit, an original's raised."""
        verbatim = self._document(unit.passage.document_id).metadata.text_kind is TextKind.VERBATIM
        return unit.sentence.score + (ORIGINAL_SCORE if verbatim else 0.0)

    def _by_source(self, units: Sequence[NearUnit]) -> list[NearUnit]:
        """``units`` best first; of two that are about as near the original goes before our own words."""
        return sorted(units, key=lambda unit: -self._score(unit))

    def _nearest(self, understanding: Understanding, hits: Sequence[Hit]) -> Draft | None:
        """The nearest originals, when something is near and it cannot be told whether it answers."""
        if understanding.intent is not Intent.POLICY:
            return None
        units = self._units.nearest(hits, UNITS_SHOWN)
        foreign = is_foreign(understanding.standalone)
        if not units or units[0].sentence.cosine < (NEAR_COSINE_FOREIGN if foreign else NEAR_COSINE):
            return None
        frame = NEAREST_FOREIGN if foreign else NEAREST
        originals = {unit.passage: unit for unit in (self._units.original(each, hits) for each in units)}
        statements = (Statement(frame), *map(statement_of, originals.values()))
        return Draft(understanding.intent, statements, listed=True, nearest=True)

    def _not_stated(self, understanding: Understanding, found: Found | None) -> Draft:
        nearby = found if found is not None and found.coverage.share >= MINIMUM_NEARBY_COVERAGE else None
        return refusal(understanding, Refusal.SUBJECT_NOT_STATED, SUBJECT_NOT_STATED, *self._nearby(nearby))

    def _nearby(self, found: Found | None) -> tuple[Statement, ...]:
        if found is None:
            return ()
        return (self.statement(found.window, lead=NEARBY, whole=True),)

    def statement(self, window: Window, *, lead: str = "", whole: bool = False) -> Statement:
        """What a window says, resting on its whole sentences."""
        passage = Passage(window.hit.chunk.document_id, window.sentence_start, window.sentence_end)
        text = window.text
        if whole:
            text = self._document(passage.document_id).text[passage.start : passage.end]
        return Statement(closed(drop_enumerator(tidy(text))), (passage,), lead)


def _may_answer(window: Window, asked: Asked) -> bool:
    if not window.clauses and is_heading(window.text):
        # A heading announces, it does not say.
        return False
    if window.hit.metadata.text_kind is TextKind.OWN_WORDS and _NOT_STATED.search(window.text):
        # Our own remark that a page says nothing of something is no statement of that page.
        return False
    if is_instruction(window.text):
        return False
    return asked in _OF_CONTACTS or not _in_contact_block(window)


def _in_contact_block(window: Window) -> bool:
    block = window.hit.metadata.contact
    return block is not None and window.start < block.end and block.start < window.end


def _states(window: Window, asked: Asked) -> bool:
    return asked not in FIGURE_KINDS or window.has_asked_figure


def closed(text: str) -> str:
    """``text`` ended by a full stop where it has no mark of its own."""
    text = text.rstrip("，；,;：: ")
    return text if text.endswith(("。", "！", "？", "!", "?", "”", "）")) else text + "。"


def refusal(understanding: Understanding, kind: Refusal, text: str, *notes: Statement) -> Draft:
    """A draft that answers nothing and says why."""
    return Draft(understanding.intent, (Statement(text),), notes, refusal=kind)
