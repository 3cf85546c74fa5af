"""How one step changes the weights, how the learning rate runs, and when training ends."""

from __future__ import annotations

import logging
import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from bot.errors import UsageError

#: As the shipped model was trained; usual for fine-tuning encoders of this size.
WEIGHT_DECAY = 0.01
LONGEST_GRADIENT = 1.0
#: Progress is told every so many steps; a told loss is the mean of the last ones of its kind.
TOLD_EVERY = 40
_TOLD_LOSSES = 40
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The learning rate rises over ``warm_steps``, then falls as a half cosine to ``last_share`` of itself.

    Training ends after ``steps`` or ``seconds``, whichever comes first; None is no bound, one must be given.
    """

    learning_rate: float
    warm_steps: int
    last_share: float
    steps: int | None
    seconds: float | None

    def rate(self, step: int, progress: float) -> float:
        """The learning rate of step ``step`` (from 0) at ``progress``, 0 to 1, of the whole."""
        falling = max(self.last_share, 0.5 * (1 + math.cos(math.pi * progress)))
        return self.learning_rate * min(1.0, (step + 1) / self.warm_steps) * falling


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training did: the loss of every step in order."""

    losses: tuple[float, ...]


class Optimiser:
    """Takes steps until the schedule's end. Raises :class:`UsageError` for a schedule without one."""

    def __init__(self, model: nn.Module, schedule: Schedule, clock: Callable[[], float] = time.monotonic) -> None:
        if schedule.steps is None and schedule.seconds is None:
            raise UsageError("训练没有终点", tried="步数与秒数都没有给", remedy="给出 --steps 或 --seconds")
        self._schedule = schedule
        self._clock = clock
        self._started = clock()
        self._parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self._adam = torch.optim.AdamW(self._parameters, lr=schedule.learning_rate, weight_decay=WEIGHT_DECAY)
        self._losses: list[float] = []
        self._recent: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_TOLD_LOSSES))

    @property
    def progress(self) -> float:
        """How far the training is: 0 at its start, 1 or more at its end."""
        by_steps = len(self._losses) / self._schedule.steps if self._schedule.steps else 0.0
        by_time = (self._clock() - self._started) / self._schedule.seconds if self._schedule.seconds else 0.0
        return max(by_steps, by_time)

    @property
    def is_done(self) -> bool:
        """Whether the end is reached."""
        return self.progress >= 1

    def step(self, loss: Tensor, kind: str) -> None:
        """Follow the gradient of ``loss``; ``kind`` names it in the progress told."""
        rate = self._schedule.rate(len(self._losses), min(1.0, self.progress))
        for group in self._adam.param_groups:
            group["lr"] = rate
        self._adam.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self._parameters, LONGEST_GRADIENT)
        self._adam.step()
        self._losses.append(loss.item())
        self._recent[kind].append(self._losses[-1])
        if len(self._losses) % TOLD_EVERY == 0:
            self._tell()

    def trained(self) -> Trained:
        """The losses so far."""
        self._tell()
        return Trained(tuple(self._losses))

    def _tell(self) -> None:
        means = " ".join(f"{kind} {sum(recent) / len(recent):.3f}" for kind, recent in sorted(self._recent.items()))
        _log.info("step %d, %.0f%%, loss %s", len(self._losses), 100 * min(1.0, self.progress), means)
