"""The last gate: figures, dates and numbers of a text against the quotes whose markers it carries.

Names are no figures; :mod:`tests.answering.test_grounding` sees to those.
"""

from __future__ import annotations

import pytest

from bot.answering.verification import VerifiedText, strip_markers, verify_text
from bot.types import Citation, Computed, Correction


def citation(marker: int, quote: str, **known: str) -> Citation:
    title, number, day = known.get("title", "通知"), known.get("document_number"), known.get("date")
    return Citation(marker, f"{marker}.txt", title, number, "", 0, len(quote), quote, day)


def verified(text: str, *quotes: str) -> VerifiedText:
    return verify_text(text, [citation(number, quote) for number, quote in enumerate(quotes, start=1)])


@pytest.mark.parametrize(
    ("text", "quote", "untraced"),
    [
        # amounts
        ("最高30万元。", "给予最高不超过50万元支持。", "30万元"),
        ("最高5万元。", "给予最高不超过15万元支持。", "5万元"),
        ("最高5万元。", "给予最高不超过1.5万元支持。", "5万元"),
        ("最高5万元。", "给予最高不超过5亿元支持。", "5万元"),
        ("最高5万元。", "给予最高不超过5万美元支持。", "5万元"),
        ("最高50万元。", "给予最高不超过50元支持。", "50万元"),
        # shares
        ("贴息30%。", "贴息50%。", "30%"),
        ("贴息5%。", "贴息15%。", "5%"),
        ("贴息5%。", "贴息5个百分点。", "5%"),
        ("贴息5%。", "贴息5‰。", "5%"),
        # spans and counts
        ("为期3年。", "为期3个月。", "3年"),
        ("为期3个月。", "为期13个月。", "3个月"),
        ("为期10天。", "为期10个工作日。", "10天"),
        ("共12家。", "共12人。", "12家"),
        ("共2家。", "共12家。", "2家"),
        ("评为五星级。", "评为四星级。", "五星级"),
        # dates
        ("2025年5月28日截止。", "2025年5月27日截止。", "2025年5月28日"),
        ("2025年5月28日截止。", "2025年5月截止。", "2025年5月28日"),
        ("2025年5月截止。", "2024年5月截止。", "2025年5月"),
        ("6月截止。", "5月28日截止。", "6月"),
        # phones and document numbers
        ("电话52564588。", "电话52564589。", "52564588"),
        ("电话52564588-12。", "电话52564588。", "52564588-12"),
        ("电话13912345678。", "电话13912345679。", "13912345678"),
        ("热线12345。", "热线12346。", "12345"),
        ("见甲科〔2024〕14号。", "见甲科〔2025〕14号。", "见甲科〔2024〕14号"),
        ("第三届。", "第四届。", "第三届"),
        # a figure printed inside a longer one
        ("最高五万元。", "给予最高十五万元支持。", "五万元"),
        ("最高二百万元。", "给予最高一千二百万元支持。", "二百万元"),
        ("贴息百分之五。", "贴息百分之五十。", "百分之五"),
        ("贴息百分之三。", "贴息百分之三点五。", "百分之三"),
        ("为期三年。", "为期十三年。", "三年"),
        ("为期三年。", "减免至第三年。", "三年"),
        ("为期两年。", "为期两年半。", "两年"),
        ("共3个。", "为期3个月。", "3个"),
        ("共50个。", "50个工作日内办结。", "50个"),
        ("共五名。", "获评第五名。", "五名"),
        ("共10名。", "获评第10名。", "10名"),
        ("共5个。", "下降5个百分点。", "5个"),
        ("电话52564588。", "电话52564588-3335。", "52564588"),
    ],
)
def test_a_figure_that_the_quote_does_not_hold_is_caught(text: str, quote: str, untraced: str) -> None:
    found = verified(f"{text}[1]", quote)
    assert not found.passed and found.untraced == (untraced,)
    assert [(figure.marker, figure.verified) for figure in found.figures] == [(None, False)]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("最高50万元。", "给予最高不超过50万元支持。"),
        ("最高50万元。", "给予最高不超过500,000元支持。"),
        ("最高五十万元。", "给予最高不超过50万元支持。"),
        ("贴息30%。", "贴息百分之三十。"),
        ("不良率0.5%。", "不良率5‰。"),
        ("为期6个月。", "为期半年。"),
        ("为期18个月。", "为期一年半。"),
        ("共12家。", "共12个企业。"),
        ("共12。", "共12项。"),
        ("5月28日截止。", "2025年5月28日截止。"),
        ("2025年截止。", "2025年5月28日截止。"),
        ("2025年5月28日截止。", "二〇二五年五月二十八日截止。"),
        ("电话52564588转12。", "电话52564588-12。"),
        ("电话52564588。", "电话021-52564588。"),
        ("依据甲科〔2024〕14号。", "《办法》（甲科〔2024〕14号）。"),
        ("第三届。", "第3届。"),
        ("见甲科〔2024〕14号。", "依据甲科〔2024〕14号，另有规定。"),
        ("见甲科〔2024〕14号。", "各单位：根据甲科[2024]14号办理。"),
        ("见甲科[2024]14号。", "《办法》（甲科【2024】14号）。"),
        ("热线12345。", "12345市民服务热线。"),
        ("可以申请。", "符合条件的可以申请。"),
    ],
)
def test_a_figure_that_the_quote_holds_in_any_spelling_passes(text: str, quote: str) -> None:
    found = verified(f"{text}[1]", quote)
    assert found.passed and all(figure.verified and figure.marker == 1 for figure in found.figures)


def test_a_figure_is_looked_up_only_in_the_quotes_whose_markers_stand_there() -> None:
    quotes = ("最高50万元。", "为期2年。")
    assert verified("最高50万元[1]，为期2年。[2]", *quotes).passed
    assert verified("最高50万元，为期2年。[1]", *quotes).untraced == ("2年",)
    assert verified("最高50万元，为期2年。[2]", *quotes).untraced == ("50万元",)
    assert verified("最高50万元，为期2年。", *quotes).untraced == ("50万元", "2年")


def test_the_quote_that_prints_a_figure_goes_before_one_that_only_means_it() -> None:
    (figure,) = verified("共有5个平台。[1][2]", "五家企业参加。", "建设5个平台。").figures
    assert figure.marker == 2
    (other,) = verified("共有5个平台。[1][2]", "五家企业参加。", "建设平台。").figures
    assert other.marker == 1


def test_a_marker_without_a_citation_is_caught_though_every_figure_stands() -> None:
    found = verified("最高50万元。[1][3]", "最高50万元。")
    assert found.unknown_markers == (3,) and found.untraced == () and not found.passed


def test_a_year_in_square_brackets_is_no_marker() -> None:
    for number in ("南樟科[2021]12号", "南樟科〔2021〕12号"):
        found = verified(f"依据{number}办理。[1]", "按南樟科[2021]12号执行。")
        assert found.passed and [figure.marker for figure in found.figures] == [1]
    assert verified("依据南樟科[2021]12号办理。[1]", "按南樟科[2020]12号执行。").untraced == ("依据南樟科[2021]12号",)


def test_where_the_markers_are_known_a_bracketed_number_is_the_quotes_own_or_unknown() -> None:
    citations = [citation(1, "详见注释[2]，最高50万元。"), citation(2, "为期3年。")]
    held = verify_text("详见注释[2]，最高50万元。", citations, markers=(1,))
    assert held.passed and [figure.marker for figure in held.figures if figure.unit] == [1]
    assert verify_text("最高50万元，为期3年[2]。", citations, markers=(1,)).untraced == ("3年",)
    assert verify_text("最高50万元。[9]", citations, markers=(1,)).unknown_markers == (9,)
    assert verify_text("最高50万元。", citations, markers=(1, 3)).unknown_markers == (3,)


def test_markers_are_no_figures() -> None:
    assert strip_markers("最高[1]50万元。[12]") == "最高50万元。"
    assert verified("可以申请。[1]", "可以申请。").figures == ()


def test_the_asked_side_of_a_correction_needs_no_quote_and_the_stated_side_does() -> None:
    corrections = (Correction("30万元", "50万元", 1),)
    held = verify_text("不是30万元，而是50万元。[1]", [citation(1, "最高50万元。")], corrections)
    assert held.passed and [figure.text for figure in held.figures] == ["50万元"]
    assert verify_text("不是30万元，而是50万元。[1]", [citation(1, "可以。")], corrections).untraced == ("50万元",)


def test_only_the_very_figure_that_code_computed_needs_no_quote() -> None:
    computed = (Computed("2024年", 2024, "“去年”所指的年份"),)
    assert verify_text("指2024年。", (), (), computed).passed
    assert not verify_text("指2023年。", (), (), computed).passed
    assert not verify_text("指2024年5月。", (), (), computed).passed


def test_titles_numbers_and_dates_of_sources_count_for_notes_alone() -> None:
    known = [citation(1, "可以申请。", title="三年行动方案", document_number="甲科〔2024〕14号", date="2024-03-01")]
    for text in ("依据甲科〔2024〕14号。", "截至2024-03-01。", "截至2024年3月。", "《三年行动方案》"):
        assert verify_text(f"{text}[1]", known, metadata_counts=True).passed
        assert not verify_text(f"{text}[1]", known).passed
    assert not verify_text("截至2024-03-02。[1]", known, metadata_counts=True).passed


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("50万元", 500_000, "元"),
        ("0.5%", 0.5, "%"),
        ("半个月", 0.5, "月"),
        ("2025年5月28日", "2025-05-28", ""),
        ("12家", 12, "家"),
    ],
)
def test_a_figure_is_recorded_with_its_value_and_unit(text: str, value: float | str, unit: str) -> None:
    (figure,) = verified(f"{text}[1]", text).figures
    assert (figure.text, figure.value, figure.unit) == (text, value, unit)
    assert type(figure.value) is type(value)
