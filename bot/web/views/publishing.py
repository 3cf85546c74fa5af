"""The view to publish a need or an offer: tell it, see the form, check it, submit it, get a receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.market.fields import kind_of
from bot.market.masking import Preview
from bot.market.publishing import Submission
from bot.market.quality import MAX_POINTS, CriterionScore, QualityReport, Verdict
from bot.market.records import Need, Offer, State
from bot.types import RecordKind
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.telling import told as told_in
from bot.web.texts.views import ViewTexts
from bot.web.views.bulk import bulk_form
from bot.web.views.buttons import action_button, action_form, hidden, submit_button, view_button
from bot.web.views.fields import contact_inputs, inputs, line_input, sent_contact, text_input
from bot.web.views.kept_receipts import new_receipt_tools
from bot.web.views.previews import preview_card
from bot.web.views.state_words import state_line
from bot.web.views.steps import steps_line

FORM, OUTCOME = "publish-form", "publish-outcome"
#: Where the view of owners shows a record.
CLAIMED = "mine-record"


def publish_view(texts: ViewTexts) -> Html:
    """The shell: a box to tell it in plain words, and the form."""
    kinds = [
        tag(
            "label",
            tag("input", type="radio", name_="kind", value=kind.value, checked=kind is RecordKind.NEED),
            text(texts.kinds[kind]),
            class_="check",
        )
        for kind in (RecordKind.NEED, RecordKind.OFFER)
    ]
    return tag(
        "section",
        tag("h2", text(texts.view_publish), tabindex="-1"),
        steps_line(texts),
        tag("p", text(texts.publish_hint), class_="view-hint"),
        action_form(
            "tell",
            FORM,
            tag("div", *kinds, class_="choices", role="radiogroup", aria_label=texts.view_publish),
            text_input("told", "tell-told", texts.told_label, placeholder=texts.told_placeholder),
            tag("div", submit_button(texts.fill_in), class_="card-buttons"),
            identifier="tell-form",
        ),
        tag("div", id=FORM, class_="view-region", aria_live="polite", data_on_show="form"),
        class_="view",
        data_name="publish",
    )


def record_form(
    kind: RecordKind,
    values: Mapping[str, str],
    texts: ViewTexts,
    *,
    unit: str = "",
    contact: Mapping[str, str] | None = None,
    left_out: Sequence[str] = (),
    told: bool = False,
) -> Html:
    """The whole form of one record; nothing is saved before it is submitted."""
    return join(
        (
            action_form(
                "preview",
                FORM,
                hidden("kind", kind.value),
                tag("h3", text(texts.publish_heading.format(texts.kinds[kind])), tabindex="-1"),
                tag("p", text(texts.filled_in), class_="hint") if told else EMPTY,
                *(tag("p", text(f"{texts.left_out}{each}"), class_="hint") for each in left_out),
                inputs(kind, values, "publish", texts),
                line_input("unit", "publish-unit", texts.unit, value=unit, placeholder=texts.unit_hint),
                contact_inputs("publish", contact or {}, texts),
                tag(
                    "div",
                    submit_button(texts.preview_step),
                    submit_button(texts.check, "check", main=False, target=OUTCOME),
                    class_="card-buttons",
                ),
                identifier="record-form",
            ),
            tag("div", id=OUTCOME, class_="view-region", aria_live="polite"),
            _templates(kind, texts),
            bulk_form(kind, texts),
        )
    )


def _templates(kind: RecordKind, texts: ViewTexts) -> Html:
    return tag(
        "p",
        text(texts.template_hint),
        *(
            action_button(f"{texts.template} {suffix.upper()}", "template", {"kind": kind.value, "suffix": suffix}, "")
            for suffix in ("xlsx", "csv")
        ),
        class_="templates",
    )


def verdict_words(report: QualityReport, texts: ViewTexts, *, waits: bool) -> str:
    """What would become of a record that is submitted now; with moderation it ``waits``."""
    if report.verdict is Verdict.HOLD:
        return texts.would_be_held
    return texts.would_wait if waits else texts.would_be_published


def previewed(
    sent: Mapping[str, str], preview: Preview, report: QualityReport, texts: ViewTexts, *, waits: bool
) -> Html:
    """The step before anything is saved: what others will see of ``sent``, and the button that submits just that."""
    passed = report.verdict is Verdict.PUBLISH
    confirm = texts.preview_confirm_waiting if waits else texts.preview_confirm
    return tag(
        "section",
        tag("h3", text(texts.preview_heading), tabindex="-1"),
        tag("p", text(texts.preview_hint_waiting if waits else texts.preview_hint), class_="hint"),
        preview_card(preview, sent_contact(sent), texts),
        tag("p", text(verdict_words(report, texts, waits=waits)), class_="verdict"),
        EMPTY if passed else quality(report, texts, saved=False),
        action_form(
            "submit",
            FORM,
            *(hidden(name, value) for name, value in sent.items()),
            tag(
                "div",
                submit_button(confirm if passed else texts.preview_keep),
                submit_button(texts.preview_back, "form", main=False),
                class_="card-buttons",
            ),
            identifier="confirm-form",
        ),
        class_="outcome",
    )


def quality(report: QualityReport, texts: ViewTexts, *, saved: bool) -> Html:
    """The four criteria with their points, and what would raise them."""
    passed = report.verdict is Verdict.PUBLISH
    rows = [_criterion(score, texts) for score in report.scores]
    advice = [tag("li", text(told_in(each, texts.language))) for each in report.improve]
    return tag(
        "section",
        tag("p", text(texts.total.format(report.total)), class_="total"),
        tag("ul", *rows, class_="criteria"),
        join((tag("h5", text(texts.improve)), tag("ul", *advice, class_="advice"))) if advice else EMPTY,
        EMPTY if saved else tag("p", text(texts.not_saved), class_="hint"),
        class_="quality quality-passed" if passed else "quality quality-held",
    )


def _criterion(score: CriterionScore, texts: ViewTexts) -> Html:
    return tag(
        "li",
        tag("span", text(texts.criteria[score.criterion]), class_="criterion"),
        tag("meter", min=0, max=MAX_POINTS, value=score.points, aria_label=texts.criteria[score.criterion]),
        tag("span", text(f"{score.points} / {MAX_POINTS}"), class_="points"),
    )


def submission(done: Submission, texts: ViewTexts, matches: Html) -> Html:
    """What became of a submitted record, with its receipt and whom it may fit."""
    published = done.report.verdict is Verdict.PUBLISH
    label = texts.open_record if published else texts.complete
    goes_on = view_button(label, "mine", "claim", {"receipt": done.receipt}, CLAIMED, main=not published)
    another = action_button(texts.another, "form", {"kind": kind_of(done.record).value}, FORM)
    return tag(
        "section",
        tag("h3", text(_became(done.record, texts)), tabindex="-1"),
        receipt_card(done.receipt, texts, again=done.again),
        state_line(done.record, texts),
        quality(done.report, texts, saved=True),
        matches,
        tag("div", goes_on, another, class_="card-buttons"),
        class_="outcome",
    )


def _became(record: Need | Offer, texts: ViewTexts) -> str:
    if record.state is State.CHECKED:
        return texts.waiting
    return texts.held if record.state is State.DRAFT else texts.published


def receipt_card(receipt: str, texts: ViewTexts, *, again: bool = False) -> Html:
    """The code, shown once; ``again`` where the first time was lost on its way."""
    return tag(
        "div",
        tag("p", text(texts.sent_again), class_="notice-line") if again else EMPTY,
        tag("p", text(texts.receipt)),
        tag("p", tag("code", text(receipt), class_="receipt-code copy-source")),
        tag("button", text(texts.copy), type="button", data_copy="receipt", class_="quiet"),
        tag("span", text(receipt), class_="copy-source", hidden=True),
        tag("p", text(texts.receipt_hint), class_="hint"),
        new_receipt_tools(receipt, texts),
        class_="receipt",
    )
