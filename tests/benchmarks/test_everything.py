"""The README's table is the list of what ``make bench`` measures."""

from pathlib import Path

import pytest

from bot.benchmarks import own_cases
from bot.benchmarks.__main__ import Figure, figures, run, with_folders

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_every_row_of_the_readme_is_read():
    found = figures(README)
    assert len(found) > 25 and found[0].command and all(each.what and each.claim for each in found)
    assert all(not each.command or each.command.startswith("python -m ") for each in found)


def test_every_command_of_the_readme_is_one_that_is_there():
    root = Path(__file__).resolve().parents[2]
    for each in figures(README):
        words = each.command.split()
        if len(words) > 2 and words[2].startswith("bot."):
            path = root / Path(*words[2].split("."))
            assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), each.command


@pytest.mark.parametrize(
    ("command", "folders", "filled"),
    [
        ("python -m x DIR", [Path("/a b")], ["-m", "x", "/a b"]),
        ("python -m x DIR1 DIR2", [Path("/a"), Path("/b")], ["-m", "x", "/a", "/b"]),
        ("python -m x DIR1 DIR2", [Path("/a")], None),
        ("python -m x DIR --seen FILE", [Path("/a")], None),
        ("python -m x tests/DIRECTORY", [], ["-m", "x", "tests/DIRECTORY"]),
    ],
)
def test_folders_are_filled_in_or_the_row_is_left_out(command, folders, filled):
    found = with_folders(command, folders)
    assert (found[1:] if found else found) == filled


def test_commands_are_run_once_and_what_fails_is_told(capfd):
    rows = (
        Figure("first", "1", "python -c \"print('one')\""),
        Figure("second", "2", ""),
        Figure("third", "3", "python -c 'raise SystemExit(3)'"),
        Figure("fourth", "4", "python -m bot.benchmarks.matching DIR"),
    )
    assert run(rows, [], "") is False
    told = capfd.readouterr().out
    assert told.count("now:    one") == 1 and "exit 3" in told and "left out" in told
    assert run(rows, [], "first") is True


def test_a_readme_without_the_table_is_refused():
    with pytest.raises(ValueError, match="no table"):
        figures("# x\n")


def test_the_own_cases_are_asked_of_the_corpus_they_were_written_for():
    found = dict(own_cases.asked(["second_district"]))
    (results,) = found.values()
    assert list(found) == ["second_district/cases.yaml"] and len(results) == 30
    # Of another corpus hardly any passes.
    assert sum(each.passed for each in results) > 20


def test_every_file_of_cases_that_can_be_asked_is_among_them():
    named = {name for _, files in own_cases.COLLECTIONS for name in files}
    cases = Path(__file__).resolve().parents[1] / "cases"
    there = {str(path.relative_to(cases)) for path in cases.rglob("*.yaml") if "corpus" not in path.parts}
    other_forms = {"english.yaml", "matching.yaml", "paraphrases.yaml"}
    assert named == {name for name in there if not name.startswith("both_sides")} - other_forms


def test_the_reason_of_a_failure_is_told(capfd):
    # Exit code 1 is that of cases that fail.
    failing = Figure("first", "1", "python -c 'raise SystemExit(\"some fail\")'")
    refused = Figure("second", "2", "python -c 'import sys; sys.stderr.write(\"no room\"); sys.exit(2)'")
    run((failing, refused), [], "")
    told = capfd.readouterr().out
    assert "no room" in told and "exit 2" in told
    assert told.count("some fail") == 1  # the command itself
