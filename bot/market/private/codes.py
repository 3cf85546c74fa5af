"""Numbers that stand for one firm, person, account or patent; where a number has a check digit, it is asked."""

from __future__ import annotations

from collections.abc import Iterator

from bot.market.private.findings import Finding, FindingKind
from bot.market.private.reading import Leads, Reading, is_han, is_latin
from bot.market.private.runs import Window, is_quantity, windows

#: GB 32100-2015: characters of a 统一社会信用代码 in the order of their values, and the weights of the first 17.
_CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CREDIT_LENGTH = 18
#: GB 11643-1999: weights of the first 17 digits of an identity card, and the last character by the sum modulo 11.
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS = "10X98765432"
_FILLERS = "号码是为:：.([（【{,、至 　尾前后第编\"'“=-_/等"
_CREDIT_CUES = ("信用代码", "税号", "纳税人识别号", "注册号", "机构代码", "执照", "信用码", "登记证", "uscc")
_PERSON_CUES = ("身份证", "身份证号", "证件", "护照", "通行证", "身份证件")
_MONEY_CUES = ("账号", "帐号", "账户", "帐户", "卡号", "银行卡", "开户行", "收款", "汇款", "iban", "支付宝")
_PATENT_CUES = ("专利", "申请", "公开", "公告", "授权", "登记", "登字", "专利申请", "软著", "著作权")
#: Words of these cues that lead to a number only with 号 behind them: 申请2023年的项目 names none.
_NUMBERED = ("专利号", "申请号", "公开号", "公告号", "授权号", "登记号", "登字", "专利申请号", "授权公告号")
#: Country codes before the numbers of patents: the digits a number has, and how its groups may be parted.
_OFFICES: dict[str, tuple[range, str]] = {
    "zl": (range(9, 14), " .-"),
    "cn": (range(7, 14), " .-/"),
    "us": (range(6, 12), " ,/"),
    "ep": (range(6, 9), " ,"),
    "wo": (range(8, 13), " /-"),
    "jp": (range(6, 12), " -"),
    "kr": (range(6, 14), " -"),
    "de": (range(7, 13), " "),
    "gb": (range(7, 8), ""),
    "特开": (range(9, 12), " -"),
    "特愿": (range(9, 12), " -"),
    "特開": (range(9, 12), " -"),
    "特願": (range(9, 12), " -"),
}
_MONEY = (
    *("美元", "美金", "元", "韩元", "韩币", "日元", "欧元", "英镑", "马克", "usd", "krw", "eur", "jpy", "dollar"),
    *("won", "万", "亿", "千"),
)
_PATENT_TYPES = "12389"
_LONGEST_PATENT = 14


def codes(reading: Reading) -> Iterator[Finding]:
    """Codes, accounts and patent numbers of a text."""
    yield from _credit_codes(reading)
    for text in dict.fromkeys((reading.text, reading.digits)):
        yield from _numbers(reading, text)
        yield from _patents(reading, text)
    yield from _documents(reading)


def is_credit_code(code: str) -> bool:
    """Whether ``code`` is a 统一社会信用代码 with a right check character.

    >>> is_credit_code("91370300MA3C00001U"), is_credit_code("91370300MA3C00001X")
    (True, False)
    """
    if len(code) != _CREDIT_LENGTH or any(each not in _CREDIT_LETTERS for each in code):
        return False
    total = sum(_CREDIT_LETTERS.index(each) * weight for each, weight in zip(code, _CREDIT_WEIGHTS, strict=False))
    return _CREDIT_LETTERS[-total % 31] == code[-1]


def is_identity_number(number: str) -> bool:
    """Whether ``number`` is that of an identity card with a right check character.

    >>> is_identity_number("310101198503074513"), is_identity_number("310101198503074514")
    (True, False)
    """
    if len(number) != _CREDIT_LENGTH or not number[:17].isdigit():
        return False
    total = sum(int(each) * weight for each, weight in zip(number, _IDENTITY_WEIGHTS, strict=False))
    return _IDENTITY_CHECKS[total % 11] == number[-1].upper()


def is_card_number(number: str) -> bool:
    """Whether ``number`` is that of a bank card by its last digit (ISO/IEC 7812).

    >>> is_card_number("6222021001112345670"), is_card_number("6222021001112345671")
    (True, False)
    """
    doubled = [int(each) * (1 + place % 2) for place, each in enumerate(reversed(number))]
    return 16 <= len(number) <= 19 and sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def _credit_codes(reading: Reading) -> Iterator[Finding]:
    tokens = list(_tokens(reading.text))
    leads = Leads(reading.text, _CREDIT_CUES, _FILLERS)
    for first, (start, _) in enumerate(tokens):
        code, last = "", first
        told = leads.before(start) is not None
        while last < len(tokens) and len(code) <= _CREDIT_LENGTH:
            gap = reading.text[tokens[last - 1][1] : tokens[last][0]] if last > first else ""
            if len(gap) > 2 or any(each.isalnum() or each in "。，；,;\n" for each in gap):
                break
            code += reading.text[slice(*tokens[last])].upper()
            last += 1
            if is_credit_code(code) or (last == first + 1 and _looks_like_one(code)):
                yield reading.found(FindingKind.CODE, start, tokens[last - 1][1])
        if told and 8 <= len(code) and sum(each.isdigit() for each in code) >= 6:
            yield reading.found(FindingKind.CODE, start, tokens[last - 1][1])


