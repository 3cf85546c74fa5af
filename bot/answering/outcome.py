"""Whether what was found answers, is near, or does not state what is asked.

Two things tell: how much of the question the passage covers (:mod:`bot.answering.coverage`), and the cosine of the
best sentence. Where the words are there, the cosine adds nothing (``python -m bot.benchmarks.outcomes``: a logistic
regression gives it no weight); where they are not, it is all there is. Two bounds each therefore decide, and the
vetoes come on top: most of what is not stated is refused by them, since a question for what a near document leaves
out is as near as one for what it says.
"""

from __future__ import annotations

from bot.types import Outcome

#: Of a question that a passage answers so much is covered at least, in three of four cases.
ANSWERED_COVERED = 0.6
#: Below both of these nothing is shown: 8% of answerable questions, most of those that are off the subject.
NEAR_COVERED, NEAR_COSINE = 0.5, 0.48
#: How much lower the cosine may be of a block that gives the kind of figure asked for.
FORM_COSINE = 0.06
#: Words of another language cover nothing; the cosine alone tells, and it is lower.
ANSWERED_FOREIGN, NEAR_FOREIGN = 0.56, 0.45


def outcome_of(covered: float, cosine: float, form: float, *, foreign: bool) -> Outcome:
    """What becomes of a question by the scores of its best block, before any veto.

    ``form`` (0–1) tells how surely the block has the form of what is asked for.
    """
    if foreign:
        answered, near = cosine >= ANSWERED_FOREIGN, cosine >= NEAR_FOREIGN
    else:
        answered = covered >= ANSWERED_COVERED
        near = covered >= NEAR_COVERED or cosine >= NEAR_COSINE - FORM_COSINE * form
    return Outcome.ANSWERED if answered else Outcome.NEAREST if near else Outcome.NOT_STATED
