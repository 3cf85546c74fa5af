import pytest

from bot.market.redaction import FindingKind, redact, scan
from tests.support.spent import least_spent

NAMES = ("上海星火新材料科技有限公司", "钱多多")
ORG, PERSON, PHONE = FindingKind.ORGANISATION, FindingKind.PERSON, FindingKind.PHONE
EMAIL, ACCOUNT, LINK, PATENT = FindingKind.EMAIL, FindingKind.ACCOUNT, FindingKind.LINK, FindingKind.PATENT


@pytest.mark.parametrize(
    "text",
    [
        "上海星火新材料科技有限公司",
        "星火新材",
        "上海星火",
        "星火科技",
        "星火新材料",
        "星 火 新 材 料",
        "星火",
        "星火公司",
        "星火集团",
        "上海 星火 新材料 科技 有限公司",
        "上海市星火",
        "星\u200b火\u00ad新材料",
        "星火厂",
        "星火研究院",
        "上海星火（新材料）科技",
    ],
)
def test_every_short_form_of_the_owners_name_is_found(text):
    findings = scan(f"前文，{text}，后文", NAMES)
    assert [finding.kind for finding in findings] == [ORG]
    assert "星" not in redact(f"前文，{text}，后文", findings)


@pytest.mark.parametrize(
    "text", ["钱多多", "钱 多多", "钱工", "钱总", "钱老师", "钱博士", "联系钱工，", "钱\u200b多 多", "钱 总"]
)
def test_every_form_of_a_contacts_name_is_found(text):
    assert PERSON in {finding.kind for finding in scan(f"前文，{text}后文", NAMES)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("由王建国负责", PERSON),
        ("项目负责人王建国", PERSON),
        ("联系王建国", PERSON),
        ("联系王建国、李四", PERSON),
        ("+86-21-5877-1234", PHONE),
        ("(021)58771234", PHONE),
        ("Tel: 5877 1234", PHONE),
        ("一三八 一二三四 五六七八", PHONE),
        ("138/1234/5678", PHONE),
        ("138,1234,5678", PHONE),
        ("138一二三四5678", PHONE),
        ("壹叁捌壹贰叁肆伍陆柒捌", PHONE),
        ("①③⑧①②③④⑤⑥⑦⑧", PHONE),
        ("138\u00ad1234\u00ad5678", PHONE),
        ("00852-2345-6789", PHONE),
        ("+852 23456789", PHONE),
        ("方案之一13812345678", PHONE),
        ("qian at x dot com", EMAIL),
        ("qian艾特x点com", EMAIL),
        ("加V：xinghuo2020", ACCOUNT),
        ("加v xinghuo2020", ACCOUNT),
        ("薇信 xinghuo2020", ACCOUNT),
        ("威信xinghuo2020", ACCOUNT),
        ("VX xinghuo2020", ACCOUNT),
        ("V信 xinghuo2020", ACCOUNT),
        ("WeChat ID is xinghuo2020", ACCOUNT),
        ("xinghuo-mat.com", LINK),
        ("见mat.xinghuo.com.cn/a", LINK),
        ("申请号2023101234567", PATENT),
        ("专利2023101234567", PATENT),
        ("专利申请号：2023101234567", PATENT),
        ("2023101234567", PATENT),
        ("JP2020-123456A", PATENT),
        ("2023SR0123456", PATENT),
        ("Fudan University", ORG),
        ("与East China University of Science and Technology合作", ORG),
        ("Spark New Materials Co., Ltd.", ORG),
        ("Harbin Institute of Technology", ORG),
        ("中科院上海硅酸盐所", ORG),
        ("中国科学院过程工程研究所", ORG),
    ],
)
def test_private_forms_are_found(text, kind):
    assert kind in {finding.kind for finding in scan(f"前文，{text}，后文")}


@pytest.mark.parametrize(
    "text",
    [
        "循环寿命13812345678次",
        "产量13812345678 元，运行13812345678小时",
        "石油公司的高工与程工艺",
        "方案负责，由高校负责，由程序完成",
        "由于游戏开发，总工程师提供图纸",
        "联系方式和联系程度，负责人高度重视",
        "加V2O5催化剂",
        "误差3.5.com，见a.py，用ASP.NET编写",
        "US 500000 美元，US$500,000",
        "KR 500000 韩元",
        "编号2023501234567",
        "The University and an institute",
        "温度15, 20, 25, 30, 35, 40",
        "花钱总额、省钱工艺",
        "中科院所属单位，中科院的成果",
        "规格150/200/250/300，13,812,345,678元",
        "科技公司与新材料",
    ],
)
def test_ordinary_words_and_figures_are_left_alone(text):
    assert scan(text, NAMES) == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("苏州晶圆科技有限公司", "晶圆切割"),
        ("上海绿色科技有限公司", "绿色科技发展"),
        ("北京化工大学", "北京的化工企业"),
        ("武汉高温金属材料有限公司", "高温金属"),
        ("深圳电子技术有限公司", "电子技术"),
        ("青岛低温材料研究所", "低温材料"),
        ("无锡风电轴承有限公司", "风电轴承"),
        ("江阴业创精密机械有限公司", "企业创新"),
    ],
)
def test_a_name_of_ordinary_words_does_not_bar_the_words(name, text):
    assert scan(f"用于{text}", [name]) == ()


def test_an_english_name_is_found_only_as_given():
    assert scan("by spark  materials", ["Spark Materials"])
    assert not scan("by spark", [NAMES[0]])


def test_a_short_name_of_a_university_is_found_when_its_name_is_given():
    assert not scan("与华东理工合作")
    assert scan("与华东理工合作", ["华东理工大学"])


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "一",
        "①",
        " ",
        "1 ",
        "a.",
        "a-",
        "Aa ",
        "A",
        "星",
        "星 ",
        "星火",
        "钱",
        "王",
        "由王",
        "联系王建",
        "中科院",
        "中科院上",
        "加V",
        "微信",
        "at ",
        "a at ",
        "点",
        "a点",
        "138",
        "138/",
        "0",
        "00852-",
        "+86-",
        "专利",
        "2023",
        "US ",
        "大",
        "(",
        "University of ",
        "a@a.",
        "\u200b",
    ],
)
def test_hostile_text_is_scanned_to_its_end(piece):
    text = (piece * 20_000)[:20_000]
    for finding in scan(text, NAMES):
        assert text[finding.start : finding.end] == finding.text


@pytest.mark.parametrize("piece", ["1 ", "138/", "+86-", "yi san ", "长征路8", "一号", "q:1 "])
def test_a_text_costs_no_more_than_its_length(piece):
    def seconds(length):
        text = (piece * length)[:length]
        return least_spent(lambda: scan(text, NAMES))

    # Four times the text; four times as much again is left to chance.
    assert seconds(12_000) < 16 * max(seconds(3_000), 0.02)
