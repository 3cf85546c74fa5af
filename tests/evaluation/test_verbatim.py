from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.verbatim import stands_in


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("50万元", "最高不超过 50 万元支持"),
        ("最高不超过50万元", "最高不超过[1] 50 万元"),
        ("普科委〔2025〕31号", "文号为普科委〔2025〕31 号。"),
        ("2676", "共收到需求 2,676 项"),
        ("AI暑校", "合办 ＡＩ 暑校"),
        ("5周至20周", "开展 5 周至\n20 周社会实践"),
        ("50万元", "1. 50 万元"),
        ("50万元", "①50 万元"),
        ("52564588", "52564588-3335"),
    ],
)
def test_white_space_width_case_and_markers_do_not_matter(wanted: str, text: str) -> None:
    assert stands_in(wanted, text)


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("50万元", "最高150万元"),
        ("50万元", "0.50万元"),
        ("17个", "117 个"),
        ("14", "14.5"),
        ("200", "2003"),
        ("50万元", "50元"),
        ("善新贷", "高新贷"),
        ("   ", "什么都有"),
    ],
)
def test_a_figure_is_not_found_inside_a_longer_one(wanted: str, text: str) -> None:
    assert not stands_in(wanted, text)


@given(
    st.text(alphabet="联合创新项目最高5０万元〔〕 ", min_size=1).filter(lambda text: text.strip()),
    st.text(alphabet="甲乙丙，。"),
    st.text(alphabet="甲乙丙，。"),
)
def test_a_text_stands_in_every_text_around_it(wanted: str, before: str, after: str) -> None:
    assert stands_in(wanted, before + wanted + after)
