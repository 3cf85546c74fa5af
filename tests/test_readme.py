"""The README's commands do what it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT_ROOT, load_settings
from tests.support.corpora import ingested_copy

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line, comments=True)
    for block in re.findall(r"```bash\n(.*?)```", README, flags=re.DOTALL)
    for line in block.splitlines()
    if line.startswith(".venv/bin/python") and " pip " not in line and " serve" not in line
]
#: What the commands write where they are run.
WRITTEN = ("备份.zip", "新文件夹")
#: Cases that fail are told by exit code 1; the command itself has worked.
ALLOWED = {"evaluate": {0, 1}}


@pytest.fixture(scope="module")
def own_data(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Path:
    """A data folder of its own: some commands put records on file."""
    return ingested_copy(PROJECT_ROOT / "corpus", tmp_path_factory.mktemp("data"), shared_folder)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[1:])[:60])
def test_each_command_runs(command: list[str], own_data: Path) -> None:
    command = [str(own_data.parent / f"{own_data.name}-{word}") if word in WRITTEN else word for word in command]
    environment = {**os.environ, "BOT_DATA_DIR": str(own_data)}
    done = subprocess.run(
        [sys.executable, *command[1:]], cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=300
    )
    name = next((part for part in command if part in ALLOWED), "")
    assert done.returncode in ALLOWED.get(name, {0}), done.stderr
    assert done.stdout.strip()


def test_make_targets_exist() -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_links_and_pictures_exist() -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (PROJECT_ROOT / link).exists(), link


def test_architecture_names_real_rooms() -> None:
    picture = README.split("## 结构", 1)[1].split("## 数字", 1)[0]
    rooms = {path.name for path in (PROJECT_ROOT / "bot").iterdir() if path.is_dir() and path.name != "__pycache__"}
    for room in re.findall(r"\b([a-z]+)/（", picture):
        assert room in rooms, room


def test_settings_example_is_accepted(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", README, flags=re.DOTALL)
    assert example is not None
    file = tmp_path / "bot.toml"
    file.write_text(example.group(1), encoding="utf-8")
    assert load_settings(environment={}, settings_file=file).llm.configured
