"""The corpus folder as staff change it: nothing outside is touched, a file is there whole or not at all."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from bot import settings
from bot.curation.kept_files import digest_of, sync_folder, told_of, write_whole
from bot.documents.corpus import MAX_FILE_BYTES
from bot.errors import CorpusError


class CorpusFolder:
    """Files below ``root`` by their POSIX path there. The constructor does no I/O."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, document: str) -> Path:
        """Where ``document`` lies. Raises :class:`CorpusError` for a path that leads outside, also by a link."""
        pure = PurePosixPath(document)
        odd = not document or "\x00" in document or "\\" in document or pure.is_absolute() or document != str(pure)
        if odd or any(part in ("..", ".") or part.startswith(".") for part in pure.parts):
            raise CorpusError("资料夹里没有这样的文件", value=document[:80] or "（空）", remedy="从资料列表里选")
        path = self.root / pure
        try:
            inside = path.parent.resolve().is_relative_to(self.root.resolve()) and not path.is_symlink()
        except (OSError, RuntimeError, ValueError):
            inside = False
        if not inside:
            raise CorpusError("这个文件在资料夹之外，工作台不动它", value=document[:80], remedy="在文件系统里处理")
        return path

    def bytes_of(self, document: str) -> bytes | None:
        """The bytes of a file, or ``None`` where there is none. Raises :class:`CorpusError`."""
        path = self.path(document)
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise CorpusError("文件太大", value=document, remedy="在文件系统里处理")
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise CorpusError(
                "读不了这个文件", value=document, tried=error.strerror or "", remedy="检查文件权限"
            ) from None

    def digest(self, document: str) -> str | None:
        """The SHA-256 of a file, or ``None`` where there is none."""
        data = self.bytes_of(document)
        return None if data is None else digest_of(data)

    def put(self, document: str, data: bytes | None) -> None:
        """Have a file hold ``data``; with ``None`` have none. Raises :class:`CorpusError`."""
        if self.root == settings.BUNDLED_CORPUS:
            # Where no folder of the user's could be made of it: an update of the program would undo the change.
            raise CorpusError(
                "随程序带来的资料不能直接改",
                value=self.root,
                remedy="用设置 BOT_CORPUS_DIR 指到自己的资料，再启动",
            )
        path = self.path(document)
        if data is not None:
            if not self.root.is_dir():
                raise CorpusError("资料文件夹不存在", value=self.root, remedy="新建这个文件夹，或检查设置 corpus_dir")
            write_whole(path, data)
            return
        with told_of(path):
            path.unlink(missing_ok=True)
            sync_folder(path.parent)
