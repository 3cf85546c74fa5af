"""What code grants a model: that a unit may answer, and that something is not stated.

A unit is on offer because it is near and no veto stopped it. Beyond that a unit must state the figure that is surely
asked for, where the offline answer refused or did so too; and must not be about another level or year. That
something is not stated is the model's to propose; it is granted where the offline answer agrees or is weak.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.asking import Asking
from bot.answering.model.material import Material, MaterialUnit
from bot.answering.planner import Planned
from bot.answering.readers.choice import speaks_of_another
from bot.answering.readers.general import GeneralReader, states_what_is_asked
from bot.answering.readers.passages import FoundBlock, is_beside_the_range
from bot.text.figures import FigureKind
from bot.understanding.asked import states_figure
from bot.understanding.understanding import Part

#: An offline answer of the units reader that is surer than this stands against a model that says nothing is stated.
STRONG = 0.75
#: Where the offline answer refused, a unit must come so near (a cosine) or cover so much (a share) of some wording.
FLOOR_COSINE, FLOOR_COVERED = 0.36, 0.3
#: Kinds of figure of which one may be asked for and another answer.
MEASURES = frozenset({FigureKind.MONEY, FigureKind.PERCENT, FigureKind.COUNT})


@dataclass(frozen=True, slots=True)
class Grants:
    """The rules for one question."""

    asking: Asking
    planned: Planned
    material: Material

    def fits(self, unit: MaterialUnit, part: int) -> bool:
        """Whether a unit may answer the ``part``-th question (from 1)."""
        if unit.judged is None:
            return True
        told = unit.judged.told
        text = f"{told.block.document.metadata.title}\n{told.block.text}"
        for question in (self.material.questions[part - 1], self.asking.understanding.question):
            if speaks_of_another(question, text) or is_beside_the_range(question, told.block):
                return False
        if self.planned.draft.refusal is None:
            return True
        near = told.found.sentence.cosine >= FLOOR_COSINE or unit.judged.covered >= FLOOR_COVERED
        return near and _states(self.part(part), told)

    def may_be_unstated(self) -> bool:
        """Whether the offline answer agrees that nothing states what is asked, or is too weak to say it does."""
        chosen = self.planned.chosen
        if chosen is None or chosen.draft.refusal is not None or chosen.draft.nearest:
            return True
        return chosen.reader == GeneralReader.name and chosen.confidence < STRONG

    def part(self, number: int) -> Part:
        """What the ``number``-th question (from 1) asks for."""
        parts = self.material.parts or self.asking.understanding.parts
        return parts[min(number, len(parts)) - 1]


def _states(part: Part, told: FoundBlock) -> bool:
    """Whether a unit states what is asked; 最多能拿多少 is answered by a share or a number as well."""
    measured = bool(part.figures & MEASURES) and bool(states_figure(told.block.text, MEASURES))
    return measured or states_what_is_asked(part, told)
