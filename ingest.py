"""Bring the index in step with the corpus folder: ``python ingest.py [--corpus DIR] [--data DIR]``."""

from __future__ import annotations

import sys

from bot.cli import app
from bot.settings import PROGRAM

if __name__ == "__main__":
    app(["ingest", *sys.argv[1:]], prog_name=PROGRAM)
