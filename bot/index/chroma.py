"""Where a version's passage vectors lie in Chroma: in files of the version, or in a collection on a server.

A collection on a server is named after the index and the version, ``passages-<index>-<version>``. The index gets its
name when the first collection is made and keeps it in the file ``ID`` of its folder, so that several offices share a
server, and copies of one index folder share its collections.

chromadb takes most of a second to import, so it is imported at the first use.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import ssl
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from bot.errors import SearchIndexError, VectorServerError
from bot.index.layout import REMEDY, IndexLayout
from bot.settings import ChromaSettings
from bot.text.addresses import public_address

if TYPE_CHECKING:
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

#: Chroma takes ASCII names only.
COLLECTION = "passages"
#: Recall@10 of 0.9995 at 100,000 passages; Chroma's defaults reach 0.81–0.91 there.
MAX_NEIGHBORS, EF_CONSTRUCTION, EF_SEARCH = 32, 200, 300
#: Vectors written at a time: files take up to 5,461, the smallest allowance of hosted services is 300.
FILES_BATCH, SERVER_BATCH = 1_000, 300
#: How much longer than a search a write may take.
WRITE_PATIENCE = 10
_NAMES_AT_ONCE = 100
_LOG = logging.getLogger(__name__)
_CHECK_SERVER = "检查 [chroma] 的 url、token 和 ca_file，以及服务是否在运行；在此之前，问答改用旁边的向量逐个比较"


class Place(Protocol):
    """Where the vectors of one version lie."""

    @property
    def batch(self) -> int:
        """How many vectors may be written at a time."""

    def begin(self, base: Path | None) -> bool:
        """Make ready for a new version; returns whether it begins as a copy of what lies in the folder ``base``."""

    def open(self, *, create: bool) -> tuple[Any, Any]:
        """A client, and the version's collection. Raises what :meth:`failed` reads."""

    def failed(self, error: Exception) -> SearchIndexError:
        """What to tell of an error of Chroma's."""


def place_of(layout: IndexLayout, version: int, settings: ChromaSettings) -> Place:
    """Where the vectors of ``version`` lie."""
    if settings.configured:
        return ServedCollection(settings, layout, version)
    return ChromaFiles(layout.version(version).chroma)


class ChromaFiles:
    """A Chroma of a version's own, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def batch(self) -> int:
        """Below Chroma's limit."""
        return FILES_BATCH

    def begin(self, base: Path | None) -> bool:
        """Copy the files of ``base``, where there are any."""
        if base is None or not base.is_dir():
            return False
        shutil.copytree(base, self._folder)
        return True

    def open(self, *, create: bool) -> tuple[Any, Any]:
        """Open the files."""
        import chromadb
        from chromadb.config import Settings

        path = str(self._folder)
        try:
            client: Any = chromadb.PersistentClient(path=path, settings=Settings(anonymized_telemetry=False))
        except Exception:
            _forget_unopened(path)
            raise
        try:
            return client, _collection(client, COLLECTION, create=create)
        except Exception:
            client.close()
            raise

    def failed(self, error: Exception) -> SearchIndexError:
        """Files that cannot be read are damaged."""
        return SearchIndexError(
            "向量库打不开或已损坏", value=self._folder, tried=str(error)[:200], remedy=f"{REMEDY} --rebuild"
        )


class ServedCollection:
    """One version's collection on a server. Whatever goes wrong is a :class:`VectorServerError`."""

    def __init__(self, settings: ChromaSettings, layout: IndexLayout, version: int) -> None:
        self._settings, self._layout, self._version = settings, layout, version

    @property
    def batch(self) -> int:
        """What hosted services allow."""
        return SERVER_BATCH

    def begin(self, base: Path | None) -> bool:
        """Nothing is copied on a server; what an ingest left that was killed is gone already."""
        return False

    def open(self, *, create: bool) -> tuple[Any, Any]:
        """Find the collection on the server."""
        name = f"{_beginning(self._layout, make=create)}{self._version}"
        client = _client(self._settings, patience=WRITE_PATIENCE if create else 1)
        return client, _collection(client, name, create=create)

    def failed(self, error: Exception) -> SearchIndexError:
        """A collection that is not there, or a server that does not answer."""
        return _server_error(self._settings, error)


def remove_old_collections(layout: IndexLayout, settings: ChromaSettings) -> None:
    """Remove the collections of this index whose version has no folder any more.

    Does nothing without a server, or while the index has no collection. Raises :class:`VectorServerError`.
    """
    if not settings.configured:
        return
    with _connected(settings) as client:
        beginning = _beginning(layout, make=False) if layout.id_file.is_file() else ""
        for name in _names(client) if beginning else ():
            number = name.removeprefix(beginning)
            if number != name and number.isdecimal() and not layout.version(int(number)).folder.is_dir():
                client.delete_collection(name)


def clear_old_collections(layout: IndexLayout, settings: ChromaSettings) -> None:
    """The same after the work is done: what a server keeps for being away then, the next ingest removes."""
    try:
        remove_old_collections(layout, settings)
    except VectorServerError as error:
        _LOG.warning("old collections stay until the next ingest: %s", error)


