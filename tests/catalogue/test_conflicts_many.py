"""All disagreements of figures are found without looking at every pair of sentences."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import conflicts
from bot.catalogue.conflicts import find_disagreements
from bot.types import Document, DocumentMetadata
from tests.support.spent import least_spent

WORDS = ["创新券", "企业", "贷款", "贴息", "最高", "支持", "人才公寓", "项目", "研发", "补助", "每年", "给予"]
DATES = [None, "2025", "2025-03", "2025-03-04", "2024-12-31"]
SENTENCES = st.builds(
    lambda words, number, unit: f"{''.join(words)}{number}{unit}",
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=6),
    st.sampled_from([5, 10, 20]),
    st.sampled_from(["万元", "%", "家"]),
)


def documents(texts, dates) -> list[Document]:
    return [
        Document(f"d{number:04}", "。".join(sentences) + "。", "hash", DocumentMetadata("示例", date=date))
        for number, (sentences, date) in enumerate(zip(texts, dates, strict=True))
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.lists(SENTENCES, min_size=1, max_size=4), st.sampled_from(DATES)), min_size=2, max_size=6))
def test_as_many_are_found_as_by_comparing_each_with_each(given_documents):
    made = documents(*zip(*given_documents, strict=True))
    claims = [claim for document in made for claim in conflicts._claims(document) if claim.topics]
    expected = []
    for (one, claim), (two, other) in combinations(enumerate(claims), 2):
        shared = len(claim.bigrams & other.bigrams)
        if shared >= conflicts.MINIMUM_SHARED_BIGRAMS and conflicts._same_subject(claim, other, shared):
            expected += [(one, two)] if conflicts._different(claim, other) else []
    assert [(each.one, each.other) for each in conflicts._differing(claims)] == expected
    told = {statement for each in find_disagreements(made) for statement in each.statements}
    assert told == {claims[number].statement for pair in expected for number in pair}


def compared(monkeypatch, made) -> int:
    """How many pairs of sentences are looked at."""
    seen = []
    same = conflicts._same_subject
    monkeypatch.setattr(conflicts, "_same_subject", lambda *pair: seen.append(pair) or same(*pair))
    assert find_disagreements(made) == ()
    monkeypatch.undo()
    return len(seen)


def test_what_all_documents_say_alike_leads_to_no_comparison(monkeypatch):
    # Each has the words of all and more words of its own; nothing is dated, so nothing can disagree.
    undated = [[f"对企业研发项目给予补助最高支持{number}万元"] for number in range(200)]
    assert compared(monkeypatch, documents(undated, [None] * 200)) == 0
    years = [str(2000 + number % 100) for number in range(200)]
    assert compared(monkeypatch, documents([["对企业研发项目给予补助最高支持5万元"]] * 200, years)) <= 100
    own = [
        [
            "对企业研发项目给予补助"
            + "".join(chr(0x4E00 + 30 * number + place) for place in range(24))
            + f"{number + 1}万元"
        ]
        for number in range(200)
    ]
    pairs = 200 * 199 / 2
    assert compared(monkeypatch, documents(own, ["2025-01-02"] * 200)) < pairs / 20


def test_sentences_that_share_just_enough_of_what_everybody_says_are_compared():
    """Half of each is its own and rarer than what it shares: the last of the looked up words is the first shared."""
    texts = [
        [
            "补助研发项目贷款企业，"
            + "".join(chr(0x6E00 + 20 * number + place) for place in range(10))
            + f"，{number + 1}万元"
        ]
        for number in range(conflicts.MOST_VALUES)
    ]
    made = documents(texts, ["2025-01-02"] * len(texts))
    claims = [claim for document in made for claim in conflicts._claims(document)]
    assert {len(claim.bigrams) for claim in claims} == {18}
    assert len(claims[0].bigrams & claims[1].bigrams) == 9
    found = find_disagreements(made)
    assert [each.values for each in found] == [
        (f"{one}万元", f"{other}万元") for one, other in combinations(range(1, len(texts) + 1), 2)
    ]


RULE = "对企业研发项目给予补助，最高支持{}万元"
OF_ONE_DAY = "2025-01-02"


def told(values, rule=RULE) -> list[Document]:
    return documents([[rule.format(value)] for value in values], [OF_ONE_DAY] * len(values))


def test_a_sentence_that_each_document_fills_with_a_figure_of_its_own_is_a_form():
    most = conflicts.MOST_VALUES
    assert len(find_disagreements(told(range(1, most + 1)))) == most * (most - 1) / 2
    assert find_disagreements(told(range(1, most + 2))) == ()
    # Beside a form another sentence of the same documents still disagrees.
    texts = [[RULE.format(number), f"人才公寓的房租减免最多持续{6 if number else 5}个月"] for number in range(most + 2)]
    found = find_disagreements(documents(texts, [OF_ONE_DAY] * len(texts)))
    assert {each.values for each in found} == {("5个月", "6个月")}


def test_of_two_camps_each_member_is_held_against_one_of_the_other():
    values = [50, 30] * 40
    found = find_disagreements(told(values))
    assert len(found) < len(values)
    touched = {statement.document_id for each in found for statement in each.statements}
    assert touched == {f"d{number:04}" for number in range(len(values))}
    assert {each.values for each in found} == {("50万元", "30万元"), ("30万元", "50万元")}


def test_as_many_more_documents_of_one_form_cost_as_much_more():
    def work(count):
        made = told(range(1, count + 1), "示例公司的研发项目经评审给予一次性补助{}万元")
        return least_spent(lambda: find_disagreements(made))

    assert work(4000) < 8 * work(1000)
