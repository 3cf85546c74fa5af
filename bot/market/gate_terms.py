"""What the free text behind a gate says: places, stretches of time, excluded terms.

Everything here prefers "cannot be told" (``None``) to a guess.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import bot.text.places
from bot.text.figures import FigureKind, parse_figures

# --- Places -------------------------------------------------------------------------------------------

_MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
_OFFSHORE = ("香港", "澳门", "台湾")
_PROVINCES = (
    *_MUNICIPALITIES,
    *_OFFSHORE,
    *"河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南".split(),
    *"四川 贵州 云南 陕西 甘肃 青海 内蒙古 广西 西藏 宁夏 新疆".split(),
)
_GROUPS = {
    "长三角": "上海、江苏、浙江、安徽",
    "京津冀": "北京、天津、河北",
    "江浙沪": "江苏、浙江、上海",
    "港澳台": "香港、澳门、台湾",
}
_COUNTRIES = (
    "美国 德国 英国 法国 日本 韩国 俄罗斯 加拿大 澳大利亚 新西兰 意大利 西班牙 葡萄牙 荷兰 比利时 卢森堡 瑞士 瑞典 "
    "挪威 芬兰 丹麦 奥地利 爱尔兰 冰岛 波兰 捷克 匈牙利 希腊 土耳其 乌克兰 以色列 阿联酋 沙特阿拉伯 沙特 印度尼西亚 "
    "印度 印尼 新加坡 马来西亚 泰国 越南 菲律宾 巴西 墨西哥 阿根廷 智利 南非 埃及 哈萨克斯坦 巴基斯坦 朝鲜 蒙古国"
).split()
#: They hold countries, so that neither can contradict the other.
_CONTINENTS = ("欧洲", "欧盟", "北美", "南美", "东南亚", "东亚", "中东", "非洲", "大洋洲", "北欧", "西欧", "东欧")
_DOMESTIC, _ABROAD = "国内", "境外"
_SCOPES = {
    **dict.fromkeys("国内 全国 境内 我国境内 我国 中国 中国境内 中国大陆 大陆 内地".split(), _DOMESTIC),
    **dict.fromkeys(("境外", "国外", "海外", "外国"), _ABROAD),
}  # fmt: skip
#: Cities of the list that lie in another city of the list, and prefecture cities it leaves out.
_COUNTY_CITIES = frozenset("昆山 江阴 张家港 常熟 太仓 宜兴 义乌 雄安".split())
_MORE_CITIES = frozenset("吉林 朝阳 昌都 林芝 山南 那曲".split())

_PROVINCE = re.compile(
    rf"(?P<name>{'|'.join(_PROVINCES)})(?:省|(?:壮族|回族|维吾尔)?自治区|特别行政区|"
    rf"(?<={'|'.join(_MUNICIPALITIES)})市)?"
)
#: 海南州, 吉林市, 河南蒙古族自治县 are no provinces.
_NO_PROVINCE = re.compile(r"[市州县区盟旗镇乡路]|[\u4e00-\u9fff]{0,6}?自治[州县旗]")
_UNIT = re.compile(
    r"(?P<name>[^省市区县]+?)(?P<level>省|市|区|县|自治州|自治县|自治旗|地区|州(?![市区县])|盟(?![市区县])|旗(?![市区县]))"
)
#: Zones that lie across districts: they neither make a district nor contradict one.
_ZONE = re.compile(r"(?:新|园|开发|高新|经开|示范|试验|保税|合作|工业|港|功能|社|山|湾|园林|景)$")


@dataclass(frozen=True, slots=True)
class Place:
    """One place as a text names it; what it does not name is empty."""

    text: str
    scope: str = ""
    country: str = ""
    province: str = ""
    cities: tuple[str, ...] = ()
    district: str = ""
    rest: str = ""

    @property
    def abroad(self) -> bool:
        return bool(self.country) and self.country != "中国"


@cache
def _prefectures() -> frozenset[str]:
    listed = Path(bot.text.places.__file__).with_name("places.txt").read_text(encoding="utf-8").split()
    return frozenset(listed) - frozenset(_PROVINCES) - _COUNTY_CITIES | _MORE_CITIES


@cache
def _known_city() -> re.Pattern[str]:
    names = sorted(_prefectures() - _MORE_CITIES | _COUNTY_CITIES, key=len, reverse=True)
    # 大同区, 通化县 are districts that share the name of a city.
    return re.compile(rf"(?P<name>{'|'.join(names)})(?:市|地区|州(?!区)|[^省市区县]{{1,8}}自治州|(?![区县旗镇乡]))")


def read_places(text: str) -> tuple[Place, ...]:
    """The places a list such as ``上海、江苏和浙江`` names."""
    for group, names in _GROUPS.items():
        text = text.replace(group, names)
    # 和 and 及 stand in names (呼和浩特): they part a list only behind a complete name.
    text = re.sub(rf"(?<=[省市区县州])[和及与]|(?:(?<={')|(?<='.join(_PROVINCES)}))[和及与]", "、", text)
    return tuple(_place(piece) for piece in re.split(r"[、,，;；/或\s]+", text) if piece)


def _place(text: str) -> Place:
    if text in _SCOPES:
        scope = _SCOPES[text]
        return Place(text, scope=scope, country="中国" if scope == _DOMESTIC else _ABROAD)
    for country in sorted((*_COUNTRIES, *_CONTINENTS), key=len, reverse=True):
        if text.startswith(country):
            return Place(text, country=country, rest=text[len(country) :])
    country, rest = ("中国", text[2:]) if text.startswith("中国") else ("", text)
    province, cities, district, left = "", [], "", ""
    if (match := _PROVINCE.match(rest)) and not (
        match.group() == match["name"] and _NO_PROVINCE.match(rest, match.end())
    ):
        country, province, rest = "中国", match["name"], rest[match.end() :]
    while rest:
        if match := _known_city().match(rest):
            country = "中国"
            cities.append(match["name"])
        elif not (match := _UNIT.match(rest)):
            left += rest
            break
        elif match["level"] == "省":
            province = match["name"]
        elif match["level"] in ("区", "县", "自治县", "自治旗", "旗") and not _ZONE.search(match["name"]):
            district = match.group()
        elif match["level"] == "区":
            left += match.group()
        else:
            cities.append(match["name"])
        rest = rest[match.end() :]
    if cities and cities[0] == "吉林" and not province:
        country, province = "中国", "吉林"
    return Place(text, "", country, province, tuple(cities), district, left)


def lies_in(stated: Place, wanted: Place) -> bool | None:
    """Whether ``stated`` lies in ``wanted``; ``None`` when the names do not tell."""
    if wanted.scope:
        return _in_scope(stated, wanted.text)
    if stated.text == wanted.text:
        return True
    told = list(_levels(stated, wanted))
    if False in told:
        return False
    return True if told and None not in told else None


def _in_scope(stated: Place, scope: str) -> bool | None:
    home = _SCOPES[scope] == _DOMESTIC
    if stated.abroad:
        return not home
    if stated.province in _OFFSHORE:
        return True if scope == "境外" else None
    return home if stated.country == "中国" else None


def _levels(stated: Place, wanted: Place) -> Iterator[bool | None]:
    """What each level that ``wanted`` names says."""
    if wanted.country:
        yield _in_country(stated, wanted)
    if wanted.province and not set(wanted.cities) & set(stated.cities):
        # The name of a city tells its province.
        yield _in_province(stated, wanted.province)
    if wanted.cities:
        yield _in_city(stated, wanted.cities[-1])
    if wanted.district:
        yield _in_district(stated, wanted)
    if wanted.rest:
        # A part that is no district decides only together with a place around it.
        around = wanted.province or wanted.cities or wanted.abroad
        yield True if around and wanted.rest in stated.text else None


def _in_country(stated: Place, wanted: Place) -> bool | None:
    if stated.country == wanted.country:
        return True
    if not stated.country:
        return True if set(wanted.cities) & set(stated.cities) else None
    if not (stated.abroad and wanted.abroad):
        return False
    vague = (_ABROAD, *_CONTINENTS)
    return None if stated.country in vague or wanted.country in vague else False


def _in_province(stated: Place, province: str) -> bool | None:
    if stated.province:
        return stated.province == province
    # No city lies in a municipality.
    outside = province in (*_MUNICIPALITIES, *_OFFSHORE) and set(stated.cities) & _prefectures()
    return False if outside else None


def _in_city(stated: Place, city: str) -> bool | None:
    if city in stated.cities:
        return True
    if stated.province in (*_MUNICIPALITIES, *_OFFSHORE) and city in _prefectures():
        return False
    # A city may lie in another one: only two of the same rank contradict.
    rank = city in _prefectures()
    return False if any((other in _prefectures()) is rank for other in stated.cities) else None


def _in_district(stated: Place, wanted: Place) -> bool | None:
    if not stated.district:
        return None
    if stated.district != wanted.district:
        return False
    # Districts of several cities share a name (鼓楼区): what is around has to be the same.
    if wanted.cities:
        return True if wanted.cities[-1] in stated.cities else None
    same = not stated.cities and stated.province == wanted.province
    return True if same else None


# --- Stretches of time --------------------------------------------------------------------------------

_DIGITS = "〇一二三四五六七八九"
_MONTHS = "一 二 三 四 五 六 七 八 九 十 十一 十二".split()
_TO = r"\s*[-–—~～至到]+\s*"


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day that a statement can mean; ``safe`` is the last day it surely allows."""

    first: date
    last: date
    safe: date


