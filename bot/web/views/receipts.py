"""The view for owners: what a receipt opens — state, changes, matches, interests and consents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.market.consents import Consent, ConsentStanding, ConsentStep, Pairing, SideConsent
from bot.market.fields import field_spec, kind_of
from bot.market.masking import Preview
from bot.market.parts import OWNER_ACTOR
from bot.market.quality import QualityReport
from bot.market.reasons import public
from bot.market.records import Interest, Need, Offer, RecordEvent, Side, State
from bot.text.moments import to_the_minute
from bot.types import PrivateContact, Standing
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.texts.views import ViewTexts
from bot.web.views.buttons import action_button, action_form, hidden, submit_button
from bot.web.views.fields import contact_inputs, contact_values, inputs, label_of, line_input, record_values
from bot.web.views.kept_receipts import kept_section
from bot.web.views.previews import preview_card
from bot.web.views.publishing import CLAIMED, quality
from bot.web.views.state_words import state_line

RECORD, PAIRS = CLAIMED, "mine-pairs"


@dataclass(frozen=True, slots=True)
class Pair:
    """A counterpart of a record as anybody may see it, what its owner told, and where both sides stand.

    ``told`` holds the counterpart's words with everything that names somebody already left out.
    """

    other: Need | Offer
    told: Interest | None
    pairing: Pairing


@dataclass(frozen=True, slots=True)
class Claimed:
    """Everything that a receipt opens."""

    record: Need | Offer
    receipt: str
    report: QualityReport
    preview: Preview
    pairs: Sequence[Pair]
    events: Sequence[RecordEvent]
    contact: PrivateContact
    returned_for: str = ""


def mine_view(texts: ViewTexts) -> Html:
    """The shell: a box for the receipt code."""
    return tag(
        "section",
        tag("h2", text(texts.mine_heading), tabindex="-1"),
        tag("p", text(texts.mine_hint), class_="view-hint"),
        action_form(
            "claim",
            RECORD,
            line_input("receipt", "mine-receipt", texts.receipt_label, required=True, autocomplete="off"),
            tag("div", submit_button(texts.open_record), class_="card-buttons"),
            identifier="claim-form",
        ),
        tag("div", id=RECORD, class_="view-region", aria_live="polite"),
        kept_section(texts),
        class_="view",
        data_name="mine",
    )


def claimed(shown: Claimed, matches: Html, texts: ViewTexts, *, notice: str = "") -> Html:
    """The record a receipt opens, with everything its owner can do."""
    record, kind = shown.record, kind_of(shown.record)
    changeable = record.state not in (State.CLOSED, State.AGREED, State.REGISTERED)
    seen_by_others = preview_card(shown.preview, shown.contact, texts)
    return join(
        (
            tag("p", text(notice), class_="notice-line", role="status") if notice else EMPTY,
            tag(
                "div",
                tag("span", text(texts.kinds[kind]), class_=f"kind kind-{kind.value}"),
                tag("h3", text(record.title), tabindex="-1", lang=language_of(record.title)),
                tag("span", text(texts.states[record.state]), class_="badge"),
                tag("span", text(record.id), class_="record-id"),
                class_="match-head",
            ),
            _sent_back(shown, texts),
            state_line(record, texts),
            quality(shown.report, texts, saved=True) if record.state is State.DRAFT else EMPTY,
            tag("h4", text(texts.pairs)),
            tag("div", pair_cards(shown, texts), id=PAIRS, aria_live="polite"),
            matches,
            tag("details", tag("summary", text(texts.preview_heading)), seen_by_others, class_="seen-by-others"),
            _change_form(shown, texts) if changeable else EMPTY,
            _history(shown.events, texts),
        )
    )


def _sent_back(shown: Claimed, texts: ViewTexts) -> Html:
    if not shown.returned_for:
        return EMPTY
    reason = texts.sent_back.format(shown.returned_for)
    return tag("p", text(reason), class_="notice-line sent-back", lang=language_of(shown.returned_for))


def _history(events: Sequence[RecordEvent], texts: ViewTexts) -> Html:
    """Everything that happened to a record, newest first; who did it is told by role, not by name."""
    rows = []
    for event in reversed(events):
        before, after = event.from_state, event.to_state
        moved = texts.states[after] if after is not None and after is not before else ""
        changed = "、".join(
            label_of(field_spec(event.kind, change.field), texts)
            for change in event.changes
            if change.field not in ("owner_id",)
        )
        parts = (texts.event_names.get(event.action, ""), moved, texts.changed.format(changed) if changed else "")
        told = "；".join(part for part in parts if part)
        cells = (to_the_minute(event.at), _by(event.actor, texts), told or texts.noted)
        rows.append(tag("tr", *(tag("td", text(cell)) for cell in cells)))
    table = tag("table", tag("tbody", *rows), class_="facts")
    return tag("details", tag("summary", text(texts.history.format(len(rows)))), table, class_="history")


def _by(actor: str, texts: ViewTexts) -> str:
    return texts.by_owner if actor == OWNER_ACTOR else texts.by_office


def pair_cards(shown: Claimed, texts: ViewTexts) -> Html:
    """Everyone who is interested or was asked, with where both sides stand and the next step."""
    if not shown.pairs:
        return tag("p", text(texts.no_pairs), class_="hint")
    return tag("div", *(_pair_card(shown, pair, texts) for pair in shown.pairs), class_="match-cards")


def _pair_card(shown: Claimed, pair: Pair, texts: ViewTexts) -> Html:
    told, kind = pair.told, kind_of(pair.other)
    title = public(pair.other.title)
    return tag(
        "article",
        tag(
            "div",
            tag("span", text(texts.kinds[kind]), class_=f"kind kind-{kind.value}"),
            tag("h4", text(title), lang=language_of(title)),
            tag("span", text(pair.other.id), class_="record-id"),
            class_="match-head",
        ),
        tag("p", text(f"{texts.their_wish}{told.cooperation_sought}")) if told else EMPTY,
        tag("p", text(f"{texts.their_question}{told.unclear}")) if told and told.unclear else EMPTY,
        _standings(shown.record, pair, texts),
        _next_step(shown, pair, texts),
        class_="match-card",
        data_record=pair.other.id,
    )


def _standings(record: Need | Offer, pair: Pair, texts: ViewTexts) -> Html:
    """Where both sides stand, on what it rests, and how far it goes; the other side's words only once both agreed."""
    mine, consents = side_of(record), pair.pairing.consents
    rows: list[Html] = []
    for side, who, asker in ((mine, texts.you, texts.other_side), (_other(mine), texts.other_side, texts.you)):
        told = consents.of(side)
        named = side is mine or consents.agreed
        standing = tag("span", text(texts.consent_standings[told.standing]), class_=f"standing {told.standing.value}")
        rows += [tag("dt", text(who)), tag("dd", standing, text(_grounds(told, asker, texts, named=named)))]
    return tag("dl", *rows, class_="consents")


