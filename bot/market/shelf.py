"""One kind of market records made searchable: BM25 over title and body, vectors, technology fields.

Files of a shelf's folder: ``lexical/`` (tantivy), ``rows.txt`` (one line a row: mark, tab, record id),
``vectors.f32`` ``(rows, dim)``, ``fields.f32`` ``(rows, fields)``. A changed record gets a new row; its
last row counts. Rows beyond the number that the index vouches for are what an interrupted update left,
and are cut off before the next one.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import tantivy
from numpy.typing import NDArray

from bot.market.background import rarity, smoothed_idf
from bot.text.tokens import content_bigrams, search_terms
from bot.types import Standing

Floats: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.intp]

_WRITER_BYTES = 120_000_000
_MARKS = {Standing.OPEN: "O", Standing.HISTORIC: "H", Standing.CLOSED: "C"}
_GONE = "-"
#: A query term is weighed once for standing in the title and once, dampened, for the body; the same
#: 3 : 1 holds between the title and the body of the records searched. Measured on the development half
#: of the labelled needs: 2 to 8 differ by less than one standard error.
TITLE_WEIGHT = 3.0
#: BM25 weighs a term by its idf; multiplying by it once more makes words of every record (技术, 系统,
#: 研究, 方法) count for next to nothing, learned from the records on file instead of a stop list.
IDF_POWER = 2.0
#: Terms asked of either field at most, the heaviest first: bounds the time of one query.
_MAX_TERMS, _MAX_BODY_TERMS = 320, 96
#: Term counts remembered per shelf.
_MOST_CACHED = 200_000


@dataclass(frozen=True, slots=True)
class ShelfRecord:
    """What is indexed of a record; ``standing`` ``None`` takes it off the shelf."""

    id: str
    standing: Standing | None
    title: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class TermQuery:
    """Weights of query terms, and which of them stand in the title."""

    weights: Mapping[str, float]
    title_terms: frozenset[str]


def term_query(title: str, body: str) -> TermQuery:
    """The weighted terms of a record or text that looks for its counterpart."""
    title_terms = frozenset(search_terms(title))
    counts = Counter(search_terms(body))
    weights = {
        term: TITLE_WEIGHT * (term in title_terms) + (1 + math.log(counts[term]) if term in counts else 0)
        for term in title_terms | counts.keys()
    }
    return TermQuery(weights, title_terms)


class Shelf:
    """Reads one shelf as it stood at ``rows`` rows; reopen to see later ones.

    Raises ValueError or OSError when a file is missing or damaged.
    """

    def __init__(self, folder: Path, rows: int, dim: int, fields: int) -> None:
        self._index = tantivy.Index.open(str(folder / "lexical"))
        self._index.reload()
        self._searcher = self._index.searcher()
        self._documents: int | None = None
        self._frequencies: dict[tuple[str, str], int] = {}
        self.ids: list[str] = []
        marks: list[str] = []
        lines = (folder / "rows.txt").read_text(encoding="utf-8").split("\n") if rows else []
        for line in lines[:rows]:
            mark, _, record_id = line.partition("\t")
            marks.append(mark)
            self.ids.append(record_id)
        if len(self.ids) != rows or "" in self.ids:
            raise ValueError(f"{folder}: {len(self.ids)} rows listed, {rows} expected")
        last = {record_id: row for row, record_id in enumerate(self.ids)}
        self.row_of = {record_id: row for record_id, row in last.items() if marks[row] != _GONE}
        self._live: NDArray[np.bool_] = np.zeros(rows, dtype=np.bool_)
        self._live[list(self.row_of.values())] = True
        self._open: NDArray[np.bool_] = self._live & (np.array(marks, dtype="U1") == _MARKS[Standing.OPEN])
        self._vectors = _mapped(folder / "vectors.f32", rows, dim)
        self._fields = _mapped(folder / "fields.f32", rows, fields)

    @property
    def rows(self) -> int:
        """Rows on the shelf, outdated ones included."""
        return len(self.ids)

    @property
    def live(self) -> NDArray[np.bool_]:
        """``(rows,)``: rows that are their record's last."""
        return self._live

    @property
    def open(self) -> NDArray[np.bool_]:
        """``(rows,)``: live rows whose record may be proposed."""
        return self._open

    def lexical(self, query: TermQuery, limit: int) -> tuple[Floats, float]:
        """BM25 sums per row ``(rows,)`` for the best ``limit``, and the score that counts as one."""
        scores = np.zeros(self.rows, dtype=np.float32)
        if not self.rows:
            return scores, 1.0
        clauses, own = self._clauses(query)
        if clauses:
            found = self._searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False)
            rows = self._searcher.fast_field_values("row", [address for _, address in found.hits])
            limit_row = self.rows
            for row, (score, _) in zip(rows, found.hits, strict=True):
                # A row past the end belongs to an update that this reader does not see yet.
                if row is not None and row < limit_row:
                    scores[int(row)] = score
        scores[~self._live] = 0
        return scores, own

    def term_idf(self, term: str) -> float:
        """BM25's idf of ``term`` among the titles on the shelf, with general text as prior."""
        return smoothed_idf(term, len(self.row_of), self._frequency("title", term))

    def rarity(self, term: str) -> float:
        """How rare ``term`` is: the logarithm of its inverse share, in general text or in the *other* records.

        The record that holds it does not make it common; the higher of both shares counts.
        """
        others = max(self._frequency("title", term), self._frequency("body", term)) - 1
        return rarity(term, len(self.row_of), max(others, 0))

    def cosine(self, vector: Floats, rows: Rows) -> Floats:
        """Cosine with ``rows``, in their order; ``vector`` is ``(dim,)`` and normalised."""
        return np.asarray(self._vectors[rows] @ vector, dtype=np.float32)

    def field_likeness(self, vector: Floats, rows: Rows) -> Floats:
        """Cosine of technology fields with ``rows``, in their order."""
        return np.asarray(self._fields[rows] @ vector, dtype=np.float32)

    def _clauses(self, query: TermQuery) -> tuple[list[tuple[Any, Any]], float]:
        title: list[tuple[float, str, str]] = []
        body: list[tuple[float, str, str]] = []
        own_title = own_all = 0.0
        for term, weight in query.weights.items():
            idf = self.term_idf(term)
            if term in query.title_terms:
                own_title += TITLE_WEIGHT * idf**IDF_POWER
            own_all += weight * idf**IDF_POWER
            for field, heap, share in (("title", title, 1.0), ("body", body, 1 / TITLE_WEIGHT)):
                frequency = self._frequency(field, term)
                if frequency and (field == "title" or len(term) > 1):
                    # tantivy multiplies by its own idf, which knows no prior: taken out again here.
                    inner = _idf(max(self._counted(field, term), frequency), frequency)
                    heap.append((share * weight * idf**IDF_POWER / inner, field, term))
        title = sorted(title, reverse=True)[:_MAX_TERMS]
        body = sorted(body, reverse=True)[:_MAX_BODY_TERMS]
        schema = self._index.schema
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(tantivy.Query.term_query(schema, field, term, index_option="freq"), boost),
            )
            for boost, field, term in (*title, *body)
            if boost > 0
        ]
        # Between what the title alone and the whole text could score: a long description may add to a
        # score, but does not make everything look alike.
        return clauses, math.sqrt(own_title * own_all) or 1.0

    def _frequency(self, field: str, term: str) -> int:
        known = self._frequencies.get((field, term))
        if known is None:
            known = int(self._searcher.doc_freq(field, term))
            if len(self._frequencies) < _MOST_CACHED:
                self._frequencies[field, term] = known
        return known

    def _counted(self, field: str, term: str) -> int:
        """The number of documents tantivy reckons with: deleted ones count until they are merged away."""
        if self._documents is None:
            query = tantivy.Query.term_query(self._index.schema, field, term, index_option="freq")
            found = self._searcher.search(query, 1, count=False).hits
            if not found:
                return int(self._searcher.num_docs)
            told = json.loads(query.explain(self._searcher, found[0][1]).to_json())
            self._documents = int(_detail(_detail(told, "idf"), "N,")["value"])
        return self._documents


