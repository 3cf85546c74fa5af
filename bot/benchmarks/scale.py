"""``python -m bot.benchmarks.scale [--passages N …] [--encode] [--folder DIR]``: speed, recall and memory by size.

Indexes of made-up documents and vectors are built by the real classes and searched by a process of their own (a
question's vector costs nothing there). Recall is that of the approximate dense leg against the exact one, whose
8-bit vectors alone cost it up to 0.006. ``--encode`` measures the real encoder as well, on made-up texts or those of
``DIR/documents.jsonl``. At last a cold ``bot ask --offline`` is set against ``import sentence_transformers``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

from bot.benchmarks.collections_on_disk import CACHE_FILE, read_jsonl
from bot.encoder import Floats, Passage, PassageVectors, load_embedder
from bot.encoder.embedder import unit_rows
from bot.index.draft import EMBEDDING_BLOCK, IndexDraft
from bot.index.layout import IndexLayout, VersionLayout
from bot.index.search_index import FILES_ONLY, SearchIndex
from bot.index.sentences import sentence_spans
from bot.ingestion import ingest
from bot.retrieval.retriever import Retriever
from bot.search.background import background_shares
from bot.settings import ENVIRONMENT_PREFIX, PROJECT_ROOT, ChromaSettings, EmbeddingSettings, load_settings
from bot.types import Chunk, Document, DocumentMetadata

SIZES = (1_000, 10_000, 100_000)
WARMING, SEARCHES, NEIGHBOURS = 100, 200, 10
SEED, MEGABYTE = 20250528, 1_000_000

#: What the encoder is measured with.
ENCODED_CHARACTERS, ENCODED_PASSAGES, WARMING_PASSAGES, ENCODED_QUESTIONS = 300, 192, 8, 100
#: As real policy documents are cut: 400 characters a passage, in 7 sentences, 4 passages a document.
PASSAGE_CHARACTERS, DOCUMENT_PASSAGES, TITLE_CHARACTERS = 400, 4, 16
#: A question of 20 characters, 12 of them those that its passage begins with.
KEY_CHARACTERS, QUESTION_CHARACTERS = 12, 20
_CLAUSE_WORDS, _SENTENCE_CLAUSES = 7, 4

DIMENSION = 384
#: Within a cluster vectors differ in a few directions only. So near passages lie at graded distances as those of
#: the real encoder do (intrinsic dimension about 12 there and here); with noise in all directions each passage of
#: a cluster is as near as the next.
CLUSTERS, DIRECTIONS, SPREAD = 200, 12, 1.2
#: Lengths of what is added to a passage's vector for a sentence of it, and for a question that it answers.
SENTENCE_NOISE, QUESTION_NOISE = 0.5, 0.8

#: The processors beyond this are not used by the encoder unless the settings say so.
_MOST_LANES = 8
COLD_QUESTION, COLD_ROUNDS = "技术合同认定登记需要哪些材料？", 3


@dataclass(frozen=True, slots=True)
class Encoding:
    """``passages`` of 300 characters took ``seconds`` in ``lanes``; one question took ``question_ms`` (median)."""

    passages: int
    lanes: int
    seconds: float
    question_ms: float


@dataclass(frozen=True, slots=True)
class Searching:
    """Warm searches in milliseconds, recall@10 (0–1), and the process' resident bytes before and after."""

    p50_ms: float
    p95_ms: float
    recall: float
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Bytes of an index on disk by part."""

    chroma: int
    passages: int
    sentences: int
    lexical: int
    sqlite: int


@dataclass(frozen=True, slots=True)
class Scale:
    """One size of an index: how many passages and documents it holds and what they cost."""

    passages: int
    documents: int
    build_seconds: float
    searching: Searching
    disk: DiskUse


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Seconds of whole processes, medians."""

    ask_seconds: float
    import_seconds: float


