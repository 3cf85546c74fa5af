"""The list of needs and offers: filtered, sorted, paged, kept under a name, taken out as a file. For managers."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from collections.abc import Iterable, Mapping
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from bot.accounts.records import Role
from bot.errors import PipelineError
from bot.market.desk_listing import Also, RecordPage, RecordRow, Sorting
from bot.market.exporting import csv_stream, workbook_bytes
from bot.market.records import State
from bot.market.taxonomy import load_taxonomy
from bot.pipeline.case_files import CaseFiles, Ref
from bot.pipeline.filters import LONGEST_NAME, SavedFilter, SavedFilters
from bot.pipeline.proposals import Proposals
from bot.types import RecordKind
from bot.web.desk.context import Desk
from bot.web.desk.frame import as_told, choice_field, field, form, hidden, line_field, page, pager, submit, table
from bot.web.desk.guard import ROOT, OwnForm, Signed
from bot.web.desk.pipeline.addresses import (
    KINDS,
    RECORDS,
    ListQuery,
    Whose,
    kind_of_address,
    list_address,
    record_address,
)
from bot.web.desk.replies import CSV, SHEET, attachment, download, see_other
from bot.web.markup import EMPTY, Html, join, tag, text

#: A workbook of more rows takes the memory of everybody; a CSV file has no end.
MOST_IN_WORKBOOK = 10_000


def list_router(desk: Desk) -> APIRouter:
    """The list and its filters; and the former address of what was handed over."""
    router = APIRouter()
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]
    kept = SavedFilters(desk.database)

    @router.get(RECORDS, response_class=HTMLResponse)
    def listed(signed: manager, request: Request, background: BackgroundTasks) -> str:
        background.add_task(Proposals(desk.market).catch_up)
        return _shown(desk, signed, ListQuery.of(request.query_params))

    @router.get(f"{ROOT}/requests")
    def requests(signed: manager) -> RedirectResponse:
        return see_other(list_address(ListQuery(state=State.DRAFT, handed=True)))

    @router.post(f"{RECORDS}/filters", dependencies=[OwnForm], response_model=None)
    def keep(
        signed: manager, name: Annotated[str, Form()] = "", query: Annotated[str, Form()] = ""
    ) -> HTMLResponse | RedirectResponse:
        chosen = ListQuery.of(_entries(query))
        try:
            kept.keep(signed.user.id, name, chosen.written)
        except PipelineError as error:
            return HTMLResponse(_shown(desk, signed, chosen, problem=str(error), name=name), 400)
        return see_other(list_address(chosen))

    @router.post(f"{RECORDS}/filters/drop", dependencies=[OwnForm])
    def drop(signed: manager, number: Annotated[int, Form()]) -> RedirectResponse:
        kept.drop(signed.user.id, number)
        return see_other(RECORDS)

    return router


def export_router(desk: Desk) -> APIRouter:
    """The filtered list as a file; who took it out is in the trail."""
    router = APIRouter()
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]
    cases = CaseFiles(desk.database)

    @router.get(f"{RECORDS}/export", response_model=None)
    def export(signed: manager, request: Request, kind: str = "", suffix: str = "xlsx") -> Response:
        of, chosen = kind_of_address(kind), ListQuery.of(request.query_params)
        count = desk.market.count(chosen.filter, also=_also(chosen, cases, signed))
        if suffix != "csv" and count > MOST_IN_WORKBOOK:
            problem = f"有 {count} 条，工作簿最多 {MOST_IN_WORKBOOK} 条。请缩小筛选，或导出 CSV。"
            return HTMLResponse(_shown(desk, signed, chosen, problem=problem), 400)
        desk.trail.record(signed.user, "records.exported", of.value, f"{count} {chosen.written}")
        found = desk.market.found(of, chosen.filter, also=_also(chosen, cases, signed))
        if suffix == "csv":
            return StreamingResponse(csv_stream(of, found), media_type=CSV, headers=attachment(f"{of.value}.csv"))
        return download(workbook_bytes(of, found), f"{of.value}.xlsx", SHEET)

    return router


def _shown(desk: Desk, signed: Signed, query: ListQuery, *, problem: str = "", name: str = "") -> str:
    cases, kept = CaseFiles(desk.database), SavedFilters(desk.database)
    found = desk.market.listed(query.filter, page=query.page, also=_also(query, cases, signed))
    keepers = cases.keepers((row.kind, row.id) for row in found.rows)
    body = join(
        (
            _ways(),
            _filters(kept.listed(signed.user.id), query, name, signed),
            _form(query),
            _page(found, keepers, query, signed),
        )
    )
    return page("需求与成果", body, signed, path=RECORDS, problem=problem)


def _also(query: ListQuery, cases: CaseFiles, signed: Signed) -> Also | None:
    if query.whose is Whose.ALL:
        return None
    return cases.kept_by(signed.user.name if query.whose is Whose.MINE else "")


def _entries(query: str) -> Mapping[str, str]:
    return dict(parse_qsl(query[:4_000]))


def _ways() -> Html:
    links = (
        ("新匹配", f"{RECORDS}/matches"),
        ("可能重复", f"{RECORDS}/duplicates"),
        ("导入名单", f"{RECORDS}/import"),
        ("等审核的", list_address(ListQuery(state=State.CHECKED))),
        ("转办的", list_address(ListQuery(state=State.DRAFT, handed=True))),
        ("我负责的", list_address(ListQuery(whose=Whose.MINE))),
    )
    items = (tag("li", tag("a", text(label), href=address)) for label, address in links)
    return tag("ul", *items, class_="ways", aria_label="常用")


def _form(query: ListQuery) -> Html:
    """The filter; sent as an address, so that it can be kept and sent on."""
    kinds = {"": "需求和成果", **{kind.value: kind.label for kind in KINDS}}
    states = {"": "任何状态", **{state.value: state.label for state in State}}
    fields = tag("datalist", *(tag("option", value=each.name) for each in load_taxonomy().fields), id="technology")
    technology = tag("input", type="text", id="field", name_="field", value=query.field, list="technology")
    handed = tag("input", type="checkbox", id="handed", name_="handed", value="1", checked=query.handed)
    return tag(
        "form",
        line_field("找什么（名称、说明、编号、单位）", "words", query.words),
        choice_field("类别", "kind", kinds, query.kind.value if query.kind else ""),
        choice_field("状态", "state", states, query.state.value if query.state else ""),
        choice_field("由谁负责", "whose", {each.value: each.label for each in Whose}, query.whose.value),
        field("领域", join((technology, fields)), of="field"),
        line_field("地区", "region", query.region),
        line_field("单位", "owner", query.owner),
        _day("变更不早于", "since", query.since),
        _day("变更不晚于", "until", query.until),
        choice_field("排序", "sorting", {each.value: each.label for each in Sorting}, query.sorting.value),
        tag("div", tag("label", handed, text("从页面转来的"), for_="handed"), class_="field check"),
        tag("div", submit("筛选", main=True), tag("a", text("不筛选"), href=RECORDS), class_="field"),
        method="get",
        action=RECORDS,
        class_="filter",
        role="search",
    )


def _day(label: str, name: str, value: str) -> Html:
    return field(label, tag("input", type="date", id=name, name_=name, value=value), of=name)


def _filters(kept: Iterable[SavedFilter], query: ListQuery, name: str, signed: Signed) -> Html:
    items = [
        tag(
            "li",
            tag("a", as_told(each.name), href=f"{RECORDS}?{each.query}"),
            form(f"{RECORDS}/filters/drop", signed, hidden("number", str(each.id)), submit("删除")),
        )
        for each in kept
    ]
    box = tag("input", type="text", id="name", name_="name", value=name, maxlength=LONGEST_NAME, required=True)
    keep = form(
        f"{RECORDS}/filters",
        signed,
        hidden("query", query.written),
        field("把现在的筛选存为", box, of="name"),
        submit("存下"),
    )
    listed = tag("ul", *items, class_="kept-filters") if items else EMPTY
    return tag("details", tag("summary", text("存下的筛选")), listed, keep, open=bool(items or name))


def _page(found: RecordPage, keepers: Mapping[Ref, str], query: ListQuery, signed: Signed) -> Html:
    rows = [_row(row, keepers.get((row.kind, row.id), ""), signed) for row in found.rows]
    headings = ("名称", "类别", "状态", "单位", "地区", "负责人", "变更（UTC）")
    counted = tag("p", text(f"共 {found.total} 条"))
    return join(
        (
            counted,
            tag("div", table(headings, rows, "没有符合的记录。"), class_="records"),
            pager(found.page, found.pages, query.at),
            _exports(query) if found.total else EMPTY,
        )
    )


def _row(row: RecordRow, keeper: str, signed: Signed) -> tuple[Html, ...]:
    address = record_address(row.kind, row.id)
    told = join((text(" · "), tag("small", text("从页面转来"), class_="hint"))) if row.handed_over else EMPTY
    name = join((tag("a", as_told(row.title), href=address), text(" "), tag("small", as_told(row.id)), told))
    why = join((text(" · "), tag("span", text(row.close_reason.label)))) if row.close_reason is not None else EMPTY
    state = join((tag("span", text(row.state.label)), why))
    taking = form(f"{RECORDS}/take", signed, *of_record(row.kind, row.id), submit("接手"))
    looked_after = as_told(keeper) if keeper else taking
    changed = text(row.updated_at[:10])
    return name, text(row.kind.label), state, as_told(row.owner), as_told(row.region), looked_after, changed


def of_record(kind: RecordKind, record_id: str) -> tuple[Html, Html]:
    """Which record a form is about."""
    return hidden("kind", kind.value), hidden("id", record_id)


def _exports(query: ListQuery) -> Html:
    kinds = KINDS if query.kind is None else (query.kind,)
    links = []
    for kind in kinds:
        for suffix, label in (("xlsx", f"导出{kind.label}（.xlsx）"), ("csv", f"导出{kind.label}（.csv）")):
            asked = "&".join(
                part for part in (query.written, f"suffix={suffix}", "" if query.kind else f"kind={kind.value}") if part
            )
            links.append(tag("a", text(label), href=f"{RECORDS}/export?{asked}"))
    return tag("p", *(join((link, text(" "))) for link in links), class_="exports")
