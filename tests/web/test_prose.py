from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.types import Answer, Figure, Intent
from bot.web.prose import SHORT_FIGURE, Prose
from bot.web.texts import CHINESE


@pytest.fixture
def prose_of(notice, cited):
    def build(words: str, *figures: Figure, emphasis: tuple[str, ...] = ()) -> Prose:
        citation = cited(notice, "支持期限为12个月", 1)
        answer = Answer(
            "问", "问", Intent.POLICY, False, words, citations=(citation,), figures=figures, emphasis=emphasis
        )
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


# --- what was asked for ---------------------------------------------------------------------------


def strong(written: str) -> list[str]:
    return re.findall(r"<strong[^>]*>(.*?)</strong>", written)


def test_what_was_asked_for_is_bold_and_no_figure_is(prose_of):
    prose = prose_of("", figure("30万元", True), figure("2年", True), figure("9家", False), emphasis=("30万元",))
    written = prose.inline("最高30万元，期限2年，共9家。[1]")
    assert '<strong class="asked nowrap">30万元</strong>' in written
    assert '<span class="figure nowrap">2年</span>' in written
    assert strong(written) == ["30万元"] and "共9家" in written


def test_without_anything_asked_for_verified_figures_are_bold(prose_of):
    written = prose_of("", figure("30万元", True), figure("2年", True)).inline("最高30万元，期限2年。[1]")
    assert strong(written) == ["30万元", "2年"]
    assert written.count('class="figure nowrap"') == 2 and "asked" not in written


def test_what_was_asked_for_is_bold_wherever_it_stands_and_even_if_it_is_no_figure(prose_of):
    prose = prose_of("", emphasis=("区科技局", "区文化馆"))
    assert strong(prose.inline("区科技局受理，区文化馆发放，区科技局公布")) == ["区科技局", "区文化馆", "区科技局"]


def test_a_long_stretch_that_was_asked_for_may_break_and_its_figures_are_in_it(prose_of, parse):
    sentence = "对单个项目给予最高30万元支持，期限2年。"
    prose = prose_of("", figure("30万元", True), figure("2年", True), emphasis=(sentence,))
    block = prose.block(f"第一条{sentence}[1]另给2年。")
    assert f'<strong class="asked">{sentence}</strong>' in block
    assert strong(block) == [sentence] and block.count('class="figure nowrap"') == 1
    assert parse(block).text.startswith(f"第一条{sentence}")


@pytest.mark.parametrize(("length", "kept"), [(SHORT_FIGURE, True), (SHORT_FIGURE + 1, False)])
def test_what_was_asked_for_stays_on_one_line_up_to_a_length(prose_of, length, kept):
    words = "甲" * length
    assert f'<strong class="{"asked nowrap" if kept else "asked"}">{words}</strong>' in prose_of(
        "", emphasis=(words,)
    ).inline(f"说{words}的")


@pytest.mark.parametrize("emphasis", [("30万元", "30万元以内"), ("30万元以内", "30万元")])
def test_the_longer_of_two_that_were_asked_for_wins(prose_of, emphasis):
    written = prose_of("", emphasis=emphasis).inline("30万元以内，另30万元")
    assert strong(written) == ["30万元以内", "30万元"]


def test_what_was_asked_for_goes_before_a_figure_in_the_same_place(prose_of):
    prose = prose_of("", figure("30万元以内", True), emphasis=("30万元",))
    assert strong(prose.inline("最高30万元以内")) == ["30万元"]


def test_markers_beside_what_was_asked_for_are_links_as_before(prose_of):
    prose = prose_of("", figure("12个月", True), emphasis=("期限12个月",))
    written = prose.inline("期限12个月。[1]期限12个月[1]")
    assert strong(written) == ["期限12个月", "期限12个月"]
    assert written.count('href="#evidence-3-1"') == 2 and '<span class="nowrap">。<a ' in written


def test_what_was_asked_for_is_escaped_and_means_itself_only(prose_of, parse):
    hostile = "<b>.*</b>"
    prose = prose_of("", emphasis=(hostile, "(a+)+$", "1.5倍"))
    block = prose.block(f"见{hostile}，不是<b>xx</b>，也不是1x5倍\n- 1.5倍")
    assert strong(block) == ["&lt;b&gt;.*&lt;/b&gt;", "1.5倍"]
    assert "b" not in parse(block).tags and hostile in parse(block).text


@pytest.mark.parametrize("words", ["截至2024年3月", "14年起", "0.4年"])
def test_what_was_asked_for_is_never_a_part_of_a_longer_number(prose_of, words):
    assert "<strong" not in prose_of("", emphasis=("4年",)).inline(words)
