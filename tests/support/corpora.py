"""Corpora that are ingested once for all tests and all processes of a run."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from filelock import FileLock

from bot.ingestion import ingest
from bot.settings import load_settings
from tests.support.suggested import all_suggestions


def ingested_copy(corpus: Path, data: Path, shared: Path) -> Path:
    """``data``, filled with what an ingest of ``corpus`` makes; the ingest itself runs once below ``shared``."""
    kept = shared / f"corpus-{hashlib.sha256(str(corpus).encode()).hexdigest()[:12]}"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            made = kept.with_suffix(".making")
            with all_suggestions():
                report = ingest(load_settings(environment={}, corpus_dir=corpus, data_dir=made))
            assert report.failed == ()
            made.rename(kept)
    shutil.copytree(kept, data, dirs_exist_ok=True)
    return data
