"""Figures of a Chinese unit with their bounds, units and rates, told in English by code.

A bound is said of the figure it stands at and travels with it: 最高不超过50万元 is "up to RMB 500,000".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.answering.model.english.records import Kind, Mask
from bot.text.figures import DURATION_UNITS, FigureKind, ParsedFigure, parse_figures
from bot.text.numerals import parse_number

#: Words before a figure that bound it, by what they mean in English.
_BEFORE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("up to", ("最高不超过", "最多不超过", "最长不超过", "最高不得超过", "最高可达", "最高达", "最高",
     "最多", "最长", "最大", "上限为")),
    ("no more than", ("不得超过", "不超过", "不得高于", "不高于", "不多于", "不大于", "至多", "不超", "≤")),
    ("at least", ("不得低于", "不得少于", "不低于", "不少于", "不小于", "至少", "最低", "最少", "年满", "≥")),
    ("less than", ("不足", "不到", "未满", "不满", "低于", "少于", "小于", "<")),
    ("more than", ("已超过", "超过", "高于", "大于", "多于", "突破", "逾", "超", ">")),
    ("about", ("大约", "约")),
    ("as of", ("截至", "截止到", "截止")),
    ("each full", ("每满",)),
    ("every", ("每",)),
    ("at least", ("满",)),
    ("the first", ("前",)),
    ("nearly", ("近",)),
)  # fmt: skip
_AFTER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("or more", ("（含）以上", "(含)以上", "及以上", "以上")),
    ("or less", ("（含）以下", "(含)以下", "及以下", "以下")),
    ("within", ("以内", "之内", "内")),
    ("before", ("以前", "之前", "前")),
    ("after", ("以后", "之后", "后")),
    ("from", ("起至今", "起")),
    ("about", ("左右",)),
)
#: After these a word that seems to bound a figure begins another word.
_NOT_AFTER = re.compile(r"内(?=部|容|外|资)|前(?=期|述|款|提|沿|置)|后(?=期|续|台|方)|以上(?=所|述)|起(?=草|步|来)")
_TO = re.compile(r"[ 　]*(?:至|到|-|—|~|～|－|–)[ 　]*")
_RATE = r"(?:每[人名位户项次]?每?(?:个?(?:月|年|季度|周|日|天|小时)))"
_RATE_BEFORE = re.compile(rf"(?P<rate>{_RATE}|每[人名位户项次])$")
_RATE_AFTER = re.compile(r"[/／](?P<rate>[人月年天次户平方米]+(?:[/／][人月年天次])?)")
_PER = {
    "人": "person", "名": "person", "位": "person", "户": "household", "项": "project", "次": "time", "月": "month",
    "年": "year", "季度": "quarter", "周": "week", "日": "day", "天": "day", "小时": "hour", "平方米": "square metre",
}  # fmt: skip
_CURRENCIES = {
    "元": "RMB",
    "美元": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "港元": "HKD",
    "日元": "JPY",
    "新加坡元": "SGD",
}
_SPANS = {
    "年": "year", "周年": "year", "月": "month", "季度": "quarter", "周": "week", "星期": "week", "天": "day",
    "日": "day", "自然日": "day", "工作日": "working day", "小时": "hour", "分钟": "minute",
}  # fmt: skip
_MEASURES = {
    "平方米": "square metres", "平方公里": "square kilometres", "公里": "km", "亩": "mu", "吨": "tonnes", "倍": "times",
    "岁": "years old", "周岁": "years old",
}  # fmt: skip
_MONTHS = "January February March April May June July August September October November December".split()
_PARTS = {"上旬": "early ", "初": "early ", "中旬": "mid-", "下旬": "late ", "底": "the end of ", "末": "the end of "}
_HALVES = {"上半年": "the first half", "下半年": "the second half"}
_TIME = re.compile(r"[ 　]*(?P<hour>\d{1,2})(?:时|点|[:：])(?:(?P<minute>\d{2})分?)?(?!\d|间)")
_ONCE = {
    "第条": "Article {}",
    "第章": "Chapter {}",
    "第款": "paragraph {}",
    "第项": "item {}",
    "第年": "year {}",
    "第季度": "quarter {}",
}
_TENTHS = re.compile(r"(?P<number>[一二三四五六七八九])成(?![立果为效员本就功长])")
_PARTED = re.compile(r"(?P<whole>[二两三四五六七八九十])分之(?P<part>[一二三四五六七八九])")
_HALF = re.compile(r"一半|半数|[上下]半年")
#: 这一轮 and 同一个 point at a thing and count nothing.
_POINTING = ("这", "该", "那", "另", "某", "同", "任", "每")


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure's English without its bound."""

    kind: Kind
    english: str


