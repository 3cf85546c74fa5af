"""What is granted: that a unit may answer, and that nothing is stated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.answering.asking import Asking, Proposal
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.model.granting import FLOOR_COSINE, FLOOR_COVERED, STRONG, Grants
from bot.answering.model.material import Material, MaterialUnit
from bot.answering.planner import Planned
from bot.answering.readers.blocks import item_block
from bot.catalogue.thesaurus import Thesaurus
from bot.text.figures import FigureKind
from bot.types import Document, Evidence, Intent
from bot.understanding.asked import Asked
from bot.understanding.understanding import Part
from tests.answering.model.pointing import unit_with
from tests.support.loaded import loaded, place_of
from tests.support.understanding import understood

TEXT = """2024年扶持办法

对2级成果给予最高20万元支持。

对3级成果给予最高50万元支持。

2024年立项9个。

成果由区科技局评审。
"""


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return loaded(tmp_path, TEXT, "办法.txt")


REFUSED = Draft(Intent.POLICY, (Statement("没有"),), refusal=Refusal.SUBJECT_NOT_STATED)
ANSWERED = Draft(Intent.POLICY, (Statement("有"),))


def grants(
    document: Document, unit: MaterialUnit, question: str, draft: Draft, part: Part | None = None, reader: str = "units"
) -> Grants:
    parts = (part or Part(question, Asked.BODY, 1.0, False),)
    understanding = replace(understood(question), parts=parts)
    asking = Asking(
        understanding, lambda query: Evidence(query, ()), lambda _: document, date(2026, 1, 1), Thesaurus(())
    )
    planned = Planned(draft, (), Proposal(reader, draft, 0.9, ""))
    return Grants(asking, planned, Material((question,), (unit,)))


def told(unit: MaterialUnit, *, cosine: float, covered: float, states: float = 0.0) -> MaterialUnit:
    assert unit.judged is not None
    block = unit.judged.told
    sentence = replace(block.found.sentence, cosine=cosine)
    found = replace(block, found=replace(block.found, sentence=sentence), states=states)
    return replace(unit, judged=replace(unit.judged, told=found, covered=covered))


# --- another level or year ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "words", "granted"),
    [
        ("2级成果给多少？", "对2级成果", True),
        ("3级成果给多少？", "对2级成果", False),
        ("二级成果给多少？", "对2级成果", True),
        ("成果给多少？", "对3级成果", True),
        ("2024年立项几个？", "2024年立项", True),
        ("2023年立项几个？", "2024年立项", False),
        ("立项几个？", "2024年立项", True),
    ],
)
@pytest.mark.parametrize("draft", [REFUSED, ANSWERED])
def test_a_unit_of_another_level_or_year_does_not_answer(
    document: Document, question: str, words: str, granted: bool, draft: Draft
) -> None:
    unit = unit_with(document, words)
    assert grants(document, unit, question, draft).fits(unit, 1) is granted


# --- where the offline answer refused -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cosine", "covered", "granted"),
    [
        (FLOOR_COSINE, 0.0, True),
        (0.0, FLOOR_COVERED, True),
        (FLOOR_COSINE - 0.01, FLOOR_COVERED - 0.01, False),
        (1.0, 1.0, True),
    ],
)
def test_where_all_refused_a_unit_must_be_near_or_cover_much(
    document: Document, cosine: float, covered: float, granted: bool
) -> None:
    unit = told(unit_with(document, "成果由区科技局"), cosine=cosine, covered=covered)
    assert grants(document, unit, "成果谁评？", REFUSED).fits(unit, 1) is granted
    assert grants(document, unit, "成果谁评？", ANSWERED).fits(unit, 1)


@pytest.mark.parametrize(("states", "granted"), [(0.0, False), (1.0, True)])
def test_where_a_figure_is_surely_asked_for_a_unit_must_state_one(
    document: Document, states: float, granted: bool
) -> None:
    part = Part("给多少钱？", Asked.AMOUNT, 1.0, False, frozenset({FigureKind.MONEY}), strict=True)
    unit = told(unit_with(document, "成果由区科技局"), cosine=0.9, covered=0.9, states=states)
    assert grants(document, unit, "给多少钱？", REFUSED, part).fits(unit, 1) is granted


def test_what_a_structure_gave_always_answers(document: Document) -> None:
    unit = replace(unit_with(document, "对2级成果"), judged=None)
    assert grants(document, unit, "3级成果给多少？", REFUSED).fits(unit, 1)


# --- that nothing is stated -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "draft", "confidence", "granted"),
    [
        ("units", REFUSED, 1.0, True),
        ("units", replace(ANSWERED, nearest=True), 1.0, True),
        ("units", ANSWERED, STRONG - 0.01, True),
        ("units", ANSWERED, STRONG, False),
        ("units", ANSWERED, 1.0, False),
        ("catalogue", ANSWERED, 0.1, False),
        ("partners", ANSWERED, 0.5, False),
        ("catalogue", REFUSED, 1.0, True),
    ],
)
def test_a_model_may_say_that_nothing_is_stated_where_the_offline_answer_is_weak(
    document: Document, reader: str, draft: Draft, confidence: float, granted: bool
) -> None:
    unit = unit_with(document, "对2级成果")
    rules = grants(document, unit, "给多少？", draft)
    chosen = Proposal(reader, draft, confidence, "")
    assert replace(rules, planned=Planned(draft, (), chosen)).may_be_unstated() is granted


def test_a_greeting_may_be_answered_by_nothing(document: Document) -> None:
    unit = unit_with(document, "对2级成果")
    rules = grants(document, unit, "你好", ANSWERED)
    assert replace(rules, planned=Planned(ANSWERED, ())).may_be_unstated()


# --- what is stated, and for whom ------------------------------------------------------------------------

TIERS = """管理费办法

