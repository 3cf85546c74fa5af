"""机构, the ids by which organisations are known, and whether two records are of one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.market.records.description import FieldType, Place, record, told
from bot.market.records.need import Need
from bot.market.records.offer import Offer
from bot.market.records.states import Confidentiality
from bot.types import PrivateContact

#: Behind the name of an organisation that is known only by its own word.
DECLARED_MARK = "（自报）"


@record
class Organisation:
    """机构: the public side of an organisation; ``source`` says where the profile comes from."""

    id: str = told(
        "编号", FieldType.ID, aliases=("记录编号", "ID"), example="org-001", required=True, places=Place.NOWHERE
    )
    title: str = told(
        "名称",
        FieldType.LINE,
        aliases=("name", "单位名称", "机构名称", "企业名称"),
        question="单位名称是？",
        example="示例单位",
        required=True,
    )
    kind: str = told(
        "类型",
        FieldType.LINE,
        default="",
        aliases=("机构类型", "单位类型", "性质"),
        question="是企业、高校还是院所？",
        example="企业",
    )
    region: str = told(
        "地区",
        FieldType.LINE,
        default="",
        aliases=("所在地", "所在地区", "location"),
        question="在哪个地区？",
        example="示例市",
    )
    fields: tuple[str, ...] = told(
        "领域",
        FieldType.LIST,
        default=(),
        aliases=("技术领域", "所属领域", "行业", "field"),
        question="从事哪些领域？",
        example="新能源",
    )
    description: str = told(
        "简介",
        FieldType.TEXT,
        default="",
        aliases=("profile", "机构简介", "描述", "介绍", "公开简介"),
        question="请用几句话介绍。",
        example="从事电池材料研发。",
    )
    source: str = told("来源", FieldType.LINE, default="", aliases=("profile_source", "出处", "来源网址", "url"))
    as_of: str | None = told(
        "截至日期", FieldType.DATE, default=None, aliases=("资料日期", "date", "日期"), example="2025-01-15"
    )
    sample: bool = told("示例", FieldType.YES_NO, default=False, aliases=("是否示例",), example="是")

    @property
    def name(self) -> str:
        """The organisation's name (``title`` is what every record calls its name)."""
        return self.title

    @property
    def shown_name(self) -> str:
        """The name with a mark behind it when nobody verified it."""
        return self.title + (DECLARED_MARK if is_declared(self.id) else "")


@dataclass(frozen=True, slots=True)
class Party:
    """Who is behind a record: its organisation, and the private contact that counts for it."""

    organisation: Organisation | None
    contact: PrivateContact | None = None


_DECLARED, _NAMED = "self-", "org-"


def _named_hash(name: str) -> str:
    return hashlib.sha256(name.strip().encode()).hexdigest()[:12]


def named_id(name: str) -> str:
    """The id of an organisation that staff name in a file: the same name always gives the same id."""
    return _NAMED + _named_hash(name)


def declared_id(name: str) -> str:
    """The id of an organisation known only by its own word."""
    return _DECLARED + _named_hash(name)


def is_declared(organisation_id: str) -> bool:
    """Whether an organisation is known only by its own word."""
    return organisation_id.startswith(_DECLARED)


def same_owner(one: str | None, other: str | None) -> bool:
    """Whether two owner ids stand for one organisation, as far as ids tell."""
    if one is None or other is None:
        return False
    return one.removeprefix(_DECLARED).removeprefix(_NAMED) == other.removeprefix(_DECLARED).removeprefix(_NAMED)


def known_same_owner(need: Need, offer: Offer) -> bool:
    """Whether both are of one organisation, as far as may be said.

    Beside a confidential record a name that its teller just wrote down proves nothing and asks everything:
    anybody could find out an owner by registering under one name after the other.
    """
    if not same_owner(need.owner_id, offer.owner_id):
        return False
    hidden = Confidentiality.CONFIDENTIAL in (need.confidentiality, offer.confidentiality)
    return not (hidden and any(is_declared(owner) for owner in (need.owner_id, offer.owner_id) if owner))
