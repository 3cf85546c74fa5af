"""Readers propose, the planner chooses: who was chosen, why, and what goes before what."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

import pytest

from bot.answering.asking import Proposal
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.planner import OPTIONAL_READERS, _rank
from bot.assistant import Assistant
from bot.errors import UsageError
from bot.evaluation.bench import check_parts
from bot.ingestion import ingest
from bot.settings import Settings
from bot.types import Intent, Outcome, Status, Turn
from tests.support.logged import logged

VOUCHERS = """栖霞谷科技局关于印发《栖霞谷创业券管理办法》的通知
栖科〔2025〕7号

第一条 为支持小微企业，制定本办法。
第二条 创业券按合同金额的百分之三十兑付，每家企业每年最高6万元。
第三条 申请创业券应当提交下列材料：
（一）申请表；
（二）服务合同；
（三）付款凭证。
第四条 下列服务不予支持：
（一）法律规定的强制性检测；
（二）批量生产中的检测。
第五条 申请自受理之日起15个工作日内办结。
第六条 本办法自2025年5月1日起施行，有效期至2028年4月30日。
栖霞谷科技局
2025年4月8日
"""
OLD = """栖霞谷科技局关于印发《栖霞谷工位租金减免细则》的通知
栖科〔2019〕3号

第一条 初创团队租用工位的，租金减免百分之五十，最长8个月。
第二条 本细则自2019年6月1日起施行，有效期至2022年5月31日。
栖霞谷科技局
2019年5月6日
"""
TODAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("planner")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "创业券.txt").write_text(VOUCHERS, encoding="utf-8")
    (corpus / "工位.txt").write_text(OLD, encoding="utf-8")
    made = Settings(corpus_dir=corpus, data_dir=folder / "data")
    ingest(made)
    return made


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Assistant:
    return Assistant(settings, today=lambda: TODAY)


def test_one_proposal_is_chosen_and_each_has_its_reason(assistant: Assistant) -> None:
    answer = assistant.ask(Turn("栖霞谷创业券管理办法的文号是什么？"))
    assert [each.chosen for each in answer.decisions].count(True) == 1
    assert answer.decisions[0].chosen and answer.decisions[0].reader == "document"
    assert all(each.reason and 0 <= each.confidence <= 1 for each in answer.decisions)
    assert {each.reader for each in answer.decisions} >= {"document", "units"}


def test_the_log_tells_why_and_never_the_question(assistant: Assistant, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="bot.answering.planner"):
        assistant.ask(Turn("创业券每家企业每年最高多少？"))
    (record,) = logged(caplog, "bot.answering.planner", logging.INFO)
    assert "units" in record.getMessage() and "chosen" in record.getMessage()
    assert "创业券" not in record.getMessage() and "6万" not in record.getMessage()


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("栖霞谷创业券管理办法的文号是什么？", "栖科〔2025〕7号"),
        ("栖霞谷创业券管理办法第五条讲什么？", "15个工作日内办结"),
        ("栖霞谷创业券管理办法有效期到什么时候？", "有效期至2028年4月30日"),
    ],
)
def test_a_document_is_asked_about_itself(assistant: Assistant, question: str, told: str) -> None:
    answer = assistant.ask(Turn(question))
    assert told in answer.answer and not answer.abstained


def test_an_article_ends_where_the_next_begins(assistant: Assistant) -> None:
    answer = assistant.ask(Turn("栖霞谷创业券管理办法第四条写的是什么？")).answer
    assert "强制性检测" in answer and "批量生产" in answer and "15个工作日" not in answer


def test_documents_are_listed_by_year(assistant: Assistant) -> None:
    answer = assistant.ask(Turn("2025年发布了哪些文件？"))
    assert "创业券管理办法" in answer.answer and "工位" not in answer.answer
    assert [each.value for each in answer.computed] == [1]


def test_each_of_two_questions_is_answered(assistant: Assistant) -> None:
    answer = assistant.ask(Turn("申请创业券要交什么材料，多少天能办结？")).answer
    assert "付款凭证" in answer and "15个工作日" in answer


def test_a_rule_that_has_expired_is_told_as_such_by_the_day_that_is_given(settings: Settings) -> None:
    question = Turn("工位租金减免最长几个月？")
    expired = Assistant(settings, today=lambda: TODAY).ask(question)
    assert [note.status for note in expired.statuses] == [Status.EXPIRED]
    assert any("已过期" in note for note in expired.notes)
    holding = Assistant(settings, today=lambda: date(2022, 5, 31)).ask(question)
    assert Status.EXPIRED not in [note.status for note in holding.statuses]


def test_whether_an_expired_rule_still_holds_is_answered_with_its_words(assistant: Assistant) -> None:
    answer = assistant.ask(Turn("工位租金减免现在还能申请吗？")).answer
    assert "已过期" in answer and "有效期至2022年5月31日" in answer


def test_a_figure_that_nothing_states_is_not_replaced_by_another(assistant: Assistant) -> None:
    answer = assistant.ask(Turn("创业券的贷款贴息利率是百分之几？"))
    assert answer.outcome in (Outcome.NOT_STATED, Outcome.NEAREST)


def test_an_ordinal_means_the_item_of_the_last_list(assistant: Assistant) -> None:
    history = ("申请创业券应当提交哪些材料？",)
    assert assistant.ask(Turn("第二个是什么意思？", history)).standalone_question.startswith("服务合同")


@pytest.mark.parametrize("question", ["澜岐大学的创业券最高多少？", "槐汀市的创业券最高多少？"])
def test_somebody_elses_rule_is_not_answered_with_ours(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(Turn(question))
    assert answer.abstained and "6万元" not in answer.answer


def test_a_reader_left_out_proposes_nothing(settings: Settings) -> None:
    answer = Assistant.open(settings, without={"document"}).ask(Turn("栖霞谷创业券管理办法的文号是什么？"))
    assert "document" not in {each.reader for each in answer.decisions}
    assert "document" in OPTIONAL_READERS and "units" not in OPTIONAL_READERS


def test_a_veto_goes_before_an_answer_and_that_before_what_is_near() -> None:
    told = (Statement("文件写明。"),)
    answered = Proposal("a", Draft(Intent.POLICY, told), 0.3, "")
    near = Proposal("b", Draft(Intent.POLICY, told, nearest=True), 0.9, "")
    refused = Proposal("c", Draft(Intent.POLICY, told, refusal=Refusal.SUBJECT_NOT_STATED), 1.0, "")
    sure = Proposal("d", refused.draft, 0.5, "", sure=True)
    veto = Proposal("e", refused.draft, 0.1, "", veto=True)
    ranked = sorted((refused, near, answered, veto, sure), key=_rank, reverse=True)
    assert [each.reader for each in ranked] == ["e", "a", "d", "b", "c"]


def test_an_unknown_part_cannot_be_left_out() -> None:
    with pytest.raises(UsageError, match="没有这个可以不用的部分"):
        check_parts(("magic",))
    check_parts(("catalogue",) if "catalogue" in OPTIONAL_READERS else OPTIONAL_READERS[:1])


def test_an_english_question_is_refused_in_english(assistant: Assistant) -> None:
    answer = assistant.ask(Turn("What is the weather like in the mountains tomorrow afternoon?"))
    assert answer.abstained and (answer.answer.isascii() or answer.intent is Intent.OUT_OF_SCOPE)


def test_an_answer_that_is_cut_says_so(tmp_path: Path) -> None:
    items = "".join(
        f"（{number}）第{number}类材料应当由申请人本人签字并且加盖单位公章后提交；\n" for number in range(1, 90)
    )
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    page = f"创业券问答\n一、申请创业券要交哪些材料？\n答：要交下列材料。\n{items}二、多久办结？\n答：15个工作日。\n"
    (corpus / "问答.txt").write_text(page, encoding="utf-8")
    made = Settings(corpus_dir=corpus, data_dir=tmp_path / "data")
    ingest(made)
    answer = Assistant.open(made).ask(Turn("申请创业券要交哪些材料？"))
    assert "第1类材料" in answer.answer and "第89类材料" not in answer.answer
    assert any("请看原文" in note for note in answer.notes)
