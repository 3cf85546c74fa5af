"""A command that starts, and ends, does not look through everything it read in for garbage; a server does later on."""

from __future__ import annotations

import subprocess
import sys

from bot import __version__
from bot.settings import PROJECT_ROOT

ASKED = """
import atexit, gc, sys
usual = gc.get_threshold()
atexit.register(lambda: print(gc.get_freeze_count() > 10_000))
from bot import cli
sys.argv = ["bot", "--version"]
try:
    cli.main()
except SystemExit as left:
    print(left.code, gc.get_threshold()[0] > 50 * usual[0], gc.get_freeze_count())
"""
GOING_ON = """
    from bot.collecting import collect_as_usual
    collect_as_usual()
    print(gc.get_threshold() == usual, gc.get_freeze_count() > 10_000)
"""


def told(script: str) -> list[str]:
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_little_is_looked_for_until_the_program_stands_and_nothing_when_it_ends() -> None:
    assert told(ASKED) == [__version__, "0", "True", "0", "True"]


def test_a_program_that_goes_on_looks_as_usual_but_not_at_what_it_began_with() -> None:
    assert told(ASKED + GOING_ON) == [__version__, "0", "True", "0", "True", "True", "True"]
