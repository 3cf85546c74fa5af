"""What documents say of one another, and how that is matched to the documents on file."""

from dataclasses import replace

import pytest

from bot.documents.blocks import Extract
from bot.documents.metadata import read_metadata
from bot.documents.metadata.references import cited_documents
from bot.documents.relations import Duplicate, FiledDocument, Versions, marked, resolve_relations
from bot.documents.structure import text_lines
from bot.types.documents import DocumentMetadata, Reference, ReferenceKind, Status

REPEALS, REPLACES, AMENDS = ReferenceKind.REPEALS, ReferenceKind.REPLACES, ReferenceKind.AMENDS
BASED_ON, IMPLEMENTS = ReferenceKind.BASED_ON, ReferenceKind.IMPLEMENTS


def filed(name: str, text: str) -> FiledDocument:
    clean = "\n".join(line.strip() for line in text.split("\n") if line.strip())
    return FiledDocument(name, read_metadata(text_lines(clean), Extract(())), clean)


def stated(sentence: str, title: str = "云汀市创新券管理办法") -> list[tuple[ReferenceKind, str | None, str | None]]:
    document = filed("a", f"{title}\n云科规〔2025〕3号\n第九条 {sentence}")
    for each in document.metadata.references:
        words = document.text[each.start : each.end]
        assert (each.title or "") in words and (each.title is None) == ("《" not in words)
    return [(each.kind, each.title, each.number) for each in document.metadata.references]


# --- what is said ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "本办法自2025年3月1日起施行，《云汀市创新券细则》（云科规〔2022〕6号）同时废止。",
            [(REPEALS, "云汀市创新券细则", "云科规〔2022〕6号")],
        ),
        (
            "本办法自公布之日起施行。《甲管理办法》、《乙登记条例》和《丙规定》同时废止。",
            [(REPEALS, "甲管理办法", None), (REPEALS, "乙登记条例", None), (REPEALS, "丙规定", None)],
        ),
        (
            "原《云汀市创新券办法》（云科规〔２０２０〕 1 号）自本办法施行之日起停止执行。",
            [(REPEALS, "云汀市创新券办法", "云科规〔2020〕1号")],
        ),
        ("原《云汀市创新券办法》不再执行。", [(REPEALS, "云汀市创新券办法", None)]),
        ("决定废止《甲管理办法》（云科规〔2019〕2号）。", [(REPEALS, "甲管理办法", "云科规〔2019〕2号")]),
        ("云科规〔2018〕8号同时废止。", [(REPEALS, None, "云科规〔2018〕8号")]),
        ("《甲管理办法》由本办法代替。", [(REPLACES, "甲管理办法", None)]),
        ("本标准代替《甲建设规范》。", [(REPLACES, "甲建设规范", None)]),
        ("《甲管理办法》以本办法为准。", [(REPLACES, "甲管理办法", None)]),
        ("《甲管理办法》与本办法不一致的，以本办法为准。", [(ReferenceKind.PREVAILS, "甲管理办法", None)]),
        (
            "根据《创新促进条例》《专项资金规定》（云政〔2020〕1号）等规定，结合实际，制定本办法。",
            [(BASED_ON, "创新促进条例", None), (BASED_ON, "专项资金规定", "云政〔2020〕1号")],
        ),
        ("为贯彻落实《创新促进条例》，制定本办法。", [(IMPLEMENTS, "创新促进条例", None)]),
        (
            "为落实《创新促进条例》，根据《专项资金规定》，制定本办法。",
            [(IMPLEMENTS, "创新促进条例", None), (BASED_ON, "专项资金规定", None)],
        ),
        ("对《甲管理办法》作如下修改。", [(AMENDS, "甲管理办法", None)]),
        ("将《甲管理办法》第三条修改为“略”。", [(AMENDS, "甲管理办法", None)]),
        ("《甲管理办法》第三条同时废止。", [(AMENDS, "甲管理办法", None)]),
        ("《甲管理办法》有效期延长至2026年12月31日。", [(ReferenceKind.EXTENDS, "甲管理办法", None)]),
        (
            "《关于印发《甲管理办法》的通知》（云科〔2020〕1号）废止。",
            [(REPEALS, "关于印发《甲管理办法》的通知", "云科〔2020〕1号")],
        ),
        ("如《甲管理办法》废止，另行规定。", []),
        ("《甲管理办法》未废止前仍可申请。", []),
        ("申请人按照《申请书》填写，提交《承诺书》。", []),
        ("违反本办法的，依照《行政处罚法》处理。", []),
        ("根据《甲条例》，《乙办法》同时废止。", [(REPEALS, "乙办法", None)]),
    ],
)
def test_what_a_document_says_of_others(sentence: str, expected: list) -> None:
    assert stated(sentence) == expected


