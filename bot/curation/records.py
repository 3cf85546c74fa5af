"""Frozen records of what staff did to the corpus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.types.labelled import Labelled


class Action(Labelled):
    """What was done to a file of the corpus. ``label`` is what people read."""

    ADD = "add", "加入"
    REPLACE = "replace", "替换"
    RETIRE = "retire", "撤下"
    RESTORE = "restore", "恢复"
    UNDO = "undo", "撤销"
    EDIT = "edit", "修改"


class ChangeState(StrEnum):
    """``BEGUN`` is a change whose file may or may not have been written yet; ``VOID`` never happened."""

    BEGUN = "begun"
    DONE = "done"
    VOID = "void"


class ProposalState(Labelled):
    """What became of a proposed record. ``label`` is what people read."""

    WAITING = "waiting", "待审核"
    ACCEPTED = "accepted", "已采用"
    REJECTED = "rejected", "未采用"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file handed in that does not count yet: ``digest`` of its bytes, ``replaces`` the document it stands for.

    ``name`` is the path it is to have below the corpus folder; ``at`` is ISO in UTC.
    """

    id: int
    name: str
    replaces: str
    digest: str
    size: int
    by_name: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of one file: the digests of its bytes before and after, ``None`` where there was no file."""

    id: int
    at: str
    by_name: str
    action: Action
    document: str
    before_digest: str | None
    after_digest: str | None
    note: str = ""
    state: ChangeState = ChangeState.DONE
    upload: int | None = None
    proposal: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardProposal:
    """A record that a model proposed from ``document`` for the catalogue file ``file``."""

    id: int
    document: str
    file: str
    record: Mapping[str, Any]
    at: str
    by_name: str
    state: ProposalState
    note: str = ""
    ended_by: str = ""
    ended_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided on a disagreement: ``counts`` is the digest of the side that counts, ``None`` for none."""

    content: str
    counts: str | None
    subject: str
    note: str
    by_name: str
    at: str
