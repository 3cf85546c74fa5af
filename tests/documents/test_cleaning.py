import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.collapsed import is_collapsed, restore_paragraphs
from bot.documents.formats.plain import read_text
from bot.documents.furniture import is_page_number, is_web_furniture, without_page_furniture
from bot.documents.lines import join_lines

BODY = (
    "近年来，我们持续推进公共服务平台建设，围绕企业反映集中的问题逐项研究，形成了一批可复制的做法，受到各方面欢迎。",
    "在资金方面，对符合条件的项目给予不超过总投入百分之三十的补助，同一单位每年申报一项，评审结果向社会公布。",
    "下一步，我们将会同相关部门完善办事流程，减少材料，压缩时限，把政策送到需要的人手里，并做好跟踪评估工作。",
)
HEADINGS = ("一、总体情况", "二、支持内容", "三、后续安排")
ORIGINAL = [
    "关于公共服务平台建设情况的报告",
    *(line for pair in zip(HEADINGS, BODY, strict=True) for line in pair),
    "某市某某局",
    "2025年3月4日",
    "联系人: 李明",
    "联系电话: 0000-1234567",
]


@given(st.data())
def test_paragraphs_broken_by_a_blank_line_are_joined(data) -> None:
    """Extracted pages break a long paragraph in mid-sentence with an empty line between."""
    lines = []
    for paragraph in ORIGINAL:
        if paragraph in BODY:
            # A break after the end of a sentence cannot be told from a new paragraph.
            places = [n for n in range(45, len(paragraph) - 1) if paragraph[n - 1] not in "。；"]
            cut = data.draw(st.sampled_from(places))
            lines += [paragraph[:cut], "", paragraph[cut:], ""]
        else:
            lines += [paragraph, ""]
    assert join_lines(lines) == ORIGINAL


@given(st.integers(24, 40))
def test_text_wrapped_at_a_width_is_joined(width: int) -> None:
    lines: list[str] = []
    for paragraph in ORIGINAL:
        lines += [*textwrap.wrap(paragraph, width, drop_whitespace=False), ""]
    assert [line for line in join_lines(lines) if line in BODY] == list(BODY)
    assert all(heading in join_lines(lines) for heading in HEADINGS)


@given(st.lists(st.text(st.sampled_from("甲乙丙丁，。；：《》（）一、二123 　\t*-"), max_size=60), max_size=20))
def test_joining_loses_no_character(lines: list[str]) -> None:
    kept = [line for line in lines if not is_page_number(line.strip()) and not is_web_furniture(line.strip())]
    bare = "".join("".join(kept).split())
    assert "".join("".join(join_lines(kept)).split()) == bare


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("推出《新来人员安居", "专项支持办法（试行）》，自即日起施行。"),
        ("对区内企业、", "高校和院所给予支持。"),
        (
            "这项工作涉及面广、任务重，需要各方面共同努力、密切配合，尽快形成合力，推动各项任务落实落细落",
            "地，取得实效。",
        ),
        ("支持的对象是", "科技企业。"),
        ("办理时限由十天压缩为三天", "，并全程公开。"),
    ],
)
def test_continued_lines_are_joined(left: str, right: str) -> None:
    assert join_lines(["标题一行", "", left, "", right]) == ["标题一行", left + right]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("一、工作目标", "到年底前完成全部任务。"),
        ("张某委员：", "您提出的建议收悉。"),
        ("附表列出全部材料", "一、申请表"),
        ("某市人民政府办公室", "2025年1月2日"),
        ("联系人: 王某", "联系电话: 12345"),
        ("公开属性：主动公开", "某市某某局文件"),
        ("某市某某局文件", "某科〔2025〕3号"),
    ],
)
def test_separate_lines_stay_apart(left: str, right: str) -> None:
    assert join_lines(["开头的一句话。", "", left, "", right]) == ["开头的一句话。", left, right]


def test_latin_words_keep_their_blank() -> None:
    assert join_lines(["题目", "采用 machine", "learning 方法，效果较好。", "引入AI", "技术，提升效率。"])[
        1
    ].startswith("采用 machine")
    assert join_lines(["题目", "", "我们采用了 open", "source 的办法。"])[-1] == "我们采用了 open source 的办法。"


