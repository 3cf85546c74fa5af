"""Damaged and hostile PDF files are refused alone, with the reason, in bounded time."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.blocks import Reason
from bot.documents.formats.pdf import opening, read_pdf
from bot.errors import DocumentError
from tests.support.pdf_files import Paper


def built(objects: dict[int, bytes], root: int = 1) -> bytes:
    """A file of raw objects with a right cross-reference table."""
    data = b"%PDF-1.7\n"
    places = {}
    for number, content in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(data)
    size = max(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        data += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    return data + b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, root, start)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n" % (len(packed), extra) + packed + b"\nendstream"


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def one_page(content: bytes, font: bytes = FONT, more: dict[int, bytes] | None = None) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: page,
        4: stream(content),
        5: font,
        6: stream(b""),
    }
    return built(objects | (more or {}))


def refused(data: bytes, match: str) -> None:
    with pytest.raises(DocumentError, match=match) as caught:
        read_pdf(data)
    assert "解决办法" in str(caught.value)


HELLO = b"BT /F 12 Tf 60 700 Td (Ten thousand yuan for each firm) Tj ET"


def test_the_ground_of_these_tests_is_read() -> None:
    assert [block.text for block in read_pdf(one_page(HELLO)).blocks] == ["Ten thousand yuan for each firm"]


def test_a_password_and_damage_are_told() -> None:
    paper = Paper(encrypt="secret")
    paper.lines("正文")
    refused(paper.save(), "密码")
    refused(b"%PDF-1.7 nothing here", "损坏")
    refused(one_page(HELLO)[:150], "损坏")
    refused(built({1: b"<</Type/Catalog>>"}), "损坏")


def test_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_PAGES", 20)
    kids = b" ".join(b"3 0 R" for _ in range(5))
    assert kids  # the same page twice is one page
    paper = Paper()
    for _ in range(21):
        paper.lines("一页")
        paper.page()
    refused(paper.save(), "页数太多.*20 页")


def test_a_count_that_is_not_true_costs_nothing() -> None:
    data = one_page(HELLO).replace(b"/Count 1>>", b"/Count 999999999>>")
    assert len(read_pdf(data).blocks) == 1


def test_a_deep_page_tree_and_one_that_bites_its_tail() -> None:
    depth = 3_000
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>"}
    for number in range(2, depth):
        objects[number] = b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 1)
    objects[depth] = b"<</Type/Page/MediaBox[0 0 9 9]>>"
    refused(built(objects), "套得太深")
    refused(built({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"}), "损坏")


def test_what_unpacks_without_end_is_refused() -> None:
    refused(one_page(b" " * (opening.MAX_UNPACKED_BYTES + 10)), "解压后太大")
    twice = zlib.compress(zlib.compress(b" " * (opening.MAX_UNPACKED_BYTES + 10), 9), 9)
    content = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n" % len(twice) + twice + b"\nendstream"
    refused(one_page(b"", more={4: content}), "解压后太大")


@pytest.mark.parametrize("unit", [b"q Q ", b"0 0 m 9 9 l S ", b"/X Do ", HELLO + b" "])
def test_a_page_that_draws_without_end_is_told(unit: bytes) -> None:
    refused(one_page(unit * (30_000_000 // len(unit))), "一页内容太多")


def test_forms_within_forms_do_not_multiply() -> None:
    more = {
        number: stream(
            b"/X Do " * 20,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (number + 1),
        )
        for number in range(6, 30)
    }
    more[30] = stream(HELLO, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    refused(one_page(b"/X Do", more=more), "一页内容太多")


def test_one_page_beyond_the_limits_leaves_the_others() -> None:
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R 7 0 R]/Count 2/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>>>",
        3: b"<</Type/Page/Contents 4 0 R>>",
        4: stream(HELLO),
        5: FONT,
        7: b"<</Type/Page/Contents 8 0 R>>",
        8: stream(b"q Q " * 3_000_000),
    }
    extract = read_pdf(built(objects))
    assert len(extract.blocks) == 1 and any("第2页" in warning for warning in extract.warnings)
    assert [(each.reason, each.where) for each in extract.dropped] == [(Reason.TOO_MUCH, "第2页")]


def test_fonts_that_list_endless_ranges() -> None:
    ranges = b"/CIDInit begincmap 1 beginbfrange <0000> <FFFFFFFF> <0000> endbfrange endcmap"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>"
    refused(one_page(HELLO, font, {7: stream(ranges)}), "编码表")
    widths = b"<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[8 0 R]>>"
    descendant = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/W[0 2000000000 500]/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 0>>>>"
    refused(one_page(HELLO, widths, {8: descendant}), "字宽表")


def test_a_giant_page_and_numbers_without_end() -> None:
    data = one_page(HELLO).replace(b"[0 0 595 842]", b"[0 0 9e9 9e9]")
    assert "Ten thousand" in read_pdf(data).blocks[0].text
    far = one_page(b"BT /F 1e30 Tf 1e300 0 0 1e300 1e308 1e308 Tm (x) Tj ET " + HELLO)
    assert "Ten thousand" in " ".join(block.text for block in read_pdf(far).blocks)


def test_time_is_bounded_between_pages() -> None:
    paper = Paper()
    for _ in range(5):
        paper.lines("一页")
        paper.page()
    ticks = iter(range(0, 10_000, 100))
    with pytest.raises(DocumentError, match="太久"):
        read_pdf(paper.save(), clock=lambda: float(next(ticks)))


def test_text_without_meaning_is_refused_and_a_little_of_it_told() -> None:
    lost_font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[8 0 R]>>"
    descendant = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    refused(one_page(b"BT /F 12 Tf 60 700 Td <000100020003000400050006> Tj ET", lost_font, {8: descendant}), "乱码")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R/G 9 0 R>>>>>>"
    content = HELLO + b" BT /G 12 Tf 60 600 Td <0001> Tj ET"
    extract = read_pdf(one_page(content, FONT, {3: page, 8: descendant, 9: lost_font}))
    assert "\ufffd" in "".join(block.text for block in extract.blocks)
    assert any("1 个字认不出" in warning for warning in extract.warnings)


WHOLE = one_page(HELLO)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_file_with_any_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    changed = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_pdf(bytes(changed[: data.draw(st.integers(1, len(changed)))]))
    except DocumentError as error:
        assert "解决办法" in str(error)
