"""政策体检: programmes against what a firm tells of itself, condition by condition.

Nothing is promised that no document says. The outcome of a programme is decided once, by :func:`check_eligibility`,
and the page, the command, the report and the answers read it from there.
"""

from bot.catalogue.eligibility.checking import Checkup, check_eligibility
from bot.catalogue.eligibility.firm import Profile
from bot.catalogue.eligibility.outcomes import ConditionResult, NextStep, Outcome, ProgrammeResult, Reason, Verdict

__all__ = [
    "Checkup",
    "ConditionResult",
    "NextStep",
    "Outcome",
    "Profile",
    "ProgrammeResult",
    "Reason",
    "Verdict",
    "check_eligibility",
]
