"""Page furniture: page numbers, running heads, the buttons and crumbs of a web page."""

from __future__ import annotations

import re
from collections import Counter

_PAGE_NUMBER = re.compile(
    r"[-—–－―·•_\s]+\d{1,4}[-—–－―·•_\s]+"
    r"|第\s?\d{1,4}\s?页(?:\s?[,，/]?\s?共\s?\d{1,4}\s?页)?"
    r"|共\s?\d{1,4}\s?页\s?[,，]?\s?第\s?\d{1,4}\s?页"
    r"|\d{1,4}\s?/\s?\d{1,4}\s?页?"
    r"|page\s?\d{1,4}(?:\s?(?:of|/)\s?\d{1,4})?",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\d{1,4}|[ivxIVX]{1,6}")
_BUTTON = (
    r"(?:打印|关闭|分享|收藏|返回|返回顶部|返回首页|返回列表|回到顶部|打印本页|打印此页|关闭窗口|关闭本页|关闭页面|加入收藏|设为首页"
    r"|大|中|小|字体|字号|字体大小|微信|微博|QQ空间|一键分享|分享|分享到|分享至|我要纠错|纠错|下载|复制链接|展开|收起|上一篇|下一篇|首页|语音播报"
    r"|无障碍|无障碍浏览|长者模式|关怀模式|适老化|手机版|扫一扫在手机打开当前页|扫一扫在手机上查看当前页面|相关附件下载)"
)  # fmt: skip
_BUTTONS = re.compile(rf"[\[【(（]?{_BUTTON}[\]】)）]?(?:[\s|｜:：·/]*[\[【(（]?{_BUTTON}[\]】)）]?)*[\s|｜:：]*")
_CRUMBS = re.compile(
    r"(?:您?(?:的)?(?:当前|现在)(?:的)?位置|当前栏目|位置)\s?[:：].*"
    r"|首页\s?[>＞»›→/].*"
    r"|(?:上|下)一(?:篇|条|页)\s?[:：].*"
    r"|(?:浏览|阅读|点击|访问)(?:次数|量|数)\s?[:：]?\s?\d*\s?次?"
    r"|版权所有.*|Copyright.*|.{0,12}ICP备\d+号.*|.{0,12}公网安备.*"
)
#: A running head stands on at least this share of the pages, and on three pages at least.
_RUNNING_SHARE = 0.5
_RUNNING_PAGES = 3
#: How many lines at the top and at the bottom of a page may be furniture.
_EDGE_LINES = 2
_DIGITS = re.compile(r"\d+")


def is_page_number(line: str) -> bool:
    """``— 3 —``, ``第 3 页 共 5 页``, ``3/5``; a bare number is not, it may be a table's cell."""
    return len(line) <= 30 and _PAGE_NUMBER.fullmatch(line.strip()) is not None


def is_web_furniture(line: str) -> bool:
    """Buttons, crumbs and counters of a web page's frame."""
    stripped = line.strip()
    if len(stripped) > 120 or not stripped:
        return False
    return _BUTTONS.fullmatch(stripped) is not None or _CRUMBS.fullmatch(stripped) is not None


def without_page_furniture(pages: list[list[str]]) -> list[list[str]]:
    """The lines of each page without page numbers and without heads and feet that run through."""
    cores = [[line for line in page if line.strip() and not is_page_number(line)] for page in pages]
    heads = _running(cores)
    return [_strip_edges(page, heads) for page in cores]


def _running(pages: list[list[str]]) -> frozenset[str]:
    """Lines, digits aside, that stand at the edges of most pages."""
    counts: Counter[str] = Counter()
    for page in pages:
        edges = page[:_EDGE_LINES] + page[-_EDGE_LINES:]
        counts.update({_key(line) for line in edges})
    needed = max(_RUNNING_PAGES, len(pages) * _RUNNING_SHARE)
    return frozenset(key for key, count in counts.items() if count >= needed)


def _strip_edges(page: list[str], heads: frozenset[str]) -> list[str]:
    start, end = 0, len(page)
    while start < min(end, _EDGE_LINES) and _is_edge(page[start], heads):
        start += 1
    while end > start and len(page) - end < _EDGE_LINES and _is_edge(page[end - 1], heads):
        end -= 1
    return page[start:end]


def _is_edge(line: str, heads: frozenset[str]) -> bool:
    return _key(line) in heads or _BARE_NUMBER.fullmatch(line.strip()) is not None


def _key(line: str) -> str:
    return _DIGITS.sub("#", "".join(line.split()))
