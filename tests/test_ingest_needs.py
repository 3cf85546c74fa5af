"""The needs of a corpus in the market, through real ingests into a real database."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.ingestion import ingest
from bot.market.records import CloseReason, Need, State
from bot.market.service import Market
from bot.settings import Settings
from bot.types import IngestReport, RecordKind, Standing
from tests.support.commands import ended_with

REPLY = """---
title: 关于提案的答复
document_number: 青科〔2025〕7号
date: 2025-05-28
kind: official
text: verbatim
---

关于提案的答复

去年，在新材料活动上，有企业发布“高性能硅胶载体的研发”等一批需求。今年将再办一次活动，征集矿井轴流风机降噪需求。
"""
CARRIER = """- id: need-carrier
  title: 高性能硅胶载体的研发
  document: reply.txt
  quote: 去年，在新材料活动上，有企业发布 “高性能硅胶载体的研发”等一批需求
  fields: [新材料, 化工]
  note: 发布单位未写明。
"""
FAN = """- id: need-fan
  title: 矿井轴流风机降噪
  document: reply.txt
  quote: 征集矿井轴流风机降噪需求
"""


@dataclass
class Workplace:
    corpus: Path
    data: Path
    markets: list[Market] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return Settings(corpus_dir=self.corpus, data_dir=self.data)

    def needs(self, text: str) -> None:
        (self.corpus / "needs.yaml").write_text(text, encoding="utf-8")

    def ingest(self) -> IngestReport:
        return ingest(self.settings)

    def market(self) -> Market:
        self.markets.append(Market(self.settings))
        return self.markets[-1]

    def need(self, identifier: str = "need-carrier") -> Need:
        return self.market().store.need(identifier)

    def actions(self, identifier: str = "need-carrier") -> list[tuple[str, str, str | None]]:
        events = self.market().store.events(RecordKind.NEED, identifier)
        return [(event.actor, event.action, event.to_state) for event in events]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    place = Workplace(tmp_path / "corpus", tmp_path / "data")
    place.corpus.mkdir()
    (place.corpus / "reply.txt").write_text(REPLY, encoding="utf-8")
    place.needs(CARRIER)
    yield place
    for market in place.markets:
        market.store.database.close()


def test_a_need_is_published_as_historic_with_its_source(place: Workplace) -> None:
    report = place.ingest()
    assert (report.failed, report.warnings) == ((), ())
    need = place.need()
    assert replace(need, published_at=None) == Need(
        id="need-carrier",
        title="高性能硅胶载体的研发",
        description="去年（2024年），在新材料活动上，有企业发布“高性能硅胶载体的研发”等一批需求。发布单位未写明。",
        fields=("新材料", "化工"),
        as_of="2025-05-28",
        historic=True,
        source="青科〔2025〕7号",
        state=State.PUBLISHED,
    )
    assert need.published_at is not None
    assert place.actions() == [("ingest", "corpus", "published")]


def test_it_is_shown_as_historic_and_never_proposed(place: Workplace) -> None:
    place.ingest()
    result = place.market().matcher.match_text("高性能硅胶载体的研发")
    assert result.abstained and result.matches == ()
    assert [(match.id, match.standing) for match in result.historic] == [("need-carrier", Standing.HISTORIC)]


def test_a_second_ingest_changes_nothing(place: Workplace) -> None:
    place.ingest()
    before, revision = place.need(), place.market().store.revision()
    assert place.ingest().warnings == ()
    assert (place.need(), place.market().store.revision()) == (before, revision)


def test_a_new_database_is_filled_though_nothing_changed(place: Workplace) -> None:
    place.ingest()
    for file in place.data.glob("assistant.sqlite3*"):
        file.unlink()
    report = place.ingest()
    assert (report.added, report.unchanged) == (0, 1)
    assert place.need().state is State.PUBLISHED


def test_a_changed_entry_is_changed_on_file(place: Workplace) -> None:
    place.ingest()
    place.needs(CARRIER.replace("[新材料, 化工]", "[催化剂]"))
    place.ingest()
    assert place.need().fields == ("催化剂",)
    (*_, event) = place.market().store.events(RecordKind.NEED, "need-carrier")
    assert [(change.field, change.before, change.after) for change in event.changes] == [
        ("fields", "新材料；化工", "催化剂")
    ]


@pytest.mark.parametrize("left", ["", "[]", FAN, None], ids=["empty", "empty list", "another", "no file"])
def test_what_leaves_the_file_is_closed_and_unseen_and_comes_back(place: Workplace, left: str | None) -> None:
    place.ingest()
    if left is None:
        (place.corpus / "needs.yaml").unlink()
    else:
        place.needs(left)
    assert place.ingest().failed == ()
    closed = place.need()
    assert (closed.state, closed.close_reason) == (State.CLOSED, CloseReason.WITHDRAWN)
    assert place.market().matcher.match_text("高性能硅胶载体的研发").historic == ()
    revision = place.market().store.revision()
    place.ingest()
    assert place.market().store.revision() == revision
    place.needs(CARRIER)
    place.ingest()
    assert (place.need().state, place.need().close_reason) == (State.PUBLISHED, None)
    assert {actor for actor, _, _ in place.actions()} == {"ingest"}
    result = place.market().matcher.match_text("高性能硅胶载体的研发")
    assert [match.id for match in result.historic] == ["need-carrier"]


def test_a_need_whose_quote_no_longer_stands_is_told_and_closed(place: Workplace) -> None:
    place.ingest()
    (place.corpus / "reply.txt").write_text(REPLY.replace("硅胶载体", "分子筛"), encoding="utf-8")
    report = place.ingest()
    assert [failure.path for failure in report.failed] == ["needs.yaml"]
    assert place.need().state is State.CLOSED


def test_what_a_person_registered_is_not_overwritten(place: Workplace) -> None:
    own = Need(id="need-carrier", title="有人登记的另一条需求")
    place.market().store.save(own, actor="desk")
    place.needs(CARRIER + FAN)
    (warning,) = place.ingest().warnings
    assert "need-carrier" in warning and "desk" in warning
    assert place.need() == own
    assert place.need("need-fan").state is State.PUBLISHED
    place.needs(FAN)
    assert place.ingest().warnings == ()
    assert place.need() == own


def test_what_a_person_changed_is_the_persons(place: Workplace) -> None:
    place.ingest()
    changed = replace(place.need(), budget="面议")
    place.market().store.save(changed, actor="desk")
    (warning,) = place.ingest().warnings
    assert "need-carrier" in warning
    assert place.need() == changed
    place.needs("[]")
    place.ingest()
    assert place.need() == changed


@pytest.mark.parametrize("target", [State.CLOSED, State.DRAFT])
def test_where_a_person_moved_it_it_stays(place: Workplace, target: State) -> None:
    place.ingest()
    reason = CloseReason.EXPIRED if target is State.CLOSED else None
    place.market().store.move(RecordKind.NEED, "need-carrier", target, actor="desk", reason=reason)
    place.needs(CARRIER.replace("未写明", "没有写明"))
    assert place.ingest().warnings == ()
    assert (place.need().state, place.need().close_reason) == (target, reason)
    assert "没有写明" in place.need().description


def test_an_entry_without_its_quote_does_not_go_in(place: Workplace) -> None:
    place.needs(CARRIER.replace("等一批需求", "等三批需求") + FAN)
    report = place.ingest()
    (failure,) = report.failed
    assert failure.path == "needs.yaml" and "need-carrier" in failure.reason
    assert [record.id for record in place.market().store.iterate(RecordKind.NEED)] == ["need-fan"]


def test_a_database_that_cannot_be_opened_is_told_and_the_index_is_published(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    (place.data / "assistant.sqlite3").mkdir(parents=True)
    assert ended_with(["ingest", "--corpus", str(place.corpus), "--data", str(place.data), "--json"]) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert (report["added"], report["failed"]) == (1, [])
    (warning,) = report["warnings"]
    assert "needs.yaml：需求没有写入需求库" in warning and "用不了" in warning and warning in err
    (place.data / "assistant.sqlite3").rmdir()
    assert place.ingest().warnings == ()
    assert place.need().state is State.PUBLISHED


def test_a_database_of_a_newer_program_is_left_alone(place: Workplace) -> None:
    import sqlite3

    place.ingest()
    connection = sqlite3.connect(place.data / "assistant.sqlite3")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_tomorrow'")
    connection.close()
    (warning,) = place.ingest().warnings
    assert "9999_tomorrow" in warning


def test_without_the_file_no_database_is_made_and_nothing_of_it_is_loaded(place: Workplace) -> None:
    (place.corpus / "needs.yaml").unlink()
    code = (
        "import sys; from pathlib import Path; from bot.ingestion import ingest; from bot.settings import Settings;"
        "report = ingest(Settings(corpus_dir=Path(sys.argv[1]), data_dir=Path(sys.argv[2])));"
        "print(report.added, [name for name in sys.modules if name.startswith(('bot.market.store', 'bot.store', 'sqlalchemy'))])"
    )
    arguments = [sys.executable, "-c", code, str(place.corpus), str(place.data)]
    shown = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "1 []"
    assert not (place.data / "assistant.sqlite3").exists()
    place.needs(CARRIER)
    place.ingest()
    assert (place.data / "assistant.sqlite3").exists()
