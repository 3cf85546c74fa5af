"""The one reader of the environment; everything else is handed a :class:`Settings`."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import SettingsError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT_PREFIX = "BOT_"
SETTINGS_FILE = "bot.toml"
_SECTIONS = ("llm", "embedding", "api", "office", "desk", "serving")
BUNDLED_EMBEDDING_MODEL = Path(__file__).resolve().parent / "models" / "zh-passage-embedder"


class LlmSettings(BaseModel):
    """An OpenAI-compatible chat service; with ``model`` empty no service is ever called."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    base_url: str = Field("", description="address of the service, ends in /v1")
    model: str = Field("", description="model name; empty means offline")
    api_key: SecretStr = Field(SecretStr(""), description="key; prefer api_key_file")
    api_key_file: Path | None = Field(None, description="file that holds the key")
    timeout_seconds: float = Field(20.0, gt=0, le=600, description="limit of one request")
    budget_seconds: float = Field(30.0, gt=0, le=600, description="limit of one whole answer")
    summary: bool = Field(False, description="show a plain-words summary by the model below the original wording")
    max_tokens: int = Field(1200, ge=16, le=32_000, description="longest reply asked for")

    @property
    def configured(self) -> bool:
        """Whether a model is named at all."""
        return bool(self.model)


class EmbeddingSettings(BaseModel):
    """The encoder: a folder on this machine, or with ``base_url`` an OpenAI-compatible embeddings service."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    model: str = Field(
        str(BUNDLED_EMBEDDING_MODEL),
        min_length=1,
        description="folder or name of a sentence-transformers model on this machine, or the service's model name",
    )
    base_url: str = Field("", description="address of an embeddings service, ends in /v1; empty means a local model")
    api_key: SecretStr = Field(SecretStr(""), description="key; prefer api_key_file")
    api_key_file: Path | None = Field(None, description="file that holds the key")
    timeout_seconds: float = Field(30.0, gt=0, le=600, description="limit of one request")
    retries: int = Field(2, ge=0, le=10, description="further tries of a failed request, with growing pauses")
    batch_size: int = Field(32, ge=1, le=2_048, description="texts in one request")
    query_prompt: str | None = Field(None, description="put before a question; left out: what the model's folder says")
    passage_prompt: str | None = Field(None, description="put before a passage; left out: what the folder says")
    threads: int = Field(0, ge=0, le=64, description="passages encoded side by side; 0: one a processor")
    cache: Path | None = Field(None, description="file of the vector cache; left out: below data_dir")
    cache_megabytes: int = Field(512, ge=1, le=100_000, description="size of the vector cache")

    def key(self) -> str:
        """The key in force, or nothing. Raises :class:`SettingsError` for a key file that cannot be read."""
        if self.api_key_file is None:
            return self.api_key.get_secret_value()
        try:
            return self.api_key_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                "读不了密钥文件", value=self.api_key_file, tried=str(error), remedy="核对 embedding.api_key_file"
            ) from None


class ApiSettings(BaseModel):
    """The service for other programs; without ``public`` only holders of a key may call."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    enabled: bool = Field(True, description="serve /api/v1, /v1 and /mcp beside the page")
    public: bool = Field(False, description="let anybody call who reaches the address, without a key")
    calls_per_minute: int = Field(60, ge=1, le=100_000, description="calls of one key or address in a minute")


