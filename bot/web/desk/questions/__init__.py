"""Questions of the page at the desk: what was asked, what could not be answered, and what is made of it. For staff."""

from fastapi import APIRouter

from bot.web.desk.context import Desk
from bot.web.desk.questions.cases import add_cases
from bot.web.desk.questions.gap_pages import add_gap_list, add_gap_pages
from bot.web.desk.questions.lists import add_lists
from bot.web.desk.questions.one import add_group_page, add_question_page
from bot.web.desk.questions.room import PATH, QuestionRoom


def questions_router(desk: Desk) -> APIRouter:
    """Every page over questions."""
    router, room = APIRouter(prefix=PATH), QuestionRoom(desk)
    # The fixed addresses before those with a number in the same place.
    for add in (add_lists, add_group_page, add_cases, add_gap_list, add_gap_pages, add_question_page):
        add(router, room)
    return router