def test_stray_bold_goes_and_masked_numbers_stay(load) -> None:
    document = load(
        "a.txt",
        "公示名单\n\n**一是发挥作用。**支持各类主体，**重点**项目优先。**\n\n电话138****5678，身份证3101**********12。",
    )
    assert (
        document.text
        == "公示名单\n一是发挥作用。支持各类主体，重点项目优先。\n电话138****5678，身份证3101**********12。"
    )


@pytest.mark.parametrize("line", ["— 3 —", "-12-", "第 3 页 共 5 页", "第3页", "3/5", "Page 2 of 9", "共5页 第1页"])
def test_page_numbers(line: str) -> None:
    assert is_page_number(line)


@pytest.mark.parametrize("line", ["12", "2025", "三", "第3条", "50/100万元", "-", "0571-12345678"])
def test_no_page_numbers(line: str) -> None:
    assert not is_page_number(line)


@pytest.mark.parametrize(
    "line",
    ["打印 关闭 分享", "【打印】【关闭】", "当前位置：首页 > 政务公开 > 通知", "浏览次数：123", "字体：大 中 小"],
)
def test_web_furniture(line: str) -> None:
    assert is_web_furniture(line)


@pytest.mark.parametrize("line", ["分享经济发展意见", "打印机补贴标准", "位置优越的园区优先", "下一步工作安排"])
def test_no_web_furniture(line: str) -> None:
    assert not is_web_furniture(line)


def test_running_heads_go_and_what_stands_once_stays() -> None:
    pages = [
        ["某市公报 2025年第1期", f"第{n}页正文的第一行", "12", f"正文{n}", f"{i}"] for i, n in enumerate("甲乙丙丁戊")
    ]
    pages[2].insert(1, "只在这一页的话")
    kept = without_page_furniture(pages)
    assert all("公报" not in line for page in kept for line in page)
    assert kept[2][0] == "只在这一页的话" and kept[0] == ["第甲页正文的第一行", "12", "正文甲"]


def test_a_document_on_one_line_gets_its_paragraphs_back() -> None:
    line = (
        "某市关于支持企业发展若干措施的通知 某市关于支持企业发展若干措施的通知 某政发〔2024〕5号 各区人民政府，"
        "各有关部门： 　　为支持企业发展，制定本措施。　　一、减轻负担 对符合条件的企业减免租金三个月。二、加大投入"
        " （一）设立专项资金 每年安排一千万元。（二）贷款贴息 贴息比例为百分之五十。 某市人民政府 2024年3月1日 （此件公开发布）"
    )
    paragraphs = restore_paragraphs(line)
    assert is_collapsed([line])
    assert paragraphs == [
        "某市关于支持企业发展若干措施的通知",
        "某政发〔2024〕5号",
        "各区人民政府，各有关部门：",
        "为支持企业发展，制定本措施。",
        "一、减轻负担",
        "对符合条件的企业减免租金三个月。",
        "二、加大投入",
        "（一）设立专项资金",
        "每年安排一千万元。",
        "（二）贷款贴息",
        "贴息比例为百分之五十。",
        "某市人民政府",
        "2024年3月1日",
        "（此件公开发布）",
    ]


def test_blanks_inside_titles_names_and_figures_are_no_breaks() -> None:
    line = (
        "新办法出台 企业迎来好消息 本报讯（记者 王某 李某）近日，《关于支持 创新的意见》印发，对 10 家企业给予最高"
        " 30 万元支持，期限 6 个月。 下一步，主管部门将组织申报，时间另行通知，请各单位提前准备材料，做好衔接工作，确保政策落到实处。"
    )
    paragraphs = restore_paragraphs(line)
    assert paragraphs[0] == "新办法出台 企业迎来好消息"
    assert paragraphs[1].startswith("本报讯（记者 王某 李某）") and paragraphs[1].endswith("期限 6 个月。")
    assert len(paragraphs) == 3


def test_form_feeds_are_pages() -> None:
    pages = [f"某某手册\n正文第{n}段，内容各不相同，说明了{n}件事情。\n- {i} -\n" for i, n in enumerate("一二三四")]
    text = [block.text for block in read_text("\f".join(pages).encode()).blocks]
    assert len(text) == 4 and all(line.startswith("正文第") for line in text)
