"""A file that could not be written whole leaves the old one as it was, and nothing of the new one beside it."""

import errno
import io
import os
from pathlib import Path

import pytest

from bot.curation.kept_files import write_whole
from bot.errors import AssistantError
from bot.index.layout import IndexLayout
from bot.market.service import Market
from bot.pipeline.imports import ImportRoom
from bot.settings import load_settings
from bot.types import RecordKind

LIST = b'{"id": "n1", "title": "\xe7\xa4\xba\xe4\xbe\x8b", "contact_phone": "13900000001"}\n'


class Place:
    """A folder with one of everything that is written in one step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.layout = IndexLayout(folder)
        for number in (1, 2, 3):
            self.layout.version(number).folder.mkdir(parents=True)
        self.layout.publish(1, None)
        for number in (2, 3):
            self.layout.version(number).folder.mkdir(parents=True)
        self.layout.hold(2, 1)
        self.layout.version(3).folder.mkdir(parents=True)
        self.market = Market(load_settings({}, None, data_dir=folder))
        self.room = ImportRoom(folder / "imports", self.market)
        self.token = self.keep()
        write_whole(folder / "文件.txt", b"old")

    def keep(self) -> str:
        return self.room.keep(io.BytesIO(LIST), "a.jsonl", RecordKind.NEED, by="t").token

    def files(self) -> dict[str, bytes]:
        """Every file but the database's own."""
        found = (each for each in self.folder.rglob("*") if each.is_file() and "sqlite3" not in each.name)
        return {str(each.relative_to(self.folder)): each.read_bytes() for each in found}


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path / "data")
    yield made
    made.market.close()


WRITERS = {
    "the version in force": lambda place: place.layout.publish(2, 1),
    "the version that waits": lambda place: place.layout.hold(3, 1),
    "a list that comes in": lambda place: place.keep(),
    "who looks through a list": lambda place: place.room.in_hands_of(place.token, 7),
    "what was found in a list": lambda place: place.room.check(place.token),
    "a file of the corpus": lambda place: write_whole(place.folder / "文件.txt", b"new"),
    "a new file of the corpus": lambda place: write_whole(place.folder / "新.txt", b"new"),
}


def full(*_given, **_named):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["replace", "write"])
@pytest.mark.parametrize("writer", WRITERS)
def test_what_fails_leaves_the_old_file_and_nothing_else(place, monkeypatch, writer, step):
    before = place.files()
    with monkeypatch.context() as broken:
        if step == "replace":
            broken.setattr(os, "replace", full)
        else:
            broken.setattr(os, "fsync", full)
            broken.setattr(Path, "write_text", full)
        with pytest.raises((AssistantError, OSError)):
            WRITERS[writer](place)
    assert place.files() == before
    WRITERS[writer](place)
    assert place.files() != before and not [each for each in place.files() if each.endswith((".partial", ".new"))]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("writer", [each for each in WRITERS if "version" not in each])
def test_nor_does_what_is_stopped(place, monkeypatch, writer, stop):
    def stopped(*_given):
        raise stop

    before = place.files()
    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", stopped)
        with pytest.raises(stop):
            WRITERS[writer](place)
    assert place.files() == before
