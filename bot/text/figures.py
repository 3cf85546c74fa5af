"""Figures of Chinese official text: amounts, percentages, dates, durations, counts, phones, numbers.

A figure is compared by kind, value and unit, so that ``50万元`` equals ``500,000元`` and ``六个月``
equals ``6 个月``. Values are exact: numbers are :class:`decimal.Decimal`, dates and identifiers text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from bot.text.numerals import CHINESE_NUMERAL, FORMAL_DIGIT, parse_number


class FigureKind(StrEnum):
    """What a figure counts."""

    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    DURATION = "duration"
    COUNT = "count"
    GRADE = "grade"
    PHONE = "phone"
    DOCUMENT_NUMBER = "document_number"
    NUMBER = "number"


#: What two equal figures share: kind, value and unit.
FigureKey = tuple[FigureKind, Decimal | str, str]


@dataclass(frozen=True, slots=True)
class ParsedFigure:
    """A figure at ``start:end`` of the parsed text.

    ``value`` is a :class:`Decimal` in ``unit`` (money in 元 or a foreign currency, durations in 月, 天,
    小时, 分钟), or text: an ISO date (``2025``, ``2025-05``, ``2025-05-28``, ``--05-28``), a phone number
    (``021-52564588-12``: area, number, extension), a document number in one spelling (``甲科〔2024〕14号``). A day that
    no calendar has (2025年13月) is a ``NUMBER`` as it is printed.
    """

    kind: FigureKind
    text: str
    start: int
    end: int
    value: Decimal | str
    unit: str

    @property
    def key(self) -> FigureKey:
        """What two equal figures share."""
        return (self.kind, self.value, self.unit)


# White space and numbers are never given back in part: a long run of either is read once.
_S = r"[ \u00a0\u3000]*+"
_ARABIC = r"(?>(?:\d{1,3}(?:,\d{3}){1,9}+(?!\d)|\d+)(?:\.\d+)?)"
_SCALE = r"(?:百万|千万|百亿|千亿|万亿|[万亿千百])"
_NUMBER = rf"(?:{_ARABIC}(?:{_S}{_SCALE})?|{CHINESE_NUMERAL})"
_ABOUT = rf"{_S}(?:余|多|几|来)?{_S}"

CURRENCIES = ("元", "美元", "欧元", "英镑", "港元", "日元", "新加坡元", "韩元", "卢布", "第纳尔", "谢克尔")
#: Months and days are not converted into one another: their ratio is not fixed.
DURATION_UNITS: dict[str, tuple[str, Decimal]] = {
    "个工作日": ("工作日", Decimal(1)),
    "工作日": ("工作日", Decimal(1)),
    "个自然日": ("天", Decimal(1)),
    "个月": ("月", Decimal(1)),
    "个季度": ("月", Decimal(3)),
    "周年": ("月", Decimal(12)),
    "年": ("月", Decimal(12)),
    "周": ("天", Decimal(7)),
    "个星期": ("天", Decimal(7)),
    "星期": ("天", Decimal(7)),
    "天": ("天", Decimal(1)),
    "日": ("天", Decimal(1)),
    "个小时": ("小时", Decimal(1)),
    "小时": ("小时", Decimal(1)),
    "分钟": ("分钟", Decimal(1)),
}
#: Measure words that count things, and what may stand for the same: 三家企业, 3 个企业.
COUNT_UNITS = (
    "平方米 平方公里 公里 千米 毫升 毫米 厘米 公斤 千克 亿次 人次 万次 市 区 县 省 国 街镇 街道 "
    "个 家 名 人 项 次 场 款 种 条 所 位 张 套 间 户 台 轮 批 支 只 件 篇 类 大 期 院 层 亩 吨 米 克 "
    "度 倍 辆 架 艘 栋 幢 座 处 份 门 站 部 本 例 宗 笔 组 对 片 块 股 队 万人 强 环 步 点 字 页 周岁 岁 元人"
).split()
_COUNT = "|".join(sorted(map(re.escape, COUNT_UNITS), key=len, reverse=True))
_DURATION = "|".join(sorted(map(re.escape, DURATION_UNITS), key=len, reverse=True))
_CURRENCY = "|".join(sorted(CURRENCIES, key=len, reverse=True))
_YEAR = r"(?:19|20)\d{2}"
_AREA = r"(?:010|02\d|0\d{3})"
_CN_DIGITS = "〇零○一二三四五六七八九"

#: A measure word that begins another word measures nothing (12345市民热线).
_NO_MEASURE = r"(?!性|化|是|旦|体|时|别|月|工作日|星期|小时|季度|(?<=[人市])民|(?<=人)力)"

#: Units and sentences are read for many questions: so many texts of so many characters are kept read.
_REMEMBERED_TEXTS, _REMEMBERED_CHARACTERS = 8_192, 600
#: A long question is read for every unit it is held against: the last few are kept too.
_LATELY_TEXTS, _LATELY_CHARACTERS = 16, 4_000
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("document_number", rf"(?P<issuer>[\u4e00-\u9fff]{{2,12}})[〔\[［（(【](?P<year>{_YEAR})[〕\]］）)】]{_S}第?{_S}(?P<serial>\d+){_S}号"),
    ("document_number", rf"第{_S}(?P<alone>\d{{3,}}){_S}号"),
    ("date", rf"(?P<y1>{_YEAR}){_S}年{_S}(?P<m1>\d{{1,2}}){_S}月(?:{_S}(?P<d1>\d{{1,2}}){_S}[日号])?"),
    ("date", rf"(?P<y2>{_YEAR})[-/.](?P<m2>\d{{1,2}})[-/.](?P<d2>\d{{1,2}})(?!\d)"),
    ("date", rf"(?P<y3>[{_CN_DIGITS}]{{4}})年(?:(?P<m3>[一二三四五六七八九十]{{1,2}})月(?:(?P<d3>[一二三四五六七八九十]{{1,3}})日)?)?"),
    ("date", rf"(?P<y4>{_YEAR}){_S}年"),
    ("date", rf"(?<![\d.])(?P<m5>\d{{1,2}}){_S}月{_S}(?P<d5>\d{{1,2}}){_S}[日号]"),
    ("date", rf"(?<![\d.个])(?P<m6>\d{{1,2}}){_S}月(?:份|底|初|中旬|上旬|下旬)?(?![\d个])"),
    ("phone", rf"(?<![\d.])(?:(?:[(（]{_S}(?P<bracketed_area>{_AREA}){_S}[)）]|(?P<area>{_AREA}))[- －—]?)?(?P<line>[2-9]\d{{6,7}})(?:(?:-|转)(?P<extension>\d{{1,6}}))?(?!{_S}[\d.万亿元%％])"),
    ("phone", rf"(?<!\d)(?:1[3-9]\d{{9}}|[48]00[- ]?\d{{3,4}}[- ]?\d{{3,4}})(?!\d|{_S}[万亿元])"),
    ("phone", r"(?:(?<=热线)|(?<=电话)|(?<=拨打)|(?<=客服)|(?<=热线[：:是为“])|(?<=电话[：:是为“]))\d{5}(?![\d.万亿元%％])"),
    ("percent", rf"(?P<parts_of>[百千万])分之{_S}(?P<parts>{_NUMBER})"),
    ("percent", rf"(?P<share>{_NUMBER}){_S}(?P<sign>%|％|‰|个百分点)"),
    ("money", rf"(?P<amount>{_NUMBER}|{FORMAL_DIGIT}){_ABOUT}(?P<scale>万|亿)?(?P<currency>{_CURRENCY})(?!素|件|宵|旦|宇|老|首)"),
    ("money", rf"[¥￥]{_S}(?P<yuan>{_NUMBER})"),
    ("half", rf"(?:(?P<wholes>{_NUMBER}){_S}(?P<and_half>年半|天半|个半月|个半小时)|(?P<half>半年|半个月|半天|半小时))(?![数导])"),
    ("duration", rf"(?P<length>{_NUMBER}){_ABOUT}(?P<span>{_DURATION})(?!岁|级|轻|产|均|报|会|货|程|志|常|益)"),
    ("grade", rf"(?P<grade>{_NUMBER}){_S}星(?:级)?"),
    ("ordinal", rf"第{_S}(?P<ordinal>{_NUMBER}){_S}(?P<ordinal_unit>{_DURATION}|{_COUNT}|届|章|版|季度|代){_NO_MEASURE}"),
    ("ordinal", rf"(?P<session>{CHINESE_NUMERAL})届"),
    ("count", rf"(?P<count>{_NUMBER}){_ABOUT}(?P<measure>{_COUNT}){_NO_MEASURE}"),
    ("spelt", rf"(?P<spelt>{CHINESE_NUMERAL})(?P<miles>[一-龥]?里)?"),
    ("number", rf"(?<![A-Za-z\d.])(?P<number>{_ARABIC}(?:{_S}{_SCALE})?)(?:{_S}(?P<tail>号楼|号|室|弄|楼))?"),
)  # fmt: skip
_FIGURE = re.compile("|".join(f"(?P<k{i}>{pattern})" for i, (_, pattern) in enumerate(_PATTERNS)))
_PARTS = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
#: A half of a span; half an hour is told in minutes.
_HALVED = {"年": ("月", 12), "个月": ("月", 1), "天": ("天", 1), "小时": ("分钟", 60), "个小时": ("分钟", 60)}
#: Words that stand before an issuer's name, not in it.
_BEFORE_ISSUER = re.compile(r"^(?:.*(?:依据|根据|按照|参照|依照|遵照|执行|详见|参见|印发|通知)|[见按据])(?=.)")
#: Chinese numerals that are words, not counts: 一个 in 一个重要 is kept out, 第一资源, 一批, 一系列 too.
_INDEFINITE = re.compile(
    r"^一(?:个|批|项|种|支|次|名|位|家|件|条|步|点|类|大|部|块|对|度|人|本|组|张|套|场|处|份|款|期|区|市)$"
)


def parse_figures(text: str) -> tuple[ParsedFigure, ...]:
    """All figures of ``text`` in order, never overlapping.

    >>> [(f.text, str(f.value), f.unit) for f in parse_figures("最高不超过50万元，最长6个月")]
    [('50万元', '500000', '元'), ('6个月', '6', '月')]
    """
    if len(text) <= _REMEMBERED_CHARACTERS:
        return _remembered(text)
    return _lately(text) if len(text) <= _LATELY_CHARACTERS else tuple(_figures(text))


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def _remembered(text: str) -> tuple[ParsedFigure, ...]:
    return tuple(_figures(text))


@lru_cache(maxsize=_LATELY_TEXTS)
def _lately(text: str) -> tuple[ParsedFigure, ...]:
    return tuple(_figures(text))


def figure_keys(text: str) -> frozenset[FigureKey]:
    """The comparable parts of every figure in ``text``, dates also by their coarser parts."""
    keys = set()
    for figure in parse_figures(text):
        keys.add(figure.key)
        if figure.kind is FigureKind.DATE:
            keys.update((FigureKind.DATE, part, "") for part in _coarser(str(figure.value)))
    return frozenset(keys)


_ASKED_MEASURE = re.compile(rf"(?:多少|几)(?P<measure>{_COUNT})")


def measure_after(question: str) -> str:
    """The measure word a question counts with (多少家 → 家), empty without one."""
    match = _ASKED_MEASURE.search(question)
    return match["measure"] if match else ""


def stands_in(figure: ParsedFigure, source: str) -> bool:
    """Whether ``source`` states the same figure (same kind, value and unit)."""
    keys = figure_keys(source)
    if figure.key in keys:
        return True
    alike = [value for kind, value, _ in keys if kind is figure.kind]
    if figure.kind is FigureKind.DOCUMENT_NUMBER:
        return any(_same_document(str(figure.value), str(value)) for value in alike)
    if figure.kind is FigureKind.PHONE:
        # The source may print the area before it, and no more than that.
        return any(re.fullmatch(rf"{_AREA}-{re.escape(str(figure.value))}", str(value)) for value in alike)
    if figure.kind in (FigureKind.NUMBER, FigureKind.COUNT):
        # "219 项" told as "219": the bare number may stand for a counted one, not the other way round.
        if figure.unit == "":
            return any(value == figure.value for _, value, _ in keys)
        units = next((group for group in SAME_MEASURES if figure.unit in group), frozenset())
        return any(value == figure.value and unit in units for kind, value, unit in keys if kind is figure.kind)
    return False


#: Measure words that stand for one another: 三家企业, 3 个企业; 两名专家, 2 位专家.
SAME_MEASURES = (
    frozenset(("个", "家", "项", "所", "款", "种")),
    frozenset(("名", "人", "位")),
    frozenset(("岁", "周岁")),
)


def _same_document(one: str, other: str) -> bool:
    """Whether two numbers are one: words before the issuer's name may run into it, so they are read from the right."""
    return one.endswith(other) or other.endswith(one)


