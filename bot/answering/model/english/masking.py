"""A unit with placeholders for all that a model could get wrong by a letter: figures, dates, names, titles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from bot.answering.model.english.figures import figure_masks, loose_rates
from bot.answering.model.english.records import Kind, Mask, MaskedUnit
from bot.text.figures import FigureKind, parse_figures
from bot.text.numerals import parse_number
from bot.text.places import places_in
from bot.text.relative_time import resolve_relative_time

#: Takes the place of what is masked already while the rest is read: a letter of no word and no figure.
_TAKEN = "■"
_LABEL = re.compile(
    r"^\s*(?:[（(](?P<bracketed>[一二三四五六七八九十\d]{1,3})[）)]|(?P<bare>[一二三四五六七八九十\d]{1,3})[、．.](?!\d))"
)
_TITLE = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")
_QUOTED = re.compile(r"“[^“”]{1,60}”|「[^「」]{1,60}」")
_LATIN = re.compile(r"[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*(?:[-+&.'/@:_][A-Za-z0-9]+)*[+#]*")
_ADDRESS = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:路|街|大道|楼|苑|大厦)(?:[ 　]*\d+(?:号楼|号|弄|室|楼|层|座))+")
_CLOCK = re.compile(r"(?<!\d)\d{1,3}[:：/]\d{1,2}(?:[ 　]*(?:至|到|[-—~～－–])+[ 　]*\d{1,2}[:：]\d{2})?(?!\d)")
_AREA = re.compile(r"(?!重点|沿线|相关|其他|周边|所在|.[各本该])[\u4e00-\u9fff]{2}地区")
#: What a title says of its own status, which an English reader could not read in it.
_TITLE_STATUS = (
    ("征求意见稿", "draft for comment"), ("初稿", "first draft"), ("草案", "draft"), ("讨论稿", "draft for discussion"),
    ("试行", "trial version"), ("暂行", "interim"), ("试点", "pilot"),
)  # fmt: skip
_ENDING = (
    r"研究中心|服务中心|分中心|中心|有限公司|集团公司|研究院|科学院|设计院|学院|医院|法院|研究所|银行|支行|分行|大学(?!生)"
    r"|委员会|管委会|科委|经委|发改委|国资委|商务委|人社局|税务局|监管局|[财教农统]\S局|局|服务处|财务处|处|办公室|实验室"
    r"|基金会|协会|学会|联合会|商会|创新园|产业园|科技园|园区|专班|院|科"
)
_ORGANISATION = re.compile(
    rf"[\u4e00-\u9fff（）]{{1,18}}?(?:{_ENDING})(?:(?:{_ENDING})|[\u4e00-\u9fff]{{1,6}}(?:分中心|支行|分行|科))*(?![\u4e00-\u9fff]?(?<=[科院处])[研技学创普教校所内士长级置理于罚境地])"
)
#: What may stand before an organisation's name and is no part of it.
_BEFORE_NAME = re.compile(
    r"由|与|和|及|向|在|对(?!外)|从|为|把|被|将|以(?!色列|（)|于|到|给|让|经(?!委|济)|据|是|等|该|本|此|其|各|前|内|外(?!国)|并|而|且|或|即|有(?!限)|无|未|不|已"
    r"|可|会(?!计)|应|须|使|用|的|得|了|着|至|如|跟|称|叫|含|属|[一二三四五六七八九十两几多每个家名所]|依托|通过|联合|牵头"
    r"|推动|推进|支持|鼓励|组织|举办|负责|设立|成立|建设|打造|联系|引入|引进|邀请|包括|根据|按照|参加|加入|关于|具体|目前|同时"
    r"|此外|另外|其中|委托|面向|围绕|服务(?!中心|处)|对接|联动|位于|设置|落户|入驻|作为|成为|共建|来自|拨打|区内|市内|当地|相关"
    r"|申请|禁止|计划|后(?!勤)|报(?!社)|■"
)
_GENERIC = re.compile(
    r"^(?:所在|全体|合作|重点|头部|受让|专业|其他|校内|投促分|社会|人文|高新|公开|产业|投资|委托|完成|理|学|本|专|全|分|自然|高|法|医|剧|党|常|住|场|好|用|到|之|出|布|结|当|格|大|文|工)"
    r"(?:中心|公司|学院|研究院|研究所|大学|医院|银行|支行|委员会|实验室|园区|院所?|科学?|处|局|分中心|办公室)$"
)  # fmt: skip
_RELATIVE = re.compile(r"前年|去年|上年|今年|本年(?!度)|明年")
_CITY_PLACE = {"沪": re.compile(r"(?<=[来在留驻赴落])沪")}
_UNDATED = {
    "前年": "two years before",
    "去年": "the year before",
    "上年": "the year before",
    "今年": "the year of",
    "本年": "the year of",
    "明年": "the year after",
}


def masked(unit: str, date: str | None) -> MaskedUnit:
    """``unit`` with its placeholders; ``date`` is its document's, for 去年 and the like."""
    found: list[Mask] = []
    rest = unit
    for reader in (
        _labels,
        _titles,
        _numbers,
        _latin,
        _addresses,
        figure_masks,
        _years(date),
        loose_rates,
        _places,
        _names,
        _cities,
    ):
        for mask in sorted(reader(rest), key=lambda each: each.start):
            if _TAKEN not in rest[mask.start : mask.end]:
                found.append(mask)
                rest = rest[: mask.start] + _TAKEN * (mask.end - mask.start) + rest[mask.end :]
    masks = tuple(sorted(found, key=lambda each: each.start))
    pieces, at = [], 0
    for place, mask in enumerate(masks, start=1):
        pieces += [unit[at : mask.start], f"⟦{place}⟧"]
        at = mask.end
    return MaskedUnit(unit, "".join((*pieces, unit[at:])), masks)


