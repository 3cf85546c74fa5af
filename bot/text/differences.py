"""What changed between two texts, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

#: Longer texts are compared as a whole: comparing takes time with the square of the length.
_MOST_COMPARED = 600
_WORD = re.compile(r"[A-Za-z0-9.%]{1,40}|\s{1,40}|.", re.DOTALL)
#: Two marks of change with less between them read as one.
_LEAST_BETWEEN = 2


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of words in a comparison: ``mark`` is " " for what stays, "-" for what went, "+" for what came."""

    mark: str
    text: str


def pieces_changed(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[Change, ...], ...]:
    """What became of every piece (a paragraph, a line), in reading order: unchanged ones are one stretch that stays."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    compared: list[tuple[Change, ...]] = []
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        gone, come = before[old_start:old_end], after[new_start:new_end]
        if tag == "equal":
            compared += [(Change(" ", text),) for text in gone]
            continue
        paired = min(len(gone), len(come)) if tag == "replace" else 0
        compared += [words_changed(one, other) for one, other in zip(gone[:paired], come[:paired], strict=True)]
        compared += [(Change("-", text),) for text in gone[paired:]]
        compared += [(Change("+", text),) for text in come[paired:]]
    return tuple(compared)


def words_changed(before: str, after: str) -> tuple[Change, ...]:
    """``before`` against ``after``, word by word; texts with little in common as a whole."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) > _MOST_COMPARED or len(new) > _MOST_COMPARED:
        return (Change("-", before), Change("+", after))
    found: list[Change] = []
    gone = come = ""
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = "".join(old[a:b]) if tag == "equal" else ""
        if tag == "equal" and (len(same) >= _LEAST_BETWEEN or not (gone or come) or b == len(old)):
            found += [Change(mark, text) for mark, text in (("-", gone), ("+", come)) if text]
            found.append(Change(" ", same))
            gone = come = ""
        else:
            gone += "".join(old[a:b])
            come += "".join(new[c:d])
    return (*found, *(Change(mark, text) for mark, text in (("-", gone), ("+", come)) if text))
