"""What is done with introductions in the page: draft, keep, reword, compare, restore, download."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.errors import UsageError
from bot.introductions.editing import MAX_BLOCKS, Run, check_edit, edited_blocks
from bot.introductions.letters import Letter, Letters, StaleVersion
from bot.introductions.records import Form, Introduction, Language, Stage
from bot.printing.blocks import Block, BlockKind
from bot.types import RecordKind
from bot.web.actions.drafts import DraftShelf
from bot.web.actions.interface import ViewAssistant
from bot.web.actions.reply import Download, Fields, Reply, chosen
from bot.web.markup import EMPTY, tag, text
from bot.web.telling import told
from bot.web.texts.letters import letter_texts
from bot.web.texts.views import ViewTexts
from bot.web.views import introductions
from bot.web.views.introductions import MAX_NAME, letter_region
from bot.web.views.letters import letter_view, stale_view, version_view

_REGION = re.compile(r"letter-[0-9a-f]{10}")
_NUMBER = re.compile(r"[0-9]{1,4}")
#: Asked with receipt, need and offer: whether the receipt opens one of the two.
Holds = Callable[[str, str, str], bool]


@dataclass(frozen=True, slots=True)
class LetterActions:
    """Actions over drafts and kept letters. Safe to share between threads."""

    assistant: ViewAssistant
    drafts: DraftShelf
    holds: Holds

    def handlers(self) -> Mapping[str, Callable[[Fields, ViewTexts], Reply]]:
        """The actions by name."""
        return {
            "introduce": self.draft,
            "letter_keep": self.keep,
            "letter_open": self.open,
            "letter_save": self.save,
            "letter_restore": self.restore,
            "letter_version": self.version,
            "word": self.word,
            "pdf": self.pdf,
        }

    @property
    def letters(self) -> Letters:
        """The kept letters."""
        return Letters(self.assistant.market, self.assistant.office)

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

    def keep(self, fields: Fields, texts: ViewTexts) -> Reply:
        """A draft kept as version 1, with its number and its code."""
        by = _name(fields, texts)
        letter, key = self.letters.keep(self._drafted(fields, texts), actor=by)
        region = _region(fields, key)
        kept = letter_texts(texts.language).kept
        return Reply(letter_view(letter, key, region, by, texts, notice=kept, code=key))

    def open(self, fields: Fields, texts: ViewTexts) -> Reply:
        """The newest version of a kept letter, by its code."""
        by, key = _name(fields, texts), fields.get("letter", "")
        letter = self.letters.open(key)
        region = letter_region(key)
        return Reply(tag("div", letter_view(letter, key, region, by, texts), id=region, aria_live="polite"))

    def save(self, fields: Fields, texts: ViewTexts) -> Reply:
        """What an editor sent as the next version; where somebody was faster, both texts."""
        by, key = _name(fields, texts), fields.get("letter", "")
        words = letter_texts(texts.language)
        letter = self.letters.open(key)
        base = letter.version(_number(fields, "base"))
        blocks = edited_blocks(base.blocks, _runs(fields))
        if blocks == base.blocks and base is letter.newest:
            raise UsageError(words.unchanged)
        return self._saved(letter, key, base.number, blocks, by, "", fields, texts)

    def restore(self, fields: Fields, texts: ViewTexts) -> Reply:
        """An older version once more, as the next one."""
        by, key = _name(fields, texts), fields.get("letter", "")
        letter = self.letters.open(key)
        older = letter.version(_number(fields, "number"))
        note = letter_texts(texts.language).restored.format(older.number)
        return self._saved(letter, key, _number(fields, "base"), older.blocks, by, note, fields, texts)

    def version(self, fields: Fields, texts: ViewTexts) -> Reply:
        """One version as it read, and what it changed."""
        key = fields.get("letter", "")
        letter = self.letters.open(key)
        return Reply(version_view(letter, letter.version(_number(fields, "number")), key, texts))

    def word(self, fields: Fields, texts: ViewTexts) -> Reply:
        """A draft or a version as .docx."""
        from bot.introductions.files import to_docx

        return _file(self._asked_for(fields, texts), "docx", to_docx, texts)

    def pdf(self, fields: Fields, texts: ViewTexts) -> Reply:
        """A draft or a version as .pdf."""
        from bot.introductions.files import to_pdf

        return _file(self._asked_for(fields, texts), "pdf", to_pdf, texts)

    def _saved(
        self,
        letter: Letter,
        key: str,
        base: int,
        blocks: Sequence[Block],
        by: str,
        note: str,
        fields: Fields,
        texts: ViewTexts,
    ) -> Reply:
        region = _region(fields, key)
        check_edit(self.assistant.market, letter, blocks, self.assistant.office)
        try:
            saved = self.letters.save(key, base, blocks, actor=by, note=note)
        except StaleVersion:
            return Reply(stale_view(self.letters.open(key), blocks, key, region, by, texts))
        notice = letter_texts(texts.language).saved.format(saved.newest.number)
        return Reply(letter_view(saved, key, region, by, texts, notice=notice))

    def _asked_for(self, fields: Fields, texts: ViewTexts) -> Introduction:
        if fields.get("letter"):
            letter = self.letters.open(fields["letter"])
            return letter.introduction(letter.version(_number(fields, "number")))
        return self._drafted(fields, texts)

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


def _name(fields: Fields, texts: ViewTexts) -> str:
    name = " ".join(fields.get("by", "").split())
    if not name or len(name) > MAX_NAME:
        raise UsageError(letter_texts(texts.language).no_name)
    return name


def _number(fields: Fields, name: str) -> int:
    value = fields.get(name, "")
    return int(value) if _NUMBER.fullmatch(value) and value.isascii() else 0


def _region(fields: Fields, key: str) -> str:
    """Where on the page further replies are shown: an id that the page itself wrote."""
    region = fields.get("region", "")
    return region if _REGION.fullmatch(region) else letter_region(key)


def _runs(fields: Fields) -> tuple[Run, ...]:
    """The boxes of an editor, in order."""
    places = (str(place) for place in range(MAX_BLOCKS) if f"kind-{place}" in fields)
    return tuple(Run(chosen(BlockKind, fields[f"kind-{n}"]), fields.get(f"part-{n}", "")) for n in places)
