from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.settings import Settings
from bot.types import IngestReport

LOAN = "关于科技贷款的通知\n\n一、支持对象\n对科技型中小企业的贷款给予贴息，贴息期限不超过一年。\n"
HOUSING = "人才公寓管理办法\n\n第一条 为引进的青年人才提供公寓，租期三年。\n第二条 申请人向街道递交材料。\n"


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


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path / "corpus", tmp_path / "data")
    place.write("贷款.txt", LOAN)
    place.write("住房/公寓.txt", HOUSING)
    return place
