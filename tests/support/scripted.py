"""An assistant that answers by rule over two documents, so that the page alone is under test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from bot.assistant import Assistant
from bot.catalogue.models import Catalogue, ExampleGroup, Scope
from bot.errors import DocumentError, QuestionError
from bot.market.service import Market
from bot.types import (
    Answer,
    Citation,
    Conflict,
    ConflictVersion,
    Contact,
    Correction,
    Document,
    DocumentMetadata,
    DraftLine,
    DraftQuestion,
    DraftState,
    DraftValue,
    Feedback,
    Figure,
    Intent,
    Mode,
    PartnerSuggestion,
    PrivateContact,
    RecordDraft,
    RecordKind,
    Section,
    SourceKind,
    Status,
    StatusNote,
    TextKind,
    Turn,
)

NOTICE_TEXT = (
    "示例区科技创新若干措施\n\n"
    "一、总则\n\n"
    "本措施为演示而写，<script>document.title='坏'</script> 只是正文里的字。\n\n"
    "二、支持内容\n\n"
    "对示例攻关项目，给予最高不超过30万元支持。支持期限为12个月。申报材料由窗口受理。"
    + "为保证评审公平，评审由三名以上专家独立完成，并向社会公示五个工作日。" * 12
    + "\n\n三、附则\n\n本措施由示例办公室解释。\n"
)
QUOTE = "对示例攻关项目，给予最高不超过30万元支持。"
HOSTILE = "<script>document.title='坏'</script>"


def _section(text: str, heading: str, following: str | None) -> Section:
    start = text.index(heading)
    end = text.index(following) if following else len(text)
    return Section((heading,), start, end)


NOTICE = Document(
    id="notices/measures.md",
    text=NOTICE_TEXT,
    content_hash="0" * 64,
    metadata=DocumentMetadata(
        title="示例区科技创新若干措施",
        issuer="示例区办公室",
        document_number="示科〔2031〕7号",
        date="2031-04-02",
        status=Status.IN_FORCE,
        source_url="https://example.org/measures",
        kind=SourceKind.OFFICIAL,
    ),
    sections=(
        _section(NOTICE_TEXT, "一、总则", "二、支持内容"),
        _section(NOTICE_TEXT, "二、支持内容", "三、附则"),
        _section(NOTICE_TEXT, "三、附则", None),
    ),
)
NEWS_TEXT = "示例晚报说，攻关项目最高可获40万元支持。"
NEWS = Document(
    id="news/evening.md",
    text=NEWS_TEXT,
    content_hash="1" * 64,
    metadata=DocumentMetadata(
        title=f"晚报摘编 {HOSTILE}",
        issuer="示例晚报",
        date="2031-04-05",
        source_url="javascript:alert(1)",
        kind=SourceKind.NEWS,
        text_kind=TextKind.OWN_WORDS,
    ),
)


def cite(document: Document, quote: str, marker: int) -> Citation:
    """A citation of ``quote`` where it first stands in ``document``."""
    start = document.text.index(quote)
    metadata = document.metadata
    section = next((each.path[-1] for each in document.sections if each.start <= start < each.end), "")
    return Citation(
        marker=marker,
        document_id=document.id,
        title=metadata.title,
        document_number=metadata.document_number,
        section=section,
        start=start,
        end=start + len(quote),
        quote=quote,
        date=metadata.date,
        issuer=metadata.issuer,
        source_url=metadata.source_url,
        kind=metadata.kind,
        text_kind=metadata.text_kind,
    )


CATALOGUE = Catalogue.model_validate(
    {
        "scope": {"region": "示例区"},
        "programmes": [
            {
                "id": "sample-project",
                "name": "示例攻关项目",
                "kind": "资金",
                "document": NOTICE.id,
                "status": {"value": "in_force"},
                "summary": {"value": QUOTE, "quote": QUOTE},
                "conditions": [
                    {"dimension": "size", "value": "小微企业", "quote": QUOTE, "accepts": ["小微企业"]},
                ],
                "needs": ["缺钱"],
            },
            {
                "id": "sample-old",
                "name": f"旧办法{HOSTILE}",
                "kind": "住房",
                "document": NOTICE.id,
                "status": {"value": "expired"},
                "summary": {"value": QUOTE, "quote": QUOTE},
            },
        ],
    }
)


@dataclass
class ScriptedAssistant:
    """Answers by rule over two documents, so that the page alone is under test."""

    mode: Mode = Mode.OFFLINE
    as_of: str | None = "2031-04-05"
    turns: list[Turn] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    gate: threading.Event | None = None
    rewritten: dict[str, str] = field(default_factory=dict)
    behind: Assistant | None = None
    watchers: list = field(default_factory=list)
    model_waits: float = 0.0
    catalogue: Catalogue = field(default_factory=lambda: CATALOGUE)
    scope: Scope = Scope(
        name="示例助手",
        purpose="按示例文件作答。",
        limits="文件里没有的，不作答。",
        examples=(
            ExampleGroup(title="问政策", questions=("示例攻关项目支持多少？",)),
            ExampleGroup(title="找伙伴", questions=("谁能一起做示例攻关？",)),
            ExampleGroup(title="找联系人", questions=("攻关项目找谁问？",)),
        ),
    )

    @property
    def examples(self) -> tuple[ExampleGroup, ...]:
        return self.scope.examples

    @property
    def placeholder(self) -> str:
        return self.scope.examples[0].questions[0]

    def check_index(self) -> None:
        """Its two documents are always there."""

    def suggest(self, typed: str) -> tuple[str, ...]:
        questions = [question for group in self.examples for question in group.questions]
        return tuple(each for each in questions if set(typed) & set(each))

    @property
    def market(self) -> Market:
        assert self.behind is not None
        return self.behind.market

    @property
    def inquiries(self):
        return self.behind.inquiries

    def draft_record(self, told, kind=None):
        return self.behind.draft_record(told, kind)

    @property
    def office(self):
        return self.behind.office

    def introduce(self, need_id, offer_id, form, stage, language="zh"):
        return self.behind.introduce(need_id, offer_id, form, stage, language)

    def document(self, document_id: str) -> Document:
        for document in (NOTICE, NEWS):
            if document.id == document_id:
                text = self.rewritten.get(document_id)
                return document if text is None else replace(document, text=text, sections=())
        raise DocumentError("没有这份文件", value=document_id, remedy="重新打开页面")

    def record_feedback(self, feedback: Feedback) -> None:
        self.feedback.append(feedback)

    def stream(self, turn: Turn) -> Iterator[Answer]:
        self.turns.append(turn)
        if "过长" in turn.question:
            raise QuestionError("问题太长", value="12000 字", remedy="缩短到 2000 字以内")
        if "故障" in turn.question:
            raise RuntimeError("secret path /somewhere")
        answer = self._answer(turn)
        yield replace(answer, answer=answer.answer[:6], notes=(), citations=(), follow_ups=())
        if self.gate is not None:
            self.gate.wait(30)
        yield answer

    def _answer(self, turn: Turn) -> Answer:
        standalone = f"示例攻关项目：{turn.question}" if turn.history else turn.question
        if "天气" in turn.question:
            return Answer(
                question=turn.question,
                standalone_question=standalone,
                intent=Intent.OUT_OF_SCOPE,
                abstained=True,
                answer="天气不在这里的文件范围内。",
                follow_ups=("示例攻关项目支持多少？",),
            )
        if "登记" in turn.question:
            return replace(_drafted(turn), standalone_question=standalone)
        return Answer(
            question=turn.question,
            standalone_question=standalone,
            intent=Intent.POLICY,
            abstained=False,
            answer="有支持，单个项目最高不超过30万元。[1]另有说法为40万元[2]。",
            notes=(
                "按文件所述，截至 2031-04-02。[1]",
                "申报截止日期：文件未写明",
                "申报材料由窗口受理。",
                "支持期限为12个月。",
                f"第五条说明 {HOSTILE}",
            ),
            citations=(cite(NOTICE, QUOTE, 1), cite(NEWS, "攻关项目最高可获40万元支持", 2)),
            figures=(
                Figure("30万元", 300_000, "元", 1, True),
                Figure("40万元", 400_000, "元", 2, False),
            ),
            corrections=(Correction("50万元", "30万元", 1),) if "50万" in turn.question else (),
            statuses=(StatusNote("示例攻关项目", Status.IN_FORCE, "2031-04-02", 1),),
            contacts=(Contact("示例窗口", "021-5550000", "示例路1号", "攻关项目申报", 1),),
            partners=(PartnerSuggestion("sample-institute", "示例研究院", "设有攻关中试线", "示例区", 1),),
            conflicts=(Conflict("最高金额", (ConflictVersion("30万元", 1), ConflictVersion("40万元", 2))),),
            follow_ups=("支持期限多长？", "找谁申报？"),
            mode=self.mode,
        )


def _drafted(turn: Turn) -> Answer:
    draft = RecordDraft(
        RecordKind.NEED,
        (DraftValue("title", "示例攻关"),),
        contact=PrivateContact(name="示例甲", phone="021-55500001"),
        today=date(2031, 4, 5),
        started=True,
        last="title",
    )
    lines = (DraftLine("title", "名称", "示例攻关"),)
    question = DraftQuestion("budget", "预算", "预算大约多少？")
    state = DraftState(draft, lines, ("预算",), question)
    return Answer(turn.question, turn.question, Intent.PARTNER, True, "已起草。预算大约多少？", draft=state)
