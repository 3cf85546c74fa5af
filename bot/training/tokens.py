"""Examples as token ids, with the sentence every token belongs to and the sentences that answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.errors import UsageError
from bot.training.cropping import sentence_cuts
from bot.training.examples import Example, Role
from bot.training.records import AnswerSpan, Source

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

#: What the start model was trained to see before a question and before a passage.
QUESTION_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "
#: Ids of the special pieces.
START, PAD, END, UNKNOWN = 0, 1, 2, 3
#: Tokens of a question and of a passage, special ones included; longer ones are cut at the end.
QUESTION_TOKENS = 96
FIRST_PASSAGE_TOKENS = 256
SECOND_PASSAGE_TOKENS = 320
#: Sentences of a passage that can be pointed at; tokens of later ones belong to none (number 0).
MOST_SENTENCES = 31
_BLOCK = 4_000


@dataclass(frozen=True, slots=True)
class IntegerLists:
    """Lists of integers laid end to end: list ``i`` is ``values[bounds[i]:bounds[i + 1]]``."""

    values: NDArray[np.int32]
    bounds: NDArray[np.int64]

    @staticmethod
    def of(lists: Iterable[Sequence[int] | NDArray[np.int32]]) -> IntegerLists:
        """``lists`` packed in their order."""
        arrays = [np.asarray(values, dtype=np.int32) for values in lists]
        bounds = np.cumsum([0, *(len(array) for array in arrays)]).astype(np.int64)
        return IntegerLists(np.concatenate(arrays) if arrays else np.zeros(0, np.int32), bounds)

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, index: int) -> NDArray[np.int32]:
        return self.values[self.bounds[index] : self.bounds[index + 1]]


@dataclass(frozen=True, slots=True)
class EncodedExamples:
    """``n`` examples.

    ``questions`` and ``passages`` are token ids; ``sentences`` runs parallel to ``passages`` and gives each
    token's sentence, 1 to :data:`MOST_SENTENCES`, 0 for the prompt and the special tokens; ``answering`` are
    the sentence numbers that hold the answer, empty where none does.
    """

    questions: IntegerLists
    passages: IntegerLists
    sentences: IntegerLists
    answering: IntegerLists
    sources: tuple[Source, ...]
    roles: tuple[Role, ...]

    def __len__(self) -> int:
        return len(self.sources)

    def with_role(self, role: Role) -> tuple[int, ...]:
        """Numbers of the examples of one role, in order."""
        return tuple(index for index, own in enumerate(self.roles) if own is role)


def load_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a ``tokenizer.json``, without padding or cutting. Raises :class:`UsageError`."""
    from tokenizers import Tokenizer

    if not path.is_file():
        raise UsageError("找不到分词器", value=path, tried="读取 tokenizer.json", remedy="先运行 start")
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def encode_questions(tokenizer: Tokenizer, questions: Sequence[str]) -> IntegerLists:
    """Token ids of the questions with their prompt, at most :data:`QUESTION_TOKENS` each."""
    prompted = [QUESTION_PROMPT + question for question in questions]
    return IntegerLists.of(_cut(encoding.ids, QUESTION_TOKENS) for encoding in tokenizer.encode_batch(prompted))


def encode_examples(tokenizer: Tokenizer, examples: Sequence[Example], passage_tokens: int) -> EncodedExamples:
    """``examples`` as tokens, passages of at most ``passage_tokens`` each."""
    passages, sentences, answering = [], [], []
    for start in range(0, len(examples), _BLOCK):
        block = examples[start : start + _BLOCK]
        prompted = [PASSAGE_PROMPT + example.passage for example in block]
        for example, encoding in zip(block, tokenizer.encode_batch(prompted), strict=True):
            ids = _cut(encoding.ids, passage_tokens)
            places = _places(encoding, len(ids))
            numbers = sentence_numbers(example.passage, places)
            passages.append(np.asarray(ids, dtype=np.int32))
            sentences.append(numbers)
            answering.append(answering_sentences(example.answer, places, numbers))
    return EncodedExamples(
        encode_questions(tokenizer, [example.question for example in examples]),
        IntegerLists.of(passages),
        IntegerLists.of(sentences),
        IntegerLists.of(answering),
        tuple(example.source for example in examples),
        tuple(example.role for example in examples),
    )


def sentence_numbers(passage: str, places: NDArray[np.int32]) -> NDArray[np.int32]:
    """``(tokens,)`` sentence numbers from ``places`` (``(tokens, 2)``, characters of ``passage``).

    A token belongs to the sentence its middle lies in; a token without characters or of the prompt to 0.
    """
    middles = places.sum(axis=1) / 2
    numbers = np.searchsorted(np.asarray(sentence_cuts(passage)), middles, side="right").astype(np.int32)
    outside = (places[:, 0] >= places[:, 1]) | (middles < 0) | (numbers > MOST_SENTENCES)
    return np.where(outside, 0, numbers).astype(np.int32)


def answering_sentences(
    answer: AnswerSpan | None, places: NDArray[np.int32], numbers: NDArray[np.int32]
) -> NDArray[np.int32]:
    """The sentence numbers, ascending, of the tokens that share a character with ``answer``."""
    if answer is None:
        return np.zeros(0, np.int32)
    inside = (places[:, 0] < answer.end) & (places[:, 1] > answer.start) & (numbers > 0)
    return np.unique(numbers[inside])


def write_examples(path: Path, encoded: EncodedExamples) -> None:
    """Write ``encoded`` as one compressed npz; the folder is made when missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lists = {
        f"{name}_{part}": getattr(getattr(encoded, name), part)
        for name in ("questions", "passages", "sentences", "answering")
        for part in ("values", "bounds")
    }
    sources = np.array([source.value for source in encoded.sources])
    roles = np.array([role.value for role in encoded.roles])
    np.savez_compressed(path, allow_pickle=False, sources=sources, roles=roles, **lists)


def read_examples(path: Path) -> EncodedExamples:
    """The examples that :func:`write_examples` wrote. Raises :class:`UsageError` when the file is none of those."""
    try:
        with np.load(path) as arrays:
            lists = [
                IntegerLists(arrays[f"{name}_values"], arrays[f"{name}_bounds"])
                for name in ("questions", "passages", "sentences", "answering")
            ]
            sources = tuple(Source(value) for value in arrays["sources"].tolist())
            roles = tuple(Role(value) for value in arrays["roles"].tolist())
    except (OSError, KeyError, ValueError) as error:
        raise UsageError("读不了训练样本", value=path, tried=f"npz：{error}", remedy="先运行 prepare") from error
    return EncodedExamples(lists[0], lists[1], lists[2], lists[3], sources, roles)


def _cut(ids: list[int], most: int) -> list[int]:
    return ids if len(ids) <= most else [*ids[: most - 1], END]


def _places(encoding: Encoding, tokens: int) -> NDArray[np.int32]:
    """``(tokens, 2)`` where each token stands in the passage; special tokens and the prompt before 0."""
    places = np.asarray(encoding.offsets[:tokens], dtype=np.int32) - len(PASSAGE_PROMPT)
    if len(encoding.ids) > tokens:
        places[-1] = places[0]  # the last token was replaced by the end token
    return places
