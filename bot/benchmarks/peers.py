"""``python -m bot.benchmarks.peers [--documents N …] [--rounds N]``: beside LangChain's parts, same encoder.

*Finding*: the cases of the project's own collections that say which words an answer must hold. Ours is the retriever;
theirs is ``RecursiveCharacterTextSplitter`` (1,000 characters, 200 shared) with ``Chroma.as_retriever``. Told is
whether all those words stand together in one of the first five passages, and, since theirs are longer, within the
first 1,500 characters shown.
*Reading in*: made-up documents, through our whole ingest (which asks up to 180 sample questions), encoded alone, and
encoded and upserted into a bare Chroma collection; told as ratios of the shortest of ``--rounds`` times each, caches
off. Theirs must be installed: ``pip install langchain-chroma langchain-text-splitters``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings

from bot.benchmarks.own_cases import CASES, COLLECTIONS
from bot.encoder import Embedder, Passage, load_embedder
from bot.evaluation.cases import Case, load_cases
from bot.index.search_index import SearchIndex
from bot.index.sentences import sentence_spans
from bot.ingestion import ingest
from bot.retrieval.encoder import query_encoder
from bot.retrieval.retriever import Retriever
from bot.settings import EmbeddingSettings, Settings, load_settings

#: Passages looked at, and characters.
FIRST, CHARACTERS = 5, 1_500
#: As LangChain's own retrieval tutorial cuts.
CHUNK_SIZE, CHUNK_OVERLAP = 1_000, 200
SEED = 20250528
#: Case files that ask for partners, of whom cards tell and not passages.
_OF_CARDS = "partners"
_WORDS = (
    "企业",
    "项目",
    "支持",
    "资金",
    "申报",
    "技术",
    "成果",
    "转化",
    "平台",
    "人才",
    "补贴",
    "标准",
    "服务",
    "机构",
)


@dataclass(frozen=True, slots=True)
class Found:
    """Of ``asked`` questions so many had their words in one of the first passages, and in the first characters."""

    asked: int
    passages: int
    characters: int


Search = Callable[[str], Sequence[str]]


class SameEncoder(Embeddings):
    """Our encoder as LangChain calls one: a text is a passage without heading or sentences."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text."""
        vectors = self._embedder.embed_passages([Passage("", text) for text in texts])
        return [[float(value) for value in each.passage] for each in vectors]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return [float(value) for value in self._embedder.embed_query(text)]


def judged(cases: Iterable[Case], search: Search) -> Found:
    """How often ``search`` finds the words an answer must hold, white space aside."""
    asked = passages = characters = 0
    for case in cases:
        words = [_bare(each) for each in (case.expect.quote, *case.expect.contains_all) if each]
        texts = [_bare(text) for text in search(case.question)]
        asked += 1
        passages += any(all(word in text for word in words) for text in texts)
        shown = "\n".join(texts)[:CHARACTERS]
        characters += all(word in shown for word in words)
    return Found(asked, passages, characters)


def _asks_for_words(case: Case) -> bool:
    told = case.expect.quote or case.expect.contains_all
    return bool(told) and not case.expect.abstained and not case.history


def our_search(settings: Settings) -> Search:
    """The retriever over an index built anew."""
    ingest(settings)
    index = SearchIndex.open(settings.data_dir)
    retriever = Retriever(index, query_encoder(index, settings.embedding))
    return lambda question: [hit.chunk.text for hit in retriever.search(question, FIRST)]


def their_search(settings: Settings, folder: Path) -> Search:
    """LangChain's splitter and Chroma retriever over the same clean texts."""
    from langchain_chroma import Chroma
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    index = SearchIndex.open(settings.data_dir)
    documents = [LangChainDocument(index.document(name).text) for name in index.document_ids]
    index.close()
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP)
    store = Chroma.from_documents(
        splitter.split_documents(documents),
        SameEncoder(load_embedder(settings.embedding)),
        persist_directory=str(folder),
    )
    retriever = store.as_retriever(search_kwargs={"k": FIRST})
    return lambda question: [document.page_content for document in retriever.invoke(question)]


