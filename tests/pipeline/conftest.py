"""A market on either database with nothing in it, and forms that pass the gate."""

import pytest
from sqlalchemy import event

from bot.market.service import Market
from bot.settings import load_settings
from bot.types import PrivateContact, RecordKind
from tests.market.conftest import TODAY
from tests.support.market_forms import NEED_VALUES as GOOD

PHONE, OTHER_PHONE = "13900000001", "13900000002"
CONTACT = PrivateContact(name="示例人", phone=PHONE)
GOOD_OFFER = {
    "title": "轴流风机仿生叶片降噪技术",
    "description": "仿猫头鹰翼型的锯齿叶片，井下轴流风机实测噪声由96分贝降到78分贝，已用于示例矿业两台风机。",
    "benefit": "井下噪声低于限值，实测降噪18分贝",
    "trl": "8",
    "cooperation": "委托开发",
    "region": "示例省",
}
#: No text may break a page, a filter or a file.
HOSTILE = (
    "<script>alert(1)</script>",
    "%' OR 1=1 --",
    "100%_\\",
    '=HYPERLINK("http://evil.test")',
    "‮reversed",
    "a" * 5_000,
    "\x00nul",
    "\ud800",
    "　",
    "停下",
)


@pytest.fixture
def moderated():
    """Whether what visitors send waits; a test sets it with ``indirect``-free parametrisation of its own."""
    return False


@pytest.fixture
def market(either_database, tmp_path, moderated):
    made = Market(
        load_settings(
            environment={},
            settings_file=tmp_path / "none.toml",
            data_dir=tmp_path / "data",
            database_url=either_database.url,
            desk={"moderation": moderated},
        ),
        lambda: TODAY,
    )
    yield made
    made.close()


def submitted(market, kind=RecordKind.NEED, contact=CONTACT, owner="示例甲", **values):
    return market.submit(
        kind, {**(GOOD if kind is RecordKind.NEED else GOOD_OFFER), **values}, owner=owner, contact=contact
    )


class Stopped(RuntimeError):
    """Raised in place of a statement."""


def stopped_everywhere(market, doing, everything):
    """Stop ``doing`` at each of its writing statements in turn; give how many there were, each without a trace."""
    engine, before, stops = market.database._engine, everything(), 0
    for stop_at in range(200):
        seen = 0

        def stop(_connection, _cursor, statement, *_, at=stop_at):
            nonlocal seen
            if statement.split()[0].upper() in ("INSERT", "UPDATE", "DELETE"):
                seen += 1
                if seen > at:
                    raise Stopped

        event.listen(engine, "before_cursor_execute", stop)
        try:
            doing()
        except Stopped:
            stops += 1
            assert everything() == before, stop_at
        else:
            return stops
        finally:
            event.remove(engine, "before_cursor_execute", stop)
    raise AssertionError("never done")