def holds_vectors(layout: IndexLayout, version: int, settings: ChromaSettings, count: int) -> bool:
    """Whether Chroma holds the ``count`` vectors of ``version`` where the settings say.

    Raises :class:`VectorServerError` while the server is away.
    """
    if not settings.configured:
        return layout.version(version).chroma.is_dir()
    try:
        with _connected(settings) as client:
            name = f"{_beginning(layout, make=False)}{version}"
            return name in _names(client) and _collection(client, name, create=False).count() == count
    except _Missing:
        return False


def _beginning(layout: IndexLayout, *, make: bool) -> str:
    """What the names of this index's collections begin with."""
    try:
        return f"{COLLECTION}-{layout.id_file.read_text(encoding='ascii').strip()}-"
    except FileNotFoundError:
        if not make:
            raise _Missing from None
    known = secrets.token_hex(6)
    layout.root.mkdir(parents=True, exist_ok=True)
    layout.id_file.write_text(known, encoding="ascii")
    return f"{COLLECTION}-{known}-"


def _forget_unopened(path: str) -> None:
    """Have Chroma try anew next time: it keeps what it could not open, and gives it to all who come later."""
    from chromadb.api.shared_system_client import SharedSystemClient

    if path not in SharedSystemClient._identifier_to_refcount:
        SharedSystemClient._identifier_to_system.pop(path, None)


class _Missing(Exception):
    """The index has never had a collection on a server."""


@contextmanager
def _connected(settings: ChromaSettings) -> Iterator[Any]:
    """A client that is closed again; what goes wrong with it is a :class:`VectorServerError`."""
    try:
        client = _client(settings, patience=WRITE_PATIENCE)
        try:
            yield client
        finally:
            client.close()
    except (SearchIndexError, _Missing):
        raise
    except Exception as error:  # Chroma's own errors have no common base
        raise _server_error(settings, error) from error


def _client(settings: ChromaSettings, *, patience: float) -> Any:
    """A client of the server, which has just answered. No request waits longer than the settings allow."""
    import chromadb
    from chromadb.config import Settings

    headers = _headers(settings)
    _heartbeat(settings, headers)
    address = urlsplit(settings.url)
    secure = address.scheme == "https"
    options = Settings(anonymized_telemetry=False)
    if settings.ca_file is not None:
        options.chroma_server_ssl_verify = str(settings.ca_file)
    client = chromadb.HttpClient(
        host=address.hostname or "",
        port=address.port or (443 if secure else 80),
        ssl=secure,
        headers=headers,
        tenant=settings.tenant,
        database=settings.database,
        settings=options,
    )
    # The client would wait for ever, and has no setting for it.
    client._server._session.timeout = settings.timeout_seconds * patience  # type: ignore[attr-defined]
    return client


def _headers(settings: ChromaSettings) -> dict[str, str]:
    token = settings.key()
    if not token:
        return {}
    bearer = settings.token_header.lower() == "authorization"
    return {settings.token_header: f"Bearer {token}" if bearer else token}


def _heartbeat(settings: ChromaSettings, headers: dict[str, str]) -> None:
    """Have the server answer once, within the time of a search."""
    secure = settings.url.startswith("https:")
    trusted = ssl.create_default_context(cafile=settings.ca_file) if secure else None
    request = urllib.request.Request(f"{settings.url.rstrip('/')}/api/v2/heartbeat", headers=headers)
    with urllib.request.urlopen(request, timeout=settings.timeout_seconds, context=trusted) as reply:
        reply.read()


def _names(client: Any) -> Iterator[str]:
    """The names of all collections, as they are now."""
    found: list[str] = []
    while True:
        page = client.list_collections(limit=_NAMES_AT_ONCE, offset=len(found))
        found += [each.name for each in page]
        if len(page) < _NAMES_AT_ONCE:
            return iter(found)


def _collection(client: Any, name: str, *, create: bool) -> Any:
    # No embedding function: Chroma's own would fetch a model.
    if not create:
        return client.get_collection(name, embedding_function=None)
    return client.get_or_create_collection(name, embedding_function=None, configuration={"hnsw": _hnsw()})


def _server_error(settings: ChromaSettings, error: Exception) -> VectorServerError:
    from chromadb.errors import NotFoundError

    address = public_address(settings.url)
    if isinstance(error, _Missing | NotFoundError):
        return VectorServerError("Chroma 服务里没有这一版索引的向量", value=address, remedy=REMEDY)
    login = urlsplit(settings.url).netloc.rpartition("@")[0]
    # The client's own words may repeat the whole address.
    words = "" if login and login in str(error) else str(error)[:200]
    tried = words or type(error).__name__
    return VectorServerError("Chroma 服务用不了", value=address, tried=tried, remedy=_CHECK_SERVER)


def _hnsw() -> CreateHNSWConfiguration:
    return {
        "space": "cosine",
        "max_neighbors": MAX_NEIGHBORS,
        "ef_construction": EF_CONSTRUCTION,
        "ef_search": EF_SEARCH,
    }
