from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.quality import PUBLISH_AT, Criterion, Verdict, assess
from bot.market.records import Confidentiality, Need, Offer
from bot.market.redaction import FindingKind, redact, scan, without_contacts

GOOD_NEED = Need(
    id="n",
    title="矿井风机低噪声叶片设计",
    description="风机运行噪声超过95分贝，工人无法长期作业，现有消声罩体积过大，难以下井，需要从叶片入手解决问题。",
    indicators="噪声降到80分贝以下，风量不低于现有的95%",
    current_state="试过吸声棉，三个月失效",
    budget="不超过60万元",
    funder="企业自筹",
    deadline="2027年6月前",
    cooperation="委托开发",
    region="示例省",
)
GOOD_OFFER = Offer(
    id="o",
    title="仿生低噪声风机叶片",
    description="解决风机高频噪声的问题，叶片前缘采用仿生结构，可直接替换，不改变电机和安装尺寸。",
    benefit="与现有叶片相比噪声降低12分贝，每台每年节约电费1.2万元",
    trl=6,
    trl_evidence="两座矿井试用半年",
    ip_status="已授权发明专利",
    cooperation="许可",
    region="示例市",
)


def _points(record):
    return {score.criterion: score.points for score in assess(record).scores}


@pytest.mark.parametrize("record", [GOOD_NEED, GOOD_OFFER])
def test_a_good_record_publishes(record):
    report = assess(record)
    assert (report.verdict, report.total >= PUBLISH_AT) == (Verdict.PUBLISH, True)


def test_a_bare_title_holds_with_advice_for_every_weak_criterion():
    report = assess(Need(id="n", title="技术"))
    assert report.verdict is Verdict.HOLD
    assert report.total < PUBLISH_AT and len(report.improve) >= 6
    assert all(score.points == 5 or score.improve for score in report.scores)


@pytest.mark.parametrize(
    ("record", "criterion"),
    [
        (replace(GOOD_NEED, cooperation="", budget="", funder="", region=""), Criterion.COOPERATION),
        (replace(GOOD_NEED, description=GOOD_NEED.description + "电话13912345678"), Criterion.WORDING),
        (replace(GOOD_OFFER, benefit="", trl=None, trl_evidence=""), Criterion.MEASURABLE),
    ],
)
def test_a_single_zero_holds_however_good_the_rest(record, criterion):
    report = assess(record)
    assert _points(record)[criterion] == 0
    assert report.verdict is Verdict.HOLD and report.total >= PUBLISH_AT - 1


def test_each_field_earns_its_criterion():
    assert _points(replace(GOOD_NEED, indicators=""))[Criterion.MEASURABLE] < _points(GOOD_NEED)[Criterion.MEASURABLE]
    assert _points(replace(GOOD_NEED, budget=""))[Criterion.COOPERATION] < _points(GOOD_NEED)[Criterion.COOPERATION]
    hype = replace(GOOD_OFFER, benefit=GOOD_OFFER.benefit + "，国际领先")
    assert _points(hype)[Criterion.WORDING] < _points(GOOD_OFFER)[Criterion.WORDING]


@pytest.mark.parametrize(
    "secret", ["示例风机有限公司", "由王建民教授牵头", "专利ZL202010123456.7", "a@example.com", "见xinghuo-mat.com"]
)
def test_confidential_text_may_not_tell_who_it_is(secret):
    told = replace(GOOD_NEED, description=GOOD_NEED.description + secret)
    hidden = replace(told, confidentiality=Confidentiality.CONFIDENTIAL)
    report = assess(hidden)
    assert report.verdict is Verdict.HOLD and report.findings
    assert secret not in "".join(report.improve)


def test_the_owners_own_name_is_found_in_a_confidential_record():
    told = replace(GOOD_NEED, current_state="北山风机试过吸声棉", confidentiality=Confidentiality.CONFIDENTIAL)
    assert assess(told).verdict is Verdict.PUBLISH
    assert assess(told, names=["北山风机"]).verdict is Verdict.HOLD


@pytest.mark.parametrize(
    "told",
    [
        "星火新材",
        "上海星火",
        "星火科技",
        "星火新材料",
        "星 火 新 材 料",
        "上海 星火 新材料 科技 有限公司",
        "钱 多多",
        "钱工",
        "钱总",
    ],
)
def test_the_gate_refuses_every_form_of_the_owners_names_in_a_confidential_record(told):
    record = replace(GOOD_NEED, current_state=f"{told}试过吸声棉", confidentiality=Confidentiality.CONFIDENTIAL)
    report = assess(record, names=["上海星火新材料科技有限公司", "钱多多"])
    assert report.verdict is Verdict.HOLD and report.findings
    assert (
        assess(replace(record, current_state="我厂试过吸声棉"), names=["上海星火新材料科技有限公司"]).verdict
        is Verdict.PUBLISH
    )


