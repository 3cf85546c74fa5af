"""Changing a record and its contact for its owner, with the checks of the page. For managers."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.errors import EntryError, MarketError
from bot.market.cells import cell_text
from bot.market.fields import CONTACT_FIELDS, FieldSpec, FieldType, Place, fields_in
from bot.market.records import Confidentiality, Need, Offer
from bot.types import PrivateContact, RecordKind
from bot.web.desk.context import Desk
from bot.web.desk.frame import choice_field, field, form, hidden, line_field, page, submit, text_field
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.pipeline.addresses import RECORDS, kind_of_address, number, record_address
from bot.web.desk.pipeline.listing import of_record
from bot.web.desk.pipeline.record import existing
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY, Html, join, tag, text

_MOST_ENTRIES = 200
_LEVELS = {"": "—", **{str(level): str(level) for level in range(1, 10)}}
#: The part of a contact by the entry of a form; contacts of a record have no note of their own.
_CONTACT = {spec.name: spec.name.removeprefix("contact_") for spec in CONTACT_FIELDS}


def editing_router(desk: Desk) -> APIRouter:
    """The form and what it sends; a refused one shows everything typed."""
    router = APIRouter()
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]

    @router.get(f"{RECORDS}/edit", response_class=HTMLResponse)
    def edit(signed: manager, kind: str = "", id: str = "") -> HTMLResponse:  # noqa: A002 - the name in the address
        of = kind_of_address(kind)
        try:
            record = existing(desk, of, id)
        except MarketError as error:
            return HTMLResponse(page("修改", EMPTY, signed, path=RECORDS, problem=str(error)), 404)
        contact = desk.market.own_contact(of, id)
        if not contact.empty:
            desk.trail.record(signed.user, "contact.seen", f"{of.value}:{id}")
        shown = _form(of, id, _values(of, record, contact), desk.market.newest_event(of, id), signed)
        return HTMLResponse(page("修改", shown, signed, path=RECORDS))

    @router.post(f"{RECORDS}/edit", dependencies=[OwnForm], response_model=None)
    async def save(signed: manager, request: Request) -> HTMLResponse | RedirectResponse:
        sent = await request.form(max_fields=_MOST_ENTRIES, max_files=0)
        entries = {name: value for name, value in sent.items() if isinstance(value, str)}
        return saved(signed, entries)

    def saved(signed: Signed, sent: Mapping[str, str]) -> HTMLResponse | RedirectResponse:
        of, record_id, seen = kind_of_address(sent.get("kind", "")), sent.get("id", ""), number(sent.get("seen", ""))
        names = {spec.name for spec in fields_in(of, Place.FORM)}
        values = {name: value for name, value in sent.items() if name in names}
        try:
            before = desk.market.own_contact(of, record_id)
            contact = _contact(sent, before)
            desk.market.edit(of, record_id, values, contact=contact, actor=signed.user.name, seen=seen)
        except MarketError as error:
            told = f"{_label(of, error)}{error}"
            shown = _form(of, record_id, sent, seen, signed)
            return HTMLResponse(page("修改", shown, signed, path=RECORDS, problem=told), 409)
        desk.trail.record(signed.user, "record.edit", f"{of.value}:{record_id}")
        return see_other(record_address(of, record_id))

    return router


def _contact(sent: Mapping[str, str], before: PrivateContact) -> PrivateContact:
    parts = {part: sent.get(entry, "") for entry, part in _CONTACT.items()}
    return PrivateContact(**{"note": before.note, **parts})


def _values(kind: RecordKind, record: Need | Offer, contact: PrivateContact) -> dict[str, str]:
    told = {spec.name: cell_text(getattr(record, spec.name)) for spec in fields_in(kind, Place.FORM)}
    return told | {entry: getattr(contact, part) for entry, part in _CONTACT.items()}


def _label(kind: RecordKind, error: MarketError) -> str:
    if not isinstance(error, EntryError):
        return ""
    specs = (*fields_in(kind, Place.FORM), *CONTACT_FIELDS)
    return next((f"{spec.label}：" for spec in specs if spec.name == error.entry), "")


def _form(kind: RecordKind, record_id: str, values: Mapping[str, str], seen: int, signed: Signed) -> Html:
    fields = [_field(spec, values.get(spec.name, "")) for spec in fields_in(kind, Place.FORM)]
    contact = [line_field(spec.label, spec.name, values.get(spec.name, "")) for spec in CONTACT_FIELDS]
    back = tag("a", text("不改了，返回"), href=record_address(kind, record_id))
    body = form(
        f"{RECORDS}/edit",
        signed,
        *of_record(kind, record_id),
        hidden("seen", str(seen)),
        *fields,
        tag("h2", text("联系方式（不公开）")),
        *contact,
        submit("保存", main=True),
    )
    return join((body, tag("p", back)))


def _field(spec: FieldSpec, value: str) -> Html:
    if spec.type is FieldType.CONFIDENTIALITY:
        return choice_field(spec.label, spec.name, {each.label: each.label for each in Confidentiality}, value)
    if spec.type is FieldType.TRL:
        # What cannot be chosen was typed by no form of ours; it is shown all the same.
        return choice_field(spec.label, spec.name, {**_LEVELS, value: value or "—"}, value)
    if spec.type is FieldType.TEXT:
        return text_field(spec.label, spec.name, value, hint=spec.question)
    box = tag("input", type="text", id=spec.name, name_=spec.name, value=value, maxlength=spec.max_length)
    return field(spec.label, box, of=spec.name, hint=spec.question)
