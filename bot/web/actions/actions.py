"""What the views do: each action takes what a form sent and gives back markup or a file.

Nothing here knows Gradio or the browser. What a visitor may see or do without an account is decided here:
private contacts and joint introductions only with the receipt of one of the pair's records.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from bot.catalogue.eligibility.report import source_name
from bot.errors import AssistantError, EntryError
from bot.market.exporting import template_bytes
from bot.market.fields import kind_of
from bot.market.matching import looked_for
from bot.market.publishing import Submission
from bot.market.records import Need, Offer
from bot.market.service import Market
from bot.types import RecordKind
from bot.web.actions.bulk import bulk_reply
from bot.web.actions.drafts import DraftShelf
from bot.web.actions.eligibility import choices_reply, eligibility_reply, report_reply
from bot.web.actions.inquiries import InquiryActions
from bot.web.actions.interface import ViewAssistant
from bot.web.actions.letters import LetterActions
from bot.web.actions.listing import browse_reply
from bot.web.actions.owners import SHOWN, OwnerActions
from bot.web.actions.receipts import ReceiptActions
from bot.web.actions.reply import Download, Fields, Reply, market_kind, problem, window_key
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.telling import page_of, told, told_problem
from bot.web.texts.languages import view_texts
from bot.web.texts.views import ViewTexts
from bot.web.views import finding, introductions, publishing
from bot.web.views.fields import CONTACT_ENTRIES, contact_values, form_values, sent_contact

_LOGGER = logging.getLogger(__name__)

#: Records whose ids the form for introductions offers.
OFFERED_IDS = 50
#: Characters one form may send: a record with every field at its limit is refused later, field by field.
LONGEST_SENT = 300_000
#: The same with a file in it: one megabyte in base 64.
LONGEST_FILE = 1_400_000

_REGION = re.compile(r"[a-z]+-[a-z0-9-]{1,40}")

Handler = Callable[[Fields, ViewTexts], Reply]


@dataclass(frozen=True, slots=True)
class ViewActions:
    """The actions by name over one assistant. Safe to share between threads."""

    assistant: ViewAssistant
    drafts: DraftShelf
    owners: OwnerActions
    letters: LetterActions
    today: Callable[[], date] = date.today

    @classmethod
    def over(cls, assistant: ViewAssistant) -> ViewActions:
        """The actions of a page over ``assistant``."""
        drafts = DraftShelf()
        owners = OwnerActions(assistant, drafts)
        return cls(assistant, drafts, owners, LetterActions(assistant, drafts, owners.holds))

    @property
    def market(self) -> Market:
        """Needs, offers and organisations."""
        return self.assistant.market

    def act(self, request: Sequence[object]) -> Reply:
        """The reply to what the browser sent: action, fields, language."""
        match list(request):
            case [str() as action, dict() as sent, str() as language]:
                return self.reply(action, sent, language)
        return problem(view_texts("").not_understood)

    def reply(self, action: str, sent: Mapping[object, object], language: str) -> Reply:
        """The reply to one action; what goes wrong is told in a sentence."""
        texts = view_texts(language)
        handler = self._handlers().get(action)
        fields = {str(name): _storable(value) for name, value in sent.items() if isinstance(value, str)}
        longest = LONGEST_FILE if action in ("bulk", "bulk_check") else LONGEST_SENT
        if handler is None or sum(map(len, fields.values())) > longest:
            return problem(texts.not_understood if handler is None else texts.too_long)
        try:
            reply = handler(fields, texts)
        except AssistantError as error:
            entry = error.entry if isinstance(error, EntryError) else ""
            reply = problem(told_problem(error.public, texts.language), entry)
        except Exception:
            # The outermost place where a visitor can still be told; staff find the trace in the log.
            _LOGGER.exception("the action %s failed", action)
            return problem(texts.unexpected)
        return replace(reply, html=page_of(reply.html, texts.language))

    def _handlers(self) -> dict[str, Handler]:
        return {
            "eligibility": self._eligibility,
            "eligibility_choices": self._eligibility_choices,
            "eligibility_word": self._eligibility_word,
            "eligibility_pdf": self._eligibility_pdf,
            "browse": self._browse,
            "find": self._find,
            "record": self._record,
            "matches": self._matches,
            "interest_form": self._interest_form,
            "hand_over_form": self._hand_over_form,
            "hand_over": self._hand_over,
            "form": self._form,
            "tell": self._tell,
            "check": self._check,
            "preview": self._preview,
            "submit": self._submit,
            "template": self._template,
            "bulk": self._bulk,
            "bulk_check": self._bulk_check,
            "introduction_form": self._introduction_form,
            "pairs": self._pairs,
            "claim": self._claim,
            "revise": self.owners.revise,
            "withdraw": self.owners.withdraw,
            "interest": self.owners.interest,
            "agree": self.owners.agree,
            "refuse": self.owners.refuse,
            "take_back": self.owners.take_back,
            "joint": self.owners.joint,
            **self.letters.handlers(),
            **InquiryActions(self.assistant).handlers(),
            **ReceiptActions(self.assistant, self.today).handlers(),
        }

    def _title(self, document_id: str) -> str:
        return source_name(self.assistant.document(document_id))

    def _eligibility(self, fields: Fields, texts: ViewTexts) -> Reply:
        return eligibility_reply(self.assistant.catalogue, fields, cache(self._title), self.today(), texts)

    def _eligibility_choices(self, fields: Fields, texts: ViewTexts) -> Reply:
        return choices_reply(self.assistant.catalogue, texts)

    def _eligibility_word(self, fields: Fields, texts: ViewTexts) -> Reply:
        return report_reply(self.assistant.catalogue, fields, cache(self._title), self.today(), ".docx", texts)

    def _eligibility_pdf(self, fields: Fields, texts: ViewTexts) -> Reply:
        return report_reply(self.assistant.catalogue, fields, cache(self._title), self.today(), ".pdf", texts)

    def _claim(self, fields: Fields, texts: ViewTexts) -> Reply:
        """What a receipt opens: a question left to the office, or a record."""
        inquiries = InquiryActions(self.assistant)
        if inquiries.opens(fields.get("receipt", "")):
            return inquiries.opened(fields, texts)
        return self.owners.claim(fields, texts)

    # --- looking for partners -------------------------------------------------------------------

    def _browse(self, fields: Fields, texts: ViewTexts) -> Reply:
        return browse_reply(self.market, fields, SHOWN, texts)

    def _find(self, fields: Fields, texts: ViewTexts) -> Reply:
        told, widened = fields.get("told", "").strip(), bool(fields.get("widened"))
        kind = market_kind(fields["kind"]) if fields.get("kind") else looked_for(told, self.market.reader)
        result = self.market.matcher.match_text(told, SHOWN, kind=kind, widened=widened, fellows=not widened)
        return Reply(finding.found(result, told, "", texts, widened=widened, region=_region(fields)))

    def _record(self, fields: Fields, texts: ViewTexts) -> Reply:
        record = self._public_record(fields)
        return Reply(finding.record_details(record, told(self.market.owner_shown(record), texts.language), texts))

    def _matches(self, fields: Fields, texts: ViewTexts) -> Reply:
        record = self._public_record(fields)
        result = self.market.matches_of(record, SHOWN)
        return Reply(finding.found(result, record.title, record.id, texts))

    def _public_record(self, fields: Fields) -> Need | Offer:
        """A record that was published; a draft is nobody's business, known id or not."""
        return self.market.public_record(market_kind(fields.get("kind", "")), fields.get("id", ""))

    def _interest_form(self, fields: Fields, texts: ViewTexts) -> Reply:
        record = self._public_record(fields)
        region = f"interest-{kind_of(record).value}-{record.id}"
        form = finding.interest_form(kind_of(record), record.id, fields.get("own", ""), region, texts)
        return Reply(tag("div", form, tag("div", id=region, aria_live="polite")))

    def _hand_over_form(self, fields: Fields, texts: ViewTexts) -> Reply:
        return Reply(finding.hand_over_form(fields.get("told", ""), _region(fields), fields, texts))

    def _hand_over(self, fields: Fields, texts: ViewTexts) -> Reply:
        owner, contact = fields.get("unit", ""), sent_contact(fields)
        done = self.market.hand_over(fields.get("told", ""), owner=owner, contact=contact, key=window_key(fields))
        heading = tag("h3", text(texts.handed_over), tabindex="-1")
        card = publishing.receipt_card(done.receipt, texts, again=done.again)
        return Reply(tag("section", heading, card, class_="outcome"))

    # --- publishing --------------------------------------------------------------------------------

    def _form(self, fields: Fields, texts: ViewTexts) -> Reply:
        kind = market_kind(fields.get("kind") or RecordKind.NEED.value)
        values, contact = form_values(kind, fields), {name: fields.get(name, "") for name in CONTACT_ENTRIES}
        form = publishing.record_form(
            kind, values, texts, unit=fields.get("unit", ""), contact=contact, told=any(values.values())
        )
        return Reply(form)

    def _tell(self, fields: Fields, texts: ViewTexts) -> Reply:
        """The form filled from plain words; without any, the empty form of the kind chosen."""
        told = fields.get("told", "").strip()
        if not told:
            return self._form(fields, texts)
        kind = market_kind(fields.get("kind") or RecordKind.NEED.value)
        if kind is RecordKind.NEED:
            # The first choice is often just left as it is: what is told decides where it says so.
            kind = self.market.reader.recognise(told) or kind
        drafted = self.assistant.draft_record(told, kind)
        draft = drafted.draft
        form = publishing.record_form(
            draft.kind,
            draft.as_form(),
            texts,
            unit=draft.owner,
            contact=contact_values(draft.contact),
            left_out=drafted.left_out,
            told=True,
        )
        return Reply(form)

    def _check(self, fields: Fields, texts: ViewTexts) -> Reply:
        kind = market_kind(fields.get("kind", ""))
        report = self.market.assess_form(
            kind, form_values(kind, fields), owner=fields.get("unit", ""), contact=sent_contact(fields)
        )
        heading = publishing.verdict_words(report, texts, waits=self.market.moderated)
        return Reply(join((tag("h3", text(heading), tabindex="-1"), publishing.quality(report, texts, saved=False))))

    def _preview(self, fields: Fields, texts: ViewTexts) -> Reply:
        """What others would see of a form; exactly what is shown is sent on by the button below it."""
        kind = market_kind(fields.get("kind", ""))
        values, owner, contact = form_values(kind, fields), fields.get("unit", ""), sent_contact(fields)
        shown = self.market.preview_form(kind, values, owner=owner, contact=contact)
        report = self.market.assess_form(kind, values, owner=owner, contact=contact)
        entries = {name: fields.get(name, "") for name in CONTACT_ENTRIES}
        sent = {"kind": kind.value, **values, "unit": owner, **entries}
        return Reply(publishing.previewed(sent, shown, report, texts, waits=self.market.moderated))

    def _submit(self, fields: Fields, texts: ViewTexts) -> Reply:
        kind = market_kind(fields.get("kind", ""))
        owner, contact = fields.get("unit", ""), sent_contact(fields)
        done = self.market.submit(kind, form_values(kind, fields), owner=owner, contact=contact, key=window_key(fields))
        return Reply(publishing.submission(done, texts, self._first_matches(done, texts)))

    def _first_matches(self, done: Submission, texts: ViewTexts) -> Html:
        """Whom a published record may fit."""
        if done.record.published_at is None:
            return EMPTY
        return self.owners.proposals(done.record, texts, "submitted")

    def _template(self, fields: Fields, texts: ViewTexts) -> Reply:
        kind = market_kind(fields.get("kind", ""))
        suffix = fields.get("suffix", "")
        content = template_bytes(kind, f".{suffix}")
        return Reply(download=Download(f"{told(f'{kind.label}模板', texts.language)}.{suffix}", content))

    def _bulk(self, fields: Fields, texts: ViewTexts) -> Reply:
        return bulk_reply(self.market, fields, texts, save=True)

    def _bulk_check(self, fields: Fields, texts: ViewTexts) -> Reply:
        return bulk_reply(self.market, fields, texts, save=False)

    # --- introductions -----------------------------------------------------------------------------

    def _introduction_form(self, fields: Fields, texts: ViewTexts) -> Reply:
        records = self.market.newest(OFFERED_IDS)[0] if self.market.on_file else ()
        return Reply(introductions.introduction_form(fields, records, texts))

    def _pairs(self, fields: Fields, texts: ViewTexts) -> Reply:
        """The counterparts a need or an offer could be introduced to."""
        need, offer = fields.get("need", "").strip(), fields.get("offer", "").strip()
        kind, record_id = (RecordKind.NEED, need) if need else (RecordKind.OFFER, offer)
        record = self.market.public_record(kind, record_id)
        return Reply(finding.found(self.market.matches_of(record, SHOWN), record.title, record.id, texts))


def _region(fields: Fields) -> str:
    """Where on the page further replies are shown: an id that the page itself wrote."""
    region = fields.get("region", "")
    return region if _REGION.fullmatch(region) else finding.RESULTS


def _storable(value: str) -> str:
    """``value`` as any database and encoding takes it: lone surrogates become question marks."""
    return value.encode("utf-8", "replace").decode("utf-8")
