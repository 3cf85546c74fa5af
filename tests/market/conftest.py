"""A market in a folder of its own, with the bundled embedding model."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.market.service import Market
from bot.market.store import MarketStore
from bot.settings import Settings, load_settings
from bot.store.database import Database

TODAY = date(2026, 3, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(environment={}, settings_file=tmp_path / "none.toml", data_dir=tmp_path / "data")


@pytest.fixture
def market(settings: Settings) -> Iterator[Market]:
    made = Market(settings, today=lambda: TODAY)
    yield made
    made.store.database.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MarketStore]:
    database = Database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    yield MarketStore(database)
    database.close()
