"""What an owner does is kept whole or leaves no trace: stopped at every statement, and killed at random moments."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.errors import MarketError
from bot.market.records import Interest, Offer, Side, State
from bot.market.service import Market
from bot.store import database as stored
from bot.store.database import Database
from bot.types import PrivateContact, RecordKind
from tests.store.conftest import market_on
from tests.support.market_forms import NEED_VALUES

WHOLE_DAY_MS = 86_400_000
PHONE, OTHER_PHONE = "13900000001", "13900000002"
CONTACT = PrivateContact(name="示例人", phone=PHONE)
TABLES = (
    "organisations",
    "needs",
    "offers",
    "record_contacts",
    "receipts",
    "record_events",
    "interests",
    "consent_events",
)


@pytest.fixture
def market(market: Market) -> Market:
    market.store.save_many([Offer(id="o1", title="仿生叶片")], actor="t", publish=True)
    return market


def everything(market: Market) -> dict[str, list[Any]]:
    with market.database.read() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}")).all()] for table in TABLES
        }


# --- stopped at every statement -------------------------------------------------------------------


def submit(market: Market, _: str) -> None:
    market.submit(RecordKind.NEED, NEED_VALUES, owner="示例甲", contact=CONTACT)


def hand_over(market: Market, _: str) -> None:
    market.hand_over("想找人解决风机噪声", owner="示例甲", contact=CONTACT)


def revise(market: Market, receipt: str) -> None:
    worse = {**NEED_VALUES, "description": "略", "indicators": "", "budget": ""}
    market.revise(receipt, worse, contact=PrivateContact(phone=OTHER_PHONE))


def withdraw(market: Market, receipt: str) -> None:
    market.withdraw(receipt)


def want(market: Market, receipt: str) -> None:
    need = market.claim(receipt)[1]
    interest = Interest(need_id=need.id, offer_id="o1", side=Side.NEED_OWNER, cooperation_sought="许可")
    from bot.market.consents import WHOLE_SCOPE

    market.express_interest(interest, consent=WHOLE_SCOPE)


def publish(market: Market, receipt: str) -> None:
    market.publish(RecordKind.NEED, market.claim(receipt)[1].id, actor="desk")


class Stopped(RuntimeError):
    """Raised in place of a statement."""


@pytest.mark.parametrize("doing", [submit, hand_over, revise, withdraw, want, publish])
def test_stopped_at_any_statement_it_leaves_no_trace(market: Market, doing: Callable[[Market, str], None]) -> None:
    receipt = market.submit(RecordKind.NEED, NEED_VALUES, owner="示例乙", contact=CONTACT).receipt
    if doing is publish:
        need = market.claim(receipt)[1]
        market.move(RecordKind.NEED, need.id, State.DRAFT, actor="desk")
    before = everything(market)
    engine = market.database._engine
    assert engine is not None
    stops = 0
    for stop_at in range(100):
        seen = 0

        def stop(_connection: object, _cursor: object, statement: str, *_: object, at: int = stop_at) -> None:
            nonlocal seen
            if statement.split()[0].upper() in ("INSERT", "UPDATE", "DELETE"):
                seen += 1
                if seen > at:
                    raise Stopped

        event.listen(engine, "before_cursor_execute", stop)
        try:
            doing(market, receipt)
        except Stopped:
            stops += 1
            event.remove(engine, "before_cursor_execute", stop)
            assert everything(market) == before, f"stopped at statement {stop_at}"
        else:
            event.remove(engine, "before_cursor_execute", stop)
            break
    assert stops >= 3 and everything(market) != before


def test_a_wrong_step_in_the_middle_takes_the_rest_back(market: Market) -> None:
    """An organisation's name is looked at after the form: it leaves no record without an owner behind."""
    before = everything(market)
    with pytest.raises(MarketError):
        market.submit(RecordKind.NEED, NEED_VALUES, owner=f"示例甲 电话{PHONE}", contact=CONTACT)
    assert everything(market) == before


# --- killed at random moments ---------------------------------------------------------------------

WORKER = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.store.test_one_transaction import CONTACT, NEED_VALUES, Interest, PrivateContact, RecordKind, Side, market_on
from bot.market.consents import WHOLE_SCOPE

