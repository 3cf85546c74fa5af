"""The documents that came with the program become the user's own before anything of them changes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from filelock import FileLock

from bot.errors import CorpusError
from bot.settings import Settings

_LOCK = "corpus.lock"


def own_corpus(settings: Settings) -> tuple[Settings, str]:
    """``settings`` with a corpus folder of the user's, and what to tell: empty where it was that already.

    The documents of a wheel lie among the program's files, which an update replaces and which are often read-only;
    they are copied, once, to ``corpus`` in the folder that the program was started in, where every later call looks
    first. The copy is there whole or not at all. Raises :class:`CorpusError` where it cannot be made.
    """
    bundled, own = settings.corpus_dir, settings.corpus_to_change
    if own == bundled:
        return settings, ""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        # Another process may be at it: who comes second finds it done.
        with FileLock(settings.data_dir / _LOCK):
            made = not own.is_dir()
            if made:
                _copy(bundled, own)
    except OSError as error:
        raise CorpusError(
            "随程序带来的资料不能直接改，也复制不出来",
            value=own,
            tried=error.strerror or str(error),
            remedy="在能写的文件夹里运行，或用 --corpus 文件夹（设置 BOT_CORPUS_DIR）指到自己的资料",
        ) from None
    told = f"随程序带来的资料已复制到 {own}，改动都写在那里，以后也从那里读。" if made else ""
    return settings.model_copy(update={"corpus_dir": own}), told


def _copy(bundled: Path, own: Path) -> None:
    partial = own.with_name(f".{own.name}.partial")
    # What a killed one left.
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _copy_files(bundled, partial)
        # A folder does not take the place of a file.
        os.rename(partial, own)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _copy_files(bundled: Path, target: Path) -> None:
    """Contents alone: the program's files may be read-only, and these are to be changed."""
    target.mkdir()
    for each in sorted(bundled.rglob("*")):
        place = target / each.relative_to(bundled)
        if each.is_dir():
            place.mkdir()
        else:
            shutil.copyfile(each, place)
