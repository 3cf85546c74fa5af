"""What a page says of its article in labelled values: number, issuer, dates, validity."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.documents.formats.web.units import Grid, Unit
from bot.documents.tables import GridCell

#: Labels of the boxes above the articles of government sites.
_LABELS = frozenset(
    "索引号 统一编号 编号 文号 发文字号 发文文号 文件编号 公文种类 文种 体裁 体裁分类 发布机构 "
    "发文机构 发布机关 发文机关 制定机关 发布单位 发文单位 公开机构 公开单位 公开责任部门 责任部门 "
    "发布部门 信息来源 文章来源 稿件来源 内容来源 来源 出处 作者 成文日期 成文时间 发文日期 发文时间 "
    "印发日期 生成日期 生成时间 公布日期 发布日期 发布时间 发表日期 发表时间 公开日期 公开时间 "
    "更新日期 更新时间 日期 时间 实施日期 实施时间 施行日期 生效日期 生效时间 失效日期 失效时间 "
    "废止日期 废止时间 有效期 有效期限 有效期至 有效性 时效性 效力状态 文件状态 状态 效力等级 名称 "
    "文件名称 标题 信息名称 主题分类 主题词 主题 分类 信息分类 公开分类 公文分类 服务对象分类 关键词 "
    "公开方式 公开形式 公开属性 公开范围 信息形式 登记号 统一登记号 规范性文件登记号 责任编辑 编辑 "
    "审核".split()
)
#: Labels of what the page counts and offers; they say nothing of the article.
_FURNITURE = frozenset(
    "浏览量 浏览次数 阅读次数 阅读量 点击数 点击量 点击次数 访问量 字号 字体 字体大小 浏览字号 分享 打印 收藏".split()
)
_ALL = sorted(_LABELS | _FURNITURE, key=len, reverse=True)
#: Short labels are set apart to the width of longer ones: 文　　号.
_GAP = r"[ \u3000\u00a0]{0,4}"
_LABEL = re.compile(f"(?<![\u4e00-\u9fff])({'|'.join(_GAP.join(label) for label in _ALL)}){_GAP}[:：]")
#: A value runs to a few dozen characters; names of documents are the longest.
_VALUE_CHARACTERS = 200
_DATE = re.compile(r"(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?")
_BRACKETS = "【】[]｜|"


def read_fields(unit: Unit, *, above: bool) -> bool:
    """Fill ``unit.fields`` where all of a unit is labelled values of a metadata box; whether it is.

    A label of the page's own (浏览次数) gives a pair with an empty label. ``above`` the article a day that stands
    alone is its day of publication; below it, the day it was signed, which is text.
    """
    if unit.reason is not None or unit.level or unit.note:
        return False
    if above and unit.grid is None and is_date(unit.text):
        unit.fields = [("日期", unit.text.strip())]
        return True
    pairs = _of_grid(unit.grid) if unit.grid is not None else _of_text(unit.text)
    unit.fields = pairs
    return bool(pairs)


def is_bare_label(text: str) -> bool:
    """``文号：`` with nothing after it."""
    match = _LABEL.fullmatch(text.strip())
    return match is not None


def is_date(text: str) -> bool:
    """A day and perhaps its time, and nothing else."""
    return _DATE.fullmatch(text.strip()) is not None


def _of_text(text: str) -> list[tuple[str, str]]:
    bare = text.strip().lstrip(_BRACKETS).strip()
    if len(bare) > 3 * _VALUE_CHARACTERS:
        return []
    matches = list(_LABEL.finditer(bare))
    if not matches or matches[0].start() > 0:
        return []
    ends = [match.start() for match in matches[1:]] + [len(bare)]
    pairs: list[tuple[str, str]] = []
    for match, end in zip(matches, ends, strict=True):
        label = "".join(match.group(1).split())
        value = bare[match.end() : end].strip(" \u3000\u00a0" + _BRACKETS)
        if len(value) > _VALUE_CHARACTERS or value.endswith(("。", "；")):
            # A sentence of the article that opens with such a word.
            return []
        pairs.append(("", f"{label}：{value}") if label in _FURNITURE else (label, value))
    return pairs


def _of_grid(grid: Grid) -> list[tuple[str, str]]:
    rows = [[cell for cell in dict.fromkeys(row) if cell is not None] for row in grid.rows]
    known = sum(_label_of(row[0]) in _LABELS for row in rows if row)
    if known < 2 or known * 2 < len(rows):
        return []
    return [pair for row in rows for pair in _of_row(row)]


def _of_row(row: list[GridCell]) -> Iterator[tuple[str, str]]:
    number = 0
    while number < len(row):
        cell = row[number]
        follows = row[number + 1].text if number + 1 < len(row) else ""
        if cell.text and (within := _of_text(cell.text)) and within[0][1]:
            # Label and value in one cell.
            yield from within
            number += 1
        elif cell.text:
            yield _label_of(cell), follows
            number += 2
        else:
            number += 1


def _label_of(cell: GridCell) -> str:
    return "".join(cell.text.split()).rstrip("：:")
