"""Which blocks answer the parts of a message, what is said of parts that nothing answers, and what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.answering.asking import Asking
from bot.answering.composition import section_at
from bot.answering.coverage import TermWeights
from bot.answering.draft import Draft, Refusal
from bot.answering.readers.blocks import Block, item_block, whole_block
from bot.answering.readers.general import COVERED_SCORE, GeneralReader, Judged, statement_of
from bot.answering.readers.passages import FoundBlock
from bot.answering.wording import ANSWERED_FOREIGN, PART_NOT_STATED, PART_NOT_STATED_FOREIGN
from bot.catalogue.models import Catalogue, OrganisationEntry
from bot.catalogue.thesaurus import Thesaurus
from bot.index.sentences import sentence_spans
from bot.types import Chunk, Document, Evidence, Hit, ScoredSentence
from bot.understanding.asked import FIGURE_KINDS, Asked
from bot.understanding.understanding import Part
from tests.support.loaded import found_in, loaded, place_of, sentences_of
from tests.support.understanding import understood

TODAY = date(2031, 6, 1)
#: The cosine of what is not near.
FAR = 0.1
READER = GeneralReader(TermWeights(lambda term: 1, 10))


def evidence_of(documents: tuple[Document, ...], near: Mapping[str, float], query: str) -> Evidence:
    """Every line of ``documents`` a passage; the cosine of a sentence is that of the first key of ``near`` in it."""
    hits = []
    for source in documents:
        spans = [(start, end, source.text[start:end]) for start, end in sentence_spans(source.text)]
        cosines = [next((value for words, value in near.items() if words in text), FAR) for *_, text in spans]
        told = tuple(
            ScoredSentence(source.id, start, end, text, 0.0, cosine, cosine)
            for (start, end, text), cosine in zip(spans, cosines, strict=True)
        )
        for unit in source.units:
            inside = tuple(each for each in told if unit.start <= each.start < unit.end)
            path = (section_at(source, unit.start),)
            text = source.text[unit.start : unit.end]
            chunk = Chunk(f"{source.id}{unit.start}", source.id, 0, path, unit.start, unit.end, text)
            hits.append(Hit(chunk, source.metadata, 0.0, sentences=inside))
    return Evidence(query, tuple(hits), meaning_weight=1.0)


def asking(
    question: str,
    parts: tuple[Part, ...],
    documents: tuple[Document, ...],
    near: Mapping[str, float],
    catalogue: Catalogue | None = None,
) -> Asking:
    """``question`` in ``parts``, whatever is searched for: ``near`` are the cosines of what it finds."""
    return Asking(
        replace(understood(question, catalogue=catalogue), parts=parts),
        lambda query: evidence_of(documents, near, query),
        {each.id: each for each in documents}.__getitem__,
        TODAY,
        Thesaurus(()),
    )


def part(query: str, asked: Asked = Asked.OTHER, confidence: float = 1.0) -> Part:
    figures = FIGURE_KINDS.get(asked, frozenset())
    return Part(query, asked, confidence, listed=False, figures=figures, strict=bool(figures))


def judged(query: str, documents: tuple[Document, ...], near: Mapping[str, float]) -> tuple[Judged, ...]:
    return READER.judged(asking(query, (part(query),), documents, near), part(query))


# --- what covers the question goes before what is a little nearer ---------------------------------

#: Neither says a word of the question; the heading over one of them says all.
COVERS, NEARER = "满三年即可。", "满三年为止。"
ADVICE = f"# 说明\n\n## 师傅挂牌\n\n{COVERS}\n\n## 竹料\n\n{NEARER}\n"


@pytest.mark.parametrize(
    ("lead", "first"),
    [(-0.02, COVERS), (COVERED_SCORE - 0.02, COVERS), (COVERED_SCORE + 0.02, NEARER)],
)
def test_what_speaks_of_all_the_question_says_goes_before_what_is_a_little_nearer(
    tmp_path: Path, lead: float, first: str
) -> None:
    document = loaded(tmp_path, ADVICE, "说明.md")
    told = judged("师傅挂牌", (document,), {NEARER: 0.5 + lead, COVERS: 0.5})
    assert [each.told.block.text for each in told][0] == first
    assert {each.told.block.text: each.covered for each in told} == {COVERS: 1.0, NEARER: 0.0}
    scores = {each.told.block.text: each.told.score for each in told}
    assert scores[NEARER] - scores[COVERS] == pytest.approx(lead)


@pytest.mark.parametrize("first", [COVERS, NEARER])
def test_of_two_that_cover_as_much_the_nearer_goes_first(tmp_path: Path, first: str) -> None:
    document = loaded(tmp_path, ADVICE.replace("竹料", "师傅挂牌"), "说明.md")
    told = judged("师傅挂牌", (document,), {COVERS: 0.5, NEARER: 0.5, first: 0.51})
    assert [each.covered for each in told] == [1.0, 1.0] and told[0].told.block.text == first


def test_the_share_that_is_covered_counts(tmp_path: Path) -> None:
    document = loaded(tmp_path, ADVICE.replace("师傅挂牌", "师傅"), "说明.md")
    told = judged("师傅挂牌", (document,), {NEARER: 0.5 + COVERED_SCORE - 0.02, COVERS: 0.5})
    assert told[0].told.block.text == NEARER and 0.0 < told[1].covered < 0.9


# --- two notes of ours that rest on one original ---------------------------------------------------

ORIGINAL = "# 工坊办法\n\n工坊每户每年可以领取竹料补贴，用于购买竹料和编织工具。\n\n学徒另行安排。\n"
NOTES = """---
title: 工坊要点
text: own_words
source: https://example.org/a
---
# 工坊要点

