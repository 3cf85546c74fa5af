"""Looking for terms in a text finds what cutting the text finds."""

from hypothesis import given
from hypothesis import strategies as st

from bot.text.tokens import fold, held_terms, search_terms

TEXT = st.text("贷款贴息２0251.５aAiI#+- ，Ⅱ㈠", max_size=24)


@given(TEXT, TEXT)
def test_the_same_terms_are_found(asked, told):
    terms = search_terms(asked)
    assert held_terms(terms, fold(told)) == set(terms) & set(search_terms(told))


def test_a_number_or_word_stands_there_whole():
    assert held_terms(["5", "ai", "50", "贷款"], fold("AIGC贷款50万")) == {"50", "贷款"}
