"""Needs told in conversation: a model points at what was told, and only the told words enter the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from bot.answering.model.needs import NeedReply, checked_need, draft_need
from bot.answering.model.told import draft_told
from bot.errors import UsageError
from bot.llm import ModelService
from bot.settings import LlmSettings
from bot.types import RecordKind
from tests.answering.model import need_cases, need_cases_later
from tests.support.openai_server import OpenAIServer, Reply

HOSTILE = (*need_cases.HOSTILE, *need_cases_later.HOSTILE, *need_cases_later.HOSTILE_LAST)
HONEST = (*need_cases.HONEST, *need_cases_later.HONEST, *need_cases_later.HONEST_LAST)
#: A shortening that leaves a negation of its clause behind is refused, even where the negation is of something else.
NOT_KEPT = {"风电叶片内部缺陷无损检测方案"}
TODAY = date(2026, 11, 1)
TOLD = "我们厂做锂电池隔膜，想找一种耐温180度的涂层材料，预算50万元左右，最好今年内有样品，希望委托开发。"


@contextmanager
def served(reply: Mapping[str, Any] | Reply) -> Iterator[tuple[ModelService, OpenAIServer]]:
    scripted = reply if isinstance(reply, Reply) else Reply(tool=reply)
    with OpenAIServer(scripted) as server:
        settings = LlmSettings(base_url=server.base_url, model="test-model", timeout_seconds=20)
        yield ModelService(settings), server


def held(told: str, field: str, quote: str) -> str:
    """What the field holds after a model pointed at ``quote`` for it."""
    drafted = checked_need(NeedReply.model_validate({field: quote}), told)
    if drafted is None:
        return ""
    value = getattr(drafted.need, field)
    return value if isinstance(value, str) else "；".join(value)


@pytest.mark.parametrize(("told", "field", "quote", "must"), HOSTILE)
def test_a_field_says_no_more_than_was_told(told: str, field: str, quote: str, must: str | None) -> None:
    value = held(told, field, quote)
    if must is None:
        assert value == ""
    else:
        assert not value or must in value


@pytest.mark.parametrize(("told", "field", "quote", "kept"), HONEST)
def test_what_was_told_is_kept(told: str, field: str, quote: str, kept: str) -> None:
    assert kept in held(told, field, quote) or kept in NOT_KEPT


def test_a_told_need_becomes_a_form_in_the_tellers_words() -> None:
    proposed = {
        "title": ["耐温180度的涂层材料"],
        "description": ["想找一种耐温180度的涂层材料"],
        "budget": "50万元左右",
        "cooperation": "委托开发",
        "fields": ["锂电池隔膜", "涂层材料"],
        "region": None,
    }
    with served(proposed) as (model, _):
        drafted = draft_need(model, TOLD)
    assert drafted is not None and drafted.left_out == ()
    assert drafted.need.title == "耐温180度的涂层材料"
    assert drafted.need.fields == ("锂电池隔膜", "涂层材料")
    assert (drafted.need.budget, drafted.need.region) == ("预算50万元左右", "")


def test_what_is_left_out_is_told_with_its_reason() -> None:
    drafted = checked_need(NeedReply.model_validate({"title": "涂层材料", "budget": "预算500万元"}), TOLD)
    assert drafted is not None
    (left,) = drafted.left_out
    assert left.startswith("预算“预算500万元”：") and left.endswith("您没有这样说过")


def test_a_draft_of_nothing_that_was_said_is_none() -> None:
    assert checked_need(NeedReply.model_validate({"title": "寻找航空发动机叶片供应商"}), TOLD) is None


def test_several_stretches_of_one_field_stand_in_the_order_they_were_told() -> None:
    told = "想做检测设备，希望合格率达到99%，预算50万元，每分钟检测60件"
    assert held(told, "indicators", "每分钟检测60件；合格率达到99%") == "希望合格率达到99%；每分钟检测60件"


def test_a_refusal_that_no_field_holds_stays_in_the_description() -> None:
    told = "锂电池隔膜在高温下收缩，想找耐温涂层，不接受驻场，预算50万元"
    assert held(told, "description", "锂电池隔膜在高温下收缩") == "锂电池隔膜在高温下收缩；不接受驻场"


# --- a whole draft ---------------------------------------------------------------------------------

CONTACTED = (
    "我们厂的锂电池隔膜在高温下收缩，想找一种耐温180度的涂层材料，"
    "联系人：王小明，电话13812345678，邮箱wang@example.com，预算50万元左右。"
)


@pytest.mark.parametrize(
    "quote",
    [
        "联系人：王小明",
        "王小明",
        "电话13812345678",
        "13812345678",
        "138 1234 5678",
        "wang@example.com",
        "想找一种耐温180度的涂层材料，联系人：王小明，电话13812345678",
        "一三八一二三四五六七八",
    ],
)
@pytest.mark.parametrize("field", ["title", "description", "cooperation", "fields"])
def test_a_masked_contact_stays_masked(quote: str, field: str) -> None:
    with served({"title": "耐温180度的涂层材料", field: quote}) as (model, server):
        told = draft_told(CONTACTED, RecordKind.NEED, TODAY, model)
        sent = server.chats[0].prompt
    public = "".join(value.text for value in told.draft.values) + sent
    assert not [word for word in ("王小明", "1381234", "5678", "wang@") if word in public]
    assert told.draft.contact.phone == "13812345678" and told.draft.contact.name == "王小明"


def test_a_contact_told_twice_is_kept_out_of_the_models_fields() -> None:
    told = "隔膜涂层总是脱落，想找人解决，联系人：王小明。细节王小明都清楚，预算50万元。"
    with served({"description": "细节王小明都清楚", "title": "隔膜涂层脱落"}) as (model, _):
        draft = draft_told(told, RecordKind.NEED, TODAY, model).draft
    assert draft.value("title") == "隔膜涂层脱落"
    rules = draft_told(told, RecordKind.NEED, TODAY, None).draft
    assert draft.value("description") == rules.value("description"), "nothing of the model's"


def test_what_a_model_leaves_open_the_rules_fill() -> None:
    with served({"title": "锂电池隔膜涂层材料"}) as (model, _):
        told = draft_told(TOLD, RecordKind.NEED, TODAY, model)
    assert told.draft.value("budget") == "预算50万元左右"
    assert told.draft.value("cooperation") == "希望委托开发"
    description = told.draft.value("description")
    assert "锂电池隔膜" in description and "今年内" in description and "预算" not in description


def test_a_years_name_is_resolved_as_the_rules_do() -> None:
    told = "想找一种耐温180度的涂层材料，希望明年底之前完成"
    with served({"title": "耐温180度的涂层材料", "deadline": "明年底之前"}) as (model, _):
        draft = draft_told(told, RecordKind.NEED, TODAY, model).draft
    assert draft.value("deadline") == "希望明年底之前完成（2027年）"


def test_two_budgets_of_one_need_both_stay() -> None:
    told = "想做一套检测设备，研发预算50万元，设备预算30万元"
    with served({"title": "检测设备", "budget": "研发预算50万元"}) as (model, _):
        draft = draft_told(told, RecordKind.NEED, TODAY, model).draft
    assert draft.value("budget") == "研发预算50万元；设备预算30万元"


@pytest.mark.parametrize("reply", [Reply(status=500), Reply(tool="{broken"), Reply("好的，我来填表。")])
def test_a_failing_model_leaves_the_rules_draft(reply: Reply) -> None:
    with served(reply) as (model, _):
        told = draft_told(TOLD, RecordKind.NEED, TODAY, model)
    assert told.left_out == () and told.draft == draft_told(TOLD, RecordKind.NEED, TODAY, None).draft


def test_an_offer_needs_no_model_and_nothing_told_is_an_error() -> None:
    with served({}) as (model, server):
        draft_told("我们研发了一种耐温涂层，想转让专利", None, TODAY, model)
        assert server.requests == []
        with pytest.raises(UsageError):
            draft_told("今天天气不错", None, TODAY, model)
