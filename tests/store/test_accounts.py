"""Accounts, sign-ins and the trail on real databases, with a clock that the test turns."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from bot.accounts.accounts import FAILURES_WITHIN, IDLE, MOST_FAILURES, MOST_OF_ADDRESS, WHOLE, Accounts
from bot.accounts.audit import LONGEST_DETAIL, AuditTrail
from bot.accounts.passwords import LONGEST, SHORTEST
from bot.accounts.records import Role
from bot.errors import AccountError, SignInError
from bot.store.tables import audit_entries
from tests.conftest import PROGRAMS_HASHER

PASSWORD, ADDRESS = "示例密码-correct-horse", "192.0.2.1"


class Clock:
    def __init__(self):
        self.now = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def accounts(database, clock):
    made = Accounts(database, clock)
    made.add("示例经理", PASSWORD, [Role.MANAGER])
    return made


def opened(accounts, name="示例经理"):
    return accounts.sign_in(name, PASSWORD, ADDRESS)


def failed(accounts, name="示例经理", address=ADDRESS):
    with pytest.raises(SignInError) as refused:
        accounts.sign_in(name, "不对的密码不对的密码", address)
    return str(refused.value)


def test_the_right_password_opens_the_desk(accounts):
    done = opened(accounts)
    assert accounts.signed_in(done.token) == done.user
    assert done.user.may(Role.MANAGER) and not done.user.may(Role.STAFF)


def test_a_name_is_read_in_any_case(accounts):
    accounts.add("Staff.One", PASSWORD, [Role.STAFF, Role.MANAGER])
    assert accounts.sign_in(" staff.ONE ", PASSWORD, ADDRESS).user.roles == {Role.STAFF, Role.MANAGER}


def test_nobody_is_there_by_default(either_database):
    assert Accounts(either_database).listed() == ()
    assert "用户名或密码不对" in failed(Accounts(either_database), "admin")


def test_an_unknown_name_and_a_wrong_password_read_alike(accounts):
    assert failed(accounts) == failed(accounts, "没有这个人")


@pytest.mark.parametrize("password", ["", "短", "x" * (SHORTEST - 1), "1a2b3c4d5e" * (LONGEST // 9), "abababababab"])
def test_a_weak_password_is_refused(accounts, password):
    with pytest.raises(AccountError):
        accounts.add("别人", password, [Role.STAFF])
    with pytest.raises(AccountError):
        accounts.change_password("示例经理", password)
    assert [each.name for each in accounts.listed()] == ["示例经理"]
    assert opened(accounts)


def test_a_password_that_holds_the_name_is_refused(accounts):
    with pytest.raises(AccountError):
        accounts.change_password("示例经理", "abc-示例经理-xyz-1")


@pytest.mark.parametrize("name", ["", "一", "有 空格", "a" * 61, "<b>", "示例经理", "示例经理 "])
def test_a_name_is_a_name_and_taken_once(accounts, name):
    with pytest.raises(AccountError):
        accounts.add(name, PASSWORD, [Role.STAFF])


def test_a_role_is_needed(accounts):
    with pytest.raises(AccountError):
        accounts.add("别人", PASSWORD, [])


def test_neither_password_nor_token_is_stored(accounts, database):
    done = opened(accounts)
    with database.read() as connection:
        tables = ("users", "sign_ins", "audit_entries")
        stored = "".join(str(connection.execute(text(f"SELECT * FROM {name}")).all()) for name in tables)
    assert PASSWORD not in stored and done.token not in stored
    assert "$argon2id$" in stored


def test_a_guess_costs_what_rfc_9106_asks_of_small_machines():
    assert PROGRAMS_HASHER().hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_an_idle_sign_in_ends(accounts, clock):
    done = opened(accounts)
    clock.now += IDLE - timedelta(minutes=1)
    assert accounts.signed_in(done.token)
    clock.now += IDLE - timedelta(minutes=1)
    assert accounts.signed_in(done.token), "a sign of life counts"
    clock.now += IDLE
    assert accounts.signed_in(done.token) is None
    clock.now -= IDLE
    assert accounts.signed_in(done.token) is None, "what has ended stays ended"


def test_a_sign_in_ends_after_the_whole_time_however_busy(accounts, clock):
    done = opened(accounts)
    for _ in range(int(WHOLE / timedelta(hours=1)) - 1):
        clock.now += timedelta(hours=1)
        assert accounts.signed_in(done.token)
    clock.now += timedelta(hours=1)
    assert accounts.signed_in(done.token) is None


def test_signing_out_ends_one_and_everywhere_ends_all(accounts):
    first, second, third = opened(accounts), opened(accounts), opened(accounts)
    accounts.sign_out(first.token)
    assert accounts.signed_in(first.token) is None and accounts.signed_in(second.token)
    accounts.sign_out_everywhere(second.user)
    assert accounts.signed_in(second.token) is None and accounts.signed_in(third.token) is None


@pytest.mark.parametrize("end", ["remove", "password"])
def test_a_removed_account_and_a_new_password_end_every_sign_in(accounts, end):
    done = opened(accounts)
    if end == "remove":
        accounts.remove("示例经理")
        assert accounts.listed() == ()
        assert "用户名或密码不对" in failed(accounts)
        with pytest.raises(AccountError):
            accounts.remove("示例经理")
        assert accounts.add("示例经理", PASSWORD, [Role.STAFF]).roles == {Role.STAFF}
    else:
        accounts.change_password("示例经理", "另一个示例密码-battery")
        with pytest.raises(SignInError):
            opened(accounts)
    assert accounts.signed_in(done.token) is None


def test_too_many_failures_of_a_name_have_to_wait(accounts, clock):
    for _ in range(MOST_FAILURES):
        assert "不对" in failed(accounts)
    with pytest.raises(SignInError, match="太多"):
        opened(accounts)
    accounts.add("别人", PASSWORD, [Role.STAFF])
    assert opened(accounts, "别人")
    clock.now += FAILURES_WITHIN + timedelta(seconds=1)
    assert opened(accounts)


def test_a_success_forgets_the_failures_before_it(accounts):
    for _ in range(MOST_FAILURES - 1):
        failed(accounts)
    opened(accounts)
    for _ in range(MOST_FAILURES - 1):
        assert "不对" in failed(accounts)


def test_too_many_failures_of_an_address_have_to_wait(accounts):
    for number in range(MOST_OF_ADDRESS):
        failed(accounts, f"人{number}")
    with pytest.raises(SignInError, match="太多"):
        opened(accounts)
    assert accounts.sign_in("示例经理", PASSWORD, "192.0.2.2")


@pytest.mark.parametrize("token", ["", "x", "\x00", "一" * 5_000])
def test_an_unknown_token_is_nobody(accounts, token):
    assert accounts.signed_in(token) is None


def test_the_trail_says_who_did_what_and_cannot_be_changed(either_database, clock):
    accounts, trail = Accounts(either_database, clock), AuditTrail(either_database)
    accounts.add("示例经理", PASSWORD, [Role.MANAGER])
    done = opened(accounts)
    assert accounts.signed_in(done.token) == done.user
    user = done.user
    trail.record(user, "contact.seen", "needs:n1", "x" * (LONGEST_DETAIL + 5))
    entry = trail.newest(1, subject="needs:n1")[0]
    assert (entry.user_name, entry.action, len(entry.detail)) == ("示例经理", "contact.seen", LONGEST_DETAIL)
    assert [each.action for each in trail.all()] == ["user.add", "sign_in", "contact.seen"]
    for change in (delete(audit_entries), update(audit_entries).values(detail="")):
        with pytest.raises(DBAPIError), either_database.write() as connection:
            connection.execute(change)
    assert len(list(trail.all())) == 3
