"""How surely a block has the form of several things: items, sentences one after the other, or an enumeration."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.readers.blocks import LIST_CHARACTERS
from bot.answering.readers.passages import ENUMERATED, STATES_SCORE, FoundBlock, read_blocks
from bot.types import Evidence
from bot.understanding.asked import Asked
from bot.understanding.understanding import Part
from tests.support.loaded import FOUND, found_in, loaded, sentences_of


def read(folder: Path, body: str, words: str, asked: Asked = Asked.LIST, *, listed: bool = True) -> FoundBlock:
    """The block that the unit with ``words`` gives to a question that tells no block from another."""
    document = loaded(folder, f"# 说明\n\n一年来的情况在下面。\n\n## 详情\n\n{body}\n", "说明.md")
    found = found_in(document, words)
    assert found.hit.sentences == sentences_of(document, words)
    part = Part("？", asked, 1.0, listed=listed)
    (told,) = read_blocks(part, Evidence("？", (found.hit,)), (found,))
    return told


@pytest.mark.parametrize(
    ("sentence", "states"),
    [
        ("工坊有绘画、书法、剪纸和竹编。", ENUMERATED),
        ("工坊有绘画、书法、剪纸。", ENUMERATED),
        ("另有说明。工坊有绘画、书法、剪纸和竹编。余下的另议。", ENUMERATED),
        ("工坊有绘画、书法。", 0.0),
        ("工坊有绘画和书法。", 0.0),
        ("工坊有绘画。", 0.0),
        ("绘画、书法在一楼。剪纸、竹编在二楼。木作、陶艺在三楼。", 0.0),
        ("绘画，书法，剪纸，竹编。", 0.0),
    ],
)
def test_a_sentence_that_names_three_things_one_after_the_other_tells_several(
    tmp_path: Path, sentence: str, states: float
) -> None:
    told = read(tmp_path, sentence, sentence[:3])
    assert told.block.text == sentence and told.states == states
    assert told.score == pytest.approx(FOUND + STATES_SCORE * states)


def test_items_tell_several_more_surely_than_an_enumeration(tmp_path: Path) -> None:
    told = read(tmp_path, "工坊有下列几类：\n\n- 绘画；\n- 书法。", "下列几类")
    assert len(told.block.items) == 2 and told.states == 1.0 > ENUMERATED > 0.0


def test_one_item_tells_no_several_and_may_hold_an_enumeration(tmp_path: Path) -> None:
    assert read(tmp_path, "工坊有下列几类：\n\n- 绘画。", "下列几类").states == 0.0
    assert read(tmp_path, "工坊有下列几类：\n\n- 绘画、书法、剪纸。", "下列几类").states == ENUMERATED


def test_sentences_that_one_two_begin_tell_several(tmp_path: Path) -> None:
    filler = "各工坊按季度报送进展。" * (LIST_CHARACTERS // 11 + 1)
    told = read(tmp_path, f"一是建工坊。二是办夜课。{filler}", "详情")
    assert told.block.series == 2 and told.states == 1.0
    assert read(tmp_path, f"建工坊。办夜课。{filler}", "详情").states == 0.0


@pytest.mark.parametrize("asked", [Asked.OTHER, Asked.YES_NO, Asked.AMOUNT])
def test_where_one_thing_is_asked_for_an_enumeration_has_no_form(tmp_path: Path, asked: Asked) -> None:
    assert read(tmp_path, "工坊有绘画、书法、剪纸和竹编。", "工坊有", asked, listed=False).states == 0.0
