"""The list of needs and offers: filters, what is chosen, pages; and a search narrowed by the same filters.

What is chosen stands in the address of the page (``#/market?kind=needs&page=2``): chips and pages are plain links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bot.market.browsing import PERIODS, Choice, Listing, ListingFilter
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.telling import told as told_in
from bot.web.texts.listing import ListingTexts
from bot.web.texts.views import ViewTexts
from bot.web.views.buttons import hidden
from bot.web.views.fields import select
from bot.web.views.finding import record_card


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a filter, a page, and the words of a search."""

    filter: ListingFilter
    page: int = 1
    told: str = ""

    def query(self) -> dict[str, str]:
        """The parts of the address, without what asks for nothing."""
        parts = {
            "told": self.told,
            "kind": self.filter.kind.value if self.filter.kind else "",
            "field": self.filter.field,
            "place": self.filter.place,
            "days": str(self.filter.within_days or ""),
            "standing": self.filter.standing.value if self.filter.standing else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        return {name: value for name, value in parts.items() if value}

    def href(self) -> str:
        """The address within the page."""
        query = urlencode(self.query())
        return f"#/market?{query}" if query else "#/market"

    def without(self, part: str) -> Asked:
        """The same with one part of the filter taken away, from its first page."""
        emptied: dict[str, object] = {"kind": None, "standing": None, "within_days": 0, "field": "", "place": ""}
        return replace(self, page=1, filter=replace(self.filter, **{part: emptied[part]}))  # type: ignore[arg-type]


def listed(listing: Listing, asked: Asked, texts: ViewTexts, words: ListingTexts) -> Html:
    """The records of one page, or that there are none."""
    if not listing.total:
        return tag("p", text(texts.no_records if asked.filter.empty else words.none_fit), class_="hint", tabindex="-1")
    return join(
        (
            tag(
                "h3",
                text(texts.newest if asked.filter.empty else words.total.format(listing.total)),
                tabindex="-1",
            ),
            tag("p", text(words.total.format(listing.total)), class_="hint") if asked.filter.empty else EMPTY,
            tag("div", *(record_card(each, texts) for each in listing.records), class_="record-cards"),
            _pager(listing, asked, words),
        )
    )


# --- filters ---------------------------------------------------------------------------------------


def framed(asked: Asked, listing: Listing, content: Html, words: ListingTexts) -> Html:
    """``content`` below the filters and what is chosen; ``data-shown`` tells the script what is there."""
    incomplete = EMPTY if listing.complete else tag("p", text(words.incomplete), class_="hint", role="status")
    filters = _filters(asked, listing, words)
    return tag(
        "div",
        filters,
        _chips(asked, words),
        incomplete,
        content,
        class_="listing",
        data_shown=urlencode(asked.query()),
    )


def _filters(asked: Asked, listing: Listing, words: ListingTexts) -> Html:
    kinds = {each.value: label for each, label in words.kinds.items()}
    standings = {each.value: label for each, label in words.standings.items()}
    fields_told = {each.value: told_in(each.value, words.language) for each in listing.fields}
    fields = [
        _choose("kind", words.kind, listing.kinds, asked.filter.kind, kinds, words),
        _choose("field", words.field, listing.fields, asked.filter.field, fields_told, words),
        _choose("place", words.place, listing.places, asked.filter.place, {}, words),
        _choose("days", words.days, listing.periods, str(asked.filter.within_days or ""), _periods(words), words),
        _choose("standing", words.standing, listing.standings, asked.filter.standing, standings, words),
    ]
    form = tag(
        "form",
        hidden("told", asked.told),
        *fields,
        id="listing-filters",
        class_="listing-filters",
        data_listing=True,
        aria_label=words.filters,
    )
    active = sum(name not in ("told", "page") for name in asked.query())
    label = words.counted.format(words.filters, active) if active else words.filters
    return tag("details", tag("summary", text(label)), form, id="listing-filters-fold", class_="filters-fold")


def _periods(words: ListingTexts) -> dict[str, str]:
    return {str(days): words.within.format(days) for days in PERIODS}


def _choose(
    name: str, label: str, choices: Sequence[Choice], value: str | None, labels: dict[str, str], words: ListingTexts
) -> Html:
    """One list to choose from; what is chosen stands in it also where it lists nothing."""
    identifier = f"listing-{name}"
    chosen_value = str(value or "")
    options = [("", words.any_value)]
    options += [(each.value, words.counted.format(labels.get(each.value, each.value), each.count)) for each in choices]
    if chosen_value not in dict(options):
        options.append((chosen_value, labels.get(chosen_value, chosen_value)))
    return tag(
        "div",
        tag("label", text(label), for_=identifier),
        select(name, identifier, options, chosen_value),
        class_="field",
    )


def _chips(asked: Asked, words: ListingTexts) -> Html:
    chosen_filter = asked.filter
    told = [
        ("kind", words.kinds[chosen_filter.kind] if chosen_filter.kind else ""),
        ("field", told_in(chosen_filter.field or "", words.language)),
        ("place", chosen_filter.place),
        ("within_days", words.within.format(chosen_filter.within_days) if chosen_filter.within_days else ""),
        ("standing", words.standings[chosen_filter.standing] if chosen_filter.standing else ""),
    ]
    chips = [_chip(label, asked.without(part), words) for part, label in told if label]
    if not chips:
        return EMPTY
    if len(chips) > 1:
        chips.append(tag("li", tag("a", text(words.clear), href=Asked(ListingFilter(), told=asked.told).href())))
    return tag("ul", *chips, class_="filter-chips", aria_label=words.chosen)


def _chip(label: str, rest: Asked, words: ListingTexts) -> Html:
    cross = tag("span", text("×"), aria_hidden="true")
    return tag(
        "li", tag("a", text(label), cross, href=rest.href(), aria_label=words.remove.format(label), class_="chip")
    )


def _pager(listing: Listing, asked: Asked, words: ListingTexts) -> Html:
    if listing.pages == 1:
        return EMPTY
    steps = [(listing.page - 1, words.earlier, "prev"), (listing.page + 1, words.later, "next")]
    links = [
        tag("a", text(label), href=replace(asked, page=page).href(), rel=rel, class_="quiet")
        if 1 <= page <= listing.pages
        else tag("span", text(label), class_="quiet", aria_disabled="true")
        for page, label, rel in steps
    ]
    here = tag("span", text(words.page.format(listing.page, listing.pages)), aria_current="page")
    return tag("nav", links[0], here, links[1], class_="pager", aria_label=words.pages)
