"""The market's encoder is opened once and encodes each sought text once; each test otherwise opens one of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import pytest

from bot.encoder import load_embedder
from bot.market import parts


class _Remembering:
    """An embedder that knows what it was asked before: the same text always has the same vector."""

    def __init__(self, behind: Any) -> None:
        self._behind = behind
        self.embed_query = lru_cache(maxsize=None)(self._encoded)

    def _encoded(self, text: str) -> Any:
        vector = self._behind.embed_query(text)
        vector.flags.writeable = False
        return vector

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)


@contextmanager
def encoder_opened_once() -> Iterator[None]:
    """Every market opened meanwhile shares an encoder with the others of the same settings."""
    opened: dict[str, _Remembering] = {}

    def load(settings: Any) -> _Remembering:
        key = repr(settings)
        if key not in opened:
            opened[key] = _Remembering(load_embedder(settings))
        return opened[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "load_embedder", load)
        yield
