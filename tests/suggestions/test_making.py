"""Candidates from cards and documents, and which of them are kept."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from bot.catalogue.models import Catalogue
from bot.documents.corpus import list_corpus_files
from bot.documents.passages import read_passages
from bot.errors import QuestionError
from bot.suggestions.cards import card_candidates, scope_candidates
from bot.suggestions.parts import document_candidates, in_turn, subject_of, title_without_stage
from bot.suggestions.records import Candidate, Place, SuggestionList
from bot.suggestions.verifying import VerifyingLimits, candidates, verified
from bot.types import Answer, Citation, Contact, Document, DocumentMetadata, Intent, SourceKind, TextKind
from bot.understanding.asked import Asked
from tests.support.spent import least_spent

TEXT = """云汀市青年公寓管理办法

一、申请条件

申请青年公寓应当符合下列条件：

（一）在本市就业；

（二）在本市没有自有住房。

二、租金标准

租金按照市场租金的六成收取。

三、申报办理

（一）装修补助。给予每户最高2万元补助。

（二）受理部门。由各街道办事处受理。

四、附则

本办法自2031年1月1日起施行。
"""
TABLE = """# 云汀市成果统计

| 指标（项） | 2030年 |
| --- | --- |
| 合同数（项） | 45 |
| 专利数 | 12 |
"""
QUESTIONS = """# 云汀市常见问题

1. 押金什么时候退？

退房后十个工作日内退还。

2. 能养宠物吗？

