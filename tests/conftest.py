"""The real corpus, ingested once for all tests that read it; one cache of vectors for all of them."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from bot.accounts import passwords
from bot.assistant import Assistant
from bot.documents.bounded import BoundedReader
from bot.encoder.contextual import ContextualEmbedder
from bot.encoder.embedder import Floats
from bot.settings import PROJECT_ROOT, Settings, load_settings
from bot.store import migrate
from tests.support.corpora import ingested_copy
from tests.support.databases import (
    database,
    either_database,
    migrated_template,
    postgresql_database,
    postgresql_server,
)
from tests.support.migrated import MigratedOnce
from tests.support.suggested import few_suggestions

__all__ = ["database", "either_database", "migrated_template", "postgresql_database", "postgresql_server"]

#: Encoding is dear: vectors are kept between tests and between runs.
SHARED_CACHE = PROJECT_ROOT / ".pytest_cache" / "embeddings.sqlite3"
os.environ["BOT_EMBEDDING_CACHE"] = str(SHARED_CACHE)


#: How many objects come into being before the young, then how often before the older ones are looked through: with
#: thousands of tests and several encoders in one process, looking through all of them took a seventh of the time.
_COLLECTED_AFTER = (100_000, 50, 50)
#: Whoever asks for one of these reads or writes files.
_ON_DISK = frozenset({"tmp_path_factory", "either_database"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a disk. Long files first: no process then waits at the end for another's last file."""
    for each in items:
        if _ON_DISK & set(getattr(each, "fixturenames", ())):
            each.add_marker("disk")
    long = {each.path for each in items if each.get_closest_marker("slow") or each.get_closest_marker("browser")}
    items.sort(key=lambda each: each.path not in long)


def pytest_collection_finish() -> None:
    """What the collection made stays to the end: nobody looks for garbage in it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)


@pytest.fixture(scope="session", autouse=True)
def shared_embedding_cache() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "embedding_cache", property(lambda self: self.embedding.cache or SHARED_CACHE))
        yield


@pytest.fixture(autouse=True)
def read_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spares most tests the half second in which the reading process starts; see the marker ``own_process``."""
    if request.node.get_closest_marker("own_process") is None:
        monkeypatch.setattr(BoundedReader, "_running_worker", lambda self: None)


@pytest.fixture(scope="session", autouse=True)
def few_questions_at_ingest() -> Iterator[None]:
    """Tests of suggestions ask for more; see :func:`tests.support.suggested.all_suggestions`."""
    with few_suggestions():
        yield


@pytest.fixture(scope="session", autouse=True)
def questions_encoded_once() -> Iterator[None]:
    """The same question has the same vector, and many tests ask the same ones."""
    encoded: dict[tuple[str, str], Floats] = {}
    encode = ContextualEmbedder.embed_query

    def embed_query(self: ContextualEmbedder, text: str) -> Floats:
        key = self.fingerprint, text
        if key not in encoded:
            encoded[key] = encode(self, text)
            encoded[key].flags.writeable = False
        return encoded[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ContextualEmbedder, "embed_query", embed_query)
        yield


#: How the program hashes passwords.
PROGRAMS_HASHER = passwords._hasher


@pytest.fixture(scope="session", autouse=True)
def passwords_hashed_at_once() -> Iterator[None]:
    """Hashing takes long on purpose; here only what comes of it matters."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: quick)
        yield


@pytest.fixture(scope="session", autouse=True)
def migrated_once() -> Iterator[MigratedOnce]:
    """Migrations run once in a process; see the marker ``own_migrations``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "_upgrade", once := MigratedOnce(migrate._upgrade))
        yield once


@pytest.fixture(autouse=True)
def own_migrations(
    request: pytest.FixtureRequest, migrated_once: MigratedOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    if request.node.get_closest_marker("own_migrations") is not None:
        monkeypatch.setattr(migrate, "_upgrade", migrated_once.upgrade)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run for all of its processes."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def corpus_settings(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Settings:
    corpus = PROJECT_ROOT / "corpus"
    data = ingested_copy(corpus, tmp_path_factory.mktemp("data"), shared_folder)
    return load_settings(environment={}, corpus_dir=corpus, data_dir=data)


@pytest.fixture(scope="session")
def assistant(corpus_settings: Settings) -> Iterator[Assistant]:
    yield Assistant.open(corpus_settings)


@pytest.fixture(scope="session")
def cases_dir() -> Path:
    return PROJECT_ROOT / "tests" / "cases"
