"""How many questions an ingest of a test puts to its corpus: every one costs as much as a person's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from bot import ingestion
from bot.suggestions.verifying import VerifyingLimits

FEW = 8


@contextmanager
def few_suggestions() -> Iterator[None]:
    """As long as this lasts an ingest asks only a few of its questions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingestion, "VerifyingLimits", partial(VerifyingLimits, asked=FEW))
        yield


@contextmanager
def all_suggestions() -> Iterator[None]:
    """Within it an ingest asks all of them, as the program does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingestion, "VerifyingLimits", VerifyingLimits)
        yield
