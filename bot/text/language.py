"""Which language a question is asked in, as far as that changes anything."""

from __future__ import annotations


def is_foreign(text: str) -> bool:
    """Whether a text has letters and no Chinese character among them."""
    letters = [character for character in text if character.isalpha()]
    return bool(letters) and not any("\u3400" <= character <= "\u9fff" for character in letters)
