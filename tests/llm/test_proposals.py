"""Records a model proposes: only what stands in the document is kept, and it loads as a catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.catalogue.load import load_catalogue
from bot.catalogue.proposal_schema import ProposedRecords
from bot.catalogue.proposals import Proposals, as_yaml, checked, parts, propose
from bot.errors import ModelServiceError
from bot.llm import ModelService
from bot.settings import LlmSettings
from bot.types import Document, DocumentMetadata, Status
from tests.support.openai_server import OpenAIServer, Reply

TEXT = """关于支持概念验证的若干措施
一、对概念验证项目，给予最高20万元支持，期限不超过12
个月。申报单位应当在园区注册。
二、园区正在打造中试共享平台，由园区创新服务中心负责。
三、星河材料研究所从事高分子膜材料研发，可为企业提供中试服务。
咨询联系人：何某，电话：55551234，用于概念验证申报咨询。
"""
DOCUMENT = Document("measures.txt", TEXT, "hash", DocumentMetadata("若干措施"))

PROGRAMME: dict[str, Any] = {
    "id": "proof-of-concept",
    "name": "概念验证项目",
    "kind": "资金",
    "status": "unknown",
    "summary": {"value": "对概念验证项目给予最高20万元支持", "quote": "对概念验证项目，给予最高20万元支持"},
    "amount": {"value": "最高20万元", "quote": "给予最高20万元支持"},
    "term": {"value": "不超过12个月", "quote": "期限不超过12个月"},
    "conditions": [
        {"value": "在园区注册", "quote": "申报单位应当在园区注册", "dimension": "region", "accepts": ["园区"]}
    ],
}
CONTACT: dict[str, Any] = {
    "id": "poc-contact",
    "purpose": "概念验证申报咨询",
    "quote": "咨询联系人：何某，电话：55551234，用于概念验证申报咨询",
    "name": "何某",
    "phone": "55551234",
}
ORGANISATION: dict[str, Any] = {
    "id": "xinghe",
    "name": "星河材料研究所",
    "kind": "院所",
    "profile": [{"value": "可为企业提供中试服务", "quote": "可为企业提供中试服务"}],
    "fields": [{"value": "高分子膜材料", "quote": "从事高分子膜材料研发"}],
}


def proposed(**records: Any) -> Proposals:
    return checked(DOCUMENT, [ProposedRecords.model_validate(records)])


def test_honest_records_are_kept_whole_and_load_as_a_catalogue(tmp_path: Path) -> None:
    found = proposed(programmes=[PROGRAMME], contacts=[CONTACT], organisations=[ORGANISATION])
    assert found.left_out == ()
    written = as_yaml(found)
    for name in ("programmes", "contacts", "organisations"):
        block = written.split(f"# --- {name}.yaml ---")[1].split("\n# ---")[0]
        (tmp_path / f"{name}.yaml").write_text(block, encoding="utf-8")
    loaded = load_catalogue(tmp_path, {DOCUMENT.id: DOCUMENT})
    assert loaded.failed == ()
    assert loaded.catalogue.programmes == found.programmes
    assert loaded.catalogue.contacts == found.contacts
    assert loaded.catalogue.organisations == found.organisations
    assert found.programmes[0].term is not None, "a quote over a line break is found"


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("amount", {"value": "最高200万元", "quote": "给予最高20万元支持"}),
        ("amount", {"value": "最高20万元", "quote": "给予最高二十万元以上支持"}),
        ("rate", {"value": "利率3%", "quote": "对概念验证项目，给予最高20万元支持"}),
        ("deadline", {"value": "每年六月底前", "quote": "申报单位应当在园区注册"}),
        ("how_to_apply", {"value": "登录官网在线填报", "quote": "申报单位应当在园区注册"}),
        ("place", {"value": "园区", "quote": "园区"}),
    ],
)
def test_an_untraced_field_is_left_out_with_its_reason_and_the_card_stays(field: str, content: dict[str, str]) -> None:
    found = proposed(programmes=[PROGRAMME | {field: content}])
    (card,) = found.programmes
    assert getattr(card, field) is None
    (left,) = found.left_out
    assert left.field == field and left.reason
    assert content["value"] in as_yaml(found).split("未采用")[1]


def test_the_status_is_read_by_code_from_words_about_the_programme() -> None:
    claimed = PROGRAMME | {"status": "in_force", "status_quote": "园区正在打造中试共享平台"}
    found = proposed(programmes=[claimed])
    assert found.programmes[0].status.value is Status.UNKNOWN, "the words are about another programme"
    assert any(left.field == "status" for left in found.left_out)
    summary = {"value": "正在打造中试共享平台", "quote": "园区正在打造中试共享平台"}
    found = proposed(programmes=[claimed | {"name": "中试共享平台", "summary": summary}])
    assert found.programmes[0].status.value is Status.UNDER_CONSTRUCTION
    assert any(left.field == "status" for left in found.left_out)
    unquoted = proposed(programmes=[PROGRAMME | {"status": "in_force"}])
    assert unquoted.programmes[0].status.value is Status.UNKNOWN


@pytest.mark.parametrize(
    "record",
    [
        {"programmes": [PROGRAMME | {"name": "成果转化专项"}]},
        {"programmes": [PROGRAMME | {"summary": {"value": "奖励", "quote": "给予奖励若干"}}]},
        {"contacts": [CONTACT | {"phone": "55559999"}]},
        {"contacts": [CONTACT | {"quote": "电话：55551234，用于一切咨询"}]},
        {"organisations": [ORGANISATION | {"name": "星河能源研究院"}]},
        {"organisations": [ORGANISATION | {"profile": [{"value": "国内领先", "quote": "技术国内领先"}]}]},
    ],
)
def test_a_record_without_its_ground_is_left_out_whole(record: dict[str, Any]) -> None:
    found = proposed(**record)
    assert (found.programmes, found.contacts, found.organisations) == ((), (), ())
    assert found.left_out


def test_a_purpose_the_document_does_not_give_is_not_invented() -> None:
    found = proposed(contacts=[CONTACT | {"purpose": "人才公寓报修投诉"}])
    assert found.contacts[0].purpose == "《若干措施》所附联系方式"
    assert any(left.field == "purpose" for left in found.left_out)


def test_the_same_name_and_the_same_id_are_not_proposed_twice() -> None:
    summary = {"value": "正在打造中试共享平台", "quote": "园区正在打造中试共享平台"}
    other = PROGRAMME | {"name": "中试共享平台", "summary": summary}
    found = proposed(programmes=[PROGRAMME, PROGRAMME, other])
    assert [card.id for card in found.programmes] == ["proof-of-concept", "proof-of-concept-2"]


def test_a_document_is_read_part_by_part_through_the_service() -> None:
    long = Document("long.txt", TEXT + "无关的一段。\n" * 900, "hash", DocumentMetadata("若干措施"))
    replies = [Reply(tool={"programmes": [PROGRAMME]}), Reply(tool={"contacts": [CONTACT]}), Reply(tool={})]
    with OpenAIServer(*replies) as server:
        settings = LlmSettings(base_url=server.base_url, model="test-model")
        found = propose(ModelService(settings), long)
        assert len(server.chats) == len(list(parts(long.text))) >= 2
        assert TEXT.splitlines()[0] in server.chats[0].prompt
    assert len(found.programmes) == 1 and len(found.contacts) == 1
    assert yaml.safe_load(as_yaml(found).split("# --- contacts.yaml ---")[0])[0]["name"] == "概念验证项目"


def test_a_failing_service_proposes_nothing() -> None:
    with OpenAIServer(Reply(tool="{broken")) as server:
        service = ModelService(LlmSettings(base_url=server.base_url, model="test-model"))
        with pytest.raises(ModelServiceError):
            propose(service, DOCUMENT)


@pytest.mark.parametrize("limit", [1, 7, 40, 10_000])
def test_parts_lose_nothing(limit: int) -> None:
    pieces = list(parts(TEXT, limit))
    assert "".join(pieces).rstrip() == TEXT.rstrip()
    assert all(len(piece) <= limit for piece in pieces)