def _plain_dates(text: str) -> str:
    """``text`` with halves, quarters and short forms told as months of a year."""
    text = re.sub(r"[〇零○一二三四五六七八九]{4}(?=年)", lambda m: _arabic_year(m.group()), text)
    text = re.sub(r"(?<=年)([一二三四五六七八九十]{1,2})(?=月)", lambda m: _arabic_month(m.group()), text)
    text = re.sub(r"(?<!\d)([Qq][1-4])\s*[,，/-]?\s*(20\d\d)(?!\d)年?", r"\2年\1", text)
    text = re.sub(
        r"(?<!\d)(20\d\d)\s*年?\s*[-/.]?\s*(?P<until>前)?(?:第?\s*(?P<cn>[一二三四1-4])\s*个?季度?|[Qq]\s*(?P<q>[1-4]))",
        _quarter,
        text,
    )
    text = re.sub(r"(?<!\d)(20\d\d)\s*年?\s*(?:的)?上半年", r"\1年1月至\1年6月", text)
    text = re.sub(r"(?<!\d)(20\d\d)\s*年?\s*(?:的)?下半年", r"\1年7月至\1年12月", text)
    text = re.sub(rf"(?<!\d)(20\d\d)[-/.](\d{{1,2}}){_TO}(\d{{1,2}})(?![\d月/.-])", _short_range, text)
    text = re.sub(r"(?<!\d)(20\d\d)[-/.](0?[1-9]|1[0-2])(?![-/.]?\d)月?", r"\1年\2月", text)
    text = re.sub(rf"(20\d\d)年(\d{{1,2}}){_TO}(\d{{1,2}})月", r"\1年\2月至\1年\3月", text)
    text = re.sub(rf"(20\d\d)年(\d{{1,2}}月(?:\d{{1,2}}日)?){_TO}(?=\d{{1,2}}月)", r"\1年\2至\1年", text)
    text = re.sub(r"(年\d{1,2}月)(?:初|上旬)", r"\g<1>10日", text)
    return re.sub(r"(年\d{1,2}月)中旬?", r"\g<1>20日", text)


