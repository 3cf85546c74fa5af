"""Under which circumstances cases are asked: the index, the settings that answers depend on, the program. No key."""

from __future__ import annotations

import hashlib
import json
import subprocess
from contextlib import closing
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from bot import __version__
from bot.errors import IndexMissing
from bot.index import attachments
from bot.index.documents import DocumentStore
from bot.index.layout import REMEDY, IndexLayout
from bot.index.manifest import INDEX_FORMAT, read_manifest
from bot.settings import PROJECT_ROOT, Settings
from bot.types import Mode

_GIT_SECONDS = 5


class Circumstances(BaseModel):
    """What a run was asked under. Digests are SHA-256 in hexadecimal; ``day`` is what today was, ISO.

    ``index_digest`` tells documents, catalogue, encoder and format, whatever number a version has;
    ``setting_digest`` the settings.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: int
    documents: int
    passages: int
    documents_digest: str
    index_digest: str
    encoder: str
    encoder_name: str
    mode: str
    model: str = ""
    service: str = ""
    summary: bool = False
    without: tuple[str, ...] = ()
    program: str = ""
    commit: str = ""
    day: str = ""

    @property
    def setting_digest(self) -> str:
        """Tells the settings that answers of one index depend on."""
        return _digest([self.mode, self.model, self.service, self.summary, sorted(self.without)])

    @property
    def code(self) -> str:
        """The program's version, with its commit where it is known."""
        return f"{self.program}（{self.commit}）" if self.commit else self.program


def circumstances(settings: Settings, version: int, *, without: tuple[str, ...] = (), day: str = "") -> Circumstances:
    """How ``version`` of the index below ``settings.data_dir`` is asked now.

    Raises :class:`IndexMissing` when that version is gone, :class:`SearchIndexError` when it is damaged.
    """
    path = IndexLayout(settings.data_dir).version(version).documents
    if not path.is_file():
        raise IndexMissing("这一版索引已经不在了", value=version, remedy=REMEDY)
    with closing(DocumentStore(path)) as store:
        hashes, passages, manifest = store.content_hashes(), store.chunk_count(), read_manifest(store)
        catalogue = store.attachment(attachments.CATALOGUE) or ""
    llm = settings.llm
    told = {"model": llm.model, "service": _host(llm.base_url), "summary": llm.summary} if llm.configured else {}
    return Circumstances(
        version=version,
        documents=len(hashes),
        passages=passages,
        documents_digest=_digest(hashes),
        index_digest=_digest([hashes, catalogue, manifest.embedder, manifest.dimension, INDEX_FORMAT]),
        encoder=manifest.embedder,
        encoder_name=Path(manifest.model).name,
        mode=(Mode.LLM if llm.configured else Mode.OFFLINE).value,
        without=without,
        program=__version__,
        commit=commit(),
        day=day,
        **told,
    )


@cache
def commit() -> str:
    """The commit that the program runs from, with ``-dirty`` where files differ; empty where it is not in git."""
    if not (PROJECT_ROOT / ".git").exists():
        return ""
    command = ["git", "-C", str(PROJECT_ROOT), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_GIT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _host(address: str) -> str:
    # Without the name and password that an address may carry.
    parts = urlsplit(address)
    return parts.netloc.rpartition("@")[2]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
