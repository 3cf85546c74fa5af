"""``python -m bot.benchmarks [--folder DIR …] [--only WORDS]``: every figure of the README measured anew.

The README's table of figures is the list: each row's command is run once, and its last lines are printed below what the
row says. Rows whose command names ``DIR`` need collections that are not part of the project and are run with
``--folder``, in the order given for ``DIR``, ``DIR1``, ``DIR2`` …; else they are told as left out.
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings import PROJECT_ROOT

_HEADING, _SAME = "## 数字", "同上"
_FOLDER = re.compile(r"\bDIR(\d?)\b")
_SHOWN_LINES = 14


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table: what is measured, what the README says, the command, empty for that of the row above."""

    what: str
    claim: str
    command: str


def figures(readme: str) -> tuple[Figure, ...]:
    """The rows of the README's table of figures, in order. Raises :class:`ValueError` where there is none."""
    _, found, rest = readme.partition(f"\n{_HEADING}\n")
    section = rest.partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    if not found or not rows:
        raise ValueError(f"README has no table below {_HEADING}")
    return tuple(_figure(row) for row in rows)


def _figure(row: str) -> Figure:
    what, claim, command = (cell.strip() for cell in row.strip("|").split(" | "))
    return Figure(what.strip("| "), claim, "" if command.strip(" |").startswith(_SAME) else command.strip("` |"))


def with_folders(command: str, folders: Sequence[Path]) -> list[str] | None:
    """The command's words with ``DIR`` filled in; ``None`` when a folder is missing."""
    wanted = {int(number or 1) for number in _FOLDER.findall(command)}
    if "FILE" in command.split() or any(number > len(folders) for number in wanted):
        return None
    words = [_FOLDER.sub(lambda found: str(folders[int(found[1] or 1) - 1]), word) for word in shlex.split(command)]
    return [sys.executable, *words[1:]] if words[0] == "python" else words


def run(all_figures: Sequence[Figure], folders: Sequence[Path], only: str) -> bool:
    """Run what can be, print it, and say whether every command ended well."""
    groups: dict[str, list[Figure]] = {}
    command = ""
    for figure in all_figures:
        command = figure.command or command
        groups.setdefault(command, []).append(figure)
    well = True
    for command, rows in groups.items():
        if only and not any(only in f"{row.what} {command}" for row in rows):
            continue
        for row in rows:
            sys.stdout.write(f"\n{row.what}\n  README: {row.claim}\n")
        words = with_folders(command, folders)
        if words is None:
            sys.stdout.write(f"  left out: {command} needs --folder\n")
            continue
        started = time.perf_counter()
        done = subprocess.run(words, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
        # 1 is that of cases that fail, as some do; of any other failure the reason is told.
        failed = done.returncode not in (0, 1)
        lines = [line for line in f"{done.stdout}\n{done.stderr if failed else ''}".splitlines() if line.strip()]
        lines = lines[-_SHOWN_LINES:]
        sys.stdout.write("".join(f"  now:    {line}\n" for line in lines))
        sys.stdout.write(f"  {command} ({time.perf_counter() - started:.0f} s, exit {done.returncode})\n")
        sys.stdout.flush()
        well = well and not failed
    return well


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, action="append", default=[], help="a collection, for DIR")
    parser.add_argument("--only", default="", help="rows that hold these words")
    options = parser.parse_args()
    readme = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    return 0 if run(figures(readme), [folder.resolve() for folder in options.folder], options.only) else 1


if __name__ == "__main__":
    sys.exit(main())
