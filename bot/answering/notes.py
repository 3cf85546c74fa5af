"""What goes beside an answer: as of when, which status, what is not stated, whom to ask next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from bot.answering.cards import Cards
from bot.answering.draft import Draft, DraftStatus, Passage, Refusal, Statement
from bot.answering.readers.contacts import ContactReader
from bot.answering.wording import NO_NUMBER, NOT_STATED, OWN_WORDS
from bot.catalogue.models import Catalogue, Programme, ProgrammeKind
from bot.catalogue.names import first_programme
from bot.partners.suggesting import MAX_BESIDE, PartnerReader
from bot.text.relative_time import resolve_relative_time
from bot.text.status import NOT_YET, STATUS_WORDS, document_status, read_status
from bot.types import Computed, Document, Intent, SourceKind, Status, TextKind
from bot.understanding.asked import Asked
from bot.understanding.understanding import Understanding

_PARTNERED = frozenset({ProgrammeKind.FUNDING, ProgrammeKind.MATCHMAKING, ProgrammeKind.TALENT})
#: Refusals about applying must not offer a number that is for something else.
_APPLYING = re.compile(r"申请|申报|办理|报名|预约|受理|咨询|热线|电话|号码")
_UNSTATED_FIELDS = (
    ("amount", "金额"),
    ("conditions", "申报条件"),
    ("deadline", "截止日期"),
    ("how_to_apply", "办理方式"),
)


class NoteWriter:
    """Adds notes, statuses and follow-ups to a draft; takes nothing away."""

    def __init__(
        self,
        catalogue: Catalogue,
        cards: Cards,
        document: Callable[[str], Document],
        contacts: ContactReader,
        partners: PartnerReader,
    ) -> None:
        self._catalogue = catalogue
        self._document = document
        self._contacts = contacts
        self._partners = partners
        self._cards = cards
        self._by_id = {programme.id: programme for programme in catalogue.programmes}

    def complete(self, draft: Draft, understanding: Understanding, today: date) -> Draft:
        """``draft`` with all that belongs beside it."""
        if draft.intent is Intent.OUT_OF_SCOPE:
            return draft
        programme = first_programme(understanding.names) or self._by_id.get(draft.programme_id or "")
        programme = programme or self._spoken_of(draft)
        if programme is not None:
            draft = self._with_card_status(draft, programme)
        draft = self._with_statuses(draft, today)
        if programme is not None:
            draft = self._with_partners(draft, programme, understanding)
        draft = self._with_times(draft, understanding.asked is Asked.DATE)
        draft = draft.with_notes(*self._source_notes(draft))
        if programme is not None and draft.intent is not Intent.PARTNER:
            draft = draft.with_notes(*self._unstated(programme, understanding, draft))
        if draft.refusal is not None and draft.intent is not Intent.PARTNER:
            draft = self._with_contact(draft, understanding)
        if draft.nearest and understanding.intent is Intent.CONTACT and not draft.contacts:
            draft = draft.with_notes(Statement(NO_NUMBER))
        return draft

    def _spoken_of(self, draft: Draft) -> Programme | None:
        """The programme whose card quotes the sentence that answers."""
        focus = next((each.focus for each in draft.statements if each.focus is not None), None)
        if focus is None or draft.refusal is not None:
            return None
        for programme in self._catalogue.programmes:
            passage = self._cards.passage(programme.summary.document or programme.document, programme.summary.quote)
            if passage is not None and passage.document_id == focus.document_id and passage.start < focus.end:
                if focus.start < passage.end:
                    return programme
        return None

    def _with_card_status(self, draft: Draft, programme: Programme) -> Draft:
        """The status that staff keep for a programme, beside an answer of the documents about it."""
        if draft.statuses or draft.refusal is not None or draft.intent is Intent.PARTNER:
            return draft
        told = self._cards.told(draft.intent, programme, draft.statements)
        return replace(draft, statuses=told.statuses).with_notes(*told.notes)

    def _with_partners(self, draft: Draft, programme: Programme, understanding: Understanding) -> Draft:
        """Beside a policy answer: who could be the partner, and where partners may be met."""
        if draft.refusal is not None or draft.intent is Intent.PARTNER:
            return draft
        if not draft.partners and programme.kind in _PARTNERED:
            draft = replace(draft, partners=self._partners.of_programme(programme)[:MAX_BESIDE])
        if not draft.meeting_places:
            draft = replace(draft, meeting_places=self._partners.places_beside(programme, understanding))
        return draft

    def _passages(self, draft: Draft) -> list[Passage]:
        statements = draft.statements if draft.refusal is None else (*draft.statements, *draft.notes)
        return list(dict.fromkeys(p for statement in statements for p in statement.passages))

    def _with_statuses(self, draft: Draft, today: date) -> Draft:
        if draft.statuses or draft.refusal is not None or draft.intent is Intent.PARTNER:
            return draft
        focuses = [each.focus for each in draft.statements if each.focus is not None]
        for passage in (focuses or self._passages(draft))[:1]:
            document = self._document(passage.document_id)
            status = document_status(document.metadata, today)
            subject = f"《{document.metadata.title}》"
            if status is Status.UNKNOWN:
                status = read_status(document.text[passage.start : passage.end])
                subject = "所引内容"
            if status is Status.UNKNOWN:
                return draft
            note = DraftStatus(subject, status, document.metadata.date, passage)
            draft = replace(draft, statuses=(note,))
            if status in NOT_YET:
                draft = draft.with_notes(Statement(f"{subject}的状态：{STATUS_WORDS[status]}。", (passage,)))
        return draft

    def _with_times(self, draft: Draft, year_asked: bool) -> Draft:
        """Resolve 去年 and the like; where the year itself is asked for, the answer says it."""
        computed = list(draft.computed)
        notes = []
        told = [(p, self._document(p.document_id).text[p.start : p.end]) for p in self._passages(draft)]
        told += [(item.passage, item.partner.why) for item in draft.partners]
        told += [(item.passage, item.place.why) for item in draft.meeting_places]
        for passage, words in told:
            for time in resolve_relative_time(words, self._document(passage.document_id).metadata.date):
                year = Computed(f"{time.year}年", time.year, f"“{time.word}”所指的年份")
                if year not in computed:
                    computed.append(year)
                    notes.append(Statement(f"文中“{time.word}”指{year.text}（按文件日期推算）。", (passage,)))
        if year_asked and notes and draft.refusal is None:
            return replace(draft, computed=tuple(computed), statements=(*draft.statements, *notes))
        return replace(draft, computed=tuple(computed)).with_notes(*notes)

    def _source_notes(self, draft: Draft) -> Iterator[Statement]:
        seen: set[str] = set()
        for passage in self._passages(draft):
            if passage.document_id in seen:
                continue
            seen.add(passage.document_id)
            metadata = self._document(passage.document_id).metadata
            if metadata.date and len(seen) == 1:
                name = metadata.document_number or f"《{metadata.title}》"
                yield Statement(f"依据{name}，截至{metadata.date}。", (passage,))
            if metadata.text_kind is TextKind.OWN_WORDS:
                source = "新闻或转载" if metadata.kind is SourceKind.NEWS else "来源页面"
                yield Statement(OWN_WORDS.replace("来源页面整理", f"{source}整理"), (passage,))

    def _unstated(self, programme: Programme, understanding: Understanding, draft: Draft) -> Iterator[Statement]:
        if understanding.asked not in (Asked.AMOUNT, Asked.CONDITION, Asked.PROCEDURE, Asked.YES_NO):
            return
        missing = [label for field, label in _UNSTATED_FIELDS if not getattr(programme, field)]
        if missing:
            yield Statement(f"{programme.name}的{'、'.join(missing)}：{NOT_STATED}。")

    def _with_contact(self, draft: Draft, understanding: Understanding) -> Draft:
        if (
            draft.contacts
            or _APPLYING.search(understanding.standalone)
            or draft.refusal
            in (
                Refusal.OUT_OF_SCOPE,
                Refusal.OTHER_PLACE,
            )
        ):
            return draft
        for passage in self._passages(draft):
            contact = self._contacts.of_document(passage.document_id)
            if contact is not None:
                return replace(draft, contacts=(contact,))
        return draft
