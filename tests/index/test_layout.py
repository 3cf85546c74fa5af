from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import IndexMissing, SearchIndexError
from bot.index.layout import IndexLayout, Pointer


@pytest.fixture
def layout(tmp_path: Path) -> IndexLayout:
    return IndexLayout(tmp_path / "data")


def make(layout: IndexLayout, *numbers: int) -> None:
    for number in numbers:
        layout.version(number).folder.mkdir(parents=True)


def test_without_a_pointer_the_index_is_missing_and_the_remedy_named(layout: IndexLayout) -> None:
    with pytest.raises(IndexMissing, match="python -m bot ingest"):
        layout.read_pointer()


def test_publishing_keeps_the_version_before_and_drops_older_ones(layout: IndexLayout) -> None:
    make(layout, 1, 2, 3)
    layout.publish(3, 2)
    assert layout.read_pointer() == Pointer(3, 2)
    assert not layout.version(1).folder.exists()
    assert layout.version(2).folder.is_dir()
    assert json.loads(layout.pointer_file.read_text())["version"] == 3


def test_a_number_is_never_given_twice_while_its_folder_stands(layout: IndexLayout) -> None:
    assert layout.next_version() == 1
    make(layout, 1, 9)
    assert layout.next_version() == 10


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": "x", "previous": null}', '{"version": 1}'])
def test_a_damaged_pointer_is_told(layout: IndexLayout, content: str) -> None:
    layout.root.mkdir(parents=True)
    layout.pointer_file.write_text(content)
    with pytest.raises(SearchIndexError, match="--rebuild"):
        layout.read_pointer()


def test_only_one_may_write(layout: IndexLayout) -> None:
    with layout.writing():
        with pytest.raises(SearchIndexError, match="另一个导入"), layout.writing():
            pytest.fail("a second writer got in")
    with layout.writing():
        pass
