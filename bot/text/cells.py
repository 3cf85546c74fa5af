"""Words in the cells of a table that spreadsheets open."""

from __future__ import annotations

#: What a spreadsheet takes for the beginning of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutralised(words: str) -> str:
    """``words`` as a spreadsheet shows and never runs them: a mark before what it would take for a formula.

    >>> neutralised("=1+1"), neutralised("一")
    ("'=1+1", '一')
    """
    return f"'{words}" if words.startswith(FORMULA_STARTS) else words
