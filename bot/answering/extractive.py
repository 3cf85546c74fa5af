"""The general path: an answer made of the sentences that were found, or a refusal.

It needs nothing but documents: no catalogue, no scope, no model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.answering.composition import drop_enumerator, tidy
from bot.answering.coverage import Coverage, QuestionTerms, TermWeights
from bot.answering.draft import Draft, Passage, Refusal, Statement
from bot.answering.evidence import Window, candidate_windows, context_text, is_heading
from bot.answering.grounding import is_instruction
from bot.answering.selection import best_window
from bot.answering.understanding import Understanding
from bot.answering.wording import (
    ATTRIBUTE_NOT_STATED_UNNAMED,
    NEARBY,
    SUBJECT_NOT_STATED,
    attribute_words,
)
from bot.catalogue.thesaurus import Thesaurus
from bot.text.questions import FIGURE_KINDS, Asked, analyse_question, question_parts
from bot.text.sentences import split_sentences
from bot.text.tokens import fold, search_terms
from bot.types import Document, Hit, TextKind

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
MAX_LIST_CHARACTERS = 900
_LIST_FOLLOWS = re.compile(r"如下[。：:]?$|[：:]$")
_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}是|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、)）]|[①-⑳]|[-•·●])"
)


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
        """An answer from passages, or a refusal with what stands nearby."""
        found = self.find(understanding, hits)
        if found is None:
            return refusal(understanding, Refusal.SUBJECT_NOT_STATED, SUBJECT_NOT_STATED)
        if not found.covered:
            nearby = found if found.coverage.share >= MINIMUM_NEARBY_COVERAGE else None
            return refusal(understanding, Refusal.SUBJECT_NOT_STATED, SUBJECT_NOT_STATED, *self._nearby(nearby))
        if understanding.asked in STRICT_FIGURES and not _states(found.window, understanding.asked):
            text = ATTRIBUTE_NOT_STATED_UNNAMED.format(attribute=attribute_words(understanding.asked))
            return refusal(understanding, Refusal.ATTRIBUTE_NOT_STATED, text, *self._nearby(found))
        return Draft(understanding.intent, (*self._statements(found.window), *self._other_parts(understanding, found)))

    def _other_parts(self, understanding: Understanding, found: Found) -> tuple[Statement, ...]:
        """What the same document says on the other parts of a question that asks for several things."""
        parts = question_parts(understanding.standalone)
        if len(parts) < 2:
            return ()
        told = [(found.window.sentence_start, found.window.sentence_end)]
        statements = []
        hit = found.window.hit
        for part in parts:
            analysis = analyse_question(part)
            terms = self.terms(analysis.subject)
            windows = candidate_windows([replace(hit, score=1.0)], part, terms, analysis.asked)
            other = self._covered(best_window(windows, analysis.asked), terms)
            if other is None or other.near.share < MINIMUM_COVERAGE or not _states(other.window, analysis.asked):
                continue
            span = (other.window.sentence_start, other.window.sentence_end)
            if span not in told:
                told.append(span)
                statements.append(self.statement(other.window))
        return tuple(statements)

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

    def _statements(self, window: Window) -> tuple[Statement, ...]:
        first = self.statement(window)
        if not _LIST_FOLLOWS.search(window.text.rstrip("。 ")):
            return (first,)
        items = self._items_after(window)
        if not items:
            return (first,)
        texts = "".join(tidy(self._document(item.document_id).text[item.start : item.end]) for item in items)
        return (Statement(tidy(window.text), first.passages), Statement(texts, items))

    def _items_after(self, window: Window) -> tuple[Passage, ...]:
        """The enumerated items that follow a sentence which announces a list, given whole."""
        document_id = window.hit.chunk.document_id
        text = self._document(document_id).text
        rest = text[window.sentence_end : window.sentence_end + MAX_LIST_CHARACTERS]
        items: list[Passage] = []
        for span in split_sentences(rest):
            starts_item = bool(_ITEM.match(span.text))
            if not items and not starts_item:
                break
            on_new_line = "\n" in rest[: span.start][-2:]
            if items and on_new_line and not starts_item:
                break
            items.append(Passage(document_id, window.sentence_end + span.start, window.sentence_end + span.end))
        return (Passage(document_id, items[0].start, items[-1].end),) if items else ()


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