class MadeUpTexts:
    """Chinese text without meaning: two-character words, as frequent as in general text; the same at every run."""

    def __init__(self) -> None:
        shares = {term: share for term, share in background_shares().items() if len(term) == 2 and term[0] > "\u3400"}
        self._words = list(shares)
        self._weights = list(accumulate(shares.values()))

    def passage(self, number: int, characters: int = PASSAGE_CHARACTERS) -> str:
        """Passage ``number``, with commas and full stops."""
        words = self._choose(f"passage {number}", characters // 2)
        clauses = ["".join(words[start : start + _CLAUSE_WORDS]) for start in range(0, len(words), _CLAUSE_WORDS)]
        marks = ["，"] * (_SENTENCE_CLAUSES - 1) + ["。"]
        return "".join(clause + marks[place % len(marks)] for place, clause in enumerate(clauses))[:characters]

    def title(self, number: int) -> str:
        """Title of document ``number``."""
        return "".join(self._choose(f"title {number}", TITLE_CHARACTERS // 2))

    def question(self, number: int) -> str:
        """A question about passage ``number``: its beginning, and words of no passage in particular."""
        others = self._choose(f"question {number}", (QUESTION_CHARACTERS - KEY_CHARACTERS) // 2)
        return self.passage(number)[:KEY_CHARACTERS] + "".join(others)

    def documents(self, passages: int) -> Iterator[tuple[Document, list[Chunk]]]:
        """Documents that hold ``passages`` passages in all."""
        for number, first in enumerate(range(0, passages, DOCUMENT_PASSAGES)):
            texts = [self.passage(each) for each in range(first, min(first + DOCUMENT_PASSAGES, passages))]
            name, whole = f"{number:06}.txt", "\n".join(texts)
            document = Document(name, whole, _digest(whole).hex(), DocumentMetadata(self.title(number)))
            yield document, _chunks(name, texts)

    def _choose(self, seed: str, count: int) -> list[str]:
        return random.Random(f"{SEED} {seed}").choices(self._words, cum_weights=self._weights, k=count)


class MadeUpEmbedder:
    """Vectors around cluster centres: a text's beginning decides where, and a question lies near its passage."""

    fingerprint = "made-up"
    dimension = DIMENSION

    def __init__(self) -> None:
        generator = np.random.default_rng(SEED)
        self._centres = _unit_noise(generator, CLUSTERS)
        self._directions = _unit_noise(generator, DIRECTIONS)

    def embed_query(self, text: str) -> Floats:
        """``(dimension,)``, length 1."""
        noise = _unit_noise(np.random.default_rng(list(_digest(text))), 1)
        vector: Floats = unit_rows(self._placed(text) + QUESTION_NOISE * noise)[0]
        return vector

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of passages and of their sentences, which scatter around the passage's."""
        found: list[PassageVectors] = []
        for passage in passages:
            vector = self._placed(passage.text)
            noise = _unit_noise(np.random.default_rng(list(_digest(passage.text))), len(passage.sentences))
            found.append(PassageVectors(vector, unit_rows(vector + SENTENCE_NOISE * noise)))
        return found

    def _placed(self, text: str) -> Floats:
        generator = np.random.default_rng(list(_digest(text[:KEY_CHARACTERS])))
        centre = self._centres[generator.integers(CLUSTERS)]
        place = generator.standard_normal(DIRECTIONS, dtype=np.float32)
        offset = (place[:, None] * self._directions).sum(axis=0) * np.float32(SPREAD / DIRECTIONS**0.5)
        vector: Floats = unit_rows((centre + offset)[None])[0]
        return vector


def measure_encoding(settings: EmbeddingSettings, folder: Path | None, passages: int = ENCODED_PASSAGES) -> Encoding:
    """Encode ``passages`` with their sentences, in blocks as an ingest does, and then questions one by one."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    lanes = settings.threads or min(processors, _MOST_LANES)
    embedder = load_embedder(settings.model_copy(update={"threads": lanes}))
    texts = _encoded_texts(folder, passages + WARMING_PASSAGES)
    made = [Passage("", text, sentence_spans(text)) for text in texts]
    embedder.embed_passages(made[:WARMING_PASSAGES])
    measured = made[WARMING_PASSAGES:]
    started = time.perf_counter()
    for start in range(0, len(measured), EMBEDDING_BLOCK):
        embedder.embed_passages(measured[start : start + EMBEDDING_BLOCK])
    seconds = time.perf_counter() - started
    spent = [_milliseconds(embedder.embed_query, text[:QUESTION_CHARACTERS]) for text in texts[:ENCODED_QUESTIONS]]
    return Encoding(len(measured), lanes, seconds, float(np.median(spent)))


def measure_scale(passages: int, searches: int = SEARCHES, warming: int = WARMING) -> Scale:
    """Build an index of ``passages`` in a temporary folder and search it from another process."""
    texts = MadeUpTexts()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as data:
        layout = IndexLayout(Path(data))
        started = time.perf_counter()
        number = build(layout, texts, passages)
        seconds = time.perf_counter() - started
        searching = _searched_elsewhere(Path(data), searches, warming)
        index = SearchIndex.open(Path(data))
        documents, held = len(index.document_ids), index.chunk_count
        index.close()
        return Scale(held, documents, seconds, searching, disk_use(layout.version(number)))


def build(layout: IndexLayout, texts: MadeUpTexts, passages: int, chroma: ChromaSettings = FILES_ONLY) -> int:
    """Publish a version of ``passages`` made-up passages; its number."""
    with layout.writing():
        draft = IndexDraft(layout, layout.next_version(), None, chroma)
        draft.begin(keep_rows=False)
        for document, chunks in texts.documents(passages):
            draft.put(document, chunks)
        embedder = MadeUpEmbedder()
        draft.finish(embedder, model=embedder.fingerprint, keep_vectors=False, progress=lambda *_: None)
        draft.publish(None)
    return draft.number


def measure_searching(data: Path, searches: int, warming: int) -> Searching:
    """Search the index below ``data``; memory is told of this process."""
    texts, embedder = MadeUpTexts(), MadeUpEmbedder()
    before = resident_bytes()
    index = SearchIndex.open(data)
    chosen = random.Random(SEED).sample(range(index.chunk_count), warming + searches)
    # All different: a retriever remembers the evidence of a question.
    questions = [texts.question(each) for each in chosen]
    retriever = Retriever(index, embedder)
    for question in questions[:warming]:
        retriever.evidence(question)
    after = resident_bytes()
    spent = [_milliseconds(retriever.evidence, question) for question in questions[warming:]]
    recalls = [_recall(index, embedder.embed_query(question)) for question in questions[warming:]]
    half, most = np.percentile(spent, [50, 95])
    index.close()
    return Searching(float(half), float(most), float(np.mean(recalls)), before, after)


def measure_cold_start(rounds: int = COLD_ROUNDS) -> ColdStart:
    """Start both processes in turns, once more than ``rounds``: the first time only brings files to memory."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as data:
        cache = Path(tempfile.gettempdir()) / CACHE_FILE
        corpus = PROJECT_ROOT / "corpus"
        ingest(load_settings(environment={}, corpus_dir=corpus, data_dir=Path(data), embedding_cache=cache))
        asked: list[float] = []
        imported: list[float] = []
        for _ in range(rounds + 1):
            asked.append(_process_seconds("-m", "bot", "ask", "--offline", "--data", data, COLD_QUESTION))
            imported.append(_process_seconds("-c", "import sentence_transformers"))
    return ColdStart(float(np.median(asked[1:])), float(np.median(imported[1:])))


def resident_bytes() -> int:
    """Memory of this process as it is now; where the system does not tell that, the most it ever was."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(each for each in status.read_text(encoding="ascii").splitlines() if each.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def disk_use(version: VersionLayout) -> DiskUse:
    """Sizes of a version's parts."""
    return DiskUse(
        chroma=_folder_bytes(version.chroma),
        passages=_folder_bytes(version.passages),
        sentences=_folder_bytes(version.sentences),
        lexical=_folder_bytes(version.lexical_chunks) + _folder_bytes(version.lexical_documents),
        sqlite=version.documents.stat().st_size,
    )


def main() -> None:
    """Print one line per figure, or what another process of this benchmark asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="*", default=SIZES, help="sizes of the index")
    parser.add_argument("--encode", action="store_true", help="measure the encoder too")
    parser.add_argument("--folder", type=Path, help="folder with documents.jsonl: measure the encoder on its texts")
    parser.add_argument("--search-in", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--searches", type=int, default=SEARCHES, help=argparse.SUPPRESS)
    parser.add_argument("--warming", type=int, default=WARMING, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.search_in:
        _told(json.dumps(asdict(measure_searching(options.search_in, options.searches, options.warming))))
        return
    if options.encode or options.folder:
        _told_encoding(measure_encoding(load_settings().embedding, options.folder))
    for size in options.passages:
        _told_scale(measure_scale(size))
    cold = measure_cold_start()
    _told(f"cold ask --offline: {cold.ask_seconds:.2f} s")
    _told(f"import sentence_transformers: {cold.import_seconds:.2f} s")
    _told(f"ratio: {cold.ask_seconds / cold.import_seconds:.2f}")


def _told_encoding(found: Encoding) -> None:
    speed = found.passages / found.seconds
    _told(f"encoding: {speed:.1f} passages of {ENCODED_CHARACTERS} characters a second in {found.lanes} lanes")
    _told(f"encoding: {found.question_ms:.1f} ms a question (p50)")


def _told_scale(found: Scale) -> None:
    name, searching = f"{found.passages} passages", found.searching
    _told(f"{name}: {found.documents} documents")
    _told(f"{name}: build {found.build_seconds:.1f} s")
    _told(f"{name}: search p50 {searching.p50_ms:.1f} ms")
    _told(f"{name}: search p95 {searching.p95_ms:.1f} ms")
    _told(f"{name}: dense recall@{NEIGHBOURS} {searching.recall:.4f}")
    _told(f"{name}: memory before opening {searching.bytes_before / MEGABYTE:.0f} MB")
    _told(f"{name}: memory after {WARMING} searches {searching.bytes_after / MEGABYTE:.0f} MB")
    for part, size in asdict(found.disk).items():
        _told(f"{name}: {part} on disk {size / MEGABYTE:.1f} MB")


def _told(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _encoded_texts(folder: Path | None, count: int) -> list[str]:
    """At most ``count`` texts of 300 characters."""
    if folder is None:
        texts = MadeUpTexts()
        return [texts.passage(number, ENCODED_CHARACTERS) for number in range(count)]
    found: list[str] = []
    for item in read_jsonl(folder / "documents.jsonl"):
        bare = "".join(str(item["text"]).split())
        for start in range(0, len(bare) - ENCODED_CHARACTERS + 1, ENCODED_CHARACTERS):
            found.append(bare[start : start + ENCODED_CHARACTERS])
        if len(found) >= count:
            break
    return found[:count]


def _chunks(document_id: str, texts: Sequence[str]) -> list[Chunk]:
    """``texts`` as passages of a document where they stand on lines of their own."""
    chunks: list[Chunk] = []
    start = 0
    for ordinal, text in enumerate(texts):
        chunks.append(Chunk(_digest(text).hex(), document_id, ordinal, (), start, start + len(text), text))
        start += len(text) + 1
    return chunks


def _searched_elsewhere(data: Path, searches: int, warming: int) -> Searching:
    """By a fresh process: its memory holds nothing that the build left behind."""
    options = ("--search-in", str(data), "--searches", str(searches), "--warming", str(warming))
    command = [sys.executable, "-m", "bot.benchmarks.scale", *options]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=PROJECT_ROOT, encoding="utf-8")
    return Searching(**json.loads(done.stdout))


def _milliseconds(work: Callable[[str], object], text: str) -> float:
    started = time.perf_counter()
    work(text)
    return (time.perf_counter() - started) * 1000


def _process_seconds(*arguments: str) -> float:
    own = {name: value for name, value in os.environ.items() if not name.startswith(ENVIRONMENT_PREFIX)}
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=PROJECT_ROOT, env=own)
    return time.perf_counter() - started


def _recall(index: SearchIndex, vector: Floats) -> float:
    """The share of the exactly nearest passages that the dense leg finds among as many."""
    exact = np.argsort(-index.cosines(vector), kind="stable")[:NEIGHBOURS]
    found = index.dense(vector, NEIGHBOURS).rows
    return len(np.intersect1d(exact, found)) / len(exact)


def _folder_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()[:16]


def _unit_noise(generator: np.random.Generator, rows: int) -> Floats:
    return unit_rows(generator.standard_normal((rows, DIMENSION), dtype=np.float32))


if __name__ == "__main__":
    main()
