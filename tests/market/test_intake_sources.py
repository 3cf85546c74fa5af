"""A row is never overwritten by another source, and a record that changes hands takes nothing of the former owner."""

import shutil
from pathlib import Path

import pytest

from bot.errors import MarketError
from bot.market.importing import import_file
from bot.market.receipts import issue_receipt, receipt_record
from bot.market.records import Offer, Side, State
from bot.store.receipt_codes import codes_for
from bot.types import PrivateContact, RecordKind
from tests.market.intake_files import csv_file, need_row, table
from tests.support.consents import missing, say

NEED, OFFER, ORGANISATION = RecordKind.NEED, RecordKind.OFFER, RecordKind.ORGANISATION
COUNTY_A = [(1, "甲县低温电池快充", "甲厂"), (2, "甲县铸件缺陷检测", "乙厂"), (3, "甲县污泥干化", "丙厂")]
COUNTY_B = [(1, "乙县光伏清洗机器人", "丁厂"), (2, "乙县轴承钢热处理", "戊厂"), (3, "乙县果蔬保鲜", "己厂")]


def imported(store, path, kind=NEED, **options):
    return import_file(store, path, kind, actor="t", **options)


def a_list(path: Path, rows, first: str = "编号") -> Path:
    header = [
        first,
        "需求名称",
        "技术领域",
        "需求描述",
        "技术指标",
        "预算",
        "截止日期",
        "所属单位",
        "联系人",
        "联系电话",
    ]
    return table(path, *(need_row(number, title, owner) for number, title, owner in rows), header=header)


def counts(report):
    return report.added, report.updated, report.unchanged, len(report.failed)


@pytest.mark.parametrize("names", [("甲县.xlsx", "乙县.xlsx"), ("a/需求表.xlsx", "b/需求表.xlsx")])
def test_two_lists_numbered_alike_do_not_overwrite_each_other(store, tmp_path, names):
    one, other = (a_list(tmp_path / name, rows) for name, rows in zip(names, (COUNTY_A, COUNTY_B), strict=True))
    imported(store, one)
    report = imported(store, other)
    assert counts(report) == (0, 0, 0, 3)
    assert all(Path(names[0]).name in row.reason and "甲县" in row.reason for row in report.failed)
    assert store.need("1").title == "甲县低温电池快充"


def test_the_same_path_holding_the_list_of_another_office(store, tmp_path):
    imported(store, a_list(tmp_path / "需求表.xlsx", COUNTY_A))
    report = imported(store, a_list(tmp_path / "需求表.xlsx", COUNTY_B))
    assert counts(report) == (0, 0, 0, 3)


def test_two_lists_with_serial_numbers_give_all_their_records(store, tmp_path):
    for name, rows in (("甲县.xlsx", COUNTY_A), ("乙县.xlsx", COUNTY_B)):
        assert counts(imported(store, a_list(tmp_path / name, rows, "序号"))) == (3, 0, 0, 0)
    assert store.list_records(NEED).total == 6


@pytest.mark.parametrize("first", ["编号", "序号"])
def test_the_same_list_again_changes_nothing_whatever_its_name(store, tmp_path, first):
    path = a_list(tmp_path / "需求表.xlsx", COUNTY_A, first)
    imported(store, path)
    assert counts(imported(store, path)) == (0, 0, 3, 0)
    for name in ("需求表(1).xlsx", "存档/2026.xlsx"):
        renamed = tmp_path / name
        renamed.parent.mkdir(exist_ok=True)
        shutil.copy(path, renamed)
        assert counts(imported(store, renamed)) == (0, 0, 3, 0)


@pytest.mark.parametrize("name", ["需求表.xlsx", "需求表-改.xlsx"])
def test_a_corrected_list_updates(store, tmp_path, name):
    imported(store, a_list(tmp_path / "需求表.xlsx", COUNTY_A))
    changed = [(1, "甲县低温电池快速充电", "甲厂"), *COUNTY_A[1:], (4, "甲县新增的需求", "甲厂")]
    assert counts(imported(store, a_list(tmp_path / name, changed))) == (1, 1, 2, 0)
    assert store.need("1").title == "甲县低温电池快速充电"


@pytest.mark.parametrize("name", ["需求表.csv", "需求表-改.csv"])
def test_a_corrected_list_without_identifiers_updates(store, tmp_path, name):
    before = "需求名称,所属单位,预算\n电池快充,甲厂,50万元\n光伏清洗,乙厂,20万元\n"
    imported(store, csv_file(tmp_path / "需求表.csv", before))
    after = before.replace("50万元", "80万元") + "新增的,丙厂,1万元\n"
    assert counts(imported(store, csv_file(tmp_path / name, after))) == (1, 1, 1, 0)


