"""A message cut into its questions, by stubs for what a clause is and asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.asked import Asked
from bot.understanding.message import (
    MAX_CLAUSES,
    OWN_QUESTION,
    Clause,
    Role,
    parts_of,
    question_subject,
    topic_of,
)

KINDS = {
    "多久": Asked.DURATION,
    "材料": Asked.MATERIALS,
    "多少": Asked.AMOUNT,
    "能不能": Asked.YES_NO,
    "哪些方面": Asked.TOPIC,
}
ROLES = {"找谁": Role.CONTACT, "你好": Role.GREETING, "谢谢": Role.GREETING, "天气": Role.OFF_TOPIC}


def role_of(text: str) -> tuple[Role, float]:
    """A question by its words, whatever else stands beside them; a greeting by its words; else a story."""
    if any(word in text for word in KINDS):
        return Role.POLICY, 0.9
    return next((role for word, role in ROLES.items() if word in text), Role.TOLD), 0.8


def asked_of(text: str) -> tuple[Asked, float]:
    return next((kind for word, kind in KINDS.items() if word in text), Asked.OTHER), 0.9


def texts(message: str) -> list[str]:
    return [clause.text for clause in parts_of(message, role_of, asked_of)]


@pytest.mark.parametrize("greeting", ["你好！", "您好，你好。", "谢谢。", "你好\n"])
def test_a_greeting_is_dropped(greeting: str) -> None:
    assert texts(f"{greeting}工坊能补多少？") == ["工坊能补多少？"]


def test_a_message_of_one_sentence_keeps_its_greeting() -> None:
    assert texts("你好，工坊能补多少？") == ["你好，工坊能补多少？"]
    assert parts_of("你好", role_of, asked_of) == (Clause("你好", Role.GREETING, 0.8),)


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("我开了一家工坊。带着两个学徒。能补多少？", ["我开了一家工坊。带着两个学徒。能补多少？"]),
        ("能补多少？我带着两个学徒。", ["能补多少？我带着两个学徒。"]),
        ("你好！我开了工坊。能补多少？谢谢。", ["我开了工坊。能补多少？"]),
        (
            "我开了工坊。能补多少？学徒是外地的。要交什么材料？",
            ["我开了工坊。能补多少？", "学徒是外地的。要交什么材料？"],
        ),
        ("能补多少？要交什么材料？都是木工。", ["能补多少？", "要交什么材料？都是木工。"]),
    ],
)
def test_a_story_goes_with_its_question(message: str, parts: list[str]) -> None:
    assert texts(message) == parts


@pytest.mark.parametrize("mark", ["？", "。", "；", "！", "\n", "?"])
def test_two_sentences_that_ask_are_two_questions(mark: str) -> None:
    assert [text.strip(mark) for text in texts(f"能补多少{mark}要交什么材料{mark}")] == ["能补多少", "要交什么材料"]


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("要交什么材料，多久办完？", ["要交什么材料，", "多久办完？"]),
        ("要交什么材料,多久办完", ["要交什么材料,", "多久办完"]),
        ("我开了工坊，要交什么材料，多久办完？", ["我开了工坊，要交什么材料，", "多久办完？"]),
        ("要交什么材料，我是木匠，多久办完，急用", ["要交什么材料，我是木匠，", "多久办完，急用"]),
        ("能补多少，要交什么材料，多久办完", ["能补多少，", "要交什么材料，", "多久办完"]),
    ],
)
def test_clauses_that_ask_for_different_things_are_questions_of_their_own(message: str, parts: list[str]) -> None:
    assert texts(message) == parts


@pytest.mark.parametrize(
    "message",
    [
        "工坊能补多少？",
        "能补多少，最多补多少？",
        "没办证就开工，能补多少？",
        "没办证就开工，能不能办，补助有多少？",
        "能补多少，是哪些方面的？",
        "能补多少，多久",
        "，能补多少，",
    ],
)
def test_one_question_stays_whole(message: str) -> None:
    assert texts(message) == [message]


@pytest.mark.parametrize(("sure", "parts"), [(OWN_QUESTION, 2), (OWN_QUESTION - 0.01, 1)])
def test_a_clause_is_a_question_of_its_own_only_where_that_is_sure(sure: float, parts: int) -> None:
    message = "要交什么材料，多久办完？"
    assert len(parts_of(message, lambda text: (role_of(text)[0], sure), asked_of)) == parts
    assert len(parts_of(message, role_of, lambda text: (asked_of(text)[0], sure))) == parts


def test_clauses_of_a_sentence_that_asks_nothing_are_not_looked_at() -> None:
    def role(text: str) -> tuple[Role, float]:
        return (Role.TOLD, 0.9) if "，" in text and "多久" in text else role_of(text)

    assert [clause.text for clause in parts_of("要交什么材料，多久办完。", role, asked_of)] == [
        "要交什么材料，多久办完。"
    ]


def test_every_part_has_its_own_role() -> None:
    roles = [clause.role for clause in parts_of("能补多少？不懂的找谁？", role_of, asked_of)]
    assert roles == [Role.POLICY, Role.CONTACT]


@pytest.mark.parametrize("message", ["我开了工坊。带着学徒。", "你好！谢谢！", "今天天气好。明天天气也好。"])
def test_a_message_without_a_question_is_one_part(message: str) -> None:
    assert texts(message) == [message]


@pytest.mark.parametrize("mark", ["？", "，"])
def test_very_many_clauses_are_not_looked_at_one_by_one(mark: str) -> None:
    questions = ["能补多少", "要交什么材料"] * MAX_CLAUSES
    few, many = (mark.join(questions[:count]) for count in (MAX_CLAUSES, MAX_CLAUSES + 1))
    assert len(texts(few)) == MAX_CLAUSES and texts(many) == [many]


@pytest.mark.parametrize(
    ("question", "subject", "topic"),
    [
        ("请问巧手券怎么申请？", "巧手券 申请", "巧手券申请"),
        ("巧手券要带什么材料？", "巧手券要带 材料", "巧手券"),
        ("那么，到底有哪些条件呢？", "条件", ""),
        ("怎么办？", "办", "办"),
        ("", "", ""),
    ],
)
def test_the_subject_is_what_a_question_says_and_the_topic_what_it_is_about(
    question: str, subject: str, topic: str
) -> None:
    assert (question_subject(question), topic_of(question)) == (subject, topic)


PIECES = ("能补多少？", "要交什么材料，", "多久办完。", "我开了工坊。", "你好！", "急用，", "；", "\n", "找谁？")


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=16))
def test_parts_are_stretches_of_the_message_in_order_and_no_question_is_lost(pieces: list[str]) -> None:
    message = "".join(pieces)
    told = "".join(texts(message))
    rest = iter(message)
    assert told and all(character in rest for character in told)
    for words in ("能补多少", "要交什么材料", "多久办完", "找谁"):
        assert told.count(words) == message.count(words)