def _coarser(date: str) -> Iterator[str]:
    if date.startswith("--"):
        if len(date) > 4:
            yield date[:4]
        return
    parts = date.split("-")
    yield parts[0]
    if len(parts) > 1:
        yield "-".join(parts[:2])
        yield f"--{parts[1]}"
    if len(parts) > 2:
        yield f"--{parts[1]}-{parts[2]}"


def _figures(text: str) -> Iterator[ParsedFigure]:
    for match in _FIGURE.finditer(text):
        kind, _ = _PATTERNS[int(str(match.lastgroup)[1:])]
        read = _READERS[kind](match.groupdict(""), match.group())
        if read is not None:
            yield ParsedFigure(read[0], match.group(), match.start(), match.end(), read[1], read[2])


def _document_number(group: Mapping[str, str], printed: str) -> FigureKey:
    if group["alone"]:
        return FigureKind.DOCUMENT_NUMBER, f"第{group['alone']}号", ""
    issuer = _BEFORE_ISSUER.sub("", group["issuer"])
    return FigureKind.DOCUMENT_NUMBER, f"{issuer}〔{group['year']}〕{group['serial']}号", ""


def _date(group: Mapping[str, str], printed: str) -> FigureKey:
    year = group["y1"] or group["y2"] or group["y4"]
    month = group["m1"] or group["m2"] or group["m5"] or group["m6"]
    day = group["d1"] or group["d2"] or group["d5"]
    if group["y3"]:
        year = "".join(str(max(_CN_DIGITS.index(digit) - 2, 0)) for digit in group["y3"])
        month = str(parse_number(group["m3"])) if group["m3"] else ""
        day = str(parse_number(group["d3"])) if group["d3"] else ""
    if (month and not 1 <= int(month) <= 12) or (day and not 1 <= int(day) <= 31):
        return FigureKind.NUMBER, re.sub(r"\s", "", printed), ""
    parts = [year or "-", *(f"{int(part):02d}" for part in (month, day) if part)]
    return FigureKind.DATE, "-".join(parts), ""


