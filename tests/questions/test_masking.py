"""What is personal is left out; what a policy question asks of is not touched."""

from pathlib import Path

import pytest
import yaml

from bot.questions.masking import exchange_of, masked, published_in, wording_of
from bot.types import Contact
from tests.questions.conftest import answer_to

CASES = yaml.safe_load((Path(__file__).parent / "masking_cases.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["private"], ids=lambda case: case["ask"])
def test_what_is_personal_is_gone(case):
    assert [each for each in case["gone"] if each in masked(case["ask"])] == []


@pytest.mark.parametrize("question", CASES["plain"])
def test_an_ordinary_question_stays_as_it_is(question):
    assert masked(question) == question


@pytest.mark.parametrize(("question", "kept"), CASES["beside"])
def test_what_stands_beside_a_number_and_is_no_name_stays(question, kept):
    assert masked(question) == kept


def test_a_name_that_a_document_publishes_stands_in_an_answer():
    published = ("联系人：王总，李工",)
    assert masked("请找王总或李工", published) == "请找王总或李工"
    assert masked("请找王总或张工", published) == "请找王总或〔人名略〕"


def test_a_name_left_out_once_is_left_out_the_same_again():
    assert masked("王老师说，张工也说") == "〔人名略〕说，〔人名略〕也说"
    once = masked("王总说，请打给王示例，13800000062")
    assert masked(once) == once == "〔人名略〕说，请打给〔人名略〕，〔电话略〕"


def test_a_contact_that_a_document_publishes_stands_in_an_answer_and_another_does_not():
    answer = answer_to(
        "找谁", quotes=["联系电话：021-55500001"], contacts=(Contact(None, "021-55500002", None, "申报"),)
    )
    shown = masked("请打021-55500001或021-55500002，不要打021-55500003", published_in(answer))
    assert "55500001" in shown and "55500002" in shown and "55500003" not in shown


def test_one_wording_whatever_its_marks_and_width():
    assert wording_of("补贴 多少?") == wording_of("补贴多少？") != wording_of("补贴给谁")
    assert exchange_of("") is None and exchange_of("abc") != exchange_of("abd")
