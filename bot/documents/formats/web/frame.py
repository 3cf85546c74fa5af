"""The article of a page told from its frame, by where text is dense, where links are, and where it stands.

Every unit is judged; what is left out gets its reason. The *core* is the innermost element that holds most of a
page's sentences. Its inside is kept but for what is plainly navigation; outside of it text must show that it
belongs to the article: its title, labelled values, sentences, attachments, a signature below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.documents.blocks import Reason
from bot.documents.formats.web.fields import read_fields
from bot.documents.formats.web.titles import Names, find_title
from bot.documents.formats.web.units import Unit
from bot.documents.furniture import is_crumbs, is_imprint, is_web_furniture
from bot.documents.markers import (
    ends_as_title,
    find_marker,
    is_body_line,
    is_contact_line,
    is_date_line,
    is_number_line,
    is_printed_line,
)

#: The element with this share of its parent's sentences is where the article is.
_CORE_SHARE = 0.6
#: Text of which links make up this share leads elsewhere.
_LINKED_SHARE = 0.5
_ALL_LINKED = 0.8
#: A sentence has this many characters outside of links, with a comma only this many.
_SENTENCE_CHARACTERS = 8
_COMMA_CHARACTERS = 16
#: Elements that are paragraphs themselves, never the container of an article.
_PARAGRAPHS = frozenset("p li ul ol dl dt dd h1 h2 h3 h4 h5 h6 blockquote pre figure a b strong label".split())
_AUTHORS = frozenset("p h1 h2 h3 h4 h5 h6 blockquote pre table".split())
_SIDES = frozenset(("aside", "nav", "footer"))
_ROLES = {
    "alertdialog": "aside",
    "navigation": "nav",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "nav",
    "menu": "nav",
    "dialog": "aside",
}
#: In a flat page so many blocks without a sentence are a menu between two texts.
_FRAME_BLOCKS = 20
_COPY_SHARE = 0.7
#: The short line over links to other pages.
_MORE = ("相关", "推荐", "热门", "友情", "更多", "延伸", "最新", "猜你", "上一", "下一", "政策解读", "解读", "分享")
_MORE_CHARACTERS = 12
#: What a site's foot begins with below the article.
_FOOT = ("技术支持", "主办单位", "承办单位", "主办：", "承办：", "网站地图", "联系我们", "友情链接")
#: The names of documents are longer than those of a site's columns.
_NAME_CHARACTERS = 8
_DIALOGUE_SHARE = 0.5


@dataclass(slots=True)
class _Stats:
    weight: int = 0
    characters: int = 0
    linked: int = 0
    units: int = 0
    links: int = 0
    imprint: bool = False

    def add(self, other: _Stats) -> None:
        self.weight += other.weight
        self.characters += other.characters
        self.linked += other.linked
        self.units += other.units
        self.links += other.links
        self.imprint = self.imprint or other.imprint


@dataclass(slots=True)
class Judge:
    """Judges the units of one page; ``title`` is the unit of its title, if it stands in the page.

    A page that is a flat run of blocks (``is_flat``) has no elements to tell its frame by: there the article is the
    densest stretch, from the title on.
    """

    body: Any
    units: Sequence[Unit]
    names: Names
    is_flat: bool = False
    title: Unit | None = None
    _weights: list[int] = field(default_factory=list)
    _stats: dict[Any, _Stats] = field(default_factory=dict)
    _path: list[Any] = field(default_factory=list)
    _branches: dict[Any, Any] = field(default_factory=dict)
    _sides: dict[Any, str] = field(default_factory=dict)
    _first: int = 0
    _last: int = 0
    _region: int = 0
    _title_at: int = -1
    _past: bool = False
    _choices: set[Any] = field(default_factory=set)

    def judge(self) -> None:
        """Give every unit outside of the article its reason."""
        self._weigh()
        self._find_core()
        self._place()
        for number, unit in enumerate(self.units):
            if unit.reason is None:
                branch = self._branches.get(unit.node)
                outside = branch is not None and branch.getparent() is not self._path[-1]
                unit.reason = self._outer(number, unit, branch) if outside else self._inner(number, unit, branch)
                # Once the frame has begun below the article, what follows is no signature of it.
                self._past = self._past or (number > self._last and unit.reason is not None)
        self._close()

    def is_outside(self, unit: Unit) -> bool:
        """Whether a unit stands in another branch of the page than the article."""
        branch = self._branches.get(unit.node)
        return branch is not None and branch.getparent() is not self._path[-1]

    # --- where the article is ------------------------------------------------------------------------------

    def _weigh(self) -> None:
        self._weights = [_weight(unit) for unit in self.units]
        if not any(self._weights):
            # A page without a sentence: names and figures are its text.
            self._weights = [_plain_weight(unit) for unit in self.units]
        for unit, weight in zip(self.units, self._weights, strict=True):
            if unit.reason is None:
                own = _Stats(weight, unit.characters, unit.link_characters, 1, unit.links, is_imprint(unit.text))
                self._stats.setdefault(unit.node, _Stats()).add(own)
        for node in reversed(list(self.body.iter())):
            stats = self._stats.get(node)
            if stats is not None and node is not self.body:
                self._stats.setdefault(node.getparent(), _Stats()).add(stats)
        self._stats.setdefault(self.body, _Stats())

    def _find_core(self) -> None:
        node = self.body
        self._path = [node]
        while True:
            kids = [child for child in node if child in self._stats]
            best = max(kids, key=lambda child: self._stats[child].weight, default=None)
            if best is None or best.tag in _PARAGRAPHS or self._stats[best].units < 2:
                return
            if self._stats[best].weight < _CORE_SHARE * self._stats[node].weight or not self._stats[best].weight:
                return
            self._path.append(best)
            node = best

    def _place(self) -> None:
        """Which branch of the page each element stands in, in which landmark, and where the title is."""
        on_path = set(self._path)
        for node in self.body.iter():
            parent = node.getparent()
            side = node.tag if node.tag in _SIDES else _ROLES.get(node.get("role") or node.tag, "")
            if parent is not None and node is not self.body:
                self._branches[node] = self._branches.get(parent)
                if parent in on_path and node not in on_path:
                    self._branches[node] = node
                side = side or self._sides.get(parent, "")
            self._sides[node] = "" if node in on_path else side
        self._choices = {self._branches.get(unit.node) for unit in self.units if unit.reason is Reason.CHOICES}
        inside = [n for n, unit in enumerate(self.units) if self._weights[n] and not self.is_outside(unit)]
        if self.is_flat:
            inside = self._densest(inside)
        self._first, self._last = (inside[0], inside[-1]) if inside else (0, len(self.units))
        self._title_at = find_title(self.units, self.names, self._first, len(self._path) and self._path[-1])
        if self._title_at >= 0:
            self.title = self.units[self._title_at]
        self._region = self._region_of(self.title)

    def _densest(self, weighted: list[int]) -> list[int]:
        """Of the units with sentences the run that weighs most; short blocks in numbers part the runs."""
        runs: list[list[int]] = []
        for number in weighted:
            if runs and number - runs[-1][-1] <= _FRAME_BLOCKS:
                runs[-1].append(number)
            else:
                runs.append([number])
        heavy = [sum(self._weights[number] for number in run) for run in runs]
        # Pages carry a copy of their text further down; the first of two alike is the one to read.
        return next((run for run, weight in zip(runs, heavy, strict=True) if weight >= _COPY_SHARE * max(heavy)), [])

    def _region_of(self, title: Unit | None) -> int:
        """How far down the path the element lies that holds both title and article."""
        branch = self._branches.get(title.node) if title is not None else None
        if branch is not None and branch.getparent() in self._path:
            return self._path.index(branch.getparent())
        return max(0, len(self._path) - 2)

    # --- judging -------------------------------------------------------------------------------------------

    def _outer(self, number: int, unit: Unit, branch: Any) -> Reason | None:
        """A unit in another branch than the article: kept where it shows that it belongs to it."""
        stats = self._stats.get(branch, _Stats())
        text = unit.text
        if unit is self.title:
            return None
        if is_crumbs(text):
            return Reason.NAVIGATION
        if stats.imprint or self._sides[unit.node] == "footer":
            return Reason.SITE_FRAME
        leads_away = stats.linked > _LINKED_SHARE * stats.characters or self._sides[unit.node] == "nav"
        near = unit.files or (text.startswith("附件") and number > self._first)
        if near and not (leads_away and not unit.files):
            return None
        if leads_away:
            return Reason.NAVIGATION
        if self._sides[unit.node] == "aside" or self._asks(branch, stats):
            return Reason.SITE_FRAME
        if (
            read_fields(unit, above=number < self._first)
            or self._weights[number]
            or self._belongs(number, unit, branch)
        ):
            return None
        return Reason.SITE_FRAME

    def _asks(self, branch: Any, stats: _Stats) -> bool:
        """Whether a branch is a dialogue with the reader: a question and its buttons."""
        return branch in self._choices and stats.weight < _DIALOGUE_SHARE * self._stats[self._path[-1]].weight

    def _belongs(self, number: int, unit: Unit, branch: Any) -> bool:
        """Short text near the article that is its number, its signature or a paragraph of its author's."""
        text = unit.text
        if is_web_furniture(text) or unit.links:
            return False
        if is_number_line(text):
            return True
        in_region = branch.getparent() in self._path[self._region :]
        if number > self._last and (in_region or not self._past) and _closes(unit):
            return True
        if number > self._last and in_region and find_marker(text):
            return True
        if in_region and unit.node is branch and branch.tag in _AUTHORS and number > self._title_at:
            return not text.endswith(("：", ":")) or number < self._first
        return number < self._first and self.title is None and ends_as_title(text)

    def _inner(self, number: int, unit: Unit, branch: Any) -> Reason | None:
        """A unit beside or in the article's own text: left out where it is plainly none of it."""
        text = unit.text
        side = self._sides[unit.node]
        stats = self._stats.get(branch, _Stats()) if branch is not None else _Stats()
        if unit is self.title:
            return None
        if self.is_flat and not min(self._first, self._title_at) <= number <= self._last:
            belongs = number > self._last and not self._past and (_closes(unit) or unit.files)
            return None if belongs else Reason.SITE_FRAME
        if side == "nav" or is_crumbs(text):
            return Reason.NAVIGATION
        if is_web_furniture(text) or (stats.imprint and not stats.weight) or (side == "footer" and stats.imprint):
            return Reason.SITE_FRAME
        if side == "aside" and stats.linked > _LINKED_SHARE * stats.characters:
            return Reason.SITE_FRAME
        at_edge = number < self._first or number > self._last
        if at_edge and not unit.files and self._leads_away(number, unit, stats):
            return None if self._is_listed(number, branch, stats) else Reason.NAVIGATION
        if number < self._first and self._is_site_name(number, text):
            return Reason.SITE_FRAME
        if number > self._last and text.startswith(_FOOT) and (branch is None or branch.tag not in _AUTHORS):
            return Reason.SITE_FRAME
        if at_edge:
            read_fields(unit, above=number < self._first)
        return None

    def _leads_away(self, number: int, unit: Unit, branch: _Stats) -> bool:
        """Whether a unit at the edge of the article is one of several links, or a link before the title."""
        if unit.link_characters < _ALL_LINKED * unit.characters:
            linked = branch.linked > _LINKED_SHARE * branch.characters
            return linked and branch.links > 2 and not branch.weight and not unit.level
        around = self._stats.get(unit.node.getparent(), branch)
        several = unit.links > 1 or (around.links > 1 and around.linked > _LINKED_SHARE * around.characters)
        return several or number < self._title_at

    def _is_listed(self, number: int, branch: Any, stats: _Stats) -> bool:
        """Whether links below the last sentence are the author's list: set in the text, with long names."""
        if number < self._last or branch is None or branch.tag not in ("ul", "ol", "p", "table"):
            return False
        before = next(
            (unit for unit in reversed(self.units[:number]) if self._branches.get(unit.node) is not branch), None
        )
        introduced = before is not None and before.reason is None and not before.text.startswith(_MORE)
        return introduced and stats.linked >= _NAME_CHARACTERS * stats.links

    def _is_site_name(self, number: int, text: str) -> bool:
        return self.names.is_site(text) if number < self._title_at else self.names.is_own_site(text)

    def _close(self) -> None:
        """The short lines over links that were left out at the end go with them."""
        after: Reason | None = None
        for number in range(len(self.units) - 1, self._last, -1):
            unit = self.units[number]
            if unit.reason is not None:
                after = unit.reason if unit.reason in (Reason.NAVIGATION, Reason.SITE_FRAME) else after
                continue
            heads = after is Reason.NAVIGATION or unit.text.startswith("相关")
            if not (heads and unit.characters <= _MORE_CHARACTERS and unit.text.startswith(_MORE)) or unit.files:
                return
            unit.reason = after or Reason.SITE_FRAME


