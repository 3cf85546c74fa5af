"""The cases kept beside the tests: what they expect stands in the documents they are about."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.evaluation.cases import Case, load_cases
from bot.evaluation.verbatim import stands_in

CASES = Path(__file__).parent.parent / "cases"
CORPUS = CASES.parent.parent / "corpus"
SECOND = CASES / "second_district"
FILES = [
    (CASES / "basics.yaml", CORPUS),
    (CASES / "safety.yaml", CORPUS),
    (CASES / "held_out.yaml", CORPUS),
    (CASES / "partners.yaml", CORPUS),
    (CASES / "partners_held_out.yaml", CORPUS),
    (SECOND / "cases.yaml", SECOND / "corpus"),
]


def _documents(corpus: Path) -> dict[str, str]:
    return {
        path.relative_to(corpus).as_posix(): path.read_text(encoding="utf-8")
        for path in corpus.rglob("*")
        if path.suffix in (".txt", ".md") and path.name != "README.md"
    }


def _all_cases() -> list[Case]:
    return [case for path, _ in FILES for case in load_cases(path)]


@pytest.mark.parametrize(("path", "corpus"), FILES, ids=[path.name + path.parent.name for path, _ in FILES])
def test_what_a_case_expects_stands_in_the_corpus(path: Path, corpus: Path) -> None:
    documents = _documents(corpus)
    everything = "\n".join(documents.values())
    # A count over listed items is made by code: it need not stand in a document.
    cases = [case for case in load_cases(path) if "count" not in case.tags]
    missing = [
        f"{case.id}：{text}" for case in cases for text in case.expect.contains_all if not stands_in(text, everything)
    ]
    missing += [
        f"{case.id}：{case.expect.contains_any}"
        for case in cases
        if case.expect.contains_any and not any(stands_in(text, everything) for text in case.expect.contains_any)
    ]
    assert missing == []


@pytest.mark.parametrize(("path", "corpus"), FILES, ids=[path.name + path.parent.name for path, _ in FILES])
def test_a_named_document_exists_and_holds_the_quote(path: Path, corpus: Path) -> None:
    documents = _documents(corpus)
    for case in load_cases(path):
        for document in case.expect.document:
            assert document in documents, case.id
        if case.expect.quote:
            named = case.expect.document or tuple(documents)
            assert any(stands_in(case.expect.quote, documents[document]) for document in named), case.id


def test_no_id_and_no_question_stands_twice() -> None:
    cases = _all_cases()
    ids = Counter(case.id for case in cases)
    questions = Counter((case.question, case.history) for case in cases)
    assert [case_id for case_id, count in ids.items() if count > 1] == []
    assert [question for question, count in questions.items() if count > 1] == []


def test_a_case_does_not_forbid_what_it_demands() -> None:
    for case in _all_cases():
        forbidden = (*case.expect.excludes, *case.expect.answer_excludes)
        for demanded in case.expect.contains_all:
            assert not any(stands_in(text, demanded) for text in forbidden), case.id


def test_both_directions_are_asked() -> None:
    expected = [case.expect for case in _all_cases()]
    for name in ("abstained", "corrected", "conflict"):
        counts = Counter(getattr(expectation, name) for expectation in expected)
        assert counts[True] >= 3, name
        assert counts[False] >= 3, name
