"""What ``doctor`` is told of a model service."""

from __future__ import annotations

import socket

import pytest
from pydantic import SecretStr

from bot.commands.doctor import Check, model_checks
from bot.llm import Ability, FailureReason, ModelService, check_service
from bot.settings import LlmSettings, Settings
from tests.support.openai_server import OpenAIServer, Reply

KEY = "sk-doctor-0123456789"


def at(base_url: str) -> ModelService:
    return ModelService(LlmSettings(base_url=base_url, model="wanted", api_key=SecretStr(KEY), timeout_seconds=3))


SAMPLE = {"name": "显微镜", "count": 3}
GREETING = Reply("今天可以整理需求。", pieces=2)


def abilities(*replies: Reply) -> dict[str, Ability]:
    """What a service that answers can do, by name."""
    with OpenAIServer(*replies) as server:
        check = check_service(at(server.base_url))
    assert check.ok and check.remedy == ""
    return {ability.name: ability for ability in check.abilities}


def test_a_working_service_is_told_with_its_latency_and_all_it_can_do() -> None:
    with OpenAIServer(GREETING, Reply(tool=SAMPLE)) as server:
        check = check_service(at(server.base_url))
        assert len(server.chats) == 2
    assert check.ok and check.remedy == "" and check.latency_ms is not None
    assert "wanted" in check.found and server.base_url in check.found and "毫秒" in check.found
    assert [ability.name for ability in check.abilities] == ["逐段输出", "结构化输出", "系统角色", "思考"]
    assert all(ability.ok and ability.found and not ability.remedy for ability in check.abilities)


@pytest.mark.parametrize(
    ("refuses", "words"),
    [
        ((), "工具调用"),
        (("tools",), "JSON Schema"),
        (("tools", "json_schema"), "JSON 输出"),
        (("tools", "response_format"), "写明结构"),
    ],
)
def test_the_way_of_structured_output_is_told(refuses: tuple[str, ...], words: str) -> None:
    found = abilities(GREETING, Reply(tool=SAMPLE, refuses=frozenset(refuses)))["结构化输出"]
    assert found.ok and words in found.found and "毫秒" in found.found


def test_what_a_service_cannot_do_is_told_with_its_remedy() -> None:
    refused = frozenset({"temperature", "max_tokens", "max_completion_tokens", "system", "stream"})
    told = abilities(Reply("今天可以整理需求。", refuses=refused))
    assert not told["结构化输出"].ok
    for name, word in (
        ("逐段输出", "stream"),
        ("结构化输出", "模型"),
        ("系统角色", "system"),
        ("温度", "temperature"),
        ("长度限制", "max_tokens"),
    ):
        assert word in told[name].remedy, name
    assert told["逐段输出"].ok and told["系统角色"].ok, "the product works without"


def test_a_stream_that_arrives_in_one_piece_is_told() -> None:
    told = abilities(Reply("今天可以整理需求。", pieces=100))
    assert told["逐段输出"].ok and "代理" in told["逐段输出"].remedy


@pytest.mark.parametrize(
    "reply",
    [Reply("<think>想</think>好。"), Reply("想</think>好。"), Reply("好。", reasoning="想")],
)
def test_a_model_that_reasons_is_told(reply: Reply) -> None:
    told = abilities(reply)["思考"]
    assert told.ok and "先思考" in told.found and "max_tokens" in told.remedy


def test_names_that_hold_the_key_are_not_listed() -> None:
    missing = Reply(status=404, error={"message": "The model `wanted` does not exist"})
    with OpenAIServer(missing, models=("qwen-a", f"x-{KEY}", "y" * 200, "bad\u202ename")) as server:
        assert at(server.base_url).model_names() == ("qwen-a",)
        assert check_service(at(server.base_url)).remedy.endswith("服务上有：qwen-a")


# --- the command -------------------------------------------------------------------------------------


def doctor_checks(base_url: str) -> dict[str, Check]:
    settings = Settings(llm=LlmSettings(base_url=base_url, model="wanted", api_key=SecretStr(KEY)))
    return {check.name: check for check in model_checks(settings)}


def test_doctor_lists_what_the_service_can_do() -> None:
    with OpenAIServer(GREETING, Reply("没有。")) as server:
        checks = doctor_checks(server.base_url)
    assert checks["模型服务"].ok
    assert checks["模型服务·逐段输出"].ok
    assert not checks["模型服务·结构化输出"].ok and checks["模型服务·结构化输出"].remedy
    assert KEY not in str(checks)


def test_doctor_tells_a_service_that_fails_by_its_fault_alone() -> None:
    with OpenAIServer(Reply(status=401)) as server:
        (check,) = doctor_checks(server.base_url).values()
    assert not check.ok and "密钥" in check.remedy


def test_doctor_without_a_model_is_content() -> None:
    (check,) = model_checks(Settings())
    assert check.ok and "离线" in check.found


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=401), FailureReason.UNAUTHORISED),
        (Reply(status=429), FailureReason.RATE_LIMITED),
        (Reply(status=500), FailureReason.SERVER_ERROR),
        (Reply(status=404, raw=b"nothing"), FailureReason.NOT_FOUND),
        (Reply(raw=b"<html>", content_type="text/html"), FailureReason.GARBAGE),
        (Reply("好", pause=20), FailureReason.TIMEOUT),
    ],
)
def test_each_fault_is_told_with_its_remedy_and_without_the_key(reply: Reply, reason: FailureReason) -> None:
    with OpenAIServer(reply) as server:
        check = check_service(at(server.base_url))
    assert not check.ok and check.reason is reason and check.remedy
    assert KEY not in f"{check}"


def test_a_missing_model_is_told_with_those_that_are_there() -> None:
    missing = Reply(status=404, error={"message": "The model `wanted` does not exist", "code": "model_not_found"})
    with OpenAIServer(missing, models=("qwen-a", "qwen-b")) as server:
        check = check_service(at(server.base_url))
    assert check.reason is FailureReason.MODEL_NOT_FOUND
    assert "qwen-a、qwen-b" in check.remedy


def test_no_address_and_a_closed_port_are_told() -> None:
    assert check_service(at("")).reason is FailureReason.NOT_CONFIGURED
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    assert check_service(at(address)).reason is FailureReason.REFUSED
