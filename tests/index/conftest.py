from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.workplaces import Workplace

LOAN = "关于科技贷款的通知\n\n一、支持对象\n对科技型中小企业的贷款给予贴息，贴息期限不超过一年。\n"
HOUSING = "人才公寓管理办法\n\n第一条 为引进的青年人才提供公寓，租期三年。\n第二条 申请人向街道递交材料。\n"


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path / "corpus", tmp_path / "data")
    place.write("贷款.txt", LOAN)
    place.write("住房/公寓.txt", HOUSING)
    return place
