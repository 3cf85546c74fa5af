from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DocumentError
from bot.types import Document, DocumentMetadata, Section
from bot.web.evidence import (
    CONTEXT_CHARACTERS,
    READER_CHARACTERS,
    document_view,
    evidence_card,
    gather,
    paragraphs,
    passage_around,
    quote_for_copy,
    source_link,
)
from bot.web.texts import CHINESE, ENGLISH

TEXTS = st.text(st.sampled_from("甲乙丙。，；\n <&\"'>0123"), min_size=1, max_size=600)


@st.composite
def quotes(draw):
    """A document with a section or two, and a stretch of it that is quoted."""
    words = draw(TEXTS)
    start = draw(st.integers(0, len(words) - 1))
    end = draw(st.integers(start + 1, len(words)))
    cut = draw(st.integers(0, len(words)))
    sections = (Section(("一",), 0, cut), Section(("二",), cut, len(words)))
    return Document("d", words, "h", DocumentMetadata("题"), sections), start, end


def lines_of(words: str) -> str:
    """What is left of a text when only its lines that say something are shown."""
    return "".join(line for line in words.split("\n") if line.strip())


@given(quotes())
def test_exactly_the_quoted_characters_are_marked(parse, case):
    document, start, end = case
    parsed = parse(paragraphs(document.text, start, end))
    shown_lines = [line for line in document.text.split("\n") if line.strip()]
    assert parsed.text == "".join(shown_lines)
    expected = []
    position = 0
    for line in document.text.split("\n"):
        part = line[max(0, start - position) : max(0, end - position)]
        if part and line.strip():
            expected.append(part)
        position += len(line) + 1
    assert list(parsed.marked) == expected


@given(quotes())
def test_a_passage_holds_its_quote_whole_and_nothing_foreign(case):
    document, start, end = case
    passage = passage_around(document, start, end)
    assert passage.text[passage.start : passage.end] == document.text[start:end]
    assert passage.text in document.text
    assert passage.start <= max(CONTEXT_CHARACTERS, 0) or not passage.cut_before
    assert len(passage.text) - (passage.end - passage.start) <= 2 * CONTEXT_CHARACTERS


def test_a_passage_ends_with_a_sentence(notice):
    start = notice.text.index("支持期限")
    passage = passage_around(notice, start, start + 4)
    assert passage.text.endswith("。")
    assert passage.cut_after


def test_a_short_line_is_shown_with_its_section(notice):
    start = notice.text.index("示例办公室解释")
    passage = passage_around(notice, start, start + 7)
    assert passage.text.startswith("三、附则")


def test_a_card_shows_what_the_quote_is_and_where_it_stands(notice, cited, parse):
    citation = cited(notice, "支持期限为12个月。", 1)
    parsed = parse(evidence_card(gather((citation,), lambda _: notice)[0], 2, CHINESE))
    assert parsed.marked == ("支持期限为12个月。",)
    for words in ("依据 1", "原文", "示科〔2031〕7号", "2031-04-02", "二、支持内容", "看全文"):
        assert words in parsed.text
    assert ("data-card", "evidence-2-1") in parsed.attributes
    assert ("href", "https://example.org/measures") in parsed.attributes


def test_our_own_words_are_not_passed_off_as_the_original(news, cited, parse):
    citation = cited(news, "最高可获40万元支持", 1)
    evidence = gather((citation,), lambda _: news)[0]
    parsed = parse(evidence_card(evidence, 1, CHINESE))
    assert "据示例晚报整理，非原文" in parsed.text
    assert "新闻报道" in parsed.text
    assert "not the original" in parse(evidence_card(evidence, 1, ENGLISH)).text
    assert "非原文" in quote_for_copy(citation, CHINESE)


def test_nothing_of_a_document_becomes_markup(news, notice, cited, parse):
    for document, quote in ((news, "示例晚报说"), (notice, "只是正文里的字")):
        evidence = gather((cited(document, quote, 1),), lambda _, found=document: found)[0]
        card = parse(evidence_card(evidence, 1, CHINESE))
        view = parse(document_view(document, 0, 4, CHINESE))
        assert "script" not in card.tags + view.tags
        assert "<script>" in card.text + view.text


def test_a_quote_that_no_longer_stands_there_is_not_marked_elsewhere(notice, cited, parse):
    citation = replace(cited(notice, "支持期限为12个月。", 1), start=3, end=12)
    evidence = gather((citation,), lambda _: notice)[0]
    parsed = parse(evidence_card(evidence, 1, CHINESE))
    assert evidence.passage is None
    assert parsed.marked == ("支持期限为12个月。",)
    assert CHINESE.evidence_changed in parsed.text


def test_a_document_that_cannot_be_opened_says_why(notice, cited, parse):
    def missing(document_id: str) -> Document:
        raise DocumentError("没有这份文件", value=document_id, remedy="重新载入资料")

    evidence = gather((cited(notice, "支持期限", 1),), missing)[0]
    parsed = parse(evidence_card(evidence, 1, CHINESE))
    assert "解决办法：重新载入资料" in parsed.text
    assert parsed.marked == ("支持期限",)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "example.org/a", "https://a b", "//x"])
def test_only_web_addresses_become_links(parse, address):
    parsed = parse(source_link(address))
    assert "a" not in parsed.tags
    assert parsed.text == address


def test_a_link_leaves_no_trace_of_the_page(parse):
    parsed = parse(source_link("https://example.org/?a=1&b=2"))
    assert ("href", "https://example.org/?a=1&b=2") in parsed.attributes
    assert ("rel", "noopener noreferrer") in parsed.attributes


def test_the_reader_shows_the_whole_document_with_its_headings(notice, parse):
    start = notice.text.index("支持期限")
    markup = document_view(notice, start, start + 4, CHINESE)
    parsed = parse(markup)
    assert parsed.marked == ("支持期限",)
    assert lines_of(notice.text) in parsed.text
    assert '<p class="heading">二、支持内容</p>' in markup
    assert CHINESE.document_cut not in parsed.text


def test_a_very_long_document_is_opened_around_the_quote(parse):
    words = "字" * (3 * READER_CHARACTERS)
    document = Document("d", words, "h", DocumentMetadata("题"))
    middle = len(words) // 2
    parsed = parse(document_view(document, middle, middle + 5, CHINESE))
    assert parsed.marked == ("字" * 5,)
    assert CHINESE.document_cut in parsed.text
    assert len(parsed.text) < 2 * READER_CHARACTERS + 1000
