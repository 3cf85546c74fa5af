"""Whether a SQLite file is whole, by SQLite's own check."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def damage(path: Path) -> str:
    """What SQLite's own check finds wrong in a database file; empty when it is whole."""
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == ["ok"] else "；".join(found)
