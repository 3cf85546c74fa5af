"""What happened to a record, as the log tells it, and the interest one side shows in the other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.market.records.states import State
from bot.types import RecordKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvent:
    """One change of one record; ``changes`` are (field, before, after), texts cut for reading."""

    id: int
    kind: RecordKind
    record_id: str
    at: str
    actor: str
    action: str
    from_state: State | None = None
    to_state: State | None = None
    reason: str = ""
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's value before and after, as text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """One side says it wants to talk; the three answers a broker needs."""

    need_id: str
    offer_id: str
    side: Side
    cooperation_sought: str
    unclear: str = ""
    introduction: str = ""
    at: str = ""
    actor: str = ""


class Side(StrEnum):
    """The two sides of an introduction."""

    NEED_OWNER = "need_owner"
    OFFER_OWNER = "offer_owner"

    @property
    def label(self) -> str:
        """The side as people read it."""
        return {"need_owner": "需求方", "offer_owner": "成果方"}[self.value]