def figure_masks(text: str) -> Iterator[Mask]:
    """The figures of ``text`` with all that belongs to them, in order."""
    figures = tuple(figure for figure in parse_figures(text) if not _part_of_fraction(text, figure))
    index = 0
    while index < len(figures):
        first = figures[index]
        told: _Told | None
        start, (end, told) = first.start, _told(text, first)
        index += 1
        while index < len(figures) and figures[index].start < end:
            index += 1
        joined = _range(text, first, end, figures[index] if index < len(figures) else None)
        if joined is not None:
            end, told = joined
        while index < len(figures) and figures[index].start < end:
            index += 1
        if told is not None and not (first.text.startswith("一") and text[:start].endswith(_POINTING)):
            yield _bounded(text, start, end, told)
    yield from _fractions(text)


def _part_of_fraction(text: str, figure: ParsedFigure) -> bool:
    return any(
        match.start() < figure.end and figure.start < match.end()
        for pattern in (_TENTHS, _PARTED, _HALF)
        for match in pattern.finditer(text)
    )


def _fractions(text: str) -> Iterator[Mask]:
    for match in _TENTHS.finditer(text):
        share = int(parse_number(match["number"])) * 10
        yield _bounded(text, match.start(), match.end(), _Told(Kind.FIGURE, f"{share}%"))
    for match in _PARTED.finditer(text):
        part, whole = parse_number(match["part"]), parse_number(match["whole"])
        yield _bounded(text, match.start(), match.end(), _Told(Kind.FIGURE, f"{part}/{whole}"))
    for match in _HALF.finditer(text):
        half = f"{_HALVES[match.group()]} of the year" if match.group() in _HALVES else "half"
        yield _bounded(text, match.start(), match.end(), _Told(Kind.FIGURE, half))


# --- one figure --------------------------------------------------------------------------------------


def _told(text: str, figure: ParsedFigure) -> tuple[int, _Told | None]:
    """Where the figure ends with what belongs to it, and its English."""
    value, end = figure.value, figure.end
    if figure.kind is FigureKind.DATE:
        return _date(text, figure)
    if isinstance(value, str):
        return end, _Told(Kind.ADDRESS, figure.text.strip())
    if figure.kind is FigureKind.MONEY:
        currency = _CURRENCIES.get(figure.unit)
        return end, _Told(Kind.FIGURE, f"{currency} {number(value)}") if currency else None
    if figure.kind is FigureKind.PERCENT:
        return end, _Told(
            Kind.FIGURE, f"{number(value)} percentage points" if figure.unit != "%" else f"{number(value)}%"
        )
    if figure.kind is FigureKind.DURATION:
        return end, _Told(Kind.FIGURE, _duration(text, figure, value))
    if figure.kind is FigureKind.GRADE:
        if figure.unit == "星级":
            return end, _Told(Kind.FIGURE, f"{number(value)} stars")
        return end, _Told(Kind.FIGURE, _ONCE.get(figure.unit, "No. {}").format(number(value)))
    if figure.kind is FigureKind.NUMBER and figure.text.strip().isdecimal():
        return end, _Told(Kind.FIGURE, figure.text.strip())
    unit = _MEASURES.get(figure.unit, "")
    return end, _Told(Kind.FIGURE, f"{number(value)} {unit}".strip())


