"""A market on either database with nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.market.service import Market
from bot.settings import load_settings
from bot.store.database import Database


def market_on(url: str, folder: Path) -> Market:
    """A market on the database behind ``url``."""
    return Market(load_settings({}, folder / "none.toml", data_dir=folder / "data", database_url=url))


@pytest.fixture
def market(either_database: Database, tmp_path: Path) -> Iterator[Market]:
    made = market_on(either_database.url, tmp_path)
    yield made
    made.close()
