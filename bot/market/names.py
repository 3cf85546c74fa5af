"""The forms a known name is written in: an organisation's short names, a person's surname with a title.

All forms come from the characters of the name, its reading in Latin letters among them. An English name that
translates it, an abbreviation in Latin letters or a nickname cannot be derived: give those as names of their own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.market.private.pinyin import spelt, spelt_person
from bot.market.taxonomy import load_taxonomy
from bot.search.background import MINIMUM_SHARE, background_share
from bot.text import places

#: Not seen, or not noticed, between two characters of a name.
UNSEEN = r"\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\u20e3\ufeff"
_GAP = rf"[{UNSEEN}()·.*_—-]{{0,2}}"
#: Longer ones are no names; they are looked for as they stand.
_LONGEST = 60
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
SURNAME = rf"(?:欧阳|司马|上官|诸葛|[{SURNAMES}])"
_RARE_SURNAMES = (
    "肖庞殷施洪季翁倪严温芦华俞章鲁葛韦申尤聂焦向柳邢骆岳齐梅庄辛管祝左涂谷祁"
    "舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲柴裴阮单包柯桂尚"
)
TITLES = (
    "教授|副教授|研究员|老师|博士|院士|工程师|高工|总工|总工程师|经理|总经理|副总|主任|所长|院长|校长|先生|女士"
    "|书记|处长|部长|科长|董事长|总监|厂长|博导"
)
#: Where a name may begin inside running Chinese text.
BOUNDARY = r"(?:(?<![\u4e00-\u9fff])|(?<=[由与和向请找及是为、者人系给让跟]))"
_SHORT_TITLES = r"总(?![是额共计结体量数会成的能要归监部之线站装])|董(?!事会)|[处科局厂]长"
_ENGINEER = r"工(?![艺作程业厂序具件人资况期效地])"
_PERSON = re.compile(rf"(?:欧阳|司马|上官|诸葛|[{SURNAMES}{_RARE_SURNAMES}])[\u4e00-\u9fff]{{1,2}}")
_COMPOUND = ("欧阳", "司马", "上官", "诸葛")

_LEGAL = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|有限合伙|合伙企业|集团公司|总公司|分公司|公司|集团|股份|有限|责任|合作社"
    r"|总厂|工厂|厂|研究总院|研究院|研究所|设计院|大学|学院|医院|中心)+$"
)
_REGIONS = "中国 中华 国家 全国 华东 华南 华北 华中 西南 西北 东北 长三角 珠三角 大湾区 浦东 浦西"
_TRADE = (
    "新材料|材料|新能源|能源|科技|技术|高科|电子|电气|电器|电力|电机|电源|电池|机械|机电|机器人|实业|工业|工程|设备|装备|仪器|仪表"
    "|精密|智能|智造|制造|自动化|信息|软件|网络|数据|通信|通讯|光电|半导体|微电子|生物|医药|制药|药业|医疗|器械|化工|化学|石化"
    "|环保|环境|节能|水务|农业|食品|纺织|服饰|轻工|建材|建设|建筑|冶金|金属|钢铁|矿业|重工|汽车|汽配|零部件|轨道|交通|航空|航天"
    "|船舶|物流|贸易|商贸|投资|控股|产业|发展|开发|研发|咨询|服务|文化|教育|传媒|国际|高新|创新|创业|生态|循环|再生|应用|理工|检测"
    "|测控|控制|系统|轴承|模具|阀门|风机|泵业|塑料|塑胶|橡胶|玻璃|陶瓷|涂料|纳米|复合|激光|传感|芯片|集成电路|健康|基因|种业"
)
_TRADE_WORD = re.compile(_TRADE)
#: What a firm is called for short, whatever its full name says.
_FORMS = r"公司|集团|股份|科技|技术|实业|工厂|厂(?![家房区商])|所(?![有以需用谓属在得长])|院(?![士校长])|研究院|研究所"
#: Fewer characters of an e-mail address tell nobody.
_SHORTEST_LOCAL = 4
#: Hosts that serve everybody.
_MAIL_HOSTS = frozenset("gmail outlook hotmail foxmail yahoo aliyun sina sohu icloud example".split())
#: Stand for a name where there is none.
_NO_NAMES = frozenset({"示例", "某某", "有关", "相关", "本地", "高新", "某公司"})


@functools.lru_cache(maxsize=4096)
def patterns(name: str) -> tuple[tuple[bool, re.Pattern[str]], ...]:
    """What to look for, for one given name; each with whether it is a person's."""
    compact = re.sub(rf"[{UNSEEN}()·]", "", name)
    if len(compact) < 2:
        return ()
    if len(name) > _LONGEST:
        return ((False, re.compile(re.escape(name), re.IGNORECASE)),)
    if "@" in compact:
        return ((False, re.compile("|".join(_mail_forms(compact)), re.IGNORECASE)),)
    if is_person(compact):
        return ((True, re.compile("|".join(_person_forms(compact)))),)
    forms = [_spaced(compact), *(_short_forms(compact) if _is_chinese(compact) else ())]
    return ((False, re.compile("|".join(f"(?:{form})" for form in forms), re.IGNORECASE)),)


def is_person(name: str) -> bool:
    """Whether ``name`` is written like a Chinese person's name and is no common word."""
    return bool(_PERSON.fullmatch(name) or (len(name) == 4 and name[:2] in _COMPOUND)) and (
        not _TRADE_WORD.search(name) and not is_word(name[:2])
    )


