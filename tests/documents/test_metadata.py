import pytest

from bot.documents.dates import iso_date
from bot.types import SourceKind, Status

REPLY = """
办理结果：部分采纳或解决
公开属性：主动公开 · 全文

某市某区科学技术局文件

某科委〔2024〕17号

对区政协十届二次会议 第0123号提案的答复

李某委员：

您提出的关于加强成果转化的提案收悉，经认真研究（参照国科发〔2019〕1号），现将办理情况答复如下：

一、基本情况

2023年5月6日以来，我们开展了多项工作，取得了积极进展。

某市某区科学技术局

二〇二四年五月二十八日

联 系 人: 王某某

联系电话: 12345678-901

联系地址: 某某路1号2号楼305室 邮政编码: 200000

某市某区科学技术局

2024年6月5日印发
"""


def test_a_reply_tells_all_of_itself(load) -> None:
    document = load("reply.txt", REPLY)
    known = document.metadata
    assert known.title == "对区政协十届二次会议 第0123号提案的答复"
    assert (known.document_number, known.issuer) == ("某科委〔2024〕17号", "某市某区科学技术局")
    assert (known.date, known.printed_date) == ("2024-05-28", "2024-06-05")
    assert (known.addressee, known.kind) == ("李某委员", SourceKind.OFFICIAL)
    contact = known.contact
    assert contact is not None
    assert (contact.name, contact.phone) == ("王某某", "12345678-901")
    assert (contact.address, contact.postcode) == ("某某路1号2号楼305室", "200000")
    block = document.text[contact.start : contact.end]
    assert block.startswith("联 系 人") and block.endswith("邮政编码: 200000")
    assert document.text.startswith("办理结果：部分采纳或解决\n公开属性：主动公开 · 全文\n")


def test_nothing_is_invented(load) -> None:
    known = load(
        "plain.txt", "关于几件小事\n\n这里只写了几句话，提到某科〔2020〕1号和2020年1月1日，没有别的。"
    ).metadata
    assert (known.title, known.kind, known.status) == ("关于几件小事", SourceKind.NOTE, Status.UNKNOWN)
    unknown = (known.issuer, known.document_number, known.date, known.addressee, known.contact)
    assert unknown == (None,) * 5
    assert (known.printed_date, known.valid_until, known.superseded_by, known.source_url) == (None,) * 4


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("某府办规〔2024〕14号", "某府办规〔2024〕14号"),
        ("某政办发[2021]3号", "某政办发〔2021〕3号"),
        ("某科合规范（2021）3号", "某科合规范〔2021〕3号"),
        ("某财［2022］ 105 号", "某财〔2022〕105号"),
        ("（某科〔2020〕9号）", "某科〔2020〕9号"),
        ("发文字号：某科〔2020〕9号", "某科〔2020〕9号"),
        ("财政部公告2020年第6号", "财政部公告2020年第6号"),
    ],
)
def test_document_numbers_in_the_header(load, line: str, number: str) -> None:
    text = f"关于做好某项工作的通知\n\n{line}\n\n各有关单位：\n\n根据某政〔2001〕1号的要求，现将有关事项通知如下。"
    assert load("a.txt", text).metadata.document_number == number


def test_a_number_that_is_cited_is_not_the_documents_own(load) -> None:
    text = "关于做好某项工作的通知\n\n各单位：\n\n为落实上级部署，现转发下列文件。\n\n某政〔2001〕1号\n\n请遵照执行。"
    assert load("a.txt", text).metadata.document_number is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025年5月28日", "2025-05-28"),
        ("2025 年 5 月 8 日", "2025-05-08"),
        ("2025-5-8", "2025-05-08"),
        ("二〇二五年五月二十八日", "2025-05-28"),
        ("二○二五年十二月三十一日", "2025-12-31"),
        ("二零二五年十月十日", "2025-10-10"),
        ("2025年2月30日", None),
        ("2025年5月", None),
        ("五月二十八日", None),
    ],
)
def test_dates(text: str, iso: str | None) -> None:
    assert iso_date(text) == iso


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("某市人民政府办公室\n关于印发《某某办法》的通知\n\n各单位：\n\n正文。", "关于印发《某某办法》的通知"),
        ("某市关于印发《促进科技\n创新办法》的通知\n\n各单位：\n\n正文。", "某市关于印发《促进科技创新办法》的通知"),
        ("某法第五十四条\n自然人从事工商业经营的，经依法登记后可以起字号。", "某法第五十四条"),
        ("甲市：六大举措稳就业\n\n记者从有关部门获悉，近日出台了一系列新的措施。", "甲市：六大举措稳就业"),
        ("索引号：0001\n发布日期：2024年1月2日\n一份说明材料\n\n正文在这里，说明几件事情。", "一份说明材料"),
        ("# 标题是这个\n\n## 一、意见\n\n正文。", "标题是这个"),
    ],
)
def test_titles(load, text: str, title: str) -> None:
    name = "a.md" if text.startswith("#") else "a.txt"
    assert load(name, text).metadata.title == title


def test_a_text_without_a_title_is_called_by_its_first_words(load) -> None:
    text = (
        "为了进一步做好各项服务工作，不断提高办事效率和群众满意度，根据上级有关文件精神，结合工作实际，现将若干事项说明清楚。"
        * 3
    )
    title = load("a.txt", text).metadata.title
    assert text.startswith(title) and 10 <= len(title) <= 60


def test_a_signature_names_the_issuer(load) -> None:
    text = "关于调整办事时间的通告\n\n因工作需要，自下月起调整办事时间，请相互转告。\n\n某区政务服务中心\n2023年7月1日"
    known = load("a.txt", text).metadata
    assert (known.issuer, known.date, known.kind) == ("某区政务服务中心", "2023-07-01", SourceKind.OFFICIAL)


def test_drafts_news_and_validity(load) -> None:
    draft = load(
        "draft.txt", "某办法（征求意见稿）\n\n第一条 为了规范管理，制定本办法。\n第二条 本办法有效期至2027年6月30日。"
    ).metadata
    assert (draft.title, draft.status, draft.valid_until) == ("某办法（征求意见稿）", Status.DRAFT, "2027-06-30")
    news = load(
        "news.txt", "新平台上线运行\n\n某某日报讯（记者 李某）昨天，新平台正式上线，企业办事更加方便快捷。"
    ).metadata
    assert news.kind is SourceKind.NEWS


@pytest.mark.parametrize("line", ["现将有关事项通知如下：", "支持对象包括：", "问：", "原标题：", "主要做法为："])
def test_lead_ins_are_no_addressee(load, line: str) -> None:
    assert load("a.txt", f"某项工作的说明\n\n{line}\n\n内容若干，不再赘述。").metadata.addressee is None


def test_contact_in_brackets_and_several_blocks(load) -> None:
    text = "通知\n\n联系人：甲某，电话：111\n\n正文说明了有关事项，请认真阅读。\n\n（联系人：乙某；联系电话：22222222、33333333）"
    contact = load("a.txt", text).metadata.contact
    assert contact is not None and (contact.name, contact.phone) == ("乙某", "22222222、33333333")
