"""Pointers made into statements: what is followed, what is dropped and counted, and that all words are a document's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering.composition import compose
from bot.answering.draft import Draft, Passage, Statement
from bot.answering.model.material import Material, MaterialUnit
from bot.answering.model.pointers import (
    MAX_TOLD,
    Heading,
    PointedAnswer,
    Pointer,
    Resolved,
    pointers_in,
    resolve,
    whole_pointers,
)
from bot.types import Document, Intent
from tests.answering.model.pointing import (
    Office,
    ScriptedModel,
    Served,
    material_of,
    misquoted,
    not_of_documents,
    pointer,
)
from tests.support.loaded import loaded

CORPUS = Path(__file__).parent / "pointed_corpus"

TEXT = """扶持办法

一、支持标准

对概念验证项目，择优给予单个项目最高20万元支持，促进产学研深度合作。

对中试基地，最高补助150万元；已享受市级补助的除外。

技术经理人不得为本人完成的成果担任技术经理人。

二、不予支持

有下列情形之一的，不予支持：

（一）列入失信名单的单位；

（二）项目负责人超过60周岁的；

（三）已获得市级支持的。

三、需要提交的材料

申报时提交下列材料：

（一）申报书；

（二）合作协议。
"""
BANNED = ("列入失信名单的单位", "项目负责人超过60周岁的", "已获得市级支持的")
LEAD = "有下列情形之一的，不予支持："


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return loaded(tmp_path, TEXT)


def all_fit(unit: MaterialUnit, part: int) -> bool:
    return True


def resolved(material: Material, document: Document, *pointers: Mapping[str, Any]) -> Resolved:
    answer = PointedAnswer.model_validate({"pointers": list(pointers)})
    return resolve(answer, material, lambda _: document, all_fit)


def texts(result: Resolved) -> list[str]:
    return [each.text for each in result.statements]


# --- order and number -----------------------------------------------------------------------------------


def test_units_are_told_in_the_order_of_the_pointers(document: Document) -> None:
    material = material_of(document, "对概念验证项目", "对中试基地")
    assert [text[:5] for text in texts(resolved(material, document, pointer(2), pointer(1)))] == [
        "对中试基地",
        "对概念验证",
    ]


@pytest.mark.parametrize(
    "forged",
    [{"unit": 0}, {"unit": -1}, {"unit": 3}, {"unit": 10**30}, {"unit": 1, "part": 0}, {"unit": 1, "part": 2}],
)
def test_what_names_nothing_on_offer_is_counted(document: Document, forged: Mapping[str, Any]) -> None:
    material = material_of(document, "对概念验证项目", "对中试基地")
    result = resolved(material, document, forged, pointer(2))
    assert len(result.units) == 1 and result.dropped.unknown_unit == 1
    assert result.dropped.told == "1 unknown unit"


def test_a_unit_is_told_once(document: Document) -> None:
    material = material_of(document, "对概念验证项目", "列入失信名单", items=BANNED[:1])
    result = resolved(material, document, pointer(1), pointer(1), pointer(2), pointer(3))
    assert len(result.units) == 2 and result.dropped.repeated == 2


def test_no_more_is_told_than_an_answer(document: Document) -> None:
    (one,) = material_of(document, "对中试基地").units
    many = Material(("问",), tuple(replace(one, number=n, statements=(_other(document, n),)) for n in range(1, 15)))
    result = resolved(many, document, *(pointer(number) for number in range(1, 15)))
    assert len(result.units) == MAX_TOLD and result.dropped.repeated == 14 - MAX_TOLD


def _other(document: Document, number: int) -> Statement:
    return Statement(document.text[number : number + 1], (Passage(document.id, number, number + 1),))


def test_a_unit_that_does_not_fit_is_not_told(document: Document) -> None:
    material = material_of(document, "对概念验证项目", "对中试基地")
    answer = PointedAnswer(pointers=(Pointer(unit=1), Pointer(unit=2)))
    result = resolve(answer, material, lambda _: document, lambda unit, part: unit.number == 2)
    assert [unit.number for unit in result.units] == [2] and result.dropped.not_fitting == 1


def test_the_parts_that_are_answered_are_told(document: Document) -> None:
    material = material_of(document, "对概念验证项目", "对中试基地", asked=3)
    assert resolved(material, document, pointer(1, part=3), pointer(2, part=1)).parts == {1, 3}


# --- lead-ins and headings ------------------------------------------------------------------------------


def test_the_second_item_needs_no_lead_in(document: Document) -> None:
    told = texts(resolved(material_of(document, items=BANNED), document, pointer(1), pointer(2), pointer(3)))
    assert [LEAD in each for each in told] == [True, False, False]


@pytest.mark.parametrize(
    ("first", "second"), [(Heading.CONDITION, Heading.MATERIALS), (Heading.AMOUNT, Heading.BACKGROUND)]
)
def test_an_item_under_another_heading_keeps_its_lead_in(document: Document, first: Heading, second: Heading) -> None:
    material = material_of(document, items=BANNED[:2])
    told = texts(resolved(material, document, pointer(1, heading=first), pointer(2, heading=second)))
    assert told[0] == f"【{first}】" and told[2] == f"【{second}】"
    assert LEAD in told[1] and LEAD in told[3], "an item of a list of bans read alone says the opposite"


def test_an_item_after_another_unit_keeps_its_lead_in(document: Document) -> None:
    material = material_of(document, "对中试基地", items=BANNED[:2])
    told = texts(resolved(material, document, pointer(2), pointer(1), pointer(3)))
    assert LEAD in told[0] and LEAD in told[2]


def test_items_of_two_lists_keep_their_own_lead_ins(document: Document) -> None:
    material = material_of(document, items=(BANNED[0], "（一）申报书", BANNED[1]))
    told = texts(resolved(material, document, pointer(1), pointer(2), pointer(3)))
    assert LEAD in told[0] and "申报时提交下列材料" in told[1] and LEAD in told[2]


def test_headings_stand_only_where_there_are_several(document: Document) -> None:
    material = material_of(document, "对概念验证项目", "对中试基地")
    alone = resolved(material, document, pointer(1, heading="金额与标准"), pointer(2, heading="金额与标准"))
    assert not any("【" in each for each in texts(alone))
    both = resolved(material, document, pointer(1, heading="金额与标准"), pointer(2, heading="材料"))
    assert [each for each in texts(both) if "【" in each] == ["【金额与标准】", "【材料】"]


# --- what is left out -----------------------------------------------------------------------------------


def test_what_does_no_harm_is_left_out_with_a_mark(document: Document) -> None:
    material = material_of(document, "对概念验证项目")
    (told,) = texts(resolved(material, document, pointer(1, leave_out=[3])))
    assert told == "对概念验证项目，择优给予单个项目最高20万元支持……"


@pytest.mark.parametrize("listed", [[1], [2], [1, 2], [1, 2, 3]])
def test_what_limits_a_unit_is_not_left_out(document: Document, listed: list[int]) -> None:
    material = material_of(document, "对概念验证项目")
    result = resolved(material, document, pointer(1, leave_out=listed))
    assert "对概念验证项目，择优给予单个项目最高20万元支持" in texts(result)[0]
    assert result.dropped.guarded_clause >= len(set(listed) - {3})


def test_an_exception_is_never_left_out(document: Document) -> None:
    (unit,) = material_of(document, "对中试基地").units
    every = list(range(1, len(unit.clauses) + 1))
    (told,) = texts(resolved(Material(("问",), (unit,)), document, pointer(1, leave_out=every)))
    assert told == unit.text


def test_clauses_that_are_none_are_counted(document: Document) -> None:
    result = resolved(material_of(document, "对概念验证项目"), document, pointer(1, leave_out=[0, -4, 99, 10**20]))
    assert result.dropped.unknown_clause == 4 and "……" not in texts(result)[0]


def test_an_answer_of_a_structure_is_told_whole(document: Document) -> None:
    judged = material_of(document, "对概念验证项目").units[0]
    whole = replace(judged, judged=None, statements=(replace(judged.statements[0], lead="其中："), *judged.statements))
    result = resolved(Material(("问",), (whole,)), document, pointer(1, leave_out=[1, 2, 3], asked="20万元"))
    assert result.statements == whole.statements


# --- what was asked for ---------------------------------------------------------------------------------


def focus_of(document: Document, words: str, asked: str) -> tuple[str, Resolved]:
    result = resolved(material_of(document, words), document, pointer(1, asked=asked))
    focus = result.statements[0].focus
    return (document.text[focus.start : focus.end] if focus else ""), result


@pytest.mark.parametrize("asked", ["最高20万元", " 最高20万元 ", "20万元", "择优"])
def test_a_stretch_of_the_unit_is_stressed(document: Document, asked: str) -> None:
    assert focus_of(document, "对概念验证项目", asked)[0] == asked.strip()


@pytest.mark.parametrize("asked", ["最高30万元", "一千万元", "最高20万", "20万元支持。其他", "必须支持"])
def test_a_stretch_that_is_not_there_is_counted(document: Document, asked: str) -> None:
    stressed, result = focus_of(document, "对概念验证项目", asked)
    if asked not in TEXT:
        assert stressed != asked and result.dropped.unknown_span == 1


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("对概念验证项目", "0万元"),
        ("对中试基地", "50万元"),
        ("对中试基地", "15"),
        ("对中试基地", "1"),
        ("技术经理人不得", "得为本人完成的成果担任技术经理人"),
        ("列入失信名单", "予支持"),
    ],
)
def test_a_stretch_cut_from_a_figure_or_a_denial_is_not_stressed(document: Document, words: str, asked: str) -> None:
    assert focus_of(document, words, asked)[0] != asked


# --- pointers on their way ------------------------------------------------------------------------------


def test_the_last_pointer_may_still_grow() -> None:
    partial = {"pointers": [{"unit": 1}, {"unit": 2}, {"unit": 1}]}
    assert [each.unit for each in whole_pointers(partial).pointers] == [1, 2]


@pytest.mark.parametrize("partial", [{}, {"pointers": None}, {"pointers": "1, 2"}, {"pointers": {}}, {"pointers": []}])
def test_what_is_no_list_holds_no_pointers(partial: Mapping[str, Any]) -> None:
    assert whole_pointers(partial) == PointedAnswer()


def test_entries_that_are_no_pointers_are_passed_over() -> None:
    listed = [
        {"unit": 1},
        "2",
        None,
        {"part": 1},
        {"unit": "x"},
        {"unit": 2, "heading": "最高一千万"},
        [3],
        {"unit": 4},
    ]
    assert [each.unit for each in pointers_in(listed).pointers] == [1, 4]


# --- whatever a model returns ---------------------------------------------------------------------------

WORDS = (
    "最高20万元",
    "一千万元",
    "不予支持",
    "对概念验证项目",
    "金额与标准",
    "材料",
    "忽略以上规定",
    "……",
    "[1]",
    "1",
    "\n",
)
LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.integers(-3, 20) | st.integers(-(10**40), 10**40)
PLAIN = st.none() | st.booleans() | NUMBERS | st.floats(allow_nan=False, allow_infinity=False) | LETTERS
GARBAGE = st.recursive(
    PLAIN | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(("unit", "text", "pointers")), inner),
    max_leaves=8,
)
POINTERS = st.fixed_dictionaries(
    {"unit": st.integers(-2, 12)},
    optional={
        "part": st.integers(-1, 4),
        "heading": st.sampled_from([each.value for each in Heading]),
        "leave_out": st.lists(st.integers(-1, 30), max_size=12),
        "asked": st.sampled_from(WORDS) | LETTERS,
    },
)
ANSWERS = st.fixed_dictionaries(
    {"pointers": st.lists(POINTERS, max_size=10)},
    optional={"not_stated": st.lists(NUMBERS, max_size=4), "answer": GARBAGE},
)
BROKEN = st.fixed_dictionaries(
    {"pointers": st.lists(POINTERS | GARBAGE, max_size=8) | GARBAGE}, optional={"not_stated": GARBAGE}
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, Material]:
    document = loaded(tmp_path_factory.mktemp("made"), TEXT)
    return document, material_of(
        document, "对概念验证项目", "对中试基地", "列入失信名单", items=(*BANNED, "（一）申报书"), asked=2
    )


@settings(max_examples=250, deadline=None)
@given(answer=ANSWERS | BROKEN)
def test_whatever_is_pointed_at_all_words_are_the_documents(
    made: tuple[Document, Material], answer: dict[str, Any]
) -> None:
    document, material = made
    listed = answer["pointers"] if isinstance(answer["pointers"], list) else []
    pointed = pointers_in(listed)
    result = resolve(pointed, material, lambda _: document, all_fit)
    told = compose(Draft(Intent.POLICY, result.statements, listed=True), "问", "问", lambda _: document)
    assert not_of_documents(told.answer, [document]) == []
    assert misquoted(told, lambda _: document) == []
    followed = len(result.units)
    dropped = result.dropped
    assert followed + dropped.unknown_unit + dropped.repeated + dropped.not_fitting == len(pointed.pointers)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Office:
    return Office.of(CORPUS, tmp_path_factory.mktemp("pointed"), shared_folder)


@pytest.fixture(scope="module")
def served(office: Office) -> Iterator[Served]:
    with office.served() as each:
        yield each


QUESTIONS = (
    "概念验证项目最多能拿多少钱？",
    "哪些情形不予支持？",
    "想找做新型材料的院所合作",
    "评审要多久？押金多少？",
    "成果评价费用谁出？",
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=st.sampled_from(QUESTIONS), answer=ANSWERS | BROKEN | GARBAGE, parts=st.integers(1, 2))
def test_whatever_is_returned_a_turn_ends_with_the_documents_words(
    office: Office, served: Served, question: str, answer: Any, parts: int
) -> None:
    reading = {"parts": [{"question": question, "searches": []}] * parts}
    told = served.ask(ScriptedModel(lambda offered: json.dumps(answer), reading), question)
    assert office.strange(told, question) == []
    assert told.answer and told.decisions


def test_thousands_of_entries_are_no_burden(office: Office, served: Served) -> None:
    entries = [{"unit": number % 40 - 5, "leave_out": list(range(50)), "asked": "最高"} for number in range(4_000)]
    told = served.ask(ScriptedModel(lambda offered: {"pointers": entries, "not_stated": [1] * 4_000}), QUESTIONS[0])
    assert office.strange(told, QUESTIONS[0]) == []
    assert "unknown unit" in told.decisions[-1].reason
