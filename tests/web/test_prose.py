from __future__ import annotations

from dataclasses import replace

import pytest

from bot.types import Answer, Figure, Intent
from bot.web.prose import Prose
from bot.web.texts import CHINESE


@pytest.fixture
def prose_of(notice, cited):
    def build(words: str, *figures: Figure) -> Prose:
        citation = cited(notice, "支持期限为12个月", 1)
        answer = Answer("问", "问", Intent.POLICY, False, words, citations=(citation,), figures=figures)
        return Prose.of(answer, 3, CHINESE)

    return build


def figure(words: str, verified: bool) -> Figure:
    return Figure(words, 1, "元", 1, verified)


def test_a_marker_with_evidence_is_a_link_that_says_where_it_leads(prose_of, notice):
    link = prose_of("").marker(1)
    assert 'href="#evidence-3-1"' in link
    assert f'aria-label="查看依据 1：{notice.metadata.title}"' in link
    assert ">[1]</a>" in link


def test_a_marker_without_evidence_leads_nowhere(prose_of):
    assert "<a" not in prose_of("").inline("没有这条依据[7]。")
    assert prose_of("").marker(7) == ""
    assert prose_of("").marker(None) == ""


def test_markers_stay_with_the_punctuation_before_them(prose_of):
    assert '<span class="nowrap">。<a ' in prose_of("").inline("期限12个月。[1]下一句")


def test_only_verified_figures_are_bold(prose_of):
    prose = prose_of("", figure("30万元", True), figure("40万元", False))
    written = prose.inline("30万元，另说40万元")
    assert ">30万元</strong>" in written
    assert ">40万元</strong>" not in written
    assert "40万元" in written


def test_a_figure_verified_once_and_not_the_other_time_is_not_bold(prose_of):
    prose = prose_of("", figure("30万元", True), figure("30万元", False))
    assert "<strong" not in prose.inline("最高30万元")


@pytest.mark.parametrize("words", ["130万元", "1.30万元", "30万元5"])
def test_a_figure_is_not_found_inside_a_longer_number(prose_of, words):
    assert "<strong" not in prose_of("", figure("30万元", True)).inline(words)


def test_the_longer_of_two_figures_wins(prose_of):
    prose = prose_of("", figure("30", True), figure("30万元", False))
    assert "<strong" not in prose.inline("最高30万元")


def test_lines_become_paragraphs_and_lists(prose_of, parse):
    block = prose_of("").block("共两项：\n- 甲项[1]\n- 乙项\n以上。\n1. 丙项\n2. 丁项")
    parsed = parse(block)
    assert parsed.tags.count("li") == 4
    assert parsed.tags.count("ul") == 2
    assert parsed.tags.count("p") == 2
    assert parsed.text == "共两项：甲项[1]乙项以上。1. 丙项2. 丁项"


def test_a_decimal_at_the_start_of_a_line_is_not_a_list(prose_of, parse):
    assert "li" not in parse(prose_of("").block("2.5 万元以内")).tags


def test_text_is_escaped_everywhere(prose_of, parse):
    prose = prose_of("", figure("<b>30</b>", True))
    parsed = parse(prose.block("<script>x</script> <b>30</b> [1]\n- <img src=x>"))
    assert not {"script", "img", "b"} & set(parsed.tags)
    assert "<script>x</script>" in parsed.text


def test_a_hostile_title_stays_in_the_label(prose_of, parse):
    prose = prose_of("")
    hostile = replace(prose, titles={1: '"><script>x</script>'})
    assert parse(hostile.marker(1)).tags == ("a",)
