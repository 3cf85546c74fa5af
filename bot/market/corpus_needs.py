"""Keep the needs that a corpus tells of (``needs.yaml``) in the market: published, and marked historic.

The file is in charge of the records it made: one that leaves it is closed, one that comes back is
published again. What a person registered, changed or moved stays as that person left it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from sqlalchemy.exc import SQLAlchemyError

from bot.catalogue.models import NeedEntry
from bot.errors import MarketError
from bot.market.records import CloseReason, Need, RecordEvent, State, allowed_transitions
from bot.market.store import MarketStore
from bot.store.database import Database
from bot.text.relative_time import resolve_relative_time
from bot.types import DocumentMetadata, RecordKind

#: Who is written into the log, and the action by which the records are found again.
INGEST_ACTOR = "ingest"
CORPUS_ACTION = "corpus"
_NEED = RecordKind.NEED
#: White space is kept only between two words of Latin letters.
_LOOSE_BLANK = re.compile(r"(?<![\x21-\x7e])\s+|\s+(?![\x21-\x7e])")


def keep_corpus_needs(
    database_url: str, entries: Sequence[NeedEntry], documents: Mapping[str, DocumentMetadata]
) -> tuple[str, ...]:
    """Bring the market in step with ``entries``; returns what staff should look at.

    ``documents`` holds the document of every entry. A database that cannot be used is told, not raised:
    the index does not depend on it.
    """
    database = Database(database_url)
    try:
        needs = [corpus_need(entry, documents[entry.document]) for entry in entries]
        return _keep(MarketStore(database), needs)
    except (MarketError, SQLAlchemyError, OSError) as error:
        reason = str(error).splitlines()[0].rstrip("。")
        return (f"needs.yaml：需求没有写入需求库（{reason}）。索引不受影响，改好后再入库一次",)
    finally:
        database.close()


def corpus_need(entry: NeedEntry, document: DocumentMetadata) -> Need:
    """The record of an entry: its statement as the document tells it, as of the document's date."""
    statement = _LOOSE_BLANK.sub("", entry.quote.strip()).rstrip("。；，")
    for time in resolve_relative_time(statement, document.date):
        statement = statement.replace(time.word, f"{time.word}（{time.year}年）", 1)
    note = entry.note.rstrip("。")
    return Need(
        id=entry.id,
        title=entry.title,
        description="".join(f"{part}。" for part in (statement, note) if part),
        fields=entry.fields,
        as_of=document.date,
        historic=True,
        source=document.document_number or document.title,
    )


def _keep(store: MarketStore, needs: Sequence[Need]) -> tuple[str, ...]:
    warnings = []
    stored = {record.id: record for record in store.get_many(_NEED, [need.id for need in needs])}
    publish, keep_state = [], []
    for need in needs:
        before = stored.get(need.id)
        if before is None:
            publish.append(need)
            continue
        events = store.events(_NEED, need.id)
        other = _somebody_else(events)
        if other:
            warnings.append(
                f"needs.yaml：编号 {need.id} 的需求在需求库里由“{other}”登记或改过，没有覆盖。"
                "解决办法：换一个 id，或从 needs.yaml 删去这一条"
            )
        elif _moved_by(events) != INGEST_ACTOR:
            keep_state.append(need)
        else:
            if cast(Need, before).state is State.CLOSED:
                store.move(_NEED, need.id, State.DRAFT, actor=INGEST_ACTOR, note="又写在 needs.yaml 里")
            publish.append(need)
    store.save_many(publish, actor=INGEST_ACTOR, action=CORPUS_ACTION, publish=True)
    store.save_many(keep_state, actor=INGEST_ACTOR, action=CORPUS_ACTION)
    _close_gone(store, {need.id for need in needs})
    return tuple(warnings)


def _close_gone(store: MarketStore, wanted: set[str]) -> None:
    gone = [record_id for record_id in store.with_action(_NEED, CORPUS_ACTION) if record_id not in wanted]
    for record in store.get_many(_NEED, gone):
        need = cast(Need, record)
        closable = State.CLOSED in allowed_transitions(need.state)
        if closable and not _somebody_else(store.events(_NEED, need.id)):
            note = "needs.yaml 里已没有这一条"
            store.move(_NEED, need.id, State.CLOSED, actor=INGEST_ACTOR, reason=CloseReason.WITHDRAWN, note=note)


def _somebody_else(events: Iterable[RecordEvent]) -> str:
    """Who else registered the record or changed its content; empty when only ingest did."""
    writers = (event.actor for event in events if event.from_state is None or event.changes)
    return next((actor for actor in writers if actor != INGEST_ACTOR), "")


def _moved_by(events: Iterable[RecordEvent]) -> str:
    """Who brought the record into the state it is in."""
    return [event.actor for event in events if event.from_state is not event.to_state][-1]