def _detail(explained: Any, start: str) -> Any:
    return next(part for part in explained["details"] if part["description"].startswith(start))


def _idf(documents: int, frequency: int) -> float:
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def _mapped(path: Path, rows: int, width: int) -> Floats:
    if rows == 0:
        return np.zeros((0, width), dtype=np.float32)
    return np.memmap(path, dtype=np.float32, mode="r", shape=(rows, width))


class ShelfWriter:
    """Appends rows to a shelf; the caller holds the lock and vouches for ``rows`` rows."""

    def __init__(self, folder: Path, rows: int, dim: int, fields: int) -> None:
        self._folder = folder
        self.rows = rows
        (folder / "lexical").mkdir(parents=True, exist_ok=True)
        self._cut_back(rows, dim, fields)
        path = str(folder / "lexical")
        index = tantivy.Index.open(path) if tantivy.Index.exists(path) else tantivy.Index(_schema(), path)
        self._writer = index.writer(_WRITER_BYTES, 1)

    def add(self, records: Sequence[ShelfRecord], vectors: Floats, fields: Floats) -> None:
        """Append ``records`` with their ``(n, dim)`` vectors and ``(n, fields)`` technology fields."""
        with (self._folder / "rows.txt").open("a", encoding="utf-8", newline="\n") as lines:
            for record in records:
                mark = _GONE if record.standing is None else _MARKS[record.standing]
                lines.write(f"{mark}\t{record.id}\n")
        for name, block in (("vectors.f32", vectors), ("fields.f32", fields)):
            with (self._folder / name).open("ab") as file:
                file.write(np.ascontiguousarray(block, dtype=np.float32).tobytes())
        for record in records:
            self._writer.delete_documents_by_term("key", record.id)
            if record.standing is not None:
                self._writer.add_document(_document(self.rows, record))
            self.rows += 1

    def commit(self) -> None:
        """Make the rows durable for search."""
        self._writer.commit()
        self._writer.wait_merging_threads()

    def _cut_back(self, rows: int, dim: int, fields: int) -> None:
        for name, width in (("vectors.f32", dim), ("fields.f32", fields)):
            path = self._folder / name
            with path.open("ab") as file:
                file.truncate(rows * width * np.dtype(np.float32).itemsize)
        path = self._folder / "rows.txt"
        kept: Iterable[str] = path.read_text(encoding="utf-8").split("\n")[:rows] if path.exists() else ()
        path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8", newline="\n")


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=False, indexed=False, fast=True)
    builder.add_text_field("key", stored=False, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(row: int, record: ShelfRecord) -> Any:
    document = tantivy.Document()
    document.add_unsigned("row", row)
    document.add_text("key", record.id)
    document.add_text("title", " ".join(search_terms(record.title)))
    # Of the body only pairs and whole words: single characters of long texts match everything.
    document.add_text("body", " ".join(content_bigrams(record.body)))
    return document
