"""Telephone numbers in every spelling; ``phonenumbers`` has the second word on them."""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers

from bot.market.private.findings import Finding, FindingKind
from bot.market.private.reading import NUMERALS, Leads, Reading, is_latin
from bot.market.private.runs import Window, is_part_of_decimal, is_quantity, joins_closely, windows

CUES = (
    *("电话", "热线", "座机", "手机", "传真", "总机", "直线", "联系", "致电", "拨打", "来电", "手机号", "话机", "请拨"),
    *("tel", "phone", "fax", "mobile", "call", "cell", "mob", "打", "拨", "分机", "电话机", "号码", "区号"),
)
FILLERS = "号码是为打:.([【{,、至我一下请拨同或“\"'= -/+方式加人"
#: How people part eleven digits when they mean a telephone.
_MOBILE_SPLITS = frozenset(
    {(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 3, 4), (5, 6), (6, 5), (4, 7), (3, 4, 2, 2), (3, 2, 2, 2, 2)}
)
#: Marks that part the figures of a list, a range or a size as well.
_LIST_MARKS = frozenset(".,/*×~～-－—–、，")
_SIZE_MARKS = frozenset("*×/")
_SERVICE = ("400", "800")
#: Words that stand between the pieces of a number told in pieces: 一三八，后面是一二三四，再五六七八.
_BETWEEN = frozenset("后面边尾前中的是再拨接最然先打加跟连上位第段四三（）()，,、：: 　“”\"'")
_LONGEST_BETWEEN = 9
_EXTENSIONS = (
    *("转接分机号", "转接分机", "转接", "转分机号", "转分机", "转内线", "转", "分机号", "分机", "内线"),
    *("extension", "ext", "x", "#", "-"),
)
_MAX_EXTENSION = 6
#: Digits of a number without its town, with it at least, and at most.
_LOCAL, _SHORTEST, _MOST = 7, 8, 16
_SPOKEN = dict(
    zip(
        "ling yi yao er san si wu liu qi ba jiu zero one two three four five six seven eight nine".split(),
        "011234567890123456789",
        strict=True,
    )
)


