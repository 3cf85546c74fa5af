"""``python -m bot.benchmarks.passages CASES.yaml NAME=CORPUS …``: is the passage that answers among the first?

A case is ``{id, corpus: NAME, question, document, quote}``, or ``documents`` and ``quotes`` where several do: it is
right when one of the first passages is of such a document and holds its quote.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import UsageError
from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.retrieval.encoder import query_encoder
from bot.retrieval.retriever import Retriever
from bot.settings import load_settings
from bot.types import Hit

FIRST = 3


@dataclass(frozen=True, slots=True)
class PassageCase:
    """A question with the documents that answer it, each with the words that do, white space removed."""

    id: str
    corpus: str
    question: str
    answers: tuple[tuple[str, str], ...]

    def found_in(self, hits: Iterable[Hit]) -> bool:
        """Whether one of ``hits`` answers."""
        shown = [(hit.chunk.document_id, _bare(hit.chunk.text)) for hit in hits]
        return any(name == document and quote in text for document, quote in self.answers for name, text in shown)


def read_passage_cases(path: Path) -> tuple[PassageCase, ...]:
    """The cases of ``path``. Raises :class:`UsageError` when they cannot be read."""
    try:
        return tuple(_case(item) for item in yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise UsageError("用例读不了", value=path, tried=str(error), remedy="写法见模块开头") from error


def _case(item: Mapping[str, object]) -> PassageCase:
    documents = item.get("documents") or [item["document"]]
    quotes = item.get("quotes") or [item["quote"]]
    assert isinstance(documents, list) and isinstance(quotes, list)
    pairs = zip(map(str, documents), (_bare(str(quote)) for quote in quotes), strict=True)
    return PassageCase(str(item["id"]), str(item["corpus"]), str(item["question"]), tuple(pairs))


def missed(cases: Sequence[PassageCase], corpora: Mapping[str, Path], first: int = FIRST) -> list[PassageCase]:
    """The cases whose passage is not among the ``first`` of their corpus, each corpus ingested anew."""
    found: list[PassageCase] = []
    for name, folder in corpora.items():
        with tempfile.TemporaryDirectory() as data:
            settings = load_settings(corpus_dir=folder, data_dir=Path(data))
            ingest(settings)
            index = SearchIndex.open(settings.data_dir)
            retriever = Retriever(index, query_encoder(index, settings.embedding))
            own = [case for case in cases if case.corpus == name]
            found += [case for case in own if not case.found_in(retriever.search(case.question, first))]
            index.close()
    return found


def _bare(text: str) -> str:
    return "".join(text.split())


def main() -> None:
    """Print the cases that are missed, and the share found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("corpora", nargs="+", help="NAME=FOLDER")
    options = parser.parse_args()
    corpora = {name: Path(folder) for name, _, folder in (each.partition("=") for each in options.corpora)}
    cases = [case for case in read_passage_cases(options.cases) if case.corpus in corpora]
    wrong = missed(cases, corpora)
    for case in wrong:
        sys.stdout.write(f"missed {case.id}  {case.question}\n")
    sys.stdout.write(f"{len(cases) - len(wrong)}/{len(cases)} answered among the first {FIRST} passages\n")


if __name__ == "__main__":
    main()
