"""How much of a question evidence speaks of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.coverage import QuestionTerms, TermWeights
from bot.catalogue.models import ThesaurusGroup
from bot.catalogue.thesaurus import Thesaurus
from bot.text.tokens import fold
from tests.support.spent import least_spent

#: How many of a hundred passages hold a word; what is not listed, none does.
HELD_BY = {"贷款": 40, "贷": 45, "款": 60, "贴息": 5, "贴": 6, "息": 8, "利率": 10, "公寓": 3}
WEIGHTS = TermWeights(lambda term: HELD_BY.get(term, 0), 100)
NONE = Thesaurus(())
CHARACTERS = "贷款贴息利率公寓租房"


def share(question: str, evidence: str, thesaurus: Thesaurus = NONE) -> float:
    return QuestionTerms(question, WEIGHTS, thesaurus).share(fold(evidence))


def test_a_question_is_covered_by_its_own_words_and_by_nothing_else():
    assert share("贷款贴息", "关于贷款贴息的通知") == pytest.approx(1)
    assert share("贷款贴息", "人才公寓") == 0
    assert share("", "贷款") == 0


def test_what_few_passages_hold_counts_more():
    assert share("贷款贴息", "贴息") > 0.5 > share("贷款贴息", "贷款") > 0


def test_a_pair_covers_what_its_characters_apart_do_not():
    assert share("公寓", "公共寓所") < share("公寓", "公寓")


def test_a_word_of_the_thesaurus_stands_for_another():
    other = Thesaurus((ThesaurusGroup(words=("房子", "公寓")),))
    assert share("房子", "人才公寓") == 0 and share("房子", "人才公寓", other) == pytest.approx(1)


@given(st.text(CHARACTERS, min_size=1, max_size=12), st.text(CHARACTERS, max_size=12), st.integers(2, 5))
def test_saying_it_again_covers_the_same_and_more_evidence_no_less(question, evidence, times):
    once = share(f"{question}，", evidence)
    assert 0 <= once <= 1
    assert share(f"{question}，" * times, evidence) == pytest.approx(once)
    assert share(question, f"{evidence}，{question}") >= share(question, evidence) - 1e-9


def test_asking_many_texts_costs_no_more_for_a_question_that_repeats_itself():
    texts = ["贷款贴息", "利率公寓", "租房"] * 300

    def work(times: int) -> float:
        terms = QuestionTerms("贷款利率贴息公寓" * times, WEIGHTS, NONE)
        return least_spent(lambda: [terms.share(each) for each in texts])

    assert work(250) < 4 * work(5)