def _grounds(told: SideConsent, asker: str, texts: ViewTexts, *, named: bool) -> str:
    """When, how, by whom and how far, as far as it may be told; one owner's question came from the other."""
    said = told.rests_on
    if said is None:
        return ""
    parts = [to_the_minute(said.at), texts.consent_channels[said.channel]]
    if said.step is ConsentStep.ASKED and said.actor == OWNER_ACTOR:
        parts.append(texts.asked_by.format(asker))
    elif named:
        parts.append(_speaker(said, texts))
    if told.standing in (ConsentStanding.GIVEN, ConsentStanding.PENDING):
        parts.append(texts.comma.join(texts.consent_scopes[each] for each in said.scope))
    if told.until is not None:
        parts.append(texts.consent_until.format(told.until.isoformat()))
    return " · ".join(part for part in parts if part)


def _speaker(said: Consent, texts: ViewTexts) -> str:
    if said.actor == OWNER_ACTOR:
        return texts.by_owner
    return f"{said.said_by} {texts.consent_recorded.format(_by(said.actor, texts))}"


def _other(side: Side) -> Side:
    return Side.OFFER_OWNER if side is Side.NEED_OWNER else Side.NEED_OWNER


def _next_step(shown: Claimed, pair: Pair, texts: ViewTexts) -> Html:
    """The one thing to do now, said in a sentence, with its buttons."""
    consents = pair.pairing.consents
    mine = consents.of(side_of(shown.record)).standing
    if not (shown.record.standing is Standing.OPEN and pair.other.standing is Standing.OPEN):
        steps: tuple[str, Html] = (texts.next_closed, EMPTY)
    elif not pair.pairing.linked:
        steps = (texts.next_again, _again(pair, texts))
    elif consents.agreed:
        steps = (texts.next_joint, _joint_form(shown, pair, texts))
    elif mine is ConsentStanding.GIVEN:
        steps = (texts.next_wait, EMPTY)
    else:
        steps = (texts.next_answer, _answer_form(shown, pair, texts))
    taking_back = _take_back_form(shown, pair, texts) if mine is ConsentStanding.GIVEN else EMPTY
    return join((tag("p", text(f"{texts.next_step}{steps[0]}"), class_="next-step"), steps[1], taking_back))


