"""The places of the page, one after the other, as a visitor comes to them; each is looked at by a test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.types import (
    Answer,
    Citation,
    Document,
    DocumentMetadata,
    SourceKind,
    TextKind,
    Turn,
    Unit,
    UnitCell,
    UnitKind,
)
from tests.support.scripted import ScriptedAssistant
from tests.support.visits import go, open_menu

TOLD = (
    "我们想找能给矿井轴流风机降噪的团队，现有消声罩体积过大难以下井，希望把噪声降到80分贝以下，"
    "预算60万元以内，委托开发，知识产权双方共有，电话13912345678"
)
ASKED = "示例攻关项目有50万元吗？"
ASKED_FOR_ROWS = "各类补助的表格是怎样的？"
REFUSED = "天气怎么样？"
_LINES = ("各类补助如下：", *(f"类别：{each}；金额（万元）：{10 + at}" for at, each in enumerate("甲乙丙丁")))


def _rows() -> Document:
    units, start = [], 0
    for line in _LINES:
        parts = [part.split("：") for part in line.split("；")] if line.startswith("类别") else []
        cells = tuple(UnitCell((name,), value) for name, value in parts)
        kind = UnitKind.ROW if cells else UnitKind.PARAGRAPH
        units.append(Unit(kind, start, start + len(line), table=0 if cells else None, cells=cells))
        start += len(line) + 1
    metadata = DocumentMetadata("示例补助表", date="2031-04-02")
    return Document("table.md", "\n".join(_LINES), "2" * 64, metadata, units=tuple(units))


ROWS = _rows()


class TabulatingAssistant(ScriptedAssistant):
    """Scripted answers, one of which is a table."""

    def document(self, document_id: str) -> Document:
        return ROWS if document_id == ROWS.id else super().document(document_id)

    def _answer(self, turn: Turn) -> Answer:
        answer = super()._answer(turn)
        if "表格" not in turn.question:
            return answer
        quoted = ROWS.text
        cited = Citation(
            1, ROWS.id, ROWS.metadata.title, None, "", 0, len(quoted), quoted, None, None, None,
            SourceKind.OFFICIAL, TextKind.VERBATIM,
        )  # fmt: skip
        return replace(
            answer, answer=f"{quoted}[1]", citations=(cited,), notes=(), figures=(), statuses=(),
            contacts=(), partners=(), conflicts=(), corrections=(),
        )  # fmt: skip


def in_english(page) -> None:
    """Everything in English."""
    open_menu(page)
    page.click("[data-choose-language=en]")
    page.wait_for_function("document.documentElement.lang === 'en'")
    page.wait_for_selector("[data-views-language=en]", state="attached")


def conversation(visitor) -> Iterator[str]:
    """The first screen, answers, a refusal, the list of conversations."""
    page = visitor.page
    yield "first screen"
    visitor.ask(ASKED)
    page.click("#exchange-1 .answer .marker >> nth=0")
    page.wait_for_selector("#evidence-1-1", state="visible")
    page.wait_for_timeout(250)
    yield "answer with evidence"
    if page.is_visible("#evidence [data-close]"):
        page.click("#evidence [data-close]")
    visitor.ask(ASKED_FOR_ROWS)
    page.wait_for_selector("#exchange-2 .answer table")
    yield "table"
    visitor.ask(REFUSED)
    page.click("#exchange-3 .ask-office button")
    page.wait_for_selector("#office-3-form")
    yield "refusal with the office's form"
    open_menu(page)
    page.click("[data-conversations]")
    page.wait_for_selector(".conversations-panel:not([hidden])")
    yield "conversations"
    page.click("[data-close-conversations]")


def views(visitor, market_receipt: str, inquiry_receipt: str) -> Iterator[str]:
    """Every view with something in it."""
    page = visitor.page
    go(page, "eligibility")
    page.fill("#eligibility-need", "缺钱")
    page.press("#eligibility-need", "Enter")
    page.wait_for_selector("#eligibility-results .match-card")
    yield "eligibility"
    go(page, "market")
    page.wait_for_selector("#market-results .match-card")
    yield "market list"
    page.fill("#find-told", "想找能给矿井轴流风机降噪的团队")
    page.click("#find-form [type=submit]")
    page.wait_for_selector("#market-results .reasons")
    yield "market matches"
    go(page, "publish")
    page.fill("#tell-told", TOLD)
    page.click("#tell-form [type=submit]")
    page.wait_for_selector("#record-form .hint")
    yield "publish form"
    page.click("#record-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#publish-form .preview")
    yield "publish preview"
    for name, receipt in (("record", market_receipt), ("inquiry", inquiry_receipt)):
        go(page, "mine")
        page.fill("#mine-receipt", receipt)
        page.press("#mine-receipt", "Enter")
        page.wait_for_selector("#mine-record h3" if name == "record" else "#views .message")
        yield f"receipt of a {name}"


def letter(visitor, need: str, offer: str) -> Iterator[str]:
    """A drafted letter."""
    page = visitor.page
    go(page, "introduce")
    page.wait_for_selector("#introduction-form")
    page.fill("#introduce-need", need)
    page.fill("#introduce-offer", offer)
    page.click("#introduction-form [type=submit]:not([data-send-to])")
    page.wait_for_selector("#introduce-draft .letter")
    yield "introduction"
