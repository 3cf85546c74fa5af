"""The page of one letter: as it reads, its editor, its versions with what each changed, how it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.introductions.editing import Run, changes, runs
from bot.introductions.letters import Letter, LetterVersion
from bot.introductions.pair_events import Means
from bot.introductions.records import Form, Language, Stage, as_text
from bot.market.records import Side
from bot.printing import layout
from bot.printing.blocks import Block, BlockKind
from bot.text.differences import Change
from bot.text.moments import to_the_minute
from bot.web.desk.frame import as_told, form, hidden, submit
from bot.web.desk.guard import Signed
from bot.web.desk.introductions.addresses import LETTERS, NOTHING_TYPED, Typed, letter_address, pair_address
from bot.web.desk.introductions.pieces import choice, day, line, words
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.views.introductions import as_letter

BOTH = "both"
#: Lines an editor's box shows at once, at most, and how many characters stand in one.
_MOST_ROWS, _LINE = 12, 40
_ONE_LINE = frozenset({BlockKind.TITLE, BlockKind.SUBJECT, BlockKind.HEADING, BlockKind.SALUTATION})
_MARKS = {"-": "del", "+": "ins"}
#: What an editor shows, by kind.
PARTS = {
    BlockKind.SUBJECT: "邮件主题",
    BlockKind.TITLE: "标题",
    BlockKind.SALUTATION: "称呼",
    BlockKind.HEADING: "小标题",
    BlockKind.PARAGRAPH: "正文",
    BlockKind.ITEM: "要点（每行一条）",
    BlockKind.SIGNATURE: "落款",
    BlockKind.CONTACT: "联系方式",
}


@dataclass(frozen=True, slots=True)
class LetterPage:
    """Everything the page shows of a letter at one version."""

    letter: Letter
    version: LetterVersion
    signed: Signed
    today: date
    typed: Typed = NOTHING_TYPED
    #: What an editor sent that was refused, for its boxes to hold again.
    edited: Sequence[Run] = ()

    @property
    def is_newest(self) -> bool:
        """Whether the version shown is the one in force."""
        return self.version.number == self.letter.newest.number

    def body(self) -> Html:
        """The page below its heading."""
        drafted = self.letter.drafted
        back = tag("a", text("回到这一对"), href=pair_address(drafted.need_id, drafted.offer_id))
        older = EMPTY
        if not self.is_newest:
            newest = tag("a", text("看现在的一版"), href=letter_address(self.letter.id))
            older = tag("p", text("这是以前的一版。"), newest, class_="notice")
        return join(
            (
                tag("p", back, text(" · "), tag("span", text(drafted.form.label))),
                older,
                self._shown(),
                self._difference(),
                self._editor(self.edited or runs(self.version.blocks), self.letter.newest.number)
                if self.is_newest
                else EMPTY,
                self._sending(),
                self._versions(),
            )
        )

    def _shown(self) -> Html:
        introduction = self.letter.introduction(self.version)
        latin = introduction.language is Language.ENGLISH
        paged = introduction.form in (Form.LETTER, Form.SUMMARY)
        long = paged and not layout.fits_a_page(introduction.blocks, latin=latin)
        by_hand = [(block.text, "已人工修改，不再有出处") for block in self.letter.changed_by_hand(self.version)]
        told = [(fact.text, fact.source) for fact in introduction.facts]
        files = (
            tag("a", text(label), href=f"{LETTERS}/{self.letter.id}/{suffix}?version={self.version.number}")
            for suffix, label in (("docx", "下载 Word"), ("pdf", "下载 PDF"))
        )
        return join(
            (
                tag("h2", text("信函全文")),
                tag("div", as_letter(introduction), lang="zh-CN", class_="sheet"),
                tag("p", text("这份信函超出一页，请删减。"), class_="problem") if long else EMPTY,
                tag("p", join(files, text(" · "))),
                _sources([*told, *by_hand]),
                _left_out(introduction.withheld),
            )
        )

    def _difference(self) -> Html:
        if self.version.number == 1:
            return EMPTY
        before = self.letter.version(self.version.number - 1)
        heading = tag("h2", text("与上一版相比"))
        if before.blocks == self.version.blocks:
            return join((heading, tag("p", text("与上一版文字相同。"), class_="hint")))
        return join((heading, compared(before.blocks, self.version.blocks)))

    def _editor(self, parts: Sequence[Run], base: int, *, opened: bool = False) -> Html:
        refused = self.typed.form == "save"
        wrong = tag("p", text(self.typed.problem), class_="problem", role="alert") if refused else EMPTY
        body = form(
            f"{LETTERS}/{self.letter.id}/save",
            self.signed,
            hidden("base", str(base)),
            wrong,
            tag("p", text("每框一部分，要点每行一条；清空的部分不再出现。信头和文号不能手改。"), class_="hint"),
            *(_box(place, run) for place, run in enumerate(parts)),
            submit("保存为新的一版", main=True),
        )
        return tag("details", tag("summary", text("改写")), body, class_="step", open=refused or opened)

    def _sending(self) -> Html:
        typed, joint = self.typed, self.letter.drafted.stage is Stage.JOINT

        def was(name: str, else_: str = "") -> str:
            return typed.of("send", name, else_)

        refused = typed.form == "send"
        wrong = tag("p", text(typed.problem), class_="problem", role="alert") if refused else EMPTY
        sides = {BOTH: "双方", **{side.value: side.label for side in Side}}
        body = form(
            f"{LETTERS}/{self.letter.id}/send",
            self.signed,
            hidden("version", str(self.version.number)),
            wrong,
            tag("p", text("信函由本单位自己发出；这里记下怎样发出的，对方何时答复由系统提醒。"), class_="hint"),
            choice("发给哪一方", "sides", "send", sides, was("sides", BOTH)) if joint else EMPTY,
            line("发给谁", "whom", "send", was("whom"), hint="单位、姓名或职务"),
            choice("办法", "means", "send", {each.value: each.label for each in Means}, was("means")),
            day("哪天发出", "send", was("day", self.today.isoformat())),
            words("说明", "note", "send", was("note")),
            submit("记下已发出这一版", main=True),
        )
        return tag("details", tag("summary", text("记下已经发出")), body, class_="step", open=refused)

    def _versions(self) -> Html:
        newest = self.letter.newest
        rows = []
        for version in reversed(self.letter.versions):
            when = to_the_minute(version.at)
            named = tag("a", text(f"第 {version.number} 版"), href=letter_address(self.letter.id, version.number))
            parts = [named, text(" "), as_told(version.actor), text(" "), text(when)]
            if version.note:
                parts += [text(" "), tag("span", text(version.note))]
            if version is not newest:
                kept = (hidden("base", str(newest.number)), hidden("number", str(version.number)))
                parts.append(form(f"{LETTERS}/{self.letter.id}/restore", self.signed, *kept, submit("恢复这一版")))
            rows.append(tag("li", *parts))
        return tag("section", tag("h2", text("版本")), tag("ol", *rows, class_="versions"))

    def stale(self, typed: Sequence[Block]) -> Html:
        """Somebody saved in between: both texts side by side, and an editor with what was typed over what stands."""
        newest, language = self.letter.newest, self.letter.drafted.language
        theirs, yours = (as_text(blocks, language) for blocks in (newest.blocks, typed))
        both = (("现在的文字", theirs), ("您写的文字", yours))
        told = tag(
            "p",
            as_told(newest.actor),
            text(" "),
            text(f"已经先保存了第 {newest.number} 版，您的还没有保存。两份文字都在下面，改好后再保存。"),
            class_="problem",
            role="alert",
        )
        sheets = (tag("div", tag("h2", text(name)), tag("pre", as_told(words))) for name, words in both)
        return join(
            (
                told,
                tag("div", *sheets, class_="sides"),
                tag("h2", text("两份不同的地方")),
                compared(newest.blocks, typed),
                self._editor(runs(typed), newest.number, opened=True),
            )
        )


def _sources(rows: Sequence[tuple[str, str]]) -> Html:
    """Facts and where each comes from, folded."""
    if not rows:
        return EMPTY
    lines = (tag("tr", tag("td", as_told(fact)), tag("td", text(source))) for fact, source in rows)
    return tag("details", tag("summary", text(f"出处（{len(rows)}）")), tag("table", tag("tbody", *lines)))


def _left_out(kinds: Sequence[str]) -> Html:
    """What was left out, by kind."""
    if not kinds:
        return EMPTY
    lines = (tag("li", text(each)) for each in kinds)
    return tag("details", tag("summary", text(f"没有写入的（{len(kinds)}）")), tag("ul", *lines))


def compared(before: Sequence[Block], after: Sequence[Block]) -> Html:
    """Blocks that changed, each with what went and what came."""
    changed = [block for block in changes(before, after) if any(change.mark != " " for change in block)]
    return tag("ul", *(tag("li", *map(_change, block)) for block in changed), class_="changes", lang="zh-CN")


def _change(change: Change) -> Html:
    return tag(_MARKS[change.mark], text(change.text)) if change.mark in _MARKS else text(change.text)


def _box(place: int, run: Run) -> Html:
    identifier = f"part-{place}"
    lines = sum(1 + len(each) // _LINE for each in run.text.splitlines())
    rows = 1 if run.kind in _ONE_LINE else min(_MOST_ROWS, max(2, lines))
    # A line break directly after the tag is not part of the value.
    box = tag("textarea", text(f"\n{run.text}"), id=identifier, name_=identifier, rows=rows)
    label = tag("label", text(PARTS[run.kind]), for_=identifier)
    return tag("div", label, hidden(f"kind-{place}", run.kind.value), box, class_="field")
