"""Find what must not stand in public or blind text: names, phones, e-mails, patent numbers, accounts.

Rules see written forms; they cannot see that a description fits only one firm. Text disguised with
full-width forms, spaces, dashes, zero-width characters or Chinese digits is still found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.market.names import BOUNDARY, SURNAME, TITLES, UNSEEN, is_person, patterns, straddles


class FindingKind(StrEnum):
    """What was found."""

    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    PATENT = "patent"
    PERSON = "person"
    ORGANISATION = "organisation"
    LINK = "link"

    @property
    def label(self) -> str:
        """The kind as people read it."""
        return _LABELS[self]


_LABELS = {
    FindingKind.PHONE: "电话",
    FindingKind.EMAIL: "邮箱",
    FindingKind.ACCOUNT: "账号",
    FindingKind.PATENT: "专利号",
    FindingKind.PERSON: "人名",
    FindingKind.ORGANISATION: "单位名称",
    FindingKind.LINK: "网址",
}
#: Findings that are a way to reach somebody.
CONTACT_KINDS = frozenset({FindingKind.PHONE, FindingKind.EMAIL, FindingKind.ACCOUNT})


@dataclass(frozen=True, slots=True)
class Finding:
    """``text[start:end]`` of the scanned text."""

    kind: FindingKind
    start: int
    end: int
    text: str


#: Characters people put between digits so that no program reads them.
_GAP = rf"[\-－—–_.·•*~(){UNSEEN}]{{0,3}}"
#: A count with its unit is no number to call; 13812345678个人 and 次日 are no units.
_NO_UNIT = (
    r"(?!\s{0,2}(?:次(?![日要])|个(?!人)|元|美元|小时|万|亿|℃|°|%|‰"
    r"|件|吨|步|循环|转(?!接)|千瓦|公里|毫米|微米|纳米|克|帕|赫兹))"
)


def _spaced(pattern_parts: Iterable[str]) -> str:
    return _GAP.join(pattern_parts)


_DIGIT = r"\d"
_MOBILE = (
    rf"(?<![\d.])(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9]{_GAP}" + _spaced([_DIGIT] * 9) + rf"(?!\d){_NO_UNIT}"
    # Commas and strokes also part the figures of a list: only in the groups telephone numbers are written in.
    r"|(?<![\d.])(?<!\d[,/])1[3-9]\d\s?[,/|\\]\s?(?:\d{4}\s?[,/|\\]?\s?\d{4}|\d{3}\s?[,/|\\]\s?\d{5})(?!\s?[,/]?\d)"
    + _NO_UNIT
)
_LANDLINE = (
    rf"(?<![\d.])\(?0\d{{2,3}}\)?{_GAP}[2-9](?:[{UNSEEN}-]{{0,2}}\d){{6,7}}(?!\d){_NO_UNIT}"
    rf"|(?<![\d.])(?:\+|00)86{_GAP}0?[1-9]\d{{1,2}}{_GAP}[2-9](?:[{UNSEEN}-]{{0,2}}\d){{6,7}}(?!\d){_NO_UNIT}"
    rf"|(?<![\d.+])(?:\+|00)(?:85[23]|886|8[1246]|6[0-6]|[3-5]\d|[17])[{UNSEEN}()-]{{1,3}}\d(?:[{UNSEEN}()-]{{0,2}}\d){{6,10}}"
    rf"(?!\d){_NO_UNIT}"
)
_LOCAL = (
    r"(?:电话|热线|座机|手机|传真|联系|致电|拨打|(?<![a-z])(?:tel|phone|fax|mobile))[^\d]{0,6}"
    rf"([2-9]\d{{2,3}}[{UNSEEN}-]?\d{{4}}(?!\d){_NO_UNIT})"
)
_SERVICE = r"(?<!\d)[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)" + _NO_UNIT
_TLD = (
    r"(?:com|cn|net|org|edu|gov|io|ai|cc|tech|top|xyz|vip|info|site|shop|online|club|hk|tw|jp|de|uk|eu|kr)(?![a-z0-9-])"
)
_EMAIL = (
    # Bounded and anchored at the start of a run: a field of 20,000 letters must not cost quadratic time.
    r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}\s{0,3}(?:@|\[at\]|\(at\)|#at#|\sat\s)\s{0,3}"
    r"[a-z0-9-]{1,63}(?:\s{0,3}(?:\.|\[dot\]|\(dot\))\s{0,3}[a-z]{2,24}){1,4}"
    # Spelt out, only with an ending that is one of addresses.
    r"|(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}\s{0,3}"
    r"(?:@|[\[(]?(?:艾特|爱特|小老鼠|圈a)[\])]?|[\[({#]\s?at\s?[\])}#]|\sat\s|\(a\))\s{0,3}[a-z0-9-]{1,63}"
    r"(?:\s{0,3}(?:\.|。|·|[\[({]?(?:点|dot)[\])}]?)\s{0,3}[a-z0-9-]{2,24}){0,3}"
    rf"\s{{0,3}}(?:\.|。|·|[\[({{]?(?:点|dot)[\])}}]?)\s{{0,3}}{_TLD}"
)
_ACCOUNT = (
    r"(?:[微薇威徽]\s?信|(?<![a-z])(?:wechat|weixin|wx|vx|v信|qq|whatsapp|telegram)|扣扣|钉钉|飞书|公众号)"
    r"\s?(?:账号|号|群|id)?\s?(?:is(?![a-z]))?[\s:=是为]{0,3}([a-z0-9_-]{5,30})"
    # After 加V a separator or digits at the end: 加V2O5催化剂 is chemistry.
    r"|加\s?(?:[v薇威微]信?)(?:[:=是为号]\s?([a-z0-9_-]{5,30})|\s{1,2}([a-z][a-z0-9_]{5,29})|([a-z]{4,20}\d{2,10}))"
)
_ID_CARD = r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dx](?![\dx])"
_NO_MONEY = r"(?!\s{0,3}(?:美元|美金|元|韩元|韩币|日元|欧元|英镑|马克|[万亿千]|usd|krw|eur|jpy|dollars?|won|euros?))"
_PATENT = (
    r"(?<![a-z])zl\s*\d{4}\s*\d\s*\d{7}(?:\s*\.\s*[\dx])?"
    r"|(?<![a-z])cn\s*\d{7,12}\s*(?:\.\s*[\dx]|[a-z]\d?)?(?![a-z\d])"
    r"|(?<!\d)(?:19|20)\d{2}\s?[1-39]\s?\d{7}\s?\.\s?[\dx](?!\d)"
    rf"|(?<![\d.])(?:19|20)\d{{2}}[12389]\d{{7}}[\dx](?![\da-z]){_NO_UNIT}"
    r"|pct\s*/\s*[a-z]{2}\s*\d{4}\s*/\s*\d{5,6}"
    r"|(?<![a-z])(?:jp|特开|特開|特願|特愿)\s?(?:19|20)\d{2}\s?-\s?\d{5,6}(?:\s?[ab]\d?)?(?![a-z\d])"
    r"|(?<![a-z])kr\s?(?:10|20)-\d{4}-\d{7}"
    r"|(?<!\d)(?:19|20)\d{2}\s?sr\s?\d{6,7}(?!\d)"
    rf"|(?<![a-z])(?:us|ep|jp|wo|kr|de|gb)\s*-?\s*(?:\d{{4}}\s*/\s*)?\d[\d,]{{5,11}}{_NO_MONEY}\s*(?:[abcu]\d?)?(?![a-z\d]){_NO_MONEY}"
    r"|(?:专利(?:申请)?号|公开号|授权号|公告号|申请号|登记号)[\s::为是]{0,3}([a-z]{0,2}\d[\d\s.x]{6,18})"
    rf"|专利[\s::为是]{{0,3}}(\d{{8,13}}(?:\.?[\dx])?(?!\d){_NO_UNIT})"
)
_LINK = (
    r"(?:https?://|www\.)[^\s，。；、）)]+"
    # Without www only with a letter before an ending that addresses have; ASP.NET is no address.
    r"|(?<![a-z0-9@._/-])(?!(?:asp|vb|ado|ml)\.net)(?:[a-z0-9][a-z0-9-]{0,40}\.){0,3}"
    rf"(?=\d{{0,20}}-{{0,2}}[a-z])[a-z0-9][a-z0-9-]{{0,40}}\.(?:(?:com|net|org|edu|gov|ac)\.)?{_TLD}(?:/[^\s，。；、）)]{{0,200}})?"
)

_PERSON = (
    # Only after a boundary: 工程技术经理 holds no Mr 程.
    rf"{BOUNDARY}(?!高级|高新|高校|高端|金属|金融|康复|石油|石化|文化|江苏|常务|方案)"
    rf"{SURNAME}[\u4e00-\u9fff]{{0,2}}(?:{TITLES})"
    rf"|(?:联系人|负责人|发明人|完成人|项目经理|姓名)[\s::为是]{{1,3}}({SURNAME}[\u4e00-\u9fff]{{1,2}})"
)
#: Names that only their place in the sentence tells; common words are left out afterwards.
_ACTING = r"(?=负责|牵头|主持|带队|带领|担任|领衔|主导|研发|开发|提供|完成|发明)"
_NAME_END = r"(?=[^\u4e00-\u9fff]|$|教授|博士|先生|女士|老师|负责|牵头|主持|带领|电话|手机|微信|[和与及])"
_PLACED_PERSON = (
    rf"(?<=[由经请])(?!于)({SURNAME}[\u4e00-\u9fff]{{1,2}}){_ACTING}"
    rf"|(?:联系人|负责人|发明人|完成人|带头人|首席专家|项目经理|总工(?!程)|联系|致电)({SURNAME}[\u4e00-\u9fff]{{1,2}}){_NAME_END}"
)
_INSTITUTION = (
    # The words before are capitalised: "a university" names none.
    r"(?<![A-Za-z])(?!(?:The|A|An|Our|Each|Any|This|That|No|Other|Local|Some|Research|National)\s+(?i:Univ|Inst|Coll|Acad|Lab|Hosp|Co\b))"
    r"(?:[A-Z][A-Za-z&'-]{0,30}[ ,]{1,2}){1,6}"
    r"(?:(?i:University|Institute|College|Academy|Laborator(?:y|ies)|Hospital|Corporation"
    r"|Co\.?,?\s?Ltd|Corp\.|Inc\.|Ltd\b|LLC|GmbH)(?![A-Za-z])(?:\sof\s(?:[A-Z][A-Za-z&'-]{0,30}\s?){1,4})?\.?)"
    r"|(?<![A-Za-z])(?:University|Institute|Academy|College)\sof\s(?:[A-Z][A-Za-z&'-]{0,30}\s?){1,4}"
)
_ACADEMY = (
    r"(?:中科院|中国科学院|社科院)(?!院士|所属|下属|等)[^\W\da-z的和与及等或有_]{2,12}?"
    r"(?:研究所|研究院|实验室|中心|所(?![有以需用谓属在得长])|分院)"
)
_GENERIC = (
    r"(?:本|我|贵|该|各|某|一家|多家|几家|国内|国外|同类|上市|大型|龙头|合作|相关|其他|知名"
    r"|的|为|与|和|由|在|对|向|及|或|有|家|个|所)"
)
_ORGANISATION = (
    r"[\u4e00-\u9fffa-z0-9()]{2,20}?(?:有限责任公司|股份有限公司|有限公司|集团公司|研究总院|研究院|研究所|设计院|大学)"
    rf"|(?<![\u4e00-\u9fff])(?!{_GENERIC})[\u4e00-\u9fff]{{2,10}}(?:公司|集团|学院|医院|工厂)(?![\u4e00-\u9fff])"
)
_RULES: tuple[tuple[FindingKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, flags))
    for kind, pattern, flags in (
        (FindingKind.EMAIL, _EMAIL, re.IGNORECASE),
        (FindingKind.LINK, _LINK, re.IGNORECASE),
        (FindingKind.PATENT, _PATENT, re.IGNORECASE),
        (FindingKind.ACCOUNT, _ID_CARD, re.IGNORECASE),
        (FindingKind.PHONE, _MOBILE, re.IGNORECASE),
        (FindingKind.PHONE, _LANDLINE, re.IGNORECASE),
        (FindingKind.PHONE, _SERVICE, re.IGNORECASE),
        (FindingKind.PHONE, _LOCAL, re.IGNORECASE),
        (FindingKind.ACCOUNT, _ACCOUNT, re.IGNORECASE),
        (FindingKind.PERSON, _PERSON, re.IGNORECASE),
        (FindingKind.ORGANISATION, _ORGANISATION, re.IGNORECASE),
        (FindingKind.ORGANISATION, _ACADEMY, re.IGNORECASE),
        (FindingKind.ORGANISATION, _INSTITUTION, re.NOFLAG),
    )
)
_PLACED = re.compile(_PLACED_PERSON)
_ORGANISATION_STOP = re.compile(rf"^(?:{_GENERIC}|高等院校|科研院所|高校|企业|行业|专业|科技型|中小)")
_CHINESE_DIGITS: dict[int, str] = {
    **dict(
        zip(map(ord, "零〇○一二三四五六七八九幺壹贰貳叁參肆伍陆陸柒捌玖"), "0001234567891122334566789", strict=True)
    ),
    **{
        code: str(unicodedata.digit(chr(code)))
        for block in ((0x2460, 0x24FF), (0x2776, 0x2793))
        for code in range(*block)
        if unicodedata.digit(chr(code), None) is not None
    },
}
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ANY_DIGIT = rf"[\d{''.join(map(chr, _CHINESE_DIGITS))}]"
_CHINESE_NUMBER = re.compile(rf"{_ANY_DIGIT}(?:[\-－—–_.·*~/,(){UNSEEN}]{{0,3}}{_ANY_DIGIT}){{6,}}")


def scan(text: str, names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Everything private found in ``text``, in order, never overlapping.

    ``names`` are names that must not stand there besides what the rules recognise: both sides'
    organisations, contact persons. Their usual short forms are found too (星火新材料 of 上海星火新材料科技有限公司,
    钱工 of 钱多多); English forms and nicknames cannot be derived, so give them as names of their own.
    """
    folded = text.translate(_WIDTH)
    digits = _CHINESE_NUMBER.sub(lambda match: match.group().translate(_CHINESE_DIGITS), folded)
    # Rules first: where a rule and a given name find the same words, the rule knows what they are.
    found = list(_matched(digits))
    if digits != folded:
        # 其一13812345678: read as one number, the 一 would hide it.
        found += _matched(folded)
    found += _named(folded, names)
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda item: (item.start, -item.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
        elif finding.end > kept[-1].end and not {finding.kind, kept[-1].kind} & CONTACT_KINDS:
            # Two names that overlap: half of the second must not stay behind.
            kept[-1] = replace(kept[-1], end=finding.end)
    return tuple(replace(finding, text=text[finding.start : finding.end]) for finding in kept)


def redact(text: str, findings: Iterable[Finding]) -> str:
    """``text`` with every finding replaced by a mark that says what was left out."""
    pieces: list[str] = []
    position = 0
    for finding in sorted(findings, key=lambda item: item.start):
        pieces += [text[position : finding.start], f"〔{finding.kind.label}略〕"]
        position = finding.end
    return "".join([*pieces, text[position:]])


def without_contacts(text: str) -> str:
    """``text`` for public view: ways to reach somebody are left out, all else stands."""
    return redact(text, [finding for finding in scan(text) if finding.kind in CONTACT_KINDS])


def _named(text: str, names: Iterable[str]) -> Iterable[Finding]:
    for name in dict.fromkeys(names):
        for person, pattern in patterns(name.strip().translate(_WIDTH)):
            kind = FindingKind.PERSON if person else FindingKind.ORGANISATION
            for match in pattern.finditer(text):
                # Two characters may meet by chance: 企业创新 holds no firm called 业创.
                if len(match.group()) > 2 or person or not straddles(text, *match.span()):
                    yield Finding(kind, match.start(), match.end(), match.group())


def _matched(text: str) -> Iterable[Finding]:
    for kind, pattern in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span(match.lastindex or 0)
            if kind is FindingKind.ORGANISATION and _ORGANISATION_STOP.match(text[start:end]):
                continue
            yield Finding(kind, start, end, text[start:end])
    for match in _PLACED.finditer(text):
        start, end = match.span(match.lastindex or 0)
        if is_person(text[start:end]):
            yield Finding(FindingKind.PERSON, start, end, text[start:end])
