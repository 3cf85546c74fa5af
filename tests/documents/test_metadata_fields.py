"""What a document says of itself: number, issuers, title, kind, contacts; dates have a file of their own."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.contact_block import find_contacts
from bot.documents.metadata import normalise_number
from bot.documents.metadata.issuers import split_bodies
from bot.documents.structure import text_lines
from bot.types.documents import DocumentKind, DocumentMetadata, SourceKind
from tests.support.notices import BODY, read

# --- number ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("云科规字〔2025〕3号", "云科规字〔2025〕3号"),
        ("云科规字【2025】3号", "云科规字〔2025〕3号"),
        ("云科规字[2025] 3 号", "云科规字〔2025〕3号"),
        ("云科规字（２０２５）０３号", "云科规字〔2025〕3号"),
        ("云科规字2025-3号", "云科规字〔2025〕3号"),
        ("云汀市人民政府令 第179号", "云汀市人民政府令第179号"),
        ("云汀市人民政府令第一百七十九号", "云汀市人民政府令第179号"),
        ("中华人民共和国国务院令第746号", "国务院令第746号"),
        ("公告 2025 年第 03 号", "公告2025年第3号"),
        ("DB0000/T 12-2025", "DB0000/T12—2025"),
        ("随便 一句话", "随便一句话"),
    ],
)
def test_one_spelling_of_a_number(printed: str, number: str) -> None:
    assert normalise_number(printed) == number
    assert normalise_number(number) == number


@given(
    organ=st.sampled_from(["云科规字", "云府办发", "南樟科规", "云科合规范"]),
    year=st.integers(1990, 2060),
    count=st.integers(1, 9999),
    brackets=st.sampled_from(["〔〕", "[]", "［］", "【】", "（）", "()"]),
    blank=st.sampled_from(["", " ", "　"]),
    wide=st.booleans(),
    ordinal=st.sampled_from(["", "第"]),
)
def test_every_spelling_of_a_number_is_one(organ, year, count, brackets, blank, wide, ordinal) -> None:
    digits = f"{brackets[0]}{year}{brackets[1]}{blank}{ordinal}{count}"
    if wide:
        digits = digits.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    printed = f"{organ}{blank}{digits}{blank}号"
    assert normalise_number(printed) == f"{organ}〔{year}〕{count}号"
    assert read(f"云汀市创新券管理办法\n{printed}\n{BODY}").document_number == f"{organ}〔{year}〕{count}号"


@pytest.mark.parametrize(
    ("header", "numbers"),
    [
        (
            "云汀市科学技术局文件\n云科规字〔2025〕3号　　签发人：某某\n关于印发创新券管理办法的通知",
            ["云科规字〔2025〕3号"],
        ),
        ("云汀市科学技术局文件 云科规字〔2025〕3号\n关于印发创新券管理办法的通知", ["云科规字〔2025〕3号"]),
        ("关于印发创新券管理办法的通知（云科规字〔2025〕3号）", ["云科规字〔2025〕3号"]),
        ("关于印发创新券管理办法的通知\n（云科规字〔２０２５〕３号）", ["云科规字〔2025〕3号"]),
        (
            "云科规字〔2025〕3号 云财规〔2025〕8号\n关于印发创新券管理办法的通知",
            ["云科规字〔2025〕3号", "云财规〔2025〕8号"],
        ),
        ("云汀市人民政府令\n第179号", ["云汀市人民政府令第179号"]),
        ("云汀市科学技术局公告\n2025年第3号\n关于开展创新券申领的公告", ["云汀市科学技术局公告2025年第3号"]),
        ("云汀市创新促进条例\n（2021年7月27日中华人民共和国国务院令第746号公布）", ["国务院令第746号"]),
        ("云汀市地方标准\nDB0000/T 12—2025\n中试基地建设规范", ["DB0000/T12—2025"]),
        (
            "索引号：000/2025-1 文 号：云科规字〔2025〕3号 发布日期：2025-03-02\n关于印发办法的通知",
            ["云科规字〔2025〕3号"],
        ),
        ("关于转发云科规字〔2025〕3号文件的通知", []),
        ("对第12号提案的答复\n根据《关于办理工作的通知》（云政〔2001〕1号）", []),
    ],
)
def test_where_the_documents_own_number_stands(header: str, numbers: list[str]) -> None:
    assert list(read(f"{header}\n{BODY}\n第二条 参照云政〔2009〕9号执行。").document_numbers) == numbers


def test_a_number_in_the_box_and_an_empty_box() -> None:
    text = f"创新券管理办法\n{BODY}"
    known = read(text, 发文字号="云科规字（2025）3号")
    assert known.document_number == "云科规字〔2025〕3号"
    assert [(quote.text, quote.label) for quote in known.quotes if quote.field == "document_number"] == [
        ("云科规字（2025）3号", "发文字号")
    ]
    assert read(text, 统一编号="YT0320240034", 文号="-").document_number is None


# --- issuers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "bodies"),
    [
        ("云汀市科学技术局 云汀市财政局", ("云汀市科学技术局", "云汀市财政局")),
        ("云汀市科学技术局、云汀市财政局", ("云汀市科学技术局", "云汀市财政局")),
        ("云汀市科学技术局云汀市财政局", ("云汀市科学技术局", "云汀市财政局")),
        ("云 汀 市 科 学 技 术 局", ("云汀市科学技术局",)),
        ("云汀市人力资源和社会保障局", ("云汀市人力资源和社会保障局",)),
        ("云汀市科学技术局会同云汀市财政局", ("云汀市科学技术局", "云汀市财政局")),
        ("云汀在线", ()),
        ("各有关单位请认真执行", ()),
    ],
)
def test_bodies_in_a_line(line: str, bodies: tuple[str, ...]) -> None:
    assert split_bodies(line) == bodies


@pytest.mark.parametrize(
    "text",
    [
        f"关于印发创新券管理办法的通知\n各单位：\n{BODY}\n云汀市科学技术局\n云汀市财政局\n2025年3月1日",
        f"关于印发创新券管理办法的通知\n各单位：\n{BODY}\n云汀市科学技术局　　云汀市财政局\n2025年3月1日",
        f"云汀市科学技术局\n云汀市财政局文件\n云科〔2025〕3号\n关于印发创新券管理办法的通知\n各单位：\n{BODY}",
        f"云汀市科学技术局 云汀市财政局关于印发创新券管理办法的通知\n各单位：\n{BODY}",
        f"云汀市科学技术局\n云汀市财政局\n关于印发创新券管理办法的通知\n各单位：\n{BODY}",
        f"云汀市科学技术局文件\n关于印发创新券管理办法的通知\n各单位：\n{BODY}\n云汀市科学技术局\n云汀市财政局\n2025年3月1日",
        f"创新券管理办法\n{BODY}\n云汀市科学技术局、云汀市财政局 2025年3月1日",
        "创新券管理办法解读\n为支持企业开展技术创新，云汀市科学技术局会同云汀市财政局制定了《创新券管理办法》，现就有关内容解读如下。",
    ],
)
def test_every_issuer_of_a_joint_document(text: str) -> None:
    known = read(text)
    assert known.issuers == ("云汀市科学技术局", "云汀市财政局")
    assert known.issuer == "云汀市科学技术局"


def test_the_printed_issuer_goes_before_whoever_put_the_page_up() -> None:
    text = f"云汀市民政局关于做好助餐服务的通知\n各单位：\n{BODY}\n云汀市民政局\n2024年3月14日"
    known = read(text, 发布机构="云汀市南樟区财政局", 发布日期="2024-10-15")
    assert (known.issuers, known.date, known.published) == (("云汀市民政局",), "2024-03-14", "2024-10-15")


def test_a_guide_is_from_the_office_its_page_names_and_news_from_a_paper() -> None:
    guide = read(f"创业贷款常见问题\n{BODY}", ContentSource="云汀市人社局 云汀市就业中心", day="2025-11-18")
    assert (guide.issuers, guide.kind) == (("云汀市人社局", "云汀市就业中心"), SourceKind.OFFICIAL)
    assert (guide.date, guide.published, guide.document_kind) == ("2025-11-18", "2025-11-18", DocumentKind.QUESTIONS)
    news = read(
        "创新券开始申领\n今年的创新券从今天起开始申领，企业可以在网上办理，比去年早了一个月。", ContentSource="云汀日报"
    )
    assert (news.issuers, news.kind, news.document_kind) == ((), SourceKind.NEWS, DocumentKind.REPORT)


# --- title and kind ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("您当前的位置：首页 > 政务公开 > 通知公告\n云汀市青年公寓申请公告", "云汀市青年公寓申请公告"),
        ("云汀市创新券管理办法\n（征求意见稿）", "云汀市创新券管理办法（征求意见稿）"),
        ("云汀市创新券管理办法\n（试行）", "云汀市创新券管理办法（试行）"),
        ("云汀市地方标准\nDB0000/T 12—2025\n中试基地建设规范\n第1部分：通用要求", "中试基地建设规范 第1部分：通用要求"),
        ("云科〔2025〕3号\n2025年3月1日\n关于开展创新券申领的通知", "关于开展创新券申领的通知"),
        ("云汀市：六项举措稳就业\n——2025年就业工作综述", "云汀市：六项举措稳就业——2025年就业工作综述"),
        ("关于进一步支持中小企业开展\n技术创新若干事项的通知", "关于进一步支持中小企业开展技术创新若干事项的通知"),
        ("云汀市创新促进条例\n（2021年7月27日云汀市人民代表大会通过）\n目录", "云汀市创新促进条例"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert read(f"{text}\n{BODY}", title="标准名称").title == title


def test_the_title_of_the_pages_data_and_never_its_site_or_column() -> None:
    text = f"云汀市政府网\n通知公告\n创新券申领有关事项\n{BODY}"
    page = {"ArticleTitle": "创新券申领有关事项", "SiteName": "云汀市政府网", "ColumnName": "通知公告"}
    assert read(text, title="通知公告 - 云汀市政府网", **page).title == "创新券申领有关事项"
    del page["ArticleTitle"]
    assert read(text, title="创新券申领有关事项-云汀市政府网", **page).title == "创新券申领有关事项"
    assert read(text, title="通知公告 - 云汀市政府网", **page).title == "创新券申领有关事项"
    whole = f"云汀市科学技术局关于创新券申领的通知\n{BODY}"
    assert read(whole, ArticleTitle="关于创新券申领的通知").title == "云汀市科学技术局关于创新券申领的通知"


ORDER = """云汀市人民政府令
第179号
《云汀市创新促进条例实施办法》已经2021年1月8日市政府常务会议通过，现予公布，自2021年5月1日起施行。
市 长：某某某
2021年1月29日
云汀市创新促进条例实施办法
第一条 为促进创新，制定本办法。"""


def test_an_order_is_called_by_what_it_makes_public() -> None:
    known = read(ORDER)
    assert (known.title, known.document_kind) == ("云汀市创新促进条例实施办法", DocumentKind.MEASURES)
    assert (known.document_number, known.issuers) == ("云汀市人民政府令第179号", ("云汀市人民政府",))
    assert (known.date, known.effective_from) == ("2021-01-29", "2021-05-01")


def test_what_a_notice_encloses() -> None:
    text = f"关于印发《云汀市创新券管理办法》的通知\n各单位：\n{BODY}\n云汀市科学技术局\n2025年2月10日\n云汀市创新券管理办法\n{BODY}"
    known = read(text)
    assert (known.title, known.enclosed_title) == ("关于印发《云汀市创新券管理办法》的通知", "云汀市创新券管理办法")
    assert read(f"关于开展创新券申领的通知\n{BODY}").enclosed_title is None


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("关于印发创新券管理办法的通知", "通知"),
        ("创新券管理办法（试行）", "办法"),
        ("创新券实施细则", "细则"),
        ("关于加快成果转化的实施意见（征求意见稿）", "意见"),
        ("2026年申领公告", "公告"),
        ("关于开展认证工作的通告", "通告"),
        ("关于修改《创新促进条例》的决定", "决定"),
        ("创新促进条例", "条例"),
        ("专项资金管理规定", "规定"),
        ("成果转化行动方案", "方案"),
        ("创新券申领指南", "指南"),
        ("对第12号提案的答复", "答复"),
        ("关于第12号提案的会办意见", "答复"),
        ("关于同意设立创新中心的复函", "答复"),
        ("创新券管理办法政策解读", "解读"),
        ("创新券热点13问", "问答"),
        ("好消息！创新券来了", "其他"),
    ],
)
def test_kinds(title: str, label: str) -> None:
    assert read(f"{title}\n{BODY}").document_kind.label == label


# --- contacts and storage ----------------------------------------------------------------------


def test_several_contacts_keep_their_purposes() -> None:
    text = """政策咨询：王某，0533-6600011