class OfficeSettings(BaseModel):
    """The office that writes letters. What is not set is left out of them; nothing is made up."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    name: str = Field("", max_length=60, description="the office as its letterhead names it")
    department: str = Field("", max_length=60, description="who in the office signs")
    address: str = Field("", max_length=100, description="postal address")
    phone: str = Field("", max_length=40, description="phone for replies")
    email: str = Field("", max_length=100, description="e-mail address for replies")
    contact_person: str = Field("", max_length=40, description="who takes replies")
    number_prefix: str = Field("", max_length=20, description="what stands before 〔2026〕1号; empty: no numbers")
    reply_days: int = Field(0, ge=0, le=365, description="days to reply, counted from the date of a letter; 0: none")
    seal: str = Field("", max_length=40, description="a line for signature or seal, e.g. （盖章）")

    @property
    def missing(self) -> tuple[str, ...]:
        """The keys that are not set, in order."""
        return tuple(name for name in type(self).model_fields if not getattr(self, name))


class ServingSettings(BaseModel):
    """The web server: who may ask how often, what stands before it, where its log goes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    hosts: tuple[str, ...] = Field(
        (), description="host names the site is asked by; empty: this machine's own on a loopback address, else any"
    )
    proxies: str = Field("127.0.0.1", description="addresses of proxies that tell the visitor's own, with commas")
    embedding: tuple[str, ...] = Field((), description="sites whose pages may show this one in a frame")
    questions_per_minute: int = Field(60, ge=1, le=1_000_000, description="questions of one address in a minute")
    calls_per_minute: int = Field(600, ge=1, le=1_000_000, description="other calls of one address in a minute")
    log: str = Field("", description="file of the log, - for standard error; empty: logs/server.jsonl in data_dir")


class DeskSettings(BaseModel):
    """How the office works at the desk."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    moderation: bool = Field(
        False, description="needs and offers from the page wait for a manager before they are public"
    )
    question_days: int = Field(
        90, ge=0, le=3_650, description="days for which questions of the page are kept, masked; 0: none are kept"
    )
    reminder_days: int = Field(7, ge=1, le=365, description="days without an answer after which the desk reminds")


class Settings(BaseModel):
    """Everything that can be set. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    corpus_dir: Path = Field(PROJECT_ROOT / "corpus", description="folder of documents")
    data_dir: Path = Field(PROJECT_ROOT / "data", description="index, database, logs")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in data_dir")
    host: str = Field("127.0.0.1", description="address the page listens on")
    port: int = Field(7860, ge=1, le=65_535, description="port the page listens on")
    #: No rule sets a term; half a year is about as long as a need stays as it was told.
    consent_days: int = Field(180, ge=1, le=3_650, description="days for which a consent to an introduction holds")
    llm: LlmSettings = LlmSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    api: ApiSettings = ApiSettings()
    office: OfficeSettings = OfficeSettings()
    desk: DeskSettings = DeskSettings()
    serving: ServingSettings = ServingSettings()

    @property
    def embedding_cache(self) -> Path:
        """The file of the vector cache in force."""
        return self.embedding.cache or self.data_dir / "cache" / "embeddings.sqlite3"

    @property
    def resolved_database_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'assistant.sqlite3').resolve()}"


def private_json(settings: Settings) -> str:
    """``settings`` with their keys as JSON, for another process of this program; never for a file or a log."""
    return json.dumps(settings.model_dump(mode="python"), default=_plain)


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def load_settings(
    environment: Mapping[str, str] | None = None, settings_file: Path | None = None, **overrides: Any
) -> Settings:
    """Read ``bot.toml``, then ``BOT_*`` variables, then ``overrides`` (``None`` is skipped).

    Nested settings are written ``BOT_LLM_MODEL``, ``embedding_model``. Raises :class:`SettingsError` naming the key.
    """
    environment = os.environ if environment is None else environment
    values = _from_file(settings_file or PROJECT_ROOT / SETTINGS_FILE)
    flat: dict[str, Any] = {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): text
        for name, text in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }
    flat |= {key: value for key, value in overrides.items() if value is not None}
    values = _nested({**{key: value for key, value in values.items() if key not in flat}, **flat}, _SECTIONS)
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            "设置有误",
            value=f"{key}（{first['msg']}）",
            remedy=f"改正 {SETTINGS_FILE} 或 {ENVIRONMENT_PREFIX}* 环境变量",
        ) from None


def _nested(values: Mapping[str, Any], sections: Sequence[str]) -> dict[str, Any]:
    """``values`` with keys such as ``llm_model`` put into their section, over what the section says itself."""
    nested: dict[str, Any] = {name: dict(values.get(name) or {}) for name in sections}
    for key, value in values.items():
        section, _, name = key.partition("_")
        if section in sections and name:
            nested[section][name] = value
        elif key not in sections:
            nested[key] = value
    return nested


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError("设置文件读不懂", value=path, tried=str(error), remedy="按 TOML 语法改正") from None
