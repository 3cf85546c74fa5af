"""What figures are worth: shares, amounts, spans of time, coarse and fine dates, and what may stand for what."""

from decimal import Decimal

import pytest

from bot.text.figures import FigureKind, ParsedFigure, figure_keys, parse_figures, stands_in


def only(text: str) -> ParsedFigure:
    (figure,) = parse_figures(text)
    return figure


# --- shares --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("5‰", "0.5", "%"),
        ("0.5 ‰", "0.05", "%"),
        ("1000‰", "100", "%"),
        ("12.5%", "12.5", "%"),
        ("30％", "30", "%"),
        ("百分之三十五", "35", "%"),
        ("百分之2.5", "2.5", "%"),
        ("1.5个百分点", "1.5", "个百分点"),
        ("1,200%", "1200", "%"),
    ],
)
def test_a_share_is_told_in_hundredths_and_points_stay_points(text: str, value: str, unit: str) -> None:
    figure = only(text)
    assert (figure.kind, figure.value, figure.unit) == (FigureKind.PERCENT, Decimal(value), unit)


def test_a_per_mille_stands_for_its_percentage_and_for_no_other() -> None:
    assert stands_in(only("5‰"), "不良率控制在0.5%以内")
    assert not stands_in(only("5‰"), "不良率控制在5%以内")
    assert not stands_in(only("0.5个百分点"), "不良率控制在0.5%以内")
    assert not stands_in(only("2%"), "利率下降2个百分点")


# --- spans of time -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("3个季度", "9", "月"),
        ("两个季度", "6", "月"),
        ("一年半", "18", "月"),
        ("半年", "6", "月"),
        ("半个月", "0.5", "月"),
        ("半天", "0.5", "天"),
        ("半小时", "30", "分钟"),
        ("三年", "36", "月"),
        ("2周年", "24", "月"),
        ("18个月", "18", "月"),
        ("2周", "14", "天"),
        ("3个星期", "21", "天"),
        ("四星期", "28", "天"),
        ("30日", "30", "天"),
        ("30天", "30", "天"),
        ("10个自然日", "10", "天"),
        ("10个工作日", "10", "工作日"),
        ("15工作日", "15", "工作日"),
        ("24个小时", "24", "小时"),
        ("48小时", "48", "小时"),
        ("90分钟", "90", "分钟"),
        ("10余年", "120", "月"),
    ],
)
def test_a_span_of_time_is_told_in_its_own_measure(text: str, value: str, unit: str) -> None:
    figure = only(text)
    assert (figure.kind, figure.value, figure.unit) == (FigureKind.DURATION, Decimal(value), unit)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1个月", "30天"),
        ("10个工作日", "10天"),
        ("24小时", "1天"),
        ("半年", "1年"),
        ("一年半", "1年"),
        ("1个季度", "1个月"),
    ],
)
def test_spans_of_different_length_or_of_no_fixed_ratio_differ(first: str, second: str) -> None:
    assert only(first).key != only(second).key
    assert not stands_in(only(first), f"期限为{second}。")


@pytest.mark.parametrize("text", ["三年级", "2年轻人", "5日报", "10日常", "3年会"])
def test_a_measure_that_begins_another_word_measures_no_time(text: str) -> None:
    assert not [figure for figure in parse_figures(text) if figure.kind is FigureKind.DURATION]


# --- amounts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("3千元", "3000", "元"),
        ("50余万元", "500000", "元"),
        ("500万余元", "5000000", "元"),
        ("两千万元", "20000000", "元"),
        ("2.5亿元", "250000000", "元"),
        ("1万亿元", "1000000000000", "元"),
        ("300万美元", "3000000", "美元"),
        ("20万港元", "200000", "港元"),
        ("1,000欧元", "1000", "欧元"),
        ("5万新加坡元", "50000", "新加坡元"),
        ("¥1,234.50", "1234.5", "元"),
    ],
)
def test_an_amount_is_told_in_single_units_of_its_currency(text: str, value: str, currency: str) -> None:
    figure = only(text)
    assert (figure.kind, figure.value, figure.unit) == (FigureKind.MONEY, Decimal(value), currency)


@pytest.mark.parametrize("text", ["3元素", "5元件", "2元旦"])
def test_a_word_that_begins_like_a_currency_is_no_amount(text: str) -> None:
    assert not [figure for figure in parse_figures(text) if figure.kind is FigureKind.MONEY]


def test_amounts_of_another_scale_or_currency_do_not_stand_for_one_another() -> None:
    assert stands_in(only("0.5亿元"), "总投资5000万元")
    assert not stands_in(only("5亿元"), "总投资5万元")
    assert not stands_in(only("5万元"), "总投资5万美元")


# --- dates ---------------------------------------------------------------------------------------


def dates(text: str) -> set[str]:
    return {str(value) for kind, value, _ in figure_keys(text) if kind is FigureKind.DATE}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("2025年5月28日", {"2025-05-28", "2025-05", "2025", "--05-28", "--05"}),
        ("2025/5/28", {"2025-05-28", "2025-05", "2025", "--05-28", "--05"}),
        ("2025.12.3", {"2025-12-03", "2025-12", "2025", "--12-03", "--12"}),
        ("二〇二五年十二月三十一日", {"2025-12-31", "2025-12", "2025", "--12-31", "--12"}),
        ("2025年5月", {"2025-05", "2025", "--05"}),
        ("二○二五年五月", {"2025-05", "2025", "--05"}),
        ("2025年", {"2025"}),
        ("5月28日", {"--05-28", "--05"}),
        ("5月28号", {"--05-28", "--05"}),
        ("5月底", {"--05"}),
    ],
)
def test_a_date_is_known_by_itself_and_by_its_coarser_parts(text: str, keys: set[str]) -> None:
    assert dates(text) == keys


