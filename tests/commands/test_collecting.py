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
    from bot.collecting import collect_as_usual
    loop = []
    loop.append(loop)
    collect_as_usual()
    print(gc.get_threshold() == usual, gc.get_freeze_count() > 10_000)
"""


def test_little_is_looked_for_until_the_program_stands_and_nothing_when_it_ends() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [__version__, "0", "True", "0", "True", "True", "True"]
