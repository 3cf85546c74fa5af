"""The page of one pair: where both sides stand, its letters, what was sent and answered, how it went on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from bot.introductions.letters import LetterHead
from bot.introductions.pair_events import PairAction, PairEvent
from bot.introductions.records import Form, Language, Stage
from bot.introductions.stages import PairStage
from bot.introductions.waiting import NextStep, OpenQuestion, PairFile
from bot.market.consents import WHOLE_SCOPE, Consent, ConsentChannel, ConsentScope, ConsentStanding, ConsentStep
from bot.market.fields import kind_of
from bot.market.records import CloseReason, Party, Side
from bot.text.moments import to_the_minute
from bot.web.desk.frame import as_told, form, hidden, submit, table
from bot.web.desk.guard import Signed
from bot.web.desk.introductions.addresses import NOTHING_TYPED, PAIRS, Typed, letter_address, pair_address
from bot.web.desk.introductions.pieces import choice, day, line, step_form, words
from bot.web.desk.pipeline.addresses import record_address
from bot.web.markup import EMPTY, Html, join, tag, text

#: What is recorded unless something else is chosen.
_FIRST_STEP = {ConsentStanding.NOT_ASKED: ConsentStep.ASKED, ConsentStanding.LAPSED: ConsentStep.ASKED}
_STAGES = {
    NextStep.WRITE_JOINT: Stage.JOINT,
    NextStep.WAIT_BOTH: Stage.JOINT,
    NextStep.ASK_OFFER_OWNER: Stage.ASK_OFFER_OWNER,
    NextStep.WAIT_OFFER_OWNER: Stage.ASK_OFFER_OWNER,
}
SCOPES = {
    ",".join(WHOLE_SCOPE): "、".join(each.label for each in ConsentScope),
    ConsentScope.NAME.value: ConsentScope.NAME.label,
}
LANGUAGES = {Language.CHINESE: "中文", Language.ENGLISH: "英文"}
CHANNELS = {each.value: each.label for each in ConsentChannel if each is not ConsentChannel.UNSTATED}


@dataclass(frozen=True, slots=True)
class PairPage:
    """Everything the page shows of a pair; ``parties`` only where contacts were asked for."""

    file: PairFile
    said: Sequence[Consent]
    letters: Sequence[LetterHead]
    signed: Signed
    today: date
    parties: Mapping[Side, Party] = field(default_factory=lambda: MappingProxyType({}))
    typed: Typed = NOTHING_TYPED
    stage: Stage | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """Need and offer."""
        return self.file.pair

    def body(self) -> Html:
        """The page below its heading."""
        return join(
            (
                self._head(),
                tag("div", *(self._side(side) for side in Side), class_="sides"),
                self._letters(),
                self._sent(),
                self._progress(),
                self._history(),
            )
        )

    def _head(self) -> Html:
        file = self.file
        keeper = file.progress.keeper
        kept = join((text("跟进人"), text("："), as_told(keeper))) if keeper else text("还没有人跟进")
        mine = keeper == self.signed.user.name
        take = EMPTY if mine else form(f"{PAIRS}/take-up", self.signed, *self._hidden(), submit("由我跟进"))
        why = tag("p", text(file.not_open), class_="problem") if file.not_open else EMPTY
        late = [
            tag("p", text(f"{each.side.label}自 {each.since.isoformat()} 未答，该催了"), class_="problem")
            for each in file.due(self.today)
        ]
        return tag(
            "section",
            tag(
                "p",
                tag("strong", text(file.step.label)),
                text(" · "),
                tag("span", text(f"自 {file.since.isoformat()}")),
            ),
            why,
            *late,
            tag("p", kept),
            take,
            class_="pair-head",
        )

    def _hidden(self) -> tuple[Html, Html]:
        return hidden("need", self.pair[0]), hidden("offer", self.pair[1])

    def _side(self, side: Side) -> Html:
        stood = self.file.state.of(side)
        record = self.file.need if side is Side.NEED_OWNER else self.file.offer
        lines = [tag("p", text("现在"), text("："), tag("strong", text(stood.standing.label)))]
        if stood.rests_on is not None:
            lines.append(_said_line(stood.rests_on))
        if stood.until is not None:
            lines.append(tag("p", text(f"有效至 {stood.until.isoformat()}")))
        return tag(
            "section",
            tag("h2", text(side.label)),
            tag("p", tag("span", text(kind_of(record).label)), text(" "), as_told(record.id), class_="hint"),
            tag("p", tag("a", as_told(record.title), href=record_address(kind_of(record), record.id))),
            tag("p", text(record.state.label), class_="hint"),
            *lines,
            self._contact(side),
            self._saying(side, stood.standing),
            class_="side",
        )

    def _contact(self, side: Side) -> Html:
        party = self.parties.get(side)
        if party is None:
            address = pair_address(*self.pair)
            joined = f"{address}{'&' if '?' in address else '?'}contacts=1"
            return tag("p", tag("a", text("看双方单位和联系方式（记入操作记录）"), href=joined))
        owner = party.organisation.shown_name if party.organisation is not None else ""
        contact = party.contact.line if party.contact is not None else ""
        return tag("p", *(as_told(each) for each in (owner,) if owner), text(" "), as_told(contact or "—"))

    def _saying(self, side: Side, standing: ConsentStanding) -> Html:
        typed, of = self.typed, f"said-{side.value}"
        first = _FIRST_STEP.get(standing, ConsentStep.GIVEN)

        def was(name: str, else_: str = "") -> str:
            return typed.of(f"said{side.value}", name, else_)

        return step_form(
            "said",
            f"记下{side.label}的征询或答复",
            "记入档案",
            self.pair,
            self.signed,
            choice("什么", "step", of, {each.value: each.label for each in ConsentStep}, was("step", first.value)),
            choice("怎样说的", "channel", of, CHANNELS, was("channel", ConsentChannel.PHONE.value)),
            line("谁说的", "said_by", of, was("said_by"), hint="姓名或职务；征询时写问了谁"),
            choice("范围（同意时）", "scope", of, SCOPES, was("scope")),
            line("依据", "evidence", of, was("evidence"), hint="只给经办人看", required=False),
            typed=typed,
            key=side.value,
            side=side.value,
            seen=was("seen", str(self.file.state.changed)),
        )

    def _letters(self) -> Html:
        rows = [_letter_row(head) for head in self.letters]
        headings = ("编号", "步骤", "体裁", "语言", "版本", "起草", "能否打开")
        return tag(
            "section",
            tag("h2", text("信函"), id="letters"),
            table(headings, rows, "还没有起草信函。", name="信函"),
            self._drafting(),
        )

    def _drafting(self) -> Html:
        typed = self.typed
        stage = self.stage or _STAGES.get(self.file.step, Stage.ASK_NEED_OWNER)
        stages = {each.value: each.label for each in Stage}
        drafting = step_form(
            "draft",
            "起草一份",
            "起草并存档",
            self.pair,
            self.signed,
            choice("步骤", "stage", "draft", stages, typed.of("draft", "stage", stage.value)),
            choice("体裁", "form", "draft", {each.value: each.label for each in Form}, typed.of("draft", "form")),
            choice(
                "语言", "language", "draft", {k.value: v for k, v in LANGUAGES.items()}, typed.of("draft", "language")
            ),
            typed=typed,
        )
        return Html(drafting.replace("<details ", "<details open ", 1)) if self.stage is not None else drafting

    def _sent(self) -> Html:
        answers = {each.about: each for each in self.file.events if each.action is PairAction.ANSWERED}
        sent = [each for each in self.file.events if each.action is PairAction.SENT]
        rows = [self._sent_row(each, answers.get(each.event)) for each in sent]
        headings = ("发出", "信函", "哪一方", "发给谁", "办法", "经办", "答复")
        questions = (self._question(each) for each in self.file.questions)
        return tag(
            "section",
            tag("h2", text("发出和答复"), id="sent"),
            table(headings, rows, "还没有发出过信函。打开一份信函，在那里记下怎样发出。", name="发出和答复"),
            *questions,
        )

    def _sent_row(self, sent: PairEvent, answer: PairEvent | None) -> tuple[Html, ...]:
        letter = EMPTY
        if sent.introduction_id is not None:
            named = text(f"{sent.introduction_id} 号，第 {sent.version} 版")
            letter = tag("a", named, href=letter_address(sent.introduction_id, sent.version))
        answered = self._answered(sent, answer)
        side = text(sent.side.label) if sent.side is not None else EMPTY
        means = text(sent.means.label) if sent.means is not None else EMPTY
        return text(sent.day.isoformat()), letter, side, as_told(sent.whom), means, as_told(sent.actor), answered

    def _answered(self, sent: PairEvent, answer: PairEvent | None) -> Html:
        """What came back: to a joint letter what was noted, to a question the consent on record after it."""
        if answer is not None:
            return join((text(answer.day.isoformat()), text(" "), as_told(answer.note)))
        later = (
            each
            for each in self.said
            if each.side is sent.side and (each.event or 0) > sent.event and each.step is not ConsentStep.ASKED
        )
        first = next(later, None) if any(each.event == sent.event for each in self.said) else None
        if first is None:
            return EMPTY
        parts = (first.at[:10], first.step.label, first.channel.label)
        return join((tag("span", text(each)) for each in parts), text(" "))

    def _question(self, question: OpenQuestion) -> Html:
        typed, about = self.typed, str(question.about)
        late = question.due <= self.today
        told = f"{question.side.label}自 {question.since.isoformat()} 未答，{question.due.isoformat()} 起催办"

        def was(form_name: str, name: str, else_: str = "") -> str:
            return typed.of(form_name + about, name, else_)

        today = self.today.isoformat()
        of = f"question-{about}"
        forms = [
            step_form(
                "reminded",
                "已经催过",
                "记下",
                self.pair,
                self.signed,
                day("哪天", f"{of}-r", was("reminded", "day", today)),
                line("怎样催的", "note", f"{of}-r", was("reminded", "note"), required=False),
                typed=typed,
                key=about,
                about=about,
            ),
            step_form(
                "put-off",
                "推后再催",
                "推后",
                self.pair,
                self.signed,
                day("推到", f"{of}-p", was("put-off", "until"), "until", least=self.today),
                typed=typed,
                key=about,
                about=about,
            ),
        ]
        if question.joint:
            answer = step_form(
                "answered",
                "记下答复",
                "记下",
                self.pair,
                self.signed,
                day("哪天", f"{of}-a", was("answered", "day", today)),
                words("答复", "answer", f"{of}-a", was("answered", "answer")),
                typed=typed,
                key=about,
                about=about,
            )
            forms.insert(0, answer)
        return tag("div", tag("p", text(told), class_="problem" if late else None), *forms, class_="open-question")

    def _progress(self) -> Html:
        came = self.file.progress
        stages = [
            tag("li", tag("span", text(each.stage.label)), text(" "), text(each.day.isoformat()))
            for each in came.reached
        ]
        why = tag("p", text("原因"), text("："), text(came.ended_for.label)) if came.ended_for is not None else EMPTY
        introduced = came.at(PairStage.INTRODUCED) is not None
        on = (self._went_on("met", "记下双方对接"), self._went_on("agreed", "记下谈成")) if introduced else ()
        return tag(
            "section",
            tag("h2", text("进展"), id="progress"),
            tag("ol", *stages, class_="stages") if stages else tag("p", text("还没有开始。"), class_="empty"),
            why,
            *on,
            self._ending(),
        )

    def _went_on(self, name: str, heading: str) -> Html:
        typed = self.typed
        return step_form(
            name,
            heading,
            "记下",
            self.pair,
            self.signed,
            day("哪天", name, typed.of(name, "day", self.today.isoformat())),
            words("说明", "note", name, typed.of(name, "note")),
            typed=typed,
        )

    def _ending(self) -> Html:
        typed = self.typed
        reasons = {each.value: each.label for each in CloseReason}
        return step_form(
            "ended",
            "没有成，结束",
            "结束这一对",
            self.pair,
            self.signed,
            choice("原因", "reason", "ended", reasons, typed.of("ended", "reason", CloseReason.NO_AGREEMENT.value)),
            day("哪天", "ended", typed.of("ended", "day", self.today.isoformat())),
            words("说明", "note", "ended", typed.of("ended", "note")),
            typed=typed,
        )

    def _history(self) -> Html:
        """Consents and what managers did in the order of the one log."""
        told: list[tuple[int, int, Html]] = [(each.event or 0, 0, _said_line(each)) for each in self.said]
        told += [(each.event, each.id, _done_line(each)) for each in self.file.events]
        lines = [tag("li", what) for *_, what in sorted(told, key=lambda each: each[:2])]
        shown = tag("ol", *lines) if lines else tag("p", text("还没有记录。"), class_="empty")
        return tag("details", tag("summary", text(f"全部经过（{len(lines)}）")), shown)


def _letter_row(head: LetterHead) -> tuple[Html, ...]:
    number = text(str(head.id))
    opens = text("能") if not head.shut else tag("span", text(head.shut), class_="problem")
    return (
        number if head.shut else tag("a", number, href=letter_address(head.id)),
        text(head.stage.label),
        text(head.form.label),
        text(LANGUAGES[head.language]),
        text(str(head.versions)),
        join((as_told(head.actor), text(" "), text(head.at[:10]))),
        opens,
    )


def _said_line(said: Consent) -> Html:
    parts = [text(to_the_minute(said.at)), text(said.side.label), text(said.step.label)]
    if said.step is ConsentStep.GIVEN:
        parts += [text(each.label) for each in said.scope]
    parts += [text(said.channel.label), as_told(said.said_by)]
    if said.evidence:
        parts.append(join((text("依据"), text("："), as_told(said.evidence))))
    parts.append(join((text("经办"), text("："), as_told(said.actor))))
    return tag("p", join((tag("span", part) for part in parts), text(" · ")))


def _done_line(done: PairEvent) -> Html:
    parts = [text(done.day.isoformat()), text(done.action.label)]
    parts += [text(each.label) for each in (done.side, done.means, done.reason) if each is not None]
    if done.introduction_id is not None:
        named = text(f"{done.introduction_id} 号，第 {done.version} 版")
        parts.append(tag("a", named, href=letter_address(done.introduction_id, done.version)))
    parts += [as_told(each) for each in (done.whom, done.note) if each]
    parts.append(join((text("经办"), text("："), as_told(done.actor))))
    return tag("p", join((tag("span", part) for part in parts), text(" · ")))