def _closes(unit: Unit) -> bool:
    """The lines below a document: who signed it and when, whom to ask, when it was printed."""
    lines = [line.strip() for line in unit.lines if line.strip()]
    return bool(lines) and all(
        is_date_line(line) or is_body_line(line) or is_contact_line(line) or is_printed_line(line) for line in lines
    )


def _plain_weight(unit: Unit) -> int:
    text = unit.text
    if unit.reason is not None or unit.level or is_web_furniture(text) or text.startswith(_FOOT):
        return 0
    return unit.characters - unit.link_characters


def _weight(unit: Unit) -> int:
    """The characters of a unit's sentences, outside of links."""
    own = unit.characters - unit.link_characters
    text = unit.text
    if (
        unit.reason is not None
        or unit.level
        or own < _SENTENCE_CHARACTERS
        or is_web_furniture(text)
        or is_imprint(text)
    ):
        return 0
    is_box = read_fields(unit, above=False)
    if unit.grid is not None:
        return 0 if is_box else own if unit.link_characters <= _LINKED_SHARE * unit.characters else 0
    if is_box:
        # Whether they are a box's depends on where they stand.
        unit.fields = []
        return 0
    if any(mark in text for mark in "。；！？"):
        return own
    return own if "，" in text and own >= _COMMA_CHARACTERS else 0
