"""The facts on file for a pair, by slot name; nothing else may enter a draft.

A blind draft gets its facts from records that came through the market's door (:mod:`bot.market.masking`): masked
before they are cut into sentences, so that a cut cannot leave half a number. Every fact is kept in pieces that may
stand alone, so that a long one can be told in part without being cut in mid-sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.introductions.templates import Templates
from bot.market.cells import cell_text
from bot.market.evidence import topic_text
from bot.market.fields import FieldType, Place, fields_in, kind_of
from bot.market.records import Need, Offer, Party, Side, is_declared
from bot.settings import OfficeSettings
from bot.text.sentences import split_sentences
from bot.types import Gate, GateName, Reason, RecordKind

#: Characters of one fact; what follows is left out, and said to be.
MAX_FACT = 240
#: A first sentence may be longer than that: without it nothing of the fact would be told.
MAX_SENTENCE = 600
#: A longer clause is quoted in part, around the words both sides share.
MAX_CLAUSE = 60
#: A longer title is told by the number of its record, inside a sentence and in a message.
MAX_CALLED, MAX_CALLED_BRIEFLY = 120, 40
#: Room for a number to be given by hand, or when the letter is kept.
NO_SERIAL = "　　"
OFFICE_SOURCE, DATE_SOURCE, REPLY_SOURCE = "本单位设置", "起草日期", "答复期限"
#: Marks that end a sentence or a clause.
ENDS = "。！？!?；;，,、：:"
_CLAUSE_END = re.compile(r"[，。；！？\n]|[,;!?.](?= )")
_SENTENCE_OF_LATIN = re.compile(r"(?<=[A-Za-z0-9)%][A-Za-z0-9)%]\.) (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as pieces that may stand alone, in order, and where it comes from."""

    pieces: tuple[str, ...]
    source: str


Slots = dict[str, tuple[Told, ...]]


def one(text: str, source: str) -> tuple[Told, ...]:
    """The value of a slot with one fact that is told whole or not at all."""
    return (Told((text,), source),)


def record_facts(record: Need | Offer, templates: Templates) -> Slots:
    """Slots ``need.…`` or ``offer.…`` of every stated field that letters may tell, and ``….called`` for its title."""
    kind = kind_of(record)
    prefix = "need" if kind is RecordKind.NEED else "offer"
    facts: Slots = {}
    for spec in fields_in(kind, Place.LETTER):
        value = getattr(record, spec.name)
        if not value:
            continue
        told = templates.say("level", level=value) if spec.type is FieldType.TRL else cell_text(value)
        pieces = sentences(told)
        if pieces:
            facts[f"{prefix}.{spec.name}"] = (Told(pieces, f"{kind.label} {record.id}「{spec.label}」"),)
    title = " ".join(sentences(record.title)) or record.title
    inner = title.replace("“", "‘").replace("”", "’").rstrip(ENDS)
    called = templates.say("called", title=inner)
    by_number = templates.say("called_by_number", id=record.id)
    source = f"{kind.label} {record.id}「名称」"
    facts[f"{prefix}.called"] = one(called if len(title) <= MAX_CALLED else by_number, source)
    facts[f"{prefix}.briefly"] = one(called if len(title) <= MAX_CALLED_BRIEFLY else by_number, source)
    if len(title) > MAX_CALLED:
        facts[f"{prefix}.long_title"] = one(title, source)
    return facts


def party_facts(parties: Mapping[Side, Party], templates: Templates) -> Slots:
    """Slots ``need_owner.name``, ``….contact`` and the like, and ``declared.names`` of those nobody verified."""
    facts: Slots = {}
    declared = []
    for side, party in parties.items():
        if party.organisation is not None:
            source = f"机构 {party.organisation.id}「名称」"
            facts[f"{side.value}.name"] = one(party.organisation.title, source)
            if is_declared(party.organisation.id):
                declared.append(party.organisation.title)
        contact = party.contact
        ways = (contact.name, contact.phone, contact.email) if contact is not None else ()
        if any(ways):
            told = "，".join(filter(None, ways))
            facts[f"{side.value}.contact"] = one(told, f"{side.label}联系方式（已有双方同意的记录）")
    if declared:
        facts["declared.names"] = one(templates.say("join").join(declared), "机构「名称」（自报）")
    return facts


def reason_facts(reasons: Sequence[Reason], need: Need, offer: Offer, templates: Templates, longest: int) -> Slots:
    """Slot ``match.reasons``: one fact for each reason, in clauses of both records up to ``longest`` characters."""
    facts = []
    for reason in reasons:
        words = templates.say("join").join(templates.say("quoted", text=word) for word in reason.shared)
        way = "same_field" if reason.label else "shared"
        quotes = {
            "need": _clause(need, reason.shared, reason.need_quote, longest),
            "offer": _clause(offer, reason.offer_words or reason.shared, reason.offer_quote, longest),
        }
        text = templates.say(way, label=reason.label, words=words, **quotes)
        facts.append(Told((text,), f"需求 {need.id} 与 成果 {offer.id} 的原文"))
    return {"match.reasons": tuple(facts)} if facts else {}