def tells_a_firm(name: str) -> bool:
    """Whether a name by its form is one firm's: 华北柴油机厂 and 星火集团, not 化工厂."""
    place, rest = _without_place(_LEGAL.sub("", name))
    return bool(rest) and (bool(place) or _words(rest) is None)


def is_word(text: str) -> bool:
    """Whether general text or the technology fields know ``text`` as a word."""
    return background_share(text) >= MINIMUM_SHARE or any(hit.word == text for hit in load_taxonomy().hits(text))


def straddles(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is only the end of one word and the beginning of the next."""
    around = text[max(start - 1, 0) : start + 1], text[end - 1 : end + 1]
    return all(len(pair) == 2 and background_share(pair) >= MINIMUM_SHARE for pair in around)


def _is_chinese(name: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]{2}", name) is not None


def _spaced(text: str) -> str:
    return _GAP.join(map(re.escape, text))


def _person_forms(name: str) -> Iterable[str]:
    surname = name[:2] if name[:2] in _COMPOUND else name[0]
    yield _spaced(name)
    yield from spelt_person(surname, name[len(surname) :])
    # 高工 is a senior engineer, whoever the contact is, and 施工 is building.
    titles = TITLES if surname == "高" or is_word(f"{surname}工") else f"{_ENGINEER}|{TITLES}"
    yield rf"{BOUNDARY}{surname}{_GAP}(?:{_SHORT_TITLES}|{titles})"
    # 小施, 老钱; 小方 and 小金 are words.
    yield from (rf"{BOUNDARY}{lead}{surname}" for lead in "小老" if not is_word(f"{lead}{surname}"))


def _mail_forms(address: str) -> Iterable[str]:
    """An address, what stands before its @, and the name of its host where it is nobody else's."""
    local, _, host = address.partition("@")
    yield re.escape(address)
    if len(local) >= _SHORTEST_LOCAL:
        yield rf"(?<![a-z0-9]){re.escape(local)}(?![a-z0-9])"
    label = host.partition(".")[0]
    if len(label) >= _SHORTEST_LOCAL and label not in _MAIL_HOSTS:
        yield rf"(?<![a-z0-9]){re.escape(label)}(?![a-z0-9])"


def _short_forms(name: str) -> Iterable[str]:
    stem = _LEGAL.sub("", name)
    if len(stem) >= 4 or (len(stem) == 3 and not is_word(stem[:2])):
        yield _spaced(stem)
    prefix, rest = _without_place(stem)
    core, words = _core(rest)
    if len(core) < 2 or core in _NO_NAMES:
        return
    follows = "公司|集团|厂(?![家房区商])"
    # 低温材料研究所 must not bar low-temperature materials from what it tells of itself.
    if not is_word(core):
        follows = _FORMS + "".join(f"|{form}" for word in words for form in _beginnings(word))
    yield rf"{_spaced(core)}{_GAP}(?:{follows})"
    for place in prefix:
        yield rf"{_spaced(place)}[省市区县]?{_GAP}{_spaced(core)}"
    if _is_telling(core):
        yield _spaced(core)
        if latin := spelt(core):
            yield latin


def _is_telling(core: str) -> bool:
    """Whether the core alone names the firm: no word of the language, nor made up of such words."""
    return not is_word(core) and not (len(core) > 2 and _words(core) is not None)


def _beginnings(word: str) -> Iterable[str]:
    for length in range(len(word), 1, -1):
        yield _spaced(word[:length])


@functools.cache
def _place_pattern() -> re.Pattern[str]:
    listed = Path(places.__file__).with_name("places.txt").read_text(encoding="utf-8").split()
    known = "|".join(sorted({*listed, *_REGIONS.split()}, key=len, reverse=True))
    return re.compile(rf"(?P<name>{known})(?:自治区|省|市|区)?|(?P<other>[\u4e00-\u9fff]{{2,3}}?)(?:省|市|县|新区|区)")


def _without_place(stem: str) -> tuple[list[str], str]:
    """The places a name begins with, and what follows them; a name that is all place stays whole."""
    found: list[str] = []
    rest = stem
    while len(found) < 3 and (match := _place_pattern().match(rest)) and len(rest) - match.end() >= 2:
        found.append(match["name"] or match["other"])
        rest = rest[match.end() :]
    return found, rest


def _core(rest: str) -> tuple[str, Sequence[str]]:
    """The part of a name that is the firm's own, and the trade words behind it."""
    if _TRADE_WORD.match(rest) and _words(rest) is not None:
        return "", ()
    for length in range(2, len(rest)):
        words = _words(rest[length:])
        if words is not None:
            return rest[:length], words
    return rest, ()


def _words(text: str) -> tuple[str, ...] | None:
    """``text`` cut into known words of two to four characters; None when it cannot be."""
    ways: list[tuple[str, ...] | None] = [()] + [None] * len(text)
    for end in range(2, len(text) + 1):
        # The longest word last cut off wins: 新材料 rather than 材料.
        for start in range(max(0, end - 4), end - 1):
            before, word = ways[start], text[start:end]
            if before is not None and (_TRADE_WORD.fullmatch(word) or is_word(word)):
                ways[end] = (*before, word)
                break
    return ways[-1]
