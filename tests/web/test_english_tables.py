"""The tables of English: nothing that code composes is missing, nothing of a document is taken for ours."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import wording
from bot.catalogue.models import OrganisationKind
from bot.errors import UsageError
from bot.market.fields import CONTACT_FIELDS, FIELDS, Place, fields_in
from bot.market.taxonomy import load_taxonomy
from bot.partners import registration
from bot.text.status import STATUS_WORDS
from bot.types import RecordKind
from bot.understanding.asked import Asked
from bot.web.english import phrasebook
from bot.web.english.days import in_words
from bot.web.english.finishing import finished
from bot.web.english.phrasebook import FOLDER, Phrasebook, table
from bot.web.markup import Html
from bot.web.telling import told, told_answer, told_problem, told_question, told_value
from bot.web.texts import ENGLISH, Language
from tests.support.composed import HAN, VALUE, constants, error_texts, modules, sentences
from tests.support.spent import within

EN, ZH = Language.ENGLISH.value, Language.CHINESE.value
#: Rooms whose errors can come to the page; the rest speak to staff at the command line.
REACHED = (
    "answering", "assistant.py", "encoder", "index", "inquiries", "introductions", "market", "partners", "retrieval",
    "serialization.py", "store", "suggestions", "understanding", "catalogue/eligibility",
    *(f"web/{name}" for name in ("bodies.py", "bridge.py", "conversation.py", "exporting.py", "views")),
)  # fmt: skip
#: A Chinese word may stand in English where it is what has to be typed: in quotes, with its meaning behind it.
GLOSSED = re.compile(r"“[^”]*”(?= \()|\{\w+\}")
TABLES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def chinese_left(english: str) -> str:
    return "".join(HAN.findall(GLOSSED.sub("", english)))


@pytest.mark.parametrize("name", TABLES)
def test_every_line_has_the_same_slots_and_no_chinese_in_its_english(name):
    for chinese, english in table(name).items():
        assert set(re.findall(r"\{(\w+)(?::q)?\}", chinese)) == set(re.findall(r"\{(\w+)\}", english)), chinese
        assert english.strip() and not chinese_left(english), chinese


def test_no_sentence_stands_in_two_tables():
    lines = [chinese for name in TABLES for chinese in table(name)]
    assert len(lines) == len(set(lines)) and len(lines) > 700


def test_every_error_of_the_page_has_its_english():
    found = list(error_texts(*REACHED))
    missing = [(where, text) for where, text in found if HAN.search(told_value(text, EN).replace(VALUE, ""))]
    missing = [(where, text) for where, text in missing if chinese_left(told_value(text, EN))]
    assert not missing and len(found) > 150


@pytest.mark.parametrize(
    ("where", "say"),
    [
        ("market/quality.py", told_value),
        ("introductions/facts.py", told_value),
        ("answering/wording.py", told_answer),
    ],
)
def test_every_sentence_of_a_module_has_its_english(where, say):
    for line, text in sentences(where):
        filled = re.sub(r"\{[^}]*\}", VALUE, text)
        alone = say(filled, EN)
        if chinese_left(alone):
            fixed = "\n".join(chinese for name in TABLES for chinese in table(name))
            assert all(part in fixed for part in filled.split(VALUE) if HAN.search(part)), (line, text)


@pytest.mark.parametrize(
    "where", ["market/gates.py", "answering/notes.py", "partners/links.py", "partners/suggesting.py"]
)
def test_what_gates_and_notes_are_put_together_from_is_known(where):
    """Sentences that are put together in steps: each fixed part stands in a line of the tables."""
    fixed = "\n".join(chinese for name in TABLES for chinese in table(name))
    ((_, tree),) = modules(where)
    told = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Gate", "Statement"):
            for part in [*node.args, *(each.value for each in node.keywords)]:
                told |= {each.value for each in ast.walk(part) if isinstance(each, ast.Constant)}
    told |= {part for text in constants(tree).values() for part in re.split(r"\{[^}]*\}", text) if "[^" not in text}
    parts = [each for each in told if isinstance(each, str) and HAN.search(each)]
    assert parts and not [each for each in parts if each not in fixed and "|" not in each and not each.startswith("[")]


def test_labels_have_their_english():
    words = table("words")
    labels = {spec.label for specs in FIELDS.values() for spec in specs} | {each.label for each in Asked}
    labels |= {spec.label for spec in CONTACT_FIELDS} | set(STATUS_WORDS.values())
    labels |= {each.value for each in OrganisationKind} | {each.name for each in load_taxonomy().fields}
    assert not labels - words.keys()


def test_questions_and_examples_of_the_forms_have_their_english():
    specs = [spec for kind in (RecordKind.NEED, RecordKind.OFFER) for spec in fields_in(kind, Place.FORM)]
    texts = {text for spec in (*specs, *CONTACT_FIELDS) for text in (spec.question, spec.example) if HAN.search(text)}
    assert texts and not [text for text in texts if HAN.search(told(text, EN))]


def test_what_a_registration_says_has_its_english():
    own = [text for name, text in vars(registration).items() if name.isupper() and isinstance(text, str)]
    said = [re.sub(r"\{[^}]*\}", VALUE, text) for text in own if text not in registration._BUTTONS and len(text) > 4]
    assert len(said) > 15 and not [text for text in said if chinese_left(told_answer(text, EN))]


def test_every_refusal_has_its_english_with_markers_and_all():
    refused = wording.ATTRIBUTE_NOT_STATED.format(subject="“甲法”", attribute="联系电话")
    assert (
        told_answer(f"{refused}[1][2]", EN) == "The documents mention “甲法” but do not state this: phone number.[1][2]"
    )
    assert told_answer("依据甲法，截至2025-05-28。[3]", EN) == "Source: 甲法, as of 28 May 2025.[3]"
    assert told_answer(refused, ZH) == refused


def test_an_error_is_told_by_its_parts():
    error = UsageError("问题太长", value="12000 字", remedy="请缩短到 2000 字以内，一次问一件事")
    english = "The question is too long: 12000 characters. What to do: please shorten it to 2000 characters and ask one thing at a time."
    assert told_problem(str(error), EN) == english and told_problem(str(error), ZH) == str(error)


def test_an_error_nobody_foresaw_is_told_in_its_own_words():
    shown = told_problem("从未写过的话。", EN)
    assert shown == ENGLISH.told_in_chinese.format("从未写过的话。")
    assert '<span lang="zh-CN">从未写过的话。</span>' in finished(Html(shown))
    assert told_problem("Nothing was changed.。", EN) == "Nothing was changed."


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("甲贷最高能给多少？", "How much does 甲贷 give at most?"),
        ("随便一问", "随便一问"),
    ],
)
def test_questions_that_are_offered(chinese, english):
    assert told_question(chinese, EN) == english


def test_no_line_of_a_document_is_taken_for_ours():
    lines = [line for path in Path("corpus").rglob("*.md") for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 300 and [line for line in lines if told_answer(line, EN) != line] == []


@given(st.text(alphabet="甲乙丙。，：；“”（）[]0123456789？截至依据", max_size=80))
def test_anything_can_be_told(words):
    assert isinstance(told_answer(words, EN), str) and isinstance(told_value(words, EN), str)


@pytest.mark.parametrize("piece", ["，截至", "“", "：", "、", "。解决办法：", "？（", "[1]", "联系人，电话"])
def test_a_long_text_takes_linear_time(piece):
    with within(10):
        told_value(piece * 20_000, EN)
        told_answer(piece * 20_000, EN)
        finished(Html(piece * 20_000))


@pytest.mark.parametrize(
    ("iso", "shown"),
    [
        ("2025-05-28", "28 May 2025"),
        ("as of 2025-12-01.", "as of 1 December 2025."),
        ("2025-05", "May 2025"),
        ("need-2025-05-28", "need-2025-05-28"),
        ("https://example.org/2025-05-28/x", "https://example.org/2025-05-28/x"),
        ("2025-13-01", "2025-13-01"),
    ],
)
def test_days_in_words(iso, shown):
    assert in_words(iso) == shown


def test_chinese_is_marked_and_english_punctuated():
    shown = finished(Html('<p title="甲">Region：甲省（2）<q lang="zh-CN">乙、2025-01-01</q></p>'))
    assert shown == ('<p title="甲">Region: <span lang="zh-CN">甲省</span> (2)<q lang="zh-CN">乙、2025-01-01</q></p>')


def test_what_is_typed_or_copied_stays_as_it_is():
    shown = finished(Html('<textarea>甲，2025-01-01</textarea><br><option value="x">乙</option><i>b</i>'))
    assert shown == (
        '<textarea lang="zh-CN">甲，2025-01-01</textarea><br><option value="x" lang="zh-CN">乙</option><i>b</i>'
    )


def test_a_loose_line_only_fills_slots():
    book = Phrasebook({"{a}（{b}）": "{a} ({b})", "所列{x}为：甲": "listed {x}"})
    assert book.say("某条（二）") is None and book.say("所列某条（二）为：甲") == "listed 某条 (二)"


def test_what_is_quoted_is_never_said_in_english():
    assert phrasebook.page().say("成果方的产权状态是“未写明”") == "The offer's intellectual property stands as “未写明”"
    assert phrasebook.page().say("成果方的产权状态是“公开”") == "The offer's intellectual property stands as “公开”"


def test_every_question_that_code_puts_together_has_its_english():
    found = {
        re.sub(r"\{[^}]*\}", VALUE, text)
        for where, _ in modules("suggestions", "partners")
        for _, text in sentences(where)
        if text.endswith("？") and (VALUE in text or "{" in text)
    }
    assert len(found) > 20 and not [text for text in found if chinese_left(told_question(text, EN))]


def test_what_is_quoted_keeps_its_own_marks():
    shown = finished(Html("<li>甲银行的“乙贷”，是新<b>产品</b><span>。<a>[1]</a></span></li>"))
    assert re.sub(r"</?span[^>]*>", "", shown) == "<li>甲银行的“乙贷”，是新<b>产品</b>。<a>[1]</a></li>"
