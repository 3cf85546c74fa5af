"""Corpus folder → published index version. Safe to kill at any moment, safe to run again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from itertools import count, islice

from bot.answering.offline import OfflineAnswerer
from bot.candidates import keep_needs
from bot.catalogue.conflicts import Disagreement, disagreements_from_json, find_disagreements
from bot.catalogue.load import NEEDS_FILE, load_catalogue
from bot.catalogue.models import Catalogue
from bot.documents.attachments import attached
from bot.documents.bounded import BoundedReader, ReadingLimits
from bot.documents.corpus import CorpusFile, CorpusListing, list_corpus_files
from bot.documents.passages import ReadFile, read_passages
from bot.documents.relations import FiledDocument, Relations, marked, resolve_relations
from bot.encoder import Embedder, load_embedder
from bot.encoder.cache import CachedEmbedder
from bot.errors import DocumentError, IndexMissing, MarketError, SearchIndexError, VectorServerError
from bot.index import attachments
from bot.index.chroma import clear_old_collections, holds_vectors, remove_old_collections
from bot.index.documents import DocumentStore
from bot.index.draft import IndexDraft
from bot.index.layout import IndexLayout
from bot.index.legs import Leg, damaged_legs
from bot.index.manifest import INDEX_FORMAT, read_manifest
from bot.index.room import is_full, no_room
from bot.index.search_index import SearchIndex
from bot.index.stored_documents import StoredDocuments
from bot.index.writing import writing
from bot.settings import DATABASE_FILE, ChromaSettings, Settings
from bot.suggestions.records import SuggestionList
from bot.suggestions.verifying import VerifyingLimits, candidates, verified
from bot.types import Answer, Document, DroppedText, FailedDocument, IngestReport, LeftOut, Turn

READING_STAGE = "read"
ASKING_STAGE = "ask"
_UNANSWERED_EXAMPLE = "scope.yaml 的示例问题没有答到，页面不显示：{}"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Base:
    """The version in force when an ingest starts.

    ``hashes`` tell what changed since; ``rows`` says whether its documents and chunks can be taken over,
    ``vectors`` whether its vectors can, ``searchable`` whether Chroma holds them where the settings say,
    ``suggestions`` whether it has any.
    """

    number: int | None = None
    hashes: Mapping[str, str] = field(default_factory=dict)
    catalogue: str | None = None
    rows: bool = False
    vectors: bool = False
    searchable: bool = False
    suggestions: bool = False


@dataclass(frozen=True, slots=True)
class _Built:
    """What a build came to."""

    report: IngestReport
    changed: bool


@dataclass(slots=True)
class _Tally:
    """What an ingest has done so far; counts are of documents whose content changed, or did not."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: list[FailedDocument] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.added or self.updated or self.removed)


def ingest(
    settings: Settings, *, rebuild: bool = False, hold: bool = False, progress: Progress | None = None
) -> IngestReport:
    """Bring the index in ``settings.data_dir`` up to date with ``settings.corpus_dir``.

    With ``hold`` the version that is built waits to be put in force (:mod:`bot.candidates`); the report names it.

    A new version is published when a document, the catalogue, the embedder or the index format changed,
    and always with ``rebuild``; the catalogue's needs are kept in the market in any case. Files that cannot
    be read are told in the report and left out. ``progress`` is called with (stage, done, total).
    Raises :class:`CorpusError` without a corpus folder, :class:`EmbedderMissing` without a model,
    :class:`EmbeddingServiceError` when a service fails, :class:`SearchIndexError` while another ingest runs; the
    version in force then stays as it is.
    """
    started = time.perf_counter()
    cache_bytes = settings.embedding.cache_megabytes * 1024 * 1024
    embedder = CachedEmbedder(load_embedder(settings.embedding), settings.embedding_cache, cache_bytes)
    listing = list_corpus_files(settings.corpus_dir)
    layout = IndexLayout(settings.data_dir)
    with writing(settings) as still_held:
        # First of all: that a server is away is told now, not after hours of encoding.
        remove_old_collections(layout, settings.chroma)
        base = _base(layout, embedder, rebuild, settings.chroma)
        under = layout.version(base.number) if base.number else None
        draft = IndexDraft(layout, layout.next_version(), under, settings.chroma)
        try:
            built = _build(draft, base, listing, settings, embedder, progress or _silent)
            still_held()
            if not built.changed:
                draft.discard()
                # What waits was built of files that are no longer so.
                layout.drop_candidate()
            elif hold:
                draft.hold(base.number)
            else:
                draft.publish(base.number)
        except BaseException as error:
            # Also when interrupted from the keyboard: no half-built version stays behind.
            draft.give_up()
            if is_full(error):
                raise no_room(settings.data_dir, error) from error
            raise
        finally:
            embedder.close()
        clear_old_collections(layout, settings.chroma)
        held = draft.number if hold and built.changed else None
        in_force = draft.number if built.changed else base.number
        # Also when nothing changed: the database may be new.
        kept: tuple[str, ...] = ()
        if in_force is not None and held is None and _expects_needs(base, settings):
            kept = keep_needs(layout, in_force, settings, expected=True)
    seconds = round(time.perf_counter() - started, 2)
    return replace(built.report, seconds=seconds, warnings=(*built.report.warnings, *kept), held=held)


