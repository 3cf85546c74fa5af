"""What stops a block that is near: it speaks of something or somebody else than the question names."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.answering.readers.passages import FoundBlock
from bot.lexicon import recogniser, words
from bot.search.background import is_listed
from bot.text.language import is_foreign
from bot.text.tokens import fold
from bot.understanding.understanding import Understanding

_NO_NAME = "几一二三四五六七八九十两多省市区县镇"
_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9-]{2,}")
_LATIN_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")
_QUOTED = re.compile(r"[“\"「《]([^”\"」》]{2,20})[”\"」》]")


def context_text(told: FoundBlock) -> str:
    """What a block is read with, folded: title, headings, its passage and itself."""
    hit = told.found.hit
    parts = (hit.metadata.title, hit.metadata.document_number, hit.metadata.issuer, hit.chunk.section, hit.chunk.text)
    return fold("\n".join((*(part for part in parts if part), told.block.text)))


def unknown_name(question: str, known: Callable[[str], bool]) -> str:
    """The name of a place or school that a question gives and no document has; empty without one.

    The two characters before 大学, 市 and the like must be a pair that neither the documents nor general text
    use, and the ending must not belong to a word with the character before it (城市).
    """
    for match in recogniser("name_endings").finditer(question):
        name = question[max(0, match.start() - 2) : match.start()]
        if len(name) < 2 or not all("\u4e00" <= each <= "\u9fff" for each in name):
            continue
        if any(each in words("faint_characters") or each in _NO_NAME for each in name):
            continue
        across = name[1] + match.group()[0]
        if not known(name) and not is_listed(name) and not is_listed(across) and not known(across):
            return name + match.group()
    return ""


def names_missing(query: str, understanding: Understanding, told: FoundBlock) -> bool:
    """Whether a block has none of the spellings of a name that a Chinese question gives.

    Names are the catalogue's, words in Latin letters, and what stands in quotation marks. The title, the headings
    and the passage around the block count.
    """
    if is_foreign(query):
        return False
    text = context_text(told)
    latin = [fold(name) for name in _LATIN_NAME.findall(query)]
    held = frozenset(_LATIN_WORD.findall(text))
    if any(term not in held for term in latin):
        return True
    return any(not any(spelling in text for spelling in spellings) for spellings in _spellings(query, understanding))


def _spellings(query: str, understanding: Understanding) -> list[tuple[str, ...]]:
    """For each name of the question the folded spellings that stand for it."""
    names: list[tuple[str, ...]] = []
    folded = fold(query)
    for match in understanding.names:
        if match.name not in "".join(folded.split()):
            continue
        names.append(tuple(fold(each.strip("“”《》")) for each in match.spellings))
    spelt = {spelling for spellings in names for spelling in spellings}
    return names + [(quoted,) for quoted in map(fold, _QUOTED.findall(query)) if quoted not in spelt]
