"""BM25 over pre-tokenised search terms, by tantivy: chunks and whole documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WRITER_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class ScoredKey:
    """A chunk id or document id with its score."""

    key: str
    score: float


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A key with the search terms of its text, in order."""

    key: str
    terms: tuple[str, ...]


def write_lexical(folder: Path, entries: Iterable[TermEntry]) -> None:
    """Write a new lexical index into an empty folder."""
    import tantivy

    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(_WRITER_BYTES, 1)
    for entry in entries:
        writer.add_document(tantivy.Document(key=[entry.key], terms=[" ".join(entry.terms)]))
    writer.commit()
    writer.wait_merging_threads()


class LexicalIndex:
    """Term queries over one written folder; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self._tantivy = tantivy

    def search(self, terms: Mapping[str, float], k: int) -> tuple[ScoredKey, ...]:
        """The best ``k`` keys by the weighted sum of BM25 term scores."""
        if not terms or k < 1 or self._searcher.num_docs == 0:
            return ()
        schema = self._index.schema
        tantivy = self._tantivy
        clauses = []
        for term, weight in terms.items():
            query = tantivy.Query.term_query(schema, "terms", term, index_option="freq")
            if weight != 1.0:
                query = tantivy.Query.boost_query(query, weight)
            clauses.append((tantivy.Occur.Should, query))
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), limit=k, count=False).hits
        return tuple(ScoredKey(self._key(address), float(score)) for score, address in found)

    def document_frequency(self, term: str) -> int:
        """In how many entries ``term`` stands."""
        return int(self._searcher.doc_freq("terms", term))

    def _key(self, address: Any) -> str:
        return str(self._searcher.doc(address)["key"][0])


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
