"""Records out of clones of public question collections.

The folder holds the repositories under the names that ``git clone`` gives them: ``cmrc2018``, ``DRCD``,
``ChineseSquad``, ``CAIL2019``, ``xquad`` and ``lawyer-llama`` (``CRUD_RAG``: see :mod:`bot.training.crud`).
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.errors import UsageError
from bot.training.records import AnswerSpan, Record, Source

#: Characters kept of a layperson's question and of what is said to it.
QUESTION_CHARACTERS = 200
PASSAGE_CHARACTERS = 400
#: A layperson's question of fewer characters is no question.
SHORTEST_QUESTION = 7
#: Of the articles a counsel names the first ones bear on the question.
ARTICLES_PER_QUESTION = 2
#: CAIL answers that are judgements, not spans.
_JUDGEMENTS = ("YES", "NO")

_SQUAD_FILES = (
    ("cmrc2018/squad-style-data/cmrc2018_dev.json", Source.CMRC),
    ("cmrc2018/squad-style-data/cmrc2018_trial.json", Source.CMRC_TRIAL),
    ("DRCD/DRCD_dev.json", Source.DRCD),
    ("DRCD/DRCD_test.json", Source.DRCD),
    ("ChineseSquad/squad_2.0/dev-v2.0-zh.json", Source.SQUAD),
    ("CAIL2019/阅读理解/data/dev_ground_truth.json", Source.CAIL),
    ("CAIL2019/阅读理解/data/test_ground_truth.json", Source.CAIL),
    ("xquad/xquad.zh.json", Source.XQUAD),
)
_XQUAD_ENGLISH = "xquad/xquad.en.json"
_ADVICE = "lawyer-llama/data/legal_advice.json"
_COUNSEL = ("lawyer-llama/data/legal_counsel_with_article_v2.json", "lawyer-llama/data/zixun_gpt4.json")


def reading_records(clones: Path) -> Iterator[Record]:
    """Questions with their answer span, or None where the passage does not answer.

    Raises :class:`UsageError` when a file is missing or not of the expected form.
    """
    for name, source in _SQUAD_FILES:
        simplified = _simplifier() if source is Source.DRCD else None
        yield from squad_records(read_json(clones / name), source, simplified)
    yield from _cross_language(read_json(clones / _XQUAD_ENGLISH), read_json(clones / "xquad/xquad.zh.json"))


def counsel_records(clones: Path) -> Iterator[Record]:
    """Lay legal questions with the advice given and with the articles it rests on."""
    for turns in read_json(clones / _ADVICE):
        first = turns[0]
        if len(first["instruction"]) >= SHORTEST_QUESTION:
            yield _lay(first["instruction"], first["output"], Source.ADVICE)
    for name in _COUNSEL:
        for row in read_json(clones / name):
            for article in (row.get("laws") or [])[:ARTICLES_PER_QUESTION]:
                yield _lay(row["query"], article, Source.COUNSEL)
            if row.get("response"):
                yield _lay(row["query"], row["response"], Source.ADVICE)


def squad_records(data: Any, source: Source, simplified: Callable[[str], str] | None = None) -> Iterator[Record]:
    """Records of one file in SQuAD's form; ``simplified`` turns traditional characters into simplified ones.

    A question whose answer cannot be found in the passage is left out.
    """
    for context, question in _questions(data):
        given = next((answer for answer in question.get("answers") or [] if answer.get("text")), None)
        unanswerable = question.get("is_impossible") in (True, "true") or given is None
        span = None
        if given is not None and not unanswerable:
            span = _located(context, given["text"], given.get("answer_start", -1))
            if span is None or given["text"] in _JUDGEMENTS:
                continue
        passage, text = context, question["question"]
        if simplified is not None:
            passage, text = simplified(passage), simplified(text)
            if len(passage) != len(context):
                continue
        yield Record(text.strip(), passage, span, source)


def read_json(path: Path) -> Any:
    """The JSON value of a file. Raises :class:`UsageError` when it is missing or not JSON."""
    if not path.is_file():
        raise UsageError("找不到问题集文件", value=path, tried="按 git clone 的目录名", remedy="先克隆该仓库")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise UsageError("不是 JSON 文件", value=path, tried=str(error), remedy="重新克隆该仓库") from error


def _questions(data: Any) -> Iterator[tuple[str, Any]]:
    try:
        for document in data["data"]:
            for paragraph in document["paragraphs"]:
                for question in paragraph["qas"]:
                    yield paragraph["context"], question
    except (KeyError, TypeError) as error:
        raise UsageError(
            "不是 SQuAD 格式", value=repr(error), tried="data、paragraphs、qas", remedy="核对文件"
        ) from error


def _located(context: str, answer: str, start: int) -> AnswerSpan | None:
    # Offsets of some collections count other characters than ours; the text itself decides.
    if start < 0 or context[start : start + len(answer)] != answer:
        start = context.find(answer)
    return None if start < 0 else AnswerSpan(start, start + len(answer))


def _cross_language(english: Any, chinese: Any) -> Iterator[Record]:
    """English questions over the Chinese passages: both files share the question ids."""
    asked = {question["id"]: question["question"] for _, question in _questions(english)}
    for context, question in _questions(chinese):
        given = question["answers"][0]
        span = _located(context, given["text"], given["answer_start"])
        if span is not None and question["id"] in asked:
            yield Record(asked[question["id"]].strip(), context, span, Source.XQUAD_ENGLISH)


def _lay(question: str, passage: str, source: Source) -> Record:
    return Record(question[:QUESTION_CHARACTERS], passage[:PASSAGE_CHARACTERS], None, source)


def _simplifier() -> Callable[[str], str]:
    try:
        converter = importlib.import_module("opencc").OpenCC("t2s")
    except ImportError as error:
        raise UsageError(
            "把 DRCD 的繁体字转成简体需要 opencc", tried="import opencc", remedy="pip install opencc"
        ) from error
    return lambda text: str(converter.convert(text))
