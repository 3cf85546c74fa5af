"""The view of needs and offers: what is on file, looking for a partner, one record whole, interest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.market.fields import kind_of
from bot.market.matching import MatchResult
from bot.market.reasons import public
from bot.market.records import Confidentiality, Need, Offer
from bot.market.wishes import WORDS_ONLY
from bot.types import Match, RecordKind, Standing
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.texts.views import ViewTexts
from bot.web.views.buttons import action_button, action_form, hidden, submit_button
from bot.web.views.fields import contact_inputs, details, line_input, select, text_input
from bot.web.views.matches import fellow_cards, match_cards, nothing_fits, sample_badge, standing_badge
from bot.web.views.state_words import public_state_line

RESULTS = "market-results"
#: From this level on a record is worth showing where nothing better is on file.
NEAR_LEVEL = 2


def market_view(texts: ViewTexts) -> Html:
    """The shell: a box to tell a wish, and the place for what is found."""
    kinds = [("", texts.both_kinds)] + [(kind.value, texts.kinds[kind]) for kind in (RecordKind.OFFER, RecordKind.NEED)]
    return tag(
        "section",
        tag("h2", text(texts.market_heading), tabindex="-1"),
        tag("p", text(texts.market_hint), class_="view-hint"),
        action_form(
            "browse",
            RESULTS,
            text_input("told", "find-told", texts.find_label, placeholder=texts.find_placeholder, required=True),
            tag(
                "div",
                tag("label", text(texts.looking_for), for_="find-kind"),
                select("kind", "find-kind", kinds, ""),
                submit_button(texts.find),
                class_="find-row",
            ),
            identifier="find-form",
            listing=True,
        ),
        tag("div", id=RESULTS, class_="view-region", aria_live="polite", data_on_show="browse"),
        class_="view",
        data_name="market",
    )


def found(
    result: MatchResult, told: str, own: str, texts: ViewTexts, *, widened: bool = False, region: str = RESULTS
) -> Html:
    """What was found, or that nothing fits with the ways on; the nearest ones are shown as such."""
    proposed = result.proposed
    # What shares neither words nor field is not near, whatever its place in the ranking.
    near = [match for match in result.matches if not match.proposed and match.level >= NEAR_LEVEL]
    parts: list[Html] = []
    if widened or not proposed:
        parts.append(nothing_fits(told, texts, region, widened=widened))
    if widened:
        parts.append(tag("p", text(texts.widened if near else texts.nothing_near), class_="hint", tabindex="-1"))
        parts.append(match_cards(near, own, texts, f"wide-{region}"))
    elif proposed:
        parts.append(tag("h3", text(texts.found.format(len(proposed))), tabindex="-1"))
        parts += _by_kind(proposed, own, texts, f"found-{region}")
    if near and not widened:
        summary = tag("summary", text(texts.nearest.format(len(near))))
        parts.append(tag("details", summary, match_cards(near, own, texts, f"near-{region}")))
    parts.append(fellow_cards(result.fellows, texts, f"fellows-{region}"))
    if result.historic:
        parts.append(tag("h3", text(texts.historic)))
        parts.append(match_cards(result.historic, own, texts, f"past-{region}"))
    parts.append(_ask_documents(told, texts))
    return join(parts)


def _by_kind(matches: Sequence[Match], own: str, texts: ViewTexts, place: str) -> list[Html]:
    """Cards; offers and needs apart under headings of their own where the words told neither."""
    kinds = [kind for kind in (RecordKind.OFFER, RecordKind.NEED) if any(match.kind is kind for match in matches)]
    lists = [[match for match in matches if match.kind is kind] for kind in kinds]
    heads = [tag("h4", text(texts.kinds[kind])) if len(kinds) > 1 else EMPTY for kind in kinds]
    cards = [match_cards(each, own, texts, f"{place}-{kind.value}") for kind, each in zip(kinds, lists, strict=True)]
    return [join(pair) for pair in zip(heads, cards, strict=True)]


def _ask_documents(told: str, texts: ViewTexts) -> Html:
    """On to the conversation: organisations that the documents tell of are no records of the market."""
    question = told if WORDS_ONLY.is_told(told) else texts.partner_question.format(told.rstrip("。.？?"))
    button = tag("button", text(texts.ask_documents), type="button", data_ask=question, class_="quiet")
    return tag("div", button, class_="card-buttons ask-documents")


def record_card(record: Need | Offer, texts: ViewTexts) -> Html:
    """A public record in the list."""
    kind = kind_of(record)
    region = f"region-list-{kind.value}-{record.id}"
    gist = public(record.description)[:120]
    known = [record.region, "、".join(record.fields), texts.as_of.format(record.as_of) if record.as_of else ""]
    fields = {"kind": kind.value, "id": record.id}
    return tag(
        "article",
        tag(
            "div",
            tag("span", text(texts.kinds[kind]), class_=f"kind kind-{kind.value}"),
            tag("h4", text(public(record.title)), lang=language_of(record.title)),
            sample_badge(record.sample, texts),
            standing_badge(record.standing, texts),
            class_="match-head",
        ),
        tag("p", text(gist), class_="gist", lang=language_of(gist)) if gist and gist != record.title else EMPTY,
        tag("p", *(tag("span", text(public(each))) for each in known if each), class_="match-facts"),
        tag("div", action_button(texts.details, "record", fields, region), class_="card-buttons"),
        tag("div", id=region, class_="record-region", aria_live="polite"),
        class_="match-card",
        data_record=record.id,
    )


def record_details(record: Need | Offer, owner: str, texts: ViewTexts) -> Html:
    """One record with everything public of it, and what can be done with it."""
    kind = kind_of(record)
    fields = {"kind": kind.value, "id": record.id}
    region = f"region-of-{kind.value}-{record.id}"
    if record.confidentiality is Confidentiality.CONFIDENTIAL:
        who = texts.owner_withheld
    else:
        who = f"{texts.owner}{texts.colon}{owner}" if owner else texts.owner_unknown
    open_now = record.standing is Standing.OPEN
    return tag(
        "section",
        tag("p", tag("span", text(who)), tag("span", text(record.id)), class_="match-facts"),
        details(record, texts),
        public_state_line(record, texts),
        tag(
            "div",
            action_button(texts.find_matches, "matches", fields, region, main=True) if open_now else EMPTY,
            action_button(texts.interested, "interest_form", {**fields, "own": ""}, region) if open_now else EMPTY,
            tag("button", text(texts.close_details), type="button", data_clear=True, class_="quiet"),
            class_="card-buttons",
        ),
        tag("div", id=region, class_="record-region", aria_live="polite"),
        class_="record-details",
    )


def interest_form(kind: RecordKind, record_id: str, own: str, target: str, texts: ViewTexts) -> Html:
    """The three answers a broker needs; the receipt shows which record speaks."""
    prefix = f"interest-{kind.value}-{record_id}-{own}"
    return action_form(
        "interest",
        target,
        tag("h4", text(texts.interest_heading)),
        tag("p", text(texts.interest_hint), class_="field-hint"),
        hidden("kind", kind.value),
        hidden("id", record_id),
        line_input("receipt", f"{prefix}-receipt", texts.your_receipt, required=True, autocomplete="off"),
        text_input("cooperation_sought", f"{prefix}-sought", texts.cooperation_sought, required=True, rows=2),
        text_input("unclear", f"{prefix}-unclear", texts.unclear, rows=2),
        text_input("introduction", f"{prefix}-who", texts.who_you_are, rows=2),
        tag(
            "label",
            tag("input", type="checkbox", name_="consent", value="yes"),
            text(texts.consent_too),
            class_="check",
        ),
        tag("div", submit_button(texts.send_interest), class_="card-buttons"),
    )


def hand_over_form(told: str, target: str, values: Mapping[str, str], texts: ViewTexts) -> Html:
    """A wish left for a technology manager, with a way to answer."""
    return action_form(
        "hand_over",
        target,
        tag("h3", text(texts.hand_over_heading)),
        tag("p", text(texts.hand_over_hint), class_="field-hint"),
        text_input("told", "hand-over-told", texts.find_label, value=told, required=True),
        line_input("unit", "hand-over-unit", texts.unit, value=values.get("unit", "")),
        contact_inputs("hand-over", values, texts),
        tag("div", submit_button(texts.hand_over_send), class_="card-buttons"),
    )
