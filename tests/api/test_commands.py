"""Keys from the command line, and the tools over standard input and output with the protocol's own client."""

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from typer.testing import CliRunner

from bot.cli import app

RUNNER = CliRunner()


def run(*words):
    return RUNNER.invoke(app, [str(word) for word in words])


def test_keys_are_issued_listed_and_revoked(tmp_path):
    key = run("key", "add", "示例程序", "--data", tmp_path).output.strip()
    assert key.startswith("tma-")
    listed = run("key", "list", "--data", tmp_path).output
    assert "示例程序" in listed and key not in listed and "作废" not in listed
    assert run("key", "revoke", 1, "--data", tmp_path).exit_code == 0
    assert "作废" in run("key", "list", "--data", tmp_path).output
    assert run("key", "revoke", 1, "--data", tmp_path).exit_code == 2


@pytest.mark.slow
def test_tools_over_standard_input_and_output(corpus_settings):
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "bot", "mcp", "--data", str(corpus_settings.data_dir)]
    )

    async def ask():
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            return await session.call_tool("answer_policy_question", {"question": "联合创新项目最高支持多少？"})

    # In a thread of its own: the browser's tests keep a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(asyncio.run, ask()).result()
    assert "50" in json.loads(result.content[0].text)["answer"]
