"""Settings from a file, the environment and the caller; what is wrong is named, what is secret is not."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import SECTIONS, Settings, load_settings

FILE = """
port = 7000
consent_days = 90
[llm]
model = "from-file"
base_url = "http://127.0.0.1:1/v1"
[serving]
hosts = ["a.example", "b.example"]
"""


@pytest.fixture
def load(tmp_path):
    path = tmp_path / "bot.toml"
    path.write_text(FILE, encoding="utf-8")

    def loaded(environment=None, **overrides):
        return load_settings(environment or {}, path, **overrides)

    return loaded


def test_the_caller_goes_before_the_environment_and_that_before_the_file(load):
    assert load().port == 7000 and load({"BOT_PORT": "7001"}).port == 7001
    assert load({"BOT_PORT": "7001"}, port=7002).port == 7002
    assert load({"BOT_PORT": "7001"}, port=None).port == 7001


def test_a_section_is_filled_key_by_key(load):
    settings = load({"BOT_LLM_MODEL": "from-environment", "BOT_LLM_TIMEOUT_SECONDS": "3.5"}, llm_max_tokens=99)
    llm = settings.llm
    assert (llm.model, llm.base_url, llm.timeout_seconds, llm.max_tokens) == (
        "from-environment",
        "http://127.0.0.1:1/v1",
        3.5,
        99,
    )
    assert settings.consent_days == 90 and settings.office == Settings().office


@pytest.mark.parametrize("told", ["c.example, d.example", '["c.example", "d.example"]', "c.example,,d.example,"])
def test_several_values_are_written_with_commas_or_as_json(load, told):
    assert load({"BOT_SERVING_HOSTS": told}).serving.hosts == ("c.example", "d.example")


def test_names_with_underscores_are_whole_settings(load, tmp_path):
    settings = load({"BOT_CORPUS_DIR": str(tmp_path), "BOT_DATABASE_URL": "sqlite:///x", "bot_office_reply_days": "9"})
    assert (settings.corpus_dir, settings.database_url, settings.office.reply_days) == (tmp_path, "sqlite:///x", 9)


@pytest.mark.parametrize(
    ("environment", "overrides", "named"),
    [
        ({"BOT_PROT": "1"}, {}, "BOT_PROT"),
        ({"BOT_LLM_MODLE": "x"}, {}, "BOT_LLM_MODLE"),
        ({"BOT_LLMMODEL": "x"}, {}, "BOT_LLMMODEL"),
        ({"BOT_PORT": "x"}, {}, "port"),
        ({"BOT_PORT": "0"}, {}, "port"),
        ({"BOT_LLM_TIMEOUT_SECONDS": "-1"}, {}, "llm.timeout_seconds"),
        ({"BOT_LLM": "not json"}, {}, "llm"),
        ({"BOT_SERVING_HOSTS": "[1"}, {}, "serving.hosts"),
        ({}, {"nothing": 1}, "nothing"),
        ({}, {"llm_nothing": 1}, "llm.nothing"),
    ],
)
def test_what_is_wrong_is_named(load, environment, overrides, named):
    with pytest.raises(SettingsError) as refused:
        load(environment, **overrides)
    assert named in str(refused.value)


def test_a_value_is_never_repeated(load):
    for environment in ({"BOT_LLM": "sk-secret"}, {"BOT_LLM_TIMEOUT_SECONDS": "sk-secret"}):
        with pytest.raises(SettingsError) as refused:
            load(environment)
        assert "sk-secret" not in str(refused.value)


@pytest.mark.parametrize("text", ["port = ", "port = 1\nport = 2", "\xff"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, text):
    path = tmp_path / "bot.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError, match="设置文件读不懂") as refused:
        load_settings({}, path)
    assert str(path) in str(refused.value)


def test_an_unknown_key_of_the_file_is_named(tmp_path):
    path = tmp_path / "bot.toml"
    path.write_text("[llm]\nmodle = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="llm.modle"):
        load_settings({}, path)


def test_nothing_else_of_the_environment_is_read(load):
    assert load({"PORT": "1", "LLM_MODEL": "x", "XBOT_PORT": "2"}).port == 7000


def test_every_setting_says_what_it_is():
    fields = [
        *Settings.model_fields.items(),
        *(pair for each in SECTIONS.values() for pair in each.model_fields.items()),
    ]
    assert [name for name, field in fields if not field.description and name not in SECTIONS] == []
    assert set(SECTIONS) >= {"llm", "embedding", "api", "office", "desk", "serving"}


def test_in_a_checkout_everything_lies_beside_the_program():
    root = Path(__file__).resolve().parents[1]
    assert Settings().corpus_dir == root / "corpus" and Settings().data_dir == root / "data"