def number(value: Decimal) -> str:
    """A number with its thousands marked."""
    return f"{value.normalize():,f}"


def _duration(text: str, figure: ParsedFigure, value: Decimal) -> str:
    if "半" in figure.text:
        return f"{number(value)} {_SPANS.get(figure.unit, figure.unit)}{'' if value == 1 else 's'}"
    printed = next((name for name in sorted(DURATION_UNITS, key=len, reverse=True) if figure.text.endswith(name)), "")
    unit, factor = DURATION_UNITS.get(printed, (figure.unit, Decimal(1)))
    if unit == "天" and printed == "日" and re.search(r"(?:首|每|当|次|本)月[ 　]*$", text[: figure.start]):
        return f"day {number(value)}"
    word = _SPANS.get(printed.removeprefix("个") or figure.unit, unit)
    count = value / factor
    return f"{number(count)} {word}{'' if count == 1 else 's'}"


def _date(text: str, figure: ParsedFigure) -> tuple[int, _Told]:
    end = figure.end
    year, month, day = (*str(figure.value).replace("--", "-").split("-"), "", "")[:3]
    part = next((word for word in _PARTS if figure.text.endswith(word) or text.startswith(word, end)), "")
    if part and text.startswith(part, end):
        end += len(part)
    if not month and text.startswith("度", end):
        end += 1
    half = next((word for word in _HALVES if not month and text.startswith(word, end)), "")
    if half:
        return end + len(half), _Told(Kind.DATE, f"{_HALVES[half]} of {year}")
    told = " ".join(word for word in (day.lstrip("0"), _MONTHS[int(month) - 1] if month else "", year) if word)
    time = _TIME.match(text, end)
    if time and day:
        end = time.end()
        told = f"{int(time['hour'])}:{time['minute'] or '00'} on {told}"
    return end, _Told(Kind.DATE, (_PARTS[part] if month or part in ("初", "底", "末") else "") + told if part else told)


def _range(text: str, first: ParsedFigure, end: int, second: ParsedFigure | None) -> tuple[int, _Told] | None:
    """The end and English of ``first`` to ``second`` where the two are ends of one range."""
    if second is None:
        return None
    between = _TO.fullmatch(text, end, second.start)
    close = _told(text, first)[1]
    stop, other = _told(text, second)
    if between is None or other is None or close is None:
        return None
    if first.kind is FigureKind.NUMBER and isinstance(second.value, Decimal) and isinstance(first.value, Decimal):
        if second.kind not in (FigureKind.NUMBER, FigureKind.COUNT) or first.unit == second.unit:
            # 3至5万元: the unit stands at the second figure only.
            digits = re.match(r"\d+(?:\.\d+)?", second.text)
            if digits is None or not second.value:
                return None
            if second.kind is not FigureKind.MONEY:
                return stop, _Told(other.kind, f"{number(first.value)} to {other.english}")
            low = number(first.value * second.value / Decimal(digits.group()))
            currency, _, high = other.english.partition(" ")
            return stop, _Told(other.kind, f"{currency} {low} to {high}")
        return stop, _Told(other.kind, f"{number(first.value)} to {other.english}")
    if first.kind is not second.kind:
        return None
    if first.kind is FigureKind.DATE and str(second.value).startswith("--") and not str(first.value).startswith("--"):
        # 2025年5月至7月: the year stands at the first figure only.
        other = _Told(other.kind, f"{other.english} {str(first.value)[:4]}")
    if first.kind is FigureKind.DURATION:
        low_word, _, low_unit = close.english.partition(" ")
        if low_unit.rstrip("s") == other.english.partition(" ")[2].rstrip("s"):
            return stop, _Told(Kind.FIGURE, f"{low_word} to {other.english}")
    return stop, _Told(other.kind, f"{close.english} to {other.english}")


# --- what stands around it ------------------------------------------------------------------------------


