"""``bot ask``, ``bot search``, ``bot text``: the assistant from the command line."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.batches import DONE, WRONG_USE, run_batch, text_field
from bot.commands.calling import as_given
from bot.errors import AssistantError, UsageError
from bot.settings import PROGRAM, LlmSettings, Settings, load_settings

DataOption = Annotated[Path | None, typer.Option("--data", help="数据文件夹（索引、数据库）")]
JsonOption = Annotated[bool, typer.Option("--json", help="只输出 JSON，每行一个对象")]
BatchOption = Annotated[Path | None, typer.Option("--batch", help="JSON 行文件，一行一条")]


def ask(
    question: Annotated[str | None, typer.Argument(help="要问的问题")] = None,
    batch: BatchOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="不用模型服务，即使已配置")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
    explain: Annotated[bool, typer.Option("--explain", help="说明为什么这样答：各读法的提议、把握与理由")] = False,
) -> None:
    """回答问题，每句话标明出处。"""
    raise typer.Exit(guarded(lambda: _ask(question, batch, offline, data, as_json, explain)))


def search(
    query: Annotated[str | None, typer.Argument(help="要找的内容")] = None,
    batch: BatchOption = None,
    k: Annotated[int, typer.Option(min=1, max=1000, help="最多给出几条")] = 10,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """查找相关片段。"""
    raise typer.Exit(guarded(lambda: _search(query, batch, k, data, as_json)))


def text(
    document_id: Annotated[str, typer.Argument(help="文件在资料库中的路径")],
    data: DataOption = None,
) -> None:
    """输出一份文件的清洗后全文。"""

    def run() -> int:
        from bot.index.search_index import SearchIndex

        settings = load_settings(data_dir=data)
        sys.stdout.write(SearchIndex.open(settings.data_dir).document(document_id).text)
        return DONE

    raise typer.Exit(guarded(run))


def guarded(run: Any) -> int:
    """The exit code of ``run``; an error of the project's tree is told on stderr."""
    try:
        code = run()
        return int(code)
    except AssistantError as error:
        print(as_given(str(error)), file=sys.stderr)
        return WRONG_USE
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"读写文件出错：{error}。解决办法：检查磁盘空间和文件夹权限。", file=sys.stderr)
        return WRONG_USE


def offline_settings(settings: Settings, offline: bool) -> Settings:
    """``settings`` with no model service when ``offline``."""
    return settings.model_copy(update={"llm": LlmSettings()}) if offline else settings


def _ask(
    question: str | None, batch: Path | None, offline: bool, data: Path | None, as_json: bool, explain: bool
) -> int:
    from bot.assistant import Assistant
    from bot.serialization import answer_object, to_line
    from bot.types import Turn

    _one_of(question, batch)
    assistant = Assistant.open(offline_settings(load_settings(data_dir=data), offline))

    def handle(fields: Mapping[str, Any]) -> Mapping[str, Any]:
        history = fields.get("history") or ()
        turn = Turn(text_field(fields, "question"), tuple(str(item) for item in history))
        return answer_object(assistant.ask(turn), fields.get("id"), explain=explain)

    if batch is not None:
        return run_batch(batch, handle)
    answer = assistant.ask(Turn(question or ""))
    if as_json:
        print(to_line(answer_object(answer, explain=explain)))
        return DONE
    from bot.commands.readable import print_answer, print_decisions

    print_answer(answer)
    if explain:
        print_decisions(answer)
    return DONE


def _search(query: str | None, batch: Path | None, k: int, data: Path | None, as_json: bool) -> int:
    from bot.assistant import Assistant
    from bot.serialization import hit_object, to_line

    _one_of(query, batch)
    assistant = Assistant.open(load_settings(data_dir=data))

    def handle(fields: Mapping[str, Any]) -> Mapping[str, Any]:
        asked = text_field(fields, "query")
        hits = [hit_object(hit) for hit in assistant.search(asked, k)]
        identifier = {"id": fields["id"]} if "id" in fields else {}
        return {**identifier, "query": asked, "hits": hits}

    if batch is not None:
        return run_batch(batch, handle)
    if as_json:
        print(to_line(handle({"query": query})))
        return DONE
    for hit in assistant.search(query or "", k):
        place = f" · {hit.chunk.section}" if hit.chunk.section else ""
        print(f"{hit.score:.3f}  {hit.metadata.title}{place}")
        print(f"       {' '.join(hit.chunk.text.split())[:120]}")
    return DONE


def _one_of(single: str | None, batch: Path | None) -> None:
    if (single is None) == (batch is None):
        raise UsageError("要么写出问题，要么用 --batch 给一个文件", remedy=f"看 {PROGRAM} ask --help")
