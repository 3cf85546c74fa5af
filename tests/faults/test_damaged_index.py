"""A damaged file of the index is seen by doctor, told or got round by questions, and healed by the next ingest."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.assistant import Assistant
from bot.errors import SearchIndexError
from bot.index.layout import IndexLayout
from bot.index.legs import Leg, damaged_legs
from bot.index.search_index import SearchIndex
from bot.ingestion import ASKING_STAGE, ingest
from bot.search.vectors import VectorFile
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


def passages(data: Path) -> np.ndarray:
    """The vectors that the version holds beside Chroma."""
    layout = IndexLayout(data)
    with closing(SearchIndex.open(data)) as index:
        paths = layout.version(index.version)
        return VectorFile(paths.passages, index.chunk_count, index.dimension).read(0, index.chunk_count).floats()


def harm_vector(path: Path, vector: np.ndarray, at: int = 0) -> None:
    """Change one number of ``vector`` wherever Chroma's file holds it: pages out of use keep copies."""
    content = bytearray(path.read_bytes())
    begins = content.find(vector.tobytes()[:64])
    assert begins >= 0
    while begins >= 0:
        content[begins + 4 * at + 2] ^= 0x11
        begins = content.find(vector.tobytes()[:64], begins + 1)
    path.write_bytes(content)


def found_for(data: Path, vectors: np.ndarray) -> list[tuple[list[int], list[float]]]:
    """What Chroma finds for each of ``vectors``."""
    with closing(SearchIndex.open(data)) as index:
        found = (index.nearest(vector, 5) for vector in vectors)
        return [(list(map(int, each.rows)), [round(float(score), 4) for score in each.scores]) for each in found]


def test_a_whole_index_has_no_damage(data):
    assert damaged_legs(data, FILES_ONLY) == ()


@pytest.mark.parametrize("harm", [cut, blank, flip, Path.unlink])
@pytest.mark.parametrize("pattern", PARTS)
def test_every_damage_is_seen(data, pattern, harm):
    if (pattern, harm) == ("chroma/chroma.sqlite3", flip):
        # Chroma writes to its file, which has no checksum: a few wrong bytes in unused space harm nothing.
        harm_vector(part(data, pattern), passages(data)[0])
    else:
        harm(part(data, pattern))
    legs = {found.leg for found in damaged_legs(data, FILES_ONLY)}
    assert PARTS[pattern] in legs or (PARTS[pattern] is Leg.DOCUMENTS and Leg.FILES in legs)


@pytest.mark.parametrize("row", [0, 7, -1])
@pytest.mark.parametrize("at", [0, 5, 15])
def test_a_wrong_number_of_a_vector_in_chroma_is_seen_and_healed(data, corpus_settings, row, at):
    vectors = passages(data)
    before = found_for(data, vectors[:5])
    harm_vector(part(data, "chroma/chroma.sqlite3"), vectors[row], at)
    assert [found.leg for found in damaged_legs(data, FILES_ONLY)] == [Leg.CHROMA]
    ingest(corpus_settings.model_copy(update={"data_dir": data}))
    assert damaged_legs(data, FILES_ONLY) == ()
    assert found_for(data, vectors[:5]) == before


def test_an_id_that_is_another_in_chroma_is_seen(data):
    path = part(data, "chroma/chroma.sqlite3")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE embeddings_queue SET id = 'x' || substr(id, 2) WHERE seq_id = 3")
    assert [found.leg for found in damaged_legs(data, FILES_ONLY)] == [Leg.CHROMA]


@pytest.mark.parametrize("twentieth", range(20))
def test_what_is_not_seen_of_chroma_changes_no_search(data, twentieth):
    vectors = passages(data)[::9]
    before = found_for(data, vectors)
    path = part(data, "chroma/chroma.sqlite3")
    content = bytearray(path.read_bytes())
    begins = len(content) * twentieth // 20 + 37
    content[begins : begins + 16] = bytes(each ^ 0xFF for each in content[begins : begins + 16])
    path.write_bytes(content)
    if not damaged_legs(data, FILES_ONLY):
        assert found_for(data, vectors) == before


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


def test_what_was_asked_of_the_same_documents_is_not_asked_again(data, corpus_settings):
    settings = corpus_settings.model_copy(update={"data_dir": data})
    known = Assistant.open(settings).suggest("攻关")
    cut(part(data, "chroma/chroma.sqlite3"))
    stages: set[str] = set()
    report = ingest(settings, progress=lambda stage, done, total: stages.add(stage))
    assert stages and ASKING_STAGE not in stages
    assert report.suggestions > 8 and Assistant.open(settings).suggest("攻关") == known != ()


def test_questions_are_answered_while_chroma_is_damaged(data, corpus_settings):
    settings = corpus_settings.model_copy(update={"data_dir": data})
    cut(part(data, "chroma/chroma.sqlite3"))
    assert Assistant.open(settings).ask(Turn("联合创新项目最高能给多少？")).citations


@pytest.mark.parametrize("pattern", [each for each in PARTS if "chroma" not in each])
def test_other_damage_is_told_with_the_command(data, pattern):
    cut(part(data, pattern))
    with pytest.raises(SearchIndexError, match=r"python -m bot ingest"):
        Assistant.open(load_settings(environment={}, data_dir=data)).ask(Turn("联合创新项目最高能给多少？"))
