import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.market.drafting import start_draft
from bot.market.wishes import wish_reader
from bot.settings import EmbeddingSettings
from bot.types import RecordKind

READER = wish_reader(EmbeddingSettings())
recognise, is_told, sought_by = READER.recognise, READER.is_told, READER.sought_by

#: Wishes as people type them, one a line; none of them is an example that the classifiers were fitted to.
NEEDS = """
想请个懂激光焊接的教授
能不能介绍做催化剂的课题组
正在物色高温轴承供应商
求推荐做疲劳试验的实验室
寻个能做表面处理的合作方
谁能帮我们搞定焊缝开裂
我们遇到个难题，涂层老是脱落
找集成商做产线改造
厂里的泵老是漏，想找人看看
我们想换掉进口的密封圈，谁家能做
急着找一家能做阳极氧化的厂
想招个懂流体仿真的博士来帮忙
我们厂缺个会调机器视觉的工程师
求一套在线测厚的方案
需要一种耐酸碱的粘合剂
想把人工分拣改成自动的
有没有老师做粉末冶金的，想请教合作
麻烦推荐几家做失效分析的机构
想委托一家研究院做配方优化
我司打算上一条自动装配线，找人设计
电机噪音一直降不下来，求高手
产品良率上不去，想找专家诊断
想和高校一起搞一个耐磨涂层
帮忙找一下做光谱检测的团队
正在找做嵌入式开发的外包团队
哪位老师能帮我们看看齿轮断齿的问题
想引进一项污水处理的专利技术
求购一种可降解包装膜的配方
我们需要做一批电磁兼容试验，找实验室
想买一台能测微米级粗糙度的设备
注塑件总是变形，有谁能解决
有偿求助：铝合金压铸件气孔太多
我们急需一款低功耗的传感芯片
诚寻碳纤维回收工艺合作
物色一位做伺服控制的专家当顾问
想给老设备加装监测系统，找服务商
公司要做数字孪生，缺技术团队
能帮我们对接一下做储能的研究所吗
我们卡在薄膜均匀性这一步，解决不了
希望有人能开发一个预测性维护的软件
咱厂想弄个废气处理，谁懂
镀层厚度达不到要求，想找院所一起攻关
想找代工厂做小批量试制
招募算法合作团队做缺陷识别
""".strip().splitlines()
OFFERS = """
有一项专利想卖掉
我们的算法打算授权给企业用
手上有成果想转化
我们做了个水下机器人，想找应用场景
研发出一种新胶，谁感兴趣
课题组研发了一种可降解塑料，找厂家量产
想把我们的低温工艺推广出去
我们有套视觉检测系统，想找客户试用
本实验室可对外提供疲劳试验服务
我校的膜分离技术寻求产业化伙伴
我开发了一款排产软件，有没有工厂愿意用
手里有几个发明专利，准备作价入股
团队做出了新型传感器样机，想找投资
我们实验室能做失效分析，可以接企业委托
我有个新型减震结构的专利，想许可出去
这套废水处理工艺可以转让
想给我们的涂层技术找个落地的地方
我们研制的催化剂已经中试，希望找企业合作生产
博士团队搞了个锂电检测算法，想落地
有项目成果待转化，求对接企业
我们公司掌握精密铸造工艺，可以为企业代工
想卖一项图像识别的软件著作权
课题组的新材料配方愿意独家许可
所里攒了一批专利，打算对外转让
我发明了一种节水阀门，找厂家生产
自主研发的仿生机械手，诚招合作企业
我们刚做完一个储能热管理样机，找场景验证
有成熟的脱硫技术，寻求推广
我们的检测设备可以共享给中小企业
我这有一套能耗监测平台，谁需要可以联系
手头一个生物酶配方，想找下家
学校老师研发的除冰涂料想产业化
我们能提供三维打印服务，想找订单
新研发的阻燃剂欢迎企业来试用
团队攻克了薄壁焊接，想对外输出技术
我们开发了一个仿真软件，想推给制造企业用
本所的中试平台对外开放，欢迎企业来做
有个专利闲着，想找企业接手
已经做成的无人艇想找买家
我院有一项智能诊断技术拟转让
想将自研的控制器推向市场
我们合成了一种新型增塑剂，希望有企业来产业化
""".strip().splitlines()
NEITHER = """
我需要解决住房问题
想找联合实验室的相关规定和方案
人才公寓怎么申请
我想申请科技贷款
联合创新项目最高给多少
我想了解一下技术转移的规定
企业想租个办公室
需要准备哪些材料
高新企业认定要什么条件
想找一下去年的通知
孩子上学的问题怎么解决
哪家银行有专门的产品
我们公司资金周转困难
想招几个应届生有什么支持
揭榜挂帅什么时候开始
想知道负责的部门是谁
技术合同登记在哪里办
谁可以申请联合创新项目
企业遇到困难可以找谁反映
我想咨询一下申报流程
专利费用能报销吗
这份答复是哪个单位写的
你能做什么
谢谢你的帮助
今天天气不错
集市上线了吗
联盟有多少家成员
我想办居住证
外国专家来华怎么办签证
想要一份政策汇编
找一下联系电话
我们需要开发票吗
实验室开放共享有什么规定
区里有哪些孵化器
想参加路演活动怎么报名
研究院的地址在哪里
成果转化有什么奖励
专利转让要交税吗
我们想知道许可备案怎么弄
介绍一下链式联盟
介绍一下科技型企业的认定办法
贷款贴息比例是多少
员工租房能补多少
需要多长时间审批
有没有针对初创企业的支持
团队获奖后还能再申请吗
""".strip().splitlines()
#: The share of each list that has to be read as what it is.
SHARE = 0.85


