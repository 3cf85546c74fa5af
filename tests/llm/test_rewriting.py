"""Follow-ups, English questions and told needs, by a scripted model behind a real HTTP server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from bot.answering.model.rewriting import (
    NeedDraft,
    checked_need,
    draft_need,
    resolve_question,
    rewrite_follow_up,
    translate_question,
)
from bot.llm import ModelService
from bot.settings import LlmSettings
from bot.types import Chunk, DocumentMetadata, Hit
from tests.support.openai_server import OpenAIServer, Reply

HISTORY = ("园区的概念验证项目怎么申报？",)


@contextmanager
def service(reply: Reply) -> Iterator[ModelService]:
    with OpenAIServer(reply) as server:
        yield ModelService(LlmSettings(base_url=server.base_url, model="test-model", timeout_seconds=20))


def hit(text: str) -> Hit:
    return Hit(Chunk("c", "d.txt", 0, (), 0, len(text), text), DocumentMetadata("通知"), 1.0)


def test_a_follow_up_is_made_whole() -> None:
    with service(Reply("改写后的问题：概念验证项目最多能补多少钱？")) as model:
        assert rewrite_follow_up(model, "最多能补多少钱？", HISTORY) == "概念验证项目最多能补多少钱？"


@pytest.mark.parametrize(
    "reply",
    [
        "概念验证项目2025年最多能补多少钱？",
        "“领航贷”最多能补多少钱？",
        "国家自然科学基金委员会的项目最多能补多少钱？",
        "概念验证项目最多能补50万元。\n因为文件写明了。",
        "高新技术企业认定需要满足哪些研发人员占比要求？",
        "园区的概念验证项目怎么申报？",
        "",
        "很" * 400,
    ],
)
def test_a_rewriting_that_adds_or_answers_is_refused(reply: str) -> None:
    with service(Reply(reply)) as model:
        assert rewrite_follow_up(model, "最多能补多少钱？", HISTORY) is None


def test_a_failing_model_leaves_the_question_alone() -> None:
    with service(Reply(status=500)) as model:
        assert rewrite_follow_up(model, "最多能补多少钱？", HISTORY) is None
        assert translate_question(model, "How much is it?") is None
        assert draft_need(model, "我们想找一种耐高温的膜材料") is None


def test_without_history_nothing_is_asked() -> None:
    with OpenAIServer(Reply("随便")) as server:
        model = ModelService(LlmSettings(base_url=server.base_url, model="test-model"))
        assert rewrite_follow_up(model, "最多能补多少钱？", ()) is None
        assert server.requests == []


def test_an_english_question_becomes_a_chinese_query() -> None:
    with service(Reply("3家以上企业的联合项目最多能补多少钱？")) as model:
        assert translate_question(model, "How much for a joint project of over 3 firms?") is not None
    with service(Reply("联合项目最多能补50万元吗？")) as model:
        assert translate_question(model, "How much for a joint project?") is None
    with service(Reply("I cannot do that")) as model:
        assert translate_question(model, "How much for a joint project?") is None


def searched(texts: dict[str, str]) -> tuple[list[str], object]:
    asked: list[str] = []

    def search(query: str) -> Sequence[Hit]:
        asked.append(query)
        return [hit(texts[query])] if query in texts else []

    return asked, search


def test_every_candidate_is_searched_and_the_best_covered_wins() -> None:
    rewritten, raw = "概念验证项目的补助金额", "补助金额"
    asked, search = searched({rewritten: "概念验证项目的补助金额最高20万元。", raw: "专利补助金额"})
    resolved = resolve_question([rewritten, raw, raw, None], search)  # type: ignore[arg-type]
    assert (resolved.question, resolved.rank) == (rewritten, 0)
    assert asked == [rewritten, raw], "a repeated candidate is searched once"


def test_a_rewriting_that_finds_nothing_gives_way_to_the_raw_question() -> None:
    rewritten, raw = "概念验证项目在月球的补助金额", "专利补助金额"
    _, search = searched({rewritten: "别的事情。", raw: "专利补助金额为一万元。"})
    resolved = resolve_question([rewritten, raw], search)  # type: ignore[arg-type]
    assert (resolved.question, resolved.rank) == (raw, 1)
    assert resolved.hits[0].chunk.text.startswith("专利")


def test_no_candidate_is_an_error() -> None:
    with pytest.raises(ValueError, match="candidate"):
        resolve_question([None, ""], lambda query: ())


TOLD = "我们厂做锂电池隔膜，想找一种耐温180度的涂层材料，预算50万元左右，最好今年内有样品，希望委托开发。"


def test_a_told_need_becomes_a_form_in_the_tellers_words() -> None:
    proposed = {
        "title": "耐温180度的涂层材料",
        "description": "锂电池隔膜需要耐温涂层材料",
        "budget": "预算50万元左右",
        "cooperation": "委托开发",
        "fields": ["锂电池隔膜", "涂层材料"],
    }
    with service(Reply(tool=proposed)) as model:
        drafted = draft_need(model, TOLD)
    assert drafted is not None and drafted.left_out == ()
    assert drafted.need.title == "耐温180度的涂层材料"
    assert drafted.need.fields == ("锂电池隔膜", "涂层材料")
    assert drafted.need.region == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget", "预算500万元"),
        ("indicators", "耐温280度"),
        ("deadline", "6个月内"),
        ("region", "深圳市南山区"),
        ("cooperation", "与中国科学院合作"),
        ("current_state", "目前依赖进口，价格昂贵，供货周期长"),
    ],
)
def test_what_was_never_said_is_left_out_with_its_reason(field: str, value: str) -> None:
    drafted = checked_need(NeedDraft(title="耐温涂层材料", **{field: value}), TOLD)
    assert drafted is not None
    assert getattr(drafted.need, field) == ""
    assert len(drafted.left_out) == 1 and value in drafted.left_out[0]


def test_a_draft_of_nothing_that_was_said_is_none() -> None:
    assert checked_need(NeedDraft(title="寻找航空发动机叶片供应商"), TOLD) is None
