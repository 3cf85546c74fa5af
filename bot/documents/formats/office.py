"""Old and foreign office formats (.doc, .wps, .rtf, .odt) through LibreOffice, where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.documents.blocks import Extract
from bot.documents.formats.docx import read_docx
from bot.errors import DocumentError

#: What is handed to LibreOffice.
OFFICE_SUFFIXES = (".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt")
#: Seconds for one file; LibreOffice starts in two and needs some ten for a long document.
TIMEOUT_SECONDS = 120.0
_MEMORY_KILOBYTES = 6 * 1024 * 1024
_OUTPUT_BLOCKS = 2 * 200 * 1024
_LARGEST_OUTPUT = 100 * 1024 * 1024
_PROGRAMS = ("soffice", "libreoffice")
_SAVE_AS = "用 Word 或 WPS 另存为 .docx"
_INSTALL = f"{_SAVE_AS}，或安装 LibreOffice（apt install libreoffice-writer-nogui）"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
#: LibreOffice's names of the formats; left to itself it reads damaged files as if they were text.
_FILTERS = {
    ".doc": "MS Word 97",
    ".dot": "MS Word 97",
    ".wps": "MS_Works",
    ".wpt": "MS_Works",
    ".rtf": "Rich Text Format",
    ".odt": "writer8",
    ".html": "HTML (StarWriter)",
}
# No macros, no outer links, no recovery of what another run left.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value>
</prop></item>
</oor:items>
"""


def read_office(data: bytes, suffix: str) -> Extract:
    """A file of one of :data:`OFFICE_SUFFIXES` as blocks. Raises as :func:`convert_to_docx` and the Word reader."""
    return read_docx(convert_to_docx(data, suffix))


def convert_to_docx(data: bytes, suffix: str) -> bytes:
    """The file as .docx, made by LibreOffice with a profile of its own that is gone afterwards.

    What the bytes are counts, not ``suffix`` (``.doc``), which names formats that bytes do not tell. A file that
    is a .docx already comes back as it is. Raises :class:`DocumentError` with the remedy when LibreOffice is not
    installed, takes longer than :data:`TIMEOUT_SECONDS` or cannot read the file.
    """
    source = _real_suffix(data, suffix.lower())
    if source == ".docx":
        return data
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise DocumentError("读这种格式要用 LibreOffice，这台机器没有装", value=suffix, remedy=_INSTALL)
    with tempfile.TemporaryDirectory(prefix="tech-manager-office-", ignore_cleanup_errors=True) as folder:
        return _convert(program, data, source, Path(folder))


def _real_suffix(data: bytes, suffix: str) -> str:
    """The suffix that tells LibreOffice what the bytes are; many a .wps or .doc is something else inside."""
    start = data[:512].lstrip().lower()
    if data.startswith(_OLE_MAGIC):
        if _ENCRYPTED_STREAM in data:
            raise DocumentError("文件有密码", remedy=f"去掉密码，{_SAVE_AS}")
        if _WORD_STREAM not in data and suffix not in (".wps", ".wpt"):
            raise DocumentError("文件已损坏，或不是扩展名所说的格式", value=suffix, remedy=_SAVE_AS)
        return ".doc" if _WORD_STREAM in data else suffix
    if start.startswith(b"{\\rtf"):
        return ".rtf"
    if data.startswith(b"PK"):
        if b"word/" in data or b"word\\" in data:
            return ".docx"
        if b"OFD.xml" in data or suffix == ".ofd":
            raise DocumentError("OFD 文件 LibreOffice 读不了", remedy="用 OFD 阅读器另存为 pdf 或 .docx")
        return ".odt"
    if start.startswith((b"<!doctype html", b"<html")):
        return ".html"
    if suffix == ".ofd":
        raise DocumentError("不是完好的 OFD 文件", remedy="用 OFD 阅读器另存为 pdf 或 .docx")
    if suffix not in (".wps", ".wpt") or start.startswith(b"mime-version:"):
        raise DocumentError("文件已损坏，或不是扩展名所说的格式", value=suffix, remedy=_SAVE_AS)
    return suffix


def _convert(program: str, data: bytes, suffix: str, folder: Path) -> bytes:
    profile, output = folder / "profile", folder / "output"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    output.mkdir()
    source = folder / f"input{suffix}"
    source.write_bytes(data)
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--nodefault", "--nologo", f"--infilter={_FILTERS[suffix]}",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(output), str(source),
    ]  # fmt: skip
    said = _run(command, folder)
    made = output / "input.docx"
    size = made.stat().st_size if made.is_file() else 0
    if not size:
        raise DocumentError("LibreOffice 读不了这个文件，可能已损坏或有密码", tried=said, remedy=_SAVE_AS)
    if size > _LARGEST_OUTPUT:
        raise DocumentError("转换后的文件太大", value=f"{size // 1024**2} MB", remedy="去掉图片后另存为 .docx")
    return made.read_bytes()


def _run(command: list[str], folder: Path) -> str:
    """The last line that LibreOffice says; it is killed with its children when its time is up."""
    if os.name == "posix":
        limits = f"ulimit -v {_MEMORY_KILOBYTES}; ulimit -t {int(TIMEOUT_SECONDS) + 5}; ulimit -f {_OUTPUT_BLOCKS}; "
        command = ["/bin/sh", "-c", limits + 'exec "$@"', "sh", *command]
    environment = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise DocumentError("LibreOffice 启动不了", tried=error.strerror or str(error), remedy=_INSTALL) from None
    try:
        said, _ = process.communicate(timeout=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        _kill(process)
        raise DocumentError("LibreOffice 转换超时", value=f"{TIMEOUT_SECONDS:g} 秒", remedy=_SAVE_AS) from None
    except BaseException:
        _kill(process)
        raise
    lines = said.decode("utf-8", errors="replace").strip().splitlines()
    # Its messages name files of the temporary folder, which mean nothing to the reader.
    return lines[-1].replace(str(folder), "")[:200] if lines else f"退出码 {process.returncode}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform != "win32":
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    else:
        process.kill()
    process.communicate()
