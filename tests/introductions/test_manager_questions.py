"""Questions of managers: written before the program that reads them, half of them never looked at while it was made."""

from pathlib import Path

import pytest
import yaml

from bot.introductions.manager_questions import read_question
from bot.introductions.naming import surely_named
from bot.introductions.wants import want_reader
from bot.market.records import CloseReason, Need, Offer, State
from bot.market.service import Market
from bot.settings import load_settings
from bot.types import RecordKind
from tests.support.spent import within

CASES = yaml.safe_load(Path(__file__).with_name("manager_questions.yaml").read_text(encoding="utf-8"))
NEEDS = (
    ("N0012", "矿井轴流风机降噪", "风机噪声超过95分贝，要降到80分贝以下"),
    ("N0013", "纺织废水脱色回用", "印染废水色度高，希望回用六成"),
    ("N0014", "冷链运输温度监测", "药品冷链运输途中的温度要连续记录"),
    ("N0005", "隧道风机噪声治理", "隧道射流风机噪声大"),
)
OFFERS = (
    ("O0007", "仿生降噪风机叶片", "用于轴流风机，噪声降低12分贝"),
    ("O0021", "印染废水膜法回用技术", "膜法处理印染废水，回用率七成"),
    ("O0030", "低功耗温度标签", "一次性标签，记录三十天温度"),
)


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    folder = tmp_path_factory.mktemp("market")
    made = Market(load_settings(environment={}, settings_file=folder / "none.toml", data_dir=folder))
    needs = [Need(id=number, title=title, description=told) for number, title, told in NEEDS]
    offers = [Offer(id=number, title=title, description=told) for number, title, told in OFFERS]
    made.store.save_many(needs, actor="t", publish=True)
    made.store.save_many(offers, actor="t", publish=True)
    made.move(RecordKind.NEED, "N0005", State.CLOSED, actor="t", reason=CloseReason.NO_AGREEMENT)
    yield made
    made.close()


@pytest.fixture(scope="module")
def wants(market):
    return want_reader(load_settings(environment={}).embedding)


def right(market, wants, case):
    read = read_question(market, wants, case["question"], tuple(case.get("history", ())))
    ids = sorted(each.id for each in read.records)
    return (read.want.value, ids) == (case["want"], sorted(case["records"])), (case["question"], read.want.value, ids)


@pytest.mark.parametrize(("half", "least"), [("a", 21), ("b", 20)])
def test_what_is_asked_of_which_records(market, wants, half, least):
    found = [right(market, wants, case) for case in CASES if case["half"] == half]
    wrong = [told for good, told in found if not good]
    assert sum(good for good, _ in found) >= least, wrong


@pytest.mark.parametrize("title", ["%" * 60, "_" * 60, "%a" * 40, "甲%"])
def test_a_title_is_never_a_pattern(market, title):
    market.store.save_many([Need(id="odd", title=title, description="x")], actor="t", publish=True)
    with within(0.5):
        assert [each.record.id for each in surely_named(market, "甲乙丙丁" * 400 + "a" * 400)] == []
    named = surely_named(market, f"看看{title}，还有 n0012")
    assert [each.record.id for each in named] == ["N0012", *(["odd"] if len(title) >= 4 else [])]


@pytest.mark.parametrize("piece", ["a", "“", "1.", "风机", "矿井轴流风机降噪", " ", "N0012 "])
def test_reading_takes_time_in_line_with_the_length(market, wants, piece):
    for first in ("热身", "a first question in English"):
        read_question(market, wants, first)
    with within(2):
        read_question(market, wants, (piece * 2_000)[:2_000], ("矿井轴流风机降噪" * 200,) * 20)


def test_the_longer_of_two_titles_is_meant(market):
    market.store.save_many([Need(id="short", title="轴流风机降噪", description="x")], actor="t", publish=True)
    assert [each.record.id for each in surely_named(market, "矿井轴流风机降噪的匹配")] == ["N0012"]
