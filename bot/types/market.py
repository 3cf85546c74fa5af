"""What an answer and the market share: kinds of records, matches with their reasons, drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RecordKind(StrEnum):
    """What a record is; the values are those of ``--kind`` and of the event log."""

    NEED = "needs"
    OFFER = "offers"
    ORGANISATION = "organisations"

    @property
    def label(self) -> str:
        """The kind as people read it."""
        return {"needs": "需求", "offers": "成果", "organisations": "机构"}[self.value]

    @property
    def counterpart(self) -> RecordKind:
        """The kind a need or an offer is matched with. Raises ``ValueError`` for organisations."""
        if self is RecordKind.ORGANISATION:
            raise ValueError("organisations have no counterpart")
        return RecordKind.NEED if self is RecordKind.OFFER else RecordKind.OFFER


class Standing(StrEnum):
    """Whether a record that was once published may still be proposed."""

    OPEN = "open"
    HISTORIC = "historic"
    CLOSED = "closed"


# --- matches ------------------------------------------------------------------------------------

#: From this level on a match is good enough to be proposed.
PROPOSE_AT = 3


class ReasonKind(StrEnum):
    """What the two records share."""

    TITLE = "title"
    TEXT = "text"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Reason:
    """Quotes stand verbatim in the records; ``shared`` are the words to highlight in them.

    ``label`` names the technology field for :attr:`ReasonKind.FIELD`, else it is empty.
    """

    kind: ReasonKind
    need_quote: str
    offer_quote: str
    shared: tuple[str, ...]
    offer_words: tuple[str, ...] = ()
    label: str = ""


class GateName(StrEnum):
    """The gates, in the order they are told."""

    REGION = "region"
    BUDGET = "budget"
    DEADLINE = "deadline"
    IP = "ip"
    TRL = "trl"
    EXCLUSIONS = "exclusions"

    @property
    def label(self) -> str:
        """The gate as people read it."""
        return _GATE_LABELS[self]


_GATE_LABELS = {
    GateName.REGION: "地区",
    GateName.BUDGET: "预算",
    GateName.DEADLINE: "期限",
    GateName.IP: "产权",
    GateName.TRL: "成熟度",
    GateName.EXCLUSIONS: "排除条件",
}


@dataclass(frozen=True, slots=True)
class Gate:
    """``passed`` is ``None`` when it cannot be told from what is on file."""

    name: GateName
    passed: bool | None
    why: str


_VERDICTS = {True: "满足", False: "不满足", None: "未写明"}


def verdict_label(passed: bool | None) -> str:
    """A verdict as people read it: 满足, 不满足, or 未写明 when it cannot be told."""
    return _VERDICTS[passed]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure that the need asks for beside what the offer says of it.

    ``quantity`` says what is measured; ``asked`` and ``offered`` are the figures with their words and stand in the
    quotes. ``offered`` is empty when the offer does not state the quantity, ``met`` is ``None`` when it cannot be told.
    """

    quantity: str
    asked: str
    offered: str
    asked_quote: str
    offered_quote: str
    met: bool | None


#: What the levels say, as people read it; what a level of one match rests on is told beside it.
LEVEL_MEANINGS = {
    4: "说的很像是同一件事",
    3: "说的大致是同一件事，值得一谈",
    2: "只有一部分相近，够不上推荐",
    1: "看不出是同一件事",
}


@dataclass(frozen=True, slots=True)
class LevelBasis:
    """What a level rests on.

    Telling ``words`` that both sides use, how alike the two are in meaning (0–1), whether the record stands out from
    the others on file, and how many of the figures asked for are met and not met.
    """

    words: tuple[str, ...] = ()
    likeness: float = 0.0
    stands_out: bool = False
    met: int = 0
    unmet: int = 0


class NextStep(StrEnum):
    """What is offered when nothing on file fits, and beside a match."""

    REGISTER = "register"
    WIDEN = "widen"
    HAND_OVER = "hand_over"
    INTRODUCE = "introduce"

    @property
    def label(self) -> str:
        """The step as people read it."""
        return _STEP_LABELS[self]


_STEP_LABELS = {
    NextStep.REGISTER: "登记这条需求或成果，有合适的对象时再找您",
    NextStep.WIDEN: "放宽领域或条件再找一次",
    NextStep.HAND_OVER: "转给技术经理人人工寻找",
    NextStep.INTRODUCE: "请技术经理人分别征求双方同意后引荐",
}


@dataclass(frozen=True, slots=True)
class MatchParts:
    """Where a score came from, already weighted: the three add up to the score."""

    lexical: float
    dense: float
    fields: float


@dataclass(frozen=True, slots=True)
class Match:
    """One record of the other side. ``score`` compares within one query; ``level`` is 1–4.

    ``owner`` is empty when the record is confidential or its owner is not on file. ``fellow`` marks a record of the
    same side as the wish: somebody who seeks (or offers) the same, told of and never proposed.
    """

    kind: RecordKind
    id: str
    title: str
    score: float
    level: int
    parts: MatchParts
    reasons: tuple[Reason, ...]
    gates: tuple[Gate, ...]
    standing: Standing = Standing.OPEN
    owner: str = ""
    region: str = ""
    as_of: str | None = None
    sample: bool = False
    confidential: bool = False
    comparisons: tuple[Comparison, ...] = ()
    basis: LevelBasis = LevelBasis()
    fellow: bool = False

    @property
    def proposed(self) -> bool:
        """Good enough, still open, no gate failed, and not somebody who seeks or offers the same."""
        if self.fellow:
            return False
        failed = any(gate.passed is False for gate in self.gates)
        return self.level >= PROPOSE_AT and self.standing is Standing.OPEN and not failed

    @property
    def next_step(self) -> NextStep:
        """What to do with it."""
        return NextStep.INTRODUCE if self.proposed else NextStep.HAND_OVER


# --- drafts --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateContact:
    """A contact that never leaves the desk before both sides' consent is on record."""

    name: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is known."""
        return not (self.name or self.phone or self.email or self.note)

    @property
    def line(self) -> str:
        """Name, phone and e-mail on one line; empty where none is known."""
        return "，".join(filter(None, (self.name, self.phone, self.email)))


@dataclass(frozen=True, slots=True)
class DraftValue:
    """One field of a draft with the user's words for it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """A need or offer in the making; nothing of it is saved.

    ``owner`` and ``contact`` are kept apart from the public fields. ``started`` is true once its teller
    asked to register it and answers questions on it. ``last`` is the field answered last, ``asked_again``
    the one that was asked once more because its answer did not look like one. ``undecided`` are fields whose teller
    has no preference (未定); like those ``skipped`` they stay empty and are not asked again.
    """

    kind: RecordKind
    values: tuple[DraftValue, ...] = ()
    skipped: tuple[str, ...] = ()
    owner: str = ""
    contact: PrivateContact = PrivateContact()
    today: date | None = None
    started: bool = False
    last: str = ""
    asked_again: str = ""
    undecided: tuple[str, ...] = ()

    def value(self, name: str) -> str:
        """What is known of a field; empty when nothing is."""
        if name == "owner_id":
            return self.owner
        return next((value.text for value in self.values if value.name == name), "")

    def as_form(self) -> dict[str, str]:
        """The values by field name, as a form holds them."""
        return {value.name: value.text for value in self.values}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One field of a draft as people read it."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """What to ask next."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class DraftState:
    """A draft as it is shown: what is known, what is missing, and the next question if one is left."""

    draft: RecordDraft
    lines: tuple[DraftLine, ...]
    missing: tuple[str, ...]
    question: DraftQuestion | None
