"""An ingest that is killed, interrupted, begun twice or cannot be done leaves the index as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import CorpusError, EmbedderMissing, SearchIndexError
from bot.index.layout import IndexLayout
from bot.ingestion import ingest
from bot.settings import EmbeddingSettings, Settings
from tests.ingestion.conftest import Workplace

KILL = """
import os, signal, sys
from pathlib import Path
from bot.ingestion import ingest
from bot.search.lexical import RowScores
from bot.settings import EmbeddingSettings, Settings

def kill():
    os.kill(os.getpid(), signal.SIGKILL)

moment, corpus, data = sys.argv[1:]
if moment == "before the pointer":
    os.replace = lambda *paths: kill()
elif moment == "after the pointer":
    replace = os.replace
    os.replace = lambda *paths: (replace(*paths), kill())

def progress(stage, done, total):
    if f"{stage} {done}" == moment:
        kill()

ingest(Settings(corpus_dir=Path(corpus), data_dir=Path(data)), progress=progress)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a POSIX kill")
@pytest.mark.parametrize(
    "moment", ["read 0", "read 2", "embed 0", "embed 1", "lexical 2", "before the pointer", "after the pointer"]
)
def test_a_killed_ingest_leaves_a_right_index_and_the_next_one_finishes(
    place: Workplace, tmp_path: Path, moment: str
) -> None:
    place.ingest()
    before = place.state()
    (place.corpus / "贷款.txt").unlink()
    place.write("奖励.txt", "关于奖励的通知\n\n对获奖企业给予奖励。")
    arguments = [sys.executable, "-c", KILL, moment, str(place.corpus), str(place.data)]
    killed = subprocess.run(arguments, check=False, cwd=os.getcwd(), capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    if moment != "after the pointer":
        assert place.state() == before
    place.ingest()
    fresh = Workplace(place.corpus, tmp_path / "fresh")
    fresh.ingest()
    assert place.state() == fresh.state()
    assert len(place.versions()) <= 2


def test_an_interrupted_ingest_leaves_no_half_built_version(place: Workplace) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "embed":
            raise KeyboardInterrupt

    settings = Settings(corpus_dir=place.corpus, data_dir=place.data)
    with pytest.raises(KeyboardInterrupt):
        ingest(settings, progress=interrupt)
    assert place.versions() == set()
    assert place.ingest().added == 2


def test_a_second_ingest_at_the_same_time_is_refused(place: Workplace) -> None:
    with IndexLayout(place.data).writing(), pytest.raises(SearchIndexError, match="另一个导入"):
        place.ingest()
    assert place.ingest().added == 2


def test_what_cannot_be_done_is_told_before_anything_is_touched(place: Workplace, tmp_path: Path) -> None:
    place.ingest()
    before = place.state()
    with pytest.raises(EmbedderMissing):
        place.ingest(embedding=EmbeddingSettings(model="nobody/no-such-model"))
    with pytest.raises(CorpusError):
        Workplace(tmp_path / "nowhere", place.data).ingest()
    assert place.state() == before
