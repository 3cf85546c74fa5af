"""A need and an offer of two owners, a day and a wall clock that tests set, and what owners say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.market.consents import Consent, ConsentChannel, ConsentState, ConsentStep
from bot.market.records import Need, Offer, Organisation, Side
from bot.market.service import Market
from bot.settings import load_settings
from bot.store.database import Database
from bot.types import PrivateContact, RecordKind

NEED, OFFER = RecordKind.NEED, RecordKind.OFFER
ASKED, GIVEN, REFUSED, WITHDRAWN = ConsentStep
NEEDS, OFFERS = Side.NEED_OWNER, Side.OFFER_OWNER
PHONES = {"n1": "13900000001", "o1": "13900000002"}


class Clock:
    """A day that tests set, for what is judged by it; wall time is set by :func:`wall_time`."""

    def __init__(self) -> None:
        self.today = date.today()

    def __call__(self) -> date:
        return self.today


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def market(either_database: Database, tmp_path: Path, clock: Clock) -> Iterator[Market]:
    settings = load_settings(
        environment={},
        settings_file=tmp_path / "none.toml",
        data_dir=tmp_path / "data",
        database_url=either_database.url,
        consent_days=180,
    )
    made = Market(settings, today=clock)
    owners = [Organisation(id=f"g{number}", title=f"示例{name}") for number, name in enumerate("零甲乙丙")]
    made.store.save_many(owners, actor="t")
    made.store.save_many(
        [Need(id="n1", title="风机降噪", description="噪声超标", owner_id="g1")], actor="t", publish=True
    )
    made.store.save_many([Offer(id="o1", title="仿生叶片", description="降噪", owner_id="g2")], actor="t", publish=True)
    for kind, record_id in ((NEED, "n1"), (OFFER, "o1")):
        made.store.set_contacts(kind, {record_id: PrivateContact(name="示例人", phone=PHONES[record_id])}, actor="t")
    yield made
    made.close()


def said(side: Side, step: ConsentStep = GIVEN, **more: object) -> Consent:
    told = Consent(
        need_id="n1",
        offer_id="o1",
        side=side,
        step=step,
        channel=ConsentChannel.PHONE,
        said_by="示例公司 张经理",
        actor="desk",
    )
    return replace(told, **more)  # type: ignore[arg-type]


def agree(market: Market) -> ConsentState:
    market.record_consent(said(NEEDS))
    return market.record_consent(said(OFFERS))


def standings(market: Market) -> tuple[str, str]:
    state = market.consent_state("n1", "o1")
    return state.need_owner.standing.value, state.offer_owner.standing.value


def reword(market: Market) -> None:
    market.store.save(replace(market.need("n1"), description="另外的内容"), actor="t")


@pytest.fixture
def wall_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the clock of everything that is written."""

    def set_to(stamp: str) -> None:
        for module in ("batch", "writing", "contacts", "receipts", "intake.former"):
            monkeypatch.setattr(f"bot.market.{module}.utc_now", lambda: stamp)

    return set_to
