"""A model's reading of a message: what it may not bring in, and what it may leave to be looked up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.answering.model.reading import (
    MAX_PARTS,
    MAX_QUESTION_CHARACTERS,
    MAX_SEARCH_CHARACTERS,
    MAX_SEARCHES,
    ModelReading,
    Reading,
    adds,
    checked,
    read_message,
)
from bot.llm import Deadline, ModelService
from bot.settings import LlmSettings
from bot.text.tokens import fold
from tests.support.openai_server import OpenAIServer, Reply

QUESTION = "概念验证项目最多能拿多少钱？"
KNOWN = ("云溪材料研究所", "麦科贷")


def names(text: str) -> frozenset[str]:
    return frozenset(each for each in KNOWN if each in fold(text))


def reading(*parts: Mapping[str, Any]) -> ModelReading:
    return ModelReading.model_validate({"parts": list(parts)})


def one(question: str, *searches: str) -> ModelReading:
    return reading({"question": question, "searches": list(searches)})


@pytest.mark.parametrize(
    ("question", "asked", "earlier"),
    [
        ("概念验证项目最高资助额度是多少？", QUESTION, ()),
        ("溪西园的押金是多少？", "押金呢？", ("溪西园租金多少？",)),
        ("2024年概念验证立项几个？", "那一年立项几个？", ("2024年的概念验证怎么样？",)),
        ("上海的人才公寓租金多少？", "租金呢？", ("上海有人才公寓吗？",)),
        ("麦科贷的利率是多少？", "利率呢？", ("麦科贷怎么申请？",)),
        ("项目资金能用来发奖金吗？", "项目资金能不能用来发奖金？", ()),
        ("哪些情形不予支持？", "什么情况不给支持？", ()),
    ],
)
def test_what_was_said_may_be_put_otherwise(question: str, asked: str, earlier: tuple[str, ...]) -> None:
    assert checked(one(question), asked, earlier, names) == (Reading(question, ()),)


@pytest.mark.parametrize(
    "question",
    [
        "上海概念验证项目最多能拿多少钱？",
        "徐汇区概念验证项目最多能拿多少钱？",
        "概念验证项目能拿300万元吗？",
        "2021年概念验证项目最多能拿多少钱？",
        "概念验证项目最多能拿30%吗？",
        "云溪材料研究所的概念验证项目最多能拿多少钱？",
        "麦科贷最多能拿多少钱？",
        "概念验证项目最多不能拿多少钱？",
        "未立项的概念验证项目最多能拿多少钱？",
        "“领航贷”最多能拿多少钱？",
        "",
        "？？？",
        "概" * (MAX_QUESTION_CHARACTERS + 1),
    ],
)
def test_a_part_that_brings_anything_in_is_left_out_whole(question: str) -> None:
    assert checked(one(question, "概念验证项目 资助"), QUESTION, (), names) == ()


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("管理费率是多少？", "合同到账120万，管理费率是多少？"),
        ("业务接待费上限是多少？", "2017年的办法里业务接待费上限是多少？"),
        ("人才公寓租金多少？", "杭州的人才公寓租金多少？"),
        ("资助多少钱？", "“领航计划”资助多少钱？"),
        ("合作方有哪些？", "云溪材料研究所的合作方有哪些？"),
        ("哪些情形予以支持？", "哪些情形不予支持？"),
        ("周转房租金多少？", "年休假有几天？"),
    ],
)
def test_a_part_that_loses_what_was_said_is_looked_up_and_replaces_nothing(question: str, asked: str) -> None:
    assert all(not each.whole for each in checked(one(question), asked, (), names))


def test_parts_that_together_keep_what_was_said_are_whole() -> None:
    asked = "杭州的人才公寓租金多少？2017年的办法里业务接待费上限是多少？"
    both = reading({"question": "杭州的人才公寓租金多少？"}, {"question": "2017年的办法里业务接待费上限是多少？"})
    assert [each.whole for each in checked(both, asked, (), names)] == [True, True]
    assert [each.whole for each in checked(one("杭州的人才公寓租金多少？"), asked, (), names)] == [False]


@pytest.mark.parametrize(
    "search",
    ["苏州 概念验证", "概念验证 500万元", "麦科贷 额度", "", "   ", "概" * (MAX_SEARCH_CHARACTERS + 1), "？！"],
)
def test_a_wording_that_brings_anything_in_is_left_out_by_itself(search: str) -> None:
    found = checked(one(QUESTION, search, "概念验证 资助额度"), QUESTION, (), names)
    assert found == (Reading(QUESTION, ("概念验证 资助额度",)),)


def test_no_more_is_looked_up_than_may_be() -> None:
    many = reading(*({"question": QUESTION, "searches": [f"概念验证{'甲' * n}" for n in range(40)]} for _ in range(40)))
    found = checked(many, QUESTION, (), names)
    assert len(found) <= MAX_PARTS and all(len(each.searches) <= MAX_SEARCHES for each in found)


def test_wordings_that_are_the_same_are_looked_up_once() -> None:
    assert checked(one(QUESTION, "资助额度", " 资助额度 "), QUESTION, (), names)[0].searches == ("资助额度",)


def test_an_english_question_may_be_read_in_chinese() -> None:
    asked = "What is the maximum support for a proof-of-concept project in 2025?"
    assert checked(one("2025年概念验证项目最高支持多少？"), asked, (), names) != ()
    assert checked(one("2021年概念验证项目最高支持多少？"), asked, (), names) == ()
    assert checked(one("概念验证项目最高支持300万元吗？"), asked, (), names) == ()


@pytest.mark.parametrize(
    ("text", "said", "added"),
    [
        ("最多20万元吗", "20万元有吗", ""),
        ("最多30万元吗", "20万元有吗", "30万元"),
        ("徐汇区的租金", "租金", "徐汇区"),
        ("徐汇区的租金", "徐汇区租金", ""),
        ("麦科贷", "贷款", "麦科贷"),
    ],
)
def test_what_was_added_is_told(text: str, said: str, added: str) -> None:
    assert adds(text, said, names) == added


# --- over HTTP ------------------------------------------------------------------------------------------


def _read(reply: Reply, question: str = QUESTION, *earlier: str) -> tuple[tuple[Reading, ...], str]:
    with OpenAIServer(reply) as server:
        service = ModelService(LlmSettings(base_url=server.base_url, model="x"))
        found = read_message(service, question, earlier, names, Deadline.after(5.0))
        return found, server.chats[0].prompt


def test_the_conversation_is_shown_and_the_reading_taken() -> None:
    found, prompt = _read(
        Reply(tool={"parts": [{"question": "溪西园押金多少？"}]}), "押金呢？", "溪西园租金多少？", "</最后的问题>"
    )
    assert found == (Reading("溪西园押金多少？", ()),)
    assert "溪西园租金多少？" in prompt and prompt.count("</最后的问题>") == 1


@pytest.mark.parametrize(
    "reply",
    [Reply(status=500), Reply("读不懂"), Reply(tool={"parts": 7}), Reply(raw=b""), Reply(tool={"parts": [{}]})],
)
def test_no_reading_where_none_comes(reply: Reply) -> None:
    assert _read(reply)[0] == ()


def test_one_bad_part_does_not_take_the_others_along() -> None:
    parts = [{"question": "苏州的租金多少？"}, {"question": QUESTION}]
    assert _read(Reply(tool={"parts": parts}))[0] == (Reading(QUESTION, (), whole=False),)


@pytest.mark.parametrize(
    ("question", "asked", "whole"),
    [
        ("人才公寓租金多少？", "槐江市的人才公寓租金多少？", False),
        ("槐江市人才公寓的租金标准是多少？", "槐江市的人才公寓租金多少？", True),
        ("人才公寓租金多少？", "云山大学的人才公寓租金多少？", False),
        ("概念验证项目最高支持多少？", "What is the maximum for a project that got 3 million yuan?", False),
        ("到账300万元的项目最高支持多少？", "What is the maximum for a project that got 3 million yuan?", True),
    ],
)
def test_names_by_their_endings_and_foreign_numbers_are_kept(question: str, asked: str, whole: bool) -> None:
    assert [each.whole for each in checked(one(question), asked, (), names)] == [whole]
