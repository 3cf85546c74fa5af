"""Exact values in what is told: amounts, times, places, levels, names of units. Rules here read; they never find."""

from __future__ import annotations

import re

from bot.text.figures import FigureKind, ParsedFigure, parse_figures
from bot.text.numerals import parse_number
from bot.text.places import places_in

_TIMES = frozenset({FigureKind.DATE, FigureKind.DURATION})
#: 50w and 两百个w are said for 万.
_W = re.compile(r"(?<=[0-9一二三四五六七八九十百两几])个?[wW](?![A-Za-z])")
#: 五十来万, 三十多万: about so many.
_ABOUT = re.compile(r"(?<=[一二三四五六七八九十百])[来多几余](?=[万亿千])")
_LEVEL = re.compile(r"(?:TRL|trl|成熟度|就绪度)[^0-9一二三四五六七八九]{0,4}([1-9一二三四五六七八九])(?![0-9十])")
_GRADE = re.compile(r"(?<![0-9.十百])([1-9一二三四五六七八九])[ ~～到至—、-]{0,3}[1-9一二三四五六七八九]?[ ]{0,2}级")
_BARE_LEVEL = re.compile(r"[^0-9]{0,4}([1-9])[^0-9年月个台家项万]{0,4}")
#: What closes the name of a place and is not part of :func:`places_in`'s answer.
_PLACE_ENDS = "省市区县州镇乡旗"
_NO_BOUND = ("不限", "全国", "国内", "海外", "境外", "本地", "当地", "长三角", "珠三角", "大湾区")
#: What an organisation's name ends with, the longest first.
_UNIT_ENDS = (
    *("有限责任公司", "股份有限公司", "有限公司", "集团公司", "研究中心", "工程中心", "研究院", "研究所", "设计院"),
    *("实验室", "合作社", "工作室", "事务所", "大学", "学院", "公司", "集团", "医院", "中心", "学校", "农场", "协会"),
    *("厂", "所", "院", "社", "店"),
)
_UNIT_LEADS = (
    *(
        "我们单位是",
        "我们公司是",
        "我们公司叫",
        "单位名称是",
        "单位名称",
        "单位是",
        "单位叫",
        "公司叫",
        "公司是",
        "我们是",
        "我们叫",
    ),
    *("我司是", "我是", "这里是", "这边是", "就写", "写", "叫", "是", "在", "我们", "我司", "：", ":"),
)
_UNIT_TAILS = ("的老师", "的人", "的研发部", "研发部", "的", "吧", "就行", "老师")


def value(name: str, clause: str) -> str:
    """``clause`` as the field takes it: a level is one digit, a place and a unit their name; empty when it holds none.

    >>> value("region", "厂在湖州"), value("trl", "大概6级"), value("budget", "50w左右")
    ('湖州', '6', '50w左右（50万）')
    """
    if name in ("trl", "trl_required"):
        return level(clause)
    if name in ("region",):
        return place(clause)
    if name == "owner_id":
        return unit(clause)
    if name in ("budget", "price"):
        return amount(clause)
    return clause


def amount(clause: str) -> str:
    """``clause`` with what stands for 万 beside it where it is written in another way: 50w（50万）."""
    plain = spelled_out(clause)
    if plain == clause:
        return clause
    before = {figure.value for figure in parse_figures(clause)}
    read = [figure.text for figure in parse_figures(plain) if figure.value not in before and is_money(figure)]
    return f"{clause}（{'—'.join(read)}）" if read else clause


def spelled_out(text: str) -> str:
    """``text`` with w for 万 and without 来 in 五十来万, as amounts are read."""
    return _ABOUT.sub("", _W.sub("万", text))


def is_money(figure: ParsedFigure) -> bool:
    """Whether a figure is an amount of money, also one without its 元: 50万."""
    return figure.kind is FigureKind.MONEY or (figure.kind is FigureKind.NUMBER and figure.text[-1:] in "万亿")


def tells_money(text: str) -> bool:
    """Whether ``text`` holds an amount of money, or is a bare number where one is asked for."""
    plain = spelled_out(text)
    return any(map(is_money, parse_figures(plain))) or plain.strip().isdecimal()


def tells_time(text: str) -> bool:
    """Whether ``text`` holds a date or a span of time."""
    return any(figure.kind in _TIMES for figure in parse_figures(text))


def level(text: str) -> str:
    """The level of maturity that ``text`` tells, 1–9 as a digit; empty without one."""
    match = _LEVEL.search(text) or _GRADE.search(text) or _BARE_LEVEL.fullmatch(text.strip())
    return str(parse_number(match.group(1))) if match else ""


def place(text: str) -> str:
    """The place that ``text`` names, from its first name to its last; empty without one.

    >>> place("云南大理，山里头"), place("我们在江苏省昆山市")
    ('云南大理', '江苏省昆山市')
    """
    names = places_in(text)
    if not names:
        return next((word for word in _NO_BOUND if word in text), "")
    start = min(text.find(name) for name in names)
    end = max(text.find(name) + len(name) for name in names)
    while end < len(text) and text[end] in _PLACE_ENDS:
        end += 1
    return text[start:end]


def unit(text: str) -> str:
    """The name of the organisation that ``text`` says the teller to be; empty without one."""
    text = text.strip()
    for lead in _UNIT_LEADS:
        if text.startswith(lead) and len(text) > len(lead):
            text = text[len(lead) :].strip()
            break
    ends = [(text.rfind(end), len(end)) for end in _UNIT_ENDS if text.rfind(end) > 0]
    if ends:
        at, length = max(ends, key=lambda each: each[0] + each[1])
        # What follows a long ending is somebody in it: 示例大学机械学院的.
        return text[: at + length]
    for tail in _UNIT_TAILS:
        text = text.removesuffix(tail)
    return text.strip("。，, ")