def _clause(record: Need | Offer, words: Sequence[str], quote: str, longest: int) -> str:
    """The first whole clause with ``words``, title first; ``quote``, cut around them, where each is too long."""
    for clause in filter(None, map(one_line, _CLAUSE_END.split(topic_text(record)))):
        if len(clause) <= longest and all(word.strip(ENDS + ".").casefold() in clause.casefold() for word in words):
            return clause
    return quote


def condition_facts(gates: Sequence[Gate], need: Need, offer: Offer, templates: Templates) -> Slots:
    """Slots ``conditions.fits``, ``….against`` and ``….open``: what both sides state, compared.

    What a side excludes stays with the desk: it may name a third party. Nothing is said where neither states any.
    """
    source = f"需求 {need.id} 与 成果 {offer.id} 的条件对照"
    fits, against, unsaid = [], [], []
    for gate in gates:
        label = templates.gate(gate.name)
        told = gate.name is not GateName.EXCLUSIONS and templates.tells_gates
        if gate.passed is None:
            silent = gate.name is GateName.EXCLUSIONS and not (need.exclusions or offer.exclusions)
            unsaid += [] if silent else [label]
        elif gate.passed and gate.name is not GateName.EXCLUSIONS:
            fits.append(Told((templates.say("fits", label=label, why=gate.why),), source))
        elif not gate.passed:
            way = "against" if told else "against_unsaid"
            against.append(Told((templates.say(way, label=label, why=gate.why),), source))
    facts: Slots = {}
    if fits:
        facts["conditions.fits"] = tuple(fits)
    if against:
        facts["conditions.against"] = tuple(against)
    if unsaid and (fits or against):
        facts["conditions.open"] = one(templates.say("join").join(unsaid), source)
    return facts


def office_facts(office: OfficeSettings, today: date, templates: Templates) -> Slots:
    """Slots ``office.…``, ``today`` and ``reply.by``; what the office did not set has none."""
    facts: Slots = {"today": one(templates.day(today), DATE_SOURCE)}
    ways = [templates.say(name, value=value) for name, value in _ways(office) if value]
    lines = [templates.say(f"{name}_line", value=value) for name, value in _lines(office) if value]
    signed = [part for part in (office.name, office.department) if part]
    told = {
        "office.name": office.name,
        "office.signature": " ".join(signed),
        "office.seal": office.seal,
        "office.contacts": templates.say("between").join(lines),
        "office.address": templates.say("address_line", value=office.address) if office.address else "",
        "office.short": templates.say("join").join(filter(None, (office.name, office.phone or office.email))),
        "office.reply_to": _reply_to(office, ways, templates),
        "office.number": number(office, today, templates) if office.number_prefix else "",
    }
    facts |= {name: one(text, OFFICE_SOURCE) for name, text in told.items() if text}
    if office.reply_days:
        due = today + timedelta(days=office.reply_days)
        facts["reply.by"] = one(templates.day(due), f"{REPLY_SOURCE}（起草日期后 {office.reply_days} 天）")
    return facts


def number(office: OfficeSettings, today: date, templates: Templates) -> str:
    """The document number with room for the count of the year, as on a draft that is not kept yet."""
    return templates.say("number", prefix=office.number_prefix, year=today.year, serial=NO_SERIAL)


def _reply_to(office: OfficeSettings, ways: Sequence[str], templates: Templates) -> str:
    told = templates.say("join").join(ways)
    if office.contact_person and told:
        return templates.say("reply_to", person=office.contact_person, ways=told)
    return office.contact_person or told


def _ways(office: OfficeSettings) -> tuple[tuple[str, str], ...]:
    return (("phone", office.phone), ("email", office.email))


def _lines(office: OfficeSettings) -> tuple[tuple[str, str], ...]:
    return (("person", office.contact_person), *_ways(office))


def sentences(text: str) -> tuple[str, ...]:
    """The whole sentences of ``text``, each on one line, without characters that cannot be seen.

    A text of one sentence loses its stop: it stands as an item of a list.
    """
    found: list[str] = []
    for span in split_sentences(text.replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")):
        found += [part for part in _SENTENCE_OF_LATIN.split(one_line(span.text)) if part]
    return (found[0].rstrip(ENDS + " ") or found[0],) if len(found) == 1 else tuple(found)


def joined(pieces: Iterable[str]) -> str:
    """Pieces as running text: a line without a stop is set off from the next."""
    text = ""
    for piece in pieces:
        if text and text[-1] not in ENDS + ".）)”’":
            text += "；"
        latin = text and text[-1].isascii() and piece[0].isascii()
        text += f" {piece}" if latin else piece
    return text


def one_line(text: str) -> str:
    """``text`` on one line, without characters that cannot be seen; wide spaces between words stay."""
    blank = (" " if each.isspace() and each != "　" else each for each in text)
    seen = (each for each in blank if each in " 　" or unicodedata.category(each) not in ("Cc", "Cf", "Cs"))
    return " ".join(filter(None, "".join(seen).split(" "))).strip()
