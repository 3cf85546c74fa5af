"""A market with one fitting pair whose owners have private contacts."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.market.records import Need, Offer, Organisation
from bot.market.service import Market
from bot.settings import load_settings
from bot.types import PrivateContact, RecordKind

TODAY = date(2026, 3, 1)


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    settings = load_settings(environment={}, settings_file=tmp_path / "none.toml", data_dir=tmp_path / "data")
    made = Market(settings, today=lambda: TODAY)
    organisations = [
        Organisation(id="g1", title="北山矿业有限公司", region="示例省"),
        Organisation(id="g2", title="南湖叶片研究所"),
    ]
    made.store.save_many(organisations, actor="t")
    made.store.set_contacts(
        RecordKind.ORGANISATION,
        {
            "g1": PrivateContact(name="钱七", phone="13912345678"),
            "g2": PrivateContact(name="孙八教授", email="sun8@example.com"),
        },
        actor="t",
    )
    need = Need(
        id="n1",
        title="矿井轴流风机降噪",
        description="北山矿业的风机噪声超过95分贝。请联系钱七，13912345678。",
        indicators="降到80分贝以下",
        budget="不超过60万元",
        region="示例省",
        owner_id="g1",
        source="https://example.com/north-hill",
    )
    offer = Offer(
        id="o1",
        title="仿生降噪风机叶片",
        description="用于轴流风机，噪声降低12分贝，见专利CN112345678A。",
        trl=6,
        ip_status="已授权ZL202010123456.7",
        owner_id="g2",
    )
    made.store.save_many([need], actor="t", publish=True)
    made.store.save_many([offer], actor="t", publish=True)
    yield made
    made.store.database.close()
