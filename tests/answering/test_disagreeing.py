"""Sources that disagree are shown where an answer or its question touches them, and only there."""

from __future__ import annotations

import pytest

from bot.answering.disagreeing import DisagreementReader
from bot.answering.draft import Draft, DraftConflict, Passage, Refusal, Statement
from bot.assistant import Assistant
from bot.catalogue.conflicts import Disagreement, find_disagreements
from bot.ingestion import ingest
from bot.settings import Settings
from bot.types import Document, Intent, Turn
from tests.support.drafts import document, passage

OLD = document("旧.txt", "青禾创新带由六市一区共同建设推进，2024年6月完成一期。沿线设有三处驿站。")
NEW = document("新.txt", "青禾创新带由七市一区共同建设推进，2024年6月完成一期。")
BANK = document("甲.txt", "东海银行的“惠民知产贷”面向科技企业。")
LOAN = document("乙.txt", "东海银行的“惠民知产担”面向科技企业。")
FOUND = find_disagreements((OLD, NEW, BANK, LOAN))
CITIES = "青禾创新带由{}市一区共同建设推进，2024年6月完成一期。"


def shown(draft: Draft, question: str, found: tuple[Disagreement, ...] = FOUND) -> list[tuple[str, ...]]:
    conflicts = DisagreementReader(found).attach(draft, question).conflicts
    return [tuple(value for value, _ in conflict.versions) for conflict in conflicts]


def answer(words: str, source: Document, place: Passage | None = None, **fields: object) -> Draft:
    statement = Statement(words, (place or passage(source, words),))
    return Draft(Intent.POLICY, (statement,), **fields)  # type: ignore[arg-type]


def test_the_two_disagreements_on_file_are_a_name_and_a_figure() -> None:
    assert [item.values for item in FOUND] == [("“惠民知产担”", "“惠民知产贷”"), ("七市", "六市")]
    assert [item.subject for item in FOUND] == [
        "东海银行“惠民知产担”/“惠民知产贷”",
        "青禾创新带由七市一区共同建设推进，202",
    ]


# --- the question names a value ------------------------------------------------------------------


@pytest.mark.parametrize(
    "question", ["惠民知产贷是什么？", "“惠民知产担”面向谁？", "东海银行有“惠民知产贷”吗", "有惠民知产担和别的贷款吗"]
)
def test_a_question_that_names_either_version_is_shown_both(question: str) -> None:
    assert shown(Draft(Intent.POLICY, (Statement("资料没有写明。"),)), question) == [("“惠民知产担”", "“惠民知产贷”")]


@pytest.mark.parametrize("question", ["惠民知产是什么？", "知产贷是什么？", "东海银行有什么产品？", "沿线有几处驿站？"])
def test_a_question_that_names_neither_version_is_shown_none(question: str) -> None:
    assert shown(Draft(Intent.POLICY, (Statement("资料没有写明。"),)), question) == []


@pytest.mark.parametrize("question", ["有哪些七市的项目？", "六市里哪里有驿站？"])
def test_a_figure_alone_is_no_name(question: str) -> None:
    assert shown(Draft(Intent.POLICY, (Statement("资料没有写明。"),)), question) == []
    assert shown(answer("沿线设有三处驿站。", OLD), question) == []


def test_a_figure_beside_what_it_is_of_is_answered_with_both() -> None:
    assert shown(answer(CITIES.format("六"), OLD), "青禾创新带是七市一区吗？") == [("七市", "六市")]


def test_width_and_case_of_a_name_make_no_difference() -> None:
    item = Disagreement("甲“AI贷款”/“AI担保”", ("“AI贷款”", "“AI担保”"), FOUND[0].statements)
    assert shown(Draft(Intent.POLICY), "ａｉ贷款怎么办？", (item,)) == [item.values]


# --- the answer rests on one of the sources ------------------------------------------------------

ABOUT = "青禾创新带由哪些地方共建？"


@pytest.mark.parametrize(("number", "source"), [("六", OLD), ("七", NEW)])
def test_an_answer_that_says_a_version_from_its_source_is_shown_both(number: str, source: Document) -> None:
    assert shown(answer(CITIES.format(number), source), ABOUT) == [("七市", "六市")]


def test_an_answer_from_the_source_that_says_no_version_is_shown_none() -> None:
    place = passage(OLD, CITIES.format("六"))
    assert shown(answer("青禾创新带共同建设推进。", OLD, place), ABOUT) == []
    assert shown(answer("沿线设有三处驿站。", OLD), ABOUT) == []


def test_a_version_said_from_another_place_or_document_is_shown_none() -> None:
    words = CITIES.format("六")
    assert shown(answer(words, OLD, passage(OLD, "沿线设有三处驿站。")), ABOUT) == []
    assert shown(answer(words, NEW, passage(BANK)), ABOUT) == []


def test_a_version_has_to_be_said_from_its_own_source() -> None:
    assert shown(answer(CITIES.format("六"), NEW, passage(NEW)), ABOUT) == []


def test_a_passage_that_only_borders_on_the_source_does_not_rest_on_it() -> None:
    (_, item) = FOUND
    end = next(source.end for source in item.statements if source.document_id == OLD.id)
    words = CITIES.format("六")
    assert shown(answer(words, OLD, Passage(OLD.id, end, end + 5)), ABOUT) == []
    assert shown(answer(words, OLD, Passage(OLD.id, end - 1, end + 5)), ABOUT) == [("七市", "六市")]