工坊每户每年可以领取竹料补贴。

补贴用于购买竹料和编织工具。
"""


def test_two_notes_of_ours_on_one_original_are_told_once_as_the_original(tmp_path: Path) -> None:
    original, notes = loaded(tmp_path, ORIGINAL, "办法.md"), loaded(tmp_path, NOTES, "要点.md")
    near = {"每户每年可以领取竹料补贴。": 0.7, "补贴用于购买": 0.68, "学徒": 0.5, "每户每年可以领取竹料补贴，": 0.5}
    told = judged("竹料补贴", (original, notes), near)
    texts = [each.told.block.text for each in told]
    assert texts == ["工坊每户每年可以领取竹料补贴，用于购买竹料和编织工具。", "学徒另行安排。"]
    assert all(each.told.found.verbatim for each in told)


def test_what_only_a_note_of_ours_says_is_still_told_beside_an_original(tmp_path: Path) -> None:
    original, notes = loaded(tmp_path, ORIGINAL, "办法.md"), loaded(tmp_path, NOTES + "\n逾期不补发。\n", "要点.md")
    told = judged("竹料补贴", (original, notes), {"每户每年": 0.7, "补贴用于": 0.68, "逾期": 0.6})
    documents = [(each.told.block.document.id, each.told.block.text) for each in told]
    assert documents.count(("要点.md", "逾期不补发。")) == 1
    assert [name for name, text in documents if "竹料" in text] == ["办法.md"]


# --- a part that nothing answers -------------------------------------------------------------------

OPEN = "# 夜课说明\n\n夜课每周三晚开课，每次交费20元。\n\n竹编作品秋天展出。\n"
ANSWERED = part("夜课每周三晚开课")


def proposed(question: str, parts: tuple[Part, ...], folder: Path, near: Mapping[str, float] | None = None) -> Draft:
    document = loaded(folder, OPEN, "说明.md")
    found = {"夜课每周三": 0.7, "竹编作品": 0.5} if near is None else near
    return READER.propose(asking(question, parts, (document,), found)).draft


def texts_of(draft: Draft) -> list[str]:
    return [each.text for each in draft.statements]


def lacks(asked: Asked) -> str:
    return PART_NOT_STATED.format(attribute=asked.label)


def test_a_part_that_nothing_answers_is_told_beside_the_answer_to_another(tmp_path: Path) -> None:
    draft = proposed("夜课怎么开，电话多少？", (ANSWERED, part("电话多少", Asked.PHONE)), tmp_path)
    assert texts_of(draft) == ["夜课每周三晚开课，每次交费20元。", "问到的联系电话：文件未写明。"]
    assert draft.statements[-1].passages == () and draft.statements[-1].focus is None
    assert draft.refusal is None and draft.listed and not draft.nearest


def test_the_first_part_may_be_the_one_that_nothing_answers(tmp_path: Path) -> None:
    draft = proposed("电话多少，夜课怎么开？", (part("电话多少", Asked.PHONE), ANSWERED), tmp_path)
    assert sorted(texts_of(draft)) == sorted(["夜课每周三晚开课，每次交费20元。", lacks(Asked.PHONE)])


def test_a_part_of_which_nothing_near_is_found_is_told_too(tmp_path: Path) -> None:
    near = {"夜课每周三": 0.3}
    other = part("红烧肉怎么做", Asked.PROCEDURE)
    assert texts_of(proposed("夜课怎么开，红烧肉怎么做？", (ANSWERED, other), tmp_path, near))[1:] == [
        lacks(Asked.PROCEDURE)
    ]


def test_what_several_parts_ask_alike_is_told_once_and_what_they_ask_differently_each(tmp_path: Path) -> None:
    parts = (
        ANSWERED,
        part("电话多少", Asked.PHONE),
        part("利率多少", Asked.RATE),
        part("还有别的电话吗", Asked.PHONE),
    )
    assert texts_of(proposed("夜课？", parts, tmp_path))[1:] == [lacks(Asked.PHONE), lacks(Asked.RATE)]


def test_where_every_part_is_answered_nothing_is_lacking(tmp_path: Path) -> None:
    draft = proposed("夜课怎么开，交多少？", (ANSWERED, part("每次交费多少", Asked.AMOUNT)), tmp_path)
    assert texts_of(draft) == ["夜课每周三晚开课，每次交费20元。"] and not draft.listed


def test_where_no_part_is_answered_the_whole_is_refused_in_its_own_words(tmp_path: Path) -> None:
    parts = (part("电话多少", Asked.PHONE), part("利率多少", Asked.RATE))
    draft = proposed("红烧肉的电话多少，利率多少？", parts, tmp_path, {})
    assert draft.refusal is Refusal.SUBJECT_NOT_STATED
    assert not any(lacks(asked) in texts_of(draft) for asked in (Asked.PHONE, Asked.RATE))


def test_a_question_in_another_language_is_told_so_in_its_frame_and_once(tmp_path: Path) -> None:
    question = "When is the evening class? What is the phone number and the interest rate?"
    parts = (
        part("When is the evening class?"),
        part("What is the phone number?", Asked.PHONE),
        part("What is the interest rate?", Asked.RATE),
    )
    assert texts_of(proposed(question, parts, tmp_path)) == [
        ANSWERED_FOREIGN,
        "夜课每周三晚开课，每次交费20元。",
        PART_NOT_STATED_FOREIGN,
    ]
    assert texts_of(proposed(question, parts[:1], tmp_path)) == [ANSWERED_FOREIGN, "夜课每周三晚开课，每次交费20元。"]


# --- several sides ---------------------------------------------------------------------------------

CATALOGUE = Catalogue(
    organisations=tuple(
        OrganisationEntry(
            id=identifier, name=name, kind="企业", document="说明.md", profile=({"value": "工坊", "quote": "收徒"},)
        )
        for identifier, name in (("pots", "陶艺工坊"), ("wood", "木作工坊"))
    )
)


@pytest.mark.parametrize(("confidence", "both"), [(1.0, True), (0.3, False)])
def test_each_side_of_a_comparison_is_told(tmp_path: Path, confidence: float, both: bool) -> None:
    question = "陶艺工坊和木作工坊收徒有什么区别"
    one, two = "陶艺工坊收徒不限年龄。", "木作工坊收徒须满十六岁。"
    documents = tuple(
        loaded(tmp_path, f"# 说明{place}\n\n{line}\n", f"{place}.md") for place, line in enumerate((one, two))
    )
    compared = part(question, Asked.COMPARE, confidence)

    def find(query: str) -> Evidence:
        near = {one: 0.4 + 0.3 * ("陶艺" in query), two: 0.4 + 0.2 * ("木作" in query)}
        return evidence_of(documents, near, query)

    found = replace(asking(question, (compared,), documents, {}, CATALOGUE), find=find)
    draft = READER.propose(found).draft
    assert (texts_of(draft) == [one, two]) is both is (draft.refusal is None)


# --- what was asked for ----------------------------------------------------------------------------

FEES = "# 收费说明\n\n满3年的师傅每月交800元，共12家。学徒每月交500元，押金1000元。\n\n下列情形不予退费：\n\n- 迟到的；\n- 早退的。\n"


def focus_of(folder: Path, words: str, asked: Part | None, block: Block | None = None) -> str | None:
    """What was asked for in the statement of the block that the sentence with ``words`` found."""
    document = loaded(folder, FEES, "收费.md")
    found = found_in(document, words)
    told = block or whole_block(found, sentences_of(document, words))
    assert told is not None
    statement = statement_of(FoundBlock(told, found, found.score, 1.0), asked)
    assert statement.text == told.text and statement.passages == told.passages
    if statement.focus is None:
        return None
    return document.text[statement.focus.start : statement.focus.end]


WHOLE = "满3年的师傅每月交800元，共12家。"


@pytest.mark.parametrize(
    ("asked", "query", "focus"),
    [
        (Asked.AMOUNT, "师傅每月交多少", "800元"),
        (Asked.DURATION, "要满几年", "3年"),
        (Asked.COUNT, "一共多少家", "12家"),
        (Asked.COUNT, "一共多少位", WHOLE),
        (Asked.PHONE, "电话多少", WHOLE),
        (Asked.PROCEDURE, "怎么交", WHOLE),
    ],
)
def test_the_one_figure_of_its_kind_is_what_was_asked_for_else_the_sentence(
    tmp_path: Path, asked: Asked, query: str, focus: str
) -> None:
    assert focus_of(tmp_path, "满3年", part(query, asked)) == focus


def test_where_a_sentence_has_two_such_figures_the_sentence_is_what_was_asked_for(tmp_path: Path) -> None:
    assert focus_of(tmp_path, "学徒每月", part("学徒交多少", Asked.AMOUNT)) == "学徒每月交500元，押金1000元。"


def test_where_no_figure_has_to_be_there_the_sentence_is_what_was_asked_for(tmp_path: Path) -> None:
    unsure = replace(part("师傅每月交多少", Asked.AMOUNT), strict=False)
    assert focus_of(tmp_path, "满3年", unsure) == focus_of(tmp_path, "满3年", None) == WHOLE


def test_where_the_sentence_is_not_told_nothing_is_known_to_be_what_was_asked_for(tmp_path: Path) -> None:
    document = loaded(tmp_path, FEES, "收费.md")
    other = item_block(document, place_of(document, "早退"))
    assert "下列情形不予退费" in other.text
    assert focus_of(tmp_path, "迟到", None, other) is None
    assert focus_of(tmp_path, "早退", None, other) == focus_of(tmp_path, "早退", part("早退怎么办"), other) != ""


def test_an_answer_has_what_each_part_asked_for(tmp_path: Path) -> None:
    draft = proposed("每次交费多少", (part("每次交费多少", Asked.AMOUNT),), tmp_path)
    (statement,) = draft.statements
    assert statement.focus is not None
    text = (tmp_path / "说明.md").read_text(encoding="utf-8")
    assert statement.focus.end - statement.focus.start == len("20元") and "20元" in text
    assert loaded(tmp_path, OPEN, "说明.md").text[statement.focus.start : statement.focus.end] == "20元"


# --- how things stand now ---------------------------------------------------------------------------

OLD, NEW = "工坊共有学员31人。", "工坊目前有学员58人。"


@pytest.mark.parametrize(
    ("query", "told"),
    [("现在有多少学员？", NEW), ("目前学员多少人？", NEW), ("有多少学员？", OLD), ("现在学员去哪？", OLD)],
)
def test_of_dated_figures_the_newest_is_told_where_now_is_asked(tmp_path: Path, query: str, told: str) -> None:
    old = loaded(tmp_path, f"---\ndate: 2023-05-01\n---\n# 旧况\n\n{OLD}\n", "旧况.md")
    new = loaded(tmp_path, f"---\ndate: 2026-05-01\n---\n# 近况\n\n{NEW}\n", "近况.md")
    strict = "多少" in query
    asked = Part(query, Asked.COUNT, 1.0, False, FIGURE_KINDS[Asked.COUNT], strict=strict)
    draft = READER.propose(asking(query, (asked,), (old, new), {OLD[:4]: 0.70, NEW[:4]: 0.62})).draft
    assert draft.statements[0].text == told
