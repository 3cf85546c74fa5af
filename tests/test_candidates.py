"""A version that is built and waits: asked, put in force, thrown away, outdated."""

import pytest

from bot.assistant import Assistant
from bot.candidates import discard_candidate, publish_candidate, waiting_candidate
from bot.errors import SearchIndexError
from bot.index.layout import IndexLayout
from bot.ingestion import ingest
from bot.settings import load_settings
from bot.types import Turn

FIRST = "# 示例区人才住房办法\n\n租房补贴每月一千二百元，由示例区人才中心受理。\n"
SECOND = "# 示例区创新券办法\n\n创新券每家企业每年最高二十万元，由示例区科技中心受理。\n"
ASKED = "创新券每家企业最高多少"


@pytest.fixture
def settings(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "first.md").write_text(FIRST, encoding="utf-8")
    made = load_settings(environment={}, corpus_dir=corpus, data_dir=tmp_path / "data")
    ingest(made)
    return made


def added(settings, text=SECOND):
    (settings.corpus_dir / "second.md").write_text(text, encoding="utf-8")
    return ingest(settings, hold=True)


def documents(settings, version=None):
    return {each.chunk.document_id for each in Assistant.open(settings, version=version).search("办法", 10)}


def test_what_waits_is_asked_apart_and_counts_when_it_is_put_in_force(settings):
    report = added(settings)
    found = waiting_candidate(settings)
    assert report.added == 1 and report.held == found.version and found.base == 1
    in_force = Assistant.open(settings)
    assert documents(settings) == {"first.md"}
    assert documents(settings, found.version) == {"first.md", "second.md"}
    assert "二十万元" in Assistant.open(settings, version=found.version).ask(Turn(ASKED)).answer
    assert publish_candidate(settings, found.version) == ()
    assert waiting_candidate(settings) is None
    assert "二十万元" in in_force.ask(Turn(ASKED)).answer, "what is open moves on by itself"


def test_what_is_thrown_away_leaves_no_trace(settings):
    version = added(settings).held
    discard_candidate(settings)
    assert waiting_candidate(settings) is None and documents(settings) == {"first.md"}
    assert not IndexLayout(settings.data_dir).version(version).folder.exists()
    with pytest.raises(SearchIndexError, match="没有这个待启用的版本"):
        publish_candidate(settings, version)


def test_only_the_version_that_was_looked_at_is_put_in_force(settings):
    first = added(settings).held
    second = added(settings, SECOND.replace("二十", "三十")).held
    assert first != second and waiting_candidate(settings).version == second
    with pytest.raises(SearchIndexError, match="没有这个待启用的版本"):
        publish_candidate(settings, first)
    publish_candidate(settings, second)
    assert "三十万元" in Assistant.open(settings).ask(Turn(ASKED)).answer


def test_an_ingest_in_between_outdates_what_waits(settings):
    added(settings)
    ingest(settings)
    assert waiting_candidate(settings) is None and documents(settings) == {"first.md", "second.md"}


def test_what_waits_is_refused_on_another_base(settings):
    version = added(settings).held
    layout = IndexLayout(settings.data_dir)
    layout.hold(version, 99)
    with pytest.raises(SearchIndexError, match="建好之后又启用过别的版本"):
        publish_candidate(settings, version)
    assert documents(settings) == {"first.md"}


def test_files_put_back_as_they_were_leave_nothing_waiting(settings):
    added(settings)
    (settings.corpus_dir / "second.md").unlink()
    assert ingest(settings, hold=True).held is None and waiting_candidate(settings) is None


@pytest.mark.parametrize("note", ["", "{", '{"version": "x"}', '{"version": 77, "base": 1}'])
def test_a_damaged_note_counts_as_none(settings, note):
    added(settings)
    IndexLayout(settings.data_dir).candidate_file.write_text(note)
    assert waiting_candidate(settings) is None
    assert ingest(settings).added == 1


def test_needs_of_the_corpus_come_with_the_version_and_not_before(settings):
    wanted = "示例公司寻求低温快充电池技术。"
    (settings.corpus_dir / "third.md").write_text(f"# 示例需求公告\n\n{wanted}\n", encoding="utf-8")
    (settings.corpus_dir / "needs.yaml").write_text(
        f"- id: n1\n  title: 低温快充电池\n  document: third.md\n  quote: {wanted}\n", encoding="utf-8"
    )
    report = ingest(settings, hold=True)
    market = Assistant.open(settings).market
    assert report.failed == () and market.newest(5)[1] == 0
    publish_candidate(settings, report.held)
    assert market.newest(5)[1] == 1
