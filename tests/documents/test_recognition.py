"""Scans and pictures through the extra ``ocr``; the development install has it, so nothing here is skipped."""

import io
import socket
from pathlib import Path

import pytest
from PIL import Image

from bot.documents.blocks import Extract, Reason
from bot.documents.formats import recognition
from bot.documents.formats.pdf import read_pdf
from bot.errors import DocumentError
from bot.types import UnitKind
from tests.support.pdf_files import HEIGHT, WIDTH, Paper

pytestmark = pytest.mark.slow

SCAN = Path(__file__).parent / "data" / "scanned_notice.png"
EXPECTED = [
    "云溪县科学技术局文件",
    "云科发〔2024〕12号",
    "关于组织申报研发补助的通知",
    "各有关企业：",
    "现将2024年度研发补助申报事项通知如下，请按要求办理。",
    "一、补助标准：按研发投入的10%补助，每家最高50万元。",
    "二、申报时间：2024年3月1日至4月15日，逾期不予受理。",
    "类别：规上企业；比例：10%；上限：50万元",
    "类别：小微企业；比例：15%；上限：30万元",
]


def texts(extract: Extract) -> list[str]:
    # 別 for 别 is a slip that recognition makes in small print.
    return [block.text.replace("別", "别") for block in extract.blocks]


def as_file(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.open(SCAN).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def no_network(*_: object) -> None:
    raise AssertionError("recognition went to the network")


def test_a_picture_is_read_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    recognition._engine.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", no_network)
    extract = recognition.read_picture(SCAN.read_bytes())
    assert texts(extract) == EXPECTED
    assert extract.machine_read and "机器识别" in extract.warnings[0]
    assert [each.reason for each in extract.dropped] == [Reason.PAGE_NUMBER]
    headings = [block.text for block in extract.blocks if block.kind is UnitKind.HEADING]
    assert headings == ["关于组织申报研发补助的通知"]


@pytest.mark.parametrize("kind", ["jpeg", "bmp", "tiff"])
def test_other_kinds_of_picture(kind: str) -> None:
    assert "云科发〔2024〕12号" in texts(recognition.read_picture(as_file(kind)))


def test_all_pages_of_a_tiff() -> None:
    buffer = io.BytesIO()
    page = Image.open(SCAN).convert("L")
    page.crop((0, 0, 1240, 280)).save(buffer, "tiff", save_all=True, append_images=[page.crop((0, 300, 1240, 560))])
    found = texts(recognition.read_picture(buffer.getvalue()))
    assert found[0] == EXPECTED[0] and found[-1].replace(" ", "") == EXPECTED[6]


def scanned(first_page: bool = True) -> bytes:
    paper = Paper()
    if first_page:
        paper.lines("附件为扫描件，见后页所附的通知原文。")
        paper.page()
    paper.canvas.drawInlineImage(
        Image.open(SCAN).convert("RGB"), 0, HEIGHT - WIDTH * 900 / 1240, WIDTH, WIDTH * 900 / 1240
    )
    paper.page()
    return paper.save()


def test_scanned_pages_of_a_pdf_stand_among_the_others() -> None:
    extract = read_pdf(scanned())
    assert texts(extract) == ["附件为扫描件，见后页所附的通知原文。", *EXPECTED]
    assert extract.machine_read and any("第2页由机器识别" in warning for warning in extract.warnings)
    assert not any(each.reason is Reason.NO_TEXT for each in extract.dropped)


def test_a_pdf_that_is_all_scan() -> None:
    assert "云科发〔2024〕12号" in texts(read_pdf(scanned(first_page=False)))


def test_a_scan_with_nothing_to_read_is_told() -> None:
    paper = Paper()
    paper.lines("只有这一页有文字，其余各页是图片。")
    paper.page()
    paper.canvas.rect(80, 80, 400, 600, fill=1)
    paper.page()
    extract = read_pdf(paper.save())
    assert [(each.reason, each.where) for each in extract.dropped] == [(Reason.NO_TEXT, "第2页")]
    assert any("第2页没有文字层" in warning for warning in extract.warnings)


def test_without_the_extra_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "is_available", lambda: False)
    with pytest.raises(DocumentError, match=r"pip install \"tech-manager-assistant\[ocr\]\""):
        recognition.read_picture(SCAN.read_bytes())
    extract = read_pdf(scanned())
    assert len(extract.blocks) == 1 and not extract.machine_read
    assert any("[ocr]" in warning for warning in extract.warnings)


def test_bad_pictures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(blank, "png")
    for data, match in ((b"no picture", "打不开"), (SCAN.read_bytes()[:200], "打不开"), (blank.getvalue(), "没有认出")):
        with pytest.raises(DocumentError, match=f"{match}.*解决办法"):
            recognition.read_picture(data)
    monkeypatch.setattr(recognition, "MAX_PIXELS", 1_000)
    with pytest.raises(DocumentError, match="太大"):
        recognition.read_picture(SCAN.read_bytes())
