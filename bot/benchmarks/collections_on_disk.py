"""Question collections read from JSON lines and ingested by the real pipeline into a temporary folder."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.ingestion import ingest
from bot.settings import Settings, load_settings

CACHE_FILE = "tech-manager-assistant-benchmark-embeddings.sqlite3"


@dataclass(frozen=True, slots=True)
class BenchmarkQuestion:
    """A question with the ids of the documents that answer it, and its reference answer if there is one."""

    id: str
    question: str
    right: frozenset[str]
    answer: str = ""


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def read_questions(folder: Path) -> tuple[BenchmarkQuestion, ...]:
    """``questions.jsonl`` of either collection."""
    return tuple(
        BenchmarkQuestion(
            str(item["id"]),
            item["question"],
            frozenset(item["gold"] if "gold" in item else (item["document_id"], *item["alternates"])),
            item.get("answer", ""),
        )
        for item in read_jsonl(folder / "questions.jsonl")
    )


@contextmanager
def ingested(folders: Sequence[Path], without: frozenset[str] = frozenset()) -> Iterator[Settings]:
    """Write every ``documents.jsonl`` as text files, ingest them into one index, and clean up.

    A document's id becomes ``<folder's name>/<id>.txt``. Vectors are kept in a cache beside the system's other
    temporary files, so that a second run encodes nothing.
    """
    root = Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        for folder in folders:
            corpus = root / "corpus" / folder.name
            corpus.mkdir(parents=True)
            for item in read_jsonl(folder / "documents.jsonl"):
                if item["id"] not in without:
                    (corpus / f"{item['id']}.txt").write_text(item["text"], encoding="utf-8")
        cache = Path(tempfile.gettempdir()) / CACHE_FILE
        settings = load_settings(corpus_dir=root / "corpus", data_dir=root / "data", embedding_cache=cache)
        ingest(settings)
        yield settings
    finally:
        shutil.rmtree(root, ignore_errors=True)