def test_the_title_of_a_decision_and_a_list_below_it() -> None:
    assert stated("略。", "云汀市科学技术局关于废止《甲管理办法》的通知") == [(REPEALS, "甲管理办法", None)]
    assert stated("略。", "云汀市关于修改《创新促进条例》的决定") == [(AMENDS, "创新促进条例", None)]
    listed = filed(
        "a",
        "关于清理文件的决定\n决定废止下列规范性文件：\n1.《甲管理办法》（云科〔2010〕1号）\n2.《乙实施细则》（云科〔2011〕2号）",
    )
    assert [(each.kind, each.number) for each in listed.metadata.references] == [
        (REPEALS, "云科〔2010〕1号"),
        (REPEALS, "云科〔2011〕2号"),
    ]


def test_a_document_does_not_refer_to_itself() -> None:
    text = "云汀市创新券管理办法\n云科规〔2025〕3号\n根据《云汀市创新券管理办法》（云科规〔2025〕3号），现就有关事项通知如下。"
    assert filed("a", text).metadata.references == ()


def test_unbalanced_marks_are_no_title() -> None:
    assert cited_documents("《甲办法、《乙办法》") == () or all(
        each.title for each in cited_documents("《甲办法、《乙办法》")
    )
    assert cited_documents("《" * 500 + "甲") == ()


# --- what is on file ---------------------------------------------------------------------------

NEW = filed(
    "new.txt",
    "云汀市创新券管理办法\n云科规〔2025〕3号\n第一条 本办法自2025年3月1日起施行。《云汀市创新券实施细则》（云科规〔2022〕6号）同时废止。\n云汀市科学技术局\n2025年2月10日",
)
OLD = filed(
    "old.txt",
    "云汀市创新券实施细则\n云科规【2022】6号\n第一条 本细则自2022年5月1日起施行。\n云汀市科学技术局\n2022年4月12日",
)


def test_the_repealed_one_is_marked_and_not_the_one_that_repeals() -> None:
    relations = resolve_relations([NEW, OLD])
    (superseded,) = relations.superseded
    assert (superseded.document, superseded.by, superseded.since) == ("old.txt", "new.txt", "2025-03-01")
    words = NEW.text[superseded.reference.start : superseded.reference.end]
    assert words == "《云汀市创新券实施细则》（云科规〔2022〕6号）"
    assert relations.links_of("old.txt") == relations.links_of("new.txt") == relations.links
    assert (marked(OLD, relations).superseded_by, marked(OLD, relations).superseded_from) == ("new.txt", "2025-03-01")
    assert marked(NEW, relations) == NEW.metadata


def by(name: str, day: str, title: str, *references: Reference, number: str | None = None, **more) -> FiledDocument:
    known = DocumentMetadata(title, date=day, document_number=number, references=references, **more)
    return FiledDocument(name, known, f"{title} {number} {day}")


def repeal(title: str | None, number: str | None = None) -> Reference:
    return Reference(REPEALS, title, number, 0, 0)


def ended(*documents: FiledDocument) -> dict[str, str]:
    return {each.document: each.by for each in resolve_relations(documents).superseded}


def test_by_title_with_and_without_the_place() -> None:
    bare = by("old", "2022-01-01", "技术创新券实施细则", issuers=("云汀市科学技术局",))
    other = by("other", "2022-01-01", "南樟区技术创新券实施细则", issuers=("南樟区科学技术局",))
    new = by(
        "new", "2025-01-01", "云汀市新办法若干规定", repeal("云汀市技术创新券实施细则"), issuers=("云汀市科学技术局",)
    )
    assert ended(bare, other, new) == {"old": "new"}
    short = by("new", "2025-01-01", "南樟区新办法若干规定", repeal("技术创新券实施细则"), issuers=("南樟区科学技术局",))
    assert ended(by("y", "2022-01-01", "云汀市技术创新券实施细则"), other, short) == {"other": "new"}


def test_a_notice_is_found_by_the_text_it_encloses() -> None:
    notice = by("old", "2022-01-01", "云汀市科学技术局关于印发《云汀市创新券实施细则》的通知")
    assert ended(notice, by("new", "2025-01-01", "新办法", repeal("云汀市创新券实施细则"))) == {"old": "new"}
    enclosed = by("old", "2022-01-01", "云汀市创新券实施细则")
    cites = repeal("关于印发《云汀市创新券实施细则》的通知")
    assert ended(enclosed, by("new", "2025-01-01", "新办法", cites)) == {"old": "new"}


