"""A list that still holds a record which was merged into another at the desk."""

import json

import pytest

from bot.market.batch import Change
from bot.market.importing import ImportStage
from bot.market.records import CloseReason, State
from bot.pipeline.duplicates import Choice, Duplicates
from bot.types import RecordKind
from tests.pipeline.conftest import PHONE, submitted

NEED = RecordKind.NEED
ROWS = {
    "n1": {"id": "n1", "title": "矿井风机降噪", "description": "留下的说明", "owner_id": "示例甲"},
    "n2": {"id": "n2", "title": "矿井风机降噪二", "description": "并入的说明", "owner_id": "示例甲", "联系电话": PHONE},
    "n3": {"id": "n3", "title": "别的一条", "description": "别的说明", "owner_id": "示例甲"},
}


@pytest.fixture
def send(market, tmp_path):
    def sending(*ids, plan=False, whole=False, progress=None, **changed):
        path = tmp_path / "list.jsonl"
        rows = [{**ROWS[each], **changed.get(each, {})} for each in ids]
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        if plan:
            return market.plan_import(path, NEED, source="示例")
        return market.import_records(path, NEED, actor="t", source="示例", all_or_nothing=whole, progress=progress)

    return sending


def merge(market, kept, merged):
    seen = tuple(market.newest_event(NEED, each) for each in (kept, merged))
    choices = {"description": Choice.KEPT}
    Duplicates(market).merge(NEED, kept, merged, choices=choices, seen=seen, by="经理甲")


@pytest.fixture
def merged(market, send):
    send(*ROWS)
    merge(market, "n1", "n2")
    return market.need("n1"), market.need("n2")


def test_what_the_list_says_anew_is_told_with_where_the_record_went(market, send, merged):
    report = send(*ROWS, n2={"description": "名单里的新说明"}, n3={"description": "新说明"})
    (failed,) = report.failed
    assert failed.row == 2 and "已并入" in failed.reason and "n1" in failed.reason and "矿井风机降噪" in failed.reason
    assert (market.need("n1"), market.need("n2")) == merged and market.need("n3").description == "新说明"
    assert (report.updated, report.unchanged) == (1, 1)


def test_what_the_list_says_as_ever_is_no_mistake(market, send, merged):
    before = market.newest_event(NEED, "n2")
    report = send(*ROWS, whole=True)
    assert report.failed == () and report.unchanged == 3
    assert any("n2" in note and "n1" in note and "并入" in note for note in report.notes)
    assert market.newest_event(NEED, "n2") == before, "nothing was written for it"


def test_its_contact_does_not_come_back(market, send, merged):
    assert market.own_contact(NEED, "n2").empty
    send(*ROWS)
    assert market.own_contact(NEED, "n2").empty
    send(*ROWS, n2={"联系电话": "13900000009"})
    assert market.own_contact(NEED, "n2").empty


def test_the_plan_says_the_same(send, merged):
    plan = send(*ROWS, plan=True)
    assert [(each.row, each.change) for each in plan.rows] == [(row, Change.UNCHANGED) for row in (1, 2, 3)]
    assert "已并入 n1" in plan.rows[1].reason
    changed = send(*ROWS, plan=True, n2={"title": "新题目"}).rows[1]
    assert changed.change is None and "已并入" in changed.reason


def test_all_or_nothing_takes_nothing_where_a_merged_one_is_to_be_changed(market, send, merged):
    report = send(*ROWS, whole=True, n2={"description": "新"}, n3={"description": "新"})
    assert len(report.failed) == 1 and market.need("n3").description == "别的说明"


def test_merged_twice_it_leads_to_the_last(market, send, merged):
    merge(market, "n3", "n1")
    report = send("n2", n2={"description": "新"})
    assert "n3" in report.failed[0].reason and "别的一条" in report.failed[0].reason


def test_one_merged_into_what_the_page_brought(market, send):
    send("n1", n1={"owner_id": "示例单位"})
    kept = submitted(market, owner="示例单位")
    merge(market, kept.record.id, "n1")
    assert kept.record.id in send("n1", n1={"description": "新"}).failed[0].reason


def test_merged_between_looking_and_saving_it_is_not_touched(market, send):
    send(*ROWS)

    def merging(stage, done, _total):
        if stage is ImportStage.WRITING and done == 0:
            merge(market, "n1", "n2")

    report = send(*ROWS, n2={"description": "新"}, progress=merging)
    assert {each.row for each in report.failed} >= {2} and market.need("n2").state is State.CLOSED
    assert market.need("n2").description == "并入的说明" and market.own_contact(NEED, "n2").empty


def test_one_that_was_closed_otherwise_is_updated_as_ever(market, send):
    send(*ROWS)
    market.move(NEED, "n3", State.CLOSED, actor="经理甲", reason=CloseReason.WITHDRAWN)
    assert send(*ROWS, n3={"description": "新说明"}).updated == 1
