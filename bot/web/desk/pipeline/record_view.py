"""A record's page as markup: what it says, where it stands, whom it fits, what happened to it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.market.cells import cell_text
from bot.market.fields import FIELDS
from bot.market.records import (
    CloseReason,
    State,
    allowed_transitions,
)
from bot.pipeline.case_files import LONGEST_NOTE, CaseEntry
from bot.pipeline.duplicates import LikelyDuplicate
from bot.text.moments import to_the_minute
from bot.web.desk.frame import as_told, choice_field, field, form, hidden, submit
from bot.web.desk.guard import Signed
from bot.web.desk.pipeline.addresses import RECORDS, edit_address, merge_address, record_address
from bot.web.desk.pipeline.fits_view import matches_view, neighbours_view, pairings_view
from bot.web.desk.pipeline.life_view import history_view, quality_view
from bot.web.desk.pipeline.listing import of_record
from bot.web.desk.pipeline.shown import Shown
from bot.web.markup import EMPTY, Html, join, tag, text


def record_page(shown: Shown, signed: Signed, typed: Mapping[str, str]) -> Html:
    """The whole page; ``typed`` holds what was typed into a form that was refused."""
    return join(
        (
            _head(shown, signed),
            _waiting(shown, signed, typed),
            _section("内容", _content(shown)),
            _section("可能重复", _duplicates(shown, signed)) if shown.duplicates else EMPTY,
            _section("匹配", matches_view(shown)),
            _section("意向与同意", pairings_view(shown)),
            _section("备注", _notes(shown, signed, typed)),
            _section("改状态", _moves(shown, signed, typed)),
            _section("质量", quality_view(shown.quality)),
            _section("相近的同类", neighbours_view(shown)),
            _section("历史", history_view(shown.events)),
        )
    )


def _section(heading: str, *body: Html) -> Html:
    return tag("section", tag("h2", text(heading)), *body, class_="part")


def _head(shown: Shown, signed: Signed) -> Html:
    record, kind = shown.record, shown.kind
    about = of_record(kind, record.id)
    if not shown.keeper:
        keeping = join(
            (tag("p", text("没有人负责")), form(f"{RECORDS}/take", signed, *about, submit("接手", main=True)))
        )
    else:
        mine = shown.keeper == signed.user.name
        let_go = form(f"{RECORDS}/let-go", signed, *about, submit("放回")) if mine else EMPTY
        keeping = join(
            (
                tag("p", tag("span", text("负责人")), text(" "), as_told(shown.keeper)),
                let_go,
                _handing_on(shown, signed),
            )
        )
    why = record.close_reason
    closed = join((text(" · "), tag("span", text(why.label)))) if why is not None else EMPTY
    state = tag("p", tag("strong", text(record.state.label)), closed, text(" · "), as_told(record.id), class_="state")
    return join(
        (
            tag("p", as_told(record.title), class_="record-title"),
            state,
            tag("p", text("示例"), class_="hint") if record.sample else EMPTY,
            tag("p", text("历史记录"), class_="hint") if record.historic else EMPTY,
            _merged(shown),
            tag("div", keeping, class_="keeping"),
        )
    )


def _merged(shown: Shown) -> Html:
    if not shown.merged_into:
        return EMPTY
    link = tag("a", as_told(shown.merged_into), href=record_address(shown.kind, shown.merged_into))
    return tag("p", tag("span", text("这条已并入")), text(" "), link, class_="notice")


def _handing_on(shown: Shown, signed: Signed) -> Html:
    others = {name: name for name in shown.managers if name != shown.keeper}
    if not others:
        return EMPTY
    control = tag("select", *(tag("option", as_told(name), value=name) for name in others), id="to", name_="to")
    return form(
        f"{RECORDS}/hand-on",
        signed,
        *of_record(shown.kind, shown.record.id),
        hidden("holder", shown.keeper),
        field("转交给", control, of="to"),
        submit("转交"),
    )


def _waiting(shown: Shown, signed: Signed, typed: Mapping[str, str]) -> Html:
    """What waits for moderation: publish it, or give it back with a reason."""
    record = shown.record
    if shown.returned_for:
        told = join((tag("span", text("已退回登记人，原因")), text("："), as_told(shown.returned_for)))
        return tag("p", told, class_="notice")
    if record.state not in (State.DRAFT, State.CHECKED):
        return EMPTY
    about = (*of_record(shown.kind, record.id), hidden("seen", str(shown.seen)))
    publish = form(f"{RECORDS}/publish", signed, *about, submit("发布", main=True))
    if record.state is State.DRAFT:
        return publish
    box = tag(
        "textarea",
        text("\n" + typed.get("reason", "")),
        id="reason",
        name_="reason",
        rows=3,
        required=True,
        maxlength=500,
    )
    back = form(
        f"{RECORDS}/send-back",
        signed,
        *about,
        field("退回的原因（登记人凭回执码看到）", box, of="reason"),
        submit("退回"),
    )
    return tag("section", tag("h2", text("等待审核")), publish, back, class_="part moderation")


def _content(shown: Shown) -> Html:
    rows: list[Html] = []
    for spec in FIELDS[shown.kind]:
        stated = getattr(shown.record, spec.name)
        value = cell_text(stated)
        if value and stated is not False and spec.name not in ("id", "title", "owner_id"):
            rows += [tag("dt", text(spec.label)), tag("dd", as_told(value))]
    party = shown.party
    if party.organisation is not None:
        rows += [tag("dt", text("单位")), tag("dd", as_told(party.organisation.shown_name))]
    contact = party.contact.line if party.contact is not None else ""
    rows += [
        tag("dt", text("联系方式（不公开，看过会记下）")),
        tag("dd", as_told(contact) if contact else text("没有留")),
    ]
    link = tag("p", tag("a", text("修改内容和联系方式"), href=edit_address(shown.kind, shown.record.id)))
    return join((tag("dl", *rows, class_="fields"), link))


def _duplicates(shown: Shown, signed: Signed) -> Html:
    items = []
    for each in shown.duplicates:
        other = each.other_than(shown.record.id)
        title = shown.titles.get((shown.kind, other), other)
        items.append(
            tag(
                "li",
                tag("a", as_told(title), href=record_address(shown.kind, other)),
                text(" · "),
                tag("span", text(each.grounds.label)),
                text(" · "),
                tag("a", text("并排比较、合并"), href=merge_address(shown.kind, shown.record.id, other)),
                different_form(each, signed),
            )
        )
    return tag("ul", *items)


def different_form(each: LikelyDuplicate, signed: Signed) -> Html:
    """A button that remembers that two are not one."""
    named = (hidden("kind", each.kind.value), hidden("one", each.one_id), hidden("other", each.other_id))
    return form(f"{RECORDS}/different", signed, *named, submit("不是重复"))


def _notes(shown: Shown, signed: Signed, typed: Mapping[str, str]) -> Html:
    items = [_entry(each) for each in reversed(shown.entries)]
    box = tag(
        "textarea",
        text("\n" + typed.get("words", "")),
        id="words",
        name_="words",
        rows=3,
        required=True,
        maxlength=LONGEST_NOTE,
    )
    note = form(
        f"{RECORDS}/note",
        signed,
        *of_record(shown.kind, shown.record.id),
        field("备注（只给经理人看）", box, of="words"),
        submit("记下"),
    )
    return join((tag("ul", *items, class_="entries") if items else EMPTY, note))


def _entry(entry: CaseEntry) -> Html:
    words = as_told(entry.text) if entry.text else EMPTY
    parts = (text(to_the_minute(entry.at)), as_told(entry.author), tag("span", text(entry.action.label)), words)
    return tag("li", join(parts, text(" ")))


def _moves(shown: Shown, signed: Signed, typed: Mapping[str, str]) -> Html:
    state = shown.record.state
    targets = {each.value: each.label for each in allowed_transitions(state) if each is not State.CLOSED}
    about = (*of_record(shown.kind, shown.record.id), hidden("seen", str(shown.seen)))
    parts = []
    if targets:
        parts.append(form(f"{RECORDS}/move", signed, *about, choice_field("改为", "target", targets), submit("改状态")))
    if State.CLOSED in allowed_transitions(state):
        reasons = {"": "选一个原因", **{each.value: each.label for each in CloseReason}}
        close = form(
            f"{RECORDS}/close",
            signed,
            *about,
            choice_field("结束的原因", "why", reasons, typed.get("why", "")),
            field(
                "说明",
                tag(
                    "input",
                    type="text",
                    id="close-words",
                    name_="words",
                    value=typed.get("close_words", ""),
                    maxlength=500,
                ),
                of="close-words",
            ),
            submit("结束"),
        )
        parts.append(close)
    return join(parts) if parts else tag("p", text("已经走到最后一步。"), class_="empty")