def _looks_like_one(code: str) -> bool:
    """Whether a code of 18 characters begins like one of a firm: its check character may be mistyped."""
    plain = code.isdigit() and not is_identity_number(code)
    return len(code) == _CREDIT_LENGTH and code[0] in "1359" and code[:8].isdigit() and not plain


def _tokens(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while position < len(text):
        end = position
        while end < len(text) and (is_latin(text[end]) or "0" <= text[end] <= "9"):
            end += 1
        if end > position:
            yield position, end
        position = max(end, position + 1)


def _numbers(reading: Reading, text: str) -> Iterator[Finding]:
    """Identity cards and bank accounts."""
    leads = Leads(text, (*_PERSON_CUES, *_MONEY_CUES), _FILLERS)
    for window in windows(text, least=9, begins=lambda start: leads.before(start) is not None):
        yield reading.found(FindingKind.ACCOUNT, window.start, window.end + (text[window.end : window.end + 1] == "x"))
    for window in windows(text, least=16, most=19):
        check = text[window.end : window.end + 1]
        digits = window.digits + ("X" if check == "x" else "")
        end = window.end + (check == "x")
        born = "19" <= digits[6:8] <= "20" and "01" <= digits[10:12] <= "12" and "01" <= digits[12:14] <= "31"
        if is_identity_number(digits) or (len(digits) == _CREDIT_LENGTH and born and digits[0] != "0"):
            yield reading.found(FindingKind.ACCOUNT, window.start, end)
        elif window.digits[0] in "3456" and is_card_number(window.digits) and not is_quantity(text, window.end):
            yield reading.found(FindingKind.ACCOUNT, window.start, window.end)


def _documents(reading: Reading) -> Iterator[Finding]:
    """Numbers of passports and other papers, with letters in them, behind the word for it."""
    leads = Leads(reading.text, _PERSON_CUES, _FILLERS)
    for start, end in _tokens(reading.text):
        digits = sum(each.isdigit() for each in reading.text[start:end])
        if digits >= 6 and leads.before(start) is not None:
            yield reading.found(FindingKind.ACCOUNT, start, end)


def _patents(reading: Reading, text: str) -> Iterator[Finding]:
    past = 0
    leads = Leads(text, _PATENT_CUES, _FILLERS, reach=5)
    offices = tuple(_OFFICES)

    def begins(start: int) -> bool:
        return (
            text[start] in "12"
            or leads.before(start) is not None
            or (text[max(0, start - 5) : start].rstrip(" -.:：").endswith((*offices, "sr")))
        )

    for window in windows(text, least=6, most=_LONGEST_PATENT, begins=begins):
        if window.start < past:
            continue
        begin = _patent_from(text, window, leads.before(window.start))
        if begin is not None:
            past = _kind_code(text, window.end)
            yield reading.found(FindingKind.PATENT, begin, past)


def _patent_from(text: str, window: Window, cue: int | None) -> int | None:
    """Where the patent number begins that ends with ``window``; ``None`` when it is none."""
    begin = _office(text, window)
    if begin is not None:
        return begin
    if cue is not None and not is_quantity(text, window.end):
        least = 6 if any(each in text[cue : window.start] for each in _NUMBERED) else 8
        if len(window.digits) >= least:
            return window.start
    if window.start >= 2 and text[window.start - 2 : window.start] == "sr" and text[window.start - 3].isdigit():
        return max(0, window.start - 6)
    return window.start if _is_application(text, window) else None


def _office(text: str, window: Window) -> int | None:
    """Where the country code stands that makes ``window`` the number of a patent."""
    position = window.start
    while position and window.start - position < 3 and text[position - 1] in " -.:：":
        position -= 1
    for office, (lengths, gaps) in _OFFICES.items():
        begin = position - len(office)
        if not text.endswith(office, 0, position) or (begin and is_latin(text[begin - 1]) and is_latin(office[0])):
            continue
        inside = all(each in gaps for gap in window.gaps for each in gap)
        money = text[window.end : window.end + 8].lstrip().startswith(_MONEY)
        if len(window.digits) in lengths and inside and not money:
            treaty = text[max(0, begin - 6) : begin].rstrip(" ")
            return max(0, begin - 6) + treaty.index("pct") if treaty.endswith("/") and "pct" in treaty else begin
    return None


def _is_application(text: str, window: Window) -> bool:
    """A bare application number: its year, its type and, behind a point, its check character."""
    digits = window.digits
    if digits[:2] not in ("19", "20") or len(digits) not in (12, 13) or digits[4] not in _PATENT_TYPES:
        return False
    before = text[window.start - 1 : window.start] if window.start else ""
    if before == "." or is_quantity(text, window.end):
        return False
    point = window.gaps[-1:] != () and window.gaps[-1].strip() == "." and window.sizes[-1] == 1
    whole = len(digits) == 13 and not set("".join(window.gaps)) - {" ", "."}
    if len(digits) == 12:
        return text[window.end : window.end + 3].replace(" ", "").startswith(".x")
    return whole and (point or window.sizes == (13,))


def _kind_code(text: str, end: int) -> int:
    """Where the number ends with its check character (.X) and its kind of publication (A, B2)."""
    rest = text[end : end + 4]
    spaces = len(rest) - len(rest.lstrip(" -"))
    point = rest[spaces : spaces + 1] == "."
    position = spaces + point
    mark = rest[position : position + 1]
    if point and (mark == "x" or mark.isdigit()):
        return end + position + 1
    after = text[end + position + 1 : end + position + 3]
    if mark and mark in "abcusyx" and not is_latin(after[:1] or " ") and not (point or is_han(mark)):
        return end + position + 1 + (after[:1].isdigit())
    return end
