from __future__ import annotations

import numpy as np
import pytest

from bot.suggestions.records import Place, Suggestion, SuggestionList
from bot.suggestions.shelf import SuggestionShelf
from bot.types import Intent


def suggestion(question: str, topic: str, group: str, start: int, words: tuple[str, ...] = (), document: str = "a"):
    return Suggestion(question, topic, group, Intent.POLICY, (Place(document, start, start + 10),), words)


SUGGESTIONS = (
    suggestion("装修补助最高多少？", "装修补助", "flat", 0, ("修房子",)),
    suggestion("装修补助怎么申请？", "装修补助", "flat", 20, ("修房子",)),
    suggestion("租房补助最高多少？", "租房补助", "rent", 40),
    suggestion("创新贷由谁负责？", "创新贷", "loan", 60, ("贷款",)),
    suggestion("创新贷的期限是多久？", "创新贷", "loan", 80, ("贷款",)),
    suggestion("《甲办法》是哪个部门发布的？", "甲", "a", 100),
    suggestion("有补助吗？", "问政策", "scope:问政策", 0),
    suggestion("别的文件说了什么？", "别的", "b", 0, document="b"),
)
VECTORS = np.eye(len(SUGGESTIONS), dtype=np.float32)


@pytest.fixture
def shelf() -> SuggestionShelf:
    return SuggestionShelf(SuggestionList(SUGGESTIONS, VECTORS))


def questions(found) -> list[str]:
    return [each.question for each in found]


def test_what_holds_the_typed_characters_comes_first(shelf):
    assert questions(shelf.near("装修", None, 5)) == ["装修补助最高多少？", "装修补助怎么申请？"]
    assert questions(shelf.near("租房补助", None, 1)) == ["租房补助最高多少？"]


def test_what_begins_as_typed_goes_before_what_only_holds_it(shelf):
    assert questions(shelf.near("有补助", None, 1)) == ["有补助吗？"]


def test_meaning_finds_what_shares_no_character(shelf):
    assert questions(shelf.near("缺钱", VECTORS[3], 1)) == ["创新贷由谁负责？"]
    assert questions(shelf.near("缺钱", None, 5)) == []


def test_other_words_of_a_topic_find_it(shelf):
    assert questions(shelf.near("贷款", None, 5)) == ["创新贷由谁负责？", "创新贷的期限是多久？"]


def test_a_list_is_short_and_asks_about_several_things(shelf):
    assert len(shelf.near("补助", None, 2)) == 2
    assert questions(shelf.near("装修补助", None, 5, alike=1)).count("装修补助怎么申请？") == 0
    assert shelf.near("", None, 5) == () and shelf.near("？？", None, 5) == ()


def test_questions_about_a_document_itself_come_late(shelf):
    found = questions(shelf.near("补助部门", VECTORS[0] * 0.6, 5))
    assert found and found[0] != "《甲办法》是哪个部门发布的？"


def test_a_vector_of_another_model_is_not_compared(shelf):
    assert questions(shelf.near("缺钱", np.ones(3, dtype=np.float32), 5)) == []


def test_a_bare_word_gives_one_question_for_each_thing_that_has_it(shelf):
    found = questions(shelf.choices("补助", None, 5))
    assert sorted(found) == ["有补助吗？", "租房补助最高多少？", "装修补助最高多少？"]
    assert len(shelf.choices("补助", None, 2)) == 2


def test_what_else_is_stated_of_the_cited_thing_comes_first_and_nothing_just_told(shelf):
    found = questions(shelf.related([Place("a", 0, 10)], None, 5))
    assert found[0] == "装修补助怎么申请？"
    assert "装修补助最高多少？" not in found and "有补助吗？" not in found
    assert "别的文件说了什么？" not in found
    assert found[-1] == "《甲办法》是哪个部门发布的？"


def test_beside_it_what_is_nearest_to_the_question_comes_first(shelf):
    assert questions(shelf.related([Place("a", 0, 10)], VECTORS[4], 2))[1] == "创新贷的期限是多久？"


def test_the_topics_a_question_names(shelf):
    assert questions(shelf.of_topic("创新贷能贷多少")) == ["创新贷由谁负责？", "创新贷的期限是多久？"]
    assert shelf.of_topic("问政策") == ()


def test_an_empty_shelf_finds_nothing():
    empty = SuggestionShelf(SuggestionList())
    assert empty.near("补助", None, 5) == () and empty.choices("补助", None, 5) == ()
    assert empty.related([Place("a", 0, 1)], None, 5) == ()