def _short_range(match: re.Match[str]) -> str:
    """2027-06~09; 2027-06-09 is a day."""
    if match.group()[len(match[1]) + 1 + len(match[2])] == "-":
        return match.group()
    return f"{match[1]}年{match[2]}月至{match[1]}年{match[3]}月"


def _arabic_year(text: str) -> str:
    return "".join(str(_DIGITS.index({"零": "〇", "○": "〇"}.get(digit, digit))) for digit in text)


def _arabic_month(text: str) -> str:
    return str(_MONTHS.index(text) + 1) if text in _MONTHS else text


def _quarter(match: re.Match[str]) -> str:
    told = match["cn"] or match["q"]
    number = "一二三四".index(told) + 1 if told in "一二三四" else int(told)
    first = 1 if match["until"] else 3 * number - 2
    return f"{match[1]}年{first}月至{match[1]}年{3 * number}月"


def _days(value: str) -> tuple[date, date] | None:
    """The first and last day of an ISO date of any precision; ``None`` without a year."""
    year, *finer = value.split("-")
    if not year:
        return None
    try:
        numbers = [int(part) for part in finer]
        if len(numbers) == 2:
            day = date(int(year), numbers[0], numbers[1])
            return day, day
        first, last = (numbers[0], numbers[0]) if numbers else (1, 12)
        return date(int(year), first, 1), date(int(year), last, monthrange(int(year), last)[1])
    except ValueError:
        return None


#: 2027年6月前 may mean before June or by the end of June; 2027年初 is early in the year.
_BEFORE = re.compile(r"\s*(?:之前|以前|前|初|年初|中|年中|春|夏|秋|暑|元旦|五一|国庆|十一)")
_AFTER = re.compile(r"\s*(?:之后|以后|后)")


def read_periods(text: str) -> list[Period]:
    """Every stretch of time that ``text`` states with its year."""
    text = _plain_dates(text)
    found: list[tuple[date, date, int]] = []
    for figure in parse_figures(text) if text else ():
        days = _days(str(figure.value)) if figure.kind is FigureKind.DATE else None
        if days is None:
            continue
        if found and re.fullmatch(_TO, text[found[-1][2] : figure.start]):
            days = (found.pop()[0], days[1])
        found.append((*days, figure.end))
    return [_period(first, last, text[end:]) for first, last, end in found]


def _period(first: date, last: date, behind: str) -> Period:
    if _AFTER.match(behind):
        return Period(last, date.max, date.max)
    if _BEFORE.match(behind) and first < last:
        return Period(first, last, first - timedelta(days=1))
    return Period(first, last, last)
