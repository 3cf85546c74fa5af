"""Two answers to one case side by side, with the words that differ marked."""

from __future__ import annotations

from dataclasses import dataclass

from bot.evaluation.comparison import Change, Kind
from bot.evaluation.results import SavedResult
from bot.text.differences import Change as Stretch
from bot.text.differences import pieces_changed

#: A line of an answer, as its stretches.
Line = tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A change as it is shown: lines of either side, whose stretches went, came, or stay."""

    change: Change
    before: tuple[Line, ...]
    after: tuple[Line, ...]

    @property
    def kind(self) -> Kind:
        """What became of the case."""
        return self.change.kind


def marked(change: Change) -> Marked:
    """``change`` with the words that differ; what one side lacks is marked as a whole on the other."""
    lines = pieces_changed(_lines(change.before), _lines(change.after))
    return Marked(change, _side(lines, "+"), _side(lines, "-"))


def _lines(result: SavedResult | None) -> tuple[str, ...]:
    return tuple(result.answer.splitlines()) if result is not None else ()


def _side(lines: tuple[Line, ...], other: str) -> tuple[Line, ...]:
    kept = (tuple(stretch for stretch in line if stretch.mark != other) for line in lines)
    return tuple(line for line in kept if line)
