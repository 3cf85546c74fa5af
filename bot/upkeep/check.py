"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``remedy`` is empty when all is well."""

    name: str
    ok: bool
    found: str
    remedy: str = ""
