"""The one right to build or publish an index version: among processes, and among machines that share a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.errors import SearchIndexError
from bot.index.layout import IndexLayout
from bot.settings import INGEST, Settings

_POSTGRESQL = "postgresql"


@contextmanager
def writing(settings: Settings) -> Iterator[Callable[[], None]]:
    """Hold the right for as long as the block lasts; what is given raises where it was lost in between.

    It is a lock in the data folder and, where the database is PostgreSQL, one in there as well: locks of files do not
    reach every kind of shared folder. Raises :class:`SearchIndexError` when another process holds it.
    """
    with IndexLayout(settings.data_dir).writing():
        url = settings.resolved_database_url
        if not url.startswith(_POSTGRESQL):
            yield _still_held
            return
        # Imported here: an index beside SQLite is written without what reads a database.
        from bot.store.database import shared_database
        from bot.store.exclusive import Turn, held_alone

        with held_alone(shared_database(url), Turn.WRITING_INDEX) as still_held:
            if still_held is None:
                raise SearchIndexError(
                    "另一个导入正在进行", value=settings.data_dir, remedy=f"等它结束后再运行 {INGEST}"
                )
            yield still_held


def _still_held() -> None:
    """A lock of a file is held until it is given back."""
