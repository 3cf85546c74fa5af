"""The lexical leg: BM25 (k1 = 1.2, b = 0.75) of tantivy over terms that are cut beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import SearchIndexError
from bot.index.layout import REMEDY
from bot.index.records import ScoredId

if TYPE_CHECKING:
    import tantivy

_ID = "id"
_TERMS = "terms"
#: Longer runs are no words (encoded data, rules of dashes).
_LONGEST_TERM = 64
_WRITER_BYTES = 64_000_000
_FREQUENCIES = "freq"


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """What is indexed under one id: its terms in text order."""

    id: str
    terms: Sequence[str]


def build_lexical(folder: Path, entries: Iterable[LexicalEntry]) -> None:
    """Write a new BM25 index into ``folder``."""
    import tantivy

    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder))
    # One thread writes one segment in the given order: the same input gives the same index.
    writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
    for entry in entries:
        document = tantivy.Document()
        document.add_text(_ID, entry.id)
        document.add_text(_TERMS, " ".join(term for term in entry.terms if len(term) <= _LONGEST_TERM))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class LexicalIndex:
    """A BM25 index opened for reading; the first use opens it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index: tantivy.Index | None = None
        self._searcher: tantivy.Searcher | None = None

    def search(self, terms: Mapping[str, float], k: int) -> tuple[ScoredId, ...]:
        """The best ``k`` by the sum of weight × BM25 over ``terms``, best first; zero weights aside."""
        import tantivy

        searcher = self._open()
        assert self._index is not None
        schema = self._index.schema
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(tantivy.Query.term_query(schema, _TERMS, term, _FREQUENCIES), weight),
            )
            for term, weight in terms.items()
            if weight > 0 and len(term) <= _LONGEST_TERM
        ]
        if not clauses or k <= 0:
            return ()
        found = searcher.search(tantivy.Query.boolean_query(clauses), k, count=False)
        return tuple(ScoredId(str(searcher.doc(address).get_first(_ID)), float(score)) for score, address in found.hits)

    def document_frequency(self, term: str) -> int:
        """In how many entries ``term`` stands."""
        return int(self._open().doc_freq(_TERMS, term))

    def close(self) -> None:
        """Give the files back; a later use opens them again."""
        self._searcher = None
        self._index = None

    def _open(self) -> tantivy.Searcher:
        if self._searcher is None:
            import tantivy

            try:
                index = tantivy.Index.open(str(self._folder))
                self._index, self._searcher = index, index.searcher()
            except ValueError as error:
                raise SearchIndexError(
                    "索引打不开", value=self._folder, tried=str(error), remedy=f"{REMEDY} --rebuild"
                ) from error
        return self._searcher


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(_TERMS, stored=False, tokenizer_name="whitespace", index_option=_FREQUENCIES)
    return builder.build()