def test_a_number_and_a_year_decide_between_namesakes() -> None:
    first = by("2019", "2019-04-12", "云汀市创新券实施细则", number="云科规〔2019〕6号")
    second = by("2022", "2022-04-12", "云汀市创新券实施细则", number="云科规〔2022〕6号")
    numbered = by("new", "2025-01-01", "新办法", repeal("云汀市创新券实施细则", "云科规〔2019〕6号"))
    assert ended(first, second, numbered) == {"2019": "new"}
    assert ended(first, second, by("new", "2025-01-01", "新办法", repeal("云汀市创新券实施细则"))) == {"2022": "new"}
    unknown = by("new", "2025-01-01", "新办法", repeal("云汀市创新券实施细则", "云科规〔2020〕9号"))
    assert ended(first, second, unknown) == {}
    yearly = by("old", "2024-01-02", "云汀市2024年创新券标准的通知")
    assert ended(yearly, by("new", "2025-01-01", "新通知", repeal("云汀市2023年创新券标准的通知"))) == {}


def test_a_new_version_repeals_its_namesake_and_never_itself() -> None:
    old = by("old", "2020-01-01", "云汀市创新券管理办法")
    new = by("new", "2025-01-01", "云汀市创新券管理办法", repeal("云汀市创新券管理办法"))
    assert ended(old, new) == {"old": "new"}
    assert ended(new) == {}
    assert ended(old, replace(new, id="copy"), new) == {"old": "copy"}


def test_a_draft_repeals_nothing_and_nothing_newer_is_repealed() -> None:
    old = by("old", "2020-01-01", "云汀市创新券管理办法")
    draft = by("draft", "2025-01-01", "新办法（征求意见稿）", repeal("云汀市创新券管理办法"), status=Status.DRAFT)
    assert ended(old, draft) == {}
    assert len(resolve_relations([old, draft]).links) == 1
    assert (
        ended(
            by("late", "2026-01-01", "云汀市创新券管理办法"),
            by("new", "2025-01-01", "新办法", repeal("云汀市创新券管理办法")),
        )
        == {}
    )


def test_chains_end_and_rings_do_not_hang() -> None:
    first = by("a", "2019-01-01", "云汀市创新券办法一", number="云科〔2019〕1号")
    second = by("b", "2021-01-01", "云汀市创新券办法二", repeal(None, "云科〔2019〕1号"), number="云科〔2021〕1号")
    third = by("c", "2023-01-01", "云汀市创新券办法三", repeal(None, "云科〔2021〕1号"), number="云科〔2023〕1号")
    relations = resolve_relations([third, first, second])
    assert [relations.current(name) for name in "abc"] == ["c", "c", "c"]
    ring = replace(first, metadata=replace(first.metadata, references=(repeal(None, "云科〔2021〕1号"),)))
    assert resolve_relations([ring, second]).current("a") in ("a", "b")


def test_copies_are_duplicates_and_both_are_marked() -> None:
    copy = FiledDocument("old copy.txt", OLD.metadata, OLD.text.replace("\n", "\n\n "))
    relations = resolve_relations([OLD, copy, NEW])
    assert relations.duplicates == (Duplicate("old copy.txt", "old.txt"),)
    assert relations.versions == ()
    assert [each.document for each in relations.superseded] == ["old copy.txt", "old.txt"]


def test_versions_are_told_apart_by_date() -> None:
    title = "云汀市创新券管理办法"
    issuers = ("云汀市科学技术局",)
    documents = [
        by("2019", "2019-01-01", title, issuers=issuers),
        by("2025", "2025-01-01", f"{title}（修订）", issuers=issuers),
        by("draft", "2024-06-01", f"{title}（征求意见稿）"),
        by("other", "2024-01-01", "南樟区创新券管理办法"),
    ]
    assert resolve_relations(documents).versions == (Versions(("2025", "draft", "2019")),)
    # Who issued the draft cannot be told when two bodies use the same title.
    elsewhere = by("elsewhere", "2024-01-01", title, issuers=("南樟区科学技术局",))
    assert resolve_relations([*documents, elsewhere]).versions == (Versions(("2025", "2019")),)
    numbered = [
        by("a", "2024-01-01", "甲", number="云科〔2024〕1号"),
        by("b", "2024-05-01", "甲（二稿）", number="云科【2024】 1号"),
    ]
    assert resolve_relations(numbered).versions == (Versions(("b", "a")),)


def test_a_prolonged_document_holds_longer() -> None:
    old = by("old", "2022-01-01", "云汀市创新券管理办法", valid_until="2024-12-31")
    longer = Reference(ReferenceKind.EXTENDS, "云汀市创新券管理办法", None, 0, 0, "2026-12-31")
    relations = resolve_relations([old, by("new", "2024-12-01", "关于延长有效期的通知", longer)])
    assert marked(old, relations).valid_until == "2026-12-31"
    assert marked(old, relations).superseded_by is None
