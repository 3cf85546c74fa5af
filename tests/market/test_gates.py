from dataclasses import replace
from datetime import date

import pytest

from bot.market.gates import check_gates
from bot.market.records import Need, Offer
from bot.types import GateName

TODAY = date(2026, 3, 1)
NEED, OFFER = Need(id="n", title="降噪叶片"), Offer(id="o", title="仿生叶片")


def _passed(name: GateName, need: Need, offer: Offer):
    gates = check_gates(need, offer, TODAY)
    assert [gate.name for gate in gates] == list(GateName)
    gate = next(gate for gate in gates if gate.name is name)
    assert gate.why
    return gate.passed


def test_nothing_stated_is_not_told_either_way():
    assert [gate.passed for gate in check_gates(NEED, OFFER, TODAY)] == [None] * 6


@pytest.mark.parametrize(
    ("wanted", "stated", "passed"),
    [
        ("甲省", "甲省丙市", True),
        ("甲省或乙省", "乙省", True),
        ("限甲市企业", "甲市东区", True),
        ("不限", "", True),
        ("甲省优先", "乙省", True),
        ("甲省", "乙省", False),
        ("甲市", "乙市", False),
        ("甲省", "", None),
        ("江南一带", "乙市", None),
        ("", "乙市", None),
    ],
)
def test_region(wanted, stated, passed):
    need, offer = replace(NEED, solver_region=wanted), replace(OFFER, region=stated)
    assert _passed(GateName.REGION, need, offer) is passed


@pytest.mark.parametrize(
    ("budget", "price", "passed"),
    [
        ("不超过100万元", "80万元", True),
        ("50-80万元", "80万元", True),
        ("50-80万元", "60至120万元", True),
        ("100万元", "1,200,000元", False),
        ("0.5亿元", "4000万元", True),
        ("面议", "80万元", None),
        ("100万元", "面议", None),
        ("", "80万元", None),
        ("100万元", "", None),
    ],
)
def test_budget(budget, price, passed):
    assert _passed(GateName.BUDGET, replace(NEED, budget=budget), replace(OFFER, price=price)) is passed


@pytest.mark.parametrize(
    ("deadline", "ready", "passed"),
    [
        ("2025年12月31日", "", False),
        ("2026年", "", None),
        ("2026年6月前", "2026年5月", True),
        ("2026年6月前", "2026年9月", False),
        ("2026-06-30", "2026-06-30", True),
        ("尽快", "2026年5月", None),
        ("", "", None),
    ],
)
def test_deadline(deadline, ready, passed):
    need, offer = replace(NEED, deadline=deadline), replace(OFFER, available_from=ready)
    assert _passed(GateName.DEADLINE, need, offer) is passed


@pytest.mark.parametrize(
    ("wanted", "status", "passed"),
    [
        ("归需求方所有", "已授权，可转让", True),
        ("归需求方所有", "仅许可，不转让", False),
        ("双方共有", "已授权发明专利", True),
        ("归需求方所有", "申请中", None),
        ("归需求方所有", "", None),
        ("", "已授权", None),
        ("", "权属有争议", False),
        ("双方共有", "无权属争议，可许可", True),
    ],
)
def test_ip(wanted, status, passed):
    assert _passed(GateName.IP, replace(NEED, ip_ownership=wanted), replace(OFFER, ip_status=status)) is passed


@pytest.mark.parametrize(
    ("wanted", "level", "passed"), [(5, 6, True), (6, 6, True), (7, 6, False), (None, 6, None), (5, None, None)]
)
def test_trl(wanted, level, passed):
    assert _passed(GateName.TRL, replace(NEED, trl_required=wanted), replace(OFFER, trl=level)) is passed


@pytest.mark.parametrize(
    ("excluded", "description", "passed"),
    [
        ("不考虑含氟材料", "采用含氟材料制成", False),
        ("不考虑含氟材料", "采用陶瓷制成", True),
        ("不接受进口设备、委外加工", "依赖进口设备", False),
        ("", "依赖进口设备", None),
    ],
)
def test_exclusions(excluded, description, passed):
    need, offer = replace(NEED, exclusions=excluded), replace(OFFER, description=description)
    assert _passed(GateName.EXCLUSIONS, need, offer) is passed


def test_the_owner_of_a_need_may_not_solve_it():
    need, offer = replace(NEED, owner_id="g1"), replace(OFFER, owner_id="g1")
    assert _passed(GateName.EXCLUSIONS, need, offer) is False
    assert _passed(GateName.EXCLUSIONS, need, replace(offer, owner_id="g2")) is None
    assert _passed(GateName.EXCLUSIONS, replace(need, owner_id=None), replace(offer, owner_id=None)) is None
