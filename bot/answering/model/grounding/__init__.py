"""Does a sentence that a model wrote say nothing but what a unit says? Pure rules, no model.

They serve the summary, which nobody needs: a true sentence lost costs little, a false one does harm. So they are
strict, not clever; what they do is said in :mod:`bot.answering.model.grounding.tracing`, how often they err is
measured by ``python -m bot.benchmarks.grounding``.
"""

from bot.answering.model.grounding.instructions import is_instruction, without_instructions
from bot.answering.model.grounding.statuses import is_bare_status, tells_status
from bot.answering.model.grounding.tracing import borne_out

__all__ = ["borne_out", "is_bare_status", "is_instruction", "tells_status", "without_instructions"]
