"""How far a word belongs to official wording, read from the bundled model's tokenizer.

Its pieces were learnt from laws, government reports and news, so their log-probabilities tell which words
such text uses. A question's word that official text hardly ever uses is lay wording: that the documents lack
it says little, while a missing word of official wording says that they speak of something else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

#: Natural log-probability of a piece: at or above OFFICIAL it counts in full, at or below LAY hardly.
OFFICIAL = -9.5
LAY = -12.5
LAY_SHARE = 0.15

Wording = Callable[[str], tuple[float, ...]]


def official_shares(text: str) -> tuple[float, ...]:
    """One weight per character of ``text``, 0.15 (lay wording) to 1 (official wording)."""
    tokenizer, probabilities = _pieces(_tokenizer_file())
    shares = [1.0] * len(text)
    encoding = tokenizer.encode(text, add_special_tokens=False)
    for token, (start, end) in zip(encoding.tokens, encoding.offsets, strict=True):
        share = (probabilities.get(token, LAY) - LAY) / (OFFICIAL - LAY)
        shares[start:end] = [min(1.0, max(LAY_SHARE, share))] * (end - start)
    return tuple(shares)


@cache
def _pieces(path: Path) -> tuple[Any, dict[str, float]]:
    from tokenizers import Tokenizer

    vocabulary = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
    return Tokenizer.from_file(str(path)), {piece: float(score) for piece, score in vocabulary}


def _tokenizer_file() -> Path:
    from bot.settings import BUNDLED_EMBEDDING_MODEL

    return BUNDLED_EMBEDDING_MODEL / "tokenizer.json"
