"""Windows and pooling, against the plain definition."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.encoder import Passage
from bot.encoder.windows import Pool, Tokens, passage_windows

HEADING = "题目 "


def characters(text: str) -> Tokens:
    """One token a character, its code as its id."""
    return Tokens([ord(each) for each in text], [(place, place + 1) for place in range(len(text))])


def cut(text: str, sentences: tuple[tuple[int, int], ...], room: int, heading: str = HEADING):
    passage = Passage(heading, text, sentences)
    return passage_windows(characters(heading + text), len(heading), passage, room)


def hidden(ids: tuple[int, ...]) -> np.ndarray:
    """A token's vector depends on the token alone; marks are of their own."""
    rows = [[1.0, 0.0, 0.0], *[[0.0, each % 7, each % 11] for each in ids], [0.5, 0.0, 0.0]]
    return np.array(rows, dtype=np.float32)


def test_a_short_passage_is_one_window_with_its_sentences() -> None:
    (window,) = cut("甲乙。丙丁。", ((0, 3), (3, 6)), 100)
    assert window.sentences == (-1, -1, -1, 0, 0, 0, 1, 1, 1)
    assert window.repeated == 0


def test_what_stands_between_sentences_belongs_to_none() -> None:
    (window,) = cut("甲。 乙。", ((0, 2), (3, 5)), 100)
    assert window.sentences[len(HEADING) :] == (0, 0, -1, 1, 1)


@given(st.text(alphabet="甲乙丙。", min_size=1, max_size=60), st.integers(6, 30))
def test_every_token_of_a_long_passage_stands_in_one_window_under_its_heading(text: str, room: int) -> None:
    windows = cut(text, ((0, len(text)),), room)
    body: list[int] = []
    for number, window in enumerate(windows):
        assert len(window.ids) <= room
        head = window.repeated if number else len(HEADING) if len(windows) == 1 else min(len(HEADING), room // 2)
        body.extend(window.ids[head:])
    assert body == [ord(each) for each in text]
    assert all(window.repeated for window in windows[1:])


def test_a_window_ends_with_a_sentence_where_it_can() -> None:
    windows = cut("一二三四。五六七八。", ((0, 5), (5, 10)), 8, heading="")
    assert [len(window.ids) for window in windows] == [5, 5]


@given(st.text(alphabet="甲乙丙。", min_size=1, max_size=40), st.integers(8, 60))
def test_pooled_vectors_are_the_means_of_their_tokens(text: str, room: int) -> None:
    middle = len(text) // 2
    spans = ((0, middle), (middle, len(text))) if middle else ((0, len(text)),)
    windows = cut(text, spans, room, heading="题")
    pool = Pool(len(spans), 3)
    for window in windows:
        pool.add(window, hidden(window.ids))
    vectors = pool.vectors()
    # The marks and the heading of the first window count once, those of later ones not at all.
    total = hidden(tuple(map(ord, "题" + text))).sum(axis=0)
    assert np.allclose(vectors.passage, total / np.linalg.norm(total), atol=1e-5)
    for number, (start, end) in enumerate(spans):
        expected = hidden(tuple(map(ord, text[start:end])))[1:-1].sum(axis=0)
        if np.linalg.norm(expected) > 0:
            assert np.allclose(vectors.sentences[number], expected / np.linalg.norm(expected), atol=1e-5)


def test_a_sentence_without_tokens_has_its_passage_s_vector() -> None:
    (window,) = cut("甲", ((0, 1), (1, 1)), 10, heading="")
    pool = Pool(2, 3)
    pool.add(window, hidden(window.ids))
    vectors = pool.vectors()
    assert np.allclose(vectors.sentences[1], vectors.passage)