def _build(
    draft: IndexDraft,
    base: _Base,
    listing: CorpusListing,
    settings: Settings,
    embedder: Embedder,
    progress: Progress,
) -> _Built:
    """Build ``draft``."""
    draft.begin(keep_rows=base.rows)
    tally = _read_documents(draft, base, listing, progress)
    relations = _relate(draft.store)
    documents = StoredDocuments(draft.store)
    loaded = load_catalogue(settings.corpus_dir, documents)
    catalogue = loaded.catalogue.model_dump_json()
    known = draft.store.attachment(attachments.DISAGREEMENTS)
    anew = tally.changed or not base.rows or known is None
    found = find_disagreements(_distinct(documents, relations)) if anew else disagreements_from_json(known or "[]")
    found, undecided = _decided(found, settings)
    disagreements = json.dumps([asdict(item) for item in found], ensure_ascii=False)
    # Of what nobody changed the same questions are answered, also where a damaged leg is made anew.
    answered = base.vectors and base.suggestions and not tally.changed
    answered = answered and (catalogue, disagreements) == (base.catalogue, known)
    changed = not (answered and base.searchable)
    report = IngestReport(
        added=tally.added,
        updated=tally.updated,
        unchanged=tally.unchanged,
        removed=tally.removed,
        failed=(*listing.failed, *tally.failed, *loaded.failed),
        documents=len(documents),
        chunks=draft.store.chunk_count(),
        seconds=0.0,
        embedder=embedder.fingerprint,
        warnings=(*tally.warnings, *loaded.warnings),
        dropped=_dropped(draft.store),
        duplicates=tuple((each.first, each.other) for each in relations.duplicates),
    )
    if changed:
        draft.store.attach(attachments.CATALOGUE, catalogue)
        draft.store.attach(attachments.DISAGREEMENTS, disagreements)
        # Staff see what sources disagree on when it is found, not when somebody asks.
        open_ones = [item for item in found if not item.settled] if anew else []
        report = replace(report, warnings=(*report.warnings, *map(_disagreement_warning, open_ones), *undecided))
        draft.finish(
            embedder,
            model=settings.embedding.model,
            keep_vectors=base.vectors,
            keep_chroma=base.searchable,
            progress=progress,
        )
        if answered:
            suggestions = SuggestionList.from_json(draft.store.attachment(attachments.SUGGESTIONS))
        else:
            suggestions = _suggestions(draft, settings, embedder, documents, loaded.catalogue, progress)
            draft.store.attach(attachments.SUGGESTIONS, suggestions.to_json())
        draft.store.close()
        report = replace(
            report,
            suggestions=len(suggestions.suggestions),
            warnings=(*report.warnings, *map(_UNANSWERED_EXAMPLE.format, suggestions.unanswered)),
        )
    return _Built(report, changed)


def _suggestions(
    draft: IndexDraft,
    settings: Settings,
    embedder: Embedder,
    documents: Mapping[str, Document],
    catalogue: Catalogue,
    progress: Progress,
) -> SuggestionList:
    """Questions that the version just built was seen to answer."""
    limits = VerifyingLimits()
    index = SearchIndex.open(settings.data_dir, draft.number, chroma=settings.chroma)
    try:
        answerer = OfflineAnswerer(index, embedder, date.today)
        kind_of = answerer.understander.kind_named
        proposed = list(islice(candidates(catalogue, documents, draft.store.metadata(), kind_of), limits.asked))
        asked = count(1)

        def ask(question: str) -> Answer:
            progress(ASKING_STAGE, next(asked), len(proposed))
            return answerer.ask(Turn(question))

        return verified(proposed, ask, answerer.retriever.vector, limits)
    finally:
        index.close()


def _relate(store: DocumentStore) -> Relations:
    """Tell every document what the others on file say of it: who replaces it, whose attachment it is."""
    own = store.own_metadata()
    filed = [FiledDocument(name, metadata, store.document(name).text) for name, metadata in own.items()]
    under = dict(attached(filed))
    filed = [replace(each, metadata=under.get(each.id, each.metadata)) for each in filed]
    relations = resolve_relations(filed)
    known = store.metadata()
    for each in filed:
        metadata = marked(each, relations)
        if metadata != known[each.id]:
            store.set_metadata(each.id, metadata)
    return relations


def _distinct(documents: Mapping[str, Document], relations: Relations) -> list[Document]:
    """The documents that can disagree: of copies the first, of versions the newest."""
    copies = {each.other for each in relations.duplicates}
    older = {name for group in relations.versions for name in group.documents[1:]}
    return [document for name, document in documents.items() if name not in copies | older]


def _decided(found: tuple[Disagreement, ...], settings: Settings) -> tuple[tuple[Disagreement, ...], tuple[str, ...]]:
    """Disagreements with what staff decided on them told first, and a warning where that cannot be read."""
    named = settings.database_url or settings.database_url_file
    if not found or not (named or (settings.data_dir / DATABASE_FILE).is_file()):
        return found, ()
    # Imported here: a corpus without disagreements makes no database and loads none of what reads one.
    from bot.curation.decisions import DecisionBook, settled
    from bot.store.database import shared_database

    try:
        return settled(DecisionBook(shared_database(settings.resolved_database_url)).judged(found)), ()
    except MarketError as error:
        return found, (f"说法不一的决定没有用上：{error}",)