def test_a_version_said_in_the_lead_counts_like_one_in_the_text() -> None:
    statement = Statement("共同建设推进。", (passage(OLD, CITIES.format("六")),), lead="六市一区：")
    assert shown(Draft(Intent.POLICY, (statement,)), ABOUT) == [("七市", "六市")]


def test_a_question_about_a_neighbour_is_shown_none_unless_the_answer_is_a_list() -> None:
    words = CITIES.format("六")
    assert shown(answer(words, OLD), "沿线驿站是谁共同建设的？") == []
    assert shown(answer(words, OLD, listed=True), "沿线驿站是谁共同建设的？") == [("七市", "六市")]


# --- another spelling of what is asked about -----------------------------------------------------


@pytest.mark.parametrize(
    ("question", "spellings", "found"),
    [
        ("海行面向谁？", ("东海银行",), True),
        ("海行面向谁？", ("海行", "东海银行"), True),
        ("海行面向谁？", (), False),
        ("海行面向谁？", ("海行", "西海银行"), False),
        ("东海银行面向谁？", (), True),
    ],
)
def test_another_spelling_of_a_name_in_the_question_is_the_bearer_too(
    question: str, spellings: tuple[str, ...], found: bool
) -> None:
    draft = answer("东海银行的“惠民知产贷”面向科技企业。", BANK)
    conflicts = DisagreementReader(FOUND).attach(draft, question, spellings).conflicts
    assert [conflict.subject for conflict in conflicts] == ["东海银行“惠民知产担”/“惠民知产贷”"] * found


def test_a_spelling_alone_does_not_make_an_answer_rest_on_a_source() -> None:
    draft = answer("沿线设有三处驿站。", OLD)
    assert DisagreementReader(FOUND).attach(draft, "海行面向谁？", ("东海银行",)).conflicts == ()


def test_a_value_may_be_another_spelling_and_width_and_case_make_no_difference() -> None:
    item = Disagreement("甲“AI贷款”/“AI担保”", ("“AI贷款”", "“AI担保”"), FOUND[0].statements)
    attach = DisagreementReader((item,)).attach
    assert len(attach(Draft(Intent.POLICY), "那个贷款怎么办？", ("ａｉ贷款",)).conflicts) == 1
    assert attach(Draft(Intent.POLICY), "那个贷款怎么办？", ("ａｉ",)).conflicts == ()


def test_the_question_and_its_spellings_are_read_one_by_one() -> None:
    draft = Draft(Intent.POLICY, (Statement("资料没有写明。"),))
    attach = DisagreementReader(FOUND).attach
    assert attach(draft, "惠民知", ("产贷",)).conflicts == ()
    assert attach(draft, "贷款", ("惠民", "知产贷")).conflicts == ()


ORGANISATIONS = """- id: sea
  name: 东海银行
  aliases: [海行]
  kind: 银行
  document: 甲.txt
  profile:
  - {value: 面向科技企业, quote: 面向科技企业}
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("disagreeing")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in (
        ("甲.txt", "青禾区金融支持情况\n\n东海银行的“惠民知产贷”面向科技企业，按季发放。\n\n海运公司另有仓库两处。\n"),
        ("乙.txt", "青禾区科技金融通报\n\n东海银行的“惠民知产担”面向科技企业，按季发放。\n"),
        ("organisations.yaml", ORGANISATIONS),
        ("thesaurus.yaml", "- {words: [海行, 东海银行]}\n"),
    ):
        (corpus / name).write_text(text, encoding="utf-8")
    settings = Settings(corpus_dir=corpus, data_dir=folder / "data")
    ingest(settings)
    return Assistant.open(settings)


@pytest.mark.parametrize(("bearer", "found"), [("海行", True), ("东海银行", True), ("", False)])
def test_an_answer_about_a_bearer_by_any_of_its_names_is_shown_both(
    assistant: Assistant, bearer: str, found: bool
) -> None:
    told = assistant.ask(Turn(f"{bearer}面向科技企业的产品按季发放吗？"))
    assert not told.abstained and not told.nearest and "\n" not in told.answer
    assert [conflict.subject for conflict in told.conflicts] == ["东海银行“惠民知产担”/“惠民知产贷”"] * found


# --- what is attached ----------------------------------------------------------------------------


def test_a_refusal_that_tells_nothing_is_shown_none() -> None:
    question = "惠民知产贷是什么？"
    assert shown(Draft(Intent.POLICY, refusal=Refusal.SUBJECT_NOT_STATED), question) == []
    assert shown(Draft(Intent.POLICY), question) == [("“惠民知产担”", "“惠民知产贷”")]


def test_each_version_is_shown_with_its_own_passage_and_nothing_is_taken_away() -> None:
    earlier = DraftConflict("别的事", (("甲", passage(OLD)),))
    draft = answer(CITIES.format("六"), OLD, conflicts=(earlier,))
    attached = DisagreementReader(FOUND).attach(draft, "惠民知产贷是什么？")
    assert attached.statements == draft.statements
    first, second = attached.conflicts
    assert first == earlier and second.subject == "东海银行“惠民知产担”/“惠民知产贷”"
    assert second.versions == (("“惠民知产担”", passage(LOAN)), ("“惠民知产贷”", passage(BANK)))


def test_without_disagreements_a_draft_stays_as_it_is() -> None:
    draft = answer(CITIES.format("六"), OLD)
    assert DisagreementReader(()).attach(draft, ABOUT) == draft
