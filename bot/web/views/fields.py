"""Records as labelled lines and as form fields, read from the one description of their fields."""

from __future__ import annotations

from collections.abc import Mapping

from bot.market.cells import cell_text
from bot.market.fields import CONTACT_FIELDS, MAX_LINE, FieldSpec, FieldType, Place, fields_in, kind_of
from bot.market.reasons import public
from bot.market.records import Confidentiality, Need, Offer
from bot.types import PrivateContact, RecordKind
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.telling import told
from bot.web.texts.views import ViewTexts

#: Form entries that go to the private contact; never part of a record.
CONTACT_ENTRIES = tuple(spec.name for spec in CONTACT_FIELDS)
_ROWS = 3


def form_specs(kind: RecordKind) -> tuple[FieldSpec, ...]:
    """The fields a person may fill in, those that lead in the order they are asked first."""
    return tuple(sorted(fields_in(kind, Place.FORM), key=lambda spec: (not spec.lead, spec.turn * spec.lead)))


def form_values(kind: RecordKind, entries: Mapping[str, str]) -> dict[str, str]:
    """What a sent form holds of the fields a person may fill in; nothing else gets through."""
    names = {spec.name for spec in form_specs(kind)}
    return {name: value for name, value in entries.items() if name in names}


def record_values(record: Need | Offer) -> dict[str, str]:
    """A record's values as a form shows them."""
    return {spec.name: cell_text(getattr(record, spec.name)) for spec in form_specs(kind_of(record))}


def details(record: Need | Offer, texts: ViewTexts) -> Html:
    """All that is public of a record, without ways to reach somebody."""
    rows: list[Html] = []
    for spec in fields_in(kind_of(record), Place.DETAILS):
        value = getattr(record, spec.name)
        if not value:
            continue
        shown = public(cell_text(value))
        if spec.type in (FieldType.CONFIDENTIALITY, FieldType.YES_NO):
            shown = told(shown, texts.language)
        rows.append(tag("dt", text(label_of(spec, texts))))
        rows.append(tag("dd", text(shown), lang=language_of(shown)))
    return tag("dl", *rows, class_="record-fields") if rows else EMPTY


def label_of(spec: FieldSpec, texts: ViewTexts) -> str:
    """A field's label in the language of the page."""
    return texts.field_labels.get(spec.name, spec.label)


def inputs(kind: RecordKind, values: Mapping[str, str], prefix: str, texts: ViewTexts) -> Html:
    """The fields of a form: the telling ones open, the others folded."""
    specs = form_specs(kind)
    shown = [_input(spec, values, prefix, texts) for spec in specs]
    count = sum(spec.lead for spec in specs)
    filled = any(values.get(spec.name) for spec in specs[count:])
    summary = tag("summary", text(texts.optional_fields.format(len(shown) - count)))
    rest = tag("details", summary, tag("div", *shown[count:], class_="form-grid"), open=filled, class_="more-fields")
    return join((tag("div", *shown[:count], class_="form-grid"), rest))


def _input(spec: FieldSpec, values: Mapping[str, str], prefix: str, texts: ViewTexts) -> Html:
    identifier = f"{prefix}-{spec.name}"
    value = values.get(spec.name, "")
    label = tag(
        "label",
        text(label_of(spec, texts)),
        tag("span", text(texts.required), class_="required") if spec.required else EMPTY,
        for_=identifier,
    )
    hint = told(spec.question, texts.language)
    return tag(
        "div",
        label,
        tag("p", text(hint), class_="field-hint", id=f"{identifier}-hint") if hint else EMPTY,
        _control(spec, identifier, value, texts, described=bool(hint)),
        class_="field field-wide" if spec.type is FieldType.TEXT or spec.name == "title" else "field",
    )


def _control(spec: FieldSpec, identifier: str, value: str, texts: ViewTexts, *, described: bool) -> Html:
    described_by = f"{identifier}-hint" if described else None
    if spec.type is FieldType.CONFIDENTIALITY:
        choices = [(level.label, texts.confidentiality[level]) for level in Confidentiality]
        return select(spec.name, identifier, choices, value)
    if spec.type is FieldType.TRL:
        return select(spec.name, identifier, [("", "—"), *((str(n), str(n)) for n in range(1, 10))], value)
    if spec.type is FieldType.TEXT:
        return tag(
            "textarea",
            text(value),
            id=identifier,
            name_=spec.name,
            rows=_ROWS,
            maxlength=spec.max_length,
            placeholder=told(spec.example, texts.language),
            aria_describedby=described_by,
        )
    return tag(
        "input",
        type="text",
        id=identifier,
        name_=spec.name,
        value=value,
        maxlength=spec.max_length,
        placeholder=told(spec.example, texts.language),
        required=spec.required,
        aria_describedby=described_by,
        autocomplete="off",
    )


def select(name: str, identifier: str, choices: list[tuple[str, str]], chosen: str) -> Html:
    """A list to choose from: (value, label) pairs."""
    options = (tag("option", text(label), value=value, selected=value == chosen) for value, label in choices)
    return tag("select", *options, id=identifier, name_=name)


def line_input(
    name: str, identifier: str, label: str, *, value: str = "", **attributes: str | int | bool | None
) -> Html:
    """One labelled line."""
    sizes: dict[str, str | int | bool | None] = {"type": "text", "maxlength": MAX_LINE}
    control = tag("input", id=identifier, name_=name, value=value, **{**sizes, **attributes})
    return tag("div", tag("label", text(label), for_=identifier), control, class_="field")


def text_input(
    name: str, identifier: str, label: str, *, value: str = "", **attributes: str | int | bool | None
) -> Html:
    """One labelled box for some sentences."""
    control = tag(
        "textarea", text(value), id=identifier, name_=name, **{"rows": _ROWS, "maxlength": 2_000, **attributes}
    )
    return tag("div", tag("label", text(label), for_=identifier), control, class_="field field-wide")


def contact_inputs(prefix: str, values: Mapping[str, str], texts: ViewTexts) -> Html:
    """The private part of a form."""
    labels = (texts.contact_name, texts.contact_phone, texts.contact_email)
    kinds = ("text", "tel", "email")
    lines = (
        line_input(name, f"{prefix}-{name}", label, value=values.get(name, ""), type=kind, autocomplete="off")
        for name, label, kind in zip(CONTACT_ENTRIES, labels, kinds, strict=True)
    )
    return tag(
        "fieldset",
        tag("legend", text(texts.private_heading)),
        tag("p", text(texts.private_hint), class_="field-hint"),
        tag("div", *lines, class_="form-grid"),
        class_="private",
    )


def sent_contact(fields: Mapping[str, str]) -> PrivateContact:
    """The private part of what a form sent."""
    name, phone, email = (fields.get(entry, "") for entry in CONTACT_ENTRIES)
    return PrivateContact(name=name, phone=phone, email=email)


def contact_values(contact: PrivateContact) -> dict[str, str]:
    """The private part of a form, filled in."""
    return dict(zip(CONTACT_ENTRIES, (contact.name, contact.phone, contact.email), strict=True))
