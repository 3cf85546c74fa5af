"""Candidate answers: runs of sentences, or of clauses, inside the chunks that were found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.coverage import QuestionTerms
from bot.text.questions import Asked, asked_measure, states_asked_figure
from bot.text.sentences import Span, split_sentences
from bot.text.tokens import fold, search_terms
from bot.types import Hit

MAX_SENTENCES = 3
MAX_CLAUSES = 6
#: A run of several sentences is not made longer than this.
MAX_WINDOW_CHARACTERS = 300
#: Fewer new terms than this and a window only repeats the question.
MINIMUM_NEW_TERMS = 4

HEADING_CHARACTERS = 24
_ENDED = re.compile(r"[。！？；：:.!?;”）)\d]$")
_CLAUSE = re.compile(r"[^，；,;：:]+[，；,;：:。！？]*")
_OUTER = "，；,;：: 　\n"


@dataclass(frozen=True, slots=True)
class Window:
    """A candidate answer, ``document.text[start:end]``; ``sentence_*`` spans the whole sentences.

    Shares are of the question's term weight, 0..1: ``coverage`` by the window, ``context_coverage``
    by its sentences with the title and section; ``clauses`` is 0 for whole sentences.
    """

    hit: Hit
    start: int
    end: int
    text: str
    sentence_start: int
    sentence_end: int
    coverage: float
    sentence_coverage: float
    context_coverage: float
    hit_share: float
    has_asked_figure: bool
    sentences: int
    clauses: int
    new_terms: int


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    terms: frozenset[str]


def is_heading(text: str) -> bool:
    """Whether a line only announces: short, and not ended as a sentence is."""
    return len(text) < HEADING_CHARACTERS and not _ENDED.search(text)


def candidate_windows(
    hits: Sequence[Hit], question: str, question_terms: QuestionTerms, asked: Asked
) -> Iterator[Window]:
    """Every run of up to three sentences, and of up to six clauses of one sentence, in ``hits``."""
    if not hits:
        return
    best = max(hits[0].score, 1e-9)
    asked_terms = frozenset(search_terms(question))
    measure = asked_measure(question)
    for hit in hits:
        sentences = [_Sentence(span, frozenset(search_terms(span.text))) for span in split_sentences(hit.chunk.text)]
        heading = frozenset(search_terms(f"{hit.metadata.title} {hit.chunk.section}"))
        maker = _WindowMaker(hit, hit.score / best, asked_terms, question_terms.bigram_weights, heading, asked, measure)
        for first in range(len(sentences)):
            yield from maker.clause_windows(sentences[first])
            yield from maker.sentence_windows(sentences[first : first + MAX_SENTENCES])


@dataclass(frozen=True, slots=True)
class _WindowMaker:
    hit: Hit
    hit_share: float
    asked_terms: frozenset[str]
    weights: dict[str, float]
    heading: frozenset[str]
    asked: Asked
    measure: str

    def sentence_windows(self, sentences: Sequence[_Sentence]) -> Iterator[Window]:
        """Runs that begin with the first of ``sentences``."""
        terms: frozenset[str] = frozenset()
        start = sentences[0].span.start
        for count, sentence in enumerate(sentences, start=1):
            if count > 1 and is_heading(sentence.span.text):
                return
            end = sentence.span.end
            if count > 1 and end - start > MAX_WINDOW_CHARACTERS:
                return
            terms |= sentence.terms
            yield self._window(start, end, terms, terms, start, end, count, 0)

    def clause_windows(self, sentence: _Sentence) -> Iterator[Window]:
        """Proper parts of one sentence, cut at commas, semicolons and colons."""
        clauses = list(_CLAUSE.finditer(sentence.span.text))
        for first in range(len(clauses)):
            for last in range(first, min(len(clauses), first + MAX_CLAUSES)):
                if last - first + 1 == len(clauses):
                    continue
                piece = sentence.span.text[clauses[first].start() : clauses[last].end()]
                text = piece.strip(_OUTER)
                if len(text) < MINIMUM_NEW_TERMS:
                    continue
                begin = sentence.span.start + clauses[first].start() + len(piece) - len(piece.lstrip(_OUTER))
                terms = frozenset(search_terms(text))
                span = sentence.span
                yield self._window(
                    begin, begin + len(text), terms, sentence.terms, span.start, span.end, 1, last - first + 1
                )

    def _window(
        self,
        start: int,
        end: int,
        terms: frozenset[str],
        sentence_terms: frozenset[str],
        sentence_start: int,
        sentence_end: int,
        sentences: int,
        clauses: int,
    ) -> Window:
        offset = self.hit.chunk.start
        text = self.hit.chunk.text[start:end]
        return Window(
            hit=self.hit,
            start=offset + start,
            end=offset + end,
            text=text,
            sentence_start=offset + sentence_start,
            sentence_end=offset + sentence_end,
            coverage=self._share(terms),
            sentence_coverage=self._share(sentence_terms),
            context_coverage=self._share(sentence_terms | self.heading),
            hit_share=self.hit_share,
            has_asked_figure=states_asked_figure(text, self.asked, self.measure),
            sentences=sentences,
            clauses=clauses,
            new_terms=len(terms - self.asked_terms),
        )

    def _share(self, terms: frozenset[str]) -> float:
        total = sum(self.weights.values())
        if not total:
            return 0.0
        return sum(weight for term, weight in self.weights.items() if term in terms) / total


def context_text(hit: Hit) -> str:
    """The folded text that a hit's chunk is read with: title, number, issuer, section, passage."""
    metadata = hit.metadata
    parts = (metadata.title, metadata.document_number, metadata.issuer, hit.chunk.section, hit.chunk.text)
    return fold("\n".join(part for part in parts if part))
