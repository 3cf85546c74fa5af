"""What may be asked of the bench at the desk, as the steps of one piece of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.errors import UsageError
from bot.evaluation.bench import Target


class What(StrEnum):
    """What is run: one index, or two ways of asking after one another."""

    IN_FORCE = "in_force"
    WAITING = "waiting"
    VERSIONS = "versions"
    MODES = "modes"
    ENCODERS = "encoders"

    @property
    def label(self) -> str:
        """The choice as people read it."""
        return {
            "in_force": "测现用的版本",
            "waiting": "测待启用的版本",
            "versions": "现用的和待启用的各测一遍，再比较",
            "modes": "离线和模型各测一遍，再比较",
            "encoders": "现用的和另一个编码器各测一遍，再比较",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Step:
    """One run of a piece of work."""

    target: Target
    offline: bool

    @property
    def label(self) -> str:
        """The step as its progress is told."""
        return f"{self.target.label}{'（离线）' if self.offline else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What somebody asked for: ``tag`` empty is every case in use, ``encoder`` the folder of another encoder.

    With ``publish`` the version that waits is put in force when nothing became wrong.
    """

    what: What
    tag: str = ""
    offline: bool = True
    encoder: str = ""
    publish: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        """The runs, in order; the earlier is what the later is compared with."""
        pairs = {
            What.IN_FORCE: ((Target.IN_FORCE, self.offline),),
            What.WAITING: ((Target.WAITING, self.offline),),
            What.VERSIONS: ((Target.IN_FORCE, self.offline), (Target.WAITING, self.offline)),
            What.MODES: ((Target.IN_FORCE, True), (Target.IN_FORCE, False)),
            What.ENCODERS: ((Target.IN_FORCE, self.offline), (Target.ENCODER, self.offline)),
        }
        return tuple(Step(*pair) for pair in pairs[self.what])

    @property
    def title(self) -> str:
        """What the work is called."""
        return f"{self.what.label}{f'（{self.tag}）' if self.tag else ''}"

    @property
    def parameters(self) -> dict[str, Any]:
        """The errand as the work's record keeps it."""
        told = {"tag": self.tag, "offline": self.offline, "encoder": self.encoder, "publish": self.publish}
        return {"what": self.what.value, **told}

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Errand:
        """The errand of a record. Raises :class:`UsageError` for what no errand is."""
        try:
            what = What(parameters["what"])
        except (KeyError, ValueError):
            raise UsageError("不知道测什么", value=parameters.get("what"), remedy="从列出的里选一个") from None
        return cls(
            what=what,
            tag=str(parameters.get("tag") or ""),
            offline=bool(parameters.get("offline")),
            encoder=str(parameters.get("encoder") or ""),
            publish=bool(parameters.get("publish")),
        )
