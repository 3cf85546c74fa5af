"""Names that only their form tells: persons behind titles and words of office, organisations by their ending."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.market.names import BOUNDARY, SURNAME, TITLES, is_person, tells_a_firm
from bot.market.private.findings import Finding, FindingKind
from bot.market.private.reading import Reading

_PERSON = (
    # Only after a boundary: 工程技术经理 holds no Mr 程.
    rf"(?<!\d){BOUNDARY}(?!高级|高新|高校|高端|金属|金融|康复|石油|石化|文化|江苏|常务|方案)"
    rf"{SURNAME}[\u4e00-\u9fff]{{0,2}}(?:{TITLES})"
    rf"|{BOUNDARY}{SURNAME}[总董](?![\u4e00-\u9fff])"
    rf"|(?:联系人|负责人|发明人|完成人|项目经理|姓名)[\s::为是]{{1,3}}({SURNAME}[\u4e00-\u9fff]{{1,2}})"
)
#: Names that only their place in the sentence tells; common words are left out afterwards.
_ACTING = r"(?=负责|牵头|主持|带队|带领|担任|领衔|主导|研发|开发|提供|完成|发明)"
_NAME_END = r"(?=[^\u4e00-\u9fff]|$|教授|博士|先生|女士|老师|负责|牵头|主持|带领|电话|手机|微信|[和与及])"
_PLACED_PERSON = (
    rf"(?<=[由经请])(?!于)({SURNAME}[\u4e00-\u9fff]{{1,2}}){_ACTING}"
    rf"|(?:联系人|负责人|发明人|完成人|带头人|首席专家|项目经理|总工(?!程)|联系|致电|我叫|本人|转告)({SURNAME}[\u4e00-\u9fff]{{1,2}}){_NAME_END}"
)
#: Persons under a Western title, or behind a word for them.
_FOREIGN_PERSON = (
    r"(?<![A-Za-z])(?:Prof\.?|Professor|Dr\.?|Mr\.?|Ms\.?|Mrs\.?|Miss)\s{0,2}((?:[A-Z][A-Za-z-]{1,20}\s?){1,3})"
    r"|(?<![A-Za-z])(?:[Cc]ontact|CONTACT|PI|[Nn]ame)\s?:\s{0,2}((?:[A-Z][A-Za-z-]{1,20}\s?){1,3})"
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
    rf"|(?<![\u4e00-\u9fff〕])(?!{_GENERIC})[\u4e00-\u9fff]{{2,10}}(?:公司|集团|学院|医院|工厂)(?![\u4e00-\u9fff])"
)

#: A firm inside a sentence: only one that a place or a name of its own tells.
_ORGANISATION_INSIDE = (
    rf"(?<=[和与及为有是由向给找])(?!{_GENERIC})[\u4e00-\u9fff]{{3,10}}?(?:公司|集团|厂|学院|医院)"
    r"(?=[^\u4e00-\u9fff]|$|[和与及的等])"
)
_FORMS = (
    (FindingKind.PERSON, re.compile(_PERSON)),
    (FindingKind.ORGANISATION, re.compile(_ORGANISATION)),
    (FindingKind.ORGANISATION, re.compile(_ACADEMY)),
)
_INSIDE = re.compile(_ORGANISATION_INSIDE)
_PLACED = re.compile(_PLACED_PERSON)
_NAMED = re.compile(_INSTITUTION)
_FOREIGN = re.compile(_FOREIGN_PERSON)
_GENERAL = re.compile(rf"^(?:{_GENERIC}|高等院校|科研院所|高校|企业|行业|专业|科技型|中小)")


def names_by_form(reading: Reading) -> Iterator[Finding]:
    """Persons and organisations that no record names, as far as their form tells."""
    text = reading.text
    for kind, pattern in _FORMS:
        for match in pattern.finditer(text):
            start, end = match.span(match.lastindex or 0)
            if kind is FindingKind.PERSON or not _is_general(text[start:end], text[end : end + 1]):
                yield reading.found(kind, start, end)
    for match in _INSIDE.finditer(text):
        if tells_a_firm(match.group()):
            yield reading.found(FindingKind.ORGANISATION, *match.span())
    for match in _PLACED.finditer(text):
        start, end = match.span(match.lastindex or 0)
        if is_person(text[start:end]):
            yield reading.found(FindingKind.PERSON, start, end)
    for kind, pattern in ((FindingKind.ORGANISATION, _NAMED), (FindingKind.PERSON, _FOREIGN)):
        for match in pattern.finditer(reading.cased):
            yield reading.found(kind, *match.span(match.lastindex or 0))


def _is_general(name: str, after: str) -> bool:
    """Whether a name that ends like an organisation's names none: 一家公司, 工业大学城."""
    return bool(_GENERAL.match(name)) or (name.endswith("大学") and after in tuple("城生"))
