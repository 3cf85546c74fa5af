"""What needs and offers share."""

from __future__ import annotations

from bot.market.records.description import Answer, FieldType, Place, record, told
from bot.market.records.states import OPEN_STATES, CloseReason, Confidentiality, State
from bot.types import Standing


@record
class MarketRecord:
    """What needs and offers share. ``id`` is unique within its kind; ``trl`` values are 1–9.

    ``historic`` marks a record known from a past publication; it is shown as such and not proposed.
    ``sample`` marks a made-up record (示例). ``published_at`` is kept when a record is closed, so that
    what was never public stays unseen. The first six are described by either kind in its own words; the last
    three are the record's life, set by the program and by no file or form.
    """

    id: str
    title: str
    description: str = ""
    fields: tuple[str, ...] = ()
    region: str = ""
    cooperation: str = ""
    exclusions: str = told(
        "排除条件",
        FieldType.TEXT,
        default="",
        aliases=("排除", "不接受", "不考虑"),
        question="有没有不接受的对象或做法？",
        example="不考虑中介机构",
        places=Place.EVERYWHERE & ~Place.LETTER,
    )
    confidentiality: Confidentiality = told(
        "保密级别",
        FieldType.CONFIDENTIALITY,
        default=Confidentiality.OPEN,
        aliases=("保密", "密级", "是否保密"),
        question="单位名称可以公开吗？（公开/保密）",
        example="公开",
        places=Place.FORM | Place.PREVIEW,
    )
    owner_id: str | None = told(
        "所属单位",
        FieldType.OWNER,
        default=None,
        aliases=("owner", "单位", "单位名称", "机构", "organisation", "organization"),
        question="您所在的单位是？",
        example="示例单位",
        turn=20,
        answer=Answer.ORGANISATION,
    )
    as_of: str | None = told(
        "截至日期",
        FieldType.DATE,
        default=None,
        aliases=("资料日期", "登记日期", "date", "日期"),
        example="2025-01-15",
        places=Place.PREVIEW | Place.LETTER,
    )
    historic: bool = told(
        "历史记录",
        FieldType.YES_NO,
        default=False,
        aliases=("是否历史", "已失效"),
        example="否",
        places=Place.NOWHERE,
    )
    sample: bool = told(
        "示例", FieldType.YES_NO, default=False, aliases=("是否示例",), example="是", places=Place.NOWHERE
    )
    # May be a page that names the owner.
    source: str = told("来源", FieldType.LINE, default="", aliases=("出处", "来源网址", "url"), private=True)
    state: State = State.DRAFT
    close_reason: CloseReason | None = None
    published_at: str | None = None

    @property
    def is_public(self) -> bool:
        """Whether anybody may see it: published, not taken back for rework, not withdrawn by its owner."""
        if self.published_at is None or self.state in (State.DRAFT, State.CHECKED):
            return False
        return not (self.state is State.CLOSED and self.close_reason is CloseReason.WITHDRAWN)

    @property
    def standing(self) -> Standing:
        """Open to be proposed, historic, or closed."""
        if self.historic:
            return Standing.HISTORIC
        return Standing.OPEN if self.state in OPEN_STATES else Standing.CLOSED
