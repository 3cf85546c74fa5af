"""Readers propose, the planner chooses: one draft for a question, with what decided it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from bot.answering.asking import Asking, Proposal, Reader
from bot.answering.cards import Cards
from bot.answering.corrections import find_corrections
from bot.answering.coverage import TermWeights
from bot.answering.disagreeing import DisagreementReader
from bot.answering.draft import Draft, Statement
from bot.answering.notes import NoteWriter
from bot.answering.readers.catalogue import CatalogueReader
from bot.answering.readers.contacts import ContactReader
from bot.answering.readers.documents import DocumentListReader
from bot.answering.readers.general import GeneralReader
from bot.answering.readers.itself import DocumentReader
from bot.answering.readers.outside import OutsideReader
from bot.answering.readers.partners import PartnerProposals
from bot.answering.wording import greeting
from bot.catalogue.conflicts import Disagreement
from bot.catalogue.models import Catalogue
from bot.catalogue.thesaurus import Thesaurus
from bot.partners.suggesting import PartnerReader
from bot.types import Decision, Document, DocumentMetadata, Intent

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """The draft of an answer and the decisions that led to it, the chosen one among them.

    ``chosen`` is the proposal it was made from, as its reader gave it; ``None`` for a greeting.
    """

    draft: Draft
    decisions: tuple[Decision, ...]
    chosen: Proposal | None = None


class Planner:
    """Decides in code whether and with what to answer. Safe to share between threads.

    ``without`` names readers that are left out, to see what they earn; that of whole units always stays.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        document: Callable[[str], Document],
        documents: Callable[[], Sequence[tuple[str, DocumentMetadata]]],
        weights: TermWeights,
        thesaurus: Thesaurus,
        disagreements: Sequence[Disagreement] = (),
        without: Collection[str] = (),
    ) -> None:
        self._scope = catalogue.scope
        self._document = document
        cards = Cards(catalogue, document)
        contacts = ContactReader(catalogue, document)
        partners = PartnerReader(catalogue, document, weights, thesaurus, cards)
        #: Finds the blocks of any document that are near to a question.
        self.units = GeneralReader(weights)
        readers: tuple[Reader, ...] = (
            OutsideReader(catalogue.scope, weights.known),
            PartnerProposals(partners),
            contacts,
            DocumentReader(catalogue.scope, documents),
            DocumentListReader(catalogue.scope, documents),
            CatalogueReader(catalogue, cards, weights),
            self.units,
        )
        self._readers = tuple(reader for reader in readers if reader.name not in without)
        self._disagreements = DisagreementReader(disagreements)
        self._notes = NoteWriter(catalogue, cards, document, contacts, partners)

    def plan(self, asking: Asking) -> Planned:
        """The draft for a question."""
        understanding = asking.understanding
        if understanding.intent is Intent.SMALLTALK:
            draft = Draft(Intent.SMALLTALK, (Statement(greeting(self._scope)),))
            return Planned(draft, (Decision("smalltalk", understanding.intent_confidence, "intent", True),))
        proposals = [each for reader in self._readers if (each := reader.propose(asking)) is not None]
        chosen = max(proposals, key=_rank)
        decisions = tuple(
            Decision(each.reader, each.confidence, each.reason, each is chosen)
            for each in sorted(proposals, key=_rank, reverse=True)
        )
        return Planned(self.completed(chosen.draft, asking), decisions, chosen)

    def completed(self, draft: Draft, asking: Asking) -> Draft:
        """``draft`` with corrections, disagreements and all that belongs beside it."""
        understanding = asking.understanding
        corrections = tuple(find_corrections(understanding.standalone, draft, self._document))
        draft = replace(draft, corrections=corrections)
        if draft.intent is Intent.OUT_OF_SCOPE and draft.refusal is None:
            draft = replace(draft, intent=Intent.POLICY)
        spellings = (spelling for match in understanding.names for spelling in sorted(match.spellings))
        draft = self._disagreements.attach(draft, understanding.standalone, spellings)
        return self._notes.complete(draft, understanding, asking.today)


def _rank(proposal: Proposal) -> tuple[int, float]:
    """A veto goes before an answer, that before a sure refusal, that before the nearest; then the surer one."""
    if proposal.veto:
        return 3, proposal.confidence
    if proposal.draft.refusal is None:
        return (0 if proposal.draft.nearest else 2), proposal.confidence
    return (1 if proposal.sure else -1), proposal.confidence


def log_decisions(question_id: str, decisions: Sequence[Decision]) -> None:
    """One structured line: which reader was chosen and why, with the question's id and never its words."""
    told = "; ".join(
        f"{each.reader} {each.confidence:.2f} ({each.reason}){' chosen' if each.chosen else ''}" for each in decisions
    )
    _LOG.info("question %s: %s", question_id, told)


#: Readers that may be left out to measure what they earn.
OPTIONAL_READERS = tuple(
    reader.name
    for reader in (OutsideReader, PartnerProposals, ContactReader, DocumentReader, DocumentListReader, CatalogueReader)
)
