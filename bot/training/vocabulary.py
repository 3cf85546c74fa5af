"""Which pieces of the start's vocabulary to keep, and the tokenizer of those.

The start knows 250,000 pieces of a hundred languages; Chinese text and common English use a tenth of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.training.tokens import END, START, UNKNOWN

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Counts = NDArray[np.int64]
SPECIAL_PIECES = 4
#: Chinese text uses a piece at least this often, or it is left out.
FEWEST_IN_CHINESE = 4
#: Of the pieces of English text the most frequent ones, and none rarer than this.
ENGLISH_PIECES = 14_000
FEWEST_IN_ENGLISH = 3
#: Longer texts are cut before counting: one call then never holds a whole book.
_STRETCH = 2_000
_BLOCK = 2_000
_ALWAYS = re.compile(r"▁?[一-鿿]|▁?[ -~]")
#: Cyrillic, Arabic, Hangul, kana and Thai.
_OTHER_SCRIPTS = re.compile(r"[\u0400-\u04ff\u0600-\u06ff\uac00-\ud7af\u3040-\u30ff\u0e00-\u0e7f]")
_RUNNING_ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")


def build_tokenizer(pieces: Sequence[str], scores: Sequence[float]) -> Tokenizer:
    """A Unigram tokenizer over ``pieces`` with their log probabilities ``scores``, special pieces first.

    Text is normalised by NFKC with runs of spaces as one; words are marked by ``▁``; a text becomes
    ``<s> … </s>``.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    vocabulary = list(zip(pieces, map(float, scores), strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", START), ("</s>", END)],
    )
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer


def count_pieces(tokenizer: Tokenizer, texts: Iterable[str]) -> Counts:
    """``(vocabulary,)`` how often each piece is used in ``texts``."""
    counts = np.zeros(tokenizer.get_vocab_size(), np.int64)
    stretches = (text[start : start + _STRETCH] for text in texts for start in range(0, len(text), _STRETCH))
    while block := list(islice(stretches, _BLOCK)):
        for encoding in tokenizer.encode_batch(block, add_special_tokens=False):
            np.add.at(counts, encoding.ids, 1)
    return counts


def choose_pieces(pieces: Sequence[str], chinese: Counts, english: Counts) -> tuple[int, ...]:
    """Ids of the pieces to keep, ascending, from how often Chinese and English texts use them.

    Always kept are the special pieces and every single Chinese character and printable ASCII character.
    """
    often = np.argsort(-english, kind="stable")[:ENGLISH_PIECES]
    used = set(np.flatnonzero(chinese >= FEWEST_IN_CHINESE).tolist())
    used.update(piece for piece in often.tolist() if english[piece] >= FEWEST_IN_ENGLISH)
    used.update(index for index, piece in enumerate(pieces) if _ALWAYS.fullmatch(piece))
    used.update(range(SPECIAL_PIECES))
    return tuple(index for index in sorted(used) if not _OTHER_SCRIPTS.search(pieces[index]))


def english_lines(text: str) -> Iterator[str]:
    """The lines of ``text`` that hold running English words, so that code and tables do not count."""
    return (line for line in text.splitlines() if _RUNNING_ENGLISH.search(line))
