"""What is on record of the corpus: changes, files handed in. Each function works in its caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from bot.curation.records import Action, Change, ChangeState, ProposalState, Upload
from bot.curation.tables import card_proposals, corpus_changes, corpus_uploads
from bot.errors import CorpusError

_ACTIONS = {each.value: each for each in Action}


def add_upload(connection: Connection, **values: Any) -> Upload:
    """Put a file handed in on record."""
    number = connection.execute(insert(corpus_uploads).returning(corpus_uploads.c.id), values).scalar_one()
    return upload(connection, number)


def upload(connection: Connection, number: int) -> Upload:
    """A file handed in. Raises :class:`CorpusError` when it counts already, or was dropped."""
    row = connection.execute(select(corpus_uploads).where(corpus_uploads.c.id == number)).mappings().first()
    if row is None:
        raise CorpusError("没有这份待加入的文件", value=number, remedy="它可能已经加入或放弃了；看资料列表和改动记录")
    return Upload(**row)


def uploads(connection: Connection) -> tuple[Upload, ...]:
    """Everything handed in that does not count yet, newest first."""
    rows = connection.execute(select(corpus_uploads).order_by(corpus_uploads.c.id.desc())).mappings()
    return tuple(Upload(**row) for row in rows)


def set_upload_digest(connection: Connection, number: int, digest: str, size: int) -> None:
    """Have a file handed in hold other bytes."""
    mine = corpus_uploads.c.id == number
    connection.execute(update(corpus_uploads).where(mine).values(digest=digest, size=size))


def drop_upload(connection: Connection, number: int) -> None:
    """Take a file handed in off the record."""
    connection.execute(delete(corpus_uploads).where(corpus_uploads.c.id == number))


def begin(connection: Connection, values: Mapping[str, Any]) -> int:
    """Put a change on record before its file is written; returns its number."""
    row = {**values, "state": ChangeState.BEGUN.value}
    number: int = connection.execute(insert(corpus_changes).returning(corpus_changes.c.id), row).scalar_one()
    return number


def finish(connection: Connection, change: Change) -> None:
    """The file is written: the change counts, and what it was made of waits no longer."""
    _set_state(connection, change.id, ChangeState.DONE)
    if change.upload is not None:
        drop_upload(connection, change.upload)
    if change.proposal is not None:
        taken = {"state": ProposalState.ACCEPTED.value, "ended_by": change.by_name, "ended_at": change.at}
        connection.execute(update(card_proposals).where(card_proposals.c.id == change.proposal).values(**taken))


def void(connection: Connection, number: int) -> None:
    """The file was not written: the change never happened."""
    _set_state(connection, number, ChangeState.VOID)


def change(connection: Connection, number: int) -> Change:
    """One change. Raises :class:`CorpusError` when there is none that happened."""
    row = connection.execute(select(corpus_changes).where(corpus_changes.c.id == number)).mappings().first()
    if row is None or row["state"] == ChangeState.VOID.value:
        raise CorpusError("没有这条改动记录", value=number, remedy="看改动记录")
    return _change(row)


def changes(
    connection: Connection, state: ChangeState, *, document: str | None = None, limit: int | None = None
) -> tuple[Change, ...]:
    """Changes in ``state``, newest first, of one document where it is given."""
    query = select(corpus_changes).where(corpus_changes.c.state == state.value).order_by(corpus_changes.c.id.desc())
    if document is not None:
        query = query.where(corpus_changes.c.document == document)
    return tuple(_change(row) for row in connection.execute(query.limit(limit)).mappings())


def still_needed(connection: Connection, digest: str) -> bool:
    """Whether any change or file handed in rests on the kept bytes of ``digest``."""
    changed = or_(corpus_changes.c.before_digest == digest, corpus_changes.c.after_digest == digest)
    kept = select(corpus_changes.c.id).where(changed, corpus_changes.c.state != ChangeState.VOID.value)
    waiting = select(corpus_uploads.c.id).where(corpus_uploads.c.digest == digest)
    return any(connection.execute(query.limit(1)).first() is not None for query in (kept, waiting))


def _set_state(connection: Connection, number: int, state: ChangeState) -> None:
    connection.execute(update(corpus_changes).where(corpus_changes.c.id == number).values(state=state.value))


def _change(row: Mapping[Any, Any]) -> Change:
    values = dict(row)
    return Change(**{**values, "action": _ACTIONS[values["action"]], "state": ChangeState(values["state"])})
