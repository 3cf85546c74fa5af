"""The wheel holds everything, and works where it is installed alone; the bundle for closed networks checks itself."""

import importlib.util
import json
import os
import shutil
import site
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bundling():
    spec = importlib.util.spec_from_file_location("bundle", ROOT / "deploy" / "offline" / "bundle.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(bundling, tmp_path_factory):
    """A bundle with our own wheel alone; built from a copy, so that a checkout is not written to."""
    source = tmp_path_factory.mktemp("source")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name)
    bundling.ROOT = source
    return bundling.bundle(tmp_path_factory.mktemp("bundle") / "made", fetch=False)


@pytest.fixture(scope="module")
def wheel(made):
    (found,) = (made / "wheels").glob("*.whl")
    return found


def test_every_file_of_the_program_and_every_document_is_in_it(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(["git", "ls-files", "bot", "corpus"], cwd=ROOT, capture_output=True, check=True, text=True)
    wanted = {
        name.replace("corpus/", "bot/bundled_corpus/", 1) if name.startswith("corpus/") else name
        for name in listed.stdout.splitlines()
        if (ROOT / name).is_file()
    }
    assert wanted - held == set() and "bot/py.typed" in held
    assert not [name for name in held if name.startswith(("tests", "deploy")) or name.endswith(".pyc")]


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The wheel alone in an environment of its own; what it needs is borrowed from the one of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            str(wheel),
        ],
        check=True,
    )
    # A line of a .pth file adds a folder to look in, without the editable install that is noted there.
    (packages / "borrowed.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    return folder / "venv" / "bin" / "tech-manager-assistant"


def run(program, *arguments, folder, **more):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "PYTHON"))}
    return subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env={**clean, **more},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    ).stdout


def test_installed_alone_it_reads_its_documents_in_and_answers(installed, tmp_path):
    # What was encoded before is not encoded again; the document of one's own below is, by the encoder that came along.
    kept = {name: value for name, value in os.environ.items() if name == "BOT_EMBEDDING_CACHE"}
    report = json.loads(run(installed, "ingest", "--json", folder=tmp_path, **kept))
    assert report["failed"] == [] and report["documents"] >= 25
    answer = json.loads(run(installed, "ask", "--json", "联合创新项目最高能给多少？", folder=tmp_path))
    assert answer["outcome"] == "answered" and "50万元" in answer["answer"]
    assert {path.name for path in tmp_path.iterdir()} == {"data"}, "nothing is written beside the program"
    assert str(tmp_path / "data") in run(installed, "doctor", folder=tmp_path) or (tmp_path / "data" / "index").is_dir()


def test_a_folder_of_ones_own_goes_before_the_documents_that_came_along(installed, tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "own.md").write_text("# 示例办法\n\n补贴最高三万元。\n", encoding="utf-8")
    assert json.loads(run(installed, "ingest", "--json", folder=tmp_path))["documents"] == 1


def test_a_document_added_goes_to_a_folder_of_ones_own_not_among_the_programs_files(installed, tmp_path):
    (packages,) = (installed.parents[1] / "lib").glob("python*/site-packages")
    bundled = packages / "bot" / "bundled_corpus"
    before = {path: path.stat().st_mtime_ns for path in bundled.rglob("*")}
    (tmp_path / "new.txt").write_text("示例通知：补贴最高三万元。", encoding="utf-8")
    told = run(installed, "corpus", "add", "new.txt", "--by", "示例", folder=tmp_path)
    assert str(tmp_path / "corpus") in told and "python -m bot ingest" in told
    assert {path: path.stat().st_mtime_ns for path in bundled.rglob("*")} == before
    own = {path.relative_to(tmp_path / "corpus") for path in (tmp_path / "corpus").rglob("*")}
    assert own == {path.relative_to(bundled) for path in before} | {Path("new.txt")}


def test_a_bundle_lists_every_file_by_its_sum(made):
    listed = {line.split("  ", 1)[1] for line in (made / "SHA256SUMS").read_text("utf-8").splitlines()}
    held = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert held - listed == {"SHA256SUMS"} and {"install.sh", "install.ps1", "corpus/scope.yaml"} <= listed


def test_a_bundle_that_was_changed_installs_nothing(made, tmp_path):
    changed = tmp_path / "changed"
    shutil.copytree(made, changed)
    with (changed / "corpus" / "scope.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# changed\n")
    done = subprocess.run(["sh", "install.sh", str(tmp_path / "target")], cwd=changed, capture_output=True, text=True)
    assert done.returncode == 2 and "没有安装" in done.stderr and not (tmp_path / "target").exists()


def test_a_folder_in_use_is_not_filled(bundling, tmp_path):
    (tmp_path / "mine").write_text("x")
    with pytest.raises(FileExistsError):
        bundling.bundle(tmp_path, fetch=False)
