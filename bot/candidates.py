"""An index version that was built and waits: put in force after a look at it, or thrown away."""

from __future__ import annotations

from contextlib import closing

from bot.catalogue.models import Catalogue
from bot.errors import IndexMissing, SearchIndexError
from bot.index import attachments
from bot.index.chroma import clear_old_collections
from bot.index.documents import DocumentStore
from bot.index.layout import Candidate, IndexLayout
from bot.index.writing import writing
from bot.settings import Settings


def waiting_candidate(settings: Settings) -> Candidate | None:
    """The version that waits to be put in force, if any."""
    return IndexLayout(settings.data_dir).read_candidate()


def publish_candidate(settings: Settings, version: int) -> tuple[str, ...]:
    """Put the waiting ``version`` in force, with the needs its catalogue tells; returns warnings for staff.

    Raises :class:`SearchIndexError` when that version does not wait, or another was put in force since it was built.
    """
    layout = IndexLayout(settings.data_dir)
    with writing(settings) as still_held:
        candidate = layout.read_candidate()
        if candidate is None or candidate.version != version:
            raise SearchIndexError("没有这个待启用的版本", value=version, remedy="重新导入一次，或刷新页面看现在的情况")
        in_force = _in_force(layout)
        if candidate.base != in_force:
            raise SearchIndexError(
                "建好之后又启用过别的版本",
                value=version,
                tried=f"它建在第 {candidate.base} 版上，现在用的是第 {in_force} 版",
                remedy="重新导入一次",
            )
        before = _needs_told(layout, in_force) if in_force is not None else False
        still_held()
        layout.publish(version, in_force)
        clear_old_collections(layout, settings.chroma)
    return keep_needs(layout, version, settings, expected=before)


def discard_candidate(settings: Settings) -> None:
    """Throw away the version that waits, if any; the one in force stays."""
    layout = IndexLayout(settings.data_dir)
    with writing(settings):
        layout.drop_candidate()
        clear_old_collections(layout, settings.chroma)


def _in_force(layout: IndexLayout) -> int | None:
    try:
        return layout.read_pointer().version
    except IndexMissing:
        return None


def _needs_told(layout: IndexLayout, version: int) -> bool:
    with closing(DocumentStore(layout.version(version).documents)) as store:
        return bool(_catalogue(store).needs)


def keep_needs(layout: IndexLayout, version: int, settings: Settings, *, expected: bool) -> tuple[str, ...]:
    """Keep the needs that ``version`` tells in the market; returns warnings for staff.

    ``expected``: also where it tells none, those of an earlier version are then taken out.
    """
    with closing(DocumentStore(layout.version(version).documents)) as store:
        needs, filed = _catalogue(store).needs, store.metadata()
    if not (needs or expected):
        return ()
    # Imported here: a corpus without needs makes no database and loads none of what reads one.
    from bot.market.corpus_needs import keep_corpus_needs

    sources = {entry.document: filed[entry.document] for entry in needs}
    return keep_corpus_needs(settings.resolved_database_url, needs, sources)


def _catalogue(store: DocumentStore) -> Catalogue:
    kept = store.attachment(attachments.CATALOGUE)
    return Catalogue.model_validate_json(kept) if kept is not None else Catalogue()
