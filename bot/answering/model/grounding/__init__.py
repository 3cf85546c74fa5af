"""Is a sentence that a model wrote borne out by the quotes it cites? Pure rules, no model.

``verify_sentence`` is strict on what can be compared exactly (markers, figures with their bounds, names,
addresses, words of status, negations, absolutes) and measures the rest (the share of the sentence's words
that its quotes contain). What rules cannot see: a relation turned round between two things that both stand
in the quote in the same words, a condition left out, an implication; see ``python -m bot.benchmarks.grounding``.
"""

from bot.answering.model.grounding.english import is_english
from bot.answering.model.grounding.instructions import is_instruction, without_instructions
from bot.answering.model.grounding.records import Evidence, Objection, Rule, SentenceVerdict
from bot.answering.model.grounding.text import markers_of, normalised_markers, without_markers
from bot.answering.model.grounding.verify import (
    MINIMUM_CLAUSE_SUPPORT,
    MINIMUM_SUPPORT,
    verify_english_sentence,
    verify_sentence,
)

__all__ = [
    "MINIMUM_CLAUSE_SUPPORT",
    "MINIMUM_SUPPORT",
    "Evidence",
    "Objection",
    "Rule",
    "SentenceVerdict",
    "is_english",
    "is_instruction",
    "markers_of",
    "normalised_markers",
    "verify_english_sentence",
    "verify_sentence",
    "without_instructions",
    "without_markers",
]
