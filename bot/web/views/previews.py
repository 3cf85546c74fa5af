"""A record as others will see it, what is left out of it and why, and what stays private: for its owner."""

from __future__ import annotations

from bot.market.masking import LeftOut, Preview
from bot.types import PrivateContact
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.telling import told as told_in
from bot.web.texts.views import ViewTexts


def preview_card(preview: Preview, contact: PrivateContact, texts: ViewTexts) -> Html:
    """The public text as a card will show it, then what is masked with the reason, then what stays private."""
    lines: list[Html] = []
    for line in preview.lines:
        label = texts.field_labels.get(line.field, line.label)
        shown = told_in(line.text, texts.language) if line.field == "confidentiality" else line.text
        lines += [tag("dt", text(label)), tag("dd", text(shown), lang=language_of(shown))]
    lines += [
        tag("dt", text(texts.owner)),
        tag("dd", text(told_in(preview.owner, texts.language) or texts.owner_withheld)),
    ]
    return tag(
        "section",
        tag("dl", *lines, class_="record-fields"),
        tag("h4", text(texts.preview_left_out)),
        _left_out(preview, texts),
        tag("h4", text(texts.preview_private)),
        _private(contact, texts),
        class_="preview",
    )


def _left_out(preview: Preview, texts: ViewTexts) -> Html:
    if not preview.left_out:
        return tag("p", text(texts.preview_nothing_left_out), class_="hint")
    labels = {line.field: texts.field_labels.get(line.field, line.label) for line in preview.lines}
    rows = dict.fromkeys(
        (labels.get(each.field, each.field), each.text, _reason(each, texts)) for each in preview.left_out
    )
    return tag(
        "ul",
        *(
            tag("li", text(f"{label}{texts.colon}{told}"), tag("span", text(why), class_="hint"))
            for label, told, why in rows
        ),
    )


def _reason(left_out: LeftOut, texts: ViewTexts) -> str:
    return texts.preview_reason.format(texts.finding_kinds[left_out.kind])


def _private(contact: PrivateContact, texts: ViewTexts) -> Html:
    told = (
        (texts.contact_name, contact.name),
        (texts.contact_phone, contact.phone),
        (texts.contact_email, contact.email),
    )
    items = [tag("li", text(f"{label}{texts.colon}{value}")) for label, value in told if value]
    if not items:
        return tag("p", text(texts.preview_no_contact), class_="hint")
    return join((tag("ul", *items), tag("p", text(texts.private_hint), class_="hint"), EMPTY))