def test_the_same_title_of_two_owners_without_identifiers(store, tmp_path):
    text = "需求名称,所属单位\n自动化改造,甲厂\n自动化改造,乙厂\n"
    path = csv_file(tmp_path / "f.csv", text)
    assert counts(imported(store, path)) == (2, 0, 0, 0)
    assert counts(imported(store, path)) == (0, 0, 2, 0)


def test_a_second_owner_of_a_title_is_a_second_record(store, tmp_path):
    imported(store, csv_file(tmp_path / "f.csv", "需求名称,所属单位\n自动化改造,甲厂\n别的,丙厂\n"))
    report = imported(
        store, csv_file(tmp_path / "f.csv", "需求名称,所属单位\n自动化改造,甲厂\n自动化改造,乙厂\n别的,丙厂\n")
    )
    assert counts(report) == (1, 0, 2, 0)


def test_the_same_title_in_lists_of_two_offices(store, tmp_path):
    imported(store, csv_file(tmp_path / "甲.csv", "需求名称,所属单位\n自动化改造,甲厂\n别的,甲厂\n"))
    report = imported(store, csv_file(tmp_path / "乙.csv", "需求名称,所属单位\n自动化改造,乙厂\n另外,乙厂\n"))
    assert counts(report) == (2, 0, 0, 0)


def test_a_need_that_two_lists_have_is_told(store, tmp_path):
    imported(store, csv_file(tmp_path / "甲.csv", "需求名称,所属单位\n自动化改造,甲厂\n别的,甲厂\n再一条,甲厂\n"))
    report = imported(
        store, csv_file(tmp_path / "乙.csv", "需求名称,所属单位\n自动化改造,甲厂\n另外,乙厂\n还有,乙厂\n")
    )
    assert counts(report) == (3, 0, 0, 0) and "可能是同一条" in "\n".join(report.notes)


def test_the_same_row_twice_without_identifiers_is_told(store, tmp_path):
    report = imported(store, csv_file(tmp_path / "f.csv", "需求名称,所属单位\n电池快充,甲厂\n电池快充,甲厂\n"))
    assert counts(report) == (1, 0, 0, 1) and "第 2 行" in report.failed[0].reason


def test_an_identifier_used_twice_in_one_file(store, tmp_path):
    report = imported(store, csv_file(tmp_path / "f.csv", "编号,需求名称\n1,电池快充\n1,光伏清洗\n"))
    assert counts(report) == (1, 0, 0, 1) and "第 2 行" in report.failed[0].reason


def test_a_named_source_decides(store, tmp_path):
    imported(store, a_list(tmp_path / "f.xlsx", COUNTY_A), source="甲县科技局")
    assert counts(imported(store, a_list(tmp_path / "g.xlsx", COUNTY_A), source="乙县科技局")) == (0, 0, 0, 3)
    changed = [(number, f"改名{number}", "新厂") for number in (1, 2, 3)]
    report = imported(store, a_list(tmp_path / "h.xlsx", changed), source="甲县科技局")
    assert counts(report) == (0, 3, 0, 0)


def test_what_a_visitor_registered_is_not_overwritten_by_a_list(store, tmp_path):
    from bot.market.records import Need

    store.save(Need(id="1", title="访客登记的需求"), actor="owner", action="submit")
    report = imported(store, a_list(tmp_path / "f.xlsx", COUNTY_A))
    assert counts(report) == (2, 0, 0, 1) and store.need("1").title == "访客登记的需求"


# --- a record changes hands ----------------------------------------------------------------------


def with_owner(path: Path, owner: str, contact: str = ",") -> Path:
    return csv_file(path, f"编号,需求名称,所属单位,联系人,联系电话\nn1,低温电池快速充电,{owner},{contact}\n")


def opened(store, receipt):
    with store.database.read() as connection:
        return receipt_record(connection, receipt)


@pytest.fixture
def handed(store, tmp_path):
    """A need of 甲厂 with its contact, a receipt, a kept column and both consents."""
    text = "编号,需求名称,所属单位,联系人,联系电话,微信群\nn1,低温电池快速充电,甲厂,钱七,12345678,甲厂群\n"
    imported(store, csv_file(tmp_path / "f.csv", text), publish=True)
    store.save(Offer(id="o1", title="自加热电池"), actor="t")
    with store.writing("t") as writing:
        issue_receipt(writing.connection, NEED, "n1", receipt := next(codes_for("")))
    for side in Side:
        say(store, "n1", "o1", side)
    assert not missing(store, "n1", "o1")
    return receipt


