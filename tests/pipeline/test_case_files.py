"""Who looks after a record: one of two at once, told to the other; handing on; notes; filters that are kept."""

import threading

import pytest
from sqlalchemy import select

from bot.accounts.accounts import Accounts
from bot.accounts.audit import AuditTrail
from bot.accounts.records import Role
from bot.errors import PipelineError
from bot.market.desk_listing import RecordFilter
from bot.pipeline.case_files import CaseAction, CaseFiles
from bot.pipeline.filters import MOST_FILTERS, SavedFilters
from bot.pipeline.tables import case_entries, case_keepers, saved_filters
from bot.store.tables import audit_entries
from bot.types import RecordKind
from tests.pipeline.conftest import HOSTILE, stopped_everywhere, submitted

NEED = RecordKind.NEED


@pytest.fixture
def cases(market):
    return CaseFiles(market.database)


@pytest.fixture
def need(market):
    return submitted(market).record.id


def test_of_two_managers_at_once_one_gets_it_and_the_other_is_told(market, cases, need):
    for _ in range(12):
        told, start = {}, threading.Barrier(2)

        def take(name, told=told, start=start):
            start.wait()
            try:
                cases.take(NEED, need, by=name)
                told[name] = ""
            except PipelineError as error:
                told[name] = str(error)

        pair = [threading.Thread(target=take, args=(name,)) for name in ("经理甲", "经理乙")]
        [each.start() for each in pair]
        [each.join() for each in pair]
        winner = cases.keeper(NEED, need)
        (refused,) = [words for words in told.values() if words]
        assert winner in refused and sorted(map(bool, told.values())) == [False, True]
        cases.let_go(NEED, need, by=winner)


def test_a_case_is_taken_handed_on_and_let_go_and_all_of_it_is_kept(market, cases, need):
    cases.take(NEED, need, by="经理甲")
    cases.take(NEED, need, by="经理甲")
    assert cases.keeper(NEED, need) == "经理甲"
    for refused in (
        lambda: cases.let_go(NEED, need, by="经理乙"),
        lambda: cases.hand_on(NEED, need, "经理丙", by="经理乙", holder="经理丙"),
        lambda: cases.hand_on(NEED, need, "", by="经理甲", holder="经理甲"),
        lambda: cases.hand_on(NEED, need, "经理甲", by="经理甲", holder="经理甲"),
    ):
        with pytest.raises(PipelineError):
            refused()
    cases.hand_on(NEED, need, "经理乙", by="经理甲", holder="经理甲")
    # Somebody on leave: a colleague hands on what another holds, and it is written down who did.
    cases.hand_on(NEED, need, "经理丙", by="经理丁", holder="经理乙")
    cases.let_go(NEED, need, by="经理丙")
    assert cases.keeper(NEED, need) == ""
    assert [(each.action, each.author, each.text) for each in cases.entries(NEED, need)] == [
        (CaseAction.TAKEN, "经理甲", ""),
        (CaseAction.HANDED_ON, "经理甲", "经理乙"),
        (CaseAction.HANDED_ON, "经理丁", "经理丙"),
        (CaseAction.LET_GO, "经理丙", ""),
    ]
    told = [(each.user_name, each.action) for each in AuditTrail(market.database).all()]
    assert told == [
        ("经理甲", "case.taken"),
        ("经理甲", "case.handed_on"),
        ("经理丁", "case.handed_on"),
        ("经理丙", "case.let_go"),
    ]


def test_what_was_handed_on_meanwhile_is_not_handed_on_again(cases, need):
    cases.take(NEED, need, by="经理甲")
    cases.hand_on(NEED, need, "经理乙", by="经理甲", holder="经理甲")
    with pytest.raises(PipelineError, match="经理乙"):
        cases.hand_on(NEED, need, "经理丙", by="经理丁", holder="经理甲")


def test_the_list_shows_mine_and_nobodys(market, cases, need):
    other = submitted(market, title="另一条低温快充需求").record.id
    cases.take(NEED, need, by="经理甲")
    cases.take(RecordKind.OFFER, other, by="经理甲")
    assert [row.id for row in market.listed(RecordFilter(), also=cases.kept_by("经理甲")).rows] == [need]
    assert [row.id for row in market.listed(RecordFilter(), also=cases.kept_by("")).rows] == [other]
    assert cases.keepers([(NEED, need), (NEED, other)]) == {(NEED, need): "经理甲"}


@pytest.mark.parametrize("words", HOSTILE)
def test_notes_keep_what_was_written_or_say_why_not(cases, need, words):
    try:
        cases.note(NEED, need, words, by="经理甲")
    except PipelineError as error:
        assert not words.strip() or not words.isprintable() or len(words) > 2_000, error
    else:
        assert cases.entries(NEED, need)[-1].text == words


@pytest.mark.parametrize("step", ["take", "hand_on", "let_go", "note"])
def test_stopped_at_any_statement_it_leaves_no_trace(market, cases, need, step):
    if step != "take":
        cases.take(NEED, need, by="经理甲")
    doing = {
        "take": lambda: cases.take(NEED, need, by="经理甲"),
        "hand_on": lambda: cases.hand_on(NEED, need, "经理乙", by="经理甲", holder="经理甲"),
        "let_go": lambda: cases.let_go(NEED, need, by="经理甲"),
        "note": lambda: cases.note(NEED, need, "打过电话", by="经理甲"),
    }[step]

    def everything():
        with market.database.read() as connection:
            tables = (case_keepers, case_entries, audit_entries)
            return [connection.execute(select(table)).all() for table in tables]

    assert stopped_everywhere(market, doing, everything) == (2 if step == "note" else 3)


def test_filters_are_each_users_own(market):
    accounts = Accounts(market.database)
    mine, other = (accounts.add(name, "示例密码-correct-horse", [Role.MANAGER]).id for name in ("one", "two"))
    kept = SavedFilters(market.database)
    kept.keep(mine, "省内 需求", "kind=needs&region=%E7%9C%81")
    kept.keep(mine, "省内 需求", "kind=offers")
    kept.keep(other, "别人的", "state=draft")
    (one,) = kept.listed(mine)
    assert (one.name, one.query) == ("省内 需求", "kind=offers")
    kept.drop(other, one.id)
    assert kept.listed(mine), "nobody drops what is another's"
    kept.drop(mine, one.id)
    assert kept.listed(mine) == ()
    for name in ("", "  ", "长" * 61, "a\x00b"):
        with pytest.raises(PipelineError):
            kept.keep(mine, name, "")
    for number in range(MOST_FILTERS):
        kept.keep(mine, f"第{number}个", "")
    with pytest.raises(PipelineError):
        kept.keep(mine, "多了一个", "")
    kept.keep(mine, "第0个", "kind=needs")
    with market.database.read() as connection:
        assert len(connection.execute(select(saved_filters)).all()) == MOST_FILTERS + 1
