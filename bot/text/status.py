"""Status of a programme read from its source's own words.

The order of precedence is that of :class:`bot.types.Status`: where several words apply, the first
status of the enumeration wins. 启动, 推动, 鼓励, 支持 and 探索 alone decide nothing.
"""

from __future__ import annotations

import re
from datetime import date

from bot.types import DocumentMetadata, Status

#: 计划 and 拟 count as verbs only: 行动计划 and 模拟 are names; 现将…答复 is a way of speaking.
_PATTERNS: tuple[tuple[Status, re.Pattern[str]], ...] = (
    (Status.SUPERSEDED, re.compile(r"(?:已被|被)[^。；]{1,30}(?:替代|取代|代替)|同时废止|予以废止|已(?:经)?废止")),
    (Status.DRAFT, re.compile(r"草拟|初稿|草案|征求意见|预公开|讨论稿|公示稿|送审稿")),
    (
        Status.PLANNED,
        re.compile(
            r"(?<![动作划年规一])计划(?=[与在于对向建打开推新引合举组设形出到年]|\d)|^计划|(?<=[，。；、：同时])计划"
            r"|(?<![模虚草比])拟(?=[与在于对向建打开推新引合举组设出给订])|预计将|(?:即将|将(?:于|在|会|要|推出|开展|举办|建设|出台|设立|启用|给予))"
        ),
    ),
    (
        Status.UNDER_CONSTRUCTION,
        re.compile(r"正在(?:打造|建设|搭建|筹建|筹备|推进建设|开发|构建)|筹建|在建(?![立筑])|建设中"),
    ),
    (Status.PILOT, re.compile(r"试点|试行")),
    (Status.COMPLETED, re.compile(r"(?:已|成功|共同|圆满)?举办(?!地|方)|已完成|圆满结束|已结束")),
    (Status.IN_FORCE, re.compile(r"印发|推出|已投入(?:运作|运营|使用)|起施行|起实施|已(?:正式)?(?:启用|上线|运行)|设立")),
)  # fmt: skip


def read_status(text: str) -> Status:
    """The status that the words of ``text`` tell, ``UNKNOWN`` when none does.

    >>> read_status("草拟形成《试点工作方案（初稿）》")
    <Status.DRAFT: 'draft'>
    """
    for status, pattern in _PATTERNS:
        if pattern.search(text):
            return status
    return Status.UNKNOWN


def document_status(metadata: DocumentMetadata, today: date | None = None) -> Status:
    """The status of a whole document on the day ``today``.

    Its last day goes before a successor in force, that before what is stated of it, that before the words of its
    title. A text whose first day is still to come is ``PLANNED``. Without a day no date is looked at.
    """
    day = today.isoformat() if today else None
    titled = read_status(metadata.title)
    stated = metadata.status
    if stated is Status.UNKNOWN and titled in (Status.DRAFT, Status.PILOT):
        stated = titled
    if stated is Status.EXPIRED or (day and metadata.valid_until and metadata.valid_until < day):
        return Status.EXPIRED
    successor_to_come = day and metadata.superseded_from and day < metadata.superseded_from
    if stated is Status.SUPERSEDED or (metadata.superseded_by and not successor_to_come):
        return Status.SUPERSEDED
    if stated is not Status.DRAFT and day and metadata.effective_from and day < metadata.effective_from:
        return Status.PLANNED
    return stated


#: What people read; a badge carries these words, never colour alone.
STATUS_WORDS: dict[Status, str] = {
    Status.EXPIRED: "已过期",
    Status.SUPERSEDED: "已被替代",
    Status.DRAFT: "草案",
    Status.PLANNED: "计划中",
    Status.UNDER_CONSTRUCTION: "建设中",
    Status.PILOT: "试点/试行",
    Status.COMPLETED: "已举办/已完成",
    Status.IN_FORCE: "已实施",
    Status.REPORTED: "按材料所述",
    Status.UNKNOWN: "状态未写明",
}
#: Statuses that must be told in the answer's notes whenever their subject is spoken of.
NOT_YET: frozenset[Status] = frozenset(
    {Status.EXPIRED, Status.SUPERSEDED, Status.DRAFT, Status.PLANNED, Status.UNDER_CONSTRUCTION}
)
