"""Does a sentence that a model wrote say nothing but what a unit says? Pure rules, no model.

They serve the summary, which nobody needs: a true sentence lost costs little, a false one does harm. So they are
strict, not clever; what they do is said in :mod:`bot.answering.model.grounding.tracing`, how often they err is
measured by ``python -m bot.benchmarks.grounding``.
"""

from bot.answering.model.grounding.instructions import is_instruction, without_instructions
from bot.answering.model.grounding.records import Evidence, Objection, Rule, SentenceVerdict
from bot.answering.model.grounding.statuses import is_bare_status, tells_status
from bot.answering.model.grounding.text import markers_of, normalised_markers, without_markers
from bot.answering.model.grounding.tracing import borne_out
from bot.answering.model.grounding.verify import verify_sentence

__all__ = [
    "Evidence",
    "Objection",
    "Rule",
    "SentenceVerdict",
    "borne_out",
    "is_bare_status",
    "is_instruction",
    "markers_of",
    "normalised_markers",
    "tells_status",
    "verify_sentence",
    "without_instructions",
    "without_markers",
]