不能。
"""


@pytest.fixture
def read(tmp_path: Path):
    def documents(**texts: str) -> dict[str, Document]:
        for name, text in texts.items():
            (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
        return {file.id: read_passages(file)[0] for file in list_corpus_files(tmp_path).files}

    return documents


def kind_of(heading: str) -> Asked:
    return {"申请条件": Asked.CONDITION, "受理部门": Asked.BODY}.get(heading, Asked.OTHER)


def candidates_of(documents: dict[str, Document], carded: tuple[str, ...] = ()) -> list[Candidate]:
    titles = {name: title_without_stage(document.metadata) for name, document in documents.items()}
    return [
        candidate
        for name, document in documents.items()
        for candidate in document_candidates(
            document, subject_of(titles[name], titles.values()), kind_of, carded=name in carded
        )
    ]


def asked(documents: dict[str, Document], carded: tuple[str, ...] = ()) -> list[str]:
    return [each.question for each in candidates_of(documents, carded)]


def test_headings_labels_and_lead_ins_become_questions(read):
    documents = read(a_txt=TEXT, b_md="# 云汀市科技奖励规定\n\n示例。", c_md="# 云汀市统计公报\n\n示例。")
    questions = asked(documents)
    for question in (
        "青年公寓的申请条件有哪些？",
        "青年公寓的租金标准是什么？",
        "青年公寓的装修补助最高多少？",
        "青年公寓的受理部门是哪个？",
        "申请青年公寓应当符合哪些条件？",
    ):
        assert question in questions
    assert not any("附则" in question for question in questions)


def test_a_question_points_to_where_its_answer_stands(read):
    documents = read(a_txt=TEXT)
    made = {each.question: each for each in candidates_of(documents)}
    place = next(each for question, each in made.items() if "租金标准" in question).places[0]
    assert documents["a.txt"].text[place.start : place.end].strip() == "租金按照市场租金的六成收取。"
    groups = {made[each].group for each in made if "装修补助" in each or "受理部门" in each}
    assert len(groups) == 1


def test_headings_of_a_document_with_cards_are_left_to_the_cards(read):
    documents = read(a_txt=TEXT)
    assert not any("租金标准" in question for question in asked(documents, carded=("a.txt",)))
    assert any("哪些条件" in question for question in asked(documents, carded=("a.txt",)))


def test_rows_and_printed_questions_are_asked(read):
    questions = asked(read(t_md=TABLE, q_md=QUESTIONS))
    assert "合同数的2030年是多少？" in questions and "专利数的2030年是多少？" in questions
    assert "押金什么时候退？" in questions and "能养宠物吗？" in questions


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("云汀市青年公寓管理办法", "青年公寓"),
        ("云汀市横向科研经费暂行规定", "横向科研经费"),
        ("示范园建设的通知", "示范园建设"),
        ("办法", "办法"),
    ],
)
def test_what_a_title_is_about(title, subject):
    assert subject_of(title, [title, "云汀市科技奖励规定", "云汀市统计公报"]) == subject


CATALOGUE = {
    "scope": {"examples": [{"title": "问政策", "questions": ["公寓租金多少？", "谁能养宠物？"]}]},
    "programmes": [
        {
            "id": "flat",
            "name": "云汀市青年公寓租住支持政策（试行）",
            "aliases": ["青年公寓", "公寓"],
            "kind": "住房",
            "document": "a.txt",
            "status": {"value": "in_force"},
            "summary": {"value": "租金六成", "quote": "租金按照市场租金的六成收取"},
            "amount": {"value": "2万元", "quote": "给予每户最高2万元补助"},
            "facts": [
                {"label": "补助数额 多少钱", "value": "2万元", "quote": "给予每户最高2万元补助"},
                {"label": "受理方", "value": "街道", "quote": "由各街道办事处受理"},
            ],
            "needs": ["租房"],
        }
    ],
}


def test_a_card_is_asked_for_what_it_states_and_by_a_name_people_use(read):
    documents = read(a_txt=TEXT)
    catalogue = Catalogue.model_validate(CATALOGUE)
    made = list(card_candidates(catalogue, documents.__getitem__))
    assert [each.question for each in made] == [
        "青年公寓最高能给多少？",
        "青年公寓是什么？",
        "青年公寓的补助数额是多少？",
    ]
    assert all(each.places and "租房" in each.words and each.group == "flat" for each in made)


def metadata_of(documents: dict[str, Document]) -> dict[str, DocumentMetadata]:
    return {name: document.metadata for name, document in documents.items()}


class Counted(dict):
    """Documents that remember which of them were read."""

    def __init__(self, documents: dict[str, Document]) -> None:
        super().__init__(documents)
        self.read: list[str] = []

    def __getitem__(self, name: str) -> Document:
        self.read.append(name)
        return super().__getitem__(name)


def test_of_many_documents_only_those_are_read_that_are_asked(read):
    documents = Counted(
        read(**{f"n{number:02}_txt": TEXT.replace("青年", chr(ord("岗") + number)) for number in range(40)})
    )
    headings: list[str] = []

    def kind(heading: str) -> Asked:
        headings.append(heading)
        return kind_of(heading)

    made = list(islice(candidates(Catalogue(), documents, metadata_of(documents), kind), 6))
    assert [each.places[0].document_id for each in made] == [f"n{number:02}.txt" for number in range(6)]
    assert documents.read == [f"n{number:02}.txt" for number in range(6)] and len(headings) <= 6


def test_after_the_first_of_each_document_come_the_seconds(read):
    documents = read(a_txt=TEXT, b_txt=TEXT.replace("青年公寓", "人才公寓"), t_md=TABLE)
    made = [each.places[0].document_id for each in candidates(Catalogue(), documents, metadata_of(documents), kind_of)]
    assert made[:6] == ["a.txt", "b.txt", "t.md"] * 2
    assert len(made) == len(candidates_of(documents))


def test_taking_turns_among_many_empty_lists_costs_no_more_than_going_through_them():
    assert list(in_turn(["ace", "", "bdfg"])) == list("abcdefg")

    def work(count: int) -> float:
        return least_spent(lambda: list(in_turn([()] * count + [(1, 2)])))

    assert work(40_000) < 12 * work(10_000)


def test_the_staffs_examples_go_first_and_every_question_is_there_once(read):
    documents = read(a_txt=TEXT)
    catalogue = Catalogue.model_validate(CATALOGUE)
    made = [each.question for each in candidates(catalogue, documents, metadata_of(documents), kind_of)]
    assert made[:2] == [each.question for each in scope_candidates(catalogue)] == ["公寓租金多少？", "谁能养宠物？"]
    assert len(made) == len(set(made))
    # Of a document with cards the cards ask, not its headings.
    assert not any("租金标准" in question for question in made)


# --- what is kept -------------------------------------------------------------------------------------


def answer(**changes) -> Answer:
    return replace(Answer("问", "问", Intent.POLICY, False, "答。"), **changes)


def cited(start: int, end: int) -> Citation:
    return Citation(1, "a.txt", "题", None, "", start, end, "x", None, None, None, SourceKind.NOTE, TextKind.VERBATIM)


def candidate(question: str, start: int, end: int, group: str = "g") -> Candidate:
    return Candidate(question, "题", group, Intent.POLICY, (Place("a.txt", start, end),) if end else ())


def vector_of(text: str) -> np.ndarray:
    return np.array([1.0, 0.0] if "同" in text else [0.0, 1.0], dtype=np.float32)


def no_vector(text: str) -> None:
    return None


def asking(question: str) -> Answer:
    if "坏" in question:
        raise QuestionError("坏", remedy="无")
    if "拒" in question:
        return answer(abstained=True)
    if "近" in question:
        return answer(nearest=True, citations=(cited(0, 10),))
    if "电话" in question:
        return answer(citations=(cited(0, 10),), contacts=(Contact("甲", "1", None, "某事"),))
    return answer(citations=(cited(0, 10),))


def test_only_what_is_answered_from_its_place_is_kept():
    proposed = [candidate(question, 5, 8) for question in ("坏的", "拒的", "近的", "好的")]
    proposed += [candidate("别处", 10, 12), candidate("哪里都行", 0, 0)]
    kept = verified(proposed, asking, no_vector, VerifyingLimits())
    assert [each.question for each in kept.suggestions] == ["好的", "哪里都行"]
    assert kept.asked == 6 and kept.vectors is None
    assert kept.suggestions[0].places == (Place("a.txt", 0, 10),)


def test_what_is_said_already_in_nearly_the_same_words_is_left_out():
    proposed = [candidate(question, 5, 8) for question in ("同一", "同样", "另外")]
    kept = verified(proposed, asking, vector_of, VerifyingLimits())
    assert [each.question for each in kept.suggestions] == ["同一", "另外"]
    assert kept.vectors is not None and kept.vectors.shape == (2, 2)


def test_where_vectors_fail_halfway_characters_alone_rank():
    proposed = [candidate(question, 5, 8) for question in ("同一", "同样", "另外")]
    vectors = iter([vector_of("同一"), None, None])
    kept = verified(proposed, asking, lambda text: next(vectors), VerifyingLimits())
    assert kept.vectors is None and [each.question for each in kept.suggestions] == ["同一", "同样", "另外"]


def test_examples_of_the_staff_that_are_not_answered_are_told():
    proposed = [candidate("拒的", 0, 0, "scope:甲"), candidate("拒绝的", 5, 8)]
    assert verified(proposed, asking, no_vector, VerifyingLimits()).unanswered == ("拒的",)


def test_a_question_answered_with_a_contact_is_found_by_the_word_for_one():
    kept = verified([candidate("电话", 5, 8)], asking, no_vector, VerifyingLimits())
    assert "联系电话" in kept.suggestions[0].words


@pytest.mark.parametrize(
    ("limits", "count"),
    [(VerifyingLimits(kept=2), 2), (VerifyingLimits(asked=3), 3), (VerifyingLimits(seconds=4.5), 4)],
)
def test_making_the_list_is_bounded(limits, count):
    now = iter(range(100))
    proposed = [candidate(f"问{number}", 5, 8) for number in range(9)]
    kept = verified(proposed, asking, no_vector, limits, clock=lambda: float(next(now)))
    assert len(kept.suggestions) == count


def test_the_list_is_kept_as_it_was():
    kept = verified([candidate("好的", 5, 8), candidate("拒", 0, 0, "scope:x")], asking, vector_of, VerifyingLimits())
    read = SuggestionList.from_json(kept.to_json())
    assert (read.suggestions, read.asked, read.unanswered) == (kept.suggestions, kept.asked, kept.unanswered)
    assert np.allclose(read.vectors, kept.vectors)
    assert SuggestionList.from_json(None).suggestions == () and SuggestionList.from_json("").vectors is None
