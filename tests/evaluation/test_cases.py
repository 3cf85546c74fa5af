from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.cases import CasesError, load_cases
from bot.types import Status, Turn

GOOD = "- {id: a, question: 问, tags: [facts], expect: {abstained: false}}\n"


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_field_of_the_format_is_read(tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        """
- id: 7
  question: 那数额呢？
  history: [最高多少？, 还有呢？]
  tags: facts
  expect:
    abstained: false
    contains_all: [200333, 2025-05-28]
    contains_any: 五十万
    excludes: ["60万"]
    quote: 最高
    document: a.txt
    status: [draft, planned]
    contact: 王
    partner: 所
    reference: 最高五十万
""",
    )
    (case,) = load_cases(path)
    assert case.id == "7"
    assert case.turn == Turn("那数额呢？", ("最高多少？", "还有呢？"))
    assert case.expect.contains_all == ("200333", "2025-05-28")
    assert case.expect.contains_any == ("五十万",)
    assert case.expect.status == (Status.DRAFT, Status.PLANNED)
    assert case.expect.abstained is False


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + "- {id: b, question: 问, tags: [x], expect: {contain: [甲]}}", ["b", "第 2 行", "contain"]),
        (GOOD + "- {id: b, question: 问, tags: [x], expect: {status: drafty}}", ["b", "第 2 行", "status"]),
        (GOOD + "- {id: b, question: 问, tags: [x], expect: {abstained: 也许}}", ["b", "abstained"]),
        (GOOD + "- {id: b, question: 问, tags: [x], expect: {}}", ["b", "没有写明任何期望"]),
        (GOOD + "- {id: b, question: 问, tags: [], expect: {abstained: true}}", ["b", "tags"]),
        (GOOD + "- {id: b, tags: [x], expect: {abstained: true}}", ["b", "question"]),
        (GOOD + "- {question: 问, tags: [x], expect: {abstained: true}}", ["没有 id", "第 2 行"]),
        (GOOD + GOOD, ["重复", "a", "第 2 行", "第 1 行"]),
        (GOOD + "- 一句话", ["第 2 行"]),
        (
            GOOD + "- id: b\n  question: 问\n  tags: [x]\n  expect:\n    quote: 甲\n    quote: 乙\n",
            ["第 7 行", "quote"],
        ),
        ("a: 1", ["列表"]),
        ("- [", ["YAML"]),
        ("", ["没有用例"]),
        ("# 只有说明\n", ["没有用例"]),
    ],
)
def test_a_mistake_is_told_with_its_case_and_line(tmp_path: Path, text: str, told: list[str]) -> None:
    with pytest.raises(CasesError) as error:
        load_cases(_written(tmp_path, text))
    for part in [*told, "解决办法"]:
        assert part in str(error.value)


def test_a_missing_file_and_a_file_of_another_encoding_are_told(tmp_path: Path) -> None:
    with pytest.raises(CasesError, match="打不开"):
        load_cases(tmp_path / "none.yaml")
    path = tmp_path / "gb.yaml"
    path.write_bytes("- {id: 甲}".encode("gb18030"))
    with pytest.raises(CasesError, match="UTF-8"):
        load_cases(path)
