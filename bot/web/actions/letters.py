"""What is done with introductions in the page: draft, copy, download. Letters are kept and reworded at the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.errors import UsageError
from bot.introductions.records import Form, Introduction, Language, Stage
from bot.types import RecordKind
from bot.web.actions.drafts import DraftShelf
from bot.web.actions.interface import ViewAssistant
from bot.web.actions.reply import Download, Fields, Reply, chosen
from bot.web.markup import EMPTY, tag, text
from bot.web.telling import told
from bot.web.texts.views import ViewTexts
from bot.web.views import introductions

#: Asked with receipt, need and offer: whether the receipt opens one of the two.
Holds = Callable[[str, str, str], bool]


@dataclass(frozen=True, slots=True)
class LetterActions:
    """Actions over drafts. Safe to share between threads."""

    assistant: ViewAssistant
    drafts: DraftShelf
    holds: Holds

    def handlers(self) -> Mapping[str, Callable[[Fields, ViewTexts], Reply]]:
        """The actions by name."""
        return {
            "introduce": self.draft,
            "word": self.word,
            "pdf": self.pdf,
        }

    def draft(self, fields: Fields, texts: ViewTexts) -> Reply:
        """A draft of what was chosen; a joint one only for the holder of a receipt of the pair."""
        need, offer = fields.get("need", "").strip(), fields.get("offer", "").strip()
        form, stage = chosen(Form, fields.get("form", "")), chosen(Stage, fields.get("stage", ""))
        language = chosen(Language, fields.get("language") or Language.CHINESE.value)
        if stage is Stage.JOINT and not self.holds(fields.get("receipt", ""), need, offer):
            return Reply(tag("p", text(texts.receipt_needed), class_="problem", role="alert"))
        for kind, record_id in ((RecordKind.NEED, need), (RecordKind.OFFER, offer)):
            self.assistant.market.public_record(kind, record_id)
        worded = self.assistant.introduce(need, offer, form, stage, language)
        return Reply(introductions.drafted(worded, self.drafts.keep(worded.introduction), texts))

    def word(self, fields: Fields, texts: ViewTexts) -> Reply:
        """A draft as .docx."""
        from bot.introductions.files import to_docx

        return _file(self._drafted(fields, texts), "docx", to_docx, texts)

    def pdf(self, fields: Fields, texts: ViewTexts) -> Reply:
        """A draft as .pdf."""
        from bot.introductions.files import to_pdf

        return _file(self._drafted(fields, texts), "pdf", to_pdf, texts)

    def _drafted(self, fields: Fields, texts: ViewTexts) -> Introduction:
        introduction = self.drafts.get(fields.get("draft", ""))
        if introduction is None:
            raise UsageError(texts.draft_gone)
        if introduction.stage is Stage.JOINT:
            # A consent may have been taken back since the draft was shown.
            self.assistant.market.check_joint(introduction.need_id, introduction.offer_id, introduction.text)
        return introduction


def _file(introduction: Introduction, suffix: str, write: Callable[[Introduction], bytes], texts: ViewTexts) -> Reply:
    named = (told(each, texts.language) for each in (introduction.form.label, introduction.stage.label))
    name = f"{'-'.join(named)}.{suffix}"
    return Reply(EMPTY, download=Download(name, write(introduction)))
