"""Postal addresses, from the street on; towns and districts stand: a gate asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.market.private.findings import Finding, FindingKind
from bot.market.private.reading import Leads, Reading, is_han
from bot.market.private.runs import windows

_NUMBER = r"(?:\d{1,5}[a-z]?(?:[-－至/]\d{1,5})?|[一二三四五六七八九十百零〇两]{1,6})"
_INSIDE = rf"\s?(?:附?{_NUMBER}|[a-z甲乙丙丁东西南北]\d?)\s?(?:号楼|号院|号|栋|幢|座|楼|层|室|单元|弄|房|组|区|门)"
_HOUSE = r"[\u4e00-\u9fff]{2,10}?(?:大厦|大楼|广场|中心|园区|科创园|商务楼|公寓|小区|花园|园)"
#: The rest of an address behind its street: number, building, floor, room, in any order.
_TAIL = rf"(?:\s?{_INSIDE}|{_HOUSE}(?={_INSIDE}|[^\u4e00-\u9fff]|$)|\s?\d{{3,4}}(?!\d|年|[a-z%℃]))*"
_STREET = r"[\u4e00-\u9fff]{1,6}?(?:大道|路|街|巷|胡同|里弄|村)"
_PATTERNS = (
    # 长征路88号3幢201室; 路 alone is a word, the number makes it a street. 2号线 and 3号炉 are none.
    re.compile(rf"{_STREET}(?:[\u4e00-\u9fff]{{0,3}})\s?{_NUMBER}\s?(?:号|弄)(?![线炉机炼泵车井矿堆])(?:\s?{_TAIL})"),
    re.compile(rf"{_STREET}\s?\d{{1,5}}(?:\s?{_INSIDE}){{1,5}}(?:\s?\d{{3,4}})?"),
    re.compile(rf"{_STREET}[与和、]{_STREET}(?:的)?(?:交叉口|交汇处|交界处|路口)"),
    # A building with a room or floor of its own.
    re.compile(
        r"[\u4e00-\u9fff]{2,8}?(?:大厦|广场|科技园|产业园|创业园|软件园|商务楼|公寓|写字楼|小区|花园|家园|新村)"
        rf"(?:{_INSIDE}(?:\s?{_INSIDE}){{0,4}}(?:\s?\d{{3,4}})?|\s?[a-z]?\d{{3,4}}(?!\d|[年a-z%℃吨台套个件平米]))"
    ),
    re.compile(
        r"(?:(?:room|rm\.?|building|floor|no\.?|unit)\s?\d{1,5}[a-z]?,?\s){0,3}\d{0,5}\s?[a-z]{2,20}(?:\s[a-z]{2,20}){0,2}?"
        r"\s(?:road|rd|street|st|avenue|ave|lane|highway)\b\.?(?:,\s?[a-z ]{2,20})?(?:\s?\d{6})?"
    ),
)
_CUES = ("地址", "办公地点", "办公室在", "公司位于", "厂址", "住址", "收件", "邮寄", "寄到", "寄至", "寄往", "坐标")
_FILLERS = ":：在是为 "
_POSTAL = ("邮编", "邮政编码", "邮码", "zip")
_POSTAL_LENGTH = 6
_AREAS = ("省", "市", "区", "县", "自治州")
#: Without one of these no pattern needs to look.
_SIGNS = ("路", "街", "道", "巷", "村", "弄", "厦", "园", "广场", "胡同", "公寓", "楼", "小区")
_ENDS = "，,。；;！!？?（(\n、〔"
#: Words before a street that are none of its name.
_BEFORE = ("样件寄", "位于", "在", "寄", "到", "至", "去", "来", "于", "往", "址", "导航", "点", ":", "是")
#: Ways that are no streets, whatever number follows: 电路3号节点.
_NO_STREETS = (
    *("电路", "管路", "道路", "铁路", "线路", "油路", "水路", "气路", "回路", "公路", "思路", "通路", "光路", "旁路"),
    *("支路", "网路", "链路", "巷道", "马路", "风路", "磁路", "套路", "出路"),
)
_LONGEST = 60


def addresses(reading: Reading) -> Iterator[Finding]:
    """The addresses of a text."""
    text = reading.text
    if any(each in text for each in _SIGNS):
        for pattern in _PATTERNS[:-1]:
            for match in pattern.finditer(text):
                if any(each in match.group() for each in _NO_STREETS):
                    continue
                start = _after_area(text, match.start(), match.end())
                yield reading.found(FindingKind.ADDRESS, start, match.end())
    if any(each in text for each in ("road", "rd", "street", "st", "ave", "lane", "highway")):
        for match in _PATTERNS[-1].finditer(text):
            if any(each.isdigit() for each in match.group()):
                yield reading.found(FindingKind.ADDRESS, match.start(), match.end())
    yield from _after_words(reading)


def _after_area(text: str, start: int, end: int) -> int:
    """Where an address begins: behind its town and district, and behind the words that lead to it."""
    found = start
    street = next((i for i in range(start, end) if text[i] in "路街巷道村厦园" and i > start), end)
    for each in (*_AREAS, *_BEFORE, "镇", "开发区"):
        place = text.rfind(each, start, street)
        if place >= 0 and place + len(each) < street:
            found = max(found, place + len(each))
    return found


def _after_words(reading: Reading) -> Iterator[Finding]:
    """What stands behind 地址 to the end of the clause, from below the district on; postal codes."""
    text = reading.text
    for cue in _CUES:
        place = text.find(cue)
        while place >= 0:
            start = place + len(cue)
            led = start
            while led < len(text) and text[led] in _FILLERS:
                led += 1
            if led > start or cue in ("寄到", "寄至", "寄往", "公司位于", "办公室在"):
                end = next((i for i in range(led, min(len(text), led + _LONGEST)) if text[i] in _ENDS), None)
                end = min(len(text), led + _LONGEST) if end is None else end
                areas = ((text.rfind(each, led, end), each) for each in _AREAS)
                first = max((area + len(each) for area, each in areas if area >= 0), default=led)
                before_mark = text.startswith(f"〔{FindingKind.ADDRESS.label}略〕", end)
                if end - first >= 2 and not before_mark and (is_han(text[first]) or text[first].isalnum()):
                    yield reading.found(FindingKind.ADDRESS, first, end)
            place = text.find(cue, start)
    postal = Leads(text, _POSTAL, _FILLERS)
    for window in windows(text, least=_POSTAL_LENGTH, most=_POSTAL_LENGTH):
        if postal.before(window.start) is not None:
            yield reading.found(FindingKind.ADDRESS, window.start, window.end)
