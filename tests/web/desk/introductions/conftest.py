"""A desk with one fitting pair on file."""

import pytest

from bot.market.records import Need, Offer, Organisation
from bot.types import PrivateContact, RecordKind
from tests.support.introducing import MAIL, PHONE, Manager


@pytest.fixture
def pair(desk):
    store = desk.market.store
    organisations = [Organisation(id="g1", title="北山矿业有限公司"), Organisation(id="g2", title="南湖叶片研究所")]
    store.save_many(organisations, actor="t")
    contacts = {"g1": PrivateContact(name="钱七", phone=PHONE), "g2": PrivateContact(name="孙八教授", email=MAIL)}
    store.set_contacts(RecordKind.ORGANISATION, contacts, actor="t")
    need = Need(id="n1", title="矿井轴流风机降噪", description="北山矿业的风机噪声超过95分贝。", owner_id="g1")
    offer = Offer(id="o1", title="仿生降噪风机叶片", description="用于轴流风机，噪声降低12分贝。", owner_id="g2")
    store.save_many([need], actor="t", publish=True)
    store.save_many([offer], actor="t", publish=True)
    return desk


@pytest.fixture
def manager(pair):
    return Manager(pair)
