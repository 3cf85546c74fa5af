"""Whom a record fits, what is like it, and where its owners stand, as markup."""

from __future__ import annotations

from bot.market.records import Side
from bot.types import LEVEL_MEANINGS, Match, RecordKind, verdict_label
from bot.web.desk.frame import as_told, table
from bot.web.desk.introductions.addresses import pair_address
from bot.web.desk.pipeline.addresses import record_address
from bot.web.desk.pipeline.shown import Shown
from bot.web.markup import EMPTY, Html, join, tag, text

_MATCHES_SHOWN = 8
_REASONS_SHOWN = 3


def matches_view(shown: Shown) -> Html:
    """The best counterparts, what they share with the record, and which conditions hold."""
    matches = shown.matches.matches[:_MATCHES_SHOWN]
    near = [each for each in matches if each.proposed or each.level > 1]
    rest = [each for each in matches if each not in near]
    told = tag("ol", *(_match(each, shown) for each in near), class_="matches")
    if not near:
        told = tag("p", text("库里没有合适的伙伴"), class_="empty")
    listed = tag("ol", *(_match(each, shown) for each in rest), class_="matches")
    return join((told, tag("details", tag("summary", text("其余排在前面的")), listed) if rest else EMPTY))


def _match(match: Match, shown: Shown) -> Html:
    pair = (shown.record.id, match.id) if shown.kind is RecordKind.NEED else (match.id, shown.record.id)
    reasons = [
        tag("li", as_told(f"“{each.need_quote}” — “{each.offer_quote}”")) for each in match.reasons[:_REASONS_SHOWN]
    ]
    gates = [
        tag(
            "li",
            tag("strong", text(gate.name.label)),
            text(" "),
            tag("span", text(verdict_label(gate.passed))),
            text(" "),
            as_told(gate.why),
        )
        for gate in match.gates
        if gate.passed is not None
    ]
    proposed = (
        tag("span", text("可以提出"), class_="fits") if match.proposed else tag("span", text("不够提出"), class_="hint")
    )
    return tag(
        "li",
        tag("a", as_told(match.title), href=record_address(match.kind, match.id)),
        text(" · "),
        tag("span", text(LEVEL_MEANINGS[match.level])),
        text(" · "),
        proposed,
        text(" · "),
        tag("a", text("看这一对"), href=pair_address(*pair)),
        tag("ul", *reasons, class_="reasons") if reasons else EMPTY,
        tag("ul", *gates, class_="gates") if gates else EMPTY,
    )


def neighbours_view(shown: Shown) -> Html:
    """Similar records of the same kind."""
    if not shown.neighbours:
        return tag("p", text("没有相近的"), class_="empty")
    items = (
        tag("li", tag("a", as_told(each.title), href=record_address(shown.kind, each.id)), text(" "), as_told(each.id))
        for each in shown.neighbours
    )
    return tag("ul", *items)


def pairings_view(shown: Shown) -> Html:
    """Every pair that was ever tied, with where both sides stand."""
    rows = []
    for each in shown.pairings:
        other = each.offer_id if shown.kind is RecordKind.NEED else each.need_id
        title = shown.titles.get((shown.kind.counterpart, other), other)
        sides = (text(each.consents.of(side).standing.label) for side in (Side.NEED_OWNER, Side.OFFER_OWNER))
        link = tag("a", as_told(title), href=pair_address(each.need_id, each.offer_id))
        rows.append((link, *sides))
    return table(("与谁", "需求方", "成果方"), rows, "还没有人表达意向，也没有征询过。")
