from __future__ import annotations

from dataclasses import replace

import pytest

from bot.types import Answer, Contact, Intent, Status, StatusNote
from bot.web import rendering
from bot.web.contacts import phone_link
from bot.web.conversation import Exchange
from bot.web.copying import answer_for_copy
from bot.web.evidence import gather
from bot.web.texts import CHINESE, ENGLISH


@pytest.fixture
def shown(full_answer, scripted):
    evidence = gather(full_answer.citations, scripted.document)
    return Exchange(1, full_answer.question, full_answer, evidence, finished=True)


def plain(**changes) -> Answer:
    base = Answer("问", "问", Intent.POLICY, False, "答。")
    return replace(base, **changes)


def rendered(answer: Answer, **changes) -> str:
    return rendering.exchange(Exchange(1, answer.question, answer, finished=True, **changes), CHINESE)


def test_everything_an_answer_carries_is_shown(shown, parse):
    text = parse(rendering.exchange(shown, CHINESE)).text
    for words in (
        "按此理解：示例攻关项目：",
        "您提到“50万元”，文件写的是“30万元”。",
        "施行中",
        "截至 2031-04-02",
        "文件之间说法不一：最高金额",
        "示例窗口",
        "攻关项目申报",
        "示例研究院",
        "接着问",
        "离线作答",
    ):
        assert words in text


def test_no_text_of_an_answer_becomes_markup(shown, parse):
    parsed = parse(rendering.exchange(shown, CHINESE))
    assert "script" not in parsed.tags
    assert "<script>" in parsed.text


def test_a_hostile_question_stays_text(parse):
    parsed = parse(rendered(plain(question="<script>alert(1)</script><img src=x onerror=y>")))
    assert not {"script", "img"} & set(parsed.tags)


def test_notes_are_folded_after_three(parse):
    answer = plain(notes=("一", "二", "三", "四", "五"))
    before, folded = rendered(answer).split("<details", 1)
    assert "三</li>" in before and "四</li>" not in before
    assert "另有 2 条说明" in folded and "五</li>" in folded
    assert 'id="notes-1"' not in rendered(plain(notes=("一", "二", "三")))


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_told_in_words(status):
    answer = plain(statuses=(StatusNote("某事", status, None, None),))
    assert f">{CHINESE.statuses[status]}</span>" in rendered(answer)
    assert ENGLISH.statuses[status]


def test_the_question_as_understood_is_shown_only_when_it_differs():
    assert "按此理解" not in rendered(plain())
    assert "按此理解：那么期限呢" in rendered(plain(standalone_question="那么期限呢"))


def test_a_refusal_can_be_copied_rated_and_followed_like_an_answer(parse):
    refusal = parse(rendered(plain(abstained=True, follow_ups=("换个问题",))))
    answer = parse(rendered(plain(follow_ups=("换个问题",))))
    assert set(answer.tags) <= set(refusal.tags)
    assert refusal.text.replace(CHINESE.help.near, "") == answer.text.replace("接着问：", "")
    assert ("data-ask", "换个问题") in refusal.attributes and ("data-ask", "换个问题") in answer.attributes


def test_an_unfinished_answer_offers_nothing_to_do_yet():
    waiting = rendering.exchange(Exchange(1, "问"), CHINESE)
    assert CHINESE.waiting in waiting and "data-busy" in waiting
    growing = rendering.exchange(Exchange(1, "问", plain()), CHINESE)
    assert "答。" in growing and "data-busy" in growing and "data-rate" not in growing


def test_a_problem_is_a_sentence():
    failed = rendering.exchange(Exchange(1, "问", problem="索引不在。", finished=True), CHINESE)
    assert 'role="alert">索引不在。</p>' in failed


def test_a_contact_comes_with_its_purpose_and_says_what_is_missing():
    answer = plain(contacts=(Contact("某处", None, None, "某项申报"),))
    assert "<dd>某项申报</dd>" in rendered(answer)
    assert "<dt>电话</dt><dd>文件未写明</dd>" in rendered(answer)


@pytest.mark.parametrize(
    ("phone", "address"),
    [
        ("55500001-3335", "tel:55500001,3335"),
        ("021-55500001", "tel:02155500001"),
        ("021-55500001-12", "tel:02155500001,12"),
        ("+86 21 55500001", "tel:+862155500001"),
    ],
)
def test_a_phone_number_can_be_dialled(phone, address):
    assert f'href="{address}"' in phone_link(phone)
    assert f">{phone}</a>" in phone_link(phone)


@pytest.mark.parametrize("phone", ["见窗口公告", "5550 转 值班室", "<b>1</b>", "12"])
def test_what_is_no_plain_number_is_not_dialled(phone):
    assert "href" not in phone_link(phone)


def test_copied_text_carries_every_numbered_quote(full_answer):
    copied = answer_for_copy(full_answer, CHINESE)
    assert full_answer.answer in copied
    for citation in full_answer.citations:
        assert f"[{citation.marker}] “{citation.quote}”" in copied
        assert citation.title in copied
    assert "示科〔2031〕7号，示例区办公室，2031-04-02" in copied
    for words in (*full_answer.notes, "021-5550000", "示例研究院", "- 40万元[2]", "50万元"):
        assert words in copied


def test_every_string_of_the_frame_is_there_in_both_languages(shown, parse):
    chinese = parse(rendering.exchange(shown, CHINESE)).text
    english = parse(rendering.exchange(shown, ENGLISH)).text
    for own in ("有用", "接着问", "联系方式", "离线作答"):
        assert own in chinese and own not in english
    for own in ("Useful", "Ask next", "Contact", "Answered offline"):
        assert own in english
