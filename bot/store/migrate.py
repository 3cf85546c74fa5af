"""Bring a database to the newest revision: automatically, once, under a lock."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from bot.errors import MarketError
from bot.store.exclusive import Turn, take_turns

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
#: The newest migration, by the number its file begins with: an up-to-date database starts without importing Alembic.
HEAD = max(path.stem for path in (_MIGRATIONS / "versions").glob("m*.py")).removeprefix("m")
_VERSION_TABLE = "alembic_version"


def migrate(engine: Engine) -> None:
    """Apply the migrations that ``engine``'s database lacks; all of them or none.

    Raises :class:`MarketError` when the database is newer than this program.
    """
    with engine.begin() as connection:
        if current_revision(connection) == HEAD:
            return
    with engine.execution_options(bot_immediate=True).begin() as connection:
        take_turns(connection, Turn.MIGRATING)
        if current_revision(connection) != HEAD:
            _upgrade(connection)


def current_revision(connection: Connection) -> str | None:
    """The revision the database is at, or ``None`` when it is new."""
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar_one_or_none()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    # "%" in a folder's name would be read as interpolation.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = current_revision(connection)
    if current is not None and current not in known:
        raise MarketError("数据库比程序新", value=current, tried=f"本程序认识到 {HEAD}", remedy="升级程序后再打开")
    command.upgrade(config, "head")