def test_a_sentence_said_again_and_again_explains_nothing_and_costs_points():
    said = "叶片噪声过高无法使用。"
    once, often = (replace(GOOD_NEED, description=said * times) for times in (1, 20))
    assert _points(often)[Criterion.CLARITY] == _points(once)[Criterion.CLARITY]
    assert _points(often)[Criterion.WORDING] < _points(once)[Criterion.WORDING]


def test_an_open_record_may_name_its_patent_and_partner():
    told = replace(GOOD_OFFER, ip_status="已授权专利ZL202010123456.7", trl_evidence="在示例矿业有限公司试用")
    assert assess(told).verdict is Verdict.PUBLISH


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("手机13912345678", FindingKind.PHONE),
        ("１３９１２３４５６７８", FindingKind.PHONE),
        ("139-1234-5678", FindingKind.PHONE),
        ("139 1234\u200b 5678", FindingKind.PHONE),
        ("一三九一二三四五六七八", FindingKind.PHONE),
        ("+86 139 1234 5678", FindingKind.PHONE),
        ("(010)62345678", FindingKind.PHONE),
        ("电话：6234-5678", FindingKind.PHONE),
        ("400-123-4567", FindingKind.PHONE),
        ("li.si@example.com.cn", FindingKind.EMAIL),
        ("li[at]example.com", FindingKind.EMAIL),
        ("微信号：abc_12345", FindingKind.ACCOUNT),
        ("QQ 123456789", FindingKind.ACCOUNT),
        ("110101199003078888", FindingKind.ACCOUNT),
        ("ZL 2020 1 0123456.7", FindingKind.PATENT),
        ("CN112345678A", FindingKind.PATENT),
        ("202010123456.X", FindingKind.PATENT),
        ("PCT/CN2020/123456", FindingKind.PATENT),
        ("US 9,123,456 B2", FindingKind.PATENT),
        ("联系王建民教授", FindingKind.PERSON),
        ("联系人：欧阳小明", FindingKind.PERSON),
        ("北方示例股份有限公司", FindingKind.ORGANISATION),
        ("北方理工大学", FindingKind.ORGANISATION),
        ("https://example.com/a", FindingKind.LINK),
    ],
)
def test_private_forms_are_found(text, kind):
    findings = scan(f"前文，{text}。后文")
    assert kind in {finding.kind for finding in findings}
    assert redact(f"前文，{text}。后文", findings).count("略〕") == len(findings)


@pytest.mark.parametrize(
    "text",
    [
        "零下20℃、30分钟充至80%，寿命10000小时",
        "2025年3月至2027年12月，投入1200000元",
        "某公司与本公司、国内高校和科研院所合作",
        "工程技术经理人与高级工程师共同评审",
        "型号GB12345-2019，参照ISO 9001",
        "周期3-5年，压力0.13912345678兆帕",
    ],
)
def test_ordinary_technical_text_holds_nothing_private(text):
    assert scan(text) == ()


def test_only_ways_to_reach_somebody_leave_an_open_text():
    shown = without_contacts("北方示例有限公司，电话13912345678，专利CN112345678A")
    assert "13912345678" not in shown and "北方示例有限公司" in shown and "CN112345678A" in shown


@given(st.text(max_size=200), st.lists(st.text(max_size=8), max_size=3))
def test_findings_are_verbatim_ordered_and_apart(text, names):
    findings = scan(text, names)
    for finding in findings:
        assert text[finding.start : finding.end] == finding.text
    for before, after in zip(findings, findings[1:], strict=False):
        assert before.end <= after.start


@given(st.integers(3, 9), st.integers(0, 999_999_999), st.sampled_from(["", " ", "-", "\u200b", "－"]))
def test_every_mobile_number_is_found_however_it_is_spaced(second, rest, gap):
    digits = f"1{second}{rest:09}"
    written = f"{digits[:3]}{gap}{digits[3:7]}{gap}{digits[7:]}"
    assert any(finding.kind is FindingKind.PHONE for finding in scan(f"找我，{written}，谢谢"))
