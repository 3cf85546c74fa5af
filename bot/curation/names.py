"""Names under which files handed in lie in the corpus folder: readable, and harmless on every system."""

from __future__ import annotations

import re
import unicodedata

from bot.documents.corpus import ARCHIVE_SUFFIX, ROOT_FILES, SUFFIXES
from bot.errors import CorpusError

#: File systems take 255 bytes; the rest is left for what is put before and after a name while it is written.
LONGEST_NAME_BYTES = 200
#: Parts paths, or means something to a shell, a browser or another system.
_ODD = re.compile(r'[\\/:*?"<>|%#\x00-\x1f\x7f]+')
#: Names of devices on Windows, whatever follows the first dot.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def safe_name(name: str) -> str:
    """``name`` as a file of its own in the corpus folder: the last part of a path, odd characters as ``_``.

    Raises :class:`CorpusError` for a format that is not read, a name kept for the catalogue, and no name at all.
    """
    last = re.split(r"[\\/]", name.encode("utf-8", "ignore").decode("utf-8"))[-1]
    visible = "".join(each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each) != "Cf")
    plain = " ".join(_ODD.sub("_", visible).split()).rstrip(". ")
    before, dot, ending = plain.rpartition(".")
    suffix = f"{dot}{ending}".lower() if dot else ""
    if suffix not in SUFFIXES | {ARCHIVE_SUFFIX}:
        formats = "、".join(sorted(each[1:] for each in SUFFIXES | {ARCHIVE_SUFFIX}))
        raise CorpusError("不支持的格式", value=plain or "没有文件名", remedy=f"可以是：{formats}")
    stem = before.lstrip("~$. ").rstrip(". ") or "文件"
    if stem.split(".")[0].strip().lower() in _DEVICES:
        stem = f"_{stem}"
    made = _cut(stem, LONGEST_NAME_BYTES - len(suffix)) + suffix
    if made.casefold() in {each.casefold() for each in ROOT_FILES}:
        raise CorpusError("这个文件名留给资料夹自己的说明", value=made, remedy="换一个文件名再交")
    return made


def _cut(stem: str, size: int) -> str:
    return stem.encode()[:size].decode("utf-8", "ignore").strip(". ")