def _as_printed(match: re.Match[str], kind: Kind) -> Mask:
    return Mask(match.start(), match.end(), kind, match.group(), match.group())


def _labels(text: str) -> Iterator[Mask]:
    match = _LABEL.match(text)
    if match:
        value = parse_number(match["bracketed"] or match["bare"])
        english = f"({value})"
        yield Mask(match.start(), match.end(), Kind.LABEL, match.group(), english, english)


def _titles(text: str) -> Iterator[Mask]:
    for match in _TITLE.finditer(text):
        status = [english for chinese, english in _TITLE_STATUS if chinese in match.group()]
        english = match.group() + (f" ({', '.join(status)})" if status else "")
        yield Mask(match.start(), match.end(), Kind.TITLE, match.group(), english)
    for match in _QUOTED.finditer(text):
        yield _as_printed(match, Kind.QUOTED)


def _numbers(text: str) -> Iterator[Mask]:
    """Numbers of documents, as printed."""
    for figure in parse_figures(text):
        if figure.kind is FigureKind.DOCUMENT_NUMBER:
            printed = str(figure.value)
            start = (
                figure.start + max(len(figure.text) - len(printed), 0)
                if figure.text.endswith(printed[-3:])
                else figure.start
            )
            yield Mask(start, figure.end, Kind.ADDRESS, text[start : figure.end], text[start : figure.end])


def _latin(text: str) -> Iterator[Mask]:
    for match in _LATIN.finditer(text):
        yield _as_printed(match, Kind.LATIN)


def _addresses(text: str) -> Iterator[Mask]:
    for match in _CLOCK.finditer(text):
        english = re.sub(r"[ 　]*(?:至|到|[-—~～－–])+[ 　]*", " to ", match.group().replace("：", ":"))
        yield Mask(match.start(), match.end(), Kind.FIGURE, match.group(), english, english)
    for match in _ADDRESS.finditer(text):
        start = match.start() + _name_start(match.group())
        yield Mask(start, match.end(), Kind.ADDRESS, text[start : match.end()], text[start : match.end()])


def _years(date: str | None) -> Callable[[str], Iterator[Mask]]:
    def read(text: str) -> Iterator[Mask]:
        meant = {time.word: str(time.year) for time in resolve_relative_time(text, date)}
        for match in _RELATIVE.finditer(text):
            word = match.group()
            english = meant.get(word) or f"{_UNDATED[word]} this document"
            yield Mask(match.start(), match.end(), Kind.DATE, word, english, english)

    return read


def _names(text: str) -> Iterator[Mask]:
    for match in _AREA.finditer(text):
        yield _as_printed(match, Kind.PLACE)
    for match in _ORGANISATION.finditer(text):
        start = match.start() + _name_start(match.group())
        name = text[start : match.end()]
        if len(name) >= 3 and not _GENERIC.match(name) and _whole(name):
            yield Mask(start, match.end(), Kind.ORGANISATION, name, name)


def _whole(name: str) -> bool:
    return name.count("（") == name.count("）") and ("银行" in name or not name.endswith(("支行", "分行")))


def _name_start(run: str) -> int:
    """Where the name that ends ``run`` begins: after the last word that is no part of it."""
    return max((match.end() for match in _BEFORE_NAME.finditer(run)), default=0)


def _places(text: str) -> Iterator[Mask]:
    found: list[Mask] = []
    for name, english in place_names():
        start = text.find(name)
        while start >= 0:
            if not any(mask.start < start + len(name) and start < mask.end for mask in found):
                found.append(Mask(start, start + len(name), Kind.PLACE, name, english))
            start = text.find(name, start + 1)
    names = [mask for mask in _names(text) if mask.kind is Kind.ORGANISATION]
    # A place inside an organisation's name is part of that.
    yield from (mask for mask in found if not any(name.start <= mask.start and mask.end <= name.end for name in names))
    for match in _CITY_PLACE["沪"].finditer(text):
        yield Mask(match.start(), match.end(), Kind.PLACE, match.group(), "Shanghai")


def _cities(text: str) -> Iterator[Mask]:
    for name in places_in(text):
        start = text.find(name)
        while start >= 0:
            end = start + len(name) + text.startswith(("市", "省"), start + len(name))
            yield Mask(start, end, Kind.PLACE, text[start:end], text[start:end])
            start = text.find(name, end)


@cache
def place_names() -> tuple[tuple[str, str], ...]:
    """Places that have an English name here, the longest first."""
    lines = Path(__file__).with_name("places.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(sorted(((name, row[1]) for row in rows for name in row[0].split()), key=lambda each: -len(each[0])))
