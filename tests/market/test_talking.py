"""What people say, read as what it is: shares of cases, half of which nobody looked at; nothing lost; linear time."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.market.drafting import ASKED, corrected, start_draft, take_answer
from bot.market.fields import FIELDS
from bot.market.talking import exact
from bot.market.talking.contact import apart
from bot.market.talking.correcting import correction
from bot.market.talking.frame import trimmed
from bot.market.talking.switching import switched
from bot.market.wishes import MAX_TOLD, WEIGHTS_FILE, WORDS_ONLY, Act, Message, clauses_of, wish_reader
from bot.partners.registration import DROPPED, PAUSED, READY, SEEN, STEPPED_BACK, continue_registration
from bot.search.classifier import Classifier
from bot.settings import EmbeddingSettings
from bot.text.figures import parse_figures
from bot.types import DraftValue, PrivateContact, RecordDraft, RecordKind, Turn
from tests.support.spent import least_spent

READER = wish_reader(EmbeddingSettings())
TODAY = date(2026, 3, 1)
CASES = Path(__file__).with_name("talking")
NO_CONTACT = PrivateContact()


def rows(name: str) -> list[list[str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def kept(found: list[list[str]]) -> list[list[str]]:
    """The rows at odd places of each kind: nobody looked at what became of them."""
    seen: Counter[str] = Counter()
    out = []
    for row in found:
        if seen[row[0]] % 2:
            out.append(row)
        seen[row[0]] += 1
    return out


# --- first messages --------------------------------------------------------------------------------

KINDS = {"need": RecordKind.NEED, "offer": RecordKind.OFFER}


def read_right(label: str, text: str, reader=READER) -> bool:
    kind = KINDS.get(label.rstrip("+"))
    if label in KINDS:
        return reader.recognise(text) is kind and reader.is_told(text)
    return reader.recognise(text) is kind if kind else not reader.is_told(text)


@pytest.mark.parametrize(("reader", "least"), [(READER, 0.9), (WORDS_ONLY, 0.83)], ids=["encoder", "words"])
def test_first_messages_are_read_as_what_they_are(reader, least):
    cases = kept(rows("first_messages.tsv"))
    wrong = [text for label, text in cases if not read_right(label, text, reader)]
    assert len(cases) > 110 and len(wrong) <= (1 - least) * len(cases), wrong


@pytest.mark.parametrize("reader", [READER, WORDS_ONLY], ids=["encoder", "words"])
def test_a_question_of_policy_is_no_wish(reader):
    asked = [text for label, text in rows("first_messages.tsv") if label == "question"]
    assert sum(reader.is_told(text) for text in asked) <= 0.03 * len(asked)


# --- turns of a registration -----------------------------------------------------------------------

FILLED = {
    "description": "示例说明",
    "budget": "10万元",
    "deadline": "今年底",
    "region": "苏州",
    "trl": "4",
    "price": "9万",
}
LEADS = {"give_up": DROPPED, "finish": READY, "back": STEPPED_BACK, "look": SEEN, "pause": PAUSED}


def at(kind: str, asked: str) -> RecordDraft:
    """A registration under way whose next question is ``asked``."""
    names = ASKED[RecordKind(kind)]
    before = names[: names.index(asked)]
    values = tuple(DraftValue(name, FILLED.get(name, f"示例{name}")) for name in before if name != "owner_id")
    return RecordDraft(RecordKind(kind), values, today=TODAY, started=True, last=before[-1] if before else "")


def taken_right(row: list[str], reader=READER) -> bool:
    act, kind, asked, expected, text = row
    draft = at(kind, asked)
    answer = continue_registration(Turn(text, (), draft), TODAY, reader)
    if act == "question" or answer is None:
        return act == "question" and answer is None
    if act in LEADS:
        return answer.answer.startswith(LEADS[act])
    after = answer.draft.draft
    if act == "courtesy":
        return after == draft
    pairs = [pair.split("=", 1) for pair in expected.split("|")]
    return all(
        after.kind == value if name == "kind" else (value in after.value(name) if value else not after.value(name))
        for name, value in pairs
    )


@pytest.mark.parametrize(("reader", "least"), [(READER, 0.92), (WORDS_ONLY, 0.82)], ids=["encoder", "words"])
def test_turns_are_taken_as_what_they_are(reader, least):
    cases = kept(rows("turns.tsv"))
    wrong = [row for row in cases if not taken_right(row, reader)]
    assert len(cases) > 100 and len(wrong) <= (1 - least) * len(cases), wrong


def test_one_gives_up_in_nearly_any_words_and_by_no_answer():
    cases = rows("turns.tsv") + rows("turns_later.tsv")
    given_up = [row for row in cases if row[0] == "give_up"]
    assert len(given_up) >= 50
    assert sum(taken_right(row) for row in given_up) >= 0.95 * len(given_up)
    dropped = [row[4] for row in cases if row[0] == "answer" and _dropped(row)]
    assert dropped == []


def _dropped(row: list[str]) -> bool:
    answer = continue_registration(Turn(row[4], (), at(row[1], row[2])), TODAY, READER)
    return answer is not None and answer.answer == DROPPED


# --- told texts ------------------------------------------------------------------------------------


def stands(draft: RecordDraft, expected: str) -> bool:
    name, value = expected.lstrip("!").split("=", 1)
    held = draft.value(name)
    right = value in held if value else not held
    return not right if expected.startswith("!") else right


@pytest.mark.parametrize(
    ("name", "reader", "least"),
    [("told.tsv", READER, 0.9), ("told_later.tsv", READER, 0.7), ("told_later.tsv", WORDS_ONLY, 0.55)],
)
def test_what_is_told_stands_in_its_field(name, reader, least):
    right, wrong = 0, []
    for kind, text, expectations in rows(name):
        draft = start_draft(text, RecordKind(kind), today=TODAY, reader=reader)
        for expected in expectations.split("|"):
            if stands(draft, expected):
                right += 1
            else:
                wrong.append((expected, text))
    assert right >= least * (right + len(wrong)), wrong


TOLD = [(kind, text) for name in ("told.tsv", "told_later.tsv") for kind, text, _ in rows(name)]
CLAUSES = sorted({clause for _, text in TOLD for clause in clauses_of(text)})


def lost(draft: RecordDraft, text: str) -> list[str]:
    """The clauses of the public part of ``text`` that stand nowhere in ``draft``, nor by their value or figures."""
    public, _ = apart(text, NO_CONTACT)
    held = [*(value.text for value in draft.values), draft.owner]
    everything = "，".join(held)
    missing = []
    for clause in clauses_of(public):
        by_value = any(len(value) > 1 and value in clause for value in held) or exact.level(clause) in held
        figures = all(figure.text in everything for figure in parse_figures(clause)) or exact.level(clause) in held
        if clause not in everything and not (by_value and figures):
            missing.append(clause)
    return missing


@pytest.mark.parametrize("reader", [READER, WORDS_ONLY], ids=["encoder", "words"])
@settings(max_examples=60, deadline=None)
@given(parts=st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=8), kind=st.sampled_from(list(KINDS.values())))
def test_every_clause_that_is_told_stands_in_some_field(reader, parts, kind):
    text = "，".join(parts)
    assert lost(start_draft(text, kind, reader=reader), text) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("offers", "不是成果，我是要找人做"),
        ("offers", "不是成果，我们是要找人解决问题"),
        ("needs", "不是需求，是我们有成果要转让"),
        ("needs", "搞错了，这不是需求，我们有专利"),
    ],
)
def test_who_says_that_the_kind_is_wrong_means_the_other(kind, text):
    answer = continue_registration(Turn(text, (), at(kind, "description")), TODAY, READER)
    assert answer.draft.draft.kind is RecordKind(kind).counterpart


def test_words_that_name_an_option_are_never_read_as_no_preference():
    answer = continue_registration(Turn("许可或者卖都行", (), at("offers", "cooperation")), TODAY, READER)
    assert answer.draft.draft.value("cooperation") == "许可或者卖都行"


def test_an_answer_to_another_question_is_added_to_what_stands_there():
    draft = at("needs", "cooperation")
    answer = continue_registration(Turn("误差三米内", (), draft), TODAY, READER)
    after = answer.draft.draft
    assert after.value("indicators") == "示例indicators，误差三米内" and answer.draft.question.name == "cooperation"


def test_an_answer_fills_no_other_field_by_a_figure_in_passing():
    after = take_answer(at("needs", "description"), "三个月就要换膜，一年花四十万", READER)
    assert (after.value("deadline"), after.value("budget")) == ("", "")


def test_a_clause_that_fills_a_field_gives_no_title():
    draft = start_draft("高温合金叶片修复，要求修后寿命不低于新件八成，预算两百万以内", RecordKind.NEED, reader=READER)
    assert draft.value("title") == "高温合金叶片修复"


@pytest.mark.parametrize("text", [text for _, text, _ in rows("told.tsv")])
def test_a_place_that_others_are_at_is_no_region_of_the_firm(text):
    draft = start_draft(text, RecordKind.NEED, reader=READER)
    for word in ("出差", "开会", "展会", "念书"):
        for clause in clauses_of(text):
            if word in clause and exact.place(clause):
                assert exact.place(clause) not in draft.value("region")


# --- the parts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "title"),
    [
        ("想请个懂激光焊接的教授", "激光焊接"),
        ("想找能源管理系统供应商", "能源管理系统"),
        ("想找人工智能团队", "人工智能"),
        ("课题组研发了一种膜材料", "膜材料"),
        ("焊缝老是开裂", "焊缝老是开裂"),
        ("想找技术合作", ""),
        ("", ""),
    ],
)
def test_the_words_of_wishing_are_no_part_of_a_name(clause, title):
    assert trimmed(clause) == title


@pytest.mark.parametrize(
    ("name", "clause", "value"),
    [
        ("region", "我们在江苏省昆山市", "江苏省昆山市"),
        ("region", "云南大理，山里头", "云南大理"),
        ("region", "说不上在哪", ""),
        ("trl", "六到七级吧", "6"),
        ("trl", "2024年做的", ""),
        ("trl", "十五级", ""),
        ("owner_id", "我是示例大学机械学院的", "示例大学机械学院"),
        ("owner_id", "就写示例纺织吧", "示例纺织"),
        ("price", "三十多万", "三十多万（三十万）"),
        ("budget", "120w封顶", "120w封顶（120万）"),
        ("budget", "预算50万", "预算50万"),
    ],
)
def test_exact_values_are_read_exactly(name, clause, value):
    assert exact.value(name, clause) == value


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("预算不是10万，是100万", "budget", "100万"),
        ("刚才预算说少了，应该是一百二十万", "budget", "一百二十万"),
        ("地区写错了，是杭州", "region", "杭州"),
        ("联系电话换成13900000000", "contact_phone", "13900000000"),
        ("地区写错了是枣庄", "region", "枣庄"),
        ("预算不是10万", "budget", ""),
        ("我要改预算", "budget", ""),
        ("时间往后推，后年六月", "deadline", "后年六月"),
    ],
)
def test_a_correction_names_its_field_and_value(text, field, value):
    found = correction(text, RecordKind.NEED, "title", READER)
    assert (found.field, found.value) == (field, value)


def test_a_correction_without_a_name_is_of_the_last_answer():
    assert correction("换成蓝色的", RecordKind.NEED, "", WORDS_ONLY) is None
    draft = take_answer(at("needs", "region"), "绍兴", READER)
    assert corrected(draft, "不对，是湖州", READER).value("region") == "湖州"


def test_changing_the_kind_twice_keeps_every_word():
    values = tuple(
        DraftValue(spec.name, f"示例{spec.name}") for spec in FIELDS[RecordKind.NEED] if spec.name != "owner_id"
    )
    draft = RecordDraft(RecordKind.NEED, values, ("budget",), owner="示例厂", undecided=("deadline",))
    other, moved = switched(draft)
    told = "".join(value.text for value in other.values)
    assert all(value.text in told for value in draft.values) and moved and other.owner == "示例厂"
    assert (other.skipped, other.undecided) == (("price",), ("available_from",))
    assert {value.name for value in other.values} <= {spec.name for spec in FIELDS[RecordKind.OFFER]}
    back, _ = switched(other)
    assert all(value.text in "".join(each.text for each in back.values) for value in draft.values)


def test_the_fitted_labels_are_the_ones_that_are_read():
    def labels(name):
        return {each.label for each in Classifier.stored(WEIGHTS_FILE, name).predict("", None, "")}

    assert labels("wishes") == set(Message) and labels("turns") == set(Act)
    for kind in (RecordKind.NEED, RecordKind.OFFER):
        names = {spec.name for spec in FIELDS[kind]}
        assert labels(kind.value) - names == {"seek" if kind is RecordKind.NEED else "have", "aside"}


# --- time ------------------------------------------------------------------------------------------

PIECES = [
    "一",
    "十",
    "5",
    " ",
    "（",
    "w",
    "王",
    "，",
    "的",
    "想找",
    "1391234567 ",
    "联系人  ",
    "预算",
    "我叫",
    "a@",
    "是 ",
    "改成",
]


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize(
    "do",
    [
        lambda text: start_draft(text, RecordKind.NEED),
        lambda text: take_answer(at("needs", "region"), text),
        lambda text: corrected(at("needs", "region"), text),
        lambda text: apart(text, NO_CONTACT),
    ],
    ids=["start", "answer", "correct", "contact"],
)
def test_time_grows_with_the_length_and_no_more(do, piece):
    short, long = (("想找" + piece * MAX_TOLD)[:length] for length in (MAX_TOLD // 8, MAX_TOLD // 2))
    once = least_spent(lambda: do(short), 2)
    # Four times as long may take four times as long; quadratic would be sixteen.
    assert least_spent(lambda: do(long), 2) <= 9 * once + 0.1


def test_a_text_too_long_for_talk_is_refused_with_the_remedy():
    with pytest.raises(UsageError, match="发布"):
        start_draft("想" * (MAX_TOLD + 1), RecordKind.NEED)
    with pytest.raises(UsageError):
        take_answer(at("needs", "region"), "想" * (MAX_TOLD + 1))
    assert start_draft("想找" + "胶" * (MAX_TOLD - 2), RecordKind.NEED) is not None
