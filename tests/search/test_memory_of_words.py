"""Words that no row holds are not remembered: everybody who asks brings new ones."""

from bot.index.search_index import PASSAGE_FIELD
from bot.search.lexical import LexicalIndex, Term


def test_only_words_that_rows_hold_are_remembered(assistant):
    index = LexicalIndex(assistant._current().index._chunks._folder)
    assert index.frequency(Term(PASSAGE_FIELD, "贷款")) > 0
    held = len(index._known)
    for number in range(1_000):
        assert index.frequency(Term(PASSAGE_FIELD, f"{number}问z")) == 0
    assert len(index._known) == held == 1


def test_words_of_the_latest_questions_are_weighed_at_once_and_no_others_kept(assistant):
    words = assistant._current().retriever._words
    for number in range(10_000):
        words.question({f"{number}问z": 1.0})
    assert words._idf.cache_info().currsize <= 4_096
