"""How long texts are, as the protocol of chats tells it."""

from __future__ import annotations

from functools import cache
from typing import Any

from bot.settings import BUNDLED_EMBEDDING_MODEL


def token_count(*texts: str) -> int:
    """Tokens of ``texts`` by the bundled encoder's tokenizer, whatever encoder is in force; models count otherwise."""
    return sum(len(_tokenizer().encode(text, add_special_tokens=False).ids) for text in texts)


@cache
def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str((BUNDLED_EMBEDDING_MODEL / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.no_truncation()
    return tokenizer