@pytest.mark.parametrize(("texts", "kind"), [(NEEDS, RecordKind.NEED), (OFFERS, RecordKind.OFFER), (NEITHER, None)])
def test_lay_wishes_are_read_as_what_they_are(texts, kind):
    wrong = [text for text in texts if recognise(text) is not kind]
    assert len(wrong) <= (1 - SHARE) * len(texts), wrong


@pytest.mark.parametrize("texts", [NEEDS, OFFERS])
def test_lay_wishes_are_told(texts):
    wrong = [text for text in texts if not is_told(text)]
    assert len(wrong) <= (1 - SHARE) * len(texts), wrong


@pytest.mark.parametrize("text", NEITHER)
def test_a_question_of_policy_is_never_told_as_a_wish(text):
    assert not is_told(text)


def test_a_wish_and_its_opposite_are_told_apart():
    turned = [text for text in NEEDS if recognise(text) is RecordKind.OFFER]
    turned += [text for text in OFFERS if recognise(text) is RecordKind.NEED]
    assert len(turned) <= 4, turned


@pytest.mark.parametrize(
    "text",
    [
        "我们想找能做低温快充的技术团队",
        "寻求替代进口的密封件技术，有没有合适的团队？",
        "我们有一项散热技术想转让，找谁对接",
        "课题组研发了一种膜材料，想找企业合作产业化",
        "急需攻关高速轴承润滑，哪家院所能做？",
    ],
)
def test_a_wish_of_ones_own_is_told(text):
    assert is_told(text)


@pytest.mark.parametrize(
    "text",
    [
        "技术难题在哪里发榜？",
        "我们厂想跟大学一块儿搞研发，能给多少钱？",
        "做机器人的企业可以找哪家院所合作？",
        "联盟去年发布了多少需求？",
        "集市建好了没有，我想发布需求",
        "人才公寓怎么申请",
        "你好",
        "",
    ],
)
def test_a_question_is_no_wish(text):
    assert not is_told(text)


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("想找能做膜材料的团队", RecordKind.OFFER),
        ("我们有一项散热技术，可以转让", RecordKind.NEED),
        ("今天天气", None),
    ],
)
def test_a_need_looks_for_offers_and_an_offer_for_needs(text, sought):
    assert sought_by(text) is sought


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("我们有一项机器人检测技术想转让，找谁对接", "机器人检测技术"),
        ("我校有一种可降解地膜配方希望对外许可", "可降解地膜配方"),
        ("课题组研发了一种膜材料，想找企业合作产业化", "膜材料"),
    ],
)
def test_what_an_owner_wants_is_no_part_of_the_name(text, title):
    assert start_draft(text).value("title") == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("想请个懂激光焊接的教授", "激光焊接"),
        ("找集成商做产线改造", "产线改造"),
        ("我们遇到个难题，涂层老是脱落", "涂层老是脱落"),
        ("想找能源管理系统供应商", "能源管理系统"),
        ("我们做了个水下机器人，想找应用场景", "水下机器人"),
    ],
)
def test_who_is_asked_and_how_things_are_counted_is_no_part_of_the_name(text, title):
    assert start_draft(text).value("title") == title


@pytest.mark.parametrize(
    "told",
    [
        "想找会修古籍的团队，电话13912345678",
        "想找会修古籍的团队，邮箱：a.b@example.com。",
        "联系电话 13912345678，想找会修古籍的团队",
    ],
)
def test_nothing_is_left_of_a_clause_that_only_told_how_to_reach_somebody(told):
    draft = start_draft(told * 2)
    text = "".join(value.text for value in draft.values)
    assert "略〕" not in text and "电话" not in text and "邮箱" not in text and not draft.contact.empty


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_without_fail(text):
    assert recognise(text) in (None, RecordKind.NEED, RecordKind.OFFER)
    assert is_told(text) in (True, False)
    draft = start_draft(text, RecordKind.NEED)
    assert draft.value("title") in " ".join(text.split())