def phones(reading: Reading, own: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """The telephone numbers of a text; ``own`` are digits of numbers that are private whatever stands around them."""
    texts = dict.fromkeys((reading.text, reading.digits))
    for text in texts:
        yield from _written(reading, text, own)
        yield from _in_pieces(reading, text)
    for text in texts:
        yield from _second_opinion(reading, text)
    yield from _numerals(reading)


def spoken_digits(reading: Reading) -> Reading:
    """The reading with digits told in pinyin or English (yi san jiu) as digits; three of them and more."""
    words = list(_latin_words(reading.text))
    told = [(start, end, _SPOKEN[word]) for start, end, word in words if word in _SPOKEN]
    return reading.replaced(told) if len(told) >= 3 else reading


def _latin_words(text: str) -> Iterator[tuple[int, int, str]]:
    start = 0
    while start < len(text):
        end = start
        while end < len(text) and is_latin(text[end]):
            end += 1
        if end > start:
            yield start, end, text[start:end]
        start = max(end, start) + 1


def _written(reading: Reading, text: str, own: frozenset[str]) -> Iterator[Finding]:
    past = 0
    leads = Leads(text, CUES, FILLERS)
    firsts = {"0", "1", "4", "8", *(digits[-length] for digits in own for length in (7, 8, len(digits)))}

    def begins(start: int) -> bool:
        return text[start] in firsts or leads.before(start) is not None or "+" in text[max(0, start - 2) : start]

    for window in windows(text, most=_MOST + _MAX_EXTENSION, begins=begins):
        if window.start < past:
            continue
        told = leads.before(window.start) is not None
        if _is_phone(text, window, told=told) or any(_same(window.digits, number) for number in own):
            past = _extension(text, window.end)
            yield reading.found(FindingKind.PHONE, _opening(text, window.start), past)


def _same(digits: str, number: str) -> bool:
    return len(digits) >= _LOCAL and (digits.endswith(number[-8:]) or number.endswith(digits))


def _is_phone(text: str, window: Window, *, told: bool) -> bool:
    if not told and len(window.digits) < _SHORTEST:
        return False
    if not told and (is_quantity(text, window.end) or is_part_of_decimal(window)):
        return False
    digits = window.digits
    if told and _LOCAL <= len(digits) <= _MOST and not _is_date(window) and not is_quantity(text, window.end):
        return True
    foreign = "+" in text[max(0, window.start - 2) : window.start]
    return (
        _is_mobile(digits, window, told=told)
        or _is_landline(digits, window)
        or _is_service(digits, window)
        or (foreign and 8 <= len(digits) <= 15)
        or (digits.startswith("00") and not digits.startswith("000") and 11 <= len(digits) <= 16)
    )


def _is_mobile(digits: str, window: Window, *, told: bool) -> bool:
    prefix = next((each for each in ("0086", "86", "0") if digits.startswith(each)), "")
    number, sizes = digits, window.sizes
    if len(digits) == 11 + len(prefix):
        number, sizes = digits[len(prefix) :], _without(sizes, len(prefix))
    if len(number) != 11 or number[0] != "1" or number[1] < "3":
        return False
    listed = all(gap.strip() in _LIST_MARKS for gap in window.gaps) and bool(window.gaps)
    return told or sizes in _MOBILE_SPLITS or max(sizes) == 1 or not listed


def _without(sizes: tuple[int, ...], length: int) -> tuple[int, ...]:
    if sizes and sizes[0] == length:
        return sizes[1:]
    return (sizes[0] - length, *sizes[1:]) if sizes and sizes[0] > length else sizes


def _is_landline(digits: str, window: Window) -> bool:
    if digits.startswith("86") and sum(window.sizes) >= 11 and window.sizes[0] in (2, 5, 6):
        return _is_landline("0" + digits[2:], window)
    if not digits.startswith("0") or digits.startswith("00"):
        return False
    area = 3 if digits[1] in "12" else 4
    rest = digits[area:]
    extension = window.sizes[-1] if len(rest) > 8 and window.sizes[-1] < 6 else 0
    sized = 7 <= len(rest) - extension <= 8
    return sized and rest[0] in "23456789" and not set("".join(window.gaps)) & _SIZE_MARKS


def _is_service(digits: str, window: Window) -> bool:
    return len(digits) == 10 and digits.startswith(_SERVICE) and not set("".join(window.gaps)) & (_SIZE_MARKS | {","})


def _is_date(window: Window) -> bool:
    year = window.digits[:4]
    return window.sizes[0] in (4, 8) and "1900" <= year <= "2100" and "01" <= window.digits[4:6] <= "12"


def _opening(text: str, start: int) -> int:
    while start and text[start - 1] in "+([（":
        start -= 1
    return start


def _extension(text: str, end: int) -> int:
    """Where the number ends with its extension: 转801, ext. 801."""
    position = end
    while position < len(text) and text[position] in " )]（(,，":
        position += 1
    word = next((each for each in _EXTENSIONS if text.startswith(each, position)), None)
    if word is None:
        return end
    position += len(word)
    while position < len(text) and text[position] in " .:#号是为":
        position += 1
    last = position
    while last < len(text) and text[last].translate(_DIGITS).isdigit():
        last += 1
    return last if 1 <= last - position <= _MAX_EXTENSION else end


_DIGITS = str.maketrans(NUMERALS)


def _in_pieces(reading: Reading, text: str) -> Iterator[Finding]:
    """Numbers told in pieces with words between them."""
    past = 0
    for window in windows(text, _goes_on, least=11, most=11, begins=lambda start: text[start] == "1"):
        plain = all(joins_closely(gap) for gap in window.gaps)
        if window.start < past or plain or is_quantity(text, window.end):
            continue
        if len(window.digits) == 11 and window.digits[0] == "1" and window.digits[1] >= "3" and min(window.sizes) > 1:
            past = window.end
            yield reading.found(FindingKind.PHONE, window.start, window.end)


def _goes_on(gap: str) -> bool:
    return len(gap) <= _LONGEST_BETWEEN and all(each in _BETWEEN for each in gap)


def _numerals(reading: Reading) -> Iterator[Finding]:
    """Seven Chinese numerals and more, one after the other: no quantity is written like that."""
    for window in windows(reading.digits, begins=lambda start: reading.text[start] in NUMERALS):
        # A group at a time: what stands between two of them was looked at before.
        written = reading.text[window.start : window.end]
        if len(window.sizes) == 1 and sum(each in NUMERALS for each in written) >= _LOCAL:
            yield reading.found(FindingKind.PHONE, window.start, window.end)


def _second_opinion(reading: Reading, text: str) -> Iterator[Finding]:
    if sum(each.isdigit() for each in text) < _LOCAL:
        return
    leads = Leads(text, CUES, FILLERS)
    for match in phonenumbers.PhoneNumberMatcher(text, "CN", leniency=phonenumbers.Leniency.VALID):
        start, end, raw = match.start, match.end, match.raw_string
        led = leads.before(start) is not None
        decimal = start > 0 and text[start - 1] in ".," and text[: start - 1][-1:].isdigit()
        # Without a prefix any ten digits may be the number of some town: HS 8507600090.
        if (led or raw[0] in "+0(（") and not decimal and not is_quantity(text, end):
            yield reading.found(FindingKind.PHONE, start, end)
