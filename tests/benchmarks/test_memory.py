"""What questions bring is not kept: memory depends on the documents, not on how many have asked."""

from itertools import islice

from bot.answering.coverage import TermWeights
from bot.answering.readers import choice
from bot.benchmarks.load import questions

UNITS = ("第一类项目资助50万元。", "第二类项目资助20万元。")


def test_of_the_words_of_questions_the_latest_are_remembered():
    asked = []
    weights = TermWeights(lambda term: asked.append(term) or 1, 10)
    for number in range(10_000):
        weights.idf(f"{number}问")
    weights.idf("9999问")
    assert len(asked) == 10_000
    assert weights._frequency.cache_info().currsize <= 2_048


def test_questions_are_not_remembered_among_the_units_they_are_compared_with():
    before = choice._terms.cache_info().currsize
    shares = {tuple(choice.telling_shares(question, UNITS)) for question in islice(questions(0), 100)}
    assert shares and choice._terms.cache_info().currsize <= before + len(UNITS)
