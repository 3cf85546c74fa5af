"""The corpus room: documents, versions, records, disagreements, validity. For staff."""

from fastapi import APIRouter

from bot.jobs.records import JobKind
from bot.web.desk.context import Desk
from bot.web.desk.corpus.context import CorpusDesk
from bot.web.desk.corpus.document_list import list_router
from bot.web.desk.corpus.documents import document_router
from bot.web.desk.corpus.history import history_router
from bot.web.desk.corpus.judging import judging_router
from bot.web.desk.corpus.records import CATALOGUE, record_router, removing_router
from bot.web.desk.corpus.uploads import hand_in_router, upload_router
from bot.web.desk.corpus.versions import WAITING, version_router
from bot.web.desk.jobs import LEADS_TO

__all__ = ["corpus_router"]

LEADS_TO[JobKind.INGEST] = WAITING
LEADS_TO[JobKind.PROPOSE] = CATALOGUE


def corpus_router(desk: Desk) -> APIRouter:
    """Every page of the room."""
    corpus = CorpusDesk.of(desk)
    router = APIRouter()
    for part in (
        list_router,
        document_router,
        hand_in_router,
        upload_router,
        version_router,
        record_router,
        removing_router,
        judging_router,
        history_router,
    ):
        # Each part's routes as the room's own, so that whoever lists the desk's addresses sees them.
        router.routes.extend(part(corpus).routes)
    return router
