"""Passages' vectors on a real Chroma server: versions, a server that is away, and what then answers."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from bot.candidates import discard_candidate, waiting_candidate
from bot.commands.doctor import run_checks
from bot.encoder import load_embedder
from bot.errors import SearchIndexError, SettingsError, VectorServerError
from bot.index import chroma, dense
from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.settings import ChromaSettings, EmbeddingSettings, Settings, load_settings
from bot.types import IngestReport
from tests.support.chroma_server import ChromaServer, chroma_server, free_port
from tests.support.guarded_relay import GuardedRelay

from .conftest import Workplace

EMBEDDER = load_embedder(EmbeddingSettings())
QUESTION = "银行利息优惠"
ADDED = "关于贷款担保的通知\n\n对担保机构给予奖励。\n"


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with chroma_server(tmp_path_factory.mktemp("chroma") / "kept") as server:
        yield server


@pytest.fixture
def server(standing: ChromaServer) -> Iterator[ChromaServer]:
    """The module's server, up and empty."""
    if standing.process is None:
        standing.start()
    for name in standing.collections():
        standing.drop(name)
    yield standing


@pytest.fixture(autouse=True)
def tried_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "TRIED_AGAIN_AFTER", 0.0)


def settings_of(place: Workplace, server: ChromaServer | None, **more: object) -> Settings:
    return place.settings(chroma=ChromaSettings(url=server.url if server else "", **more))  # type: ignore[arg-type]


def opened(settings: Settings) -> SearchIndex:
    return SearchIndex.open(settings.data_dir, chroma=settings.chroma)


def found(settings: Settings, k: int = 5) -> list[tuple[int, float]]:
    index = opened(settings)
    scores = index.dense(EMBEDDER.embed_query(QUESTION), k)
    index.close()
    return list(zip(scores.rows.tolist(), scores.scores.tolist(), strict=True))


def encoded(settings: Settings) -> tuple[IngestReport, int]:
    """An ingest, and how many passages it had to encode."""
    told: list[int] = []
    report = ingest(settings, progress=lambda stage, done, total: told.append(total) if stage == "embed" else None)
    return report, max(told, default=0)


def vectors_check(settings: Settings) -> tuple[bool, str, str]:
    (check,) = [each for each in run_checks(settings) if each.name == "向量库"]
    return check.ok, check.found, check.remedy


def test_a_version_is_a_collection_of_its_own_and_finds_what_files_find(
    workplace: Workplace, server: ChromaServer
) -> None:
    settings = settings_of(workplace, server)
    report = ingest(settings)
    ((name, held),) = server.collections().items()
    assert name.endswith("-1") and held == report.chunks > 0
    assert not list(workplace.data.rglob("chroma.sqlite3"))
    there = found(settings)
    here = settings.model_copy(update={"data_dir": workplace.data.parent / "files", "chroma": ChromaSettings()})
    ingest(here)
    assert [row for row, _ in there] == [row for row, _ in found(here)] != []
    assert [score for _, score in there] == pytest.approx([score for _, score in found(here)], abs=1e-4)


def test_of_old_versions_only_the_one_before_stays(workplace: Workplace, server: ChromaServer) -> None:
    settings = settings_of(workplace, server)
    other = Workplace(workplace.corpus, workplace.data.parent / "other")
    ingest(settings_of(other, server))
    (others,) = server.collections()
    for number in range(3):
        workplace.write(f"新增{number}.txt", ADDED + str(number))
        ingest(settings)
    left = server.collections()
    assert others in left
    own = sorted(name for name in left if name != others)
    assert [name.rpartition("-")[2] for name in own] == ["2", "3"]
    assert own[0].rpartition("-")[0] == own[1].rpartition("-")[0] != others.rpartition("-")[0]
    assert left[own[1]] == opened(settings).chunk_count
    assert ingest(settings).unchanged == 5 and server.collections() == left


def test_without_the_server_nothing_is_built_and_the_version_in_force_stays(
    workplace: Workplace, server: ChromaServer
) -> None:
    settings = settings_of(workplace, server)
    ingest(settings)
    workplace.write("新增.txt", ADDED)
    server.stop()
    with pytest.raises(VectorServerError) as told:
        ingest(settings)
    assert server.url in str(told.value) and "chroma" in told.value.remedy
    assert opened(settings).version == 1
    assert [path.name for path in (workplace.data / "index" / "versions").iterdir()] == ["1"]
    server.start()
    assert ingest(settings).added == 1 and opened(settings).version == 2


