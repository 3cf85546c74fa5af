from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.web.markup import Html, join, language_of, tag, text


@given(st.text())
def test_any_text_comes_back_as_it_was_and_makes_no_element(parse, value):
    parsed = parse(tag("p", text(value)))
    assert parsed.tags == ("p",)
    # The HTML standard itself turns carriage returns into line feeds and drops NUL.
    assert parsed.text.replace("\r", "\n") == value.replace("\r", "\n")


@given(st.text())
def test_any_attribute_value_stays_in_its_attribute(parse, value):
    parsed = parse(tag("button", data_ask=value))
    assert parsed.attributes == (("data-ask", value),)


def test_attributes_are_named_as_in_html_and_left_out_when_false():
    written = tag("label", for_="box", aria_label="x", hidden=False, class_=None, tabindex=0)
    assert written == '<label for="box" aria-label="x" tabindex="0"></label>'
    assert tag("form", hidden=True) == "<form hidden></form>"
    assert tag("br") == "<br>"


def test_parts_are_joined_with_a_separator():
    assert join((text("a"), text("b")), Html("<br>")) == "a<br>b"


def test_the_language_is_read_from_the_words():
    assert language_of("最高30万元") == "zh-CN"
    assert language_of("At most 300,000") is None
