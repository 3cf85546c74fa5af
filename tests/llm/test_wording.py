"""Introductions worded by a scripted model: sentences from the facts, the template for everything else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.introductions.records import Block, BlockKind, Form, Introduction, Stage, TracedFact
from bot.introductions.wording import UNAVAILABLE_NOTE, WordedIntroduction, word_introduction
from bot.llm import Deadline, ModelService
from bot.settings import LlmSettings
from bot.types import Mode
from tests.support.openai_server import OpenAIServer, Reply

FACTS = (
    TracedFact("耐高温隔膜涂层", "成果 o1「名称」"),
    TracedFact("解决隔膜在150℃以上收缩的问题", "成果 o1「解决的问题」"),
    TracedFact("6 级", "成果 o1「技术成熟度」"),
    TracedFact("双方都写到“隔膜涂层”", "需求 n1 与 成果 o1 的原文"),
    TracedFact("星河材料有限公司", "机构 g1「名称」"),
    TracedFact("何某，55551234", "成果方联系方式（已有双方同意的记录）"),
    TracedFact("2025年6月1日", "起草日期"),
)
BLOCKS = (
    Block(BlockKind.TITLE, "技术对接征询函"),
    Block(BlockKind.PARAGRAPH, "征得双方同意之前，我们不会把名称和联系方式告诉对方。"),
    Block(BlockKind.HEADING, "对方成果概况"),
    Block(BlockKind.ITEM, "成果名称：耐高温隔膜涂层"),
    Block(BlockKind.ITEM, "解决的问题：解决隔膜在150℃以上收缩的问题"),
    Block(BlockKind.ITEM, "技术成熟度：6 级"),
    Block(BlockKind.HEADING, "为什么推荐"),
    Block(BlockKind.ITEM, "双方都写到“隔膜涂层”"),
    Block(BlockKind.HEADING, "双方"),
    Block(BlockKind.ITEM, "成果方：星河材料有限公司"),
    Block(BlockKind.ITEM, "联系：何某，55551234"),
    Block(BlockKind.HEADING, "请贵单位答复"),
    Block(BlockKind.ITEM, "是否愿意与对方接触；"),
    Block(BlockKind.SIGNATURE, "2025年6月1日"),
)
DRAFT = Introduction("n1", "o1", Stage.JOINT, Form.LETTER, "模板全文", FACTS, blocks=BLOCKS)
GOOD = "这项耐高温隔膜涂层，解决隔膜在150℃以上收缩的问题。[1][2]技术成熟度为6级。[3]双方都写到“隔膜涂层”。[4]"


def worded(
    reply: Reply, draft: Introduction = DRAFT, look: Callable[[OpenAIServer], None] = lambda server: None
) -> WordedIntroduction:
    with OpenAIServer(reply) as server:
        service = ModelService(LlmSettings(base_url=server.base_url, model="test-model"))
        result = word_introduction(service, draft, Deadline.after(3.0))
        look(server)
    return result


def test_fact_lines_become_sentences_and_everything_else_stays() -> None:
    result = worded(Reply(GOOD))
    assert (result.mode, result.note) == (Mode.LLM, "")
    text = result.introduction.text
    assert "解决隔膜在150℃以上收缩的问题。技术成熟度为6级。" in text
    assert "成果名称：" not in text and "[1]" not in text
    for kept in ("征得双方同意之前", "是否愿意与对方接触；", "成果方：星河材料有限公司", "2025年6月1日"):
        assert kept in text
    assert result.introduction.facts == FACTS
    assert text.index("对方成果概况") < text.index("150℃") < text.index("为什么推荐") < text.index("双方都写到")


def test_names_and_contacts_of_the_parties_never_reach_the_model() -> None:
    def look(server: OpenAIServer) -> None:
        sent = str(server.chats[0].body)
        assert "150℃" in sent
        for private in ("星河", "何某", "55551234", "是否愿意"):
            assert private not in sent

    worded(Reply(GOOD), look=look)


@pytest.mark.parametrize(
    "wrong",
    [
        "技术成熟度为9级。[3]",
        "解决隔膜在250℃以上收缩的问题。[2]",
        "成果出自星河材料有限公司。[1]",
        "保证解决隔膜在150℃以上收缩的问题。[2]",
        "技术成熟度为6级，双方都写到“隔膜涂层”。[3][4]",
        "技术成熟度为6级。",
    ],
)
def test_a_wrong_sentence_is_left_out_and_its_fact_stays_in_the_template(wrong: str) -> None:
    result = worded(Reply(f"这项成果名称是耐高温隔膜涂层。[1]{wrong}"))
    assert result.mode is Mode.LLM and result.note
    text = result.introduction.text
    assert wrong.split("[")[0] not in text
    assert "• 技术成熟度：6 级" in text and "• 解决的问题：" in text
    assert "• 成果名称：" not in text


def test_half_a_fact_does_not_replace_the_whole() -> None:
    result = worded(Reply("解决隔膜的收缩问题。[2]"))
    assert "• 解决的问题：解决隔膜在150℃以上收缩的问题" in result.introduction.text


@pytest.mark.parametrize(
    "reply", [Reply(status=500), Reply(GOOD, cut_after=20), Reply("没完没了", endless=True), Reply(raw=b"<html>")]
)
def test_a_failing_service_leaves_the_template(reply: Reply) -> None:
    assert worded(reply) == WordedIntroduction(DRAFT, Mode.OFFLINE, UNAVAILABLE_NOTE)


def test_a_blocked_draft_is_never_sent() -> None:
    blocked = Introduction("n1", "o1", Stage.JOINT, Form.LETTER, "", blocked="还缺成果方的同意")

    def look(server: OpenAIServer) -> None:
        assert server.requests == []

    assert worded(Reply(GOOD), blocked, look) == WordedIntroduction(blocked, Mode.OFFLINE)
