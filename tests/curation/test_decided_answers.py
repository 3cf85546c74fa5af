"""A decision reaches the answers with the next ingest: what counts first, the other always beside it."""

import dataclasses

import pytest

from bot.api.markdown import answer_markdown
from bot.assistant import Assistant
from bot.commands.readable import print_answer
from bot.curation.decisions import DecisionBook
from bot.curation.shelf import CorpusShelf
from bot.ingestion import ingest
from bot.serialization import answer_from_kept, kept_answer
from bot.store.database import Database
from bot.types import Turn
from bot.web.conversation import Exchange
from bot.web.copying import answer_for_copy
from bot.web.rendering import exchange
from bot.web.texts import CHINESE, ENGLISH

ONE = "示例园区介绍\n示例园区设有“示例一号楼”，面向初创企业。\n2025年6月1日\n"
OTHER = "示例园区简报\n示例园区设有“示例二号楼”，面向初创企业。\n2025年6月1日\n"
ASKED = "“示例一号楼”是做什么的？"


@pytest.fixture
def park(settings, corpus):
    (corpus / "园区.md").unlink()
    (corpus / "甲.txt").write_text(ONE, encoding="utf-8")
    (corpus / "乙.txt").write_text(OTHER, encoding="utf-8")
    ingest(settings)
    return settings


@pytest.fixture
def book(park):
    database = Database(park.resolved_database_url)
    yield DecisionBook(database)
    database.close()


def disagreement(settings):
    (found,) = CorpusShelf(settings).in_force().disagreements
    return found


def told(settings):
    (conflict,) = Assistant.open(settings).ask(Turn(ASKED)).conflicts
    return conflict.settled, [version.value for version in conflict.versions]


def test_no_database_is_made_for_it(park):
    assert not (park.data_dir / "assistant.sqlite3").exists() and not disagreement(park).settled


def test_what_counts_is_told_first_and_the_other_beside_it(park, book, capsys):
    before = told(park)
    assert before[0] is False
    item = disagreement(park)
    book.decide(item, 1, note="以简报为准", by="甲")
    assert told(park) == before, "nothing counts before the next version"
    report = ingest(park)
    assert (report.updated, report.added) == (0, 0)
    assert told(park) == (True, [item.values[1], item.values[0]])
    answer = Assistant.open(park).ask(Turn(ASKED))
    print_answer(answer)
    lines = capsys.readouterr().out
    assert "工作人员核对后以此为准" in lines and "另有说法" in lines
    assert all(value in lines for value in item.values)
    version = CorpusShelf(park).in_force().version
    ingest(park)
    assert CorpusShelf(park).in_force().version == version, "a decision makes one new version, not one each time"


def test_a_decision_survives_a_rebuild_and_other_documents(park, book, corpus):
    item = disagreement(park)
    book.decide(item, 1, note="以简报为准", by="甲")
    (corpus / "又一份.txt").write_text("不相干的一份说明。\n", encoding="utf-8")
    ingest(park, rebuild=True)
    (corpus / "甲.txt").rename(corpus / "改了名.txt")
    ingest(park)
    assert told(park) == (True, [item.values[1], item.values[0]])


@pytest.mark.parametrize("file", ["甲.txt", "乙.txt"])
def test_it_falls_away_when_either_sentence_changes(park, book, corpus, file):
    book.decide(disagreement(park), 1, note="以简报为准", by="甲")
    ingest(park)
    text = (corpus / file).read_text(encoding="utf-8").replace("初创企业", "初创企业和团队")
    (corpus / file).write_text(text, encoding="utf-8")
    ingest(park)
    assert told(park)[0] is False


def test_kept_and_withdrawn_leave_both_as_they_were(park, book):
    before, item = told(park), disagreement(park)
    decision = book.decide(item, 1, note="以简报为准", by="甲")
    ingest(park)
    book.withdraw(decision.content)
    ingest(park)
    assert told(park)[0] is False and set(told(park)[1]) == set(before[1])
    book.decide(disagreement(park), None, note="口径不同", by="甲")
    ingest(park)
    assert told(park)[0] is False


def test_an_answer_kept_by_an_older_page_still_opens(park):
    import json

    kept = kept_answer(Assistant.open(park).ask(Turn(ASKED)))
    for conflict in kept["conflicts"]:
        conflict.pop("settled")
    opened = answer_from_kept(json.dumps(kept))
    assert [dataclasses.asdict(each)["settled"] for each in opened.conflicts] == [False]


def test_a_database_that_cannot_be_read_is_told_and_the_ingest_goes_on(park, corpus):
    (park.data_dir / "assistant.sqlite3").write_bytes(b"kein sqlite" * 1000)
    (corpus / "又一份.txt").write_text("不相干的一份说明。\n", encoding="utf-8")
    report = ingest(park)
    assert report.added == 1 and any("说法不一的决定没有用上" in each for each in report.warnings)


@pytest.mark.parametrize(
    ("texts", "first", "other"),
    [(CHINESE, "工作人员核对后以此为准", "另有说法"), (ENGLISH, "What counts", "Also said")],
    ids=["zh", "en"],
)
def test_page_copy_and_programs_tell_both_in_order(park, book, texts, first, other):
    item = disagreement(park)
    book.decide(item, item.values.index("“示例二号楼”"), note="以简报为准", by="甲")
    ingest(park)
    answer = Assistant.open(park).ask(Turn(ASKED))
    page = exchange(Exchange(1, ASKED, answer, finished=True), texts)
    told = [answer_for_copy(answer, texts), page[page.index('class="conflict"') :]]
    told += [answer_markdown(answer)] if texts is CHINESE else []
    for whole in told:
        shown = whole[whole.index(first) :]
        assert shown.index("示例二号楼") < shown.index(other) < shown.index("示例一号楼", shown.index(other))