def finding() -> dict[str, dict[str, object]]:
    """Ours and theirs over all collections together."""
    totals = {"ours": [0, 0, 0], "theirs": [0, 0, 0]}
    for corpus, names in COLLECTIONS:
        files = [CASES / name for name in names if not name.startswith(_OF_CARDS)]
        cases = [case for file in files for case in load_cases(file) if _asks_for_words(case)]
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            settings = load_settings(environment={}, corpus_dir=corpus, data_dir=Path(folder) / "data")
            searches = {"ours": our_search(settings), "theirs": their_search(settings, Path(folder) / "theirs")}
            for name, search in searches.items():
                found = judged(cases, search)
                for place, value in enumerate((found.asked, found.passages, found.characters)):
                    totals[name][place] += value
    return {
        name: {"questions": asked, "in_first_5": passages, "in_first_1500_characters": characters}
        for name, (asked, passages, characters) in totals.items()
    }


def reading_in(documents: int, rounds: int) -> dict[str, object]:
    """Ratios of our whole ingest to encoding alone, and to encoding with bare upserts."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, text in enumerate(_made_up(documents)):
            (corpus / f"{number:05}.txt").write_text(text, encoding="utf-8")
        embedder = load_embedder(EmbeddingSettings())
        times: dict[str, list[float]] = {"ours": [], "encoded": [], "upserted": []}
        passages: list[Passage] = []
        for turn in range(rounds):
            settings = load_settings(environment={}, corpus_dir=corpus, data_dir=Path(folder) / f"data{turn}")
            times["ours"].append(_seconds(partial(ingest, settings)))
            passages = passages or _passages_of(settings)
            times["encoded"].append(_seconds(partial(embedder.embed_passages, passages)))
            bare = Path(folder) / f"bare{turn}"
            times["upserted"].append(_seconds(partial(_upsert, embedder, passages, bare)))
    ours = min(times["ours"])
    return {
        "passages": len(passages),
        "to_encoding": round(ours / min(times["encoded"]), 2),
        "to_encoding_and_upserts": round(ours / min(times["upserted"]), 2),
        "seconds": {name: [round(each, 1) for each in seconds] for name, seconds in times.items()},
    }


def _passages_of(settings: Settings) -> list[Passage]:
    index = SearchIndex.open(settings.data_dir)
    chunks = [chunk for name in index.document_ids for chunk in index.chunks_of(name)]
    index.close()
    return [Passage("", chunk.text, sentence_spans(chunk.text)) for chunk in chunks]


def _upsert(embedder: Embedder, passages: Sequence[Passage], folder: Path) -> None:
    from langchain_chroma import Chroma

    vectors = embedder.embed_passages(passages)
    store = Chroma(persist_directory=str(folder))
    # The collection itself: without an embedding function of its own, as our index uses it.
    collection = store._collection
    for start in range(0, len(passages), 64):
        block = vectors[start : start + 64]
        names = [str(number) for number in range(start, start + len(block))]
        collection.upsert(ids=names, embeddings=np.stack([each.passage for each in block]))


def _made_up(documents: int) -> Iterable[str]:
    chance = random.Random(SEED)
    for number in range(documents):
        sections = (
            f"{mark}、{''.join(chance.choices(_WORDS, k=3))}\n\n"
            + "".join(f"{''.join(chance.choices(_WORDS, k=10))}，{chance.randint(1, 900)}万元。" for _ in range(16))
            for mark in "一二三四"
        )
        yield f"示例办法第{number}号\n\n" + "\n\n".join(sections) + "\n"


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _bare(text: str) -> str:
    return "".join(text.split())


def main() -> None:
    """Print one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="*", default=[60], help="made-up documents to read in")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    for name, figures in finding().items():
        sys.stdout.write(json.dumps({"finding": name, **figures}) + "\n")
    for documents in options.documents:
        sys.stdout.write(json.dumps({"reading_in": reading_in(documents, options.rounds)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
