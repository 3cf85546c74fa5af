"""One kind of market records made searchable: BM25 over title and body, vectors, technology fields.

Files of a shelf's folder: ``lexical/`` (tantivy), ``rows.txt`` (one line a row: mark, tab, record id),
``vectors.f32`` ``(rows, dim)``, ``fields.f32`` ``(rows, fields)``. A changed record gets a new row; its
last row counts. Rows beyond the number that the index vouches for are what an interrupted update left,
and are cut off before the next one.
"""

from __future__ import annotations

import heapq
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

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


class _Term(NamedTuple):
    """What is asked of a term again and again: counts, squared idf, and its queries by field.

    A boost of one in ``factors`` makes tantivy add just the squared idf: its own idf, which knows no prior,
    is taken out.
    """

    in_title: int
    in_body: int
    idf: float
    idf_power: float
    title: tuple[Any, float] | None
    body: tuple[Any, float] | None


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
        self._known: dict[str, _Term] = {}
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

    def rarity(self, term: str) -> float:
        """How rare ``term`` is: the logarithm of its inverse share, in general text or in the *other* records.

        The record that holds it does not make it common; the higher of both shares counts.
        """
        known = self._term(term)
        return rarity(term, len(self.row_of), max(known.in_title, known.in_body, 1) - 1)

    def cosine(self, vector: Floats, rows: Rows) -> Floats:
        """Cosine with ``rows``, in their order; ``vector`` is ``(dim,)`` and normalised."""
        return _products(self._vectors, vector, rows)

    def field_likeness(self, vector: Floats, rows: Rows) -> Floats:
        """Cosine of technology fields with ``rows``, in their order."""
        return _products(self._fields, vector, rows)

    def _clauses(self, query: TermQuery) -> tuple[list[tuple[Any, Any]], float]:
        title: list[tuple[float, int, Any]] = []
        body: list[tuple[float, int, Any]] = []
        own_title = own_all = 0.0
        for number, (term, weight) in enumerate(query.weights.items()):
            known = self._term(term)
            own_all += weight * known.idf_power
            if term in query.title_terms:
                own_title += TITLE_WEIGHT * known.idf_power
            # ``number`` keeps the order of equals and queries from being compared.
            if known.title is not None:
                title.append((weight * known.title[1], number, known.title[0]))
            if known.body is not None:
                body.append((weight * known.body[1] / TITLE_WEIGHT, number, known.body[0]))
        if len(title) > _MAX_TERMS:
            title = heapq.nlargest(_MAX_TERMS, title)
        if len(body) > _MAX_BODY_TERMS:
            body = heapq.nlargest(_MAX_BODY_TERMS, body)
        should, boosted = tantivy.Occur.Should, tantivy.Query.boost_query
        clauses = [(should, boosted(each, boost)) for boost, _, each in (*title, *body) if boost > 0]
        # Between what the title alone and the whole text could score: a long description may add to a
        # score, but does not make everything look alike.
        return clauses, math.sqrt(own_title * own_all) or 1.0

    def _term(self, term: str) -> _Term:
        known = self._known.get(term)
        if known is None:
            known = self._looked_up(term)
            if len(self._known) < _MOST_CACHED:
                self._known[term] = known
        return known

    def _looked_up(self, term: str) -> _Term:
        in_title = int(self._searcher.doc_freq("title", term))
        # Single characters of bodies are not indexed.
        in_body = int(self._searcher.doc_freq("body", term)) if len(term) > 1 else 0
        idf = smoothed_idf(term, len(self.row_of), in_title)
        asked = [
            (self._query(field, term), idf**IDF_POWER / _idf(max(self._counted(field, term), count), count))
            if count
            else None
            for field, count in (("title", in_title), ("body", in_body))
        ]
        return _Term(in_title, in_body, idf, idf**IDF_POWER, asked[0], asked[1])

    def _query(self, field: str, term: str) -> Any:
        return tantivy.Query.term_query(self._index.schema, field, term, index_option="freq")

    def _counted(self, field: str, term: str) -> int:
        """The number of documents tantivy reckons with: deleted ones count until they are merged away."""
        if self._documents is None:
            query = self._query(field, term)
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


def _products(matrix: Floats, vector: Floats, rows: Rows) -> Floats:
    if len(rows) == len(matrix):
        return np.asarray(matrix @ vector, dtype=np.float32)
    # Not ``@``: BLAS would start all its threads, and let them spin, for a few hundred rows.
    return np.asarray(np.einsum("ij,j->i", matrix[rows], vector), dtype=np.float32)


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
