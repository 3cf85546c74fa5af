from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import chunking
from bot.documents.chunking import chunk_document, passage_heading
from bot.documents.markers import find_marker
from bot.documents.structure import find_sections, heading_label, text_lines
from bot.types import Document, DocumentMetadata, Section

POLICY = """关于支持某项工作的若干措施
各有关单位：
为做好有关工作，制定本措施。
一、加强资金支持
近年来持续加大投入，成效明显，有力支持了各类主体健康发展，形成了较好的工作基础和社会氛围，受到各方面的普遍欢迎和好评，也积累了宝贵经验。一是设立专项资金，支持重点项目。对符合条件的项目给予补助，每个项目不超过一定额度，具体标准由主管部门会同有关单位另行公布，申报单位应当按照要求准备材料，并对真实性负责，接受监督检查。
二是开展贷款贴息，降低融资成本。对合作机构发放的贷款按照规定给予贴息，贴息期限不超过一年，同一主体不重复享受，具体名单由主管部门定期更新，相关信息在平台上公布，供各单位查询使用，并接受社会监督，欢迎提出意见建议。
二、优化服务
（一）精简材料
能够共享的材料不再要求提供。
（二）压缩时限
办理时限压缩为三个工作日。
某市某某局
2024年1月2日
联系电话: 12345678
"""


