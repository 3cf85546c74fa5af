"""The managers' needs and offers: lists, a record's page, moderation, merging, new matches, lists in and out."""

from fastapi import APIRouter

from bot.web.desk.context import Desk
from bot.web.desk.pipeline.deciding import deciding_router
from bot.web.desk.pipeline.editing import editing_router
from bot.web.desk.pipeline.importing import import_router
from bot.web.desk.pipeline.keeping import keeping_router
from bot.web.desk.pipeline.listing import export_router, list_router
from bot.web.desk.pipeline.matches import match_router
from bot.web.desk.pipeline.merging import merging_router
from bot.web.desk.pipeline.record import record_router

__all__ = ["pipeline_router"]


PARTS = (
    list_router,
    export_router,
    match_router,
    merging_router,
    editing_router,
    import_router,
    keeping_router,
    deciding_router,
    record_router,
)


def pipeline_router(desk: Desk) -> APIRouter:
    """Every page of the section; the page of a record comes last, as its address takes what no other does."""
    router = APIRouter()
    for part in PARTS:
        router.routes.extend(part(desk).routes)
    return router
