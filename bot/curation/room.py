"""Changing the corpus folder so that nothing is lost: every change is on record with the bytes before and after.

A change is made in four steps under one lock: the bytes are kept below the data folder; the change is put on record
as begun; the file is written in one step; the record says done. A process killed between any two leaves a change that
is begun, and the next use sees by the file itself whether it happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from filelock import FileLock, Timeout

from bot.curation import ledger
from bot.curation.folder import CorpusFolder
from bot.curation.kept_files import KeptFiles, digest_of, told_of
from bot.curation.names import safe_name
from bot.curation.records import Action, Change, ChangeState, Upload
from bot.documents.corpus import MAX_FILE_BYTES, ROOT_FILES
from bot.errors import CorpusError, UsageError
from bot.settings import Settings
from bot.store.database import Database, utc_now

HISTORY_FOLDER = "corpus-history"
#: A change takes milliseconds; whoever waits longer is told.
_LOCK_SECONDS = 20.0
LONGEST_NOTE = 500
_CHANGED = "这份文件在您打开之后被别人改过"


class CorpusRoom:
    """Adding, replacing, retiring, restoring. Safe to share between threads and processes; does no I/O when made."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.folder = CorpusFolder(settings.corpus_dir)
        self.kept = KeptFiles(settings.data_dir / HISTORY_FOLDER)
        self._lock_file = settings.data_dir / HISTORY_FOLDER / "lock"
        self._database = database

    # --- what is handed in ----------------------------------------------------------------------------

    def hand_in(self, name: str, data: bytes, *, by: str, replaces: str = "") -> Upload:
        """Keep a file that does not count yet. Raises :class:`CorpusError` for what can be no document.

        With ``replaces`` it stands for that document and, in the same format, takes its path.
        """
        made = safe_name(name)
        if len(data) > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // (1024 * 1024)
            raise CorpusError(
                "文件太大", value=f"{len(data) // (1024 * 1024)} MB，上限 {limit} MB", remedy="拆成几个文件"
            )
        if not data.strip(b"\x00 \t\r\n"):
            raise CorpusError("空文件", value=made, remedy="补上内容再交")
        if replaces:
            self._check_there(replaces)
            if self.folder.path(replaces).suffix.lower() == self.folder.path(made).suffix:
                made = replaces
        digest = self.kept.put(data)
        with self._database.write() as connection:
            return ledger.add_upload(
                connection, name=made, replaces=replaces, digest=digest, size=len(data), by_name=by, at=utc_now()
            )

    def uploads(self) -> tuple[Upload, ...]:
        """Everything handed in that does not count yet, newest first."""
        with self._database.read() as connection:
            return ledger.uploads(connection)

    def upload(self, number: int) -> Upload:
        """A file handed in. Raises :class:`CorpusError`."""
        with self._database.read() as connection:
            return ledger.upload(connection, number)

    def set_bytes(self, number: int, data: bytes, *, seen: str) -> Upload:
        """Have a file handed in hold ``data`` instead of the bytes of digest ``seen``. Raises :class:`CorpusError`."""
        digest = self.kept.put(data)
        with self._database.write() as connection:
            found = ledger.upload(connection, number)
            if found.digest != seen:
                raise CorpusError(_CHANGED, value=found.name, remedy="刷新后再改")
            ledger.set_upload_digest(connection, number, digest, len(data))
        self._forget(seen)
        return replace(found, digest=digest, size=len(data))

    def drop(self, number: int) -> None:
        """Give up a file handed in."""
        with self._database.write() as connection:
            found = ledger.upload(connection, number)
            ledger.drop_upload(connection, number)
        self._forget(found.digest)

    # --- what counts ----------------------------------------------------------------------------------

    def accept(self, number: int, *, by: str, note: str = "", seen: str | None = None) -> Change:
        """Put a file handed in into the corpus folder.

        ``seen`` is the digest of the document it replaces as it was looked at; without it whatever is there is
        replaced. Raises :class:`CorpusError` where a document of that name is there and not meant, or has changed.
        """
        with self._alone():
            found = self.upload(number)
            now = self.folder.digest(found.name)
            if found.name != found.replaces and now is not None:
                raise CorpusError("资料夹里已经有同名的文件", value=found.name, remedy="改用替换，或换一个文件名再交")
            if found.replaces and self.folder.digest(found.replaces) is None:
                raise CorpusError("要替换的文件已经不在资料夹里", value=found.replaces, remedy="放弃这份，改为加入")
            if seen is not None and self.folder.digest(found.replaces) != seen:
                raise CorpusError(_CHANGED, value=found.replaces, remedy="刷新，对照现在的内容再决定")
            data = self.kept.get(found.digest)
            action = Action.REPLACE if found.replaces else Action.ADD
            if found.replaces not in ("", found.name):
                # Another format has another path: the new one is there before the old one goes.
                done = self._change(Action.ADD, found.name, now, data, by, note)
                self._change(Action.REPLACE, found.replaces, None, None, by, found.name, upload=number, any_before=True)
                return done
            return self._change(action, found.name, now, data, by, note, upload=number)

    def retire(self, document: str, *, by: str, note: str = "", seen: str | None = None) -> Change:
        """Take a document out of the corpus folder; it is kept and can be restored."""
        with self._alone():
            now = self._check_there(document)
            if seen is not None and seen != now:
                raise CorpusError(_CHANGED, value=document, remedy="刷新，看过现在的内容再撤")
            return self._change(Action.RETIRE, document, now, None, by, note)

    def edit(
        self,
        document: str,
        make: Callable[[bytes | None], bytes],
        *,
        by: str,
        note: str = "",
        proposal: int | None = None,
    ) -> Change:
        """Have a file hold what ``make`` makes of its bytes (``None``: there is no file); nobody comes between.

        Raises :class:`CorpusError`, and what ``make`` raises.
        """
        with self._alone():
            held = self.folder.bytes_of(document)
            before = None if held is None else digest_of(held)
            return self._change(Action.EDIT, document, before, make(held), by, note, proposal=proposal)

    def undo(self, number: int, *, by: str) -> Change:
        """Bring back what was before a change; only while the file is as that change left it.

        Of a document that was retired it is called restoring. Raises :class:`CorpusError`.
        """
        with self._alone():
            with self._database.read() as connection:
                done = ledger.change(connection, number)
            now = self.folder.digest(done.document)
            if now != done.after_digest:
                raise CorpusError("之后又改过，不能撤销", value=done.document, remedy="从最近的一次改动撤起")
            data = self.kept.get(done.before_digest) if done.before_digest is not None else None
            action = Action.RESTORE if done.action is Action.RETIRE else Action.UNDO
            return self._change(action, done.document, now, data, by, f"#{number}")

    # --- what happened --------------------------------------------------------------------------------

    def changes(self, document: str | None = None, limit: int | None = None) -> tuple[Change, ...]:
        """Changes that happened, newest first, of one document where it is given."""
        with self._database.read() as connection:
            begun = ledger.changes(connection, ChangeState.BEGUN)
        if begun:
            with self._alone():
                pass
        with self._database.read() as connection:
            return ledger.changes(connection, ChangeState.DONE, document=document, limit=limit)

    def retired(self) -> tuple[Change, ...]:
        """The change that took away each document that is not there any more, newest first."""
        last: dict[str, Change] = {}
        for each in self.changes():
            last.setdefault(each.document, each)
        taken = (Action.RETIRE, Action.REPLACE)
        return tuple(each for each in last.values() if each.action in taken and each.after_digest is None)

    # --- inside ---------------------------------------------------------------------------------------

    def _change(
        self,
        action: Action,
        document: str,
        before: str | None,
        data: bytes | None,
        by: str,
        note: str,
        *,
        upload: int | None = None,
        proposal: int | None = None,
        any_before: bool = False,
    ) -> Change:
        if len(note) > LONGEST_NOTE:
            raise UsageError("说明太长", value=f"{len(note)} 字", remedy=f"写在 {LONGEST_NOTE} 字以内")
        held = self.folder.bytes_of(document)
        kept = None if held is None else self.kept.put(held)
        if kept != before and not any_before:
            raise CorpusError(_CHANGED, value=document, remedy="刷新后再改")
        after = None if data is None else self.kept.put(data)
        if after == kept:
            raise CorpusError("内容和现在的一样，没有改动", value=document, remedy="不用再交")
        values = {
            "at": utc_now(),
            "by_name": by,
            "action": action.value,
            "document": document,
            "before_digest": kept,
            "after_digest": after,
            "note": note,
            "upload": upload,
            "proposal": proposal,
        }
        with self._database.write() as connection:
            number = ledger.begin(connection, values)
        try:
            self.folder.put(document, data)
        except CorpusError:
            with self._database.write() as connection:
                ledger.void(connection, number)
            raise
        with self._database.write() as connection:
            done = ledger.change(connection, number)
            ledger.finish(connection, done)
        return replace(done, state=ChangeState.DONE)

    def _check_there(self, document: str) -> str:
        now = None if document in ROOT_FILES else self.folder.digest(document)
        if now is None:
            raise CorpusError("资料夹里没有这份文件", value=document[:80], remedy="刷新资料列表")
        return now

    def _forget(self, digest: str) -> None:
        with self._database.read() as connection:
            needed = ledger.still_needed(connection, digest)
        if not needed:
            self.kept.drop(digest)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else changes the corpus meanwhile; what a killed process began is settled first."""
        with told_of(self._lock_file):
            self._lock_file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._lock_file, timeout=_LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout:
            raise CorpusError("有人正在改资料", remedy="过一会儿再试") from None
        try:
            self._settle()
            yield
        finally:
            lock.release()

    def _settle(self) -> None:
        with self._database.read() as connection:
            begun = ledger.changes(connection, ChangeState.BEGUN)
        for change in reversed(begun):
            happened = self.folder.digest(change.document) == change.after_digest
            with self._database.write() as connection:
                if happened:
                    ledger.finish(connection, change)
                else:
                    ledger.void(connection, change.id)
