"""Bring the index in step with the corpus folder: ``python ingest.py [--corpus DIR] [--data DIR]``."""

from __future__ import annotations

import sys

from bot.commands.ingest import main

if __name__ == "__main__":
    sys.exit(main())
