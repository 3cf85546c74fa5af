"""Documents, passages in them and completed drafts, made in the test that uses them."""

from datetime import date

from bot.answering.cards import Cards
from bot.answering.coverage import TermWeights
from bot.answering.draft import Draft, Passage
from bot.answering.notes import NoteWriter
from bot.answering.readers.contacts import ContactReader
from bot.catalogue.models import Catalogue
from bot.catalogue.thesaurus import Thesaurus
from bot.partners.suggesting import PartnerReader
from bot.types import Document, DocumentMetadata
from tests.support.understanding import understood

TODAY = date(2026, 11, 1)


def document(name: str, text: str, **known: object) -> Document:
    """A document whose title is its name where ``known`` gives none."""
    return Document(name, text, "", DocumentMetadata(**{"title": name, **known}))  # type: ignore[arg-type]


def passage(source: Document, words: str = "") -> Passage:
    """Where ``words`` stand in ``source``; all of it without any."""
    start = source.text.index(words)
    return Passage(source.id, start, start + len(words or source.text))


def completed(draft: Draft, *documents: Document, question: str = "每年最高兑付多少？", today: date = TODAY) -> Draft:
    """``draft`` with all that belongs beside it on a day, over a corpus without staff-kept files."""
    reader = {each.id: each for each in documents}.__getitem__
    catalogue, thesaurus, weights = Catalogue(), Thesaurus(()), TermWeights(lambda term: 0, 1)
    cards = Cards(catalogue, reader)
    partners = PartnerReader(catalogue, reader, weights, thesaurus, cards)
    writer = NoteWriter(catalogue, cards, reader, ContactReader(catalogue, reader), partners)
    return writer.complete(draft, understood(question), today)
