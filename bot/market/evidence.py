"""What two records share: the words both use, and how much each tells.

The score ranks; whether the best of a ranking is good enough to be proposed is another question. One rare
word in common (杨梅 in a wish for a wine and an offer for cold storage) puts a record on top of the ranking and
still says little. What tells fits from near misses on labelled wishes is how many words of their own two
texts share, and where: see :func:`weight_of`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.market.fields import Search, found_by
from bot.market.records import Need, Offer
from bot.search.background import background_share

#: Text beyond this many characters is not searched for shared words.
MAX_TEXT = 4_000
_HAN_OR_WORD = re.compile(r"[\u3400-\u9fff]+|[A-Za-z0-9][A-Za-z0-9+#.-]*")
#: Never the first or last character of a word that counts, never its neighbour.
_JOINING = frozenset("和与及或之其等的了在是有为从以由被将把也都就又还很于则而且并可能会要不无未")
_EDGES = "和与及或之其等的了"
#: A pair reaching out of a shared run holds together when it is this much more common than the pair within:
#: of 关键技术应用 and 学术应用 the 术 of the shared 术应用 goes with 技. 2 to 10 measure alike.
_HOLDS_TOGETHER = 3.0
#: A word that every fiftieth text holds (设备, 检测) counts for nothing, one of every thousandth or less (注塑,
#: 弧菌) fully: measured on the looked-at half of the labelled wishes, where bounds half a step off do as well.
_TELLS_NOTHING, _TELLS_ALL = 4.0, 7.0
#: Where the subject is said, words count more: a wish's long description touches on much that is not sought.
#: From the same measurement; 0.3 to 0.5 and 0.7 to 1 differ by less than one wish.
_ASIDE_IN_WISH, _ASIDE_ON_FILE = 0.4, 0.7


@dataclass(frozen=True, slots=True)
class SharedWord:
    """A word or phrase that stands in both texts, as the one on file writes it; ``weight`` is 0–1."""

    text: str
    weight: float


def topic_text(record: Need | Offer) -> str:
    """What a record says of its subject, title first; not where, for how much or under which conditions."""
    return "\n".join(filter(None, (record.title, *found_by(record, Search.SUBJECT))))


def searched_text(record: Need | Offer) -> str:
    """What a record is found by beside its title: its subject, what proves it, and the fields its owner named.

    What it excludes must not find it, and place, money and rights are for the gates.
    """
    return "\n".join(found_by(record, *Search))


class PairSet:
    """The character pairs and words of one text, to find what another shares with it. Immutable."""

    def __init__(self, text: str) -> None:
        self.text = text[:MAX_TEXT]
        self._found: set[str] = set()
        for match in _HAN_OR_WORD.finditer(self.text):
            run = match.group()
            if run[0] < "\u3400":
                self._found.add(run.casefold())
            else:
                self._found.update(run[index : index + 2] for index in range(len(run) - 1))

    def shared_with(self, other: str) -> list[str]:
        """The longest runs of two or more characters, or whole words, that stand in both texts.

        >>> PairSet("低温锂电池快充").shared_with("一种锂电池的快充装置")
        ['锂电池', '快充']
        """
        found: dict[str, None] = {}
        for match in _HAN_OR_WORD.finditer(other[:MAX_TEXT]):
            run = match.group()
            if run[0] < "\u3400":
                if len(run) > 1 and run.casefold() in self._found:
                    found[run] = None
                continue
            start = 0
            while start < len(run) - 1:
                end = start + 2
                if run[start:end] not in self._found:
                    start += 1
                    continue
                while end < len(run) and run[end - 1 : end + 1] in self._found and run[start : end + 1] in self.text:
                    end += 1
                found[run[start:end]] = None
                start = end - 1
        return list(found)


class Subject:
    """One side, read once to be compared with many; not to be shared between threads.

    ``rarity`` tells how rare a pair or word is (natural logarithm of its inverse share).
    """

    def __init__(self, title: str, body: str, rarity: Callable[[str], float]) -> None:
        self._title = title.casefold()
        self._pairs = PairSet(f"{title}\n{body}")
        # Many records share the same words.
        self._weight = functools.cache(functools.partial(weight_of, rarity=rarity))
        self._ends = functools.cache(functools.partial(_loose_ends, self._pairs.text))

    def shared_with(self, title: str, text: str) -> tuple[SharedWord, ...]:
        """The words shared with a record of ``title`` and whole ``text``, the heaviest first."""
        text = text[:MAX_TEXT]
        # Everyday runs (技术研究) are the most of them and need no trimming.
        telling = [run for run in self._pairs.shared_with(text) if self._weight(run)]
        words = {self._trimmed(run, text) for run in telling} - {""}
        shared, seen = [], ""
        for word in sorted(words, key=lambda word: (-len(word), word)):
            if word not in seen:
                seen += f"\n{word}"
                shared.append(SharedWord(word, self._place(word, title) * self._weight(word)))
        return tuple(sorted(shared, key=lambda word: (-word.weight, word.text)))

    def _place(self, word: str, title: str) -> float:
        aside = 1.0 if word.casefold() in self._title else _ASIDE_IN_WISH
        return aside * (1.0 if word in title else _ASIDE_ON_FILE)

    def _trimmed(self, run: str, text: str) -> str:
        """``run`` without an end that belongs to a neighbour in either text; "" when no pair is left."""
        if run[0] < "\u3400":
            return run
        run = run.strip(_EDGES)
        if len(run) < 2:
            return ""
        here, there = self._ends(run), _loose_ends(text, run)
        run = run[here[0] or there[0] : len(run) - (here[1] or there[1])]
        return run if len(run) > 1 else ""


def weight_of(word: str, rarity: Callable[[str], float]) -> float:
    """How much a shared word tells, 0–1: nothing for everyday words, all for words of few texts.

    A compound tells as much as its parts: the rarest pair of 管理系统 (理系) joins two words and is left out.
    """
    if word[0] < "\u3400":
        rarities = [rarity(word.casefold())] if re.search(r"[A-Za-z]", word) else [0.0]
    else:
        rarities = sorted(rarity(word[index : index + 2]) for index in range(len(word) - 1))
    kept = rarities[:-1] or rarities
    mean = sum(kept) / len(kept)
    return min(1.0, max(0.0, (mean - _TELLS_NOTHING) / (_TELLS_ALL - _TELLS_NOTHING)))


def _loose_ends(text: str, run: str) -> tuple[int, int]:
    """1 or 0 for the first and the last character of ``run``: whether it belongs to its neighbour in ``text``."""
    start = text.find(run)
    if start < 0:
        return 0, 0
    end = start + len(run)
    before = _han(text[start - 1]) if start > 0 else ""
    after = _han(text[end]) if end < len(text) else ""
    left = before and background_share(before + run[0]) > _HOLDS_TOGETHER * background_share(run[:2])
    right = after and background_share(run[-1] + after) > _HOLDS_TOGETHER * background_share(run[-2:])
    return int(bool(left)), int(bool(right))


def _han(character: str) -> str:
    return character if "\u3400" <= character <= "\u9fff" and character not in _JOINING else ""
