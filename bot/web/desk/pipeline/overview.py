"""What of the pipeline waits for a manager: counts for the first page."""

from __future__ import annotations

from bot.market.desk_listing import RecordFilter
from bot.market.records import State
from bot.pipeline.case_files import CaseFiles
from bot.pipeline.duplicates import Duplicates
from bot.pipeline.proposals import Proposals, Scope
from bot.web.desk.context import Desk
from bot.web.desk.guard import Signed
from bot.web.desk.pipeline.addresses import RECORDS, ListQuery, Whose, list_address


def waiting_counts(desk: Desk, signed: Signed) -> list[tuple[str, str, int]]:
    """Label, address and number of what waits, by subject; nothing is computed that is not on file."""
    market, cases, proposals = desk.market, CaseFiles(desk.database), Proposals(desk.market)
    handed = ListQuery(state=State.DRAFT, handed=True, whose=Whose.NOBODYS)
    checked = ListQuery(state=State.CHECKED)
    return [
        ("转办", list_address(handed), market.count(handed.filter, also=cases.kept_by(""))),
        ("等审核", list_address(checked), market.count(RecordFilter(state=State.CHECKED))),
        (
            "我负责的新匹配",
            f"{RECORDS}/matches?scope={Scope.MINE.value}",
            proposals.unseen(signed.user.name, Scope.MINE),
        ),
        (
            "没有人负责的新匹配",
            f"{RECORDS}/matches?scope={Scope.NOBODYS.value}",
            proposals.unseen(signed.user.name, Scope.NOBODYS),
        ),
        ("可能重复", f"{RECORDS}/duplicates", Duplicates(market).waiting()),
    ]
