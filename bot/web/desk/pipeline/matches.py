"""New matches: pairs that were found when a record was published or changed, until they are seen. For managers."""

# Annotations are evaluated: FastAPI reads the roles that routes ask for from them.
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.accounts.records import Role
from bot.pipeline.case_files import CaseFiles
from bot.pipeline.proposals import Pair, Proposal, ProposalPage, Proposals, Scope
from bot.types import LEVEL_MEANINGS, RecordKind
from bot.web.desk.context import Desk
from bot.web.desk.frame import as_told, choice_field, form, hidden, page, pager, submit, table
from bot.web.desk.guard import OwnForm, Signed
from bot.web.desk.introductions.addresses import pair_address
from bot.web.desk.pipeline.addresses import RECORDS, choice, record_address
from bot.web.desk.replies import see_other
from bot.web.markup import EMPTY, Html, join, tag, text

_LIST = f"{RECORDS}/matches"
#: How long a page that is opened matches what just came in; the rest goes on after it was sent.
_PATIENCE = 1.5


def match_router(desk: Desk) -> APIRouter:
    """The list, and noting what was seen."""
    router = APIRouter()
    manager = Annotated[Signed, Depends(desk.guard.only(Role.MANAGER))]
    proposals = Proposals(desk.market)

    @router.get(_LIST, response_class=HTMLResponse)
    def listed(
        signed: manager, background: BackgroundTasks, scope: str = "all", seen: str = "", number: int = 1
    ) -> str:
        complete = proposals.follow(_PATIENCE)
        if not complete:
            background.add_task(proposals.catch_up)
        chosen = choice(Scope, scope) or Scope.ALL
        found = proposals.listed(signed.user.name, chosen, unseen=seen != "1", page=min(number, 10**6))
        more = EMPTY if complete else tag("p", text("还有新记录在匹配，过一会儿刷新。"), class_="notice")
        body = join((_form(chosen, seen == "1"), more, _page(desk, found, chosen, seen == "1", signed)))
        return page("新匹配", body, signed, path=RECORDS)

    @router.post(f"{_LIST}/see", dependencies=[OwnForm])
    def see(
        signed: manager,
        need: Annotated[list[str], Form()] = [],  # noqa: B006 - read, never changed
        offer: Annotated[list[str], Form()] = [],  # noqa: B006
        scope: Annotated[str, Form()] = "all",
    ) -> RedirectResponse:
        proposals.see(list(zip(need, offer, strict=False)), signed.user.name)
        chosen = choice(Scope, scope) or Scope.ALL
        return see_other(f"{_LIST}?scope={chosen.value}")

    return router


def _page(desk: Desk, found: ProposalPage, scope: Scope, seen: bool, signed: Signed) -> Html:
    needs = desk.market.records_of(RecordKind.NEED, [each.need_id for each in found.pairs])
    offers = desk.market.records_of(RecordKind.OFFER, [each.offer_id for each in found.pairs])
    refs = [ref for each in found.pairs for ref in ((RecordKind.NEED, each.need_id), (RecordKind.OFFER, each.offer_id))]
    keepers = CaseFiles(desk.database).keepers(refs)
    rows = []
    for each in found.pairs:
        sides = []
        for kind, record_id, known in (
            (RecordKind.NEED, each.need_id, needs),
            (RecordKind.OFFER, each.offer_id, offers),
        ):
            title = known[record_id].title if record_id in known else record_id
            keeper = keepers.get((kind, record_id), "")
            told = tag("small", as_told(keeper), class_="hint") if keeper else EMPTY
            link = tag("a", as_told(title), href=record_address(kind, record_id))
            sides.append(tag("div", link, text(" "), told, class_="name-too"))
        rows.append((*sides, text(LEVEL_MEANINGS[each.level]), text(each.found_at[:10]), _ways(each, scope, signed)))
    headings = ("需求", "成果", "像不像", "发现（UTC）", "接下来")
    shown = tag("div", table(headings, rows, "没有新的匹配。"), class_="records")
    every = _seen_form([(each.need_id, each.offer_id) for each in found.pairs], scope, signed, "这一页都看过了")

    def at(number: int) -> str:
        return f"{_LIST}?scope={scope.value}&seen={int(seen)}&number={number}"

    unseen = any(not each.seen for each in found.pairs)
    return join((shown, every if unseen else EMPTY, pager(found.page, found.pages, at)))


def _ways(each: Proposal, scope: Scope, signed: Signed) -> Html:
    pair = tag("a", text("看这一对"), href=pair_address(each.need_id, each.offer_id))
    done = EMPTY if each.seen else _seen_form([(each.need_id, each.offer_id)], scope, signed, "看过了")
    return join((pair, done))


def _seen_form(pairs: list[Pair], scope: Scope, signed: Signed, label: str) -> Html:
    named = [each for need, offer in pairs for each in (hidden("need", need), hidden("offer", offer))]
    return form(f"{_LIST}/see", signed, hidden("scope", scope.value), *named, submit(label))


def _form(scope: Scope, seen: bool) -> Html:
    return tag(
        "form",
        choice_field("谁负责的", "scope", {each.value: each.label for each in Scope}, scope.value),
        choice_field("看没看过", "seen", {"0": "没看过的", "1": "全部"}, "1" if seen else "0"),
        tag("div", submit("筛选", main=True), class_="field"),
        method="get",
        action=_LIST,
        class_="filter",
    )