def _again(pair: Pair, texts: ViewTexts) -> Html:
    kind, region = kind_of(pair.other), f"again-{pair.other.id}"
    button = action_button(
        texts.interested, "interest_form", {"kind": kind.value, "id": pair.other.id, "own": ""}, region
    )
    return join((tag("div", button, class_="card-buttons"), tag("div", id=region, class_="record-region")))


def _answer_form(shown: Claimed, pair: Pair, texts: ViewTexts) -> Html:
    refused = pair.pairing.consents.of(side_of(shown.record)).standing is ConsentStanding.REFUSED
    contact = tag("input", type="checkbox", name_="contact", value="yes", checked=True)
    return action_form(
        "agree",
        RECORD,
        *_of_pair(shown, pair),
        # A yes is to the records as they are shown here.
        hidden("seen", str(pair.pairing.consents.changed)),
        tag("label", contact, text(texts.scope_contact), class_="check"),
        tag(
            "div",
            submit_button(texts.give_consent),
            EMPTY if refused else submit_button(texts.refuse, "refuse", main=False),
            class_="card-buttons",
        ),
    )


def _take_back_form(shown: Claimed, pair: Pair, texts: ViewTexts) -> Html:
    button = submit_button(texts.take_back, main=False, confirm=texts.take_back_sure)
    return action_form("take_back", RECORD, *_of_pair(shown, pair), tag("div", button, class_="card-buttons"))


def _of_pair(shown: Claimed, pair: Pair) -> tuple[Html, Html]:
    return hidden("receipt", shown.receipt), hidden("other", pair.other.id)


def _joint_form(shown: Claimed, pair: Pair, texts: ViewTexts) -> Html:
    need, offer = pair_ids(shown.record, pair.other.id)
    # The letter brings forms of its own: it stands beside this one.
    form = action_form(
        "joint",
        f"joint-{pair.other.id}",
        hidden("receipt", shown.receipt),
        hidden("need", need),
        hidden("offer", offer),
        tag("div", submit_button(texts.joint_letter), class_="card-buttons"),
    )
    return join((form, tag("div", id=f"joint-{pair.other.id}", class_="record-region", aria_live="polite")))


def _change_form(shown: Claimed, texts: ViewTexts) -> Html:
    record = shown.record
    form = action_form(
        "revise",
        RECORD,
        hidden("receipt", shown.receipt),
        inputs(kind_of(record), record_values(record), "mine", texts),
        contact_inputs("mine", contact_values(shown.contact), texts),
        tag(
            "div",
            submit_button(texts.save_changes),
            submit_button(texts.withdraw, "withdraw", main=False, confirm=texts.withdraw_sure),
            class_="card-buttons",
        ),
    )
    # A draft was opened to be completed.
    return tag("details", tag("summary", text(texts.change)), form, class_="change", open=record.state is State.DRAFT)


def side_of(record: Need | Offer) -> Side:
    """On which side of a pair the owner of ``record`` stands."""
    return Side.NEED_OWNER if isinstance(record, Need) else Side.OFFER_OWNER


def pair_ids(record: Need | Offer, other_id: str) -> tuple[str, str]:
    """(need id, offer id) of ``record`` and its counterpart."""
    return (record.id, other_id) if isinstance(record, Need) else (other_id, record.id)