def _bounded(text: str, start: int, end: int, told: _Told) -> Mask:
    """The figure with its bounds, rate and the small words that belong to them."""
    english, rates = told.english, []
    after_rate = _RATE_AFTER.match(text, end)
    if after_rate and told.kind is Kind.FIGURE:
        rates.append(_per(after_rate["rate"]))
        end = after_rate.end()
    over = bool(re.search(r"[余多]", text[start:end])) and told.kind is Kind.FIGURE
    words: list[str] = []
    for _ in range(3):
        start, taken = _taken_before(text, start)
        if taken is None:
            break
        (rates if taken.startswith("per ") else words).append(taken)
    if not _NOT_AFTER.match(text, end):
        end, after = _word_at(_AFTER, text, end)
    else:
        after = ""
    start, after = _small_words(text, start, told.kind, after, ranged=" to " in english)
    english = " ".join((english, *rates))
    if over:
        words.append("more than")
    english = _with_words(english, words, after, told.kind)
    return Mask(start, end, told.kind, text[start:end], english, english)


def _taken_before(text: str, start: int) -> tuple[int, str | None]:
    head = text[:start].rstrip(" 　")
    rate = _RATE_BEFORE.search(head)
    if rate:
        return rate.start(), _per(rate["rate"])
    for meaning, words in _BEFORE:
        for word in words:
            if head.endswith(word) and not head.endswith(
                (
                    "附近",
                    "集约",
                    "合约",
                    "节约",
                    "签约",
                    "预约",
                    "圆满",
                    "期满",
                    "目前",
                    "当前",
                    "此前",
                    "之前",
                    "以前",
                    "提前",
                )
            ):
                return len(head) - len(word), meaning
    return start, None


def _word_at(table: tuple[tuple[str, tuple[str, ...]], ...], text: str, at: int) -> tuple[int, str]:
    for meaning, words in table:
        for word in words:
            if text.startswith(word, at):
                return at + len(word), meaning
    return at, ""


def _small_words(text: str, start: int, kind: Kind, after: str, *, ranged: bool) -> tuple[int, str]:
    """自 … 起, 至 …, 在 … 内: the word before a figure that its bound has already said."""
    head = text[:start]
    if kind is Kind.DATE and head.endswith(("自", "从")) and (after == "from" or ranged):
        return start - 1, "from"
    if kind is Kind.DATE and head.endswith(("至", "到")) and not after:
        return start - 1, "until"
    if head.endswith(("在", "于")) and after in ("within", "before", "after") and not head.endswith("处于"):
        return start - 1, after
    return start, after


def _with_words(english: str, words: list[str], after: str, kind: Kind) -> str:
    for word in words:
        if word == "nearly" and kind is Kind.FIGURE and re.search(r" (?:year|month|week|day)s?$", english):
            english = f"the last {english}"
        elif not (word == "no more than" and english.startswith("up to")):
            english = f"{word} {english}"
    if after in ("or more", "or less"):
        return f"{english} or above" if "star" in english and after == "or more" else f"{english} {after}"
    if after == "within" and english.startswith("the last"):
        return english
    return f"{after} {english}" if after else english


def _per(rate: str) -> str:
    """每人每月 as "per person per month"."""
    units = "|".join(sorted(_PER, key=len, reverse=True))
    return " ".join(f"per {_PER[unit]}" for unit in re.findall(units, rate))


def loose_rates(text: str) -> Iterator[Mask]:
    """每人每月 that stands by itself, and bounds whose figure comes later in the clause (不得超过总额的5%)."""
    for match in re.finditer(_RATE, text):
        english = _per(match.group())
        yield Mask(match.start(), match.end(), Kind.RATE, match.group(), english, english)
    for meaning, words in _BEFORE[:5]:
        several = "|".join(word for word in words if len(word) > 1)
        for match in re.finditer(rf"(?:{several})(?=[^，。；■]*■)", text):
            yield Mask(match.start(), match.end(), Kind.BOUND, match.group(), meaning, meaning)
