"""From pointers to a draft: what stays beside the units, what is said of parts that nothing answers, English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.answering import wording
from bot.answering.composition import compose
from bot.answering.draft import Draft, DraftContact, Refusal, Statement
from bot.answering.model import rendering
from bot.answering.model.granting import Grants
from bot.answering.model.material import Material
from bot.answering.model.pointers import PointedAnswer, Resolved, resolve
from bot.answering.model.rendering import Renderer
from bot.llm import Deadline, ModelService
from bot.settings import LlmSettings
from bot.types import Contact, Document, Intent, Mode
from tests.answering.model.pointing import Office, ScriptedModel, Served, Shown, material_of, part, pointer, pointing
from tests.answering.model.test_granting import ANSWERED, REFUSED, grants
from tests.support.loaded import loaded

CORPUS = Path(__file__).parent / "pointed_corpus"
TEXT = """扶持办法

对概念验证项目给予最高20万元支持。

评审期限为15个工作日。

联系电话：010-55550001。
"""


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return loaded(tmp_path, TEXT)


class _Planner:
    """Adds nothing, so that only what is rendered is seen."""

    def completed(self, draft: Draft, asking: object) -> Draft:
        return draft


def renderer(rules: Grants, document: Document) -> Renderer:
    service = ModelService(LlmSettings(base_url="http://127.0.0.1:9/v1", model="x"))
    planner: Any = _Planner()
    return Renderer(planner, service, lambda _: document, rules.asking, rules.planned, False)


def pointed(material: Material, document: Document, *pointers: dict[str, Any]) -> Resolved:
    answer = PointedAnswer.model_validate({"pointers": list(pointers)})
    return resolve(answer, material, lambda _: document, lambda unit, number: True)


def rendered(
    document: Document,
    draft: Draft,
    *pointers: dict[str, Any],
    not_stated: frozenset[int] = frozenset(),
    asked: int = 1,
    question: str = "最多给多少？",
) -> tuple[Draft, Mode]:
    material = material_of(document, "对概念验证项目", "评审期限", asked=asked)
    rules = replace(grants(document, material.units[0], question, draft), material=material)
    resolved = pointed(material, document, *pointers)
    return renderer(rules, document).final(resolved, rules, not_stated, Deadline.after(1.0))


# --- the final draft ------------------------------------------------------------------------------------


def test_units_that_were_pointed_at_are_the_models_answer(document: Document) -> None:
    draft, mode = rendered(document, REFUSED, pointer(2), pointer(1))
    assert mode is Mode.LLM and draft.refusal is None and draft.listed
    assert [each.text[:4] for each in draft.statements] == ["评审期限", "对概念验"]


def test_without_pointers_the_offline_answer_stands(document: Document) -> None:
    assert rendered(document, ANSWERED) == (ANSWERED, Mode.OFFLINE)


@pytest.mark.parametrize("forged", [frozenset({0}), frozenset({2}), frozenset({99}), frozenset({-5})])
def test_that_a_question_nobody_asked_is_unstated_refuses_nothing(document: Document, forged: frozenset[int]) -> None:
    weak = replace(ANSWERED, nearest=True)
    assert rendered(document, weak, not_stated=forged) == (weak, Mode.OFFLINE)


def test_a_refusal_is_that_of_the_offline_answer(document: Document) -> None:
    assert rendered(document, REFUSED, not_stated=frozenset({1})) == (REFUSED, Mode.LLM)


def test_a_weak_answer_gives_way_to_a_refusal(document: Document) -> None:
    draft, mode = rendered(document, replace(ANSWERED, nearest=True), not_stated=frozenset({1}))
    assert draft.refusal is Refusal.SUBJECT_NOT_STATED and mode is Mode.LLM
    assert [each.text for each in draft.statements] == [wording.SUBJECT_NOT_STATED]


@pytest.mark.parametrize(
    ("not_stated", "told"),
    [({2}, 1), ({2, 3}, 1), ({1, 2}, 1), ({7, -1, 0}, 0), ({4, 99}, 1), ({1}, 0)],
)
def test_parts_that_nothing_answers_are_told_once_by_what_they_ask_for(
    document: Document, not_stated: set[int], told: int
) -> None:
    draft, _ = rendered(document, ANSWERED, pointer(1, part=1), not_stated=frozenset(not_stated), asked=4)
    said = [each.text for each in draft.statements if not each.passages]
    assert len(said) == told and all(each.startswith("问到的") and each.endswith("：文件未写明。") for each in said)


def test_what_is_said_of_a_part_is_shown(document: Document) -> None:
    draft, _ = rendered(document, ANSWERED, pointer(1, part=1), not_stated=frozenset({2}), asked=2)
    answer = compose(draft, "问", "问", lambda _: document)
    assert answer.answer.endswith("：文件未写明。")
    assert answer.notes == ()


def test_one_question_is_not_said_to_be_unstated_beside_its_answer(document: Document) -> None:
    draft, _ = rendered(document, ANSWERED, pointer(1), not_stated=frozenset({1, 2}))
    assert all(each.passages for each in draft.statements)


def test_out_of_scope_is_not_said_of_what_is_answered(document: Document) -> None:
    refused = replace(REFUSED, intent=Intent.OUT_OF_SCOPE)
    assert rendered(document, refused, pointer(1))[0].intent is Intent.POLICY


# --- what a structure gave ------------------------------------------------------------------------------


def _structured(document: Document) -> tuple[Renderer, Resolved, Resolved]:
    material = material_of(document, "对概念验证项目", "联系电话")
    whole = replace(material.units[1], judged=None)
    material = Material(material.questions, (material.units[0], whole))
    contact = DraftContact(Contact(None, "010-55550001", None, "咨询"), whole.passages[0])
    offline = Draft(Intent.CONTACT, whole.statements, (Statement("只受理咨询。"),), contacts=(contact,))
    rules = replace(grants(document, whole, "电话多少？", offline, reader="contacts"), material=material)
    return renderer(rules, document), pointed(material, document, pointer(2)), pointed(material, document, pointer(1))


def test_what_belongs_to_a_structure_stays_with_it(document: Document) -> None:
    render, whole, beside = _structured(document)
    kept, left = render._answered(whole), render._answered(beside)
    assert kept.contacts and kept.notes and kept.intent is Intent.CONTACT
    assert left.contacts == () and left.notes == ()


def test_what_grows_has_nothing_beside_it(document: Document) -> None:
    render, whole, _ = _structured(document)
    growing = render.growing(whole)
    assert growing.statements == whole.statements
    assert (growing.contacts, growing.statuses, growing.partners, growing.meeting_places) == ((), (), (), ())


# --- English, plain words -------------------------------------------------------------------------------


class _Translated:
    def __init__(self, text: str | None) -> None:
        self.text = text


ENGLISH = "What is the maximum support for proof-of-concept projects?"


@pytest.mark.parametrize(
    ("english", "told"), [("Up to RMB 200,000.", "Up to RMB 200,000."), (None, wording.UNTRANSLATED)]
)
def test_a_translation_stands_before_the_original(
    document: Document, monkeypatch: pytest.MonkeyPatch, english: str | None, told: str
) -> None:
    monkeypatch.setattr(
        rendering, "translate_units", lambda service, units, dates, by: [_Translated(english)] * len(units)
    )
    draft, _ = rendered(document, REFUSED, pointer(1), question=ENGLISH)
    text = compose(draft, ENGLISH, ENGLISH, lambda _: document).answer
    assert text == f"{told}\nOriginal: 对概念验证项目给予最高20万元支持。[1]"


def test_what_is_unstated_is_told_in_english(document: Document) -> None:
    draft, _ = rendered(document, replace(ANSWERED, nearest=True), not_stated=frozenset({1}), question=ENGLISH)
    assert [each.text for each in draft.statements] == [wording.NOT_STATED_FOREIGN]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Office:
    return Office.of(CORPUS, tmp_path_factory.mktemp("pointed"), shared_folder)


@pytest.fixture(scope="module")
def served(office: Office) -> Iterator[Served]:
    with office.served() as each:
        yield each


def test_two_units_are_translated_each_beside_its_own(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        rendering,
        "translate_units",
        lambda service, units, dates, by: [_Translated(f"Unit {len(each)}.") for each in units],
    )
    model = ScriptedModel(pointing("最高20万元", "30%给予补助"), {"parts": [part("概念验证和中试基地支持多少？")]})
    answer = served.ask(model, "How much support is there for proof of concept and pilot bases?").answer
    assert answer.count("Original: ") == 2
    assert answer.index("20万元") < answer.index("Unit", 5) < answer.index("30%")


def test_the_status_of_a_question_on_validity_is_told_first(served: Served) -> None:
    def old(offered: Shown) -> dict[str, Any]:
        return {"pointers": [pointer(each) for each in offered.numbers("最高5万元支持")]}

    answer = served.ask(ScriptedModel(old), "云科规〔2019〕7号那个概念验证办法现在还有效吗？")
    assert "过期" in answer.answer.split("\n")[0], "the one thing that was asked"


@pytest.mark.parametrize("speaks", [False, True])
def test_a_unit_that_speaks_to_a_model_is_told_with_a_note(document: Document, speaks: bool) -> None:
    material = material_of(document, "对概念验证项目")
    material = replace(material, units=tuple(replace(each, speaks_to_model=speaks) for each in material.units))
    rules = replace(grants(document, material.units[0], "最多给多少？", ANSWERED), material=material)
    resolved = pointed(material, document, pointer(1))
    draft, _ = renderer(rules, document).final(resolved, rules, frozenset(), Deadline.after(1.0))
    assert any("只当资料看" in note.text for note in draft.notes) is speaks
