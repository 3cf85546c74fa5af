"""How common words are in general Chinese technical and news text: the prior of the records' own idf.

A market with ten records cannot tell 技术 from 锂电池 by its own counts. So the shelf counts as if
:data:`PRIOR_RECORDS` records of general text stood beside those on file; with thousands on file the
prior fades. ``background.tsv`` holds the terms that stand in at least one of five thousand clauses; it was
counted from public paper abstracts and news, each kind counting half, by
``python -m bot.search.background FOLDER``.
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

from bot.search.idf import bm25_idf
from bot.text.tokens import search_terms

FILE = Path(__file__).resolve().parent / "background.tsv"
#: Measured on the development half: 0 to 1,000 differ by less than one standard error; a prior is needed
#: for small markets, and this one serves from the first record on.
PRIOR_RECORDS = 300
#: Terms in fewer clauses than this share are not listed. What tells one field from another (废水, 光伏, 注塑)
#: lies between this and one in a thousand; 1e-4 to 1e-3 make no difference to the ranking.
MINIMUM_SHARE = 2e-4
#: What an unlisted term is taken to be: half the smallest listed share.
_UNLISTED = MINIMUM_SHARE / 2
#: The beginning of an article tells its subject; the rest repeats it.
_NEWS_CLAUSES = 12
_CLAUSE = re.compile(r"[，。；！？,;!?\n：:]")
_CLAUSE_LENGTH = range(6, 41)


@functools.cache
def background_shares(path: Path = FILE) -> Mapping[str, float]:
    """Share of clauses, 0–1, that a term stands in."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {term: float(share) for term, _, share in (line.partition("\t") for line in lines)}


def background_share(term: str) -> float:
    """How common ``term`` is in general text; an unlisted one counts as half as common as the rarest listed."""
    return background_shares().get(term, _UNLISTED)


def is_listed(term: str) -> bool:
    """Whether general text uses ``term`` at all often; what it hardly ever uses is lay wording, or a name."""
    return term in background_shares()


@functools.cache
def background_idf(term: str) -> float:
    """How telling ``term`` is in general text: about 1 for the commonest, 9.2 for an unlisted one."""
    return math.log(1 + 1 / background_share(term))


def smoothed_idf(term: str, records: int, frequency: int) -> float:
    """BM25's idf of ``term`` with ``frequency`` of ``records`` on file and the prior beside them."""
    total = records + PRIOR_RECORDS
    count = frequency + PRIOR_RECORDS * background_shares().get(term, 0.0)
    return bm25_idf(total, count)


def rarity(term: str, records: int, others: int) -> float:
    """How rare ``term`` is where ``others`` of ``records`` on file hold it: ln of its inverse share.

    The higher of two shares counts, in general text and among the records with the prior beside them: a
    word of everyday speech tells nothing, even where no record happens to use it.
    """
    share = background_share(term)
    on_file = (PRIOR_RECORDS * share + others) / (PRIOR_RECORDS + records)
    return -math.log(min(1.0, max(share, on_file)))


def _paper_clauses(folder: Path) -> Iterator[str]:
    for line in _lines(folder / "papers.jsonl.gz"):
        paper = json.loads(line)
        yield paper["title"]
        yield from _split(paper["abstract"])


def _news_clauses(folder: Path) -> Iterator[str]:
    for line in _lines(folder / "news.jsonl.gz"):
        yield from _split(json.loads(line)["text"])[:_NEWS_CLAUSES]


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from file


def _split(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(text) if len(clause) in _CLAUSE_LENGTH]


def _shares(clauses: Iterator[str]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    total = 0
    for clause in clauses:
        counts.update(set(search_terms(clause)))
        total += 1
    return {term: count / max(total, 1) for term, count in counts.items()}


def build(folder: Path, path: Path = FILE) -> int:
    """Count the texts of ``folder`` and write the table; returns the number of terms listed."""
    papers, news = _shares(_paper_clauses(folder)), _shares(_news_clauses(folder))
    # News would outweigh the abstracts by far: each kind counts half.
    shares = {term: (papers.get(term, 0.0) + news.get(term, 0.0)) / 2 for term in papers.keys() | news.keys()}
    listed = sorted(term for term, share in shares.items() if share >= MINIMUM_SHARE)
    path.write_text("".join(f"{term}\t{shares[term]:.6f}\n" for term in listed), encoding="utf-8")
    return len(listed)


if __name__ == "__main__":
    sys.stdout.write(f"{build(Path(sys.argv[1]))} terms\n")
