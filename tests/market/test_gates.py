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
        ("国内", "德国", False),
        ("国内企业", "美国加州", False),
        ("全国", "法国", False),
        ("国内", "上海市", True),
        ("仅限境内", "海外", False),
        ("国内", "乙处", None),
        ("国内", "香港", None),
        ("不限，但不接受境外", "美国", False),
        ("不限，但不接受境外", "北京市", True),
        ("不限（不含港澳台）", "台湾", False),
        ("不限，不接受日本企业", "韩国", True),
        ("国内外均可", "德国", True),
        ("德国", "上海市", False),
        ("吉林市", "吉林省长春市", False),
        ("吉林", "吉林省长春市", True),
        ("吉林市", "吉林省吉林市", True),
        ("普陀区", "舟山市普陀区", None),
        ("普陀区", "上海市普陀区", None),
        ("上海市普陀区", "上海市普陀区", True),
        ("舟山市普陀区", "浙江省舟山市普陀区", True),
        ("鼓楼区", "徐州市鼓楼区", None),
        ("上海市普陀区", "舟山市普陀区", False),
        ("海南", "青海省海南州", False),
        ("海南", "海南藏族自治州", None),
        ("海南", "海南省海口市", True),
        ("河南", "青海省河南蒙古族自治县", False),
        ("上海", "北京市", False),
        ("上海", "上海市徐汇区", True),
        ("江苏、浙江", "浙江省杭州市", True),
        ("江苏和浙江", "安徽省", False),
        ("呼和浩特市", "内蒙古呼和浩特市", True),
        ("苏州市", "昆山市", None),
        ("杭州市", "苏州市", False),
        ("非上海", "上海市", False),
        ("除上海以外", "上海市普陀区", False),
        ("上海以外", "上海", False),
        ("除上海外均可", "江苏省", True),
        ("非上海", "北京市", True),
        ("上海以外地区", "苏州市", True),
        ("非上海", "乙处", None),
        ("不能是境外企业", "德国", False),
        ("非上海", "", None),
        ("上海、江苏除外", "江苏省南京市", False),
        ("不限于上海", "北京", True),
        ("上海优先", "北京", True),
        ("国内，上海优先", "德国", False),
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
        ("100万元以上", "300万元", None),
        ("不低于100万元", "300万元", None),
        ("至少100万元", "300万元", None),
        ("100万元起", "300万元", None),
        ("100万元以上", "80万元", True),
        ("不低于50万元，不超过100万元", "300万元", False),
        ("100万元", "5万元/台", None),
        ("100万元", "每年20万元", None),
        ("100万元", "20万元/年", None),
        ("100万元", "单价5万元", None),
        ("100万元", "3万/套", None),
        ("20万元/年", "100万元", None),
        ("100万元", "10万元，另按销售额提成3%", None),
        ("每年20万元", "每年12万元", True),
        ("50万", "30万左右", True),
        ("50万", "80万", False),
        ("100w", "120W", False),
        ("100w", "90万元", True),
        ("0.5亿", "4000万", True),
        ("50-80万", "70万", True),
        ("约100万元", "110万元", None),
        ("约100万元", "300万元", False),
        ("100万元", "120万元，可协商", None),
        ("面议", "30万", None),
        ("100万美元", "80万元", None),
        ("采购50万台", "80万元", None),
        ("100万元", "首期30万元，总价120万元", None),
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
        ("2027年上半年", "2027年12月", False),
        ("2027年上半年", "2027年6月", True),
        ("2027年下半年", "2027年6月", True),
        ("2027年第一季度", "2027年12月", False),
        ("2027年一季度", "2027年4月", False),
        ("2027Q1", "2027年3月", True),
        ("2027年Q1", "2027年12月", False),
        ("2027年第三季度", "2027年9月30日", True),
        ("二〇二七年上半年", "2027年12月", False),
        ("2027年1月至6月", "2027年5月", True),
        ("2027-06", "2027-07", False),
        ("2027-06", "2027/6", True),
        ("2027/6", "2027年12月", False),
        ("2027.06", "2027年5月", True),
        ("2027年6月15日", "2027年6月", None),
        ("2027年6月", "2027年", None),
        ("2025Q4", "", False),
        ("2027年初", "2027年10月", None),
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
        ("双方共有", "质押已解除", True),
        ("双方共有", "已解除质押", True),
        ("双方共有", "纠纷已了结，可许可", True),
        ("双方共有", "无争议", True),
        ("双方共有", "不存在任何权属纠纷或诉讼", True),
        ("", "质押已解除", None),
        ("", "质押尚未解除", False),
        ("", "未解除质押", False),
        ("", "纠纷未了结", False),
        ("", "已质押", False),
        ("归需求方所有", "非独占许可", None),
        ("归需求方独占", "非独占许可", None),
        ("归需求方独占", "可独占许可", True),
        ("归需求方所有", "已授权发明专利", None),
        ("归需求方所有", "不对外转让", False),
        ("归需求方所有", "普通许可或转让", True),
        ("归需求方所有", "不仅可许可，也可转让", True),
        ("不要求归需求方", "仅许可，不转让", None),
        ("不要求归需求方", "可转让", None),
        ("无需买断", "不转让", None),
        ("归需求方所有，不接受共有", "不转让", False),
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
        ("不接受含氟方案", "无氟方案，不含氟", True),
        ("不接受含氟方案", "采用含氟涂层", False),
        ("不使用有机溶剂", "不使用有机溶剂", True),
        ("不使用有机溶剂", "未添加任何有机溶剂", True),
        ("不使用有机溶剂", "不使用甲醇、有机溶剂", True),
        ("不使用有机溶剂", "使用有机溶剂，不含铅", False),
        ("不使用有机溶剂", "不得不使用有机溶剂", False),
        ("不使用有机溶剂", "替代有机溶剂清洗", None),
        ("不接受含氟方案", "不锈钢含氟涂层", False),
        ("不接受含氟方案", "采用氟树脂", None),
        ("不考虑外资企业", "不是外资企业", True),
        ("不考虑外资企业", "由外资控股", False),
        ("不接受中介", "拒绝中介", True),
        ("不接受中介机构", "中介勿扰", None),
        ("不排除合资", "中外合资", True),
        ("暂无", "暂无", True),
        ("无", "无", True),
        ("不限", "地区不限", True),
        ("没有特别要求", "没有特别要求", True),
        ("不接受企业", "企业申报", None),
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
