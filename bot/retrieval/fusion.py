"""How much meaning counts beside words, by what the question's words find.

Where the documents share a question's words, BM25 orders them better than an encoder does; where they do not,
what BM25 finds shares the words that say least. So the weight of a cosine follows the *coverage*: the share of
what the question says (its pairs and words, each by how rare it is) that the best lexical passage holds. Lay and
foreign wording has little of it by itself, whatever its length; no list of words is needed.

Measured by ``python -m bot.benchmarks.retrieval`` over both question collections in one index: between 0.2–0.5
and 0.3–0.6, and with 3 or 4 to 12 or 16, nDCG@10 moves by less than 0.006 on either (one standard error: 0.02).
"""

from __future__ import annotations

from dataclasses import dataclass

#: At this coverage and above words lead; at the lower one and below meaning does.
WORDS_LEAD, MEANING_LEADS = 0.5, 0.25


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """What each score counts for.

    Both BM25 scores are first divided by their maximum; cosines are not. ``lexical`` is BM25F of the passage,
    ``document`` BM25 of its whole document. A cosine counts between ``meaning_least`` (words lead) and
    ``meaning_most``; ``sentence_share`` of that is the passage's best sentence's, the rest its own.
    """

    lexical: float = 1.0
    document: float = 0.6
    meaning_least: float = 4.0
    meaning_most: float = 12.0
    sentence_share: float = 0.25

    def meaning(self, coverage: float) -> float:
        """The weight of a cosine at ``coverage`` (0–1): geometric between the two bounds."""
        if not self.meaning_least:
            return self.meaning_most
        words = min(1.0, max(0.0, (coverage - MEANING_LEADS) / (WORDS_LEAD - MEANING_LEADS)))
        return float(self.meaning_most * (self.meaning_least / self.meaning_most) ** words)


DEFAULT_WEIGHTS = FusionWeights()
