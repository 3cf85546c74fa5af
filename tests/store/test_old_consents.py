"""Consents as an older program kept them: taken over where their place is sure, lapsed where it is not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, text

from bot.market.consents import ConsentChannel
from bot.market.service import Market
from bot.settings import load_settings
from bot.store import migrate as migrations
from tests.store.two_owners import standings


def _yesterday() -> str:
    """A day of which every hour is over, whenever the test runs."""
    return (date.today() - timedelta(days=1)).isoformat()


OLD_CONSENTS = [
    # (id, side, given, at), the last change of a record being at ten o'clock
    ("in order", [(1, "need_owner", True, "11:00"), (2, "offer_owner", True, "11:01")], ("given", "given")),
    ("before the change", [(1, "need_owner", True, "09:30"), (2, "offer_owner", True, "11:00")], ("lapsed", "given")),
    ("taken back", [(1, "need_owner", True, "11:00"), (2, "need_owner", False, "11:05")], ("withdrawn", "not_asked")),
    (
        "clock back between",
        [(1, "need_owner", False, "12:00"), (2, "need_owner", True, "11:00")],
        ("lapsed", "not_asked"),
    ),
    ("clock ahead", [(1, "need_owner", True, "2999")], ("lapsed", "not_asked")),
    (
        "taken back under a clock set back",
        [(1, "need_owner", True, "11:00"), (2, "need_owner", False, "2001")],
        ("withdrawn", "not_asked"),
    ),
]


@pytest.mark.parametrize(("name", "rows", "expected"), OLD_CONSENTS, ids=[name for name, *_ in OLD_CONSENTS])
def test_old_consents_are_taken_over_and_doubtful_ones_lapse(tmp_path, name, rows, expected):
    today = _yesterday()
    database = _old_database(tmp_path, [("08:00", "[]"), ("10:00", '[["description", "a", "b"]]')])
    with database.begin() as connection:
        for number, side, given, at in rows:
            when = f"{today}T{at}:00.000000Z" if ":" in at else f"{at}-01-01T00:00:00.000000Z"
            values = {"id": number, "side": side, "given": given, "at": when}
            connection.execute(
                text(
                    "INSERT INTO consents (id, need_id, offer_id, side, given, given_by, evidence, at, actor) "
                    "VALUES (:id, 'n1', 'o1', :side, :given, '张经理', '电话', :at, 'desk')"
                ),
                values,
            )
    database.dispose()
    market = _market_on(database, tmp_path, date.today() + timedelta(days=1))
    assert standings(market) == expected
    history = market.consent_history("n1", "o1")
    assert [each.at for each in history] and {each.channel for each in history} == {ConsentChannel.UNSTATED}
    market.close()


def test_events_out_of_order_leave_no_old_yes_in_force(tmp_path):
    """A change was written under a clock that was behind: it may have come before the yes or after it."""
    today = _yesterday()
    database = _old_database(tmp_path, [("12:00", "[]"), ("10:00", '[["description", "a", "b"]]')])
    with database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO consents (id, need_id, offer_id, side, given, given_by, evidence, at, actor) VALUES "
                f"(1, 'n1', 'o1', 'need_owner', true, '张经理', '电话', '{today}T11:00:00.000000Z', 'desk')"
            )
        )
    database.dispose()
    market = _market_on(database, tmp_path, date.today())
    assert standings(market)[0] == "lapsed"
    market.close()


def _market_on(database: Engine, tmp_path: Path, today: date) -> Market:
    settings = load_settings(
        environment={}, settings_file=tmp_path / "x", data_dir=tmp_path / "d", database_url=str(database.url)
    )
    return Market(settings, today=lambda: today)


def _old_database(tmp_path: Path, events: list[tuple[str, str]]) -> Engine:
    """A database as the program before consents were events left it, with a need, an offer and some events."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    today = _yesterday()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004_letters")
        for statement in (
            *(
                f"INSERT INTO {table} (id, title, fields, confidentiality, historic, sample, state, created_at, updated_at) "
                f"VALUES ('{record_id}', '示例', '[]', 'open', false, false, 'published', 'x', 'x')"
                for table, record_id in (("needs", "n1"), ("offers", "o1"))
            ),
            *(
                "INSERT INTO record_events (kind, record_id, at, actor, action, from_state, to_state, changes) VALUES "
                f"('needs', 'n1', '{today}T{at}:00.000000Z', 't', 'save', 'published', 'published', '{changes}')"
                for at, changes in events
            ),
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    return engine
