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
#: Words of a page's buttons. A line made of nothing else is no text.
_BUTTONS = frozenset(
    "打印 关闭 分享 收藏 返回 返回顶部 返回首页 返回列表 回到顶部 打印本页 打印此页 关闭窗口 关闭本页 "
    "关闭页面 加入收藏 设为首页 大 中 小 特大 默认 字体 字号 字体大小 浏览字号 微信 微博 QQ空间 "
    "QQ好友 微信好友 新浪微博 一键分享 分享到 分享至 我要纠错 纠错 内容纠错 下载 复制链接 展开 收起 "
    "上一篇 下一篇 上一页 下一页 首页 末页 尾页 语音播报 听全文 朗读 无障碍 无障碍阅读 无障碍浏览 "
    "长者模式 长者助手 关怀模式 适老化 手机版 扫一扫 扫码浏览 扫一扫在手机打开当前页 "
    "扫一扫在手机上查看当前页面 相关附件下载 下载文字版 下载图片版 下载、打印 A A+ A- A⁺ A⁻ × + - -次".split()
)
_SEPARATORS = re.compile(r"[\s|｜:：·/\[\]【】()（）]+")
#: What stands between the steps of a crumb trail.
_STEPS = frozenset(">＞»›→/")
_PLACE_LABELS = ("当前位置", "现在位置", "当前的位置", "现在的位置", "所在位置", "所在的位置", "当前栏目")
_COUNTERS = tuple(f"{verb}{noun}" for verb in ("浏览", "阅读", "点击", "访问") for noun in ("次数", "量", "数", "人次"))
_IMPRINT = ("版权所有", "ICP备", "公网安备", "网站标识码", "Copyright", "COPYRIGHT", "copyright")
_NEIGHBOURS = tuple(f"{which}一{what}" for which in "上下" for what in "篇条页")
_LONGEST_FURNITURE = 120
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
    """Buttons, crumbs, counters and the imprint of a web page's frame."""
    text = line.strip()
    if not text or len(text) > _LONGEST_FURNITURE:
        return False
    return is_crumbs(text) or is_imprint(text) or _is_buttons(text) or _is_counter(text) or _is_neighbour(text)


def is_crumbs(text: str) -> bool:
    """``当前位置：首页 > 政务公开``: the trail from a site's first page to this one."""
    bare = "".join(text.split())
    head = bare[:14].removeprefix("您").removeprefix("的")
    if any(label in head for label in _PLACE_LABELS):
        label, _, rest = bare.partition("位置")
        return len(label) <= 8 and (not rest or rest[0] in ":：>＞" or "首页" in rest)
    if bare.startswith("当前栏目"):
        return True
    return bare.startswith("首页") and bare[2:3] in _STEPS


def is_imprint(text: str) -> bool:
    """The line at a site's foot: its owner's rights and its registration."""
    # A rule may speak of registration numbers and rights; it does so in sentences.
    if len(text) > _LONGEST_FURNITURE or any(mark in text for mark in "。；，"):
        return False
    return any(word in text for word in _IMPRINT)


def _is_buttons(text: str) -> bool:
    words = [word for word in _SEPARATORS.split(text) if word]
    # A single character alone may be a size or a grade; 大 中 小 together are the buttons.
    return bool(words) and all(word in _BUTTONS for word in words) and (len(words) > 1 or len(words[0]) > 1)


def _is_counter(text: str) -> bool:
    bare = "".join(text.split())
    counter = next((each for each in _COUNTERS if bare.startswith(each)), None)
    if counter is None:
        return False
    rest = bare.removeprefix(counter).strip(":：次-")
    return not rest or rest.isdecimal()


def _is_neighbour(text: str) -> bool:
    """``下一篇：…``: the way to the next page of a site's column."""
    return text[:3] in _NEIGHBOURS and text[3:].lstrip()[:1] in ("：", ":")


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