@pytest.mark.parametrize("name", ["f.csv", "g.csv"])
@pytest.mark.parametrize("contact", [",", "孙八,87654321"])
def test_nothing_of_the_former_owner_stays(store, tmp_path, handed, name, contact):
    report = imported(store, with_owner(tmp_path / name, "乙厂", contact))
    assert counts(report) == (0, 1, 0, 0)
    assert store.organisation(store.need("n1").owner_id).title == "乙厂"
    kept = store.private_contacts(NEED, ["n1"]).get("n1", PrivateContact())
    assert (kept.name, kept.phone) == (("孙八", "87654321") if contact != "," else ("", ""))
    assert missing(store, "n1", "o1") == tuple(Side)
    with pytest.raises(MarketError):
        opened(store, handed)
    assert "甲厂群" not in str(dict(store.origins(NEED, ["n1"])["n1"].aside))
    assert "n1" in "\n".join(report.notes) and "单位" in "\n".join(report.notes)


def test_a_partial_contact_is_not_filled_up_from_the_former_owner(store, tmp_path, handed):
    imported(store, with_owner(tmp_path / "f.csv", "乙厂", "孙八,"))
    assert store.private_contacts(NEED, ["n1"])["n1"] == PrivateContact(name="孙八")


def test_a_consent_given_under_a_clock_that_was_ahead_is_gone_too(store, tmp_path, handed, monkeypatch):
    monkeypatch.setattr("bot.market.writing.utc_now", lambda: "2999-01-01T00:00:00.000000Z")
    say(store, "n1", "o1", Side.NEED_OWNER)
    imported(store, with_owner(tmp_path / "f.csv", "乙厂"))
    assert Side.NEED_OWNER in missing(store, "n1", "o1")


def test_the_same_owner_keeps_everything(store, tmp_path, handed):
    assert counts(imported(store, with_owner(tmp_path / "f.csv", "甲厂", "钱七,"))) == (0, 0, 1, 0)
    assert opened(store, handed) == (NEED, "n1")
    assert store.private_contacts(NEED, ["n1"])["n1"].name == "钱七"


def test_a_record_in_talks_starts_again_with_its_new_owner(store, tmp_path, handed):
    store.move(NEED, "n1", State.INTEREST, actor="t")
    imported(store, with_owner(tmp_path / "f.csv", "乙厂"))
    assert store.need("n1").state in (State.PUBLISHED, State.DRAFT)


def test_an_organisation_does_not_become_another_one(store, tmp_path):
    imported(store, csv_file(tmp_path / "o.csv", "编号,单位名称,联系人\ng1,甲厂,钱七\ng2,丙厂,李四\n"), ORGANISATION)
    imported(store, csv_file(tmp_path / "n.csv", "编号,需求名称,所属单位\nn1,低温电池快充,g1\n"))
    report = imported(store, csv_file(tmp_path / "o.csv", "编号,单位名称\ng1,乙所\ng2,丙厂\n"), ORGANISATION)
    assert counts(report) == (0, 0, 1, 1) and store.organisation("g1").title == "甲厂"


def test_an_organisation_without_records_may_be_renamed_and_loses_its_contact(store, tmp_path):
    imported(store, csv_file(tmp_path / "o.csv", "编号,单位名称,联系人\ng1,甲厂,钱七\ng2,丙厂,李四\n"), ORGANISATION)
    imported(store, csv_file(tmp_path / "o.csv", "编号,单位名称\ng1,乙所\ng2,丙厂\n"), ORGANISATION)
    assert "g1" not in store.private_contacts(ORGANISATION, ["g1", "g2"])
    assert store.private_contacts(ORGANISATION, ["g2"])["g2"].name == "李四"


def test_an_empty_owner_of_a_confidential_record_stays(store, tmp_path):
    text = "编号,需求名称,所属单位,保密级别,联系人\nn1,低温电池快充,{},保密,{}\n"
    imported(store, csv_file(tmp_path / "f.csv", text.format("甲厂", "钱七")))
    owner = store.need("n1").owner_id
    imported(store, csv_file(tmp_path / "f.csv", text.format("", "")))
    assert store.need("n1").owner_id == owner


