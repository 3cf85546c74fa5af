"""``bot inquiries``: the questions left for the office, and what it writes back under their receipts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.ask import DataOption, JsonOption, guarded
from bot.commands.batches import DONE
from bot.inquiries.records import Inquiry, InquiryState
from bot.serialization import to_line
from bot.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from bot.inquiries.office import InquiryOffice

app = typer.Typer(help="留给工作人员的提问：列出、查看、答复、办结。", no_args_is_help=True)

NumberArgument = Annotated[int, typer.Argument(help="提问编号")]


@app.command("list")
def list_inquiries(
    everything: Annotated[bool, typer.Option("--all", help="已答复、已办结、已撤回的也列出")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出等着答复的提问，等得最久的在前。"""

    def run() -> int:
        states = tuple(InquiryState) if everything else (InquiryState.WAITING,)
        found = _office(data).listed(states)
        for inquiry in found:
            question = " ".join(inquiry.question.split())[:60] or "（已撤回）"
            line = f"{inquiry.id}  {inquiry.asked_at[:10]}  {inquiry.state.label}  {question}"
            print(to_line(_object(inquiry)) if as_json else line)
        if not found and not as_json:
            print("没有等着答复的提问。")
        return DONE

    raise typer.Exit(guarded(run))


@app.command("show")
def show(number: NumberArgument, data: DataOption = None, as_json: JsonOption = False) -> None:
    """一条提问：往来、此前在页面上的问答、联系方式。"""

    def run() -> int:
        inquiry = _office(data).inquiry(number)
        print(to_line(_object(inquiry)) if as_json else _readable(inquiry))
        return DONE

    raise typer.Exit(guarded(run))


@app.command("reply")
def reply(
    number: NumberArgument,
    text: Annotated[str, typer.Argument(help="答复的话")],
    by: Annotated[str, typer.Option("--by", help="经办人")],
    data: DataOption = None,
) -> None:
    """答复；提问人凭回执码看到。"""

    def run() -> int:
        print(_readable(_office(data).reply(number, text, by=by)))
        return DONE

    raise typer.Exit(guarded(run))


@app.command("close")
def close(number: NumberArgument, data: DataOption = None) -> None:
    """办结；联系方式随之删除，往来仍可凭回执码查看。"""

    def run() -> int:
        print(_readable(_office(data).close(number)))
        return DONE

    raise typer.Exit(guarded(run))


def _office(data: Path | None) -> InquiryOffice:
    from bot.inquiries.office import InquiryOffice
    from bot.store.database import shared_database

    return InquiryOffice(shared_database(load_settings(data_dir=data).resolved_database_url))


def _object(inquiry: Inquiry) -> dict[str, Any]:
    return {**asdict(inquiry), "question": inquiry.question}


def _readable(inquiry: Inquiry) -> str:
    lines = [f"{inquiry.id}  {inquiry.state.label}", f"联系方式：{inquiry.contact.line or '（无）'}"]
    lines += [f"此前问：{each.question}\n此前答：{each.answer}" for each in inquiry.conversation]
    lines += [
        f"{each.writer.label}{f'（{each.author}）' if each.author else ''} {each.at[:16]}：{each.text}"
        for each in inquiry.messages
    ]
    return "\n".join(lines)
