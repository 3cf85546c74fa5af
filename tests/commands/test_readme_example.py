"""The README's example of a match finds something in what the README has loaded by then."""

import re
import shlex

from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PROJECT_ROOT

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")


def test_the_match_of_the_readme_proposes_somebody(tmp_path, monkeypatch):
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path))
    lines = re.findall(r"^\.venv/bin/python -m bot ((?:market samples|match ).*)$", README, flags=re.MULTILINE)
    assert [line.split()[0] for line in lines] == ["market", "match"]
    for line in lines:
        done = CliRunner().invoke(app, shlex.split(line, comments=True))
        assert done.exit_code == 0, done.output
    assert re.search(r"\[[34] 级", done.output) and "没有合适" not in done.output
