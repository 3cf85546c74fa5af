"""Find what must not stand in public or blind text: names, phones, e-mails, patent numbers, accounts.

Rules see written forms; they cannot see that a description fits only one firm. Text disguised with
full-width forms, spaces, dashes, zero-width characters or Chinese digits is still found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


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
_GAP = r"[\s\-－—–_.·•*~\u200b-\u200f\u2060\ufeff()]{0,3}"


def _spaced(pattern_parts: Iterable[str]) -> str:
    return _GAP.join(pattern_parts)


_DIGIT = r"\d"
_MOBILE = rf"(?<![\d.])(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9]{_GAP}" + _spaced([_DIGIT] * 9) + r"(?!\d)"
_LANDLINE = rf"(?<![\d.])\(?0\d{{2,3}}\)?{_GAP}[2-9](?:[\s-]?\d){{6,7}}(?!\d)"
_LOCAL = r"(?:电话|热线|座机|手机|传真|联系|致电|拨打)[^\d]{0,6}([2-9]\d{2,3}[- ]?\d{4}(?!\d))"
_SERVICE = r"(?<!\d)[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)"
_EMAIL = (
    # Bounded and anchored at the start of a run: a field of 20,000 letters must not cost quadratic time.
    r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}\s{0,3}(?:@|\[at\]|\(at\)|#at#|\sat\s)\s{0,3}"
    r"[a-z0-9-]{1,63}(?:\s{0,3}(?:\.|\[dot\]|\(dot\))\s{0,3}[a-z]{2,24}){1,4}"
)
_ACCOUNT = r"(?:微信|微信号|wechat|vx|qq|钉钉|飞书)(?:号|群|id)?[\s::=是为]{0,3}([a-z0-9_-]{5,30})"
_ID_CARD = r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dx](?![\dx])"
_PATENT = (
    r"(?<![a-z])zl\s*\d{4}\s*\d\s*\d{7}(?:\s*\.\s*[\dx])?"
    r"|(?<![a-z])cn\s*\d{7,12}\s*(?:\.\s*[\dx]|[a-z]\d?)?(?![a-z\d])"
    r"|(?<!\d)(?:19|20)\d{2}\s?[1-39]\s?\d{7}\s?\.\s?[\dx](?!\d)"
    r"|pct\s*/\s*[a-z]{2}\s*\d{4}\s*/\s*\d{5,6}"
    r"|(?<![a-z])(?:us|ep|jp|wo|kr|de|gb)\s*-?\s*(?:\d{4}\s*/\s*)?\d[\d,]{5,11}\s*(?:[abcu]\d?)?(?![a-z\d])"
    r"|(?:专利(?:申请)?号|公开号|授权号|公告号)[\s::为是]{0,3}([a-z]{0,2}\d[\d\s.x]{6,18})"
)
_LINK = r"(?:https?://|www\.)[^\s，。；、）)]+"

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_TITLES = (
    "教授|副教授|研究员|老师|博士|院士|工程师|高工|总工|总工程师|经理|总经理|副总|主任|所长|院长|校长|先生|女士"
    "|书记|处长|部长|科长|董事长|总监|厂长|博导"
)
_PERSON = (
    # Only after a boundary: 工程技术经理 holds no Mr 程.
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[由与和向请找及是为、者人系]))(?!高级|高新|高校|高端|金属|金融|康复|石油|石化|文化|江苏|常务|方案)"
    rf"(?:欧阳|司马|上官|诸葛|[{_SURNAMES}])[\u4e00-\u9fff]{{0,2}}(?:{_TITLES})"
    rf"|(?:联系人|负责人|发明人|完成人|项目经理|姓名)[\s::为是]{{1,3}}((?:欧阳|司马|上官|诸葛|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}})"
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
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (FindingKind.EMAIL, _EMAIL),
        (FindingKind.LINK, _LINK),
        (FindingKind.PATENT, _PATENT),
        (FindingKind.ACCOUNT, _ID_CARD),
        (FindingKind.PHONE, _MOBILE),
        (FindingKind.PHONE, _LANDLINE),
        (FindingKind.PHONE, _SERVICE),
        (FindingKind.PHONE, _LOCAL),
        (FindingKind.ACCOUNT, _ACCOUNT),
        (FindingKind.PERSON, _PERSON),
        (FindingKind.ORGANISATION, _ORGANISATION),
    )
)
_ORGANISATION_STOP = re.compile(rf"^(?:{_GENERIC}|高等院校|科研院所|高校|企业|行业|专业|科技型|中小)")
_CHINESE_DIGITS = str.maketrans("零〇○一二三四五六七八九幺", "0001234567891")
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_CHINESE_NUMBER = re.compile(r"[零〇○一二三四五六七八九幺]{7,}")


def scan(text: str, names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Everything private found in ``text``, in order, never overlapping.

    ``names`` are names that must not stand there besides what the rules recognise: both sides'
    organisations, contact persons.
    """
    folded = text.translate(_WIDTH)
    folded = _CHINESE_NUMBER.sub(lambda match: match.group().translate(_CHINESE_DIGITS), folded)
    # Rules first: where a rule and a given name find the same words, the rule knows what they are.
    found = [*_matched(folded), *_named(folded, names)]
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda item: (item.start, -item.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(Finding(finding.kind, finding.start, finding.end, text[finding.start : finding.end]))
    return tuple(kept)


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
    for name in names:
        needle = name.strip().translate(_WIDTH)
        if len(needle) < 2:
            continue
        for match in re.finditer(re.escape(needle), text, re.IGNORECASE):
            yield Finding(FindingKind.ORGANISATION, match.start(), match.end(), match.group())


def _matched(text: str) -> Iterable[Finding]:
    for kind, pattern in _RULES:
        for match in pattern.finditer(text):
            group = next((index for index, value in enumerate(match.groups(), 1) if value), 0)
            start, end = match.span(group)
            if kind is FindingKind.ORGANISATION and _ORGANISATION_STOP.match(text[start:end]):
                continue
            yield Finding(kind, start, end, text[start:end])