def test_a_bare_number_with_the_same_name_and_another_owner_is_another_record(store, tmp_path):
    imported(store, csv_file(tmp_path / "甲.csv", "编号,需求名称,所属单位\n1,自动化改造,甲厂\n"))
    report = imported(store, csv_file(tmp_path / "乙.csv", "编号,需求名称,所属单位\n1,自动化改造,乙厂\n"))
    assert counts(report) == (0, 0, 0, 1) and "甲.csv" in report.failed[0].reason


def test_the_second_of_two_owners_stays_when_the_first_is_taken_out(store, tmp_path):
    head = "需求名称,所属单位,预算\n别的,丙厂,\n"
    path = csv_file(tmp_path / "f.csv", head + "自动化改造,甲厂,\n")
    imported(store, path)
    imported(store, csv_file(path, head + "自动化改造,甲厂,\n自动化改造,乙厂,\n"))
    before = {record.id: record for record in store.iterate(NEED)}
    assert counts(imported(store, csv_file(path, head + "自动化改造,乙厂,5万元\n"))) == (0, 1, 1, 0)
    after = {record.id: record for record in store.iterate(NEED)}
    (changed,) = [record for key, record in after.items() if record != before[key]]
    assert store.organisation(changed.owner_id).title == "乙厂"


def test_an_owner_that_changes_in_a_list_without_identifiers(store, tmp_path):
    head = "需求名称,所属单位,联系人\n别的,丙厂,李四\n"
    path = csv_file(tmp_path / "f.csv", head + "自动化改造,甲厂,钱七\n")
    imported(store, path)
    assert counts(imported(store, csv_file(path, head + "自动化改造,乙厂,\n"))) == (0, 1, 1, 0)
    owners = {store.organisation(each.owner_id).title: each.id for each in store.iterate(NEED)}
    assert set(owners) == {"乙厂", "丙厂"}
    assert set(store.private_contacts(NEED, owners.values())) == {owners["丙厂"]}


def test_an_owner_by_its_own_word_that_staff_name_is_no_other(store, tmp_path):
    from bot.market.records import Need, Organisation, declared_id

    store.save(Organisation(id=declared_id("甲厂"), title="甲厂"), actor="owner")
    need = Need(id="need-ab12", title="低温电池快充", owner_id=declared_id("甲厂"))
    store.save(need, actor="owner", action="submit", contact=PrivateContact(name="钱七"))
    with store.writing("owner") as writing:
        issue_receipt(writing.connection, NEED, "need-ab12", code := next(codes_for("")))
    imported(store, csv_file(tmp_path / "f.csv", "编号,需求名称,所属单位\nneed-ab12,低温电池快充,甲厂\n"))
    assert opened(store, code) == (NEED, "need-ab12")
    assert store.private_contacts(NEED, ["need-ab12"])["need-ab12"].name == "钱七"


def test_a_withdrawn_record_keeps_nothing_aside(store, tmp_path):
    from bot.market.records import CloseReason

    imported(store, csv_file(tmp_path / "f.csv", "编号,需求名称,微信群\nn1,低温电池快充,甲厂群\n"))
    store.move(NEED, "n1", State.CLOSED, actor="owner", reason=CloseReason.WITHDRAWN)
    assert dict(store.origins(NEED, ["n1"])["n1"].aside) == {}


def test_a_record_that_came_in_meanwhile_is_not_overwritten(store, tmp_path, monkeypatch):
    from bot.market import importing

    judged = importing.judge

    def slowly(*arguments):
        found = judged(*arguments)
        monkeypatch.setattr(importing, "judge", judged)
        imported(store, csv_file(tmp_path / "乙.csv", "编号,需求名称\n1,乙县光伏清洗\n"))
        return found

    monkeypatch.setattr(importing, "judge", slowly)
    report = imported(store, csv_file(tmp_path / "甲.csv", "编号,需求名称\n1,甲县电池快充\n2,另一条\n"))
    assert counts(report) == (1, 0, 0, 1) and "再导入" in report.failed[0].reason
    assert store.need("1").title == "乙县光伏清洗"


def test_every_door_that_changes_an_owner_forgets_the_former_one(store, tmp_path, handed):
    from dataclasses import replace

    from bot.market.records import Organisation

    store.save(Organisation(id="g9", title="乙厂"), actor="t")
    store.save(replace(store.need("n1"), owner_id="g9"), actor="t")
    assert store.private_contacts(NEED, ["n1"]) == {} and not dict(store.origins(NEED, ["n1"])["n1"].aside)
    assert missing(store, "n1", "o1") == tuple(Side)
    with pytest.raises(MarketError):
        opened(store, handed)
