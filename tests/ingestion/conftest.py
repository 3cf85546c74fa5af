"""A corpus of two documents, and the index that ingests make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.encoder import load_embedder
from bot.index import attachments
from bot.index.search_index import SearchIndex
from bot.search.lexical import RowScores
from bot.settings import EmbeddingSettings
from bot.text.tokens import search_terms
from bot.types import IngestReport
from tests.support.workplaces import Workplace as BareWorkplace

THESAURUS = "- words: [贷款, 融资]\n"


class Workplace(BareWorkplace):
    """One whose whole state can be compared."""

    def state(self) -> dict[str, object]:
        """All that a reader can see of the index in force."""
        index = SearchIndex.open(self.data)
        terms = dict.fromkeys(search_terms("贷款贴息公寓租期奖励"), 1.0)
        chunks = [chunk for name in index.document_ids for chunk in index.chunks_of(name)]
        vector = load_embedder(EmbeddingSettings()).embed_query("银行利息")
        dense = index.dense(vector, 100)
        rows = range(index.chunk_count)
        near = index.sentences(rows, vector)
        words = [_pairs(found) for found in (index.lexical(terms, 100), index.lexical_documents(terms, 100))]
        cosines = index.cosines(vector).round(4).tolist()
        index.close()
        return {
            "documents": [index.document(name) for name in index.document_ids],
            "chunks": chunks,
            "words": words,
            "dense": _pairs(dense),
            "cosines": cosines,
            "sentences": [(each.spans.tolist(), each.cosines.round(4).tolist()) for each in near],
            "catalogue": index.attachment(attachments.CATALOGUE),
        }

    def versions(self) -> set[str]:
        return {path.name for path in (self.data / "index" / "versions").iterdir()}


def _pairs(found: RowScores) -> list[tuple[int, float]]:
    return [(int(row), round(float(score), 4)) for row, score in zip(found.rows, found.scores, strict=True)]


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path / "corpus", tmp_path / "data")
    place.write("贷款.txt", "关于科技贷款的通知\n\n对科技型中小企业的贷款给予贴息，贴息期限不超过一年。\n")
    place.write("住房/公寓.txt", "人才公寓管理办法\n\n为引进的青年人才提供公寓，租期三年。\n")
    place.write("thesaurus.yaml", THESAURUS)
    return place


def counts(report: IngestReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed
