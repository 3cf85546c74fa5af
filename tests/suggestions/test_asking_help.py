"""Help to ask over three real corpora: what is offered is answered, and offered where it helps."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.assistant import Assistant
from bot.settings import load_settings
from bot.types import Answer, Outcome, Turn
from tests.support.corpora import ingested_copy

CASES = {group["corpus"]: group for group in yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))}
OTHERS = ("second_district", "third_office")
#: First run 31 of 33, 7 of 16, 11 of 11; later 32, 14, 11.
HALF_TYPED, BARE = 0.9, 0.8


@pytest.fixture(scope="module")
def offices(
    assistant: Assistant, cases_dir: Path, tmp_path_factory: pytest.TempPathFactory, shared_folder: Path
) -> dict[str, Assistant]:
    opened = {"main": assistant}
    for name in OTHERS:
        corpus = cases_dir / name / "corpus"
        data = ingested_copy(corpus, tmp_path_factory.mktemp(name), shared_folder)
        opened[name] = Assistant.open(load_settings(environment={}, corpus_dir=corpus, data_dir=data))
    return opened


def held(questions: tuple[str, ...], words: list[str]) -> bool:
    return any(word in question for question in questions for word in words)


def test_half_typed_questions_find_what_is_meant(offices):
    found = [
        held(offices[name].suggest(case["typed"]), case["any"])
        for name, group in CASES.items()
        for case in group["half_typed"]
    ]
    assert sum(found) / len(found) >= HALF_TYPED, found


def test_a_bare_word_opens_a_choice_and_a_question_opens_none(offices):
    found = []
    for name, group in CASES.items():
        for case in group["bare"]:
            choices = offices[name].ask(Turn(case["word"])).choices
            found.append(2 <= len(choices) <= 5 and held(choices, case["any"]))
        for question in group["whole"]:
            assert offices[name].ask(Turn(question)).choices == (), question
    assert sum(found) / len(found) >= BARE, found


@pytest.mark.parametrize("name", CASES)
def test_every_example_and_every_suggestion_shown_is_answered(offices, name):
    office = offices[name]
    shown = [question for group in office.examples for question in group.questions]
    shown += [office.placeholder, *office.suggest(CASES[name]["half_typed"][0]["typed"])]
    assert len(shown) > 3 and all(shown)
    for question in shown:
        assert office.ask(Turn(question)).outcome is Outcome.ANSWERED, question


def test_the_staffs_examples_are_shown_where_there_are_any(offices):
    own = offices["main"].scope.examples
    assert [group.title for group in offices["main"].examples] == [group.title for group in own]
    assert offices["third_office"].examples[0].questions


def test_two_corpora_show_different_examples(offices):
    assert len({office.placeholder for office in offices.values()}) == len(offices)


def asked(office: Assistant, question: str) -> Answer:
    return office.ask(Turn(question))


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("main", "联合创新项目最高能给多少？"),
        ("main", "人才栖寓已经受理了多少人申报？"),
        ("main", "善新贷最高能贷多少"),
        ("second_district", "上云补助连续几年"),
        ("second_district", "数字化诊断补助比例是多少"),
        ("third_office", "申请周转房要什么条件"),
        ("third_office", "高级技术经理人有几个岗位"),
        ("third_office", "校外兼职每周几天"),
    ],
)
def test_what_to_ask_next_is_new_answered_and_on_the_same_documents(offices, name, question):
    office = offices[name]
    answer = asked(office, question)
    assert 1 <= len(answer.follow_ups) <= 3 and question not in answer.follow_ups
    cited = {citation.document_id for citation in answer.citations}
    for follow_up in answer.follow_ups:
        following = asked(office, follow_up)
        assert following.outcome is Outcome.ANSWERED, follow_up
        if not answer.abstained:
            assert cited & {citation.document_id for citation in following.citations}, follow_up


def test_what_was_asked_before_is_not_offered_again(offices):
    office = offices["third_office"]
    first = asked(office, "申请周转房要什么条件").follow_ups[0]
    again = office.ask(Turn("申请周转房要什么条件", (first,)))
    assert first not in again.follow_ups


def test_a_misspelt_name_is_taken_for_the_one_that_answers(offices):
    answer = asked(offices["main"], "揭榜挂甩是什么")
    assert answer.spelling and answer.spelling[0].meant == "揭榜挂帅"
    taken = [asked(offices["main"], question) for question in ("高新待是什么？", "请问普新贷是哪家银行的？")]
    for answer, meant in zip(taken, ("高新贷", "浦新贷"), strict=True):
        (offer,) = answer.spelling
        assert offer.meant == meant and meant in offer.question and offer.applied
        assert answer.outcome is Outcome.ANSWERED and answer.standalone_question == offer.question
        assert meant in answer.answer and answer.question != answer.standalone_question


def test_a_slip_that_changes_the_sound_is_offered_and_not_taken(offices):
    answer = asked(offices["main"], "联合创新项月最高能给多少？")
    assert [offer.applied for offer in answer.spelling] == [False]
    assert answer.standalone_question == "联合创新项月最高能给多少？"


@pytest.mark.parametrize("question", ["惠新贷最高多少", "徐汇区有什么贷款", "高新贷是什么？", "智慧知产担是什么"])
def test_another_name_is_never_corrected(offices, question):
    assert asked(offices["main"], question).spelling == ()


def test_an_answer_waits_longer_than_a_suggestion(offices):
    from time import perf_counter

    office = offices["main"]
    typed = [case["typed"] for case in CASES["main"]["half_typed"]]
    office.suggest("热身")
    started = perf_counter()
    for text in typed:
        office.suggest(f"{text}呢")
    suggested = perf_counter() - started
    started = perf_counter()
    for text in typed:
        asked(office, f"{text}呢？")
    assert suggested < (perf_counter() - started) / 2


def test_an_index_without_a_list_helps_all_the_same(offices, monkeypatch):
    from bot.suggestions.helping import AskingHelp
    from bot.suggestions.records import SuggestionList

    catalogue = offices["main"].catalogue
    bare = AskingHelp(SuggestionList(), catalogue, (), lambda text: None, lambda pair: False)
    assert bare.suggest("善新贷") == () and bare.examples == catalogue.scope.examples
    answer = asked(offices["main"], "善新贷是什么？")
    assert bare.completed(answer, Turn("善新贷是什么？")).choices == ()
