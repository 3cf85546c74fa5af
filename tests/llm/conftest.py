"""The client library is loaded before the first clock runs."""

import pytest

from bot.llm import ModelService
from bot.settings import LlmSettings


@pytest.fixture(scope="session", autouse=True)
def client_loaded() -> None:
    ModelService(LlmSettings(base_url="http://127.0.0.1:9/v1", model="test-model")).warm_up()
