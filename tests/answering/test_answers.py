"""Answers of whole units, the nearest originals, and what became of a question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.draft import Draft, Statement
from bot.answering.readers.blocks import STRETCH_CHARACTERS
from bot.answering.readers.general import GeneralReader
from bot.answering.readers.passages import FoundBlock
from bot.answering.wording import NEAREST, NEAREST_FOREIGN, NO_NUMBER
from bot.assistant import Assistant
from bot.ingestion import ingest
from bot.serialization import answer_object
from bot.settings import Settings
from bot.types import Intent, Outcome, Turn

RULES = """南樟区创业服务券管理办法
南樟科〔2025〕7号

第一条 为支持小微企业，发放创业服务券，用于购买检测、设计和咨询服务，不得转让。
第二条 下列服务不予支持：
（一）法律规定的强制性检测；
（二）批量生产中的检测；
（三）已由其他财政资金支持的服务。
第三条 申请人应当符合下列条件：
（一）在本区注册满一年；
（二）从业人员不超过三百人。
第四条 服务券按合同金额的百分之三十兑付，每家企业每年最高6万元，逾期未兑付的作废，不予延期。
南樟区科学技术局
2025年4月8日
"""
OWN = """---
title: 创业服务券要点
text: own_words
source: https://example.org/a
---
# 创业服务券要点

2025年的消息说，服务券按合同金额的百分之三十兑付，每家企业每年最高6万元。

