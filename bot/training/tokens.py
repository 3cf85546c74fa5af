"""The tokenizer of the bundled model and the training text as flat arrays of its ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.training.text import Passage

if TYPE_CHECKING:
    from tokenizers import Tokenizer

VOCABULARY_SIZE = 32_000
#: Bytes of text the vocabulary is learnt from; more costs minutes and changes little.
VOCABULARY_TEXT_BYTES = 6_000_000
#: Pieces of up to 2 characters beat 3, 4 and 6: longer ones are set phrases that no question repeats whole.
LONGEST_PIECE = 2
UNKNOWN = "[UNK]"
_ENCODE_BATCH = 4096


@dataclass(frozen=True, slots=True)
class EncodedPassages:
    """Ids of all passages laid end to end.

    ``ids[bounds[s]:bounds[s + 1]]`` is unit ``s``; passage ``p`` is the units
    ``passages[p]:passages[p + 1]``, of which the first is its title (possibly empty).
    """

    ids: NDArray[np.int32]
    bounds: NDArray[np.int64]
    passages: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.passages) - 1

    def units(self, passage: int) -> list[NDArray[np.int32]]:
        """The title and the sentences of one passage."""
        first, last = int(self.passages[passage]), int(self.passages[passage + 1])
        return [self.ids[self.bounds[unit] : self.bounds[unit + 1]] for unit in range(first, last)]


def train_tokenizer(passages: Iterable[Passage], vocabulary_size: int = VOCABULARY_SIZE) -> Tokenizer:
    """A Unigram tokenizer over folded text, learnt from an even sample of ``passages``."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[\s\p{P}\p{S}\p{C}]+"), "removed"),
            pre_tokenizers.Split(Regex(r"[0-9]+|[a-z]+"), "isolated"),
        ]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=vocabulary_size,
        unk_token=UNKNOWN,
        special_tokens=[UNKNOWN],
        max_piece_length=LONGEST_PIECE,
        show_progress=False,
    )
    tokenizer.train_from_iterator(_vocabulary_text(passages), trainer)
    return tokenizer


def encode_passages(tokenizer: Tokenizer, passages: Iterable[Passage]) -> EncodedPassages:
    """All passages as ids of ``tokenizer``, in their order."""
    ids: list[NDArray[np.int32]] = []
    lengths: list[int] = []
    units_per_passage: list[int] = []
    stream = iter(passages)
    while block := list(islice(stream, _ENCODE_BATCH)):
        units = [unit for passage in block for unit in (passage.title, *passage.sentences)]
        units_per_passage.extend(1 + len(passage.sentences) for passage in block)
        for encoding in tokenizer.encode_batch_fast(units, add_special_tokens=False):
            ids.append(np.asarray(encoding.ids, dtype=np.int32))
            lengths.append(len(encoding.ids))
    return EncodedPassages(np.concatenate(ids), _running_total(lengths), _running_total(units_per_passage))


def _running_total(counts: list[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _vocabulary_text(passages: Iterable[Passage]) -> Iterator[str]:
    every = list(passages)
    total = sum(len(sentence) for passage in every for sentence in passage.sentences) * 3
    step = max(1, total // VOCABULARY_TEXT_BYTES)
    for passage in every[::step]:
        yield from passage.sentences
