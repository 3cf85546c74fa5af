"""Records that a model proposed, kept until somebody accepts, changes or rejects them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update

from bot.catalogue.proposals import Proposals
from bot.curation.records import CardProposal, ProposalState
from bot.curation.tables import card_proposals as table
from bot.errors import CatalogueError
from bot.store.database import Database, utc_now

_STATES = {each.value: each for each in ProposalState}


class ProposalBook:
    """Proposed records. Every method is one transaction; the constructor does no I/O."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, proposals: Proposals, *, by: str) -> int:
        """Keep what was proposed from a document; what waits already is not kept twice. Returns how many are new."""
        kinds = {
            "programmes.yaml": proposals.programmes,
            "contacts.yaml": proposals.contacts,
            "organisations.yaml": proposals.organisations,
        }
        new = 0
        with self._database.write() as connection:
            mine = table.c.document == proposals.document_id, table.c.state == ProposalState.WAITING.value
            rows = connection.execute(select(table.c.file, table.c.record).where(*mine)).all()
            known = [(row.file, row.record) for row in rows]
            for file, records in kinds.items():
                for each in records:
                    record = each.model_dump(mode="json", exclude_defaults=True)
                    if (file, record) in known:
                        continue
                    values = {"document": proposals.document_id, "file": file, "record": record, "by_name": by}
                    state = {"at": utc_now(), "state": ProposalState.WAITING.value}
                    connection.execute(insert(table).values(**values, **state))
                    new += 1
        return new

    def waiting(self) -> tuple[CardProposal, ...]:
        """What nobody has decided on, oldest first."""
        query = select(table).where(table.c.state == ProposalState.WAITING.value).order_by(table.c.id)
        with self._database.read() as connection:
            return tuple(_read(row) for row in connection.execute(query).mappings())

    def proposal(self, number: int) -> CardProposal:
        """A proposal that waits. Raises :class:`CatalogueError` when it does no longer."""
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.id == number)).mappings().first()
        if row is None or row["state"] != ProposalState.WAITING.value:
            raise CatalogueError("没有这条待审核的提议", value=number, remedy="可能别人已经处理了；看提议列表")
        return _read(row)

    def reject(self, number: int, *, by: str, note: str = "") -> None:
        """Decide against a proposal. Raises :class:`CatalogueError` when somebody has decided already."""
        ended = {"state": ProposalState.REJECTED.value, "note": note[:500], "ended_by": by, "ended_at": utc_now()}
        mine = table.c.id == number, table.c.state == ProposalState.WAITING.value
        with self._database.write() as connection:
            done = connection.execute(update(table).where(*mine).values(**ended)).rowcount
        if done != 1:
            raise CatalogueError("没有这条待审核的提议", value=number, remedy="可能别人已经处理了；看提议列表")


def _read(row: Mapping[Any, Any]) -> CardProposal:
    values = dict(row)
    return CardProposal(**{**values, "state": _STATES[values["state"]]})
