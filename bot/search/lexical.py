"""BM25 (k1 = 1.2, b = 0.75) of tantivy over terms that are cut beforehand, in named fields, by row number."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.search.idf import bm25_idf
from bot.search.vectors import Floats, Rows

_ROW, _KEY = "row", "key"
_FREQUENCIES = "freq"
#: Longer runs are no words (encoded data, rules of dashes).
_LONGEST_TERM = 64
_WRITER_BYTES = 64_000_000
#: Terms whose counts are remembered per index.
_MOST_CACHED = 200_000


class Term(NamedTuple):
    """A term of one field."""

    field: str
    text: str


#: How much a term tells, in place of BM25's own idf.
Idf = Callable[[Term], float]


@dataclass(frozen=True, slots=True, eq=False)
class RowScores:
    """``rows`` and their ``scores``, best first, of equal length."""

    rows: Rows
    scores: Floats


class _Known(NamedTuple):
    frequency: int
    query: Any
    own_idf: float


class LexicalWriter:
    """Adds rows to an index folder, which is made where it is missing; nothing is seen before :meth:`commit`."""

    def __init__(self, folder: Path, fields: Sequence[str]) -> None:
        import tantivy

        folder.mkdir(parents=True, exist_ok=True)
        self._fields = tuple(fields)
        exists = tantivy.Index.exists(str(folder))
        index = tantivy.Index.open(str(folder)) if exists else tantivy.Index(_schema(fields), path=str(folder))
        # One thread writes one segment in the given order: the same input gives the same index.
        self._writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)

    def add(self, row: int, key: str, terms: Mapping[str, Iterable[str]]) -> None:
        """Add ``row`` with the terms of its fields in text order; ``key`` is what removes it again."""
        import tantivy

        document = tantivy.Document()
        document.add_unsigned(_ROW, row)
        document.add_text(_KEY, key)
        for field in self._fields:
            document.add_text(field, " ".join(term for term in terms.get(field, ()) if len(term) <= _LONGEST_TERM))
        self._writer.add_document(document)

    def remove(self, key: str) -> None:
        """Take the rows of ``key`` out."""
        self._writer.delete_documents_by_term(_KEY, key)

    def commit(self) -> None:
        """Make everything durable and seen by indexes opened from now on."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class LexicalIndex:
    """An index folder opened for reading, as it stands at the first use. Safe to share between threads.

    Raises ValueError when the folder holds no index or a damaged one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: tuple[Any, Any] | None = None
        self._known: dict[Term, _Known] = {}
        self._documents: int | None = None

    def search(self, terms: Mapping[Term, float], k: int, idf: Idf | None = None) -> RowScores:
        """The best ``k`` rows by the sum of weight × idf × saturated frequency; zero weights aside."""
        import tantivy

        clauses = []
        for term, weight in terms.items():
            known = self._term(term)
            boost = weight if idf is None else weight * idf(term) / known.own_idf
            if known.frequency and boost > 0:
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(known.query, boost)))
        if not clauses or k <= 0:
            return RowScores(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32))
        _, searcher = self._open()
        hits = searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits
        rows = searcher.fast_field_values(_ROW, [address for _, address in hits])
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        return RowScores(np.array(rows, dtype=np.intp), scores)

    def frequency(self, term: Term) -> int:
        """In how many rows ``term`` stands."""
        return self._term(term).frequency

    def own_idf(self, term: Term) -> float:
        """BM25's idf of ``term`` in this index."""
        return self._term(term).own_idf

    def close(self) -> None:
        """Give the files back; a later use opens them again."""
        self._opened = None
        self._known = {}
        self._documents = None

    def _term(self, term: Term) -> _Known:
        known = self._known.get(term)
        if known is None:
            known = self._looked_up(term)
            # Words that no row holds have no end: everybody who asks brings new ones.
            if known.frequency and len(self._known) < _MOST_CACHED:
                self._known[term] = known
        return known

    def _looked_up(self, term: Term) -> _Known:
        if len(term.text) > _LONGEST_TERM:
            return _Known(0, None, 1.0)
        import tantivy

        index, searcher = self._open()
        frequency = int(searcher.doc_freq(term.field, term.text))
        query = tantivy.Query.term_query(index.schema, term.field, term.text, index_option=_FREQUENCIES)
        if not frequency:
            return _Known(0, query, 1.0)
        return _Known(frequency, query, bm25_idf(max(self._counted(query), frequency), frequency))

    def _counted(self, query: Any) -> int:
        """The number of rows tantivy reckons with: removed ones count until they are merged away."""
        if self._documents is None:
            _, searcher = self._open()
            found = searcher.search(query, 1, count=False).hits
            if not found:
                return int(searcher.num_docs)
            told = json.loads(query.explain(searcher, found[0][1]).to_json())
            self._documents = int(_detail(_detail(told, "idf"), "N,")["value"])
        return self._documents

    def _open(self) -> tuple[Any, Any]:
        if self._opened is None:
            import tantivy

            index = tantivy.Index.open(str(self._folder))
            index.reload()
            self._opened = index, index.searcher()
        return self._opened


def _detail(explained: Any, start: str) -> Any:
    return next(part for part in explained["details"] if part["description"].startswith(start))


def _schema(fields: Sequence[str]) -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_ROW, stored=False, indexed=False, fast=True)
    builder.add_text_field(_KEY, stored=False, tokenizer_name="raw", index_option="basic")
    for name in fields:
        builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option=_FREQUENCIES)
    return builder.build()