@pytest.mark.parametrize(
    ("asked", "source", "stands"),
    [
        ("5月28日", "2025年5月28日印发", True),
        ("2025年5月", "2025年5月28日印发", True),
        ("5月", "5月28日截止", True),
        ("2025年5月28日", "5月28日印发", False),
        ("2025年5月", "2025年印发", False),
        ("5月28日", "5月印发", False),
        ("2024年", "2025年5月28日印发", False),
        ("5月27日", "2025年5月28日印发", False),
        ("2025年6月", "2025年5月28日印发", False),
    ],
)
def test_only_the_coarser_date_stands_in_the_finer_one(asked: str, source: str, stands: bool) -> None:
    assert stands_in(only(asked), source) is stands


@pytest.mark.parametrize("text", ["13月1日", "5月32日", "2025-13-01", "2025-00-10"])
def test_a_day_or_month_that_no_calendar_has_is_no_date(text: str) -> None:
    assert not [figure for figure in parse_figures(text) if figure.kind is FigureKind.DATE]


# --- numbers and counts --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "source", "stands"),
    [
        ("12", "共12家企业", True),
        ("12家", "编号12", False),
        ("13", "共12家企业", False),
        ("12家", "共12个企业", True),
        ("12项", "共12款产品", True),
        ("两名", "2位专家", True),
        ("3人", "三名专家", True),
        ("12家", "共12名专家", False),
        ("12名", "共12家企业", False),
        ("12家", "共12次活动", False),
        ("12次", "共12场活动", False),
        ("13家", "共12个企业", False),
        ("5个", "为期5个月", False),
    ],
)
def test_a_bare_number_or_a_like_measure_may_stand_but_never_more(asked: str, source: str, stands: bool) -> None:
    assert stands_in(only(asked), source) is stands


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("第三届", "3", "第届"),
        ("第12次", "12", "第次"),
        ("第2批", "2", "第批"),
        ("第十二条", "12", "第条"),
        ("第5项", "5", "第项"),
        ("第1名", "1", "第名"),
        ("第三季度", "3", "第季度"),
        ("三届", "3", "第届"),
        ("四星级", "4", "星级"),
    ],
)
def test_a_place_in_an_order_is_a_grade(text: str, value: str, unit: str) -> None:
    figure = only(text)
    assert (figure.kind, figure.value, figure.unit) == (FigureKind.GRADE, Decimal(value), unit)


@pytest.mark.parametrize(
    ("counted", "source"),
    [("12次", "第12次会议"), ("2批", "第2批名单"), ("5项", "按第5项办理"), ("3个季度", "第三季度")],
)
def test_an_ordinal_is_no_count_of_the_same_number(counted: str, source: str) -> None:
    assert not stands_in(only(counted), source)


@pytest.mark.parametrize("text", ["一个", "一家", "一项", "一支"])
def test_one_of_something_is_a_word_and_two_of_it_are_a_count(text: str) -> None:
    assert parse_figures(f"{text}团队") == ()
    assert only(text.replace("一", "两")).value == 2


# --- phones and document numbers -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("52564588-3335", "52564588-3335"),
        ("52564588转3335", "52564588-3335"),
        ("021-52564588转12", "021-52564588-12"),
        ("0533-6600011", "0533-6600011"),
        ("13912345678", "13912345678"),
        ("400-820-8820", "400-820-8820"),
        ("800 8208820", "8008208820"),
        ("电话：12345", "12345"),
    ],
)
def test_a_phone_number_keeps_its_area_and_extension(text: str, value: str) -> None:
    figure = only(text)
    assert (figure.kind, figure.value) == (FigureKind.PHONE, value)


def test_another_extension_or_area_is_another_phone() -> None:
    assert stands_in(only("52564588转3335"), "联系电话：52564588-3335")
    assert not stands_in(only("52564588转3336"), "联系电话：52564588-3335")
    assert not stands_in(only("52564588转3335"), "联系电话：52564588")
    assert not stands_in(only("022-52564588"), "联系电话：021-52564588")


@pytest.mark.parametrize("text", ["52564588元", "5256458.8", "52564588%", "年产52564588万件"])
def test_a_long_number_that_is_measured_is_no_phone(text: str) -> None:
    assert not [figure for figure in parse_figures(text) if figure.kind is FigureKind.PHONE]


@pytest.mark.parametrize("number", ["〔2024〕", "[2024]", "（2024）", "(2024)", "【2024】", "［2024］"])
def test_a_document_number_is_one_figure_in_any_kind_of_bracket(number: str) -> None:
    figure = only(f"甲科规{number} 14 号")
    assert (figure.kind, figure.value) == (FigureKind.DOCUMENT_NUMBER, "甲科规〔2024〕14号")
    assert stands_in(figure, "依据甲科规〔2024〕14号办理") and stands_in(figure, f"依据甲科规{number}14号办理")
    assert not stands_in(figure, f"依据甲科规{number}15号办理")


@pytest.mark.parametrize("other", ["甲科规〔2025〕14号", "甲科规〔2024〕114号", "乙科规〔2024〕14号", "第141号"])
def test_a_number_of_another_year_or_body_is_another_document(other: str) -> None:
    assert not stands_in(only("甲科规〔2024〕14号"), f"《办法》（{other}）")
