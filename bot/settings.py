"""The one reader of the environment; everything else is handed a :class:`Settings`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import SettingsError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT_PREFIX = "BOT_"
SETTINGS_FILE = "bot.toml"
BUNDLED_EMBEDDING_MODEL = Path(__file__).resolve().parent / "models" / "static-zh-256"


class LlmSettings(BaseModel):
    """An OpenAI-compatible chat service; with ``model`` empty no service is ever called."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    base_url: str = Field("", description="address of the service, ends in /v1")
    model: str = Field("", description="model name; empty means offline")
    api_key: SecretStr = Field(SecretStr(""), description="key; prefer api_key_file")
    api_key_file: Path | None = Field(None, description="file that holds the key")
    timeout_seconds: float = Field(20.0, gt=0, le=600, description="limit of one request")
    budget_seconds: float = Field(30.0, gt=0, le=600, description="limit of one whole answer")
    max_tokens: int = Field(1200, ge=16, le=32_000, description="longest reply asked for")

    @property
    def configured(self) -> bool:
        """Whether a model is named at all."""
        return bool(self.model)


class Settings(BaseModel):
    """Everything that can be set. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    corpus_dir: Path = Field(PROJECT_ROOT / "corpus", description="folder of documents")
    data_dir: Path = Field(PROJECT_ROOT / "data", description="index, database, logs")
    embedding_model: str = Field(
        str(BUNDLED_EMBEDDING_MODEL),
        description="folder or name of a sentence-transformers model; local files only",
    )
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in data_dir")
    host: str = Field("127.0.0.1", description="address the page listens on")
    port: int = Field(7860, ge=1, le=65_535, description="port the page listens on")
    llm: LlmSettings = LlmSettings()

    @property
    def resolved_database_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'assistant.sqlite3').resolve()}"


def load_settings(
    environment: Mapping[str, str] | None = None, settings_file: Path | None = None, **overrides: Any
) -> Settings:
    """Read ``bot.toml``, then ``BOT_*`` variables, then ``overrides`` (``None`` is skipped).

    Nested settings are written ``BOT_LLM_MODEL``. Raises :class:`SettingsError` naming the key.
    """
    environment = os.environ if environment is None else environment
    values = _from_file(settings_file or PROJECT_ROOT / SETTINGS_FILE)
    llm: dict[str, Any] = dict(values.pop("llm", {}))
    for name, text in environment.items():
        if not name.startswith(ENVIRONMENT_PREFIX):
            continue
        key = name.removeprefix(ENVIRONMENT_PREFIX).lower()
        if key.startswith("llm_"):
            llm[key.removeprefix("llm_")] = text
        else:
            values[key] = text
    values.update({key: value for key, value in overrides.items() if value is not None})
    try:
        return Settings(**values, llm=LlmSettings(**llm))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            "设置有误",
            value=f"{key}（{first['msg']}）",
            remedy=f"改正 {SETTINGS_FILE} 或 {ENVIRONMENT_PREFIX}* 环境变量",
        ) from None


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError("设置文件读不懂", value=path, tried=str(error), remedy="按 TOML 语法改正") from None
