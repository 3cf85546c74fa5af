"""One kind of market records made searchable: BM25 over title and body, vectors, technology fields.

Files of a shelf's folder: ``lexical/`` (BM25), ``rows.txt`` (one line a row: mark, tab, record id),
``vectors/`` ``(rows, dim)``, ``fields/`` ``(rows, fields)`` (:mod:`bot.search`). A changed record gets a new row; its
last row counts. Rows beyond the number that the index vouches for are what an interrupted update left,
and are cut off before the next one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.search.background import rarity, smoothed_idf
from bot.search.lexical import LexicalIndex, LexicalWriter, Term
from bot.search.vectors import Floats, Rows, VectorFile, VectorWriter, quantise
from bot.text.tokens import content_bigrams, search_terms
from bot.types import Standing

LEXICAL_FOLDER, VECTORS_FOLDER, FIELDS_FOLDER, ROWS_FILE = "lexical", "vectors", "fields", "rows.txt"
TITLE_FIELD, BODY_FIELD = "title", "body"
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
#: Rows that stand for a shelf where only what is usual on it is asked.
_SAMPLE = 1_000


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
        self._words = LexicalIndex(folder / LEXICAL_FOLDER)
        self.ids: list[str] = []
        marks: list[str] = []
        lines = (folder / ROWS_FILE).read_text(encoding="utf-8").split("\n") if rows else []
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
        self._vectors = VectorFile(folder / VECTORS_FOLDER, rows, dim)
        self._fields = VectorFile(folder / FIELDS_FOLDER, rows, fields)
        # What cannot be read is found out here, not in the middle of a match.
        self._words.frequency(Term(TITLE_FIELD, ""))

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
        terms, own = self._weighted(query)
        found = self._words.search(terms, limit, self._telling)
        # A row past the end belongs to an update that this reader does not see yet.
        seen = found.rows < self.rows
        scores[found.rows[seen]] = found.scores[seen]
        scores[~self._live] = 0
        return scores, own

    def rarity(self, term: str) -> float:
        """How rare ``term`` is: the logarithm of its inverse share, in general text or in the *other* records.

        The record that holds it does not make it common; the higher of both shares counts.
        """
        return rarity(term, len(self.row_of), max(self._in_title(term), self._in_body(term), 1) - 1)

    def cosine(self, vector: Floats, rows: Rows) -> Floats:
        """Cosine with ``rows``, in their order; ``vector`` is ``(dim,)`` and normalised."""
        return self._vectors.cosines(vector, rows)

    def sampled_cosines(self, vector: Floats) -> Floats:
        """Cosines with live rows spread evenly over the shelf, ``_SAMPLE`` of them at most."""
        rows = np.flatnonzero(self._live)
        if len(rows) > _SAMPLE:
            rows = rows[np.linspace(0, len(rows) - 1, _SAMPLE).astype(np.intp)]
        return self._vectors.cosines(vector, rows)

    def nearest(self, vector: Floats, k: int) -> Rows:
        """The ``k`` live rows nearest to ``vector``, in order of the rows."""
        cosines = np.where(self._live, self._vectors.cosines(vector), -np.inf)
        count = min(k, int(self._live.sum()))
        return np.sort(np.argpartition(-cosines, count - 1)[:count]) if count else np.zeros(0, dtype=np.intp)

    def field_likeness(self, vector: Floats, rows: Rows) -> Floats:
        """Cosine of technology fields with ``rows``, in their order."""
        return self._fields.cosines(vector, rows)

    def _weighted(self, query: TermQuery) -> tuple[dict[Term, float], float]:
        """The terms asked of either field with their weights, and the score that counts as one."""
        telling = {term: self._telling(Term(TITLE_FIELD, term)) for term in query.weights}
        own_all = sum(weight * telling[term] for term, weight in query.weights.items())
        own_title = sum(TITLE_WEIGHT * telling[term] for term in query.title_terms)
        heaviest = sorted(query.weights, key=lambda term: (-query.weights[term] * telling[term], term))
        in_title = [term for term in heaviest if self._in_title(term)][:_MAX_TERMS]
        in_body = [term for term in heaviest if self._in_body(term)][:_MAX_BODY_TERMS]
        terms = {Term(TITLE_FIELD, term): query.weights[term] for term in in_title}
        terms |= {Term(BODY_FIELD, term): query.weights[term] / TITLE_WEIGHT for term in in_body}
        # Between what the title alone and the whole text could score: a long description may add to a
        # score, but does not make everything look alike.
        return terms, math.sqrt(own_title * own_all) or 1.0

    def _telling(self, term: Term) -> float:
        return float(smoothed_idf(term.text, len(self.row_of), self._in_title(term.text)) ** IDF_POWER)

    def _in_title(self, term: str) -> int:
        return self._words.frequency(Term(TITLE_FIELD, term))

    def _in_body(self, term: str) -> int:
        # Single characters of bodies are not indexed.
        return self._words.frequency(Term(BODY_FIELD, term)) if len(term) > 1 else 0


class ShelfWriter:
    """Appends rows to a shelf; the caller holds the lock and vouches for ``rows`` rows."""

    def __init__(self, folder: Path, rows: int, dim: int, fields: int) -> None:
        self._folder = folder
        self.rows = rows
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / ROWS_FILE
        kept: Iterable[str] = path.read_text(encoding="utf-8").split("\n")[:rows] if path.exists() else ()
        path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8", newline="\n")
        self._vectors = VectorWriter(folder / VECTORS_FOLDER, dim, rows)
        self._fields = VectorWriter(folder / FIELDS_FOLDER, fields, rows)
        self._words = LexicalWriter(folder / LEXICAL_FOLDER, (TITLE_FIELD, BODY_FIELD))

    def add(self, records: Sequence[ShelfRecord], vectors: Floats, fields: Floats) -> None:
        """Append ``records`` with their ``(n, dim)`` vectors and ``(n, fields)`` technology fields."""
        with (self._folder / ROWS_FILE).open("a", encoding="utf-8", newline="\n") as lines:
            for record in records:
                mark = _GONE if record.standing is None else _MARKS[record.standing]
                lines.write(f"{mark}\t{record.id}\n")
        self._vectors.append(quantise(vectors))
        self._fields.append(quantise(fields))
        for record in records:
            self._words.remove(record.id)
            if record.standing is not None:
                # Of the body only pairs and whole words: single characters of long texts match everything.
                terms = {TITLE_FIELD: search_terms(record.title), BODY_FIELD: content_bigrams(record.body)}
                self._words.add(self.rows, record.id, terms)
            self.rows += 1

    def commit(self) -> None:
        """Make the rows durable for search; the writer is done with."""
        self._vectors.close()
        self._fields.close()
        self._words.commit()
