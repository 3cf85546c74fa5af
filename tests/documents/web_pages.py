"""Web pages of a few sentences, and what of them is read and left out."""

from bot.documents.blocks import Extract, Reason
from bot.documents.formats.html import read_html
from bot.types import UnitKind
from tests.documents.raw_text import lost, page_text

SENTENCE = "为支持各类主体开展技术攻关，对符合条件的项目给予不超过总投入百分之三十的补助。"
SECOND = "同一单位每年限报一项，评审结果向社会公布，接受监督。"
TITLE = "某区青年公寓申请公告"


def read(page: str, encoding: str = "utf-8") -> Extract:
    extract = read_html(page.encode(encoding))
    assert lost(page_text(page), extract) == ""
    return extract


def body(inner: str) -> Extract:
    return read(f"<html><head><meta charset='utf-8'></head><body>{inner}</body></html>")


def texts(extract: Extract, *kinds: UnitKind) -> list[str]:
    return [block.text for block in extract.blocks if not kinds or block.kind in kinds]


def dropped(extract: Extract, reason: Reason) -> list[str]:
    return [entry.text for entry in extract.dropped if entry.reason is reason]
