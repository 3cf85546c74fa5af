"""The one reader of the environment; everything else is handed a :class:`Settings`."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as PydanticSettingsError

from bot.errors import SettingsError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
#: In a checkout everything lies beside the program; installed from a wheel it works in the folder it is started in.
IN_CHECKOUT = (PROJECT_ROOT / "pyproject.toml").is_file()
HOME = PROJECT_ROOT if IN_CHECKOUT else Path.cwd()
#: The program as a person types it, from a checkout and from a wheel alike.
PROGRAM = "python -m bot"
#: What brings the index in step with the documents.
INGEST = f"{PROGRAM} ingest"
#: The documents that come with a wheel, for whoever has no folder of their own yet.
BUNDLED_CORPUS = Path(__file__).resolve().parent / "bundled_corpus"
ENVIRONMENT_PREFIX = "BOT_"
SETTINGS_FILE = "bot.toml"
CORPUS_FOLDER = "corpus"
#: The database in the data folder, where no other is set.
DATABASE_FILE = "assistant.sqlite3"
BUNDLED_EMBEDDING_MODEL = Path(__file__).resolve().parent / "models" / "zh-passage-embedder"


_REMEDY = f"改正 {SETTINGS_FILE} 或 {ENVIRONMENT_PREFIX}* 环境变量"


def _listed(value: Any) -> Any:
    """Several values written with commas, or as JSON, are a list."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [each.strip() for each in value.split(",") if each.strip()]


def _corpus_here() -> Path:
    own = HOME / CORPUS_FOLDER
    return own if own.is_dir() or not BUNDLED_CORPUS.is_dir() else BUNDLED_CORPUS


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


def _secret_in(path: Path, setting: str) -> str:
    """What stands in a file that keeps a secret. Raises :class:`SettingsError` where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("读不了密钥文件", value=path, tried=str(error), remedy=f"核对 {setting}") from None


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
    at_once: int = Field(4, ge=1, le=1_000, description="calls under way at once; who comes then is answered offline")
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
    query_seconds: float = Field(3.0, gt=0, le=600, description="how long a question waits for a service's vector")
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
        return _secret_in(self.api_key_file, "embedding.api_key_file")


class ChromaSettings(BaseModel):
    """A Chroma server for the passages' vectors; without ``url`` they lie in files of the index."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: str = Field(
        "",
        pattern=r"^(https?://[^/\s]{1,255}/?)?$",
        description="address of a Chroma server, http:// or https://; empty means files in data_dir",
    )
    token: SecretStr = Field(SecretStr(""), description="token of the server; prefer token_file")
    token_file: Path | None = Field(None, description="file that holds the token")
    token_header: str = Field(
        "x-chroma-token",
        pattern=r"^[A-Za-z][A-Za-z-]{0,60}$",
        description="header that carries the token; in authorization it follows the word Bearer",
    )
    ca_file: Path | None = Field(None, description="certificates that an https server is trusted by; empty: the usual")
    tenant: str = Field("default_tenant", min_length=1, description="tenant of the server")
    database: str = Field("default_database", min_length=1, description="database of the tenant")
    timeout_seconds: float = Field(5.0, gt=0, le=600, description="limit of one search; a write may take ten times it")

    @property
    def configured(self) -> bool:
        """Whether a server is named at all."""
        return bool(self.url)

    def key(self) -> str:
        """The token in force, or nothing. Raises :class:`SettingsError` for a file that cannot be read."""
        if self.token_file is None:
            return self.token.get_secret_value()
        return _secret_in(self.token_file, "chroma.token_file")


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

    hosts: Names = Field(
        (), description="host names the site is asked by; empty: this machine's own on a loopback address, else any"
    )
    proxies: str = Field("127.0.0.1", description="addresses of proxies that tell the visitor's own, with commas")
    embedding: Names = Field((), description="sites whose pages may show this one in a frame")
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
    encoders: Names = Field(
        (), description="folders of other encoders that the bench may be asked with; each has an index of its own built"
    )


