import numpy as np
import pytest

from bot.errors import UsageError
from bot.training.examples import Example, Role
from bot.training.records import AnswerSpan, Source
from bot.training.tokens import (
    END,
    MOST_SENTENCES,
    START,
    IntegerLists,
    encode_examples,
    encode_questions,
    load_tokenizer,
    read_examples,
    write_examples,
)

pytestmark = pytest.mark.slow

PASSAGE = "青松桥位于东岭县。它建于1607年！\n全长30米；附近有集市"


def example(passage: str, answer: str = "", source: Source = Source.CMRC) -> Example:
    start = passage.find(answer)
    span = AnswerSpan(start, start + len(answer)) if answer else None
    return Example("青松桥有多长？", passage, span, source, Role.ANSWERED if answer else Role.UNANSWERABLE)


@pytest.fixture
def tokenizer(world):
    return load_tokenizer(world.tokenizer)


def sentence_texts(tokenizer, encoded, row) -> list[str]:
    ids, numbers = encoded.passages[row], encoded.sentences[row]
    return [tokenizer.decode(ids[numbers == number].tolist()).strip() for number in range(1, numbers.max() + 1)]


def test_every_token_belongs_to_the_sentence_it_stands_in(tokenizer):
    encoded = encode_examples(tokenizer, [example(PASSAGE, "30米")], 96)
    # A line break is a sentence of its own, of the unknown piece; full width marks are folded.
    assert sentence_texts(tokenizer, encoded, 0) == [
        "青松桥位于东岭县。",
        "它建于1607年!",
        "<unk>",
        "全长30米;",
        "附近有集市",
    ]
    numbers = encoded.sentences[0]
    assert numbers[0] == numbers[-1] == 0
    prompt = len(tokenizer.encode("passage:").ids) - 1
    assert not numbers[:prompt].any()
    assert numbers[prompt + 1 : -1].all()
    assert encoded.answering[0].tolist() == [4]


def test_an_answer_over_two_sentences_names_both(tokenizer):
    encoded = encode_examples(tokenizer, [example(PASSAGE, "东岭县。它建于")], 96)
    assert encoded.answering[0].tolist() == [1, 2]


def test_no_answer_no_answering_sentence(tokenizer):
    assert len(encode_examples(tokenizer, [example(PASSAGE)], 96).answering[0]) == 0


def test_long_passages_end_with_the_end_token_and_lose_what_is_beyond(tokenizer):
    encoded = encode_examples(tokenizer, [example(PASSAGE, "青松桥"), example(PASSAGE, "集市")], 20)
    for row in (0, 1):
        assert len(encoded.passages[row]) == len(encoded.sentences[row]) == 20
        assert encoded.passages[row][0] == START
        assert encoded.passages[row][-1] == END
        assert encoded.sentences[row][-1] == 0
    assert encoded.answering[0].tolist() == [1]
    assert encoded.answering[1].tolist() == []


def test_sentences_beyond_the_last_place_belong_to_none(tokenizer):
    passage = "有人。" * (MOST_SENTENCES + 3) + "有桥。"
    encoded = encode_examples(tokenizer, [example(passage, "桥")], 300)
    assert encoded.sentences[0].max() == MOST_SENTENCES
    assert len(encoded.answering[0]) == 0


def test_questions_bear_their_prompt(tokenizer):
    lists = encode_questions(tokenizer, ["有多长？", "有" * 200])
    assert tokenizer.decode(lists[0][1:-1].tolist()) == "query: 有多长?"
    assert len(lists[1]) == 96
    assert lists[1][-1] == END


def test_examples_come_back_as_written(tokenizer, tmp_path):
    encoded = encode_examples(tokenizer, [example(PASSAGE, "30米"), example("有人。", source=Source.SQUAD)], 96)
    write_examples(tmp_path / "deep" / "examples.npz", encoded)
    back = read_examples(tmp_path / "deep" / "examples.npz")
    assert back.sources == encoded.sources
    assert back.roles == (Role.ANSWERED, Role.UNANSWERABLE)
    for name in ("questions", "passages", "sentences", "answering"):
        ours, theirs = getattr(encoded, name), getattr(back, name)
        assert [ours[row].tolist() for row in (0, 1)] == [theirs[row].tolist() for row in (0, 1)]


def test_lists_may_be_empty():
    lists = IntegerLists.of([[1, 2], [], [3]])
    assert [lists[row].tolist() for row in range(len(lists))] == [[1, 2], [], [3]]
    assert len(IntegerLists.of([])) == 0


def test_another_file_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with pytest.raises(UsageError, match="prepare"):
        read_examples(tmp_path / "other.npz")
    with pytest.raises(UsageError, match="start"):
        load_tokenizer(tmp_path / "tokenizer.json")
