"""What the pages of the corpus room work with."""

from __future__ import annotations

from dataclasses import dataclass

from bot.curation.catalogue import CatalogueEditor
from bot.curation.decisions import DecisionBook
from bot.curation.proposals import ProposalBook
from bot.curation.reading import UploadReader
from bot.curation.reviews import ReviewBook
from bot.curation.room import CorpusRoom
from bot.curation.shelf import CorpusShelf
from bot.web.desk.context import Desk


@dataclass(frozen=True, slots=True)
class CorpusDesk:
    """The desk with the doors to the corpus."""

    desk: Desk
    room: CorpusRoom
    shelf: CorpusShelf
    editor: CatalogueEditor
    decisions: DecisionBook
    proposals: ProposalBook
    reviews: ReviewBook
    reader: UploadReader

    @classmethod
    def of(cls, desk: Desk) -> CorpusDesk:
        """The corpus room of ``desk``. Does no I/O."""
        room, shelf = CorpusRoom(desk.settings, desk.database), CorpusShelf(desk.settings)
        return cls(
            desk,
            room,
            shelf,
            CatalogueEditor(room, shelf),
            DecisionBook(desk.database),
            ProposalBook(desk.database),
            ReviewBook(desk.database),
            UploadReader(),
        )
