"""How common words are in general Chinese technical and news text: the prior of the records' own idf.

A market with ten records cannot tell 技术 from 锂电池 by its own counts. So the shelf counts as if
:data:`PRIOR_RECORDS` records of general text stood beside those on file; with thousands on file the
prior fades. ``background.tsv`` holds the terms that stand in at least one of a thousand clauses; it was
counted from public paper abstracts and news by ``python -m bot.market.background FOLDER``.
"""

from __future__ import annotations

import functools
import gzip
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.text.tokens import search_terms

FILE = Path(__file__).resolve().parent / "background.tsv"
#: Measured on the development half: 0 to 1,000 differ by less than one standard error; a prior is needed
#: for small markets, and this one serves from the first record on.
PRIOR_RECORDS = 300
#: Terms in fewer clauses than this share are not listed.
MINIMUM_SHARE = 1e-3
#: What an unlisted term is taken to be: half the smallest listed share.
_UNLISTED = MINIMUM_SHARE / 2
#: The news would outweigh the abstracts: every twelfth article, its first twelve clauses.
_NEWS_STEP, _NEWS_CLAUSES = 12, 12
_CLAUSE = re.compile(r"[，。；！？,;!?\n：:]")
_CLAUSE_LENGTH = range(6, 41)


@functools.cache
def background_shares(path: Path = FILE) -> Mapping[str, float]:
    """Share of clauses, 0–1, that a term stands in."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {term: float(share) for term, _, share in (line.partition("\t") for line in lines)}


@functools.cache
def background_idf(term: str) -> float:
    """How telling ``term`` is in general text: about 1 for the commonest, 7.6 for an unlisted one."""
    return math.log(1 + 1 / background_shares().get(term, _UNLISTED))


def smoothed_idf(term: str, records: int, frequency: int) -> float:
    """BM25's idf of ``term`` with ``frequency`` of ``records`` on file and the prior beside them."""
    total = records + PRIOR_RECORDS
    count = frequency + PRIOR_RECORDS * background_shares().get(term, 0.0)
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def _clauses(folder: Path) -> Iterator[str]:
    for line in _lines(folder / "papers.jsonl.gz"):
        paper = json.loads(line)
        yield paper["title"]
        yield from _split(paper["abstract"])
    for number, line in enumerate(_lines(folder / "news.jsonl.gz")):
        if number % _NEWS_STEP == 0:
            yield from _split(json.loads(line)["text"])[:_NEWS_CLAUSES]


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from file


def _split(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(text) if len(clause) in _CLAUSE_LENGTH]


def build(folder: Path, path: Path = FILE) -> int:
    """Count the texts of ``folder`` and write the table; returns the number of terms listed."""
    counts: Counter[str] = Counter()
    clauses = 0
    for clause in _clauses(folder):
        counts.update(set(search_terms(clause)))
        clauses += 1
    listed = sorted((term for term, count in counts.items() if count >= MINIMUM_SHARE * clauses))
    path.write_text("".join(f"{term}\t{counts[term] / clauses:.5f}\n" for term in listed), encoding="utf-8")
    return len(listed)


if __name__ == "__main__":
    sys.stdout.write(f"{build(Path(sys.argv[1]))} terms\n")
