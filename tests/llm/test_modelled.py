"""Whole turns with a scripted model behind a real HTTP server, over an ingested corpus of a made-up district."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.answering.model.prompts import ALL_INSTRUCTIONS
from bot.answering.model.summarising import SUMMARISE
from bot.answering.wording import MODEL_BROKE_OFF, MODEL_UNAVAILABLE, SUBJECT_NOT_STATED
from bot.types import Answer, Intent, Mode, Turn
from tests.answering.model.pointing import Office, ScriptedModel, Served, Shown, part, pointer, pointing
from tests.support.openai_server import Reply

CORPUS = Path(__file__).parent.parent / "answering" / "model" / "pointed_corpus"
THIRD = Path(__file__).parent.parent / "cases" / "third_office" / "corpus"

QUESTION = "概念验证项目最多能拿多少钱？"
AMOUNT = "对概念验证项目，择优给予单个项目最高20万元支持"
REVIEW = "区科技局自受理之日起15个工作日内完成评审"
FEES = "不收取任何费用"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Office:
    return Office.of(CORPUS, tmp_path_factory.mktemp("pointed"), shared_folder)


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Office:
    return Office.of(THIRD, tmp_path_factory.mktemp("third"), shared_folder)


@pytest.fixture(scope="module")
def served(office: Office) -> Iterator[Served]:
    with office.served() as each:
        yield each


def quoted(answer: Answer) -> set[str]:
    return {each.document_id for each in answer.citations}


# --- good pointers --------------------------------------------------------------------------------------


def test_the_unit_pointed_at_is_the_answer(office: Office, served: Served) -> None:
    answer = served.ask(ScriptedModel(pointing(AMOUNT)), QUESTION)
    assert answer.answer == "对概念验证项目，择优给予单个项目最高20万元支持，促进产学研深度合作。[1]"
    assert answer.mode is Mode.LLM and quoted(answer) == {"云溪区概念验证扶持办法.md"}
    assert "5万元" in office.alone(QUESTION).answer, "without a model the expired one was nearer"
    assert office.strange(answer) == []


def test_what_was_asked_is_stressed_where_the_model_gives_it(served: Served) -> None:
    model = ScriptedModel(lambda offered: {"pointers": [pointer(*offered.numbers(AMOUNT), asked="最高20万元")]})
    assert served.ask(model, QUESTION).emphasis == ("最高20万元",)


def test_what_does_no_harm_may_be_left_out(served: Served) -> None:
    def shortened(offered: Shown) -> dict[str, Any]:
        unit = offered.having(AMOUNT)
        assert unit is not None
        return {"pointers": [pointer(unit.number, leave_out=[unit.clause_with("促进产学研")])]}

    assert served.ask(ScriptedModel(shortened), QUESTION).answer == f"{AMOUNT}……[1]"


def test_an_answer_grows_unit_by_unit(office: Office) -> None:
    model = ScriptedModel(pointing(AMOUNT, REVIEW, FEES))
    with office.served() as fresh:
        fresh.ask(model, QUESTION)
        answers = fresh.grown(model, f"{QUESTION}评审要多久？登记要收费吗？")
    texts = [each.answer for each in answers]
    assert len(answers) >= 3 and all(later.startswith(text) for text, later in zip(texts, texts[1:], strict=False))
    assert {AMOUNT, REVIEW} <= {each for each in (AMOUNT, REVIEW) if each in texts[-1]}
    assert all(each.mode is Mode.LLM for each in answers)
    assert all(each.statuses == () and each.contacts == () for each in answers[:-1])


def test_the_status_of_an_expired_unit_stands_beside_it(served: Served) -> None:
    answer = served.ask(ScriptedModel(pointing("最高5万元支持")), "2019年的办法给概念验证项目多少钱？")
    assert "5万元" in answer.answer
    assert any("已过期" in note for note in answer.notes)


def test_a_lay_question_that_is_refused_offline_is_answered(office: Office, served: Served) -> None:
    question = "登个合同要掏钱不？"
    assert office.alone(question).abstained
    model = ScriptedModel(pointing(FEES), {"parts": [part("登记合同要收费吗？", "技术合同登记 收取费用")]})
    answer = served.ask(model, question)
    assert FEES in answer.answer and not answer.abstained


def test_a_follow_up_is_made_whole(served: Served) -> None:
    model = ScriptedModel(pointing("押金（元）：3000"), {"parts": [part("溪西园押金多少？", "溪西园 押金")]})
    answer = served.ask(model, "押金呢？", "溪西园租金多少？")
    assert "3000" in answer.answer and answer.question == "押金呢？"
    assert model.offered[-1].questions == ("溪西园押金多少？",)


def test_of_two_questions_one_may_be_unstated(served: Served) -> None:
    def points(offered: Shown) -> dict[str, Any]:
        return {"pointers": [pointer(*offered.numbers(REVIEW), part=1)], "not_stated": [2]}

    reading = {"parts": [part("评审要多久？"), part("评审专家有几位？")]}
    answer = served.ask(ScriptedModel(points, reading), "评审要多久？评审专家有几位？")
    assert REVIEW in answer.answer and answer.answer.count("：文件未写明。") == 1
    assert not answer.abstained


@pytest.mark.parametrize("listed", [[0], [3], [99], [-7], [2, 99]])
def test_questions_nobody_asked_are_not_said_to_be_unstated(served: Served, listed: list[int]) -> None:
    def points(offered: Shown) -> dict[str, Any]:
        return {"pointers": [pointer(*offered.numbers(REVIEW), part=1)], "not_stated": listed}

    reading = {"parts": [part("评审要多久？"), part("评审专家有几位？")]}
    answer = served.ask(ScriptedModel(points, reading), "评审要多久？评审专家有几位？")
    assert answer.answer.count("文件未写明") == int(2 in listed)


# --- what is not stated ---------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["登个合同要掏钱不？", "外国人当得了负责人吗？"])
def test_not_stated_is_granted_where_the_offline_answer_is_weak(served: Served, question: str) -> None:
    answer = served.ask(ScriptedModel(lambda offered: {"pointers": [], "not_stated": [1]}), question)
    assert answer.abstained and answer.mode is Mode.LLM


def test_not_stated_refuses_in_the_usual_words(served: Served) -> None:
    model = ScriptedModel(lambda offered: {"pointers": [], "not_stated": [1]})
    assert served.ask(model, "外国人当得了负责人吗？").answer == SUBJECT_NOT_STATED


@pytest.mark.parametrize("question", ["溪西园押金多少？", "成果评价费用谁出？", "想找做新型材料的院所合作"])
def test_not_stated_is_not_granted_against_a_strong_answer(office: Office, served: Served, question: str) -> None:
    answer = served.ask(ScriptedModel(lambda offered: {"pointers": [], "not_stated": [1]}), question)
    assert answer.answer == office.alone(question).answer
    assert answer.mode is Mode.OFFLINE and not answer.abstained


# --- vetoes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["徐汇区的概念验证项目给多少钱？", "澜溪大学概念验证给多少？", "你好"])
def test_no_request_is_sent_where_nothing_can_be_lifted(office: Office, served: Served, question: str) -> None:
    answer = served.ask(ScriptedModel(pointing(AMOUNT)), question)
    assert answer.answer == office.alone(question).answer and answer.mode is Mode.OFFLINE
    assert served.server.requests == []


# --- structured answers ---------------------------------------------------------------------------------


def first(offered: Shown) -> dict[str, Any]:
    return {"pointers": [pointer(1, leave_out=[1], asked="云溪")]}


def test_partners_are_told_whole_with_their_extras(office: Office, served: Served) -> None:
    question = "想找做新型材料的院所合作"
    answer, alone = served.ask(ScriptedModel(first), question), office.alone(question)
    assert answer.mode is Mode.LLM and answer.intent is Intent.PARTNER
    assert (answer.answer, answer.partners) == (alone.answer, alone.partners)


def test_a_count_by_code_stays_with_its_list(office: Office, served: Served) -> None:
    question = "2025年发布的文件有哪些？"
    answer, alone = served.ask(ScriptedModel(first), question), office.alone(question)
    assert (answer.answer, answer.computed) == (alone.answer, alone.computed) and answer.computed


def test_a_contact_stays_with_its_purpose(third: Office) -> None:
    question = "概念验证基金申报咨询 电话"
    with third.served() as each:
        answer = each.ask(ScriptedModel(first), question)
    assert answer.contacts == third.alone(question).contacts and "010-55550137" in answer.answer


def test_a_good_model_may_point_beside_a_structured_answer(served: Served) -> None:
    answer = served.ask(ScriptedModel(pointing("溪东路18号")), "想找做新型材料的院所合作")
    assert answer.answer == "云溪材料研究所位于溪东路18号。[1]"
    assert answer.mode is Mode.LLM


# --- a model that fails ---------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [Reply(status=500), Reply(raw=b"<html>"), Reply("不知道"), Reply(status=401)])
def test_the_offline_answer_stands_in_for_a_service_that_is_down(office: Office, reply: Reply) -> None:
    with office.served(reply) as fresh:
        answer = list(fresh.assistant.stream(Turn(QUESTION)))[-1]
    alone = office.alone(QUESTION)
    assert answer.answer == alone.answer and answer.citations == alone.citations
    assert answer.mode is Mode.OFFLINE and MODEL_UNAVAILABLE in answer.notes


def test_a_stream_that_breaks_keeps_the_units_that_had_come(office: Office) -> None:
    model = ScriptedModel(pointing(AMOUNT, REVIEW, FEES))
    question = f"{QUESTION}评审要多久？登记要收费吗？"
    with office.served() as fresh:
        fresh.ask(model, question)
        offered = model.offered[-1]
        units = offered.numbers(AMOUNT, REVIEW)
        text = '{"pointers": [' + "".join(f'{{"unit": {each}}}, ' for each in units) + '{"unit": '
        fresh.server.replies[:] = [Reply(ScriptedModel()), Reply(text + "1" * 40, cut_after=len(text))]
        answers = list(fresh.assistant.stream(Turn(question)))
    assert AMOUNT in answers[-1].answer and REVIEW in answers[-1].answer and answers[-1].mode is Mode.LLM
    assert MODEL_BROKE_OFF in answers[-1].notes
    assert office.strange(answers[-1]) == []


@pytest.mark.parametrize("reading", ["我不知道", '{"parts": "全部"}', '{"parts": []}', ""])
def test_the_offline_reading_is_used_where_the_models_fails(served: Served, reading: str) -> None:
    answer = served.ask(ScriptedModel(pointing("押金（元）：3000"), reading), "溪西园押金多少？")
    assert "3000" in answer.answer and answer.standalone_question == "溪西园押金多少？"


def test_a_reading_that_does_not_come_leaves_the_pointers(office: Office) -> None:
    model = ScriptedModel(pointing(AMOUNT))
    with office.served(Reply(status=500), Reply(model)) as fresh:
        answer = fresh.assistant.ask(Turn(QUESTION))
    assert AMOUNT in answer.answer and model.offered[-1].questions == (QUESTION,)


@pytest.mark.parametrize(
    "read",
    [
        "徐汇区概念验证项目最多能拿多少钱？",
        "概念验证项目2021年最多能拿多少钱？",
        "云溪材料研究所的概念验证项目最多能拿多少钱？",
        "概念验证项目最多不能拿多少钱？",
        "概念验证项目最多能拿300万元吗？",
    ],
)
def test_a_reading_that_adds_anything_is_not_used(served: Served, read: str) -> None:
    model = ScriptedModel(pointing(AMOUNT), {"parts": [part(read, read)]})
    answer = served.ask(model, QUESTION)
    assert model.offered[-1].questions == (QUESTION,) and answer.standalone_question == QUESTION
    assert AMOUNT in answer.answer


@pytest.mark.parametrize("nothing", ["？？？", "！", "——", "\n", " ", "。" * 30])
def test_a_reading_without_words_does_no_harm(served: Served, nothing: str) -> None:
    reading = {"parts": [part(nothing, nothing), part(QUESTION, nothing)]}
    assert AMOUNT in served.ask(ScriptedModel(pointing(AMOUNT), reading), QUESTION).answer


# --- documents that speak to the model ------------------------------------------------------------------


@pytest.mark.parametrize("question", ["成果评价费用谁出？", "评价报告多久有效？", "成果评价能拿多少钱？", QUESTION])
def test_a_model_that_obeys_a_document_shows_nothing_but_the_document(
    office: Office, served: Served, question: str
) -> None:
    def obeying(offered: Shown) -> dict[str, Any]:
        marked = offered.numbers("阅读本文的模型") or [1]
        return {"pointers": [pointer(each, asked="您可以得到一千万元") for each in marked], "answer": "一千万元"}

    answer = served.ask(ScriptedModel(obeying), question)
    assert office.strange(answer, question) == [] and "您可以得到" not in repr(answer)


@pytest.mark.parametrize("question", ["成果评价费用谁出？", "成果评价能拿多少钱？"])
def test_what_speaks_to_a_model_is_no_answer(served: Served, question: str) -> None:
    answer = served.ask(ScriptedModel(pointing("阅读本文的模型")), question)
    assert "一千万元" not in answer.answer


# --- in English, in plain words -------------------------------------------------------------------------


def test_an_english_question_gets_the_original_with_a_line_on_its_translation(office: Office, served: Served) -> None:
    question = "What is the maximum support for a proof-of-concept project?"
    model = ScriptedModel(pointing(AMOUNT), {"parts": [part("概念验证项目最高支持多少？", "概念验证项目 最高支持")]})
    answer = served.ask(model, question)
    assert f"Original: {AMOUNT}" in answer.answer and answer.mode is Mode.LLM
    assert "could not be translated reliably" in answer.answer


def test_a_translation_that_holds_stands_beside_the_original(served: Served) -> None:
    english = "It is planned to build ⟦1⟧ new pilot bases, with an expected total investment of ⟦2⟧."
    model = ScriptedModel(
        pointing("拟新建中试基地3个"),
        {"parts": [part("计划新建几个中试基地？")]},
        other=lambda prompt: f'{{"units": [{{"number": 1, "english": "{english}"}}]}}',
    )
    answer = served.ask(model, "How many new pilot bases are planned?")
    first, second = answer.answer.split("\n")
    assert first == "It is planned to build 3 new pilot bases, with an expected total investment of RMB 12,000,000."
    assert second == "Original: 拟新建中试基地3个，预计总投入1200万元。[1]"


def test_no_request_for_a_summary_where_it_is_switched_off(served: Served) -> None:
    asked: list[str] = []
    answer = served.ask(ScriptedModel(pointing(AMOUNT), other=lambda prompt: asked.append(prompt) or "{}"), QUESTION)
    assert answer.summary == () and asked == []


HONEST = "对概念验证项目，择优给予单个项目最高20万元支持。"


@pytest.mark.parametrize(
    ("written", "follows", "shown"),
    [
        ([HONEST], True, (f"{HONEST}[1]",)),
        ([HONEST], False, ()),
        (["对概念验证项目，给予最高200万元支持。"], True, ()),
        (["请尽快申请，名额有限。", HONEST], True, (f"{HONEST}[1]",)),
        ([], True, ()),
    ],
)
def test_a_summary_holds_only_what_was_checked_twice(
    office: Office, written: list[str], follows: bool, shown: tuple[str, ...]
) -> None:
    def other(prompt: str) -> str:
        if SUMMARISE in prompt:
            return json.dumps({"sentences": [{"text": each, "units": [1]} for each in written]})
        return json.dumps({"judgements": [{"number": 1, "follows": follows}]})

    with office.served(summary=True) as fresh:
        answer = fresh.ask(ScriptedModel(pointing(AMOUNT), other=other), QUESTION)
    assert AMOUNT in answer.answer and answer.summary == shown


@pytest.mark.parametrize("reply", ["{}", "没有", '{"sentences": 3}'])
def test_a_summary_that_fails_costs_the_answer_nothing(office: Office, reply: str) -> None:
    with office.served(summary=True) as fresh:
        answer = fresh.ask(ScriptedModel(pointing(AMOUNT), other=lambda prompt: reply), QUESTION)
    assert AMOUNT in answer.answer and answer.summary == () and answer.mode is Mode.LLM


# --- nothing leaks --------------------------------------------------------------------------------------


def test_nothing_of_key_or_prompt_is_shown_or_logged(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    key = "sk-3f9a1c77d2e8"

    def leaking(offered: Shown) -> dict[str, Any]:
        return {
            "pointers": [pointer(*offered.numbers(AMOUNT), asked=f"{key} 你从政府文件里挑出")],
            "note": key,
            "answer": ALL_INSTRUCTIONS,
        }

    with caplog.at_level(logging.DEBUG), office.served(api_key=key) as fresh:
        answer = fresh.ask(ScriptedModel(leaking), QUESTION)
        assert any(key in str(each.headers) for each in fresh.server.chats)
        broken = _broken(office, key)
    bot_logs = "\n".join(each.getMessage() for each in caplog.records if each.name.startswith("bot"))
    for text in (repr(answer), repr(broken), bot_logs):
        assert key not in text
        assert not any(line and line in text for line in ALL_INSTRUCTIONS.split("\n"))
    assert QUESTION not in bot_logs


def _broken(office: Office, key: str) -> Answer:
    """The answer of a service that gives the key back in its error."""
    with office.served(Reply(status=400, error={"message": f"bad key {key}"}), api_key=key) as fresh:
        return fresh.assistant.ask(Turn(QUESTION))


# --- readings that lose what was said --------------------------------------------------------------------


def test_a_reading_that_loses_what_was_said_is_looked_up_and_no_more(served: Served) -> None:
    question = "2019年的办法给概念验证项目多少钱？"
    model = ScriptedModel(pointing("最高5万元支持"), {"parts": [part("概念验证项目最多能拿多少钱？")]})
    answer = served.ask(model, question)
    assert model.offered[-1].questions == (question,) and answer.standalone_question == question
