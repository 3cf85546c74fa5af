"""When something no longer holds: on its last valid day it does, the day after it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot.answering.draft import Draft, Statement
from bot.catalogue.eligibility import NextStep, Profile, check_eligibility
from bot.catalogue.models import Catalogue
from bot.documents.blocks import Extract
from bot.documents.front_matter import FrontMatter
from bot.documents.metadata import read_metadata, status_on
from bot.documents.structure import text_lines
from bot.text.status import document_status
from bot.types import DocumentMetadata, Intent, SourceKind, Status
from tests.support.drafts import TODAY, completed, document, passage

DAY = timedelta(days=1)
StatusOn = Callable[[DocumentMetadata, date], Status]


# --- the status of a document on a day -----------------------------------------------------------


@pytest.mark.parametrize("status_of", [document_status, status_on])
@pytest.mark.parametrize("last", ["2024-02-29", "2024-12-31", "2025-01-01", "2025-06-30", "2025-09-09"])
@pytest.mark.parametrize("stated", [Status.IN_FORCE, Status.PILOT, Status.UNKNOWN])
def test_a_document_holds_on_its_last_valid_day_and_not_on_the_next(
    status_of: StatusOn, last: str, stated: Status
) -> None:
    metadata = DocumentMetadata("创新券办法", valid_until=last, status=stated)
    day = date.fromisoformat(last)
    assert status_of(metadata, day - DAY) is stated
    assert status_of(metadata, day) is stated
    assert status_of(metadata, day + DAY) is Status.EXPIRED
    assert status_of(metadata, day + 400 * DAY) is Status.EXPIRED


@pytest.mark.parametrize("status_of", [document_status, status_on])
def test_a_document_without_a_last_day_never_ends_by_itself(status_of: StatusOn) -> None:
    metadata = DocumentMetadata("创新券办法", status=Status.IN_FORCE)
    assert status_of(metadata, date(2999, 12, 31)) is Status.IN_FORCE


def test_without_a_day_to_look_at_nothing_is_said_to_have_expired() -> None:
    assert document_status(DocumentMetadata("创新券办法", valid_until="2001-01-01")) is Status.UNKNOWN


@pytest.mark.parametrize("status_of", [document_status, status_on])
def test_expiry_is_told_before_a_successor_a_draft_or_a_pilot(status_of: StatusOn) -> None:
    metadata = DocumentMetadata("创新券办法（试行）", valid_until="2025-06-30", superseded_by="新.txt")
    assert status_of(metadata, date(2025, 6, 30)) is Status.SUPERSEDED
    assert status_of(metadata, date(2025, 7, 1)) is Status.EXPIRED
    draft = DocumentMetadata("创新券办法（征求意见稿）", valid_until="2025-06-30")
    assert status_of(draft, date(2025, 6, 30)) is Status.DRAFT
    assert status_of(draft, date(2025, 7, 1)) is Status.EXPIRED


@pytest.mark.parametrize("status_of", [document_status, status_on])
@pytest.mark.parametrize("stated", [Status.IN_FORCE, Status.PILOT, Status.UNKNOWN])
def test_a_successor_ends_a_document_on_its_own_first_day(status_of: StatusOn, stated: Status) -> None:
    metadata = DocumentMetadata("创新券办法", superseded_by="新.txt", superseded_from="2025-07-01", status=stated)
    assert status_of(metadata, date(2025, 6, 30)) is stated
    assert status_of(metadata, date(2025, 7, 1)) is Status.SUPERSEDED


@pytest.mark.parametrize("status_of", [document_status, status_on])
def test_a_successor_goes_before_what_a_box_or_a_title_says(status_of: StatusOn) -> None:
    for title, stated in (("办法", Status.IN_FORCE), ("办法（试行）", Status.UNKNOWN), ("办法（草案）", Status.DRAFT)):
        metadata = DocumentMetadata(title, superseded_by="新.txt", status=stated)
        assert status_of(metadata, date(2025, 7, 1)) is Status.SUPERSEDED


def test_a_successor_of_no_known_day_is_told_without_a_day_too() -> None:
    assert document_status(DocumentMetadata("办法", superseded_by="新.txt")) is Status.SUPERSEDED


@pytest.mark.parametrize("status_of", [document_status, status_on])
def test_a_document_is_planned_until_the_day_on_which_it_takes_effect(status_of: StatusOn) -> None:
    metadata = DocumentMetadata("创新券办法", effective_from="2025-03-01", status=Status.IN_FORCE)
    assert status_of(metadata, date(2025, 2, 28)) is Status.PLANNED
    assert status_of(metadata, date(2025, 3, 1)) is Status.IN_FORCE


def test_an_issued_document_that_says_nothing_of_itself_is_in_force() -> None:
    metadata = DocumentMetadata("创新券办法", effective_from="2025-03-01", kind=SourceKind.OFFICIAL)
    assert status_on(metadata, date(2025, 3, 1)) is Status.IN_FORCE
    assert document_status(metadata, date(2025, 3, 1)) is Status.UNKNOWN


# --- from the words of a document ----------------------------------------------------------------


def read(clause: str, matter: FrontMatter | None = None) -> DocumentMetadata:
    text = f"创新券管理办法\n云科规〔2024〕3号\n第一条 为了支持企业创新，制定本办法。\n第二条 {clause}"
    return read_metadata(text_lines(text), Extract((), front_matter=matter))


@pytest.mark.parametrize(
    ("clause", "last"),
    [
        ("本办法自2024年3月1日起施行，有效期3年。", "2027-02-28"),
        ("本办法自2023年3月1日起施行，有效期一年。", "2024-02-29"),
        ("本办法自2024年2月29日起施行，有效期一年。", "2025-02-28"),
        ("本办法自2024年1月1日起施行，有效期一年半。", "2025-06-30"),
        ("本办法自2024年8月31日起施行，有效期6个月。", "2025-02-28"),
        ("本办法自2024年12月1日起施行，有效期30日。", "2024-12-30"),
        ("本办法自2024年7月1日起施行，有效期至2027年12月31日。", "2027-12-31"),
        ("本办法自2024年7月1日起施行，有效期至二〇二六年六月三十日。", "2026-06-30"),
        ("本办法自2024年1月1日起施行，有效期3年零6个月。", "2027-06-30"),
        ("本办法自2024年1月1日起施行，有效期三年半。", "2027-06-30"),
        ("本办法自2024年1月1日起施行，有效期为 2 年半。", "2026-06-30"),
        ("本办法自2024年1月1日起施行，有效期两年六个月。", "2026-06-30"),
        ("本办法自2024年1月1日起施行，试行一年又三十日。", "2025-01-30"),
        ("本办法自2024年1月1日起施行，有效期1年零1个月零1日。", "2025-02-01"),
        ("本办法至2024年9月30日自行失效。", "2024-09-30"),
        ("本办法于2024年9月30日失效。", "2024-09-30"),
        ("本办法于2024年9月30日起失效。", "2024-09-29"),
        ("本办法自2024年9月30日起失效。", "2024-09-29"),
        ("本办法自2024年9月30日起自动失效。", "2024-09-29"),
        ("本办法自2024年3月1日起停止执行。", "2024-02-29"),
        ("本办法自2025年1月1日停止执行。", "2024-12-31"),
        ("本办法自2023年7月1日起施行，自2025年1月1日起终止执行。", "2024-12-31"),
        ("本办法自2024年7月1日起施行，至2026年6月30日止。", "2026-06-30"),
        ("本办法自2024年7月1日起施行，有效期至2026年6月30日止。", "2026-06-30"),
        ("本办法自2024年7月1日起施行至2026年6月30日。", "2026-06-30"),
        ("自2024年7月1日起施行，至2026年6月30日止。", "2026-06-30"),
        ("本批次申报截止时间为2024年9月30日。", "2024-09-30"),
    ],
)
def test_the_last_day_that_a_clause_tells_is_the_last_on_which_it_holds(clause: str, last: str) -> None:
    metadata = read(clause)
    assert metadata.valid_until == last
    day = date.fromisoformat(last)
    assert document_status(metadata, day) is not Status.EXPIRED
    assert document_status(metadata, day + DAY) is Status.EXPIRED


@pytest.mark.parametrize(
    "clause",
    [
        "本办法自2024年10月1日起施行，《旧办法》自2024年10月1日起失效。",
        "本办法自2024年10月1日起施行，原标准于2024年12月31日起停止执行。",
        "本办法自2024年10月1日起施行，创新券至2024年12月31日止。",
        "本办法规定的补贴标准自2024年7月1日起执行，至2026年6月30日止。",
        "本办法自2024年10月1日起施行，截至2024年12月31日未使用的创新券作废。",
        "本办法自2024年10月1日起施行，有效期3年零6个月内可以延长。",
        "本办法有效期两年以上。",
    ],
)
def test_the_end_of_something_else_is_not_the_documents(clause: str) -> None:
    assert (read(clause).valid_until, read(clause).validity) == (None, None)


def test_a_term_of_years_and_months_is_quoted_whole() -> None:
    validity = read("本办法自2024年1月1日起施行，有效期3年零6个月。").validity
    assert validity is not None and validity.text == "有效期3年零6个月"


@pytest.mark.parametrize("matter", [None, FrontMatter(date="2020-02-10")])
def test_a_term_that_begins_on_no_stated_day_ends_nothing(matter: FrontMatter | None) -> None:
    metadata = read("本办法有效期3年。", matter)
    assert metadata.validity is not None and metadata.valid_until is None
    assert document_status(metadata, date(2999, 1, 1)) is not Status.EXPIRED


def test_two_last_days_that_differ_end_nothing_and_one_told_twice_does() -> None:
    differing = read("本办法有效期至2026年6月30日。\n第三条 本办法有效期至2027年6月30日。")
    assert differing.valid_until is None
    agreeing = read("本办法有效期至2026年6月30日。\n第三条 本办法自2024年7月1日起施行，有效期至2026年6月30日。")
    assert agreeing.valid_until == "2026-06-30"


def test_a_stated_last_day_goes_before_one_counted_from_a_term() -> None:
    metadata = read("本办法自2024年1月1日起施行，有效期3年。\n第三条 本办法有效期至2025年6月30日。")
    assert metadata.valid_until == "2025-06-30"


def test_the_last_day_in_the_front_matter_goes_before_the_text() -> None:
    metadata = read("本办法有效期至2026年6月30日。", FrontMatter(valid_until="2025-01-31"))
    assert document_status(metadata, date(2025, 1, 31)) is not Status.EXPIRED
    assert document_status(metadata, date(2025, 2, 1)) is Status.EXPIRED


# --- what an answer says of it -------------------------------------------------------------------


def notes_beside(metadata: dict[str, object]) -> tuple[Draft, str]:
    """A draft that rests on a document of ``metadata``, completed, and all its notes."""
    rules = document("创新券办法", "每家企业每年最高兑付6万元。", status=Status.IN_FORCE, **metadata)
    draft = completed(Draft(Intent.POLICY, (Statement(rules.text, (passage(rules),)),)), rules)
    return draft, "".join(note.text for note in draft.notes)


def test_an_answer_from_a_document_that_ended_yesterday_says_so() -> None:
    draft, told = notes_beside({"valid_until": (TODAY - DAY).isoformat()})
    assert [note.status for note in draft.statuses] == [Status.EXPIRED]
    assert "《创新券办法》的状态：已过期。" in told


def test_an_answer_from_a_document_that_ends_tomorrow_tells_it_as_holding() -> None:
    draft, told = notes_beside({"valid_until": (TODAY + DAY).isoformat()})
    assert [note.status for note in draft.statuses] == [Status.IN_FORCE]
    assert "状态" not in told


# --- programmes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (Status.EXPIRED, NextStep.CLOSED),
        (Status.SUPERSEDED, NextStep.CLOSED),
        (Status.COMPLETED, NextStep.CLOSED),
        (Status.DRAFT, NextStep.WAIT),
        (Status.PLANNED, NextStep.WAIT),
        (Status.UNDER_CONSTRUCTION, NextStep.WAIT),
        (Status.PILOT, NextStep.ASK_BODY),
        (Status.IN_FORCE, NextStep.ASK_BODY),
        (Status.REPORTED, NextStep.ASK_BODY),
        (Status.UNKNOWN, NextStep.ASK_BODY),
    ],
)
def test_a_programme_that_has_ended_is_closed_however_well_it_fits(status: Status, step: NextStep) -> None:
    (result,) = check_eligibility(
        programmes(status), Profile(region="青禾区", size="小微企业"), date(2026, 11, 1)
    ).results
    assert result.next_step is step
    unfitting = Profile(region="青禾区", size="大型企业")
    otherwise = step if step is not NextStep.ASK_BODY else NextStep.NOT_FITTING
    assert check_eligibility(programmes(status), unfitting, date(2026, 11, 1)).results[0].next_step is otherwise


def test_what_has_ended_is_told_last_and_what_is_open_first() -> None:
    catalogue = programmes(Status.EXPIRED, Status.PLANNED, Status.IN_FORCE)
    results = check_eligibility(catalogue, Profile(region="青禾区", size="小微企业"), date(2026, 11, 1)).results
    assert [result.next_step for result in results] == [NextStep.ASK_BODY, NextStep.WAIT, NextStep.CLOSED]


def programmes(*statuses: Status) -> Catalogue:
    """One programme of each status, for small firms."""
    condition = {"dimension": "size", "value": "小微企业", "quote": "面向小微企业", "accepts": ["小微企业"]}
    return Catalogue.model_validate(
        {
            "scope": {"region": "青禾区"},
            "programmes": [
                {
                    "id": f"voucher-{number}",
                    "name": "创新券",
                    "kind": "资金",
                    "document": "a.txt",
                    "status": {"value": status.value},
                    "summary": {"value": "给小微企业的创新券", "quote": "面向小微企业"},
                    "conditions": [condition],
                }
                for number, status in enumerate(statuses)
            ],
        }
    )
