"""A reader in a process of its own that does what each file's name says."""

from collections.abc import Iterator

import pytest

from bot.documents.bounded import BoundedReader
from tests.support.deeds import LIMITS, ROOT, act


@pytest.fixture(scope="module", autouse=True)
def importable() -> Iterator[None]:
    """The worker finds the module of the deeds however pytest was started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        yield


@pytest.fixture(scope="module")
def reader(importable: None) -> Iterator[BoundedReader[object]]:
    """One for all tests, which is what it is made for: it recovers from whatever the one before did."""
    with BoundedReader(act, LIMITS) as opened:
        yield opened


@pytest.fixture
def fresh(reader: BoundedReader[object]) -> BoundedReader[object]:
    """The same, with its process still to be started."""
    reader.close()
    return reader
