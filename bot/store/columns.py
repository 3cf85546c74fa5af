"""The kinds of columns that the tables are made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, String, Text

ID_LENGTH = 100
STAMP_LENGTH = 32
CODE_LENGTH = 32


def code(name: str, *, nullable: bool = False) -> Column[Any]:
    """A value of a small set."""
    return Column(name, String(CODE_LENGTH), nullable=nullable)


def stamp(name: str, *, nullable: bool = False) -> Column[Any]:
    """A date or a time, as ISO 8601 writes it."""
    return Column(name, String(STAMP_LENGTH), nullable=nullable)


def text(name: str) -> Column[Any]:
    """Words of any length; empty when nothing was said."""
    return Column(name, Text, nullable=False, server_default="")


def flag(name: str) -> Column[Any]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False)
