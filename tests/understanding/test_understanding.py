"""Whole messages, read with the bundled encoder: what they ask for, their parts, what they lean on."""

from __future__ import annotations

import pytest

from bot.catalogue.models import Catalogue, Scope
from bot.catalogue.names import NameIndex
from bot.encoder.load import load_embedder
from bot.errors import QuestionError
from bot.retrieval.foreign import QuestionVectors
from bot.settings import EmbeddingSettings
from bot.text.figures import FigureKind
from bot.types import Intent, Turn
from bot.understanding.asked import Asked
from bot.understanding.understanding import Understander, Understanding


@pytest.fixture(scope="module")
def understander() -> Understander:
    embedder = load_embedder(EmbeddingSettings())
    scope = Scope(region="北原市南樟区", region_aliases=("南樟",))
    return Understander(NameIndex(Catalogue()), scope, QuestionVectors(embedder).embed, embedder.fingerprint)


def first(understander: Understander, question: str, *history: str) -> Understanding:
    return understander.readings(Turn(question, history))[0]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("这个项目最多能补多少钱？", Asked.AMOUNT),
        ("贷款利率是多少？", Asked.RATE),
        ("可以免多久的租金？", Asked.DURATION),
        ("报名截止到什么时候？", Asked.DEADLINE),
        ("联系电话是多少？", Asked.PHONE),
        ("申请需要什么条件？", Asked.CONDITION),
        ("怎么申请？", Asked.PROCEDURE),
        ("要交哪些材料？", Asked.MATERIALS),
        ("由哪个部门负责？", Asked.BODY),
        ("这个办法的文号是什么？", Asked.DOCUMENT),
        ("2024年发布了哪些文件？", Asked.DOCUMENTS),
        ("两种贷款有什么区别？", Asked.COMPARE),
        ("这个政策现在还有效吗？", Asked.STATUS),
    ],
)
def test_what_is_asked(understander: Understander, question: str, asked: Asked) -> None:
    assert first(understander, question).asked is asked


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("你好，在吗", Intent.SMALLTALK),
        ("你是谁，能干什么", Intent.SMALLTALK),
        ("想找能做风机降噪的院所合作", Intent.PARTNER),
        ("孵化器的房租能减多少？", Intent.POLICY),
        ("帮我写一封引荐信", Intent.INTRODUCTION),
        ("红烧肉怎么做才不柴", Intent.OUT_OF_SCOPE),
    ],
)
def test_what_a_message_wants(understander: Understander, question: str, intent: Intent) -> None:
    assert first(understander, question).intent is intent


def test_two_questions_in_one_sentence_are_two_parts(understander: Understander) -> None:
    materials, how_long = first(understander, "申请创业券要带什么材料，多久能审完？").parts
    assert (materials.asked, how_long.asked) == (Asked.MATERIALS, Asked.DURATION)
    assert "创业券" in how_long.topic and "材料" not in how_long.topic


def test_a_condition_before_a_question_is_no_question_of_its_own(understander: Understander) -> None:
    (part,) = first(understander, "没有登记就开工，责令改正还不改的，罚多少钱？").parts
    assert part.query.startswith("没有登记") and part.figures == {FigureKind.MONEY}


def test_a_greeting_before_a_question_is_no_part(understander: Understander) -> None:
    (part,) = first(understander, "你好！孵化器的租金怎么减免？").parts
    assert "你好" not in part.query and part.asked is Asked.PROCEDURE


def test_a_question_with_a_subject_of_its_own_is_read_both_ways(understander: Understander) -> None:
    alone, followed = understander.readings(Turn("工位的租金最长减免几个月？", ("创业券能兑付多少？",)))
    assert alone.standalone == "工位的租金最长减免几个月？"
    assert followed.standalone.startswith("创业券") and followed.parts[0].topic


@pytest.mark.parametrize("question", ["额度呢？", "它在什么地方？", "这个要什么条件？"])
def test_a_question_that_says_nothing_of_its_own_leans_on_the_last_topic(
    understander: Understander, question: str
) -> None:
    (followed,) = understander.readings(Turn(question, ("创业券能兑付多少？",)))
    assert followed.question == question and "创业券" in followed.standalone


def test_the_newest_subject_wins(understander: Understander) -> None:
    history = ("创业券能兑付多少？", "人才公寓的租金怎么算？", "要什么条件？")
    (followed,) = understander.readings(Turn("期限呢？", history))
    assert "人才公寓" in followed.standalone and "创业券" not in followed.standalone


def test_the_region_of_all_documents_is_no_subject(understander: Understander) -> None:
    assert first(understander, "南樟创业券怎么申请？").subject == "创业券 申请"


@pytest.mark.parametrize("question", ["", "  ？！", "问" * 2_001, "\x00"])
def test_what_is_no_question_is_refused(understander: Understander, question: str) -> None:
    with pytest.raises(QuestionError):
        understander.readings(Turn(question))


def test_a_whole_question_of_another_language_stands_alone(understander: Understander) -> None:
    (alone,) = understander.readings(Turn("How long is the rent reduction for start-up teams?", ("创业券怎么申请？",)))
    assert alone.standalone == alone.question
