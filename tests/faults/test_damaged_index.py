"""A damaged file of the index is seen by doctor, told or got round by questions, and healed by the next ingest."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.errors import SearchIndexError
from bot.index.layout import IndexLayout
from bot.index.legs import Leg, damaged_legs
from bot.ingestion import ingest
from bot.settings import ChromaSettings, load_settings
from bot.types import Turn

FILES_ONLY = ChromaSettings()
#: Every file of a version by what it belongs to.
PARTS = {
    "documents.sqlite3": Leg.DOCUMENTS,
    "lexical/chunks/*.idx": Leg.FILES,
    "lexical/chunks/*.term": Leg.FILES,
    "lexical/documents/*.fast": Leg.FILES,
    "passages/codes.i8": Leg.FILES,
    "sentences/scales.f32": Leg.FILES,
    "sentences/starts.npy": Leg.FILES,
    "chroma/chroma.sqlite3": Leg.CHROMA,
}


@pytest.fixture
def data(corpus_settings, tmp_path):
    shutil.copytree(corpus_settings.data_dir, tmp_path / "data")
    return tmp_path / "data"


def part(data: Path, pattern: str) -> Path:
    layout = IndexLayout(data)
    (found,) = layout.version(layout.read_pointer().version).folder.glob(pattern)
    return found


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def blank(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 16] = bytes(each ^ 0xFF for each in content[middle : middle + 16])
    path.write_bytes(content)


def test_a_whole_index_has_no_damage(data):
    assert damaged_legs(data, FILES_ONLY) == ()


@pytest.mark.parametrize("harm", [cut, blank, flip, Path.unlink])
@pytest.mark.parametrize("pattern", PARTS)
def test_every_damage_is_seen(data, pattern, harm):
    if (pattern, harm) == ("chroma/chroma.sqlite3", flip):
        pytest.skip("Chroma writes to its file, which has no checksum: a few wrong bytes may lie in unused space")
    harm(part(data, pattern))
    legs = {found.leg for found in damaged_legs(data, FILES_ONLY)}
    assert PARTS[pattern] in legs or (PARTS[pattern] is Leg.DOCUMENTS and Leg.FILES in legs)


@pytest.mark.parametrize("pattern", ["documents.sqlite3", "lexical/chunks/*.idx", "chroma/chroma.sqlite3"])
def test_ingest_heals_it(data, corpus_settings, pattern):
    settings = corpus_settings.model_copy(update={"data_dir": data})
    before = IndexLayout(data).read_pointer().version
    cut(part(data, pattern))
    report = ingest(settings)
    assert IndexLayout(data).read_pointer().version > before
    assert damaged_legs(data, FILES_ONLY) == ()
    assert report.failed == ()
    assert Assistant.open(settings).ask(Turn("联合创新项目最高能给多少？")).citations
    assert replace(ingest(settings), seconds=0).added == 0
    assert IndexLayout(data).read_pointer().version == before + 1


def test_questions_are_answered_while_chroma_is_damaged(data, corpus_settings):
    settings = corpus_settings.model_copy(update={"data_dir": data})
    cut(part(data, "chroma/chroma.sqlite3"))
    assert Assistant.open(settings).ask(Turn("联合创新项目最高能给多少？")).citations


@pytest.mark.parametrize("pattern", [each for each in PARTS if "chroma" not in each])
def test_other_damage_is_told_with_the_command(data, pattern):
    cut(part(data, pattern))
    with pytest.raises(SearchIndexError, match=r"python ingest\.py"):
        Assistant.open(load_settings(environment={}, data_dir=data)).ask(Turn("联合创新项目最高能给多少？"))
