"""The command line: ``python -m bot …``; every heavy import waits until its command runs."""

from __future__ import annotations

import typer

from bot.commands import ask as ask_commands
from bot.commands.doctor import doctor
from bot.commands.serve import serve

app = typer.Typer(
    name="bot",
    help="技术经理人助手：有据可查的政策问答、伙伴匹配与引荐。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("ask")(ask_commands.ask)
app.command("search")(ask_commands.search)
app.command("text")(ask_commands.text)
app.command("doctor")(doctor)
app.command("serve")(serve)


def main() -> None:
    """Run the command line."""
    app()
