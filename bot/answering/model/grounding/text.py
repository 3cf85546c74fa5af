"""Common ground of the rules: markers, folding, clauses, and how much of one text stands in another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MARKER = re.compile(r"\[(\d{1,3})\]")
_ODD_MARKERS = re.compile(r"[\[［【〔\[]\s*\^?\s*(\d{1,3}(?:\s*[,，、;；]\s*\d{1,3})*)\s*[\]］】〕]")
_CLAUSE = re.compile(r"[^，。；;！!？?\n：:]+")
_CHARACTERS = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]")
#: Characters of grammar; a rewording may add or drop them freely.
FUNCTION_CHARACTERS = frozenset(
    "的了着过和与及或在是为对于将把被由从向到给以其该此这那之而且并也还又则所等中内上下里各每就都可会能有个"
)
#: Words a faithful rewording adds: ways of telling, not facts.
_TELLING = re.compile(
    r"根据|依据|按照|据(?=文件|答复|资料|介绍|悉|了解)|文件|资料|答复|材料|文中|原文|提到|指出|显示|写明|明确|规定|介绍|称|表示|说明|目前|当前|现阶段|此外|另外|同时|其中|例如|比如|包括|具体(?:来说|而言|包括|为)?|主要|分别|"
    r"如下|以下|以及|并且|而且|因此|所以|也就是说|换句话说|即|通过|用于|用来|方面|情况|进行|开展|相关|有关|属于|作为|成为|已经?|曾|来自|提供|获得|享受|得到|给予|可以?|能够|能|需要?|应当?|是|为|有"
    # Words that take a claim back rather than make one: they hold a status, and need no source.
    r"|征求意见稿?|草案|初稿|计划|预计|正在|试点|试行|尚未|仍在|还在"
)  # fmt: skip


def normalised_markers(text: str) -> str:
    """``text`` with 【1】, ［1］, [^1] and [1,2] written as ``[1]`` and ``[1][2]``.

    A document number such as 〔2025〕 has four digits and is left alone.
    """

    def plain(match: re.Match[str]) -> str:
        return "".join(f"[{int(number)}]" for number in re.findall(r"\d+", match.group(1)))

    return _ODD_MARKERS.sub(plain, text)


def markers_of(text: str) -> tuple[int, ...]:
    """The markers of ``text`` in order, each once."""
    return tuple(dict.fromkeys(int(number) for number in MARKER.findall(text)))


def without_markers(text: str) -> str:
    """``text`` without its ``[n]``."""
    return MARKER.sub("", text)


def squeezed(text: str) -> str:
    """``text`` folded for comparison: width, case, white space and quotation marks aside."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s“”‘’\"'「」『』*]+", "", folded)


def clauses(text: str) -> tuple[str, ...]:
    """Parts of ``text`` between commas, colons and full stops."""
    return tuple(match.group() for match in _CLAUSE.finditer(text) if match.group().strip())


def bigrams(text: str) -> frozenset[str]:
    """Bigrams of neighbouring Han characters that are not both grammar."""
    found = set()
    for run in re.findall(r"[\u3400-\u9fff\U00020000-\U0002ffff]+", squeezed(text)):
        for index in range(len(run) - 1):
            pair = run[index : index + 2]
            if not all(character in FUNCTION_CHARACTERS for character in pair):
                found.add(pair)
    return frozenset(found)


def word_bigrams(text: str) -> frozenset[str]:
    """Bigrams of ``text`` neither character of which is grammar."""
    return frozenset(pair for pair in bigrams(text) if not set(pair) & FUNCTION_CHARACTERS)


def content(text: str) -> str:
    """``text`` with words of telling taken out: what is left must come from a source."""
    return _TELLING.sub(" ", without_markers(text))


def support(text: str, sources: Iterable[str]) -> tuple[float, int]:
    """(share, count) of the content characters of ``text`` that stand in a bigram of ``sources``.

    Share is in 0..1; 1 when there is nothing to support.
    """
    known: set[str] = set()
    single: set[str] = set()
    for source in sources:
        known |= bigrams(source)
        single |= set(_CHARACTERS.findall(source))
    covered = total = 0
    for run in re.findall(r"[\u3400-\u9fff\U00020000-\U0002ffff]+", squeezed(content(text))):
        for index, character in enumerate(run):
            if character in FUNCTION_CHARACTERS:
                continue
            total += 1
            near = [run[at : at + 2] for at in (index - 1, index) if 0 <= at < len(run) - 1]
            covered += any(pair in known for pair in near) if near else character in single
    return (covered / total if total else 1.0), total
