"""Text as any database takes it."""

from __future__ import annotations


def storable(text: str) -> str:
    """``text`` without what PostgreSQL refuses (NUL) and with a mark for what no encoding takes (lone surrogates)."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