@pytest.fixture(autouse=True)
def small_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules are the same at any size; short texts show them."""
    monkeypatch.setattr("bot.documents.chunking.TARGET_CHARACTERS", 350)
    monkeypatch.setattr("bot.documents.chunking.MAX_CHARACTERS", 480)


def document(text: str, sections: tuple[Section, ...] = (), name: str = "a.txt") -> Document:
    return Document(name, text, "hash", DocumentMetadata(text.split("\n")[0]), sections)


def check(whole: Document) -> None:
    """What must hold of the passages of any document."""
    chunks = chunk_document(whole)
    covered = 0
    for ordinal, chunk in enumerate(chunks):
        assert chunk.ordinal == ordinal and chunk.document_id == whole.id
        assert chunk.text == whole.text[chunk.start : chunk.end] == chunk.text.strip() != ""
        assert len(chunk.text) <= chunking.MAX_CHARACTERS
        assert not whole.text[covered : chunk.start].strip()
        assert chunk.start >= covered
        covered = chunk.end
    assert not whole.text[covered:].strip()
    assert len({chunk.id for chunk in chunks}) == len(chunks)


lines = st.text(st.sampled_from("甲乙丙是一二三四第条章（）1.、。；，：附件\n\n 　*ab"), max_size=300)
long_text = st.text(st.sampled_from("甲乙丙丁，。；\n一、是二"), max_size=3000)


@given(st.one_of(lines, long_text, st.text(max_size=500)))
def test_any_text_is_covered_once_and_offsets_hold(text: str) -> None:
    check(document(text))
    sections = find_sections(text_lines(text), "标题")
    assert [section.start for section in sections[1:]] == [section.end for section in sections[:-1]]
    assert "".join(text[section.start : section.end] for section in sections) == text


@given(long_text, st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), max_size=5))
def test_any_sections_are_put_up_with(text: str, bounds: list[tuple[int, int]]) -> None:
    check(document(text, tuple(Section(("甲",), min(pair), max(pair)) for pair in bounds)))


def test_sections_follow_the_numbering() -> None:
    paths = [section.path for section in find_sections(text_lines(POLICY.strip()), "关于支持某项工作的若干措施")]
    first, second = "一、加强资金支持", "二、优化服务"
    assert paths == [
        (),
        (first,),
        (first, "一是设立专项资金"),
        (first, "二是开展贷款贴息"),
        (second,),
        (second, "（一）精简材料"),
        (second, "（二）压缩时限"),
        (),
    ]


def test_short_items_go_together() -> None:
    chunks = chunk_document(document(POLICY.strip()))
    merged = [chunk for chunk in chunks if "压缩时限" in chunk.text]
    assert len(merged) == 1 and merged[0].section_path == ("二、优化服务",) and "精简材料" in merged[0].text


def test_two_headings_of_the_top_are_never_one_passage_when_long() -> None:
    part = "这是一句足够长的话，用来说明一项具体的支持措施及其办理要求，共有若干条件需要满足。" * 4
    chunks = chunk_document(document(f"题目\n一、甲\n{part}\n二、乙\n{part}"))
    assert [chunk.section_path for chunk in chunks] == [("一、甲",), ("二、乙",)]


def test_sentences_stay_whole() -> None:
    sentence = "这是一句用来检查切分位置的话，它只应当在句号之后被切开，而不会在中间断开。"
    chunks = chunk_document(document("题目\n" + sentence * 40))
    assert len(chunks) > 3
    assert all(chunk.text.endswith("。") for chunk in chunks)


def test_an_overlong_sentence_is_cut_at_its_marks() -> None:
    text = "题目\n" + "申报单位应当具备的条件之一；" * 80
    chunks = chunk_document(document(text))
    assert len(chunks) > 2 and all(chunk.text.endswith("；") for chunk in chunks)


def test_one_character_repeated_is_cut_hard() -> None:
    check(document("字" * 5000))


def test_articles_and_chapters() -> None:
    text = "某办法\n第一章 总则\n第一条 为了规范管理，制定本办法。\n第二条 根据第一条规定办理。\n第二章 附则\n第三条 本办法自公布之日起施行。"
    paths = [section.path for section in find_sections(text_lines(text), "某办法")]
    assert ("第一章 总则", "第一条 为了规范管理，制定本办法") in paths and (
        "第二章 附则",
        "第三条 本办法自公布之日起施行",
    ) in paths


@pytest.mark.parametrize(
    ("line", "rank"),
    [
        ("一、总则", 30),
        ("（一）范围", 40),
        ("(二)范围", 40),
        ("1.对象", 50),
        ("2、对象", 50),
        ("（3）对象", 60),
        ("①甲", 65),
    ],
)
def test_markers(line: str, rank: int) -> None:
    marker = find_marker(line)
    assert marker is not None and marker.rank == rank


@pytest.mark.parametrize(
    "line",
    [
        "1.5倍以上",
        "2025年以来",
        "第三条规定的情形",
        "（2020）某字",
        "一般情况下",
        "十个项目",
        "附件所列",
        "12月底前",
        "（一）"[:1],
    ],
)
def test_no_markers(line: str) -> None:
    assert find_marker(line) is None


def test_one_item_alone_opens_no_enumeration() -> None:
    text = "题目\n我们认为，一是要认识到位，其他问题以后再说。"
    assert [section.path for section in find_sections(text_lines(text), "题目")] == [()]


def test_labels_are_short() -> None:
    assert heading_label(
        "一、对参加防护工作的人员给予临时性补助的，按照规定标准执行，不得突破，超出部分自行承担，特此说明。", 2
    ) == ("一、对参加防护工作的人员给予临时性补助的")
    assert len(heading_label("1." + "字" * 300, 2)) <= 25


def test_ids_depend_on_document_content_and_place() -> None:
    first, again = (chunk_document(document(POLICY)) for _ in range(2))
    assert [chunk.id for chunk in first] == [chunk.id for chunk in again]
    assert not {chunk.id for chunk in first} & {chunk.id for chunk in chunk_document(document(POLICY, name="b.txt"))}


def test_a_passage_is_headed_by_title_and_path() -> None:
    assert passage_heading("题目", ("一、甲", "（一）乙")) == "题目 一、甲 （一）乙"
    assert passage_heading("", ("一、甲",)) == "一、甲" and passage_heading("题目", ()) == "题目"


def test_a_passage_that_begins_inside_a_list_is_told_what_leads_it_in(tmp_path: Path) -> None:
    from bot.documents.corpus import CorpusFile
    from bot.documents.load import load_document

    items = "\n".join(
        f"（{numeral}）第{numeral}类服务，包括与之有关的检测、验证、咨询和培训等内容；" * 1
        for numeral in "一二三四五六七八九十"
    )
    text = f"服务目录\n{'前言说明若干。' * 60}\n下列服务不予支持：\n{items * 1}\n" + "\n".join(
        f"（十{numeral}）其他服务第{numeral}类，另行规定的除外，并说明理由和依据，由主管部门核定；"
        for numeral in "一二三四五六七八九"
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    document = load_document(CorpusFile("a.txt", tmp_path / "a.txt", "hash"))
    chunks = chunk_document(document)
    holding = [chunk for chunk in chunks if "类服务" in chunk.text or "其他服务" in chunk.text]
    assert len(holding) > 1
    for chunk in holding:
        assert "不予支持" in chunk.text or any("不予支持" in part for part in chunk.section_path)
    assert not any(chunk.text.endswith("不予支持：") for chunk in chunks)
