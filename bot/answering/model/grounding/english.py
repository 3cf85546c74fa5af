"""English sentences against Chinese quotes: what can be compared without a translation.

Compared: figures by value, percentages, ISO dates, Han names and Latin names, words of status, negations
and absolutes. Not compared: whether the words around them say the same, and names that were translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from bot.answering.model.grounding.claims import ABSOLUTES, NEGATION
from bot.answering.model.grounding.records import Evidence, Objection, Rule
from bot.answering.model.grounding.text import squeezed
from bot.text.figures import FigureKind, parse_figures
from bot.text.relative_time import resolve_relative_time
from bot.text.status import read_status
from bot.types import Status

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_NUMBER_WORDS: dict[str, Decimal] = {word: Decimal(value) for value, word in enumerate(_WORDS)} | {
    word: Decimal(value)
    for word, value in zip(
        ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "half", "dozen"),
        ("30", "40", "50", "60", "70", "80", "90", "100", "0.5", "12"),
        strict=True,
    )
}
_SCALES = {"thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9}
_FIGURE = re.compile(
    r"(?P<date>(?:19|20)\d{2}-\d{2}(?:-\d{2})?)"
    r"|(?P<number>\d[\d,]*(?:\.\d+)?)(?:\s*(?P<scale>thousand|million|billion|bn|k|m)\b)?"
    r"(?P<rest>\s*(?:%|percent|per cent|-?\s*(?:years?|months?|weeks?|days?|hours?|minutes?)\b))?"
    r"|\b(?P<word>" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)  # fmt: skip
_MONTH_NAMES = "January February March April May June July August September October November December".split()
_MONTHS = re.compile(r"\b(?:" + "|".join(_MONTH_NAMES) + r")\b(?=[ ,]*\d)")
_HAN = re.compile(r"[\u3400-\u9fff]+")
#: Latin words of ordinary English that begin with a capital without naming anything.
_UPPER = re.compile(r"\b(?:[A-Z]{2,}[A-Za-z0-9]*|[a-z]*[A-Z][a-z]*[A-Z][A-Za-z]*|[A-Za-z]+\d[A-Za-z0-9]*)\b")
_COMMON_UPPER = frozenset({"RMB", "CNY", "OK", "PRC", "IT"})
_NOT_YET = re.compile(
    r"plan|intend|will\b|propos|draft|consult|not yet|under construction|being (?:built|set up|developed)"
    r"|pilot|trial|expect|upcoming|expired|no longer|former|superseded|replaced|building|setting up",
    re.IGNORECASE,
)
_STATUSES = frozenset(
    {Status.DRAFT, Status.PLANNED, Status.UNDER_CONSTRUCTION, Status.PILOT, Status.EXPIRED, Status.SUPERSEDED}
)
_NEGATED = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|can't|won't|isn't|aren't|doesn't|don't|except|excluding"
    r"|prohibit\w*|forbid\w*)\b(?!\s+(?:more|less|exceed\w*|only|later|yet)\b)",
    re.IGNORECASE,
)
#: English absolutes, in the order of the Chinese groups they correspond to.
_ENGLISH_ABSOLUTES: tuple[tuple[re.Pattern[str], tuple[int, ...]], ...] = (
    (re.compile(r"\b(?:all|any|entire|always)\b", re.IGNORECASE), (0,)),
    (re.compile(r"\b(?:every|each)\b", re.IGNORECASE), (0, 1)),
    (re.compile(r"\b(?:must|required|shall|mandatory|obliged)\b", re.IGNORECASE), (2,)),
    (re.compile(r"\b(?:guarantee\w*|ensure\w*|certain(?:ly)?|definitely|promise\w*)\b", re.IGNORECASE), (3,)),
    (re.compile(r"\bfree(?:\s+of\s+charge)?\b", re.IGNORECASE), (4,)),
    (re.compile(r"\b(?:unconditional\w*|unlimited|no\s+(?:limit|condition|need)\w*)\b", re.IGNORECASE), (5, 6)),
    (re.compile(r"\bonly\b(?!\s+(?:planned|a\b|on\b|at\b|in\b|drafted|expected))", re.IGNORECASE), (7,)),
    (re.compile(r"\b(?:exclusive\w*|sole(?:ly)?)\b", re.IGNORECASE), (7,)),
    (re.compile(r"\b(?:permanent\w*|forever|anytime)\b", re.IGNORECASE), (10,)),
    (re.compile(r"\b(?:automatic\w*|immediate\w*|instant\w*)\b", re.IGNORECASE), (11,)),
)  # fmt: skip
_LIMIT = re.compile(
    r"up to|at most|maximum|max\.|no more than|not more than|not exceed\w*|capped|limit|within|no longer than|ceiling",
    re.IGNORECASE,
)
_ZH_LIMIT = re.compile(r"最高|最多|最长|不超过|至多|上限|以内|封顶|不得超过")
_RENT_FREE = re.compile(r"rent-free|free rent|free of rent", re.IGNORECASE)


def is_english(text: str) -> bool:
    """Whether ``text`` is written in English: at least three Latin words and no Han clause.

    >>> is_english("How much can a joint project get?"), is_english("AI 暑校有多少人")
    (True, False)
    """
    words = re.findall(r"[A-Za-z]{2,}", text)
    return len(words) >= 3 and sum(len(run) for run in _HAN.findall(text)) < len(words)


def english_objections(sentence: str, cited: Iterable[Evidence]) -> Iterator[Objection]:
    """What of an English ``sentence`` (without markers) the cited Chinese quotes do not bear."""
    cited = tuple(cited)
    joined = "\n".join(item.text for item in cited)
    yield from _figures(sentence, cited, joined)
    source = squeezed(f"{joined} {' '.join(item.title for item in cited)}")
    for run in _HAN.findall(sentence):
        if squeezed(run) not in source:
            yield Objection(Rule.NAME, run)
    for word in _UPPER.findall(sentence):
        if word not in _COMMON_UPPER and squeezed(word) not in source:
            yield Objection(Rule.LATIN, word)
    for address in re.findall(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.\S+", sentence):
        if squeezed(address.rstrip(".,;)")) not in source:
            yield Objection(Rule.ADDRESS, address)
    yield from _claims(sentence, cited, joined)


def _figures(sentence: str, cited: tuple[Evidence, ...], joined: str) -> Iterator[Objection]:
    numbers, percents, dates = _stated(cited)
    for match in _FIGURE.finditer(_HAN.sub(" ", sentence)):
        if match["date"]:
            if match["date"] not in dates:
                yield Objection(Rule.FIGURE, match.group())
            continue
        if match["word"]:
            value = _NUMBER_WORDS[match["word"].lower()]
            if value == 1 or value in numbers | percents:
                continue
            yield Objection(Rule.FIGURE, match.group())
            continue
        value = Decimal(match["number"].replace(",", "")) * _SCALES.get((match["scale"] or "").lower(), 1)
        percent = bool(match["rest"] and re.search(r"%|per", match["rest"]))
        if value not in (percents if percent else numbers):
            yield Objection(Rule.FIGURE, match.group())
        elif not percent and _money(value, cited) and bool(_ZH_LIMIT.search(joined)) > bool(_LIMIT.search(sentence)):
            yield Objection(Rule.BOUND, match.group())
    for match in _MONTHS.finditer(sentence):
        month = f"-{_MONTH_NAMES.index(match.group()) + 1:02d}"
        if not any(month in date for date in dates):
            yield Objection(Rule.FIGURE, match.group())


def _stated(cited: tuple[Evidence, ...]) -> tuple[frozenset[Decimal], frozenset[Decimal], frozenset[str]]:
    """Values, percentages and dates (with their coarser parts) that the quotes state."""
    numbers: set[Decimal] = set()
    percents: set[Decimal] = set()
    dates: set[str] = set()
    for item in cited:
        for time in resolve_relative_time(item.text, item.date):
            numbers.add(Decimal(time.year))
        for figure in parse_figures(item.text):
            if isinstance(figure.value, Decimal):
                (percents if figure.kind is FigureKind.PERCENT else numbers).add(figure.value)
                if figure.kind is FigureKind.DURATION:
                    # 5 周 is kept in days; English may tell the weeks, as written.
                    numbers.update(_digits(figure.text))
            elif figure.kind is FigureKind.DATE:
                parts = str(figure.value).split("-")
                dates.update("-".join(parts[:count]) for count in range(1, len(parts) + 1))
                numbers.update(Decimal(part) for part in parts if part)
            else:
                numbers.update(_digits(figure.text))
    return frozenset(numbers), frozenset(percents), frozenset(dates)


def _digits(text: str) -> set[Decimal]:
    return {Decimal(digits) for digits in re.findall(r"\d+", text.replace(",", ""))}


def _money(value: Decimal, cited: tuple[Evidence, ...]) -> bool:
    return any(
        figure.kind is FigureKind.MONEY and figure.value == value
        for item in cited
        for figure in parse_figures(item.text)
    )


def _claims(sentence: str, cited: tuple[Evidence, ...], joined: str) -> Iterator[Objection]:
    statuses = {read_status(item.text) for item in cited} | {item.status for item in cited}
    if statuses & _STATUSES and not _NOT_YET.search(sentence):
        yield Objection(Rule.STATUS, "the quote tells a plan, a draft or a trial")
    negated = _NEGATED.search(sentence)
    if negated and not NEGATION.search(joined):
        yield Objection(Rule.NEGATION, negated.group())
    if NEGATION.search(joined) and not (negated or _RENT_FREE.search(sentence)) and _only_negated(joined):
        yield Objection(Rule.NEGATION, "the quote is a negation")
    for pattern, groups in _ENGLISH_ABSOLUTES:
        claimed = pattern.search(_RENT_FREE.sub(" ", sentence))
        if claimed and not any(ABSOLUTES[group].search(joined) for group in groups):
            yield Objection(Rule.ABSOLUTE, claimed.group())


def _only_negated(joined: str) -> bool:
    """Whether every clause with content in the quotes is negated, so that nothing positive can be told."""
    parts = [part for part in re.split(r"[，。；\n]", joined) if len(part.strip()) > 3]
    return bool(parts) and all(NEGATION.search(part) for part in parts)