market = market_on(sys.argv[1], Path(sys.argv[2]))
print(json.dumps(["ready"]), flush=True)
for number in range(10_000):
    phone = f"139{number:08}"
    done = market.submit(RecordKind.NEED, NEED_VALUES, owner=f"示例{number}", contact=PrivateContact(phone=phone))
    print(json.dumps(["submitted", done.record.id, done.receipt, phone]), flush=True)
    interest = Interest(need_id=done.record.id, offer_id="o1", side=Side.NEED_OWNER, cooperation_sought="许可")
    market.express_interest(interest, consent=WHOLE_SCOPE)
    print(json.dumps(["wanted", done.record.id]), flush=True)
    if number % 3 == 0:
        market.withdraw(done.receipt)
        print(json.dumps(["withdrawn", done.record.id]), flush=True)
"""
KILLS = 5


@pytest.mark.slow
@pytest.mark.parametrize("kill", range(KILLS))
def test_killed_at_a_random_moment_it_leaves_nothing_half_done(market: Market, tmp_path: Path, kill: int) -> None:
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-c", WORKER, market.database.url, str(tmp_path), root]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as worker:
        assert worker.stdout is not None and json.loads(worker.stdout.readline()) == ["ready"]
        time.sleep(0.2 + random.Random(kill).random())
        os.kill(worker.pid, signal.SIGKILL)
        told = [json.loads(line) for line in worker.stdout if line.endswith("\n")]
    rows = everything(market)
    kept = {record.id: record for record in market.all_records(RecordKind.NEED)}
    contacts = market.store.private_contacts(RecordKind.NEED, kept)
    with_receipt = {record_id for _, _, record_id, _ in rows["receipts"]}
    assert {row[1] for row in rows["record_contacts"]} <= with_receipt, "a contact that nobody holds a receipt for"
    assert set(kept) == with_receipt
    for record in kept.values():
        withdrawn = record.state is State.CLOSED
        assert withdrawn or record.state in (State.PUBLISHED, State.INTEREST), "published halfway"
        assert (record.id in contacts) != withdrawn
        mine = [row for row in rows["interests"] if record.id in row]
        said = market.consent_history(record.id, "o1")
        assert len(said) == 2 * len(mine), "an interest without its consent and its question"
    acknowledged = {
        what: [rest for kind, *rest in told if kind == what] for what in ("submitted", "wanted", "withdrawn")
    }
    for record_id, receipt, _ in acknowledged["submitted"]:
        assert market.claim(receipt)[1].id == record_id
    assert all(any(record_id in row for row in rows["interests"]) for (record_id,) in acknowledged["wanted"])
    assert all(kept[record_id].state is State.CLOSED for (record_id,) in acknowledged["withdrawn"])


# --- what is deleted is gone ----------------------------------------------------------------------


@pytest.mark.parametrize("way", ["withdrawn", "corrected", "handed to another owner"])
def test_a_deleted_contact_is_in_no_file_of_the_database(database: Database, tmp_path: Path, way: str) -> None:
    market = market_on(database.url, tmp_path)
    receipt = market.submit(RecordKind.NEED, NEED_VALUES, owner="示例甲", contact=CONTACT).receipt
    files = sorted(Path(database.url.removeprefix("sqlite:///")).parent.glob("assistant.sqlite3*"))
    assert any(PHONE.encode() in file.read_bytes() for file in files)
    if way == "withdrawn":
        market.withdraw(receipt)
    elif way == "corrected":
        market.revise(receipt, {}, contact=PrivateContact(phone=OTHER_PHONE))
    else:
        from dataclasses import replace

        from bot.market.records import Organisation

        market.store.save(Organisation(id="g9", title="完全不同的一家"), actor="t")
        market.store.save(replace(market.claim(receipt)[1], owner_id="g9"), actor="t")
    assert not any(PHONE.encode() in file.read_bytes() for file in files if file.exists())
    market.close()


def test_a_reader_does_not_hold_up_a_withdrawal(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where it waited as long as a writer waits, it would wait until the reader has gone.
    monkeypatch.setattr(stored, "BUSY_TIMEOUT_MS", WHOLE_DAY_MS)
    market = market_on(database.url, tmp_path)
    receipt = market.submit(RecordKind.NEED, NEED_VALUES, owner="示例甲", contact=CONTACT).receipt
    with database.read() as connection, ThreadPoolExecutor(1) as pool:
        connection.execute(text("SELECT count(*) FROM needs")).all()
        withdrawn = pool.submit(market.withdraw, receipt)
        ended, _ = wait([withdrawn], timeout=60)
        # The reader goes first where this fails, or the test would wait for the thread.
        connection.rollback()
        assert ended
        withdrawn.result()
    market.close()
