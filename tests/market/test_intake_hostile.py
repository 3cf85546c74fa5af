"""Small workbooks that claim the whole sheet: read in moments, or refused."""

import zipfile

import pytest

from bot.errors import MarketError
from bot.market.importing import import_file
from bot.types import RecordKind
from tests.market.intake_files import need_row, table
from tests.support.spent import within

WHOLE = "A1:XFD1048576"


def changed(source, target, before: bytes, after: bytes):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert before in content
                content = content.replace(before, after, 1)
            new.writestr(name, content)
    return target


@pytest.fixture
def listed(tmp_path):
    return table(tmp_path / "made.xlsx", need_row("n1", "电池快充"), need_row("n2", "光伏清洗"))


@pytest.mark.parametrize(
    "claim",
    [
        '<mergeCells count="1"><mergeCell ref="L1:XFD1048576"/></mergeCells>',
        f'<hyperlinks><hyperlink ref="{WHOLE}" location="A1"/></hyperlinks>',
        "<mergeCells>" + '<mergeCell ref="L3:XFD1048576"/>' * 3_000 + "</mergeCells>",
    ],
)
def test_a_range_over_the_whole_sheet_takes_no_time(store, tmp_path, listed, claim):
    path = changed(listed, tmp_path / "f.xlsx", b"</sheetData>", b"</sheetData>" + claim.encode())
    with within(20):
        assert import_file(store, path, RecordKind.NEED, actor="t").added == 2


def test_cells_at_the_far_end_of_many_rows_take_no_time(store, tmp_path, listed):
    far = "".join(f'<row r="{n}"><c r="XFD{n}" t="n"><v>1</v></c></row>' for n in range(10, 20_000))
    path = changed(listed, tmp_path / "f.xlsx", b"</sheetData>", far.encode() + b"</sheetData>")
    with within(30):
        assert import_file(store, path, RecordKind.NEED, actor="t").added == 2


@pytest.mark.parametrize("claim", ["A1:", "ZZZZZZ1:B2", "%%%"])
def test_a_merged_range_that_is_none_is_told(store, tmp_path, listed, claim):
    merged = f'<mergeCells><mergeCell ref="{claim}"/></mergeCells>'
    path = changed(listed, tmp_path / "f.xlsx", b"</sheetData>", b"</sheetData>" + merged.encode())
    with pytest.raises(MarketError, match="打不开"):
        import_file(store, path, RecordKind.NEED, actor="t")


def test_entities_are_refused(store, tmp_path, listed):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'
    path = changed(listed, tmp_path / "f.xlsx", b"<worksheet", bomb)
    with pytest.raises(MarketError):
        import_file(store, path, RecordKind.NEED, actor="t")
