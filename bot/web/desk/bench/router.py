"""The bench's addresses put together."""

from fastapi import APIRouter

from bot.jobs.records import JobKind
from bot.web.desk.bench.case_pages import add_case_pages
from bot.web.desk.bench.case_transfer import add_case_transfer
from bot.web.desk.bench.overview import add_overview
from bot.web.desk.bench.room import PATH, Room
from bot.web.desk.bench.run_pages import add_run_pages
from bot.web.desk.context import Desk
from bot.web.desk.jobs import LEADS_TO

LEADS_TO[JobKind.BENCH] = f"{PATH}/of/{{job}}"


def bench_router(desk: Desk) -> APIRouter:
    """Every page of the bench."""
    router, room = APIRouter(prefix=PATH), Room(desk)
    # The fixed addresses before those with a number in the same place.
    for add in (add_overview, add_case_transfer, add_case_pages, add_run_pages):
        add(router, room)
    return router