申报受理联系人：李某，联系电话：0533-6600012
技术支持电话：400-123-4567
业务咨询电话：0533-6600014
区教育局中学科联系电话：020-38622522
其他事项请向所在单位了解。
联系人：赵某
联系电话：0533-6600013
联系地址：创新路1号"""
    found = find_contacts(text_lines(text))
    assert [(each.purpose, each.name, each.phone) for each in found] == [
        ("政策咨询", "王某", "0533-6600011"),
        ("申报受理", "李某", "0533-6600012"),
        ("技术支持", None, "400-123-4567"),
        ("业务咨询", None, "0533-6600014"),
        ("区教育局中学科", None, "020-38622522"),
        (None, "赵某", "0533-6600013"),
    ]
    assert found[-1].address == "创新路1号"
    assert text[found[0].start : found[0].end] == "政策咨询：王某，0533-6600011"


def test_metadata_comes_back_from_json_also_from_an_earlier_version() -> None:
    text = f"关于印发《创新券管理办法》的通知\n云科〔2025〕3号\n各单位：\n{BODY}\n本办法自2024年1月1日起施行，有效期3年。《旧办法》（云科〔2020〕1号）同时废止。\n云汀市科学技术局\n2023年12月1日\n联系人：赵某，联系电话：0533-6600013"
    known = read(text)
    assert known.references and known.contacts and known.validity
    assert DocumentMetadata.from_json(json.loads(json.dumps(asdict(known)))) == known
    earlier = {"title": "办法", "status": "unknown", "kind": "note", "text_kind": "verbatim", "contact": None}
    assert DocumentMetadata.from_json(earlier) == DocumentMetadata("办法")


@given(
    st.lists(
        st.sampled_from(
            "《 》 〔2025〕3号 云汀市科学技术局 关于 通知 的 办法 （试行） （征求意见稿） 2025年3月1日 有效期3年 自 起施行 同时废止 根据 本办法 联系电话：0533-6600011"
            " 第一条 ： ， 。 （ ） 文号： 发布日期： 令 第3号 政策咨询：王某 会同 制定 文件 2024-01-02 > 首页".split()
        ),
        max_size=30,
    ),
    st.lists(st.integers(0, 30), max_size=8),
)
def test_any_text_is_read_and_every_quote_stands_where_it_says(words: list[str], breaks: list[int]) -> None:
    text = "".join(f"\n{word}" if index in breaks else word for index, word in enumerate(words))
    clean = "\n".join(line.strip() for line in text.split("\n") if line.strip())
    known = read(clean)
    for reference in known.references:
        assert (reference.title or "") in clean[reference.start : reference.end]
    for contact in known.contacts:
        assert clean[contact.start : contact.end]
    assert DocumentMetadata.from_json(json.loads(json.dumps(asdict(known)))) == known
