"""Who to ask: a number is given only for the purpose its source gives it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from bot.answering.asking import Asking, Proposal
from bot.answering.draft import Draft, DraftContact, Passage, Refusal, Statement
from bot.answering.outcome import NEAR_COSINE
from bot.answering.readers.choice import chosen_sibling
from bot.answering.wording import ATTRIBUTE_NOT_STATED, NO_NUMBER
from bot.catalogue.models import Catalogue, ContactEntry, Programme
from bot.catalogue.names import first_programme
from bot.catalogue.quotes import find_quote
from bot.lexicon import recogniser
from bot.text.figures import FigureKind, parse_figures
from bot.types import Contact, Document, DocumentKind, Intent
from bot.understanding.asked import Asked
from bot.understanding.understanding import Understanding

_ABOUT_DOCUMENT = re.compile(r"答复|这个回复|邮编|邮政编码|提案|来文|发文|复函|本文|文件的?联系|承办|原文|这份|该文")
_PRIVATE = re.compile(r"手机|私人|家庭(?:住址|地址)|住址|住哪|住在|家里|微信|个人电话|身份证|私下|宅电")
CONTACT_CONFIDENCE = 0.93
#: So many characters besides the words for a contact are grammar.
REST_CHARACTERS = 2
_CONTACT_KINDS = frozenset({Asked.PHONE, Asked.PERSON, Asked.ADDRESS})
_ABOUT_ITSELF = frozenset({DocumentKind.REPLY, DocumentKind.LETTER, DocumentKind.REPORT, DocumentKind.EXPLANATION})
_TITLES = re.compile(r"(?:委员|代表|同志|先生|女士)+$")

#: A person asked for by name, right before the word for a number; common family names only.
_PERSON_ASKED = re.compile(
    r"^(?:请问|帮我找|给我|查一下)?(?P<name>[王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范]"
    r"(?:(?!的)[\u4e00-\u9fff]){1,2})(?:先生|女士|老师|主任|同志)?的?(?:联系|办公)?(?:电话|手机|号码|联系方式|邮箱)"
)


class ContactReader:
    """Chooses among the contacts of the catalogue, or a document's own contact block."""

    name = "contacts"

    def __init__(self, catalogue: Catalogue, document: Callable[[str], Document]) -> None:
        self._catalogue = catalogue
        self._document = document

    def propose(self, asking: Asking) -> Proposal | None:
        """The contact that is asked for, or that none is given for this; ``None`` when passages must decide."""
        if not self.wanted(asking.understanding):
            return None
        draft = self.draft(asking.understanding, dict.fromkeys(hit.chunk.document_id for hit in asking.hits))
        draft = draft or self._under_what_was_found(asking)
        if draft is None:
            return None
        return Proposal(self.name, draft, CONTACT_CONFIDENCE, "contact", veto=draft.refusal is not None)

    def draft(self, understanding: Understanding, found_documents: Iterable[str]) -> Draft | None:
        """An answer to a question for a contact; None when passages must decide."""
        if (
            _PRIVATE.search(understanding.question)
            or self._names_addressee(understanding)
            or self._names_somebody_else(understanding)
        ):
            text = "文件没有写明，也不提供个人手机、住址等私人信息。"
            return Draft(Intent.CONTACT, (Statement(text),), refusal=Refusal.ATTRIBUTE_NOT_STATED)
        named = self._of_number(understanding.question) or self._of_name(understanding.question)
        if named is not None:
            return self._given(understanding, named)
        programme = first_programme(understanding.names)
        if programme is not None and not _ABOUT_DOCUMENT.search(understanding.question):
            return self._for_programme(understanding, programme)
        if not (
            understanding.about_lead_document
            or _ABOUT_DOCUMENT.search(understanding.standalone)
            or _nothing_else(understanding)
        ):
            return None
        entry = self._entry_of(self._meant_documents(understanding, found_documents))
        return None if entry is None else self._given(understanding, entry)

    def _under_what_was_found(self, asking: Asking) -> Draft | None:
        """The contact printed under the document that is nearest, where that is for what the document is about.

        A reply, a letter or a report prints whom to ask about itself; only a number for the public is given.
        """
        units = asking.units(asking.understanding.standalone)
        if not units or units[0].sentence.cosine < NEAR_COSINE or asking.understanding.asked not in _CONTACT_KINDS:
            return None
        document = units[0].document
        catalogued = any(entry.document == document.id for entry in self._catalogue.contacts)
        blocks = [block for block in document.metadata.contacts if block.phone or block.address]
        if catalogued or not blocks or document.metadata.document_kind in _ABOUT_ITSELF:
            return None
        place = chosen_sibling(asking.understanding.standalone, [block.purpose or "" for block in blocks]) or 0
        block = blocks[place]
        purpose = block.purpose or f"《{document.metadata.title}》所附的联系方式"
        contact = Contact(block.name, block.phone, block.address, purpose)
        passage = Passage(document.id, block.start, block.end)
        return self._given(asking.understanding, DraftContact(contact, passage, block.postcode))

    def wanted(self, understanding: Understanding) -> bool:
        """Whether a question is for a contact although it has none of the usual words."""
        if understanding.intent is Intent.CONTACT or understanding.asked is Asked.PHONE:
            return True
        if self._of_number(understanding.question) is not None or _nothing_else(understanding):
            return True
        return understanding.asked is Asked.ADDRESS and bool(_ABOUT_DOCUMENT.search(understanding.standalone))

    def _of_number(self, question: str) -> DraftContact | None:
        """The contact whose number, or the front of it, stands in the question."""
        asked = [str(f.value) for f in parse_figures(question) if f.kind is FigureKind.PHONE]
        for entry in self._catalogue.contacts:
            if entry.phone and any(entry.phone.startswith(number) for number in asked):
                return self._drafted(entry)
        return None

    def _of_name(self, question: str) -> DraftContact | None:
        """The contact whose person the question names."""
        for entry in self._catalogue.contacts:
            if entry.name and entry.name in question:
                return self._drafted(entry)
        return None

    def _names_addressee(self, understanding: Understanding) -> bool:
        """Whether the question is for the contact of the person a document is addressed to."""
        lead = self._catalogue.scope.lead_document
        addressee = self._document(lead).metadata.addressee if lead else None
        name = _TITLES.sub("", addressee or "")
        return len(name) >= 2 and name in understanding.question

    def _names_somebody_else(self, understanding: Understanding) -> bool:
        """Whether a number is asked of a person who is none of the published contacts."""
        asked = _PERSON_ASKED.match(understanding.question)
        if asked is None or understanding.names:
            return False
        return not any(asked["name"] in (entry.name or "") for entry in self._catalogue.contacts)

    def of_document(self, document_id: str) -> DraftContact | None:
        """The contact printed under a document, for that document only."""
        for entry in self._catalogue.contacts:
            if entry.document == document_id and not entry.programmes and (entry.phone or entry.address):
                return self._drafted(entry)
        document = self._document(document_id)
        block = document.metadata.contact
        if block is None or not (block.phone or block.address):
            return None
        name = document.metadata.document_number or document.metadata.title
        contact = Contact(block.name, block.phone, block.address, f"{name}的联系方式")
        return DraftContact(contact, Passage(document_id, block.start, block.end), block.postcode)

    def _meant_documents(self, understanding: Understanding, found: Iterable[str]) -> tuple[str, ...]:
        lead = self._catalogue.scope.lead_document
        named = [
            entry.document
            for entry in self._catalogue.contacts
            if (number := self._document(entry.document).metadata.document_number)
            and number in understanding.standalone
        ]
        return tuple(dict.fromkeys((*named, *((lead,) if lead else ()), *found)))

    def _entry_of(self, documents: Iterable[str]) -> DraftContact | None:
        return next((contact for item in documents if (contact := self.of_document(item)) is not None), None)

    def _for_programme(self, understanding: Understanding, programme: Programme) -> Draft:
        entries = [entry for entry in self._catalogue.contacts if programme.id in entry.programmes]
        drafts = [DraftContact(_contact(entry), passage) for entry in entries if (passage := self._passage(entry))]
        if understanding.asked is Asked.PHONE:
            drafts = [draft for draft in drafts if draft.contact.phone]
        if drafts:
            statements = tuple(self._statement(draft) for draft in drafts)
            return Draft(Intent.CONTACT, statements, contacts=tuple(drafts))
        text = ATTRIBUTE_NOT_STATED.format(subject=f"“{programme.name}”", attribute=Asked.PHONE.label)
        notes = (Statement(NO_NUMBER), *self._bodies(programme))
        return Draft(Intent.CONTACT, (Statement(text),), notes, refusal=Refusal.ATTRIBUTE_NOT_STATED)

    def _bodies(self, programme: Programme) -> Iterator[Statement]:
        fields = (
            ("负责单位", programme.responsible_body),
            ("办理方式", programme.how_to_apply),
            ("地点", programme.place),
        )
        for label, quoted in fields:
            if quoted is None:
                continue
            document_id = quoted.document or programme.document
            span = find_quote(self._document(document_id).text, quoted.quote)
            if span is not None:
                passage = Passage(document_id, span.start, span.end)
                yield Statement(f"{quoted.value}。", (passage,), f"{label}：")

    def _given(self, understanding: Understanding, contact: DraftContact) -> Draft:
        return Draft(Intent.CONTACT, (self._statement(contact),), contacts=(contact,))

    def _statement(self, contact: DraftContact) -> Statement:
        return Statement(contact_sentence(contact.contact, contact.postcode), (contact.passage,))

    def _drafted(self, entry: ContactEntry) -> DraftContact | None:
        passage = self._passage(entry)
        return DraftContact(_contact(entry), passage, entry.postcode) if passage else None

    def _passage(self, entry: ContactEntry) -> Passage | None:
        span = find_quote(self._document(entry.document).text, entry.quote)
        return Passage(entry.document, span.start, span.end) if span else None


def contact_sentence(contact: Contact, postcode: str | None = None) -> str:
    """A contact as one sentence that names its purpose."""
    parts = [
        f"联系人{contact.name}" if contact.name else "",
        f"电话{contact.phone}" if contact.phone else "",
        f"地址{contact.address}" if contact.address else "",
        f"邮政编码{postcode}" if postcode else "",
    ]
    # A figure in the purpose (a document number) stands beside the quote, not in it.
    purpose = "所引文件所附的联系方式" if parse_figures(contact.purpose) else contact.purpose
    if contact.name and not contact.phone and not contact.address:
        return f"{purpose}：{contact.name}。"
    return f"{purpose}：" + "，".join(part for part in parts if part) + "。"


def _contact(entry: ContactEntry) -> Contact:
    return Contact(entry.name, entry.phone, entry.address, entry.purpose)


def _nothing_else(understanding: Understanding) -> bool:
    """Whether a question says nothing but parts of a contact: the one on file is meant."""
    contact = recogniser("contact_words")
    rest = "".join(character for character in contact.sub("", understanding.subject) if character.isalpha())
    return bool(contact.search(understanding.question)) and len(rest) <= REST_CHARACTERS
