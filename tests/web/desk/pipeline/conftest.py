"""A desk with moderation, records in it, and the forms of the managers' pages."""

import io
from urllib.parse import quote

import pytest
from openpyxl import Workbook

from bot.types import RecordKind
from tests.pipeline.conftest import CONTACT, GOOD, GOOD_OFFER
from tests.web.desk.conftest import DeskUnderTest

NEED, OFFER = RecordKind.NEED, RecordKind.OFFER
RECORDS = "/desk/records"


@pytest.fixture
def waiting(tmp_path_factory, accounts_folder):
    """A desk with moderation."""
    import shutil

    folder = tmp_path_factory.mktemp("moderated")
    shutil.copytree(accounts_folder, folder, dirs_exist_ok=True)
    return DeskUnderTest(folder, desk={"moderation": True})


def submitted(desk, kind=NEED, owner="示例甲", contact=CONTACT, **values):
    return desk.market.submit(kind, {**(GOOD if kind is NEED else GOOD_OFFER), **values}, owner=owner, contact=contact)


def address(record, kind=NEED):
    return f"{RECORDS}/{kind.value}/{quote(record.id, safe='')}"


def about(desk, record, kind=NEED, **more):
    return {"kind": kind.value, "id": record.id, "seen": str(desk.market.newest_event(kind, record.id)), **more}


def trail(desk):
    return [(each.user_name, each.action, each.subject) for each in desk.trail.all()]


def workbook(*rows):
    book = Workbook()
    for row in (("编号", "名称", "要解决的问题", "联系电话"), *rows):
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()
