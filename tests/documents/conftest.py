from collections.abc import Callable
from pathlib import Path

import pytest

from bot.documents.corpus import list_corpus_files
from bot.documents.load import load_document
from bot.types import Document

Load = Callable[[str, bytes | str], Document]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write a file into a fresh corpus and load it through the listing, as an ingest does."""

    def write_and_load(name: str, content: bytes | str) -> Document:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        listing = list_corpus_files(tmp_path)
        (file,) = [each for each in listing.files if each.id == name]
        return load_document(file)

    return write_and_load
