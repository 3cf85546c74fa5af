"""Thoughts in every form: never read as an answer, wherever the reply is cut into pieces."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.llm.answer import Answer, cleaned

PAIRS = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<seed:think>", "</seed:think>"),
    ("<THINK>", "</Think>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ("<|start|>assistant<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final <|message|>"),
    ("<|channel|>commentary to=tool <|constrain|>json<|message|>", "<|call|><|channel|>final<|message|>"),
]
#: What may stand around tags: it holds their beginnings, but no whole tag.
WORDS = st.text(st.sampled_from("答案<think/>|◁[ \n{}"), max_size=12).filter(
    lambda text: not any(tag in text for tag in ("<think>", "</think>"))
)


def read(pieces: Sequence[str], *, held: bool = True, strictly: bool = False) -> str:
    """The answer in a whole reply."""
    answer = Answer(held=held)
    given = [piece for each in pieces for piece in answer.feed(each, strictly=strictly)]
    assert not (held and answer.taken_back and not strictly), "what is held back is never given too early"
    return "".join((*given, *answer.end()))


@st.composite
def cut(draw: st.DrawFn, text: str) -> list[str]:
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edges = [0, *places, len(text)]
    return [text[start:end] for start, end in zip(edges, edges[1:], strict=False)]


@given(st.data(), st.sampled_from(PAIRS), WORDS, WORDS, st.booleans())
def test_a_thought_is_left_out_wherever_the_reply_is_cut(
    data: st.DataObject, pair: tuple[str, str], thought: str, told: str, held: bool
) -> None:
    opening, closing = pair
    told = f"最高50万元{told}。"
    pieces = data.draw(cut(f"{opening}也许{thought}？{closing}{told}"))
    assert read(pieces, held=held) == told


@given(st.data(), st.sampled_from(PAIRS), WORDS, WORDS)
def test_an_unopened_thought_is_left_out_wherever_the_reply_is_cut(
    data: st.DataObject, pair: tuple[str, str], thought: str, told: str
) -> None:
    told = f"最高50万元{told}。"
    pieces = data.draw(cut(f"也许{thought}？{pair[1]}{told}"))
    assert read(pieces) == told


@given(st.data(), st.sampled_from(PAIRS), WORDS)
def test_a_thought_that_nothing_closes_swallows_the_rest(
    data: st.DataObject, pair: tuple[str, str], thought: str
) -> None:
    pieces = data.draw(cut(f"{pair[0]}也许{thought}60万元。"))
    assert read(pieces) == read(pieces, held=False) == ""


@given(st.data(), st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp")), max_size=40))
def test_what_holds_no_thought_comes_through_as_it_is(data: st.DataObject, text: str) -> None:
    pieces = data.draw(cut(text))
    assert read(pieces) == read(pieces, held=False) == text


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("<think>一</think>甲<think>二</think>乙", "甲乙"),
        ("<think>外<think>内</think>还在想</think>答", "答"),
        ("<think>外<reasoning>内</think>答", "答"),
        ("<think>一</think>答</think>案", "答案"),
        ("甲<think>一</think>乙</think>丙", "甲乙丙"),
        ("想</think>答</think>案", "答案"),
        ("</think>答", "答"),
        ("</think>", ""),
        ("<think></think>", ""),
        ("答案<|end|>", "答案"),
        ("答案<|return|>", "答案"),
        ("<|start|>assistant<|message|>答案<|end|>", "答案"),
        ("<|channel|>finally<|message|>想", ""),
        ("<|channel|>analysis<|message|>想<|channel|>commentary<|message|>想<|end|>", ""),
        ("<|channel|>final<|message|>答<|end|><|start|>assistant<|channel|>analysis<|message|>想", "答"),
        ("想<|end|><|start|>assistant<|channel|>final<|message|>答", "答"),
        ("3 < 5 且 5 <", "3 < 5 且 5 <"),
        ("<thinker>答</thinker>", "<thinker>答</thinker>"),
        ("<th\u200bink>想</think>答", "答"),
    ],
)
def test_forms(reply: str, told: str) -> None:
    assert read([reply]) == read(list(reply)) == told


@pytest.mark.parametrize("reply", ["<think>一</think>甲</think>乙", "想</think>甲</think>乙", "想</think></think>乙"])
def test_read_strictly_only_what_follows_the_last_closing_tag_counts(reply: str) -> None:
    answer = Answer(held=True)
    given: list[str] = []
    for piece in reply:
        before = answer.taken_back
        new = answer.feed(piece, strictly=True)
        given = new if answer.taken_back > before else given + new
    assert "".join([*given, *answer.end()]) == "乙"


def test_what_was_shown_before_an_unopened_thought_closes_is_taken_back() -> None:
    answer = Answer(held=False)
    assert answer.feed("想了想") == ["想了想"] and not answer.taken_back
    assert answer.feed("</think>答") == ["答"]
    assert answer.taken_back == 1 and answer.unopened and answer.thought


def test_white_space_before_a_closing_tag_takes_nothing_back() -> None:
    answer = Answer(held=False)
    assert [*answer.feed("\n"), *answer.feed("</think>答")] == ["\n", "答"]
    assert answer.taken_back == 0 and answer.unopened


@pytest.mark.parametrize(
    "opening", ["<think>", "\n<|channel|>analysis<|message|>", "<|start|>assistant<|channel|>final<|message|>"]
)
def test_a_thought_with_its_tags_is_not_taken_for_an_unopened_one(opening: str) -> None:
    answer = Answer(held=True)
    answer.feed(opening)
    assert answer.told_apart and not answer.unopened


@pytest.mark.parametrize("first", ["<think>", "<|channel|>final<|message|>", "</think>"])
def test_nothing_is_held_back_once_thoughts_are_told_apart(first: str) -> None:
    answer = Answer(held=True)
    answer.feed(f"{first}想</think>" if first == "<think>" else first)
    assert answer.feed("答") == ["答"]


def test_a_thought_in_a_field_of_its_own_tells_it_apart_too() -> None:
    answer = Answer(held=True)
    assert answer.feed("", reasoned=True) == [] and answer.thought
    assert answer.feed("答") == ["答"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u200bb\u200db\ufeffc\u00ad", "abbc"),
        ("\u202e万05\u202c\u2066x\u2069", "万05x"),
        ("a\x00\x1b[31mb\x7f\x85", "a[31mb"),
        ("一\r\n二\n\t三", "一\n二\n\t三"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("标签\U000e0041\U000e007f", "标签"),
        ("表情😀é", "表情😀é"),
    ],
)
def test_characters_nobody_sees_are_taken_out(text: str, seen: str) -> None:
    assert cleaned(text) == seen and read(list(text)) == seen


def test_halves_of_a_character_are_joined_and_a_lone_half_is_dropped() -> None:
    assert read(["好\ud83d", "\ude00！", "\udc00"]) == "好😀！"
