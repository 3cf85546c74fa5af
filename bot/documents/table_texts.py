"""What the text of a table's cell looks like: the name of a column, a figure, the heading of a group of rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.documents.markers import RANK_ANNEX, find_marker

#: How the names of columns and of the boxes of a form end.
_LABEL_ENDS = tuple(
    "名称 姓名 电话 手机 传真 邮箱 邮编 地址 地点 网址 代码 编号 编码 证号 号码 账号 银行 "
    "性别 民族 年龄 学历 学位 职称 职务 专业 籍贯 代表人 法人 负责人 联系人 经办人 申请人 资本 资产 "
    "收入 利润 税额 产值 时间 日期 年月 年度 年份 期限 年限 人数 数量 面积 金额 额度 资金 "
    "经费 投资 预算 费用 上限 比例 标准 类型 类别 性质 领域 行业 规模 方式 单位 部门 机构 "
    "来源 用途 情况 简介 内容 说明 意见 盖章 签字 签章 备注 等级 级别 状态 依据 条件 要求 "
    "对象 区域 地区 范围 产品 项目 序号 指标 事项 材料 份数".split()
)
#: A header is a name, not a sentence; so is the heading of a group of rows.
_HEADER_CHARACTERS = 40
_GROUP_CHARACTERS = 30
_NO_WORD = re.compile(r"[\W_]+")
SENTENCE_ENDS = "。；"
_NOTES = ("注", "备注", "说明", "*", "※")
IN_BRACKETS = re.compile(r"[（(][^（）()]{0,20}[）)]$")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
#: A figure with its unit, a range, a date, a telephone number; every number is written 9.
_FIGURE = re.compile(
    r"[约近超共第≤≥<>＜＞±+\-－¥￥$（(]{0,3}9(?:[^\d\w]{0,3}9|[^\d]{1,3}9){0,4}[^\d]{0,4}(?<![内下上外起前后间级类档批期准段组版型季])"
)
_PERIOD = re.compile(r"\d{4}年(?:度|\d{1,2}月|第?[一二三四1-4]季度|[上下]半年)?|\d{1,2}月|第?[1-4]季度")


def heads_a_group(text: str) -> bool:
    """Whether the text of a row that is one cell names the rows below it; others are remarks."""
    return (
        len(text) <= _GROUP_CHARACTERS
        and not any(mark in text for mark in SENTENCE_ENDS)
        and not any(mark in text[:-1] for mark in "：:")
        and not text.startswith(_NOTES)
        and not is_figure(text)
    )


def ends_as_label(text: str) -> bool:
    """Whether a text is named like the box of a form, its unit in brackets aside."""
    return IN_BRACKETS.sub("", text.rstrip("：: ")).endswith(_LABEL_ENDS)


def is_label(text: str) -> bool:
    """Whether a text reads as the name of a column."""
    return ends_as_label(text) or _PERIOD.fullmatch(text) is not None


def label_share(texts: Sequence[str]) -> float:
    """The share of ``texts`` that read as names of columns."""
    return sum(map(is_label, texts)) / len(texts) if texts else 0.0


def is_name(text: str) -> bool:
    """Whether a text is short enough for a header and no sentence."""
    return len(text) <= _HEADER_CHARACTERS and text[-1] not in SENTENCE_ENDS


def is_figure(text: str) -> bool:
    """Whether a text is a figure, a date or a mark (√, —); 2024年 and 1月 are so by what stands around them."""
    if len(text) > _HEADER_CHARACTERS or _PERIOD.fullmatch(text) or _is_numbered(text):
        return False
    return _NO_WORD.fullmatch(text) is not None or _FIGURE.fullmatch(number_form(text)) is not None


def is_value(text: str) -> bool:
    """Whether a text heads no column: a figure, or one that begins with its number in a list."""
    return is_figure(text) or _is_numbered(text)


def _is_numbered(text: str) -> bool:
    marker = find_marker(text)
    return marker is not None and marker.rank > RANK_ANNEX


def number_form(text: str) -> str:
    """A text with 9 for every number."""
    return NUMBER.sub("9", text[:_HEADER_CHARACTERS])
