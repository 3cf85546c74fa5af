"""The title of a page's article, told from the names of its site and column and from crumb trails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.documents.characters import fold_characters, tidy_blanks, unescape_entities
from bot.documents.formats.web.units import Unit
from bot.documents.furniture import is_crumbs, is_web_furniture
from bot.documents.markers import ends_as_title, find_marker, is_body_line

_SEPARATOR = re.compile(r"\s*[_|｜—–]+\s*|\s+[-·]\s+|-(?=[^\d\s])|(?<=[^\d\s])-")
_SITE_ENDINGS = ("网站", "门户", "政府网", "平台", "网", "首页", "官网", "信息公开", "信息网")
_SHORTEST, _LONGEST = 4, 150
_MOST_LINES = 3
#: So short a part of a page's title beside others is its column (通知公告).
_COLUMN_CHARACTERS = 4
#: Two texts are one title when the shorter is this share of the longer, which holds it.
_SAME_SHARE = 0.6
_TITLE_METAS = ("articletitle", "og:title", "title", "dc.title")
_COLUMN_METAS = ("sitename", "columnname", "og:site_name", "application-name")
_TITLE_LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Names:
    """What a page's head calls its article, and its site and column, without blanks."""

    titles: tuple[str, ...] = ()
    sites: frozenset[str] = frozenset()
    spelled: str | None = None

    @classmethod
    def of_title(cls, title: str) -> Names:
        """The names in a page's ``title`` alone, which may carry those of its site and column."""
        own, others = _without_site(tidy_blanks(title), set())
        return cls((_bare(own),) if own else (), frozenset(map(_bare, others)), own or None)

    def is_title(self, text: str) -> bool:
        """Whether ``text`` is one of the page's own titles, give or take a subtitle or a prefix."""
        bare = _bare(text)
        if len(bare) < _SHORTEST:
            return False
        return any(
            (bare in title or title in bare) and min(len(bare), len(title)) >= _SAME_SHARE * max(len(bare), len(title))
            for title in self.titles
        )

    def is_own_site(self, text: str) -> bool:
        """Whether ``text`` is what the page's head calls its site or column."""
        return _bare(text) in self.sites

    def is_site(self, text: str) -> bool:
        """Whether ``text`` names the site or one of its columns."""
        bare = _bare(text)
        return self.is_own_site(text) or (bare.endswith(_SITE_ENDINGS) and len(bare) <= 30 and not ends_as_title(bare))


def read_names(root: Any, metas: dict[str, str]) -> Names:
    """The names in a page's head."""
    sites = {_bare(metas[key]) for key in _COLUMN_METAS if metas.get(key)}
    given = [metas[key] for key in _TITLE_METAS if metas.get(key)]
    head = tidy_blanks(
        unescape_entities(fold_characters(root.findtext(".//head/title") or root.findtext(".//title") or ""))
    )
    title, others = _without_site(head, sites)
    sites |= {_bare(each) for each in others}
    spelled = [each for each in [*given, title] if each and _bare(each) not in sites]
    return Names(tuple(dict.fromkeys(_bare(each) for each in spelled)), frozenset(sites), next(iter(spelled), None))


def find_title(units: Sequence[Unit], names: Names, first: int, core: Any) -> int:
    """The index of the unit that is the article's title, ``-1`` where none is.

    Of the headings before the first sentence (``first``) the nearest that the page's head names as title wins,
    then the highest; then other short text that the head names. A crumb trail, the name of the site and a
    numbered heading are no titles.
    """
    before = [number for number in range(min(first + 1, len(units))) if _may_be(units[number], names)]
    headings = [number for number in before if units[number].level in _TITLE_LEVELS]
    named = [number for number in headings if names.is_title(units[number].text)]
    if named:
        return named[-1]
    spoken = [number for number in before if not units[number].level and names.is_title(units[number].text)]
    if not headings and spoken:
        return spoken[-1]
    headings = [number for number in headings if not find_marker(units[number].text)]
    telling = [number for number in headings if not is_body_line(units[number].text)] or headings
    within = [number for number in telling if _is_in(units[number].node, core)] or telling
    if not within:
        return -1
    highest = min(units[number].level for number in within)
    return max(number for number in within if units[number].level == highest)


def _may_be(unit: Unit, names: Names) -> bool:
    text = unit.text
    if (
        unit.reason is not None
        or unit.grid is not None
        or len(unit.lines) > 3
        or not _SHORTEST <= len(text) <= _LONGEST
    ):
        return False
    if is_crumbs(text) or is_web_furniture(text) or names.is_site(text):
        return False
    return unit.link_characters < unit.characters or names.is_title(text)


def _is_in(node: Any, element: Any) -> bool:
    while node is not None:
        if node is element:
            return True
        node = node.getparent()
    return False


def _without_site(title: str, sites: set[str]) -> tuple[str, list[str]]:
    """A page's title without the names of site and column before and after it, and these names."""
    parts = [part for part in _SEPARATOR.split(title) if part]
    if len(parts) < 2:
        return ("", [title]) if len(_bare(title)) > _COLUMN_CHARACTERS and _is_site_name(title, sites) else (title, [])
    others: list[str] = []
    while len(parts) > 1 and _is_site_name(parts[-1], sites):
        others.append(parts.pop())
    while len(parts) > 1 and _is_site_name(parts[0], sites):
        others.append(parts.pop(0))
    if _is_site_name(parts[0], sites) and len(parts) == 1 and others:
        return "", [*others, *parts]
    start = title.find(parts[0])
    end = title.rfind(parts[-1]) + len(parts[-1])
    return title[start:end], others


def _is_site_name(part: str, sites: set[str]) -> bool:
    bare = _bare(part)
    if bare in sites or len(bare) <= _COLUMN_CHARACTERS:
        return True
    return not ends_as_title(bare) and (bare.endswith(_SITE_ENDINGS) or is_body_line(bare))


def _bare(text: str) -> str:
    return "".join(text.split())
