"""What was found for a question: passages, and the sentences in them, with where their scores came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.types.documents import Chunk, DocumentMetadata


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """The summands of a hit's score: words of the passage, of its document; cosine of the passage, of a sentence."""

    lexical: float = 0.0
    document: float = 0.0
    dense: float = 0.0
    sentence: float = 0.0

    @property
    def total(self) -> float:
        """The score."""
        return self.lexical + self.document + self.dense + self.sentence


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a passage, ``document.text[start:end]``.

    ``lexical`` is the share (0–1) of the question's words, weighed by how telling they are, that stand in it;
    ``cosine`` (−1…1) is of its vector in its passage; ``score`` is their sum, the cosine weighed as the
    question wants it; it compares within one question.
    """

    document_id: str
    start: int
    end: int
    text: str
    lexical: float
    cosine: float
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, best first; scores compare only within one question.

    ``cosine`` (−1…1) is of its vector, ``lexical`` its share (0–1) of the question's words as for a sentence.
    """

    chunk: Chunk
    metadata: DocumentMetadata
    score: float
    parts: ScoreParts = ScoreParts()
    cosine: float = 0.0
    lexical: float = 0.0
    sentences: tuple[ScoredSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that one question found, found once.

    ``terms`` are its search terms with their weights; ``coverage`` (0–1) tells how much of what it says the
    best lexical passage holds; ``meaning_weight`` is what a cosine counted for beside a full lexical score of 1;
    ``meaning`` is false when no encoder could be asked and words alone were searched.
    """

    question: str
    hits: tuple[Hit, ...] = ()
    terms: Mapping[str, float] = field(default_factory=dict)
    coverage: float = 0.0
    meaning_weight: float = 0.0
    meaning: bool = True

    def sentences(self, passages: int | None = None) -> tuple[ScoredSentence, ...]:
        """The sentences of the best ``passages`` (all without a number), best first."""
        found = [sentence for hit in self.hits[:passages] for sentence in hit.sentences]
        return tuple(sorted(found, key=lambda each: (-each.score, each.document_id, each.start)))
