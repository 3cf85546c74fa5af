"""When a document was issued and printed, from when and until when it holds, and its status on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.dates import Term, find_dates, iso_date, last_day
from bot.documents.metadata import status_on
from bot.text.numerals import to_chinese
from bot.types.documents import DocumentMetadata, SourceKind, Status, ValidityBasis
from tests.support.notices import BODY, read

# --- dates -------------------------------------------------------------------------------------


@given(day=st.dates(date(1990, 1, 1), date(2059, 12, 31)), form=st.integers(0, 6), zero=st.sampled_from("〇○零"))
def test_every_spelling_of_a_date_is_one(day: date, form: int, zero: str) -> None:
    year = "".join(zero if digit == "0" else to_chinese(int(digit)) for digit in str(day.year))
    printed = (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        f"{year}年{to_chinese(day.month)}月{to_chinese(day.day)}日",
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        day.strftime("%Y/%m/%d"),
        f"{day.year}年{day.month}月{day.day}日".translate(
            {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}
        ),
    )[form]
    assert iso_date(printed) == day.isoformat()
    assert [found.iso for found in find_dates(f"自{printed}起")] == [day.isoformat()]


@given(since=st.dates(date(1990, 1, 1), date(2059, 12, 31)), years=st.integers(1, 10))
def test_a_term_ends_the_day_before_it_would_begin_again(since: date, years: int) -> None:
    end = last_day(since.isoformat(), Term(years=years))
    assert end is not None
    following = date.fromisoformat(end) + timedelta(days=1)
    assert following.year == since.year + years or (since.month, since.day) == (1, 1)
    if (since.month, since.day) != (2, 29):
        assert (following.month, following.day) == (since.month, since.day)


@pytest.mark.parametrize(
    ("clause", "day"),
    [
        ("本办法自2025年3月1日起施行。", "2025-03-01"),
        ("本办法由市科技局负责解释，自2025年3月1日起实施。", "2025-03-01"),
        ("本办法自印发之日起施行。", "2025-02-10"),
        ("本办法自发布之日起30日后施行。", "2025-03-12"),
        ("本办法自二〇二五年三月一日起正式执行。", "2025-03-01"),
        ("本办法规定的补贴标准自2025年6月1日起执行。", None),
        ("孵化载体的标准自2025年6月1日起执行。", None),
    ],
)
def test_the_first_day_in_force(clause: str, day: str | None) -> None:
    text = f"创新券管理办法\n{BODY}\n第二条 {clause}\n云汀市科学技术局\n2025年2月10日"
    assert read(text).effective_from == day


def test_the_day_in_force_of_the_box_and_of_a_draft() -> None:
    text = f"创新券管理办法（征求意见稿）\n{BODY}\n第二条 本办法自发布之日起施行，有效期3年。"
    draft = read(text, 发布日期="2025-02-10")
    assert (draft.status, draft.effective_from) == (Status.DRAFT, None)
    assert read(f"办法\n{BODY}", 实施日期="2025年03月01日").effective_from == "2025-03-01"


def test_the_day_of_printing() -> None:
    text = f"关于印发办法的通知\n{BODY}\n云汀市科学技术局\n2025年2月10日\n云汀市科学技术局办公室 2025年2月12日印发"
    known = read(text)
    assert (known.date, known.printed_date) == ("2025-02-10", "2025-02-12")


# --- validity ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "until", "basis", "words"),
    [
        ("本办法自2024年1月1日起施行，有效期3年。", "2026-12-31", ValidityBasis.FROM_EFFECT, "有效期3年"),
        ("本办法自2024年1月1日起施行，有效期为五年。", "2028-12-31", ValidityBasis.FROM_EFFECT, "有效期为五年"),
        ("本办法自2024年1月1日起施行。有效期两年。", "2025-12-31", ValidityBasis.FROM_EFFECT, "有效期两年"),
        (
            "本办法自2024年7月1日起施行，有效期至2027年12月31日。",
            "2027-12-31",
            ValidityBasis.STATED,
            "有效期至2027年12月31日",
        ),
        (
            "本办法有效期自2024年1月1日至2026年6月30日。",
            "2026-06-30",
            ValidityBasis.STATED,
            "有效期自2024年1月1日至2026年6月30日",
        ),
        ("本办法有效期截至2026年6月30日。", "2026-06-30", ValidityBasis.STATED, "有效期截至2026年6月30日"),
        ("本办法自2024年5月1日起试行，试行期一年。", "2025-04-30", ValidityBasis.FROM_EFFECT, "试行期一年"),
        ("本办法自2024年5月1日起试行，试行2年。", "2026-04-30", ValidityBasis.FROM_EFFECT, "试行2年"),
        ("本办法实施期限为18个月，自2024年5月1日起施行。", "2025-10-31", ValidityBasis.FROM_EFFECT, "实施期限为18个月"),
        (
            "本办法自2024年1月1日起至2025年12月31日止执行。",
            "2025-12-31",
            ValidityBasis.STATED,
            "自2024年1月1日起至2025年12月31日止执行",
        ),
        ("本通知自印发之日起施行，有效期5年。", "2029-02-09", ValidityBasis.FROM_EFFECT, "有效期5年"),
        ("本通知有效期1年。", "2025-02-09", ValidityBasis.FROM_ISSUE, "有效期1年"),
        ("本批次申报截止时间为2024年9月30日。", "2024-09-30", ValidityBasis.STATED, None),
    ],
)
def test_how_long_a_document_holds(clause: str, until: str, basis: ValidityBasis, words: str | None) -> None:
    text = f"创新券管理办法\n{BODY}\n第二条 {clause}\n云汀市科学技术局\n2024年2月10日"
    known = read(text)
    assert known.validity is not None
    assert (known.validity.until, known.validity.basis) == (until, basis)
    # A term without a first day is told in its own words and ends nothing.
    assert known.valid_until == (None if basis is ValidityBasis.FROM_ISSUE else until)
    assert words is None or known.validity.text == words


@pytest.mark.parametrize(
    "clause",
    [
        "创新券有效期为6个月，逾期未使用的自动失效。",
        "评定结果有效期三年，有效期内不重复评定。",
        "申请人应当持有在有效期内的居住证，证书有效期至2027年6月30日。",
        "本办法所称资格证书，有效期3年。",
        "项目实施期限为2年。",
        "合同执行期限为一年，自2024年1月1日起执行。",
        "本办法有效期满后，已批准的项目继续执行。",
    ],
)
def test_the_validity_of_something_else_is_not_the_documents(clause: str) -> None:
    known = read(f"创新券管理办法\n{BODY}\n第二条 {clause}\n云汀市科学技术局\n2024年2月10日")
    assert (known.valid_until, known.validity) == (None, None)


def test_the_box_decides_and_a_term_without_a_beginning_is_told() -> None:
    text = f"创新券管理办法\n{BODY}\n第二条 本办法自印发之日起施行，有效期5年。\n云汀市科学技术局\n2020年6月29日"
    boxed = read(text, 实施日期="2020年07月09日", 失效日期="2025年07月04日")
    assert (boxed.effective_from, boxed.valid_until) == ("2020-07-09", "2025-07-04")
    undated = read(f"创新券管理办法\n{BODY}\n第二条 本办法自印发之日起施行，有效期5年。")
    assert undated.valid_until is None and undated.validity is not None
    assert (undated.validity.basis, undated.validity.text) == (ValidityBasis.UNKNOWN_START, "有效期5年")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("失效", Status.EXPIRED),
        ("已废止", Status.SUPERSEDED),
        ("现行有效", Status.IN_FORCE),
        ("征求意见", Status.DRAFT),
    ],
)
def test_the_state_in_the_box(state: str, status: Status) -> None:
    assert read(f"创新券管理办法\n{BODY}", 有效性=state).status is status


@pytest.mark.parametrize(
    ("known", "status"),
    [
        (DocumentMetadata("办法（试行）", valid_until="2023-05-12"), Status.EXPIRED),
        (DocumentMetadata("办法", superseded_by="b.txt", status=Status.DRAFT), Status.SUPERSEDED),
        (DocumentMetadata("办法（征求意见稿）"), Status.DRAFT),
        (DocumentMetadata("办法（试行）", document_number="云科〔2024〕1号", kind=SourceKind.OFFICIAL), Status.PILOT),
        (DocumentMetadata("办法", document_number="云科〔2024〕1号", kind=SourceKind.OFFICIAL), Status.IN_FORCE),
        (DocumentMetadata("办法", superseded_by="b.txt", superseded_from="2026-01-01"), Status.UNKNOWN),
        (DocumentMetadata("办法", effective_from="2026-01-01", kind=SourceKind.OFFICIAL), Status.PLANNED),
        (DocumentMetadata("平台上线", status=Status.REPORTED, kind=SourceKind.NEWS), Status.REPORTED),
        (DocumentMetadata("平台上线"), Status.UNKNOWN),
    ],
)
def test_the_status_on_a_day(known: DocumentMetadata, status: Status) -> None:
    assert status_on(known, date(2025, 6, 1)) is status
