"""Introductions shown a moment ago, so that the file downloaded is the draft that was read."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict

from bot.introductions.records import Introduction

#: Drafts kept by one process; the oldest go first.
MOST_KEPT = 500


class DraftShelf:
    """Drafts by a key that cannot be guessed. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Introduction] = OrderedDict()

    def keep(self, introduction: Introduction) -> str:
        """The key ``introduction`` can be had by for a while."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[key] = introduction
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return key

    def get(self, key: str) -> Introduction | None:
        """The draft of that key, or ``None`` when it is gone."""
        with self._lock:
            return self._kept.get(key)