class Settings(BaseModel):
    """Everything that can be set. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    corpus_dir: Path = Field(default_factory=_corpus_here, description="folder of documents")
    data_dir: Path = Field(HOME / "data", description="index, database, logs")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in data_dir")
    database_url_file: Path | None = Field(None, description="file that holds the URL: its password stays in there")
    host: str = Field("127.0.0.1", description="address the page listens on")
    port: int = Field(7860, ge=1, le=65_535, description="port the page listens on")
    #: No rule sets a term; half a year is about as long as a need stays as it was told.
    consent_days: int = Field(180, ge=1, le=3_650, description="days for which a consent to an introduction holds")
    llm: LlmSettings = LlmSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    chroma: ChromaSettings = ChromaSettings()
    api: ApiSettings = ApiSettings()
    office: OfficeSettings = OfficeSettings()
    desk: DeskSettings = DeskSettings()
    serving: ServingSettings = ServingSettings()

    @property
    def corpus_to_change(self) -> Path:
        """Where changes of the documents go: never among those that came with the program."""
        return HOME / CORPUS_FOLDER if self.corpus_dir == BUNDLED_CORPUS else self.corpus_dir

    @property
    def embedding_cache(self) -> Path:
        """The file of the vector cache in force."""
        return self.embedding.cache or self.data_dir / "cache" / "embeddings.sqlite3"

    @property
    def resolved_database_url(self) -> str:
        """The SQLAlchemy URL in force. Raises :class:`SettingsError` for a file of it that cannot be read."""
        if self.database_url_file is not None:
            return _secret_in(self.database_url_file, "database_url_file")
        # An address is percent-encoded: "?" and "%" stand in names of folders too.
        return self.database_url or f"sqlite:///{quote(str((self.data_dir / DATABASE_FILE).resolve()))}"


def private_json(settings: Settings) -> str:
    """``settings`` with their keys as JSON, for another process of this program; never for a file or a log."""
    return json.dumps(settings.model_dump(mode="python"), default=_plain)


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def load_settings(
    environment: Mapping[str, str] | None = None, settings_file: Path | None = None, **overrides: Any
) -> Settings:
    """Read ``bot.toml``, then ``BOT_*`` variables, then ``overrides`` (``None`` is skipped); the later ones win.

    A section's settings are written ``BOT_LLM_MODEL``, ``llm_model``; several values with commas or as JSON. Raises
    :class:`SettingsError` naming the key, also for a name that is no setting.
    """
    path = settings_file or HOME / SETTINGS_FILE
    given = _Environment(os.environ if environment is None else environment)
    own = {key: value for key, value in overrides.items() if value is not None}
    try:
        file = TomlConfigSettingsSource(_Loader, path)() if path.is_file() else {}
        values = _merged(_merged(file, given()), _in_sections(own))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError("设置文件读不懂", value=path, tried=str(error), remedy="按 TOML 语法改正") from None
    except PydanticSettingsError as error:
        raise SettingsError("设置有误", value=_key_in(error), remedy=_REMEDY) from None
    unknown = given.unknown()
    if unknown:
        raise SettingsError("没有这个设置", value=unknown[0], remedy=f"{_REMEDY}；全部设置见 README")
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError("设置有误", value=f"{key}（{first['msg']}）", remedy=_REMEDY) from None


class _Loader(Settings, BaseSettings):
    """The same settings as the library that reads them wants to see them."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="_", env_nested_max_split=1, extra="forbid"
    )


class _Environment(EnvSettingsSource):
    """``BOT_*`` variables of a mapping: the process's own, or those of a test."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._given = {name.lower(): value for name, value in environment.items()}
        super().__init__(_Loader)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self._given

    def unknown(self) -> list[str]:
        """Variables with our prefix that are no setting."""
        prefix = ENVIRONMENT_PREFIX.lower()
        names = (name.removeprefix(prefix) for name in self._given if name.startswith(prefix))
        return [f"{ENVIRONMENT_PREFIX}{name.upper()}" for name in names if not _is_setting(name)]


def _is_setting(name: str) -> bool:
    if name in Settings.model_fields:
        return True
    section, _, inner = name.partition("_")
    return section in SECTIONS and inner in SECTIONS[section].model_fields


def _in_sections(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` with keys such as ``llm_model`` put into their section."""
    nested: dict[str, Any] = {}
    for key, value in values.items():
        section, _, name = key.partition("_")
        if key not in Settings.model_fields and section in SECTIONS:
            nested.setdefault(section, {})[name] = value
        else:
            nested[key] = value
    return nested


def _merged(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """``after`` over ``before``, each section key by key; a section handed over as a record counts whole."""
    merged = dict(before)
    for key, value in after.items():
        known = merged.get(key)
        merged[key] = {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


def _key_in(error: PydanticSettingsError) -> str:
    """The field that a source could not read; the library's words would repeat the value."""
    found = re.search(r'"([a-z_]{1,60})"', str(error))
    return found[1] if found is not None else "环境变量"


#: The sections by name.
SECTIONS: dict[str, type[BaseModel]] = {
    name: field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
}