def _phone(group: Mapping[str, str], printed: str) -> FigureKey:
    parts = (group["area"] or group["bracketed_area"], group["line"], group["extension"])
    value = "-".join(part for part in parts if part)
    return FigureKind.PHONE, value or re.sub(r"[^\d-]", "", printed), ""


def _percent(group: Mapping[str, str], printed: str) -> FigureKey:
    if group["parts"]:
        return FigureKind.PERCENT, parse_number(group["parts"]) * 100 / _PARTS[group["parts_of"]], "%"
    value = parse_number(group["share"])
    if group["sign"] == "个百分点":
        return FigureKind.PERCENT, value, "个百分点"
    return FigureKind.PERCENT, value / 10 if group["sign"] == "‰" else value, "%"


def _money(group: Mapping[str, str], printed: str) -> FigureKey:
    if group["yuan"]:
        return FigureKind.MONEY, parse_number(group["yuan"]), "元"
    return FigureKind.MONEY, parse_number(group["amount"]) * _PARTS.get(group["scale"], 1), group["currency"]


def _half(group: Mapping[str, str], printed: str) -> FigureKey:
    unit, factor = _HALVED[(group["and_half"] or group["half"]).replace("半", "")]
    return FigureKind.DURATION, (2 * parse_number(group["wholes"] or "零") + 1) * factor / 2, unit


