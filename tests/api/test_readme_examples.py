"""The README's calls for other programs, run as they stand there against the whole program."""

import json
import os
import re
import subprocess
import sys

import pytest

from bot.settings import PROJECT_ROOT

SECTION = re.search(
    r"^## 其他程序\n(.*?)^## ", (PROJECT_ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
)[1]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", SECTION, flags=re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:7860"


@pytest.fixture
def run(site, corpus_settings):
    def run(command, text):
        assert ADDRESS in text
        text = text.replace(ADDRESS, site.url).replace(".venv/bin/python", sys.executable)
        environment = {**os.environ, "KEY": site.key, "BOT_DATA_DIR": str(corpus_settings.data_dir)}
        done = subprocess.run(
            [*command, text], cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=240
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_there_is_a_call_of_each_kind():
    kinds = [kind for kind, _ in BLOCKS]
    assert kinds == ["sh", "python", "python"]
    assert len(re.findall(r"^curl ", BLOCKS[0][1], flags=re.MULTILINE)) == 2
    assert "OpenAI(" in BLOCKS[1][1] and "ClientSession(" in BLOCKS[2][1]


def test_curl_asks_with_the_key_that_was_just_issued_and_reads_a_stream(run):
    told = run(["bash", "-ec"], BLOCKS[0][1].replace("export KEY=", "unset KEY; export KEY="))
    answer, events = json.JSONDecoder().raw_decode(told)
    assert "50" in answer["answer"] and answer["citations"] and not answer["abstained"]
    pieces = [line.removeprefix("data: ") for line in told[events:].splitlines() if line.strip()]
    assert pieces[-1] == "[DONE]"
    deltas = [json.loads(piece)["choices"][0]["delta"] for piece in pieces[:-1]]
    assert answer["answer"] in "".join(each.get("content", "") for each in deltas)


def test_the_openai_client_prints_the_answer_and_where_it_is_from(run, site):
    told = run([sys.executable, "-c"], BLOCKS[1][1])
    assert "50" in told and "依据" in told and f"{site.url}/api/v1/documents/" in told


def test_the_client_for_tools_prints_the_answer(run):
    answer = json.loads(run([sys.executable, "-c"], BLOCKS[2][1]))
    assert "50" in answer["answer"] and answer["citations"]


def test_limits_told_there_are_those_in_force():
    from bot.settings import ApiSettings, ServingSettings

    assert f"一个密钥每分钟 {ApiSettings().calls_per_minute} 次" in SECTION
    assert f"合计 {ServingSettings().calls_per_minute} 次" in SECTION
