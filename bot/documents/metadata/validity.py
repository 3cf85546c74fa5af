"""How long a document itself holds, as printed and as a last valid day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.documents.dates import DAY, Term, days_later, iso_date, last_day
from bot.documents.metadata.clauses import Sentence, is_own, sentences
from bot.documents.metadata.source import Found, Label, Labelled, Source, quote_of
from bot.text.numerals import parse_number
from bot.types.documents import Validity, ValidityBasis

_S = r"\s{0,2}"
_COUNT = r"(?:\d{1,3}|[一二三四五六七八九十两]{1,3})"
_AND = rf"{_S}[零又]?{_S}"
#: 3年, 两年半, 3年零6个月: read whole or not at all.
_TERM = (
    rf"(?>(?={_COUNT}{_S}(?:年|个月|[日天]))(?:(?P<years>{_COUNT}){_S}年(?P<half>{_S}半)?)?"
    rf"(?:{_AND}(?P<months>{_COUNT}){_S}个月)?(?:{_AND}(?P<days>{_COUNT}){_S}[日天])?)(?!度|内|以上|以下)"
)
_FROM = rf"(?:自|从)?{_S}(?P<since>{DAY}|[\u4e00-\u9fff]{{2,6}}之日){_S}(?:起|开始)?{_S}(?:计算)?[，,]?{_S}"
_IS = rf"{_S}[:：]?{_S}(?:暂定)?(?:为|是)?{_S}"
_TO = rf"(?:至|到|截至|截止至|截止到|截止|止于|[-—–~～]){_S}(?P<until>{DAY})"
_NAMES = r"有效期限?|(?:试行|暂行|实施|施行|执行|适用)(?:期限?|时间|有效期)"
#: Each tells a term or a last day; what it is said of is looked at by :func:`is_own`.
_STATEMENTS = (
    re.compile(rf"(?:{_NAMES}){_IS}(?:{_FROM})?(?:{_TO}|{_TERM})"),
    re.compile(rf"(?:试行|暂行)(?:{_TERM}|{_TO})"),
    re.compile(rf"(?:执行|施行|实施|有效){_S}(?:{_TO}|[，,]{_S}至{_S}(?P<until2>{DAY}){_S}止)"),
    re.compile(rf"(?:自|从){_S}(?P<since>{DAY}){_S}起?{_S}{_TO}{_S}(?:止|期间)?{_S}(?:有效|施行|实施|执行)"),
)
#: 自…失效 and …起失效 name the first day on which it no longer holds, 至…失效 the last on which it does.
_ENDS = re.compile(
    rf"(?:(?P<from>自|从)|于|到|至)?{_S}(?P<until>{DAY}){_S}(?P<onward>起)?{_S}(?:自动|自行)?(?:失效|停止执行|终止执行)"
)
#: A call of one round ends with its last day for applications.
_ROUND = re.compile(
    rf"本(?:批次|批|轮|次|期|年度)[^。；]{{0,40}}?(?:(?:截止|截至)[^。；，]{{0,12}}?(?P<until>{DAY})|(?P<until2>{DAY})[^。；，]{{0,8}}截止)"
)
_WORDS = re.compile(r"有效|期|试行|暂行|[执施]行|实施|失效|截止|截至")


def find_validity(source: Source, effective: str | None, issued: str | None) -> Found[Validity] | None:
    """How long the document holds; ``None`` where it says nothing or several different things.

    A last day in the box goes before one in the text, a stated day before one counted from a term. A term counts
    from the first day in force, or from the day of issue where no other is known.
    """
    for labelled in source.values(Label.EXPIRES):
        until = iso_date(labelled.value)
        if until:
            return _boxed(labelled, Validity(ValidityBasis.STATED, labelled.value, until, effective))
    found = [*_entries(source, effective, issued), *_stated(source, effective, issued)]
    stated = [each for each in found if each.value.basis is ValidityBasis.STATED]
    if stated:
        return stated[0] if len({each.value.until for each in stated}) == 1 else None
    return next(iter(found), None)


def _boxed(labelled: Labelled, made: Validity) -> Found[Validity]:
    validity = replace(made, text=labelled.value, start=labelled.start, end=labelled.end)
    return Found(validity, labelled.quote("valid_until"))


def _entries(source: Source, effective: str | None, issued: str | None) -> Iterator[Found[Validity]]:
    for labelled in source.values(Label.VALIDITY):
        match = _STATEMENTS[0].search(f"有效期{labelled.value}")
        if match:
            yield _boxed(labelled, _validity(match, effective, issued))


def _stated(source: Source, effective: str | None, issued: str | None) -> Iterator[Found[Validity]]:
    for line in source.lines:
        if not _WORDS.search(line.text):
            continue
        for sentence in sentences(line):
            for match in _statements(sentence):
                start = sentence.start + match.start()
                quote = quote_of("valid_until", line, start, start + len(match.group()))
                made = _validity(match, effective, issued)
                yield Found(replace(made, start=quote.start, end=quote.end), quote)


def _statements(sentence: Sentence) -> Iterator[re.Match[str]]:
    """The statements of a sentence on the document itself, none within another."""
    end = 0
    for pattern in _STATEMENTS:
        for match in pattern.finditer(sentence.text, end):
            if is_own(sentence, match.start()):
                end = match.end()
                yield match
    if end == 0:
        for match in _ENDS.finditer(sentence.text):
            if is_own(sentence, match.start()):
                yield match
        yield from _ROUND.finditer(sentence.text)


def _validity(match: re.Match[str], effective: str | None, issued: str | None) -> Validity:
    parts = match.groupdict()
    since = (iso_date(parts["since"]) if parts.get("since") else None) or effective
    until = parts.get("until") or parts.get("until2")
    if until:
        last = iso_date(until)
        if last and (parts.get("from") or parts.get("onward")):
            last = days_later(last, -1)
        return Validity(ValidityBasis.STATED, match.group(), last, since)
    begin = since or issued
    if begin is None or len(begin) < len("2025-01-01"):
        return Validity(ValidityBasis.UNKNOWN_START, match.group())
    basis = ValidityBasis.FROM_EFFECT if since else ValidityBasis.FROM_ISSUE
    return Validity(basis, match.group(), last_day(begin, _term(parts)), begin)


def _term(parts: Mapping[str, str | None]) -> Term:
    years, months, days = (int(parse_number(parts[name] or "零")) for name in ("years", "months", "days"))
    return Term(years, months + 6 if parts["half"] else months, days)
