"""Old office formats: the protocol with LibreOffice by a stand-in on PATH, and LibreOffice itself where it is there."""

import io
import os
import stat
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.documents.formats import office
from bot.documents.formats.docx import read_docx
from bot.documents.formats.office import convert_to_docx, read_office
from bot.errors import DocumentError
from tests.support.needed import needed
from tests.support.word_files import docx, paragraph, row, table, texts

LIBREOFFICE = ("soffice", "libreoffice-writer-nogui")

WORD_97 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100 + "WordDocument".encode("utf-16-le")
RTF = b"{\\rtf1\\ansi hello}"
BODY = paragraph("安丰县设备共享办法") + table(row("类别", "比例", "上限"), row("检测", "30%", "6万元"))

Fake = Callable[[str], Path]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Put a ``soffice`` on PATH that runs Python code with ``arguments``, ``source`` and ``output`` at hand."""

    def install(code: str) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        script = folder / "soffice"
        script.write_text(
            f"#!{sys.executable}\n"
            "import os, pathlib, sys, time\n"
            "arguments = sys.argv[1:]\n"
            "source = pathlib.Path(arguments[-1])\n"
            "output = pathlib.Path(arguments[arguments.index('--outdir') + 1]) / 'input.docx'\n"
            f"log = pathlib.Path({str(tmp_path / 'log')!r})\n" + code
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(folder))
        return tmp_path / "log"

    return install


@pytest.mark.parametrize(
    ("data", "suffix", "handed"),
    [
        (WORD_97, ".doc", ".doc"),
        (WORD_97, ".wps", ".doc"),
        (WORD_97, ".docx", ".doc"),
        (RTF, ".rtf", ".rtf"),
        (RTF, ".doc", ".rtf"),
        (b"<html><body>x</body></html>", ".doc", ".html"),
    ],
)
def test_what_the_bytes_are_is_handed_over(fake: Fake, data: bytes, suffix: str, handed: str) -> None:
    log = fake("log.write_text(source.suffix); output.write_bytes(b'PK made from ' + source.read_bytes())")
    assert convert_to_docx(data, suffix) == b"PK made from " + data
    assert log.read_text() == handed


def test_each_run_has_a_profile_of_its_own_without_macros_that_is_gone_afterwards(fake: Fake) -> None:
    log = fake(
        "profile = next(a for a in arguments if a.startswith('-env:UserInstallation=file://')).partition('file://')[2]\n"
        "settings = pathlib.Path(profile, 'user', 'registrymodifications.xcu').read_text()\n"
        "assert 'DisableMacrosExecution' in settings and '--headless' in arguments\n"
        "log.write_text(profile + '\\n' + os.environ['HOME'] + '\\n' + ' '.join(sorted(os.environ)))\n"
        "output.write_bytes(b'x')\n"
    )
    os.environ["SECRET_OF_THE_PARENT"] = "1"
    try:
        convert_to_docx(RTF, ".rtf")
    finally:
        del os.environ["SECRET_OF_THE_PARENT"]
    profile, home, names = log.read_text().split("\n")
    assert profile.startswith(home) and not Path(home).exists() and "SECRET" not in names


@pytest.mark.parametrize(
    "code",
    [
        "print('Error: source file could not be loaded', file=sys.stderr)",
        "sys.exit(7)",
        "output.write_bytes(b'')",
        "output.mkdir()",
    ],
)
def test_a_conversion_without_result_is_refused(fake: Fake, code: str) -> None:
    fake(code)
    with pytest.raises(DocumentError, match="LibreOffice 读不了.*解决办法") as refusal:
        convert_to_docx(WORD_97, ".doc")
    if "could not" in code:
        assert "could not be loaded" in str(refusal.value)


def test_one_that_hangs_is_killed_with_its_children(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    log = fake("child = os.fork()\nlog.write_text(str(child or os.getpid()))\ntime.sleep(600)\n")
    monkeypatch.setattr(office, "TIMEOUT_SECONDS", 1.0)
    with pytest.raises(DocumentError, match="超时.*解决办法"):
        convert_to_docx(WORD_97, ".doc")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _is_running(int(log.read_text())):
        time.sleep(0.05)
    assert not _is_running(int(log.read_text()))


def _is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_without_libreoffice_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DocumentError, match="没有装.*另存为 .docx，或安装 LibreOffice"):
        convert_to_docx(WORD_97, ".doc")


def test_a_program_that_cannot_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "soffice"
    script.write_text("#!/nowhere/at/all\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DocumentError, match="解决办法"):
        convert_to_docx(WORD_97, ".doc")


def packed(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "suffix", "words"),
    [
        (packed("OFD.xml"), ".ofd", "OFD"),
        (b"garbage", ".ofd", "OFD"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), ".doc", "密码"),
        (b"garbage", ".rtf", "损坏"),
        (b"plain words", ".doc", "损坏"),
        (WORD_97[:60], ".doc", "损坏"),
        (b"MIME-Version: 1.0\n", ".doc", "损坏"),
    ],
)
def test_files_that_nothing_can_convert_are_refused_at_once(data: bytes, suffix: str, words: str) -> None:
    with pytest.raises(DocumentError, match="解决办法") as refusal:
        convert_to_docx(data, suffix)
    assert words in str(refusal.value)


def test_a_docx_under_another_suffix_is_read_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert texts(read_office(docx(BODY), ".doc")) == ["安丰县设备共享办法", "类别：检测；比例：30%；上限：6万元"]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".doc", ".rtf"])
def test_libreoffice_itself(tmp_path: Path, suffix: str) -> None:
    import subprocess

    import docx as writer

    office_program = needed(*LIBREOFFICE)

    document = writer.Document()
    document.add_paragraph("安丰县设备共享办法")
    grid = document.add_table(2, 3)
    for line, values in zip(grid.rows, (("类别", "比例", "上限"), ("检测", "30%", "6万元")), strict=True):
        for place, value in zip(line.cells, values, strict=True):
            place.text = value
    document.add_paragraph("特此通知。")
    document.save(tmp_path / "a.docx")
    command = [
        office_program,
        f"-env:UserInstallation=file://{tmp_path}/p",
        "--headless",
        "--convert-to",
        suffix[1:],
        "a.docx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    data = (tmp_path / f"a{suffix}").read_bytes()
    converted = convert_to_docx(data, suffix)
    assert texts(read_docx(converted)) == ["安丰县设备共享办法", "类别：检测；比例：30%；上限：6万元", "特此通知。"]


@pytest.mark.slow
def test_libreoffice_does_not_read_damaged_files_as_text() -> None:
    needed(*LIBREOFFICE)
    with pytest.raises(DocumentError, match="LibreOffice 读不了"):
        convert_to_docx(WORD_97 + b"words that are no document" * 40, ".doc")
