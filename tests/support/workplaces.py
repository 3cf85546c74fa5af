"""A corpus and the index of it, for tests that change both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.settings import Settings
from bot.types import IngestReport


@dataclass(frozen=True)
class Workplace:
    """A corpus and a data folder that tests may change."""

    corpus: Path
    data: Path

    def write(self, name: str, text: str) -> None:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def settings(self, **values: object) -> Settings:
        return Settings(corpus_dir=self.corpus, data_dir=self.data, **values)  # type: ignore[arg-type]

    def ingest(self, *, rebuild: bool = False, **values: object) -> IngestReport:
        return ingest(self.settings(**values), rebuild=rebuild)

    def open(self) -> SearchIndex:
        return SearchIndex.open(self.data)