def test_a_server_that_goes_away_half_way_leaves_the_version_in_force(
    workplace: Workplace, server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(workplace, server)
    ingest(settings)
    before = server.collections()
    workplace.write("新增.txt", ADDED)
    monkeypatch.setattr(chroma, "SERVER_BATCH", 1)
    put, calls = dense.DenseIndex.put, []

    def put_until_it_is_gone(self: dense.DenseIndex, *values: object) -> None:
        put(self, *values)  # type: ignore[arg-type]
        calls.append(1)
        server.stop()

    monkeypatch.setattr(dense.DenseIndex, "put", put_until_it_is_gone)
    with pytest.raises(VectorServerError):
        ingest(settings)
    assert calls
    monkeypatch.undo()
    server.start()
    assert opened(settings).version == 1 and found(settings)
    assert before.items() <= server.collections().items()
    report = ingest(settings)
    assert report.added == 1
    assert sorted(server.collections().values()) == sorted([*before.values(), report.chunks])


def test_while_the_server_is_away_the_vectors_beside_answer(
    workplace: Workplace, server: ChromaServer, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_of(workplace, server)
    ingest(settings)
    index, vector = opened(settings), EMBEDDER.embed_query(QUESTION)
    before = index.dense(vector, 3)
    nearest = index.dense(vector, 1).rows.tolist()
    server.stop()
    with caplog.at_level(logging.INFO, logger="bot"):
        for _ in range(3):
            after = index.dense(vector, 3)
    assert index.dense(vector, 1).rows.tolist() == nearest == before.rows.tolist()[:1]
    exact = index.cosines(vector)
    assert after.rows.tolist() == before.rows.tolist() == np.argsort(-exact, kind="stable")[:3].tolist()
    assert after.scores == pytest.approx(exact[after.rows]) and after.scores == pytest.approx(before.scores, abs=2e-3)
    assert [record.levelname for record in caplog.records if "Chroma" in record.message] == ["WARNING"]
    ok, told, remedy = vectors_check(settings)
    assert not ok and server.url in told and remedy
    server.start()
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="bot"):
        again = index.dense(vector, 3)
    assert again.rows.tolist() == before.rows.tolist()
    assert [record.levelname for record in caplog.records if "Chroma" in record.message] == ["INFO"]
    assert vectors_check(settings)[0]


def waiting(server: socket.socket) -> int:
    """How many have connected since it was last asked."""
    server.setblocking(False)
    found = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            found += 1
    return found


def test_a_server_that_never_answers_holds_up_one_question_only(
    workplace: Workplace, server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "TRIED_AGAIN_AFTER", 60.0)
    ingest(settings_of(workplace, server))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        index = SearchIndex.open(workplace.data, chroma=ChromaSettings(url=url, timeout_seconds=0.5))
        vector, reached = EMBEDDER.embed_query(QUESTION), []
        for _ in range(3):
            assert len(index.dense(vector, 3).rows) == 2
            reached.append(waiting(silent))
    # The first one waited in vain and gave up; the others did not even try.
    assert reached[0] > 0 and reached[1:] == [0, 0]


def test_a_server_that_falls_silent_later_is_left_in_time(workplace: Workplace, server: ChromaServer) -> None:
    ingest(settings_of(workplace, server))
    with GuardedRelay(server.url) as relay:
        settings = ChromaSettings(url=relay.url, timeout_seconds=0.5)
        index = SearchIndex.open(workplace.data, chroma=settings)
        vector = EMBEDDER.embed_query(QUESTION)
        index.dense(vector, 3)
        assert relay.passed
        relay.silent.set()
        # The relay says nothing until it is told to, so an answer is one that did not wait for it.
        assert len(index.dense(vector, 3).rows) == 2
        assert relay.silent.is_set()
        relay.silent.clear()


def test_a_collection_that_is_gone_is_told_and_filled_again_without_encoding(
    workplace: Workplace, server: ChromaServer
) -> None:
    settings = settings_of(workplace, server)
    report = ingest(settings)
    before = found(settings)
    server.drop(next(iter(server.collections())))
    assert [row for row, _ in found(settings)] == [row for row, _ in before]
    ok, _, remedy = vectors_check(settings)
    assert not ok and "python -m bot ingest" in remedy
    again, count = encoded(settings)
    assert count == 0 and again.unchanged == 2 and vectors_check(settings)[0]
    assert server.collections() == {next(iter(server.collections())): report.chunks}


def test_a_collection_that_lacks_passages_is_told(workplace: Workplace, server: ChromaServer) -> None:
    import chromadb
    from chromadb.config import Settings as ChromaOptions

    settings = settings_of(workplace, server)
    ingest(settings)
    client = chromadb.HttpClient(host="127.0.0.1", port=server.port, settings=ChromaOptions(anonymized_telemetry=False))
    (collection,) = client.list_collections()
    collection.delete(ids=collection.get(limit=1)["ids"])
    assert not vectors_check(settings)[0]
    ingest(settings)
    assert vectors_check(settings)[0]


def test_files_and_server_are_exchanged_by_settings_without_encoding(
    workplace: Workplace, server: ChromaServer
) -> None:
    files, served = settings_of(workplace, None), settings_of(workplace, server)
    ingest(files)
    expected = [row for row, _ in found(files)]
    assert [row for row, _ in found(served)] == expected
    assert not vectors_check(served)[0]
    for settings in (served, files):
        report, count = encoded(settings)
        assert count == 0 and report.unchanged == 2
        assert [row for row, _ in found(settings)] == expected
    assert [check.name for check in run_checks(files) if check.name == "向量库"] == []


def test_a_version_that_chroma_did_not_keep_whole_is_never_in_force(
    workplace: Workplace, server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = dense.DenseIndex.put
    monkeypatch.setattr(
        dense.DenseIndex, "put", lambda self, ids, documents, vectors: put(self, ids[1:], documents[1:], vectors[1:])
    )
    for settings in (settings_of(workplace, server), settings_of(workplace, None)):
        with pytest.raises(SearchIndexError, match="没有留住"):
            ingest(settings)
    assert not (workplace.data / "index" / "CURRENT").exists()


def test_a_version_thrown_away_leaves_no_collection(workplace: Workplace, server: ChromaServer) -> None:
    settings = settings_of(workplace, server)
    ingest(settings)
    before = server.collections()
    workplace.write("新增.txt", ADDED)
    report = ingest(settings, hold=True)
    assert report.held == 2 and len(server.collections()) == 2
    waiting = SearchIndex.open(workplace.data, 2, chroma=settings.chroma)
    assert waiting_candidate(settings) is not None and len(waiting.dense(EMBEDDER.embed_query(QUESTION), 9).rows) == 3
    discard_candidate(settings)
    assert server.collections() == before


def test_an_empty_corpus_is_an_empty_collection(workplace: Workplace, server: ChromaServer) -> None:
    for path in list(workplace.corpus.rglob("*.txt")):
        path.unlink()
    settings = settings_of(workplace, server)
    ingest(settings)
    assert list(server.collections().values()) == [0] and found(settings) == [] and vectors_check(settings)[0]


def test_a_server_behind_tls_that_asks_for_a_token(workplace: Workplace, server: ChromaServer, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("示例-secret\n".encode("ascii", "ignore").decode())
    with GuardedRelay(server.url, header="authorization", value="Bearer -secret", folder=tmp_path) as relay:
        known = {"url": relay.url, "token_header": "Authorization", "token_file": token, "ca_file": relay.certificate}
        settings = workplace.settings(chroma=ChromaSettings(**known))  # type: ignore[arg-type]
        ingest(settings)
        assert found(settings) and vectors_check(settings)[0]
        for wrong in ({"token_header": "x-chroma-token"}, {"token_file": None}, {"ca_file": None}):
            told = settings.model_copy(update={"chroma": ChromaSettings(**{**known, **wrong})})  # type: ignore[arg-type]
            ok, what, remedy = vectors_check(told)
            assert not ok and remedy and "-secret" not in what + remedy
            assert [row for row, _ in found(told)] == [row for row, _ in found(settings)]
            with pytest.raises(VectorServerError) as error:
                ingest(told, rebuild=True)
            assert "-secret" not in str(error.value)


def test_an_address_without_its_scheme_is_refused(tmp_path: Path) -> None:
    for wrong in ("127.0.0.1:8000", "ftp://somewhere", "http://"):
        with pytest.raises(SettingsError, match="chroma.url"):
            load_settings({"BOT_CHROMA_URL": wrong}, tmp_path / "none.toml")
    read = load_settings({"BOT_CHROMA_URL": "https://chroma.example:8443"}, tmp_path / "none.toml").chroma
    assert read.url == "https://chroma.example:8443"
    with pytest.raises(SettingsError, match="token_file"):
        ChromaSettings(url="http://x", token_file=tmp_path / "none").key()


def test_two_readers_at_once(workplace: Workplace, server: ChromaServer) -> None:
    settings = settings_of(workplace, server)
    ingest(settings)
    index, vector = opened(settings), EMBEDDER.embed_query(QUESTION)
    rows: list[list[int]] = []
    threads = [threading.Thread(target=lambda: rows.append(index.dense(vector, 4).rows.tolist())) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(rows) == 8 and len({tuple(each) for each in rows}) == 1


def test_nobody_is_asked_while_no_server_is_set(workplace: Workplace) -> None:
    workplace.ingest()
    assert not (workplace.data / "index" / "ID").exists()
    with pytest.raises(SearchIndexError, match="没有"):
        SearchIndex.open(workplace.data, chroma=ChromaSettings(url=f"http://127.0.0.1:{free_port()}")).check_dense()
