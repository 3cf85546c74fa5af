from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.training.cropping import crop, sentence_cuts
from bot.training.records import AnswerSpan

pytestmark = pytest.mark.slow

TEXT = st.text(alphabet="甲乙丙丁。！？；\n，", min_size=1, max_size=120)


@st.composite
def answered(draw):
    text = draw(TEXT)
    start = draw(st.integers(0, len(text) - 1))
    return text, AnswerSpan(start, draw(st.integers(start + 1, len(text))))


def is_run_of_sentences(part: str, text: str) -> bool:
    cuts = sentence_cuts(text)
    return any(text[start:end] == part for start in cuts for end in cuts if start < end)


@given(answered(), st.integers(4, 80), st.integers(0, 99))
def test_the_answer_stays_inside_whole_sentences(case, limit, seed):
    text, answer = case
    cropped = crop(text, answer, limit, Random(seed))
    assert cropped.answer is not None
    assert cropped.text[cropped.answer.start : cropped.answer.end] == text[answer.start : answer.end]
    assert is_run_of_sentences(cropped.text, text)
    cuts = sentence_cuts(text)
    first = max(cut for cut in cuts if cut <= answer.start)
    last = min(cut for cut in cuts if cut >= answer.end)
    assert len(cropped.text) <= max(limit, last - first)


@given(TEXT, st.integers(4, 80), st.integers(0, 99))
def test_without_an_answer_it_is_still_whole_sentences(text, limit, seed):
    cropped = crop(text, None, limit, Random(seed))
    assert cropped.answer is None
    assert is_run_of_sentences(cropped.text, text)
    assert len(cropped.text) <= max(
        limit, *(end - start for start, end in zip(sentence_cuts(text), sentence_cuts(text)[1:], strict=False))
    )


@given(TEXT)
def test_sentences_are_together_the_whole_text(text):
    cuts = sentence_cuts(text)
    assert "".join(text[start:end] for start, end in zip(cuts, cuts[1:], strict=False)) == text
    assert all(text[end - 1] in "。！？；\n" for end in cuts[1:-1])


def test_answers_do_not_always_stand_at_the_same_place():
    text = "".join(f"第{number}句话在这里。" for number in range(40))
    start = text.find("第20句")
    starts = {crop(text, AnswerSpan(start, start + 4), 80, Random(seed)).answer.start for seed in range(20)}
    assert len(starts) > 3
