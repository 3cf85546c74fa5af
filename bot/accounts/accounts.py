"""Accounts in the database: made by staff at the shell, signed in to with a password, throttled, ended."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from bot.accounts.audit import write_entry
from bot.accounts.passwords import fits, hashed, looked_at
from bot.accounts.records import Role, SignIn, User
from bot.errors import AccountError, SignInError
from bot.store.database import Database
from bot.store.exclusive import Turn, take_turns
from bot.store.receipt_codes import token_hash
from bot.store.tables import sign_in_failures, sign_ins, users
from bot.text.moments import present, stamp

#: Without a sign of life for so long a sign-in ends, and after so long in any case.
IDLE, WHOLE = timedelta(hours=2), timedelta(hours=12)
#: So many failures within so long, and the name or the address has to wait.
MOST_FAILURES, FAILURES_WITHIN = 5, timedelta(minutes=15)
#: An address may stand for a whole office.
MOST_OF_ADDRESS = 30
_TOKEN_BYTES = 32
_NAME = re.compile(r"[\w.@-]{2,60}")


class Accounts:
    """Users and their sign-ins. Every method is one transaction; the constructor does no I/O."""

    def __init__(self, database: Database, now: Callable[[], datetime] = present) -> None:
        self._database, self._now = database, now

    # --- accounts -----------------------------------------------------------------------------------

    def add(self, name: str, password: str, roles: Iterable[Role], *, by: str = "shell") -> User:
        """A new account; raises :class:`AccountError` for a name that is taken or no name, and a weak password."""
        name, kept = name.strip(), sorted(role.value for role in roles)
        if not _NAME.fullmatch(name):
            raise AccountError("用户名不能用", value=name[:60], remedy="用 2–60 个字母、汉字、数字或 . _ - @")
        if not kept:
            raise AccountError("没有写角色", remedy="加上 --role manager（技术经理人）或 --role staff（工作人员）")
        row = {"name": name, "login": name.casefold(), "roles": kept, "created_at": stamp(self._now())}
        secret = hashed(password, name)
        with self._database.write() as connection:
            if _by_login(connection, name) is not None:
                raise AccountError("这个用户名已经有了", value=name, remedy="换一个用户名，或先 user remove")
            number = connection.execute(insert(users).returning(users.c.id), {**row, "password": secret}).scalar_one()
            write_entry(connection, by, "user.add", name, "、".join(kept), stamp(self._now()))
            return _user(_row(connection, users.c.id == number))

    def listed(self) -> tuple[User, ...]:
        """The accounts in force, by name."""
        query = select(users).where(users.c.removed_at.is_(None)).order_by(users.c.login)
        with self._database.read() as connection:
            return tuple(_user(row) for row in connection.execute(query).mappings())

    def remove(self, name: str, *, by: str = "shell") -> None:
        """End an account and every sign-in to it."""
        with self._database.write() as connection:
            row = self._known(connection, name)
            # The name becomes free; the trail keeps it.
            ended = {"removed_at": stamp(self._now()), "login": f"#{row['id']}", "password": ""}
            connection.execute(update(users).where(users.c.id == row["id"]).values(**ended))
            connection.execute(delete(sign_ins).where(sign_ins.c.user_id == row["id"]))
            write_entry(connection, by, "user.remove", row["name"], "", stamp(self._now()))

    def change_password(self, name: str, password: str, *, by: str = "shell") -> None:
        """A new password; every sign-in to the account ends."""
        secret = hashed(password, name)
        with self._database.write() as connection:
            row = self._known(connection, name)
            connection.execute(update(users).where(users.c.id == row["id"]).values(password=secret))
            connection.execute(delete(sign_ins).where(sign_ins.c.user_id == row["id"]))
            write_entry(connection, by, "user.password", row["name"], "", stamp(self._now()))

    def _known(self, connection: Connection, name: str) -> Mapping[Any, Any]:
        row = _by_login(connection, name)
        if row is None:
            raise AccountError("没有这个用户", value=name[:60], remedy="用 user list 查看")
        return row

    # --- signing in ---------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str, address: str) -> SignIn:
        """Open the desk for somebody. Raises :class:`SignInError`, the same for an unknown name and a wrong password.

        After too many failures of a name or from an address even the right password has to wait. A try counts as a
        failure until it has succeeded: of many at the same time no more are looked at than of many in a row.
        """
        with looked_at():
            return self._tried(name.strip().casefold()[:100], password, address, self._now())

    def _tried(self, login: str, password: str, address: str, now: datetime) -> SignIn:
        self._date_failures(now)
        with self._database.write() as connection:
            take_turns(connection, Turn.SIGNING_IN)
            self._check_throttle(connection, login, address, now)
            failure = {"login": login, "address": address[:100], "at": stamp(now)}
            connection.execute(insert(sign_in_failures), failure)
            row = _by_login(connection, login)
        # Hashing takes long on purpose: outside the transaction.
        if not fits(password, row["password"] if row is not None else None) or row is None:
            raise SignInError("用户名或密码不对", remedy="核对后再试；忘了密码请管理员用 user password 重设")
        return self._opened(_user(row), login, now)

    def _opened(self, user: User, login: str, now: datetime) -> SignIn:
        token, expires = secrets.token_urlsafe(_TOKEN_BYTES), now + WHOLE
        row = {
            "token_hash": token_hash(token),
            "user_id": user.id,
            "created_at": stamp(now),
            "seen_at": stamp(now),
            "expires_at": stamp(expires),
        }
        with self._database.write() as connection:
            connection.execute(insert(sign_ins), row)
            connection.execute(delete(sign_ins).where(sign_ins.c.expires_at < stamp(now)))
            old = stamp(now - FAILURES_WITHIN)
            gone = or_(sign_in_failures.c.login == login, sign_in_failures.c.at < old)
            connection.execute(delete(sign_in_failures).where(gone))
            write_entry(connection, user.name, "sign_in", "", "", stamp(now))
        return SignIn(user, token, stamp(expires))

    def _date_failures(self, now: datetime) -> None:
        """Have failures count from now on that bear a later time: the clock was set back since.

        They would keep people out until their own time came again.
        """
        ahead = sign_in_failures.c.at > stamp(now)
        with self._database.read() as connection:
            found = connection.execute(select(sign_in_failures.c.id).where(ahead).limit(1)).first()
        if found is not None:
            with self._database.write() as connection:
                connection.execute(update(sign_in_failures).where(ahead).values(at=stamp(now)))

    def _check_throttle(self, connection: Connection, login: str, address: str, now: datetime) -> None:
        since = sign_in_failures.c.at > stamp(now - FAILURES_WITHIN)
        for condition, most in (
            (sign_in_failures.c.login == login, MOST_FAILURES),
            (sign_in_failures.c.address == address[:100], MOST_OF_ADDRESS),
        ):
            query = select(func.count()).select_from(sign_in_failures).where(condition, since)
            if connection.execute(query).scalar_one() >= most:
                minutes = int(FAILURES_WITHIN.total_seconds() // 60)
                raise SignInError("试错次数太多", remedy=f"等 {minutes} 分钟再试")

    def signed_in(self, token: str) -> User | None:
        """Who holds ``token``; ``None`` when it is unknown, has expired or lain idle. A sign of life is noted."""
        now = self._now()
        held = sign_ins.c.token_hash == token_hash(token)
        with self._database.read() as connection:
            query = select(users, sign_ins.c.seen_at, sign_ins.c.expires_at).join(sign_ins).where(held)
            row = connection.execute(query).mappings().first()
        if row is None or row["removed_at"] is not None:
            return None
        if row["expires_at"] <= stamp(now) or row["seen_at"] <= stamp(now - IDLE):
            self.sign_out(token)
            return None
        latest = stamp(now + WHOLE)
        # Once a minute is enough, and spares a write on every page. What is later than it can be was written before
        # the clock was set back: it would last until that time comes again.
        if row["seen_at"] <= stamp(now - timedelta(minutes=1)) or max(row["seen_at"], row["expires_at"]) > latest:
            kept = {"seen_at": stamp(now), "expires_at": min(row["expires_at"], latest)}
            with self._database.write() as connection:
                connection.execute(update(sign_ins).where(held).values(**kept))
        return _user(row)

    def sign_out(self, token: str) -> None:
        """End one sign-in; an unknown token is no error."""
        with self._database.write() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.token_hash == token_hash(token)))

    def sign_out_everywhere(self, user: User) -> None:
        """End every sign-in of ``user``."""
        with self._database.write() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.user_id == user.id))
            write_entry(connection, user.name, "sign_out_everywhere", "", "", stamp(self._now()))


def _by_login(connection: Connection, name: str) -> Mapping[Any, Any] | None:
    condition = users.c.login == name.strip().casefold()
    return connection.execute(select(users).where(condition, users.c.removed_at.is_(None))).mappings().first()


def _row(connection: Connection, condition: Any) -> Mapping[Any, Any]:
    return connection.execute(select(users).where(condition)).mappings().one()


def _user(row: Mapping[Any, Any]) -> User:
    return User(
        id=row["id"],
        name=row["name"],
        roles=frozenset(map(Role, row["roles"])),
        created_at=row["created_at"],
        removed_at=row["removed_at"],
    )
