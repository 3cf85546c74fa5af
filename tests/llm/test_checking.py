"""What ``doctor`` is told of a model service."""

from __future__ import annotations

import socket

import pytest
from pydantic import SecretStr

from bot.llm import FailureReason, ModelService, check_service
from bot.settings import LlmSettings
from tests.support.openai_server import OpenAIServer, Reply

KEY = "sk-doctor-0123456789"


def at(base_url: str) -> ModelService:
    return ModelService(LlmSettings(base_url=base_url, model="wanted", api_key=SecretStr(KEY), timeout_seconds=3))


def test_a_working_service_is_told_with_its_latency() -> None:
    with OpenAIServer(Reply("好")) as server:
        check = check_service(at(server.base_url))
    assert check.ok and check.remedy == "" and check.latency_ms is not None
    assert "wanted" in check.found and server.base_url in check.found


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
