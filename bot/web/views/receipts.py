"""The view for owners: what a receipt opens — state, changes, matches, interests and consents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.market.consents import ConsentState
from bot.market.fields import field_spec, kind_of
from bot.market.quality import QualityReport
from bot.market.reasons import public
from bot.market.records import Interest, Need, Offer, RecordEvent, Side, State
from bot.market.service import OWNER_ACTOR
from bot.types import PrivateContact, Standing
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.views.buttons import action_form, hidden, submit_button
from bot.web.views.fields import contact_inputs, contact_values, inputs, label_of, line_input, record_values
from bot.web.views.publishing import CLAIMED, quality
from bot.web.views.texts import ViewTexts

RECORD, PAIRS = CLAIMED, "mine-pairs"


@dataclass(frozen=True, slots=True)
class Pair:
    """A counterpart of a record, what its owner told, and which consents are on record.

    ``told`` holds the counterpart's words with everything that names somebody already left out.
    """

    other: Need | Offer
    told: Interest | None
    consents: ConsentState


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
        class_="view",
        data_name="mine",
    )


def claimed(
    record: Need | Offer,
    receipt: str,
    report: QualityReport,
    pairs: Sequence[Pair],
    matches: Html,
    events: Sequence[RecordEvent],
    contact: PrivateContact,
    texts: ViewTexts,
    *,
    notice: str = "",
) -> Html:
    """The record a receipt opens, with everything its owner can do."""
    kind = kind_of(record)
    changeable = record.state not in (State.CLOSED, State.AGREED, State.REGISTERED)
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
            quality(report, texts, saved=True) if record.state is State.DRAFT else EMPTY,
            tag("h4", text(texts.pairs)),
            tag("div", pair_cards(record, receipt, pairs, texts), id=PAIRS, aria_live="polite"),
            matches,
            _change_form(record, receipt, contact, texts) if changeable else EMPTY,
            _history(events, texts),
        )
    )


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
        told = "；".join(part for part in (moved, texts.changed.format(changed) if changed else "") if part)
        who = texts.by_owner if event.actor == OWNER_ACTOR else texts.by_office
        when = event.at[:16].replace("T", " ")
        rows.append(tag("tr", tag("td", text(when)), tag("td", text(who)), tag("td", text(told or texts.noted))))
    table = tag("table", tag("tbody", *rows), class_="facts")
    return tag("details", tag("summary", text(texts.history.format(len(rows)))), table, class_="history")


def pair_cards(record: Need | Offer, receipt: str, pairs: Sequence[Pair], texts: ViewTexts) -> Html:
    """Everyone who is interested or was agreed to, with the consents of both sides."""
    if not pairs:
        return tag("p", text(texts.no_pairs), class_="hint")
    return tag("div", *(_pair_card(record, receipt, pair, texts) for pair in pairs), class_="match-cards")


def _pair_card(record: Need | Offer, receipt: str, pair: Pair, texts: ViewTexts) -> Html:
    mine = side_of(record)
    missing = pair.consents.missing
    given = mine not in missing
    told = pair.told
    title = public(pair.other.title)
    return tag(
        "article",
        tag(
            "div",
            tag("span", text(texts.kinds[kind_of(pair.other)]), class_=f"kind kind-{kind_of(pair.other).value}"),
            tag("h4", text(title), lang=language_of(title)),
            tag("span", text(pair.other.id), class_="record-id"),
            class_="match-head",
        ),
        tag("p", text(f"{texts.their_wish}{told.cooperation_sought}")) if told else EMPTY,
        tag("p", text(f"{texts.their_question}{told.unclear}")) if told and told.unclear else EMPTY,
        tag(
            "p",
            text(f"{texts.your_consent}{texts.given if given else texts.not_given}；"),
            text(f"{texts.their_consent}{texts.not_given if _other(mine) in missing else texts.given}"),
            class_="consents",
        ),
        _consent_form(record, receipt, pair, texts, given=given),
        _joint_form(record, receipt, pair, texts) if not missing else EMPTY,
        class_="match-card",
        data_record=pair.other.id,
    )


def _other(side: Side) -> Side:
    return Side.OFFER_OWNER if side is Side.NEED_OWNER else Side.NEED_OWNER


def _consent_form(record: Need | Offer, receipt: str, pair: Pair, texts: ViewTexts, *, given: bool) -> Html:
    open_pair = record.standing is Standing.OPEN and pair.other.standing is Standing.OPEN
    if not given and not open_pair:
        return EMPTY
    return action_form(
        "consent",
        RECORD,
        hidden("receipt", receipt),
        hidden("other", pair.other.id),
        hidden("given", "" if given else "yes"),
        tag(
            "div",
            submit_button(texts.take_back if given else texts.give_consent, main=not given),
            class_="card-buttons",
        ),
    )


def _joint_form(record: Need | Offer, receipt: str, pair: Pair, texts: ViewTexts) -> Html:
    need, offer = pair_ids(record, pair.other.id)
    return action_form(
        "joint",
        f"joint-{pair.other.id}",
        hidden("receipt", receipt),
        hidden("need", need),
        hidden("offer", offer),
        tag("div", submit_button(texts.joint_letter), class_="card-buttons"),
        tag("div", id=f"joint-{pair.other.id}", class_="record-region", aria_live="polite"),
    )


def _change_form(record: Need | Offer, receipt: str, contact: PrivateContact, texts: ViewTexts) -> Html:
    form = action_form(
        "revise",
        RECORD,
        hidden("receipt", receipt),
        inputs(kind_of(record), record_values(record), "mine", texts),
        contact_inputs("mine", contact_values(contact), texts),
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
