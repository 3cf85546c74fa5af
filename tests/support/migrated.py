"""New SQLite databases get the tables of the first one that was migrated: thousands of tests open one."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect

#: What ``iterdump`` puts around the statements; the transaction is the migration's own.
_FRAME = ("BEGIN TRANSACTION;", "COMMIT;")


class MigratedOnce:
    """Stands in for the function that applies the migrations; everything but an empty SQLite file is left to it."""

    def __init__(self, upgrade: Callable[[Connection], None]) -> None:
        self.upgrade = upgrade
        self._statements: tuple[str, ...] = ()

    def __call__(self, connection: Connection) -> None:
        if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
            self.upgrade(connection)
        elif self._statements:
            for statement in self._statements:
                connection.exec_driver_sql(statement)
        else:
            self.upgrade(connection)
            dump = connection.connection.driver_connection.iterdump()
            self._statements = tuple(each for each in dump if each not in _FRAME)
