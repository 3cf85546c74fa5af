"""E-mail addresses, web addresses and accounts of messengers, spelt out or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.market.private.findings import Finding, FindingKind
from bot.market.private.reading import Leads, Reading, is_han, is_latin
from bot.market.private.runs import is_quantity, windows

#: What people write for @ and for the point of an address so that no program reads it.
_AT = (
    r"\s{0,3}[\[({<#]\s?at\s?[\])}>#]\s{0,3}",
    *(r"\s{0,3}\(a\)\s{0,3}", r"\s{0,3}[\[(]?(?:艾特|爱特|小老鼠|圈a)[\])]?\s{0,3}"),
    *(r"\sat\s", r"\s{0,3}@\s{0,3}"),
)
_DOT = (r"\s?[\[({]\s?(?:\.|点|dot)\s?[\])}]\s?", r"\s?(?:点|。|·)\s?", r"\sdot\s", r"\s\.\s")
#: Only between letters or digits; bounded, so that no text costs more than its length.
_SPELT = re.compile(rf"(?<=[a-z0-9])(?:(?P<at>{'|'.join(_AT)})|(?P<dot>{'|'.join(_DOT)}))(?=[a-z0-9])")
_ENDINGS = frozenset(
    (
        "com cn net org edu gov io ai cc tech top xyz vip info site shop online club hk tw jp de uk eu kr me app dev "
        "co us fr ru au ca in sg mo pro ltd link wang ren group work cloud store fun asia biz mobi tv"
    ).split()
)
#: Names of software, not of hosts; and of what is written after a point in formulas and files.
_NO_HOSTS = frozenset({"asp.net", "vb.net", "ado.net", "ml.net", "socket.io", "draw.io"})
_WEAK_ENDINGS = frozenset("me app dev co us fr ru au ca in sg mo pro link work group de uk eu".split())
_ADDRESS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._%+-@#/:?=&~")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.-")
_MESSENGERS = (
    *(
        "微信",
        "威",
        "薇",
        "薇信",
        "威信",
        "徽信",
        "微 信",
        "加微",
        "加我微",
        "wechat",
        "weixin",
        "wx",
        "vx",
        "v信",
        "v 信",
        "qq",
        "q q",
    ),
    "扣扣",
    *(
        "企鹅",
        "钉钉",
        "飞书",
        "lark",
        "whatsapp",
        "telegram",
        "电报",
        "skype",
        "抖音",
        "快手",
        "微博",
        "公众号",
        "小红书",
    ),
    *("视频号", "微信号", "微信公众号", "twitter", "facebook", "linkedin", "line id", "signal"),
)
_MAIL_CUES = ("邮箱", "邮件", "email", "e-mail", "mail", "前缀", "后缀", "电邮", "邮址")
_FILLERS = "同步号账帐群ids是为:：([（【{<“\"'@ ,，加搜索找我手机也live=_名一下用户昵称前后缀发至到就联系❤♥➕"
_MARKS = frozenset(":：号是为同([（【{@搜")
_STRONG_V = ("加v", "加 v", "+v", "➕v", "v:", "v号", "v是")
_LEAST, _LEAST_QQ, _LEAST_Q, _MOST_QQ, _PIECES = 5, 5, 8, 12, 3
_NEARBY = 24
#: Behind these an account goes by a Chinese name; behind the others by one in pieces.
_HAN_NAMES = ("公众号:", "微博@", "抖音@", "小红书@", "视频号@")
_BY_NAME = (*_HAN_NAMES, "微信号:", "视频号:", "抖音号:", "微信:")


def reachable(reading: Reading) -> Iterator[Finding]:
    """E-mail addresses, web addresses and accounts."""
    spelt = _read_out(reading)
    yield from _addresses(spelt)
    yield from _accounts(reading)
    yield from _qq_numbers(reading)


def _read_out(reading: Reading) -> Reading:
    text = reading.text
    pieces = [
        (match.start(), match.end(), "@" if match["at"] else ".")
        for match in _SPELT.finditer(text)
        # 3点5 is a figure, 8。3 the end of a sentence.
        if match["at"] or is_latin(text[match.end()])
    ]
    return reading.replaced(pieces) if pieces else reading


def _stretches(text: str, characters: frozenset[str]) -> Iterator[tuple[int, int]]:
    position = 0
    while position < len(text):
        end = position
        while end < len(text) and text[end] in characters:
            end += 1
        if end > position:
            yield position, end
        position = max(end, position + 1)


def _addresses(reading: Reading) -> Iterator[Finding]:
    for start, end in _stretches(reading.text, _ADDRESS):
        stretch = reading.text[start:end].rstrip(".:-/#&?=")
        end = start + len(stretch)
        if "://" in stretch or stretch.startswith("www."):
            yield reading.found(FindingKind.LINK, start, end)
            continue
        at = "@" if "@" in stretch else "#"
        local, mark, host = stretch.partition(at)
        if mark and local.strip("._%+-") and _is_host(host, mailed=True):
            yield reading.found(FindingKind.EMAIL, start, end)
        elif _is_host(stretch.partition("/")[0], mailed=False):
            yield reading.found(FindingKind.LINK, start, end)


def _is_host(host: str, *, mailed: bool) -> bool:
    """Whether ``host`` is a name of the net: labels with an ending that names of the net have."""
    labels = host.partition("/")[0].partition("?")[0].partition(":")[0].split(".")
    if len(labels) < 2 or not all(labels) or any(each in "_%@#" for each in host.partition("/")[0]):
        return False
    if mailed:
        return labels[-1].isalpha() and 2 <= len(labels[-1]) <= 24
    name, ending = labels[-2], labels[-1]
    if ending not in _ENDINGS or ".".join(labels[-2:]) in _NO_HOSTS:
        return False
    if ending in _WEAK_ENDINGS and not (host in ("t.me", "wa.me") or "/" in host or len(labels) > 2 or len(name) > 3):
        return False
    return any(is_latin(each) for each in name) and host not in ("e.g", "i.e")


def _accounts(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    messengers = Leads(text, (*_MESSENGERS, *_MAIL_CUES), _FILLERS, reach=10)
    short = Leads(text, _STRONG_V, " :：号是为", reach=3)
    for start, end in _stretches(text, _LETTERS):
        token = text[start:end].strip(".-")
        start = start + text[start:end].index(token) if token else start
        end = start + len(token)
        if len(token) < _LEAST or not any(is_latin(each) for each in token):
            continue
        cue = messengers.before(start)
        # V: 220 kV tells a voltage, 加V2O5 a catalyst.
        if cue is None and is_latin(text[start]):
            cue = short.before(start)
        if cue is not None and (_is_marked(text, cue, start) or _is_own_name(token)):
            yield reading.found(FindingKind.ACCOUNT, start, _with_pieces(text, start, end))
        elif "_" in token and _is_near(text, start, end):
            yield reading.found(FindingKind.ACCOUNT, start, end)
    yield from _named_accounts(reading)


def _is_marked(text: str, cue: int, start: int) -> bool:
    between = text[cue:start]
    return any(each in _MARKS for each in between) or between.startswith(("加", "+", "➕", "前缀", "后缀"))


def _is_own_name(token: str) -> bool:
    """Whether a token is made up by somebody: with digits, a low line or a point inside."""
    return any(each in "_-." or each.isdigit() for each in token)


def _is_near(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - _NEARBY) : end + _NEARBY]
    return any(each in around for each in _MESSENGERS)


def _with_pieces(text: str, start: int, end: int) -> int:
    """Where an account ends that is told in pieces behind a colon: qing yan 2025."""
    if text[start - 1 : start] not in (":", " ") and start:
        return end
    for _ in range(_PIECES):
        if text[end : end + 1] != " ":
            return end
        last = end + 1
        while last < len(text) and text[last] in _LETTERS:
            last += 1
        if last == end + 1:
            return end
        end = last
    return end


def _named_accounts(reading: Reading) -> Iterator[Finding]:
    """Accounts under a Chinese name, or in short pieces, behind a colon."""
    text = reading.text
    for cue in _BY_NAME:
        start = text.find(cue)
        while start >= 0:
            first = last = start + len(cue)
            while last < len(text) and last - first < 20 and (text[last].isalnum() or text[last] in " _-"):
                last += 1
            if last > first and (is_han(text[first]) is (cue in _HAN_NAMES) or " " in text[first:last].strip()):
                yield reading.found(FindingKind.ACCOUNT, first, last)
            start = text.find(cue, last)


def _qq_numbers(reading: Reading) -> Iterator[Finding]:
    digits = reading.digits
    leads = Leads(digits, (*_MESSENGERS, "邮箱"), _FILLERS)

    def begins(start: int) -> bool:
        return leads.before(start) is not None or digits.endswith(("q:", "q: "), 0, start)

    for window in windows(digits, least=_LEAST_QQ, most=_MOST_QQ, begins=begins):
        # Q: 500 tells a flow.
        short = len(window.digits) >= _LEAST_Q and digits.endswith(("q:", "q: "), 0, window.start)
        if leads.before(window.start) is not None or (short and not is_quantity(digits, window.end)):
            yield reading.found(FindingKind.ACCOUNT, window.start, window.end)
