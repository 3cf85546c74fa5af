"""A list is shown row by row before it goes in, goes in as it was shown, and leaves no file behind."""

import io
import json

import pytest

from bot.errors import MarketError, PipelineError
from bot.market.exporting import template_bytes
from bot.market.importing import ImportStage
from bot.market.records import State
from bot.pipeline.imports import ImportRoom, RowOutcome
from bot.types import RecordKind
from tests.pipeline.conftest import HOSTILE, PHONE

NEED = RecordKind.NEED
HEAD = "编号,名称,要解决的问题,所属单位,联系电话"


@pytest.fixture
def room(market, tmp_path):
    return ImportRoom(tmp_path / "data" / "imports", market)


def sent(room, *lines, name="名单.csv", **more):
    content = "\n".join((HEAD, *lines)).encode()
    return room.keep(io.BytesIO(content), name, NEED, by="经理甲", **more)


def test_every_row_is_shown_as_it_will_go_in(market, room):
    first = sent(room, f"n1,旧题目,旧说明,示例甲,{PHONE}", "n2,不变的,说明,示例甲,", source="示例名单")
    room.check(first.token)
    room.run(first.token)
    again = sent(
        room, "n1,新题目,旧说明,示例甲,", "n2,不变的,说明,示例甲,", "n3,新来的,,,", "n3,又一条,,,", source="示例名单"
    )
    plan = room.check(again.token)
    assert [(each.number, each.outcome) for each in plan.rows] == [
        (2, RowOutcome.UPDATED),
        (3, RowOutcome.UNCHANGED),
        (4, RowOutcome.ADDED),
        (5, RowOutcome.REFUSED),
    ]
    assert [(each.label, each.before, each.after) for each in plan.rows[0].changes] == [("名称", "旧题目", "新题目")]
    assert plan.rows[3].reason and market.need("n1").title == "旧题目", "nothing went in yet"
    report = room.run(again.token)
    assert (report.added, report.updated, report.unchanged, len(report.failed)) == (1, 1, 1, 1)
    assert market.need("n1").title == "新题目" and market.need("n3").state is State.DRAFT


def test_a_plan_is_kept_for_the_page_and_holds_no_contact(room):
    upload = sent(room, f"n1,题目,说明,示例甲,{PHONE}")
    plan = room.check(upload.token)
    assert room.plan(upload.token) == plan and room.upload(upload.token).name == "名单.csv"
    kept = [path.read_text(encoding="utf-8") for path in (room.folder / upload.token).glob("*.json")]
    assert kept and PHONE not in "".join(kept)


def test_nothing_of_it_stays_after_it_went_in_or_was_dropped(room):
    one, other = sent(room, "n1,题目,,,"), sent(room, "n2,题目二,,,")
    room.check(one.token)
    room.run(one.token)
    room.discard(other.token)
    assert list(room.folder.rglob("*.csv")) == []
    with pytest.raises(PipelineError):
        room.run(other.token)
    assert room.result(one.token).added == 1


def test_what_was_left_lying_is_cleared_away(room):
    left = sent(room, "n1,题目,,,")
    room.clear(older_than_hours=0)
    assert not (room.folder / left.token).exists()


@pytest.mark.parametrize(
    "name", ["../../x.csv", "a/b.csv", "..\\x.csv", "名单 (1).csv", "=cmd.csv", ".csv", "x" * 300 + ".csv"]
)
def test_no_name_leads_out_of_the_room(room, name):
    upload = sent(room, "n1,题目,,,", name=name)
    files = [path for path in room.folder.rglob("*") if path.is_file()]
    assert files and all(room.folder / upload.token == path.parent for path in files)
    assert room.check(upload.token).added == 1


@pytest.mark.parametrize("token", ["..", "../x", "", "a" * 32, "%2e%2e", "\x00"])
def test_no_token_opens_anything_else(room, token):
    with pytest.raises(PipelineError):
        room.upload(token)


@pytest.mark.parametrize(
    ("name", "content"), [("x.exe", b"MZ"), ("x.xlsx", b"no zip"), ("x.csv", b""), ("x.csv", b"a,b\n1,2")]
)
def test_what_is_no_list_is_refused_and_not_kept(room, name, content):
    with pytest.raises((MarketError, PipelineError)):
        room.check(room.keep(io.BytesIO(content), name, NEED, by="甲").token)
    assert [path for path in room.folder.rglob("*") if path.is_file()] == []


def test_a_file_too_large_is_refused_while_it_comes_in(room):
    class Endless(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            buffer[:] = b"a" * len(buffer)
            return len(buffer)

    with pytest.raises(PipelineError):
        room.keep(io.BufferedReader(Endless()), "x.csv", NEED, by="甲", most=1_000_000)
    assert [path for path in room.folder.rglob("*") if path.is_file()] == []


def test_stopped_half_way_the_same_list_goes_in_whole(market, room, monkeypatch):
    upload = sent(room, *(f"n{n},题目{n},说明,," for n in range(2_500)))
    room.check(upload.token)

    def stop(stage, done, _total):
        if stage is ImportStage.WRITING and done >= 1_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        room.run(upload.token, progress=stop)
    assert sum(1 for _ in market.all_records(NEED)) == 0, "an import is whole or not there"
    report = room.run(upload.token)
    assert (report.added, report.unchanged) == (2_500, 0)
    assert sum(1 for _ in market.all_records(NEED)) == 2_500


@pytest.mark.parametrize("words", HOSTILE)
def test_no_cell_breaks_the_plan(room, words):
    content = "\n".join(json.dumps({"id": "n1", "title": each}) for each in (f"题目{words}",))
    upload = room.keep(io.BytesIO(content.encode("utf-8", "surrogatepass")), "x.jsonl", NEED, by="甲")
    try:
        plan = room.check(upload.token)
    except MarketError:
        return
    assert len(plan.rows) == 1


def test_the_template_goes_in(room):
    content = template_bytes(NEED, ".xlsx")
    upload = room.keep(io.BytesIO(content), "模板.xlsx", NEED, by="甲")
    assert room.check(upload.token).added == 1
