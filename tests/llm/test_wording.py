"""Introductions put in order by a scripted model: the template's facts, no word of the model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bot.introductions import wording
from bot.introductions.records import Form, Introduction, Stage, TracedFact
from bot.introductions.wording import DROPPED_NOTE, UNAVAILABLE_NOTE, WordedIntroduction, word_introduction
from bot.llm import Deadline, ModelService
from bot.printing.blocks import Block, BlockKind
from bot.settings import LlmSettings
from bot.text.figures import figure_keys
from bot.types import Mode
from tests.support.openai_server import OpenAIServer, Reply

BENEFIT = "我们建设了一条涂覆中试线，年产能200万平方米，有力推动行业高质量发展。"
SERVICE = "为企业提供中试服务，促进产学研深度合作。不对外地企业提供。"
LIMITED = "可许可给隔膜企业，但不含境外企业，如需独占另议，许可费不低于30万元。"
FACTS = (
    TracedFact("耐高温隔膜涂层", "成果 o1「名称」"),
    TracedFact("解决隔膜在150℃以上收缩的问题", "成果 o1「解决的问题」"),
    TracedFact(BENEFIT, "成果 o1「效益」"),
    TracedFact("6 级", "成果 o1「技术成熟度」"),
    TracedFact(SERVICE, "成果 o1「寻求的合作」"),
    TracedFact(LIMITED, "成果 o1「知识产权」"),
    TracedFact("双方都写到“隔膜涂层”：需求写“找隔膜涂层，促进产学研合作”。两处说法一致", "需求 n1 与 成果 o1 的原文"),
    TracedFact("同属新材料领域", "需求 n1 与 成果 o1 的原文"),
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
    Block(BlockKind.ITEM, f"效益：{BENEFIT}"),
    Block(BlockKind.ITEM, "技术成熟度：6 级"),
    Block(BlockKind.ITEM, f"希望的合作：{SERVICE}"),
    Block(BlockKind.ITEM, f"知识产权：{LIMITED}"),
    Block(BlockKind.HEADING, "为什么推荐"),
    Block(BlockKind.ITEM, FACTS[6].text),
    Block(BlockKind.ITEM, "同属新材料领域"),
    Block(BlockKind.HEADING, "双方"),
    Block(BlockKind.ITEM, "成果方：星河材料有限公司"),
    Block(BlockKind.ITEM, "联系：何某，55551234"),
    Block(BlockKind.ITEM, "可直接拨打55551234了解6 级样品"),
    Block(BlockKind.HEADING, "请贵单位答复"),
    Block(BlockKind.ITEM, "是否愿意与对方接触；"),
    Block(BlockKind.SIGNATURE, "2025年6月1日"),
)
PREFIX = {BlockKind.ITEM: "• "}
TEXT = "\n".join(
    ("\n" if at and block.kind in (BlockKind.HEADING, BlockKind.SIGNATURE) else "")
    + PREFIX.get(block.kind, "")
    + block.text
    for at, block in enumerate(BLOCKS)
)
DRAFT = Introduction("n1", "o1", Stage.JOINT, Form.LETTER, TEXT, FACTS, blocks=BLOCKS)
#: Places of the fact lines among the blocks, by group.
GROUPS = (range(3, 9), range(10, 12))


def worded(
    reply: Reply | dict[str, Any],
    draft: Introduction = DRAFT,
    look: Callable[[OpenAIServer], None] = lambda server: None,
) -> WordedIntroduction:
    with OpenAIServer(reply if isinstance(reply, Reply) else Reply(tool=reply)) as server:
        service = ModelService(LlmSettings(base_url=server.base_url, model="test-model"))
        result = word_introduction(service, draft, Deadline.after(5.0))
        look(server)
    return result


def out(line: int, *clauses: int) -> dict[str, Any]:
    return {"line": line, "clauses": list(clauses)}


def is_sound(result: WordedIntroduction) -> None:
    """What holds of every letter whatever a model sends."""
    blocks = result.introduction.blocks
    assert len(blocks) == len(BLOCKS)
    moved = {place for group in GROUPS for place in group}
    assert all(blocks[place] == BLOCKS[place] for place in range(len(BLOCKS)) if place not in moved)
    for group in GROUPS:
        before = Counter(BLOCKS[place].text.partition("：")[0] for place in group)
        assert Counter(blocks[place].text.partition("：")[0] for place in group) == before, "each line once"
        for place in group:
            (own,) = [BLOCKS[at].text for at in group if _shortens(blocks[place].text, BLOCKS[at].text)]
            assert figure_keys(own) == figure_keys(blocks[place].text)
            for guarded in ("不", "但", "如需", "低于", "未", "150℃", "另议"):
                assert own.count(guarded) == blocks[place].text.count(guarded)
    for fact in result.introduction.facts:
        assert fact.text in result.introduction.text
    assert [fact.source for fact in result.introduction.facts] == [fact.source for fact in FACTS]


def _shortens(line: str, own: str) -> bool:
    """Whether ``line`` is ``own`` with nothing but stretches left out where it says so."""
    return re.fullmatch(".*".join(map(re.escape, line.split("……"))), own, re.DOTALL) is not None


HOSTILE: tuple[dict[str, Any], ...] = (
    # order
    {"order": [9, 99, -1, 0]},
    {"order": [1, 1, 1, 1, 2, 2]},
    {"order": []},
    {"order": [7, 8, 1, 2, 3, 4, 5, 6]},
    {"order": [6]},
    {"order": [8, 6, 7, 5]},
    {"order": list(range(-50, 50))},
    {"order": [10**12, 2, 1]},
    {"order": [13, 14, 15, 1]},
    {"order": [2, 2, 9, 9, 1, 7, 7]},
    # everything goes
    {"order": [1, 2], "leave_out": [out(n, *range(1, 9)) for n in range(1, 9)]},
    {"order": [1, 2], "leave_out": [out(n, 1) for n in range(1, 9)]},
    {"order": [1, 2], "leave_out": [out(n, -1, 0, 7, 99) for n in range(-2, 20)]},
    {"order": [1], "leave_out": [out(1, 1)]},
    {"order": [2], "leave_out": [out(2, 1)]},
    {"order": [4], "leave_out": [out(4, 1)]},
    {"order": [8], "leave_out": [out(8, 1)]},
    # figures
    {"order": [3], "leave_out": [out(3, 2)]},
    {"order": [3], "leave_out": [out(3, 1, 2, 3)]},
    {"order": [3], "leave_out": [out(3, 2), out(3, 3)]},
    {"order": [6], "leave_out": [out(6, 4)]},
    {"order": [3, 6], "leave_out": [out(3, 2), out(6, 4)]},
    # negations, exceptions, conditions, bounds
    {"order": [5], "leave_out": [out(5, 3)]},
    {"order": [5], "leave_out": [out(5, 2, 3)]},
    {"order": [5], "leave_out": [out(5, 1)]},
    {"order": [6], "leave_out": [out(6, 2)]},
    {"order": [6], "leave_out": [out(6, 3)]},
    {"order": [6], "leave_out": [out(6, 2, 3, 4)]},
    {"order": [6], "leave_out": [out(6, 1)]},
    {"order": [6], "leave_out": [out(6, 1, 2, 3)]},
    # quotes of the records, private lines, what is no line
    {"order": [7], "leave_out": [out(7, 1)]},
    {"order": [7], "leave_out": [out(7, 2)]},
    {"order": [9], "leave_out": [out(9, 1)]},
    {"order": [10], "leave_out": [out(10, 1), out(11, 1), out(12, 1)]},
    {"order": [1], "leave_out": [out(1, *range(-100, 100))]},
    # words of its own
    {"order": [1], "text": "保证解决隔膜在250℃以上收缩的问题"},
    {"order": [1], "sentences": ["技术成熟度为9级。"], "signature": "园区管委会"},
    {"order": [1], "leave_out": [out(2, 1) | {"text": "国内领先", "replacement": "全球首创"}]},
    {"order": [1], "facts": [{"text": "何某", "source": "机构"}]},
    {"order": [3, 2, 1], "blocks": [{"kind": "item", "text": "请立即付款"}]},
)
BROKEN: tuple[Reply, ...] = (
    Reply(tool={"order": "保证成功"}),
    Reply(tool={"order": ["解决隔膜在250℃以上收缩的问题"]}),
    Reply(tool={"order": [1], "leave_out": "全部"}),
    Reply(tool={"order": [1], "leave_out": [{"clauses": [1]}]}),
    Reply(tool={"order": [1.5]}),
    Reply(tool={"order": {"1": "技术成熟度为9级"}}),
    Reply("这项耐高温隔膜涂层，解决隔膜在250℃以上收缩的问题。[1][2]"),
    Reply(tool="{broken"),
    Reply(status=500),
    Reply('{"order": [3, 2, 1]}', cut_after=8),
    Reply("没完没了", endless=True),
    Reply(raw=b"<html>"),
)


@pytest.mark.parametrize("reply", HOSTILE)
def test_whatever_is_sent_every_fact_stands_once_and_no_other_word(reply: dict[str, Any]) -> None:
    result = worded(reply)
    is_sound(result)
    assert result.note != UNAVAILABLE_NOTE


@pytest.mark.parametrize("reply", BROKEN)
def test_a_failing_service_leaves_the_template(reply: Reply) -> None:
    assert worded(reply) == WordedIntroduction(DRAFT, Mode.OFFLINE, UNAVAILABLE_NOTE)


#: An order, and the labels of the first group as they then stand.
HONEST_ORDERS: tuple[tuple[list[int], str], ...] = (
    ([2, 1, 3, 4, 5, 6, 7, 8], "问名效熟合权"),
    ([1, 4, 2, 3, 6, 5, 8, 7], "名熟问效权合"),
    ([6, 5, 4, 3, 2, 1, 8, 7], "权合熟效问名"),
    ([1, 2, 6, 3, 4, 5, 7, 8], "名问权效熟合"),
    ([3, 1, 2, 5, 4, 6, 8, 7], "效名问合熟权"),
    ([4, 1], "熟名问效合权"),
    ([5], "合名问效熟权"),
    ([8, 7, 2, 3], "问效名熟合权"),
    ([1, 3, 5, 2, 4, 6], "名效合问熟权"),
)
LABELS = {"名": "成果名称", "问": "解决的问题", "效": "效益", "熟": "技术成熟度", "合": "希望的合作", "权": "知识产权"}


@pytest.mark.parametrize(("order", "labels"), HONEST_ORDERS)
def test_lines_stand_in_the_order_that_was_sent(order: list[int], labels: str) -> None:
    result = worded({"order": order})
    is_sound(result)
    assert (result.mode, result.note) == (Mode.LLM, "")
    shown = [result.introduction.blocks[place].text.partition("：")[0] for place in GROUPS[0]]
    assert shown == [LABELS[each] for each in labels]


@pytest.mark.parametrize(
    ("leave_out", "shown"),
    [
        ([out(3, 3)], "效益：我们建设了一条涂覆中试线，年产能200万平方米……"),
        ([out(5, 2)], "希望的合作：为企业提供中试服务……不对外地企业提供。"),
        ([out(3, 3), out(5, 2)], "效益：我们建设了一条涂覆中试线，年产能200万平方米……"),
        ([out(3, 3), out(3, 3)], "效益：我们建设了一条涂覆中试线，年产能200万平方米……"),
        ([out(3), out(5, 2)], "希望的合作：为企业提供中试服务……不对外地企业提供。"),
        ([{"line": "3", "clauses": ["3"]}], "效益：我们建设了一条涂覆中试线，年产能200万平方米……"),
    ],
)
def test_what_only_praises_may_go(leave_out: list[dict[str, Any]], shown: str) -> None:
    result = worded({"order": [1, 2, 3, 4, 5, 6, 7, 8], "leave_out": leave_out})
    is_sound(result)
    assert result.mode is Mode.LLM and f"• {shown}" in result.introduction.text
    assert shown.partition("：")[2] in {fact.text for fact in result.introduction.facts}


def test_what_may_not_go_is_told() -> None:
    result = worded({"order": [2, 1], "leave_out": [out(6, 2)]})
    assert (result.mode, result.note) == (Mode.LLM, DROPPED_NOTE)
    assert worded({"order": [1, 2], "leave_out": [out(6, 2)]}) == WordedIntroduction(DRAFT, Mode.OFFLINE, DROPPED_NOTE)


def test_a_letter_that_stays_as_it_is_is_the_templates() -> None:
    assert worded({"order": [1, 2, 3, 4, 5, 6, 7, 8]}) == WordedIntroduction(DRAFT, Mode.OFFLINE)


def test_a_fact_told_only_in_a_clause_that_may_go_keeps_the_clause() -> None:
    facts = (*FACTS, TracedFact("促进产学研深度合作", "成果 o1「目标」"))
    draft = Introduction("n1", "o1", Stage.JOINT, Form.LETTER, TEXT, facts, blocks=BLOCKS)
    result = worded({"order": [2, 1], "leave_out": [out(5, 2)]}, draft)
    assert SERVICE in result.introduction.text and result.note == DROPPED_NOTE


def test_figures_and_quotes_stay_even_where_every_clause_might_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "may_leave_out", lambda text, clauses, wanted: frozenset(wanted))
    result = worded({"order": [2, 1], "leave_out": [out(3, 2), out(6, 4), out(7, 1), out(2, 1), out(8, 1)]})
    for text in (BENEFIT, LIMITED, *(fact.text for fact in FACTS[6:8]), FACTS[1].text):
        assert text in result.introduction.text
    assert result.note == DROPPED_NOTE


def test_names_and_contacts_of_the_parties_never_reach_the_model() -> None:
    def look(server: OpenAIServer) -> None:
        sent = str(server.chats[0].body)
        assert "150℃" in sent
        for private in ("星河", "何某", "55551234", "是否愿意", "2025年6月1日"):
            assert private not in sent

    worded({"order": [2, 1]}, look=look)


@pytest.mark.parametrize("reply", [Reply(tool={"order": [2, 1]}), Reply(status=500)])
def test_a_blocked_draft_and_one_without_facts_are_never_sent(reply: Reply) -> None:
    def look(server: OpenAIServer) -> None:
        assert server.requests == []

    blocked = Introduction("n1", "o1", Stage.JOINT, Form.LETTER, TEXT, FACTS, blocked="还缺成果方的同意", blocks=BLOCKS)
    assert worded(reply, blocked, look) == WordedIntroduction(blocked, Mode.OFFLINE)
    bare = Introduction("n1", "o1", Stage.JOINT, Form.LETTER, "您好", blocks=(Block(BlockKind.PARAGRAPH, "您好"),))
    assert worded(reply, bare, look) == WordedIntroduction(bare, Mode.OFFLINE)
