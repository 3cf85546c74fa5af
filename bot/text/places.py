"""Places named in a text: provinces, cities, and districts by their ending."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

#: Provinces and prefecture-level cities of the national administrative division, plus some large county cities.
_FILE = Path(__file__).with_name("places.txt")
_DISTRICT = re.compile(r"(?P<name>[\u4e00-\u9fff]{2})(?P<kind>新区|区|县)(?![里内级域间位别块属划])")
#: Two characters before 区 or 县 that make an ordinary word, not a name.
_ORDINARY = re.compile(
    r"(?:.[园社地城小本我市全跨片街校景山厂灾疫战库牧林郊辖某各该外内东西南北中新老这那贵你您他几个哪每]|"
    r"(?:在|到|给|和|与|对|我|是|从|为|问|个|些|的|有|没|把|被|让|要|去|来|及|同|跟).|.(?:在|到|给|和|与|对|是|从|为|的|有|把|被|让|要|去|来|及|同|跟|由|向|于|属|设|了)|产业|开发|工业|功能|保税|示范|商务|商业|居住|办公|核心|合作|试验|自贸|高新|经开|科技|生活|生产|自治|聚集|集聚|先行|引领|省市|市辖)$"
)

#: Stands for any place where only what is said of it counts.
A_PLACE = "某市"


@cache
def _cities() -> re.Pattern[str]:
    names = sorted(set(_FILE.read_text(encoding="utf-8").split()), key=len, reverse=True)
    return re.compile("|".join(names))


def places_in(text: str) -> tuple[str, ...]:
    """Names of places in ``text`` without 省 and 市, in order, each once.

    >>> places_in("苏州和徐汇区有什么补贴")
    ('苏州', '徐汇区')
    """
    found: dict[int, str] = {match.start(): match.group() for match in _cities().finditer(text)}
    for match in _DISTRICT.finditer(text):
        if match["kind"] == "新区" or not _ORDINARY.match(match["name"]):
            found[match.start()] = match.group()
    return tuple(dict.fromkeys(found[start] for start in sorted(found)))


def with_places_as(text: str, stand_in: str) -> str:
    """``text`` with every place it names replaced by one word: what is said of a place is alike for all places.

    >>> with_places_as("厂在湖州", "某市")
    '厂在某市'
    """
    for name in sorted(places_in(text), key=len, reverse=True):
        text = text.replace(name, stand_in)
    return text