资料出处：创业服务券消息页，https://example.org/192.0.2/服务券兑付.html
"""
CONTACT = "南樟区培训通知\n\n培训在区图书馆举行，面向全区居民，免费参加。\n联系人：李某 联系电话：0533-6600011\n"

FRAMING = (
    "南樟区装裱说明\n\n南樟区文化馆为居民作品提供装裱，作品须为原件，尺寸不超过一米，每人每年两幅。"
    "贴花装裱每幅八十元；加急的当天可取，春节前后属于旺季，旺季另议。"
    "作品在装裱期间由文化馆保管，损坏的照价赔偿，领取时请出示回执，逾期一年未取的由馆方处理，不再另行通知作者本人。\n"
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("units")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in (("办法.txt", RULES), ("要点.md", OWN), ("培训.txt", CONTACT), ("装裱.txt", FRAMING)):
        (corpus / name).write_text(text, encoding="utf-8")
    settings = Settings(corpus_dir=corpus, data_dir=folder / "data")
    ingest(settings)
    return Assistant.open(settings)


def test_a_ban_is_told_with_its_lead_in(assistant: Assistant) -> None:
    answer = assistant.ask(Turn("强制性检测能用创业服务券吗？"))
    assert answer.outcome is Outcome.ANSWERED
    assert "下列服务不予支持：\n（一）法律规定的强制性检测" in answer.answer


def test_a_list_that_is_asked_for_is_told_with_its_lead_in_and_all_its_items(assistant: Assistant) -> None:
    answer = assistant.ask(Turn("创业服务券不予支持的服务有哪些？"))
    for part in ("下列服务不予支持：", "强制性检测", "批量生产", "其他财政资金"):
        assert part in answer.answer
    assert any(each.quote.startswith("第二条") and each.quote.endswith("支持的服务。") for each in answer.citations)


def test_a_sentence_keeps_its_end(assistant: Assistant) -> None:
    answer = assistant.ask(Turn("创业服务券按多少兑付？")).answer
    assert "百分之三十" in answer and "不予延期。" in answer


def test_an_original_is_told_before_our_own_words(assistant: Assistant) -> None:
    answer = assistant.ask(Turn("服务券每家企业每年最高多少？"))
    assert "6万元" in answer.answer
    assert [citation.document_id for citation in answer.citations][0] == "办法.txt"


@pytest.mark.parametrize(
    ("question", "frame"),
    [
        ("检测的钱掏不出来有人管吗", NEAREST),
        ("What are the conditions for applicants?", NEAREST_FOREIGN),
    ],
)
def test_what_is_near_is_shown_whole_and_framed(assistant: Assistant, question: str, frame: str) -> None:
    answer = assistant.ask(Turn(question))
    assert answer.outcome is Outcome.NEAREST and not answer.abstained
    assert answer.answer.startswith(frame) and 1 <= len(answer.citations) <= 3
    for citation in answer.citations:
        text = assistant.document(citation.document_id).text
        assert text[citation.start : citation.end] == citation.quote
        assert citation.start == 0 or text[citation.start - 1] in "\n。！？"
        assert "0533" not in citation.quote


@pytest.mark.parametrize(("question", "told"), [("服务券没兑上该找哪个科室", True), ("装裱坏了怎么赔", False)])
def test_beside_what_is_near_whoever_asks_whom_to_ask_is_told_that_no_number_is_given(
    assistant: Assistant, question: str, told: bool
) -> None:
    answerer = assistant._current()
    asking = answerer.asking(Turn(question))
    near = Draft(Intent.POLICY, (Statement("服务券逾期作废。"),), nearest=True)
    notes = answerer.planner.completed(near, asking).notes
    assert (NO_NUMBER in [each.text for each in notes]) is told
    assert NO_NUMBER not in [
        each.text for each in answerer.planner.completed(replace(near, nearest=False), asking).notes
    ]


def blocks(assistant: Assistant, question: str) -> tuple[FoundBlock, ...]:
    answerer = assistant._current()
    asking = answerer.asking(Turn(question))
    part = asking.understanding.parts[0]
    return tuple(judged.told for judged in GeneralReader(answerer.weights).judged(asking, part))


def test_a_stretch_of_a_long_paragraph_ends_where_a_sentence_does(assistant: Assistant) -> None:
    long = [each for each in blocks(assistant, "贴花装裱的费用怎么算") if each.block.document.id == "装裱.txt"]
    assert long and all(each.block.text.endswith("。") for each in long)
    assert any("贴花装裱每幅八十元；" in each.block.text and "旺季另议。" in each.block.text for each in long)


def test_a_long_paragraph_is_not_told_whole(assistant: Assistant) -> None:
    for question in ("装裱要多少钱", "作品装裱期间损坏了怎么办", "文化馆装裱作品的要求"):
        for each in blocks(assistant, question):
            paragraph = each.block.document.id == "装裱.txt"
            assert not paragraph or len(each.block.text) <= STRETCH_CHARACTERS


def test_a_contact_block_is_no_unit_of_an_answer(assistant: Assistant) -> None:
    found = blocks(assistant, "培训联系人李某的联系电话是多少")
    assert any("图书馆" in each.block.text for each in found)
    assert not any("0533" in each.block.text for each in found)


def test_where_our_own_words_come_from_is_no_answer(assistant: Assistant) -> None:
    found = blocks(assistant, "创业服务券消息的资料出处")
    assert found and not any("http" in each.block.text for each in found)


@pytest.mark.parametrize("question", ["红烧肉怎么做才不柴？", "明年世界杯在哪里踢", "Python 冒泡排序怎么写"])
def test_where_nothing_is_near_nothing_is_shown(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(Turn(question))
    assert answer.abstained and answer.outcome in (Outcome.NOT_STATED, Outcome.OUT_OF_SCOPE)
    assert NEAREST not in answer.answer


def test_outcome_and_language_are_told(assistant: Assistant) -> None:
    told = answer_object(assistant.ask(Turn("What are the conditions for applicants?")))
    assert (told["outcome"], told["language"]) == ("nearest", "en") and "nearest" not in told
    assert answer_object(assistant.ask(Turn("你好")))["outcome"] == "smalltalk"
    assert answer_object(assistant.ask(Turn("创业服务券按多少兑付？")))["language"] == "zh"


def test_of_what_is_asked_of_a_card_the_part_it_does_not_state_is_told(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "办法.txt").write_text(RULES, encoding="utf-8")
    (corpus / "programmes.yaml").write_text(
        "- id: voucher\n  name: 创业服务券\n  kind: 资金\n  document: 办法.txt\n  status: {value: in_force}\n"
        "  summary: {value: 用于购买检测服务, quote: 用于购买检测、设计和咨询服务}\n"
        "  amount: {value: 每家企业每年最高6万元, quote: 每家企业每年最高6万元}\n",
        encoding="utf-8",
    )
    settings = Settings(corpus_dir=corpus, data_dir=tmp_path / "data")
    ingest(settings)
    assistant = Assistant.open(settings)
    told = assistant.ask(Turn("创业服务券每年最高多少钱？申请创业服务券要准备哪些材料？"))
    assert "6万元" in told.answer.split("\n")[0] and told.answer.endswith("问到的所需材料：文件未写明。")
    assert not told.abstained
    assert "未写明" not in assistant.ask(Turn("创业服务券每年最高多少钱？")).answer