管理费按照下列比例提取：
（一）到账50万元以下的，提取5%；
（二）到账50万元以上100万元以下的，提取4%；
（三）到账100万元以上的，提取2%。
"""


@pytest.mark.parametrize(("words", "granted"), [("（三）", True), ("（二）", False), ("（一）", False)])
def test_a_neighbour_of_the_range_that_holds_the_figure_does_not_answer(
    tmp_path: Path, words: str, granted: bool
) -> None:
    document = loaded(tmp_path, TIERS, "管理费.txt")
    unit = unit_with(document, words)
    item = item_block(document, place_of(document, words))
    assert unit.judged is not None
    unit = replace(unit, judged=replace(unit.judged, told=replace(unit.judged.told, block=item)))
    assert grants(document, unit, "到账120万元提取多少？", ANSWERED).fits(unit, 1) is granted
    assert grants(document, unit, "提取多少？", ANSWERED).fits(unit, 1)


def test_a_share_answers_where_an_amount_is_asked_for_and_a_date_does_not(tmp_path: Path) -> None:
    document = loaded(
        tmp_path, "结余办法\n\n结余经费不超过70%的部分可以发放绩效。\n\n2024年5月1日起施行。\n", "结余.txt"
    )
    part = Part("最多能拿多少？", Asked.AMOUNT, 1.0, False, frozenset({FigureKind.MONEY}), strict=True)
    for words, granted in (("结余经费", True), ("2024年", False)):
        unit = told(unit_with(document, words), cosine=0.9, covered=0.9)
        assert grants(document, unit, "最多能拿多少？", REFUSED, part).fits(unit, 1) is granted


def test_a_year_that_was_asked_counts_even_where_the_part_has_lost_it(document: Document) -> None:
    unit = unit_with(document, "2024年立项")
    rules = grants(document, unit, "2023年立项几个？", ANSWERED)
    assert not replace(rules, material=Material(("立项几个？",), (unit,))).fits(unit, 1)
