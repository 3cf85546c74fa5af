"""The public list: what was asked for is read, looked up, and shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.market.browsing import ListingFilter
from bot.market.fields import kind_of
from bot.market.matching import MatchResult, looked_for
from bot.market.service import Market
from bot.types import Match, RecordKind, Standing
from bot.web.actions.reply import Fields, Reply, chosen, market_kind
from bot.web.markup import Html, join, tag, text
from bot.web.texts.listing import ListingTexts, listing_texts
from bot.web.texts.views import ViewTexts
from bot.web.views.finding import found
from bot.web.views.listing import Asked, framed, listed

#: What is found and then narrowed; more than is shown of a search without filters.
_NARROWED = 60
_MOST_DIGITS = 6


def read_asked(fields: Fields) -> Asked:
    """What was sent; raises :class:`bot.errors.UsageError` for a kind, period or standing that there is not."""
    days, page = _number(fields.get("days", "")), _number(fields.get("page", ""))
    standing = fields.get("standing", "")
    return Asked(
        ListingFilter(
            kind=market_kind(fields["kind"]) if fields.get("kind") else None,
            field=fields.get("field", ""),
            place=fields.get("place", ""),
            within_days=days,
            standing=chosen(Standing, standing) if standing else None,
        ),
        max(page, 1),
        fields.get("told", "").strip(),
    )


def _number(sent: str) -> int:
    """A number as sent; 0 for none, -1 for what is none."""
    if not sent:
        return 0
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= _MOST_DIGITS else -1


def browse_reply(market: Market, fields: Fields, shown: int, texts: ViewTexts) -> Reply:
    """The list, or with words ``told`` the best ``shown`` that a search finds, by what is chosen."""
    asked = read_asked(fields)
    words = listing_texts(texts.language)
    if asked.told:
        return Reply(_found(market, asked, shown, texts, words))
    listing = market.browse(asked.filter, page=asked.page)
    asked = replace(asked, page=listing.page)
    return Reply(framed(asked, listing, listed(listing, asked, texts, words), words))


def _found(market: Market, asked: Asked, shown: int, texts: ViewTexts, words: ListingTexts) -> Html:
    kind = asked.filter.kind or looked_for(asked.told, market.reader)
    size = shown if asked.filter.empty else _NARROWED
    result = market.matcher.match_text(asked.told, size, kind=kind, fellows=True)
    told = [*result.matches, *result.historic]
    listing = market.browse(asked.filter, among=[(each.kind, each.id) for each in told])
    if asked.filter.empty:
        return framed(asked, listing, found(result, asked.told, "", texts), words)
    kept = {(kind_of(record), record.id) for record in listing.records}
    narrowed = _narrowed(result, kept, shown)
    line = tag("p", text(words.narrowed.format(listing.total, len(told))), class_="hint")
    return framed(asked, listing, join((line, found(narrowed, asked.told, "", texts))), words)


def _narrowed(result: MatchResult, kept: set[tuple[RecordKind, str]], shown: int) -> MatchResult:
    def fitting(matches: Sequence[Match]) -> tuple[Match, ...]:
        return tuple(each for each in matches if (each.kind, each.id) in kept)

    return replace(result, matches=fitting(result.matches)[:shown], historic=fitting(result.historic), fellows=())
