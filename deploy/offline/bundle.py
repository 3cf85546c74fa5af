"""Everything for a machine without a network: wheels, models, documents, one script to install for Linux and Windows.

``python deploy/offline/bundle.py FOLDER [--target windows|linux] [--extra NAME …]``. The wheels are
those of ``constraints.txt``, for this machine or for another one of the same Python version. ``SHA256SUMS`` lists every
file, and the scripts check it before they install anything.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).resolve().parent / "scripts"
SUMS = "SHA256SUMS"
#: How uv and pip each name a target. pip reads the conditions of requirements for the machine it runs on, so what
#: another one needs is worked out by uv.
TARGETS = {
    "windows": ("x86_64-pc-windows-msvc", "win_amd64"),
    "linux": ("x86_64-manylinux_2_28", "manylinux_2_28_x86_64"),
}


def bundle(folder: Path, target: str = "", extras: Sequence[str] = (), fetch: bool = True) -> Path:
    """Fill ``folder`` (made new) and return it; without ``fetch`` only our own wheel is put in.

    ``target`` is a key of :data:`TARGETS`, empty for this machine.

    Raises :class:`FileExistsError` for a folder that holds something, :class:`subprocess.CalledProcessError` when a
    wheel cannot be built or fetched.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    _run("build", "--wheel", "--no-isolation", "--outdir", str(wheels), str(ROOT))
    (own,) = wheels.glob("*.whl")
    if fetch:
        _fetch(own, extras, wheels, target)
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    for name in ("LICENSE", "constraints.txt"):
        shutil.copy2(ROOT / name, folder / name)
    for script in sorted(SCRIPTS.iterdir()):
        shutil.copy2(script, folder / script.name)
    _write_sums(folder)
    return folder


def _fetch(own: Path, extras: Sequence[str], wheels: Path, target: str) -> None:
    chosen = f"[{','.join(extras)}]" if extras else ""
    pins = ("--constraint", str(ROOT / "constraints.txt"))
    download = ("pip", "download", "--quiet", "--dest", str(wheels))
    if not target:
        _run(*download, *pins, f"{own}{chosen}")
        return
    for_uv, for_pip = TARGETS[target]
    with tempfile.TemporaryDirectory() as folder:
        asked, worked_out = Path(folder) / "asked.txt", Path(folder) / "worked_out.txt"
        asked.write_text(f"tech-manager-assistant{chosen} @ {own.resolve().as_uri()}\n", encoding="utf-8")
        plain = ("--quiet", "--no-header", "--no-annotate", "--python-platform", for_uv)
        _run("uv", "pip", "compile", str(asked), *pins, *plain, "--output-file", str(worked_out))
        others = [line for line in worked_out.read_text("utf-8").splitlines() if " @ file:" not in line]
        worked_out.write_text("\n".join(others), encoding="utf-8")
        _run(*download, "--no-deps", "--only-binary", ":all:", "--platform", for_pip, "--requirement", str(worked_out))


def _write_sums(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{_sum(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def _sum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", *arguments], check=True)


def main() -> None:
    """Read the command line and fill the folder."""
    parser = argparse.ArgumentParser(description="做一个离线安装包。")
    parser.add_argument("folder", type=Path, help="放到哪个（新的）文件夹")
    parser.add_argument("--target", choices=sorted(TARGETS), default="", help="为别的机器取包；不写就是这台")
    parser.add_argument("--extra", action="append", default=[], help="一并带上的可选部分：postgresql、ocr、torch")
    options = parser.parse_args()
    made = bundle(options.folder, options.target, options.extra)
    sys.stdout.write(f"{made}：{sum(1 for _ in (made / 'wheels').iterdir())} 个包\n")


if __name__ == "__main__":
    main()