def _dropped(store: DocumentStore) -> tuple[DroppedText, ...]:
    """What was left out of the documents on file, of each file and kind together."""
    found: list[DroppedText] = []
    for name, left_out, _ in store.readings():
        kinds: dict[tuple[str, bool], list[LeftOut]] = {}
        for each in left_out:
            kinds.setdefault((each.what, each.furniture), []).append(each)
        for (what, furniture), parts in kinds.items():
            places = "、".join(dict.fromkeys(part.where for part in parts if part.where))
            found.append(DroppedText(name, what, sum(part.characters for part in parts), places, furniture))
    return tuple(found)


def _told(document: Document) -> Iterator[str]:
    """What staff should know of a document just read: what is missing from its text, and why."""
    for warning in document.warnings:
        yield f"{document.id}：{warning}"
    lost: dict[str, list[LeftOut]] = {}
    for each in document.left_out:
        if not each.furniture:
            lost.setdefault(each.what, []).append(each)
    for what, parts in lost.items():
        places = "、".join(dict.fromkeys(part.where for part in parts if part.where))
        characters = sum(part.characters for part in parts)
        where, how_much = f"（{places}）" if places else "", f"，{characters} 个字" if characters else ""
        yield f"{document.id}：未收入正文：{what}{where}{how_much}"


def _expects_needs(base: _Base, settings: Settings) -> bool:
    """Whether the market may hold needs of the corpus, or is to."""
    had = base.catalogue is not None and bool(json.loads(base.catalogue).get("needs"))
    return had or (settings.corpus_dir / NEEDS_FILE).is_file()


def _disagreement_warning(item: Disagreement) -> str:
    stated = zip(item.values, item.statements, strict=True)
    versions = "；".join(f"{statement.document_id} 写{value}" for value, statement in stated)
    return f"资料说法不一（{item.subject}）：{versions}"


def _base(layout: IndexLayout, embedder: Embedder, rebuild: bool, chroma: ChromaSettings) -> _Base:
    """What can be built upon; a missing or damaged index is built anew."""
    try:
        pointer = layout.read_pointer()
    except IndexMissing:
        layout.prune(None)
        return _Base()
    except SearchIndexError:
        return _Base()
    layout.prune(pointer)
    paths = layout.version(pointer.version)
    store = DocumentStore(paths.documents)
    try:
        manifest = read_manifest(store)
        rows = manifest.format == INDEX_FORMAT and not rebuild
        # What cannot be asked, or is not as it was written, is made anew; vectors come from the cache.
        broken = {found.leg for found in damaged_legs(layout.data_dir, chroma, pointer.version)} if rows else set()
        rows = rows and not broken & {Leg.FILES, Leg.DOCUMENTS}
        return _Base(
            number=pointer.version,
            hashes=store.content_hashes(),
            catalogue=store.attachment(attachments.CATALOGUE),
            rows=rows,
            suggestions=store.attachment(attachments.SUGGESTIONS) is not None,
            vectors=rows and manifest.embedder == embedder.fingerprint and paths.complete and not broken - {Leg.CHROMA},
            searchable=not broken and holds_vectors(layout, pointer.version, chroma, store.chunk_count()),
        )
    except VectorServerError:
        raise
    except SearchIndexError:
        return _Base(number=pointer.version)
    finally:
        store.close()


def _read_documents(draft: IndexDraft, base: _Base, listing: CorpusListing, progress: Progress) -> _Tally:
    """Read what is new or changed, remove what is gone; an unreadable file leaves with its reason told."""
    tally = _Tally()
    present = {file.id for file in listing.files}
    for gone in base.hashes.keys() - present:
        draft.remove(gone)
        tally.removed += 1
    progress(READING_STAGE, 0, len(listing.files))
    # In a process of its own: a file that loops, crashes or eats the memory is refused alone.
    with BoundedReader(read_passages, ReadingLimits()) as reader:
        for done, file in enumerate(listing.files, start=1):
            known = base.hashes.get(file.id)
            if known == file.content_hash and base.rows:
                tally.unchanged += 1
            else:
                _read_document(draft, file, known, tally, reader)
            progress(READING_STAGE, done, len(listing.files))
    return tally


def _read_document(
    draft: IndexDraft, file: CorpusFile, known: str | None, tally: _Tally, reader: BoundedReader[ReadFile]
) -> None:
    try:
        document, chunks = reader.read(file)
    except DocumentError as error:
        tally.failed.append(FailedDocument(file.id, str(error)))
        if known is not None:
            draft.remove(file.id)
            tally.removed += 1
        return
    draft.put(document, chunks)
    tally.warnings.extend(_told(document))
    if known is None:
        tally.added += 1
    elif known == file.content_hash:
        tally.unchanged += 1
    else:
        tally.updated += 1


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
