"""All disagreements of figures are found without looking at every pair of sentences."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import conflicts
from bot.catalogue.conflicts import find_disagreements
from bot.types import Document, DocumentMetadata

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
    claims = [claim for document in made for claim in conflicts._claims(document)]
    expected = []
    for claim, other in combinations(claims, 2):
        shared = len(claim.bigrams & other.bigrams)
        if shared >= conflicts.MINIMUM_SHARED_BIGRAMS and conflicts._same_subject(claim, other, shared):
            expected += [(claim.statement, other.statement)] if conflicts._different(claim, other) else []
    assert [each.statements for each in find_disagreements(made)] == expected


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
        for number in range(12)
    ]
    made = documents(texts, ["2025-01-02"] * 12)
    claims = [claim for document in made for claim in conflicts._claims(document)]
    assert {len(claim.bigrams) for claim in claims} == {18}
    assert len(claims[0].bigrams & claims[1].bigrams) == 9
    found = find_disagreements(made)
    assert [each.values for each in found] == [
        (f"{one}万元", f"{other}万元") for one, other in combinations(range(1, 13), 2)
    ]
