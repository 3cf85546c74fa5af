"""Every word of the list of needs and offers and of its filters, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from bot.types import RecordKind, Standing
from bot.web.texts import Language


@dataclass(frozen=True, slots=True)
class ListingTexts:
    """The words in one language; ``{}`` marks what is filled in."""

    language: Language
    filters: str
    any_value: str
    kind: str
    field: str
    place: str
    days: str
    standing: str
    within: str
    counted: str
    chosen: str
    remove: str
    clear: str
    total: str
    none_fit: str
    narrowed: str
    pages: str
    page: str
    earlier: str
    later: str
    incomplete: str
    kinds: dict[RecordKind, str]
    standings: dict[Standing, str]


CHINESE = ListingTexts(
    language=Language.CHINESE,
    filters="筛选",
    any_value="不限",
    kind="类别",
    field="领域",
    place="地区",
    days="发布时间",
    standing="状态",
    within="{}天内",
    counted="{}（{:,}）",
    chosen="已选条件",
    remove="去掉“{}”",
    clear="全部清除",
    total="共 {:,} 条",
    none_fit="没有同时符合这些条件的记录。去掉一个条件再看，或写一句话查找。",
    narrowed="按所选条件保留了其中 {} 条（查到 {} 条）。",
    pages="分页",
    page="第 {} 页，共 {} 页",
    earlier="上一页",
    later="下一页",
    incomplete="名单还在整理，稍后刷新会更全。",
    kinds={kind: kind.label for kind in RecordKind},
    standings={Standing.OPEN: "开放", Standing.HISTORIC: "历史记录", Standing.CLOSED: "已结束"},
)

ENGLISH = ListingTexts(
    language=Language.ENGLISH,
    filters="Filters",
    any_value="Any",
    kind="Kind",
    field="Field",
    place="Region",
    days="Published",
    standing="State",
    within="last {} days",
    counted="{} ({:,})",
    chosen="Chosen filters",
    remove="Remove “{}”",
    clear="Clear all",
    total="{:,} in all",
    none_fit="No record fits all of these. Remove one of them, or search in your own words.",
    narrowed="{} of the {} found fit the filters.",
    pages="Pages",
    page="Page {} of {}",
    earlier="Previous",
    later="Next",
    incomplete="The list is still being put in order; reload later for more.",
    kinds={RecordKind.NEED: "Needs", RecordKind.OFFER: "Offers", RecordKind.ORGANISATION: "Organisations"},
    standings={Standing.OPEN: "Open", Standing.HISTORIC: "Past record", Standing.CLOSED: "Closed"},
)


def listing_texts(language: Language) -> ListingTexts:
    """The words for the page's language."""
    return ENGLISH if language is Language.ENGLISH else CHINESE
