"""For any two lists: none overwrites the other's records, and a list imported again changes nothing."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.market.importing import import_file
from bot.market.store import MarketStore
from bot.store.database import Database
from bot.types import RecordKind
from tests.market.intake_files import csv_file

pytestmark = pytest.mark.slow

NEED = RecordKind.NEED
_IDS = st.sampled_from(["1", "2", "3", "A-1", "n1", ""])
_OWNERS = st.sampled_from(["甲厂", "乙厂", ""])
_SUBJECTS = ("快充", "保鲜", "降噪", "清洗")


def rows(prefix: str):
    """Rows of one office, whose titles no other office has; identifiers and owners may be anybody's."""
    titles = st.sampled_from([prefix + subject for subject in _SUBJECTS])
    return st.lists(st.tuples(_IDS, titles, _OWNERS), min_size=1, max_size=4, unique_by=lambda row: row[1])


def written(path: Path, numbered: bool, listed) -> Path:
    lines = [f"{number},{title},{owner}" if numbered else f"{title},{owner}" for number, title, owner in listed]
    return csv_file(path, "\n".join(["编号,需求名称,所属单位" if numbered else "需求名称,所属单位", *lines]) + "\n")


def stored(store: MarketStore):
    return {record.id: record for record in store.iterate(NEED)}


@settings(max_examples=60, deadline=None)
@given(rows("甲县"), rows("乙县"), st.booleans(), st.booleans(), st.booleans())
def test_lists_of_two_offices(one, other, numbered, also_numbered, named):
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/store.sqlite3")
        store = MarketStore(database)
        lists = [("甲县", numbered, one), ("乙县", also_numbered, other)]
        paths = [written(Path(folder) / name / "需求表.csv", flag, listed) for name, flag, listed in lists]
        before: dict = {}
        for path, name in zip(paths, ("甲县", "乙县"), strict=True):
            report = import_file(store, path, NEED, actor="t", source=name if named else "")
            after = stored(store)
            # Nobody's record was touched, every row went in or was told.
            assert {key: after[key] for key in before} == before
            assert report.updated == report.unchanged == 0
            assert report.added + len(report.failed) == len(path.read_text("utf-8").splitlines()) - 1
            before = after
        for path, name in zip(paths, ("甲县", "乙县"), strict=True):
            again = import_file(store, path, NEED, actor="t", source=name if named else "")
            assert (again.added, again.updated) == (0, 0)
            renamed = path.rename(path.with_name("需求表(1).csv"))
            moved = import_file(store, renamed, NEED, actor="t", source=name if named else "")
            assert (moved.added, moved.updated, moved.unchanged) == (0, 0, again.unchanged)
            assert stored(store) == before
        database.close()


@settings(max_examples=30, deadline=None)
@given(rows("甲县"), st.data())
def test_an_owner_that_changes_takes_nothing_over(listed, data):
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/store.sqlite3")
        store = MarketStore(database)
        path = Path(folder) / "f.csv"
        owners = data.draw(st.lists(st.sampled_from(["甲厂", "丙厂"]), min_size=len(listed), max_size=len(listed)))
        header = "编号,需求名称,所属单位,联系人\n"
        first = [f"n{place},{title},甲厂,旧人" for place, (_, title, _) in enumerate(listed)]
        second = [f"n{place},{row[1]},{owner}," for place, (row, owner) in enumerate(zip(listed, owners, strict=True))]
        csv_file(path, header + "\n".join(first) + "\n")
        import_file(store, path, NEED, actor="t")
        csv_file(path, header + "\n".join(second) + "\n")
        import_file(store, path, NEED, actor="t")
        kept = store.private_contacts(NEED, [f"n{place}" for place in range(len(listed))])
        assert set(kept) == {f"n{place}" for place, owner in enumerate(owners) if owner == "甲厂"}
        database.close()
