"""The command line: ``python -m bot …``; every heavy import waits until its command runs."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import __version__
from bot.collecting import collect_rarely
from bot.commands import ask as ask_commands
from bot.commands import corpus, inquiries, introduce, market
from bot.commands.bench import app as bench_app
from bot.commands.calling import Group
from bot.commands.doctor import doctor
from bot.commands.draft import draft
from bot.commands.eligibility import eligibility
from bot.commands.evaluate import evaluate_command
from bot.commands.index import app as index_app
from bot.commands.ingest import ingest_command
from bot.commands.job import job
from bot.commands.keys import app as key_app
from bot.commands.keys import mcp
from bot.commands.match import match
from bot.commands.propose import propose
from bot.commands.serve import serve
from bot.commands.upkeep import backup, restore
from bot.commands.users import app as user_app

app = typer.Typer(
    name="bot",
    cls=Group,
    help="技术经理人助手：有据可查的政策问答、伙伴匹配与引荐。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", help="看版本号", callback=_tell_version, is_eager=True)] = False,
) -> None:
    """Take what stands before a command: the version, and nothing else."""


app.command("ingest")(ingest_command)
app.command("ask")(ask_commands.ask)
app.command("search")(ask_commands.search)
app.command("text")(ask_commands.text)
app.command("doctor")(doctor)
app.command("backup")(backup)
app.command("restore")(restore)
app.command("serve")(serve)
app.command("draft")(draft)
app.command("eligibility")(eligibility)
app.command("evaluate")(evaluate_command)
app.command("match")(match)
app.command("propose")(propose)
app.command("mcp")(mcp)
app.command("job", hidden=True)(job)
app.add_typer(corpus.app, name="corpus")
app.add_typer(market.app, name="market")
app.add_typer(introduce.app, name="introduce")
app.add_typer(inquiries.app, name="inquiries")
app.add_typer(index_app, name="index")
app.add_typer(key_app, name="key")
app.add_typer(user_app, name="user")
app.add_typer(bench_app, name="bench")


def main() -> None:
    """Run the command line."""
    collect_rarely()
    app()
