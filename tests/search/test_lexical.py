"""BM25 over named fields against the formula."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from bot.search.idf import bm25_idf
from bot.search.lexical import LexicalIndex, LexicalWriter, Term

ROWS = [
    {"title": ["贷款", "贴息"], "body": ["企业", "贷款", "贷款", "期限"]},
    {"title": ["公寓"], "body": ["人才", "公寓", "租期"]},
    {"title": ["展会", "贷款"], "body": []},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    writer = LexicalWriter(tmp_path / "words", ("title", "body"))
    for row, terms in enumerate(ROWS):
        writer.add(row, f"key-{row}", terms)
    writer.commit()
    return tmp_path / "words"


def scores(index: LexicalIndex, terms: dict[Term, float], k: int = 9, **options: object) -> dict[int, float]:
    found = index.search(terms, k, **options)  # type: ignore[arg-type]
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)
    return dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True))


def by_formula(field: str, term: str, row: int, idf: float) -> float:
    # tantivy keeps lengths in a byte; they are exact as far as these go.
    lengths = [len(each[field]) for each in ROWS]
    frequency = ROWS[row][field].count(term)
    norm = 0.25 + 0.75 * lengths[row] / (sum(lengths) / len(lengths))
    return idf * frequency * 2.2 / (frequency + 1.2 * norm)


def test_a_score_is_bm25_of_its_field(folder: Path) -> None:
    index = LexicalIndex(folder)
    title = scores(index, {Term("title", "贷款"): 1.0})
    assert title == pytest.approx({row: by_formula("title", "贷款", row, bm25_idf(3, 2)) for row in (0, 2)}, rel=1e-4)
    assert scores(index, {Term("body", "贷款"): 2.0})[0] == pytest.approx(
        2 * by_formula("body", "贷款", 0, bm25_idf(3, 1)), rel=1e-4
    )


def test_weights_add_up_and_zero_counts_for_nothing(folder: Path) -> None:
    index = LexicalIndex(folder)
    one, two = {Term("title", "贷款"): 1.0}, {Term("body", "期限"): 0.5}
    both = scores(index, {**one, **two, Term("body", "公寓"): 0.0})
    assert both == pytest.approx({0: scores(index, one)[0] + scores(index, two)[0], 2: scores(index, one)[2]}, rel=1e-5)
    assert scores(index, {Term("title", "没有"): 1.0}) == scores(index, {}) == {}
    assert scores(index, one, k=0) == {}


def test_another_idf_takes_the_place_of_its_own(folder: Path) -> None:
    index = LexicalIndex(folder)
    found = scores(index, {Term("title", "贷款"): 1.0}, idf=lambda term: 7.0)
    assert found[2] == pytest.approx(by_formula("title", "贷款", 2, 7.0), rel=1e-4)


def test_a_removed_row_is_gone_and_its_count_taken_out(folder: Path) -> None:
    writer = LexicalWriter(folder, ("title", "body"))
    writer.remove("key-0")
    writer.add(3, "key-0", {"title": ["贴息"]})
    writer.commit()
    index = LexicalIndex(folder)
    assert set(scores(index, {Term("title", "贷款"): 1.0, Term("title", "贴息"): 1.0})) == {2, 3}
    found = scores(index, {Term("title", "贴息"): 1.0}, idf=lambda term: 1.0)
    assert 0 < found[3] < 2.2


def test_counts_and_long_terms(folder: Path) -> None:
    index = LexicalIndex(folder)
    assert index.frequency(Term("title", "贷款")) == 2 and index.frequency(Term("body", "贷款")) == 1
    assert index.frequency(Term("title", "长" * 65)) == index.frequency(Term("body", "没有")) == 0
    assert index.own_idf(Term("title", "贷款")) == pytest.approx(math.log(1 + 1.5 / 2.5))


def test_a_folder_without_an_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=".+"):
        LexicalIndex(tmp_path).frequency(Term("title", "贷款"))
