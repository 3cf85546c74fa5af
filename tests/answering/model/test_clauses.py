"""Clauses of a text, and which of them nobody may leave out. The planted omissions stand in the files beside this."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.model.clauses import OMISSION, clauses_of, guarded, may_leave_out, rendered
from bot.text.figures import parse_figures
from bot.text.status import read_status
from bot.types import Status

_HERE = Path(__file__).parent
#: Of the first file at first sight: 1 of 313 misleading omissions granted in part, 41 of 63 harmless ones in full;
#: after mending 1 and 57. Of the second file at first sight: 0 of 96 and 24 of 34. The floors leave no room.
_MEASURED = {"clauses.txt": (1, 57), "clauses_second.txt": (0, 24)}


def _cases(name: str) -> Iterator[tuple[str, str, frozenset[int], str]]:
    """Each planted omission of a file: its mark, the text, the positions of its clauses, and how it is printed."""
    text = ""
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        mark, _, told = line.partition(" ")
        told = told.replace("\\n", "\n")
        if mark == "=":
            text = told
        elif mark in ("-", "+"):
            places: set[int] = set()
            for stretch in told.split("|"):
                start = text.index(stretch)
                end = start + len(stretch)
                places.update(i for i, each in enumerate(clauses_of(text)) if each.start < end and start < each.end)
            yield mark, text, frozenset(places), told


def test_enough_is_planted() -> None:
    planted = [case for name in _MEASURED for case in _cases(name)]
    assert sum(case[0] == "-" for case in planted) >= 220
    assert sum(case[0] == "+" for case in planted) >= 60
    assert len({case[1] for case in planted}) >= 60


@pytest.mark.parametrize("name", _MEASURED)
def test_hardly_any_misleading_omission_is_granted(name: str) -> None:
    misleading = [case for case in _cases(name) if case[0] == "-"]
    # Granted counts also what is granted in part.
    granted = [case[3] for case in misleading if may_leave_out(case[1], clauses_of(case[1]), case[2])]
    assert len(granted) <= _MEASURED[name][0], granted
    assert len(granted) <= 0.01 * len(misleading)


@pytest.mark.parametrize("name", _MEASURED)
def test_most_harmless_omissions_are_granted(name: str) -> None:
    harmless = [case for case in _cases(name) if case[0] == "+"]
    granted = [case for case in harmless if may_leave_out(case[1], clauses_of(case[1]), case[2]) == case[2]]
    assert len(granted) >= _MEASURED[name][1]
    assert len(granted) >= 0.6 * len(harmless)


def _shown(text: str) -> str:
    """The text with everything left out that may be."""
    clauses = clauses_of(text)
    return rendered(text, clauses, may_leave_out(text, clauses, range(len(clauses))))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("开放设备，促进共享；设立补贴，激发活力。", "开放设备……设立补贴……"),
        ("创新是第一动力。一是设立基金。", "……一是设立基金。"),
        ("发布案例集（资料来源：科技处），征集案例。", "发布案例集……征集案例。"),
        ("发放创新券。创新券受到广泛好评。", "发放创新券。……"),
        # Nothing of it may go, each for a reason of its own.
        ("创新是第一动力。", "创新是第一动力。"),
        ("开放设备，促进共享，费用自理。", "开放设备，促进共享，费用自理。"),
        ("促进共享，激发活力。", "促进共享，激发活力。"),
        ("通过开放设备，促进共享。", "通过开放设备，促进共享。"),
        ("开放设备，面向企业，促进共享。", "开放设备，面向企业，促进共享。"),
        ("开放设备，促进印发转化。", "开放设备，促进印发转化。"),
        ("为开放设备，促进共享。", "为开放设备，促进共享。"),
        ("关于开放设备方面，促进共享。", "关于开放设备方面，促进共享。"),
        ("开放设备，促进（共享。", "开放设备，促进（共享。"),
        ("开放设备|促进共享，激发活力。", "开放设备|促进共享，激发活力。"),
        ("开放设备，促进《办法》共享。", "开放设备，促进《办法》共享。"),
        ("开放设备，第二促进共享。", "开放设备，第二促进共享。"),
        ("开放设备，促进试点转化。", "开放设备，促进试点转化。"),
        ("开放设备，促进三家企业转化。", "开放设备，促进三家企业转化。"),
        ("开放设备，促进的共享。", "开放设备，促进的共享。"),
        ("开放设备，增强压力。", "开放设备，增强压力。"),
        ("开放设备，降低质量。", "开放设备，降低质量。"),
        ("职责是开放设备，促进共享。", "职责是开放设备，促进共享。"),
        ("任务：\n开放设备，促进共享。", "任务：\n开放设备，促进共享。"),
        ("开放设备，促进共享。该共享收费。", "开放设备，促进共享。该共享收费。"),
        ("开放设备，促进共享；其中共享收费。", "开放设备，促进共享；其中共享收费。"),
        ("开放设备，促进共享。设立基金。上述共享收费。", "开放设备，促进共享。设立基金。上述共享收费。"),
        ("甲校意义重大。设立基金。", "甲校意义重大。设立基金。"),
        ("甲校意义重大。积极设立基金。", "甲校意义重大。积极设立基金。"),
        ("甲校意义重大。面向企业设立基金。", "甲校意义重大。面向企业设立基金。"),
        ("甲校意义重大。十万个故事。", "甲校意义重大。十万个故事。"),
        ("结论：\n甲校意义重大。乙校设立基金。", "结论：\n甲校意义重大。乙校设立基金。"),
        ("甲校高度重视，资金监管。乙校设立基金。", "甲校高度重视，资金监管。乙校设立基金。"),
        ("发布案例集（来源：财政），征集案例。", "发布案例集（来源：财政），征集案例。"),
        ("成交120亿元（数据来源：企业自报）。", "成交120亿元（数据来源：企业自报）。"),
        ("**开放设备，促进共享**，激发活力。", "**开放设备，促进共享**……"),
        ("开放设备*，促进共享。", "开放设备*，促进共享。"),
        # A word that leans back holds only the sentence before it; a semicolon ends what an effect may belong to.
        ("创新是第一动力。甲校设立基金。其余收费。", "……甲校设立基金。其余收费。"),
        ("**一是开放。**开放设备，促进共享。", "**一是开放。**开放设备……"),
        ("甲校设立基金，促进共享。乙校设立基金。其收费。", "甲校设立基金……乙校设立基金。其收费。"),
    ],
)
def test_what_is_shown_when_everything_is_asked_for(text: str, shown: str) -> None:
    assert _shown(text) == shown


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("共1,000元，见https://a.cn/b,c 起。", ["共1,000元，", "见https://a.cn/b,c 起。"]),
        ("“甲，乙”丙，丁。", ["“甲，乙”丙，", "丁。"]),
        ("甲：\n  乙；丙", ["甲：\n  ", "乙；", "丙"]),
        ("甲（数据来源：乙，丙）。丁", ["甲", "（数据来源：乙，丙）。", "丁"]),
        ("**甲，乙。**丙，丁", ["**甲，乙。**", "丙，", "丁"]),
        ("", []),
    ],
)
def test_where_clauses_end(text: str, clauses: list[str]) -> None:
    assert [text[each.start : each.end] for each in clauses_of(text)] == clauses


def test_a_last_effect_that_is_not_asked_for_keeps_those_before_it() -> None:
    text = "开放设备，促进共享，激发活力。"
    clauses = clauses_of(text)
    assert may_leave_out(text, clauses, {1}) == frozenset()
    assert may_leave_out(text, clauses, {2}) == {2}
    assert may_leave_out(text, clauses, {-1, 2, 9}) == {2}
    assert rendered(text, clauses, {0, 1}) == f"{OMISSION}激发活力。"
    assert rendered(text, clauses, {0, 1, 2}) == text


_PIECES = st.sampled_from(
    "设立基金 给予支持 最高50万元 不得转让 3年以上 计划 拟 试点 草案 但 除外 仅 促进校企合作 激发创新活力 提升能力 形成新格局 "
    "学校 企业 意义重大 创新是第一动力 受到广泛好评 高度重视人才工作 为企业提供有力支撑 其中 该 一是 （资料来源：科技处） （ ） “ ” "
    "2025年5月 符合条件的 由 费用 ， ， ， ， 。 。 ； ： \n ** | …… 、 的 了 1,000 a:b".replace(" \n ", " ⏎ ").split()
).map(lambda piece: piece.replace("⏎", "\n"))
_TEXTS = st.one_of(
    st.lists(_PIECES, max_size=25).map("".join), st.text(alphabet="甲乙不的，。；：（）“”*0年\n …", max_size=40)
)
#: Words that say something whatever stands beside them, listed here apart from the list that the code reads.
_SAYING = (
    "不得",
    "最高",
    "以上",
    "计划",
    "拟",
    "试点",
    "草案",
    "但",
    "除外",
    "仅",
    "符合条件",
    "费用",
    "其中",
    "该",
    "一是",
)


@settings(max_examples=400, deadline=None)
@given(_TEXTS, st.sets(st.integers(-2, 30)))
def test_what_is_shown_stands_in_the_text_and_nothing_guarded_is_missing(text: str, wanted: set[int]) -> None:
    clauses = clauses_of(text)
    assert "".join(text[each.start : each.end] for each in clauses) == text
    left_out = may_leave_out(text, clauses, wanted)
    assert left_out <= wanted & set(range(len(clauses)))
    assert not clauses or len(left_out) < len(clauses)
    shown = rendered(text, clauses, left_out)
    for word in (*_SAYING, *(figure.text for figure in parse_figures(text))):
        assert shown.count(word) >= text.count(word)
    if read_status(text) is not Status.UNKNOWN:
        assert read_status(shown) is read_status(text)


def test_an_omission_after_which_a_plan_is_no_plan_is_not_granted() -> None:
    text = "（资料来源：科技处），计划"
    assert may_leave_out(text, clauses_of(text), {0}) == frozenset()


@settings(max_examples=300, deadline=None)
@given(_TEXTS, st.sets(st.integers(0, 20)))
def test_no_two_pieces_are_joined(text: str, left_out: set[int]) -> None:
    """Also for omissions that were never granted: pieces in order, each verbatim, the sign of omission between."""
    clauses = clauses_of(text)
    shown = rendered(text, clauses, left_out)
    # Where the text has the sign itself, what is shown cannot be taken apart at it.
    if text != shown and "…" not in text:
        at = 0
        for piece in shown.split(OMISSION):
            at = text.index(piece, at) + len(piece)
    staying = [each for place, each in enumerate(clauses) if place not in left_out]
    gaps = sum(one.end != other.start for one, other in zip(staying, staying[1:], strict=False))
    assert not staying or shown.count(OMISSION) >= gaps


@pytest.mark.parametrize(
    "clause",
    [
        "不再受理",
        "最高50万元",
        "符合条件",
        "正在筹建",
        "但收费",
        "仅限教师",
        "费用自理",
        "联系人：甲",
        "《办法》",
        "二是合作",
        "",
    ],
)
def test_a_guarded_clause(clause: str) -> None:
    assert guarded(clause)


def test_a_word_that_only_contains_a_guarded_sign() -> None:
    assert not guarded("不断激发经理人活力")