def _duration(group: Mapping[str, str], printed: str) -> FigureKey:
    unit, factor = DURATION_UNITS[group["span"]]
    return FigureKind.DURATION, parse_number(group["length"]) * factor, unit


def _grade(group: Mapping[str, str], printed: str) -> FigureKey:
    return FigureKind.GRADE, parse_number(group["grade"]), "星级"


def _ordinal(group: Mapping[str, str], printed: str) -> FigureKey:
    value = parse_number(group["ordinal"] or group["session"])
    return FigureKind.GRADE, value, f"第{group['ordinal_unit'] or '届'}"


def _count(group: Mapping[str, str], printed: str) -> FigureKey | None:
    if _INDEFINITE.match(printed):
        return None
    return FigureKind.COUNT, parse_number(group["count"]), group["measure"]


def _spelt(group: Mapping[str, str], printed: str) -> FigureKey | None:
    """A large number without a measure; a small one is a word, 十万八千里 a way of speaking."""
    if group["miles"] or not {"万", "亿"} & set(printed):
        return None
    return FigureKind.NUMBER, parse_number(printed), ""


def _number(group: Mapping[str, str], printed: str) -> FigureKey:
    return FigureKind.NUMBER, parse_number(group["number"]), group["tail"]


_READERS: dict[str, Callable[[Mapping[str, str], str], FigureKey | None]] = {
    "document_number": _document_number,
    "date": _date,
    "phone": _phone,
    "percent": _percent,
    "money": _money,
    "half": _half,
    "duration": _duration,
    "grade": _grade,
    "ordinal": _ordinal,
    "count": _count,
    "spelt": _spelt,
    "number": _number,
}
