"""Reasoning models that print their thoughts before the reply: the thoughts are left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_OPEN, _CLOSE = "<think>", "</think>"


def without_thoughts(pieces: Iterable[str]) -> Iterator[str]:
    """``pieces`` of a stream without ``<think>…</think>``; a tag may be split between pieces."""
    held = ""
    inside = False
    for piece in pieces:
        held += piece
        while True:
            tag = _CLOSE if inside else _OPEN
            at = held.find(tag)
            if at < 0:
                break
            if not inside and at:
                yield held[:at]
            held = held[at + len(tag) :]
            inside = not inside
        keep = _partial(held, _CLOSE if inside else _OPEN)
        if not inside and len(held) > keep:
            yield held[: len(held) - keep]
        held = held[len(held) - keep :] if keep else ""
    if held and not inside:
        yield held


def _partial(text: str, tag: str) -> int:
    """How many characters at the end of ``text`` may be the beginning of ``tag``."""
    for length in range(min(len(tag) - 1, len(text)), 0, -1):
        if tag.startswith(text[-length:]):
            return length
    return 0
