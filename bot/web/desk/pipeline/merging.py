"""Likely duplicates: the list, two records side by side, merging them, remembering that they are two. For managers."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.errors import AssistantError, MarketError
from bot.market.cells import cell_text
from bot.market.fields import Place, fields_in
from bot.market.records import Need, Offer
from bot.pipeline.duplicates import Choice, Duplicates, LikelyDuplicate
from bot.types import RecordKind
from bot.web.desk.context import Desk
from bot.web.desk.frame import as_told, confirming, form, hidden, page, submit, table
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.pipeline.addresses import (
    RECORDS,
    choice,
    kind_of_address,
    merge_address,
    number,
    record_address,
)
from bot.web.desk.pipeline.record import existing
from bot.web.desk.pipeline.record_view import different_form
from bot.web.desk.replies import see_other
from bot.web.markup import Html, join, tag, text

_MOST_ENTRIES = 200
_LIST = f"{RECORDS}/duplicates"
#: Choices that stand beside the fields of a form.
_BESIDE = {"owner_id": "单位", "contact": "联系方式"}


def merging_router(desk: Desk) -> APIRouter:
    """The list and the decisions."""
    router = APIRouter()
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]
    duplicates = Duplicates(desk.market)

    @router.get(_LIST, response_class=HTMLResponse)
    def listed(signed: manager, number: int = 1) -> str:
        duplicates.sweep()
        rows = [_row(each, desk, signed) for each in duplicates.listed(min(number, 10_000))]
        told = tag("p", text("合并后，两边的回执码都打开留下的那一条；同意要重新征询。"), class_="hint")
        shown = table(("一条", "另一条", "为什么", "相近", "决定"), rows, "没有可能重复的记录。")
        return page("可能重复", join((told, shown)), signed, path=RECORDS)

    @router.post(f"{RECORDS}/different", dependencies=[OwnForm], response_model=None)
    def different(
        signed: manager, kind: str = Form(""), one: str = Form(""), other: str = Form("")
    ) -> HTMLResponse | RedirectResponse:
        try:
            duplicates.different(kind_of_address(kind), one, other, by=signed.user.name)
        except AssistantError as error:
            return _refused(error, signed)
        return see_other(_LIST)

    _add_merging(router, desk)
    return router


def _add_merging(router: APIRouter, desk: Desk) -> None:
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]

    @router.get(f"{RECORDS}/merge", response_class=HTMLResponse)
    def side_by_side(signed: manager, kind: str = "", kept: str = "", merged: str = "") -> HTMLResponse:
        of = kind_of_address(kind)
        try:
            pair = existing(desk, of, kept), existing(desk, of, merged)
        except MarketError as error:
            return _refused(error, signed, 404)
        for each in (kept, merged):
            if not desk.market.own_contact(of, each).empty:
                desk.trail.record(signed.user, "contact.seen", f"{of.value}:{each}")
        return HTMLResponse(page("合并", _compared(desk, of, pair, signed), signed, path=RECORDS))

    @router.post(f"{RECORDS}/merge", dependencies=[OwnForm], response_model=None)
    async def merge(signed: manager, request: Request) -> HTMLResponse | RedirectResponse:
        sent = await request.form(max_fields=_MOST_ENTRIES, max_files=0)
        return _merged_as(desk, signed, {name: value for name, value in sent.items() if isinstance(value, str)})


def _merged_as(desk: Desk, signed: Signed, sent: Mapping[str, str]) -> HTMLResponse | RedirectResponse:
    of, kept, merged = kind_of_address(sent.get("kind", "")), sent.get("kept", ""), sent.get("merged", "")
    if sent.get("sure") != "1":
        question = "合并后，并入的那条会结束，回执、意向和备注归留下的那条，不能一步撤回。合并吗？"
        carried = {name: value for name, value in sent.items() if name not in ("csrf", "sure")}
        asked = confirming(question, f"{RECORDS}/merge", signed, "合并", merge_address(of, kept, merged), **carried)
        return HTMLResponse(page("合并", asked, signed, path=RECORDS))
    chosen = {
        name.removeprefix("take-"): found
        for name, value in sent.items()
        if name.startswith("take-") and (found := choice(Choice, value)) is not None
    }
    seen = number(sent.get("seen_kept", "")), number(sent.get("seen_merged", ""))
    try:
        Duplicates(desk.market).merge(of, kept, merged, choices=chosen, seen=seen, by=signed.user.name)
    except AssistantError as error:
        return _refused(error, signed, back=merge_address(of, kept, merged))
    return see_other(record_address(of, kept))


def _refused(error: AssistantError, signed: Signed, status: int = 409, back: str = _LIST) -> HTMLResponse:
    link = tag("p", tag("a", text("返回"), href=back))
    return HTMLResponse(page("合并", link, signed, path=RECORDS, problem=str(error)), status)


def _row(each: LikelyDuplicate, desk: Desk, signed: Signed) -> tuple[Html, ...]:
    found = (desk.market.find(each.kind, record_id) for record_id in (each.one_id, each.other_id))
    links = [
        tag("a", as_told(record.title), href=record_address(each.kind, record.id))
        for record in found
        if record is not None
    ]
    compare = tag("a", text("并排比较、合并"), href=merge_address(each.kind, each.one_id, each.other_id))
    decide = join((compare, different_form(each, signed)))
    return (*links, text(each.grounds.label), text(f"{each.likeness}%"), decide)


def _compared(desk: Desk, kind: RecordKind, pair: tuple[Need | Offer, Need | Offer], signed: Signed) -> Html:
    kept, merged = pair
    rows = []
    for spec in fields_in(kind, Place.FORM):
        values = cell_text(getattr(kept, spec.name)), cell_text(getattr(merged, spec.name))
        if any(values):
            rows.append(_choice(spec.name, spec.label, values))
    owners = _owner(desk, kept), _owner(desk, merged)
    contacts = desk.market.own_contact(kind, kept.id).line, desk.market.own_contact(kind, merged.id).line
    for name, values in (("owner_id", owners), ("contact", contacts)):
        if any(values):
            rows.append(_choice(name, _BESIDE[name], values))
    seen = [desk.market.newest_event(kind, each.id) for each in pair]
    heads = _heads(kind, pair)
    return join(
        (
            *heads,
            tag("p", tag("a", text("换过来：留下另一条"), href=merge_address(kind, merged.id, kept.id))),
            form(
                f"{RECORDS}/merge",
                signed,
                hidden("kind", kind.value),
                hidden("kept", kept.id),
                hidden("merged", merged.id),
                hidden("seen_kept", str(seen[0])),
                hidden("seen_merged", str(seen[1])),
                table(("栏目", "留下的这条", "并入的那条"), rows, "两条都没有内容。"),
                submit("合并", main=True),
            ),
        )
    )


def _heads(kind: RecordKind, pair: tuple[Need | Offer, Need | Offer]) -> list[Html]:
    return [
        tag(
            "p",
            tag("strong", text(told)),
            text(" "),
            tag("a", as_told(each.id), href=record_address(kind, each.id)),
            text(" · "),
            tag("span", text(each.state.label)),
        )
        for told, each in zip(("留下", "并入"), pair, strict=True)
    ]


def _owner(desk: Desk, record: Need | Offer) -> str:
    organisation = desk.market.party(record).organisation
    return organisation.shown_name if organisation is not None else ""


def _choice(name: str, label: str, values: tuple[str, str]) -> tuple[Html, ...]:
    """A field of both records; where they differ, whose value stays. One that only the other has is taken."""
    if values[0] == values[1]:
        return text(label), as_told(values[0]), tag("span", text("相同"), class_="hint")
    cells = []
    for which, value in zip((Choice.KEPT, Choice.OTHER), values, strict=True):
        chosen = (which is Choice.OTHER) is (not values[0])
        box = tag("input", type="radio", name_=f"take-{name}", value=which.value, checked=chosen, class_="inline")
        shown = as_told(value) if value else tag("span", text("没有写"), class_="hint")
        cells.append(tag("label", box, text(" "), shown, class_="choose"))
    return text(label), *cells
