"""Match cards: who, why in the words of both records, which conditions, as of when, and what next."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.types import Comparison, Gate, Match, NextStep, Reason, RecordKind, Standing
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.telling import told as told_in
from bot.web.texts.views import ViewTexts
from bot.web.views import introductions, publishing
from bot.web.views.buttons import action_button, view_button

#: Likeness from which two texts are called alike, and close.
_NEAR = (0.2, 0.45)
_WORDS_NAMED = 4


def match_cards(matches: Sequence[Match], own: str, texts: ViewTexts, place: str) -> Html:
    """Cards one below the other; ``own`` is the id of the record that was matched, empty for words typed.

    ``place`` makes element ids unique where the same record is shown twice on the page.
    """
    return tag("div", *(match_card(each, own, texts, place) for each in matches), class_="match-cards")


def match_card(match: Match, own: str, texts: ViewTexts, place: str) -> Html:
    """One match with everything that explains it."""
    identifier = f"{place}-{match.kind.value}-{match.id}"
    return tag(
        "article",
        _head(match, texts),
        _facts(match, texts),
        _level(match, texts),
        _reasons(match, own, texts),
        _figures(match.comparisons, texts),
        _gates(match.gates, texts),
        _buttons(match, own, identifier, texts),
        tag("div", id=f"region-{identifier}", class_="record-region", aria_live="polite"),
        class_="match-card" if match.proposed else "match-card match-weak",
        data_record=match.id,
    )


def _head(match: Match, texts: ViewTexts) -> Html:
    return tag(
        "div",
        tag("span", text(texts.kinds[match.kind]), class_=f"kind kind-{match.kind.value}"),
        tag("h4", text(match.title), lang=language_of(match.title)),
        sample_badge(match.sample, texts),
        standing_badge(match.standing, texts),
        tag("span", text(texts.fellow), class_="badge badge-fellow") if match.fellow else EMPTY,
        tag("span", text(texts.level.format(match.level)), class_=f"level level-{match.level}", title=texts.level_hint),
        class_="match-head",
    )


def _level(match: Match, texts: ViewTexts) -> Html:
    """In one sentence what the level says and what it rests on."""
    basis = match.basis
    words = texts.level_words.format("".join(f"“{word}”" for word in basis.words[:_WORDS_NAMED]))
    nearness = sum(basis.likeness >= bound for bound in _NEAR)
    told = [words if basis.words else texts.level_no_words, texts.level_nearness[nearness]]
    told += [texts.level_stands_out] if basis.stands_out else []
    told += [texts.level_figures.format(basis.met, basis.unmet)] if basis.met or basis.unmet else []
    told += [texts.level_lowered] if basis.unmet else []
    sentence = texts.level_because.format(match.level, texts.level_meanings[match.level], texts.list_mark.join(told))
    return tag("p", text(sentence), class_="level-basis")


def _figures(comparisons: Sequence[Comparison], texts: ViewTexts) -> Html:
    """Every figure asked for beside the one offered, those not met first; the rest is named in one line."""
    told = sorted((each for each in comparisons if each.met is not None), key=lambda each: bool(each.met))
    lines = [_figure(each, texts) for each in told]
    unknown = [each.asked for each in comparisons if each.met is None]
    if unknown:
        unstated = texts.figures_unstated.format("；".join(unknown))
        lines.append(tag("li", text(unstated), class_="gate gate-unknown"))
    return join((tag("h5", text(texts.figures_heading)), tag("ul", *lines, class_="gates"))) if lines else EMPTY


def _figure(comparison: Comparison, texts: ViewTexts) -> Html:
    verdict = texts.gate_passed if comparison.met else texts.gate_failed
    asked, offered = comparison.asked_quote, comparison.offered_quote
    return tag(
        "li",
        tag("span", text(verdict), class_="gate-verdict"),
        tag("p", text(texts.need_side), highlighted_words(asked, (comparison.asked,)), class_="quote-line"),
        tag("p", text(texts.offer_side), highlighted_words(offered, (comparison.offered,)), class_="quote-line"),
        class_="gate gate-passed" if comparison.met else "gate gate-failed",
    )


def sample_badge(sample: bool, texts: ViewTexts) -> Html:
    """Marks a made-up record."""
    return tag("span", text(texts.sample), class_="badge badge-sample") if sample else EMPTY


def standing_badge(standing: Standing, texts: ViewTexts) -> Html:
    """Marks a record that is not open any more."""
    if standing is Standing.OPEN:
        return EMPTY
    return tag("span", text(texts.standings[standing]), class_="badge badge-expired")


def _facts(match: Match, texts: ViewTexts) -> Html:
    unnamed = texts.owner_withheld if match.confidential else texts.owner_unknown
    known = [
        f"{texts.owner}{texts.colon}{told_in(match.owner, texts.language)}" if match.owner else unnamed,
        f"{texts.region}{texts.colon}{match.region}" if match.region else "",
        texts.as_of.format(match.as_of) if match.as_of else "",
        match.id,
    ]
    return tag("p", *(tag("span", text(each)) for each in known if each), class_="match-facts")


def _reasons(match: Match, own: str, texts: ViewTexts) -> Html:
    if not match.reasons:
        return tag("p", text(texts.no_reason), class_="hint")
    need_side, offer_side = texts.need_side, texts.offer_side
    if not own:
        # What was typed is neither need nor offer on file: it is called what it is.
        need_side = need_side if match.kind is RecordKind.NEED else texts.your_words
        offer_side = offer_side if match.kind is RecordKind.OFFER else texts.your_words
    lines = [_reason(each, need_side, offer_side, texts) for each in match.reasons]
    return join((tag("h5", text(texts.why)), tag("ul", *lines, class_="reasons")))


def _reason(reason: Reason, need_side: str, offer_side: str, texts: ViewTexts) -> Html:
    words = "、".join(f"“{word}”" for word in reason.shared)
    told = texts.why_field.format(reason.label) if reason.label else texts.why_words.format(words)
    return tag(
        "li",
        tag("p", text(told), class_="reason-words"),
        tag("p", text(need_side), highlighted_words(reason.need_quote, reason.shared), class_="quote-line"),
        tag(
            "p",
            text(offer_side),
            highlighted_words(reason.offer_quote, reason.offer_words or reason.shared),
            class_="quote-line",
        ),
    )


def highlighted_words(quote: str, words: Sequence[str]) -> Html:
    """``quote`` with every one of ``words`` marked where it stands."""
    found = sorted((word for word in words if word), key=len, reverse=True)
    if not found:
        return tag("q", text(quote), lang=language_of(quote))
    pieces = re.split(f"({'|'.join(map(re.escape, found))})", quote, flags=re.IGNORECASE)
    marked = (tag("mark", text(piece)) if index % 2 else text(piece) for index, piece in enumerate(pieces))
    return tag("q", *marked, lang=language_of(quote))


def _gates(gates: Sequence[Gate], texts: ViewTexts) -> Html:
    """Failed conditions first; what nobody stated is named in one line."""
    told = sorted((gate for gate in gates if gate.passed is not None), key=lambda gate: bool(gate.passed))
    unknown = [texts.gate_names[gate.name] for gate in gates if gate.passed is None]
    lines = [_gate(gate, texts) for gate in told]
    if unknown:
        lines.append(tag("li", text(texts.gate_unknown.format("、".join(unknown))), class_="gate gate-unknown"))
    return join((tag("h5", text(texts.gates)), tag("ul", *lines, class_="gates"))) if lines else EMPTY


def _gate(gate: Gate, texts: ViewTexts) -> Html:
    verdict = texts.gate_passed if gate.passed else texts.gate_failed
    return tag(
        "li",
        tag("span", text(f"{texts.gate_names[gate.name]} {verdict}"), class_="gate-verdict"),
        text(told_in(gate.why, texts.language)),
        class_="gate gate-passed" if gate.passed else "gate gate-failed",
    )


def _buttons(match: Match, own: str, identifier: str, texts: ViewTexts) -> Html:
    fields = {"kind": match.kind.value, "id": match.id}
    region = f"region-{identifier}"
    buttons = [action_button(texts.details, "record", fields, region)]
    if match.fellow:
        return tag("div", *buttons, class_="card-buttons")
    if match.standing is Standing.OPEN:
        pair = {**fields, "own": own}
        buttons.append(action_button(texts.interested, "interest_form", pair, region))
        if own:
            sides = (
                {"need": own, "offer": match.id} if match.kind is RecordKind.OFFER else {"need": match.id, "offer": own}
            )
            buttons.append(view_button(texts.introduce, "introduce", "introduction_form", sides, introductions.FORM))
    step = tag("p", text(texts.next_step + texts.steps[match.next_step]), class_="next-step")
    return join((step, tag("div", *buttons, class_="card-buttons")))


def fellow_cards(fellows: Sequence[Match], texts: ViewTexts, place: str) -> Html:
    """Who seeks or offers the same, apart from partners and called what it is; empty without any."""
    if not fellows:
        return EMPTY
    heading = texts.fellow_needs if fellows[0].kind is RecordKind.NEED else texts.fellow_offers
    return tag(
        "details",
        tag("summary", text(f"{heading}（{len(fellows)}）")),
        tag("p", text(texts.fellows_hint), class_="hint"),
        match_cards(fellows, "", texts, place),
        class_="fellows",
    )


def nothing_fits(told: str, texts: ViewTexts, target: str, *, widened: bool = False) -> Html:
    """That no fitting partner is on file, and the three ways on."""
    register = view_button(texts.register, "publish", "tell", {"told": told}, publishing.FORM, main=True)
    ways = [register, *other_ways(told, texts, target, widened=widened)]
    return tag(
        "section",
        tag("p", text(texts.nothing_fits), class_="nothing"),
        tag("div", *ways, class_="card-buttons"),
        class_="nothing-fits",
        data_steps=" ".join(step.value for step in (NextStep.REGISTER, NextStep.WIDEN, NextStep.HAND_OVER)),
    )


def other_ways(told: str, texts: ViewTexts, target: str, *, widened: bool = False) -> tuple[Html, ...]:
    """Widen the search (unless it is), or leave the wish to a technology manager."""
    hand_over = action_button(texts.hand_over, "hand_over_form", {"told": told, "region": target}, target)
    if widened:
        return (hand_over,)
    return (action_button(texts.widen, "find", {"told": told, "widened": "1", "region": target}, target), hand_over)
