"""Candidate questions from the staff-kept records: what each programme states, whom to ask, who could be a partner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.catalogue.models import Catalogue, ContactEntry, Programme, Quoted
from bot.catalogue.names import NameIndex
from bot.catalogue.quotes import find_quote
from bot.suggestions.records import EXAMPLE_GROUP, Candidate, Place
from bot.text.figures import FigureKind, parse_figures
from bot.types import Document, Intent

#: A longer name reads badly in a question; an alias serves.
NAME_CHARACTERS = 14
#: What a card's field is asked with, the most asked first. Where the field is empty, so is the answer.
FIELD_QUESTIONS: tuple[tuple[str, str], ...] = (
    ("amount", "{name}最高能给多少？"),
    ("summary", "{name}是什么？"),
    ("conditions", "{name}有什么条件？"),
    ("how_to_apply", "{name}怎么申请？"),
    ("term", "{name}的期限是多久？"),
    ("rate", "{name}的利率是多少？"),
    ("deadline", "{name}什么时候截止？"),
    ("audience", "{name}面向谁？"),
    ("responsible_body", "{name}由谁负责？"),
    ("place", "{name}在哪里？"),
)
FACT_QUESTION = "{name}的{label}是多少？"
PARTNERS_OF = "{name}可以和谁合作？"
FIELD_PARTNERS = "{field}方面有哪些机构可以合作？"
ORGANISATION = "{name}是做什么的？"
CONTACT_OF = "{name}联系谁？"
_MARKS = re.compile(r"[“”《》（）()、\d ]")
#: Only what is a number by its name is asked for by 是多少.
_NUMBER_LABEL = re.compile("[数额率量]$")
_COUNTED = frozenset({FigureKind.COUNT, FigureKind.MONEY, FigureKind.PERCENT})


def scope_candidates(catalogue: Catalogue) -> Iterator[Candidate]:
    """The staff's own examples; whatever answers them will do."""
    for group in catalogue.scope.examples:
        for question in group.questions:
            yield Candidate(question, group.title, EXAMPLE_GROUP + group.title, Intent.POLICY)


def card_candidates(catalogue: Catalogue, document: Callable[[str], Document]) -> Iterator[Candidate]:
    """Questions for programmes, organisations and contacts on file."""
    names = NameIndex(catalogue)
    for programme in catalogue.programmes:
        name = spoken_name(programme.name, programme.aliases, names)
        yield from _of_programme(programme, name, document)
        if programme.organisations or any(programme.id in each.programmes for each in catalogue.organisations):
            yield Candidate(PARTNERS_OF.format(name=name), name, programme.id, Intent.PARTNER)
    seen: set[str] = set()
    for organisation in catalogue.organisations:
        name = spoken_name(organisation.name, organisation.aliases, names)
        places = tuple(_places(organisation.profile, organisation.document, document))
        yield Candidate(ORGANISATION.format(name=name), name, organisation.id, Intent.PARTNER, places)
        for field in organisation.fields:
            if field.value not in seen and len(field.value) <= NAME_CHARACTERS and not _MARKS.search(field.value):
                seen.add(field.value)
                question = FIELD_PARTNERS.format(field=field.value)
                yield Candidate(question, field.value, f"field:{field.value}", Intent.PARTNER)
    for contact in catalogue.contacts:
        yield from _of_contact(contact, catalogue, document)


def spoken_name(name: str, aliases: tuple[str, ...], names: NameIndex) -> str:
    """The first name that reads well in a question and means nothing else; else the name as it is."""
    short = [each for each in (name, *aliases) if len(each) <= NAME_CHARACTERS and not _MARKS.search(each)]
    return next((each for each in short if names.named_in(each) == names.named_in(name)), name)


def _of_programme(programme: Programme, name: str, document: Callable[[str], Document]) -> Iterator[Candidate]:
    words = (*programme.aliases, *programme.needs, programme.kind.value)

    def made(question: str, *quoted: Quoted) -> Candidate:
        places = tuple(_places(quoted, programme.document, document))
        return Candidate(question, name, programme.id, Intent.POLICY, places, words)

    for field, question in FIELD_QUESTIONS:
        value = getattr(programme, field)
        if value:
            yield made(question.format(name=name), *(value if isinstance(value, tuple) else (value,)))
    for fact in programme.facts:
        # Staff may add lay words to a label, after a blank.
        label = fact.label.split()[0]
        if _NUMBER_LABEL.search(label) and any(each.kind in _COUNTED for each in parse_figures(fact.value)):
            yield made(FACT_QUESTION.format(name=name, label=label), fact)


def _of_contact(
    contact: ContactEntry, catalogue: Catalogue, document: Callable[[str], Document]
) -> Iterator[Candidate]:
    places = tuple(_places((Quoted(value=contact.purpose, quote=contact.quote),), contact.document, document))
    by_id = {programme.id: programme.name for programme in catalogue.programmes}
    named = [by_id[each] for each in contact.programmes if each in by_id]
    metadata = document(contact.document).metadata
    for name in named or [metadata.document_number or f"《{metadata.title}》"]:
        yield Candidate(CONTACT_OF.format(name=name), name, contact.document, Intent.CONTACT, places)


def _places(quoted: tuple[Quoted, ...], home: str, document: Callable[[str], Document]) -> Iterator[Place]:
    for each in quoted:
        name = each.document or home
        span = find_quote(document(name).text, each.quote)
        if span is not None:
            yield Place(name, span.start, span.end)
