"""Questions understood without an encoder: characters alone tell what they ask for."""

from bot.catalogue.models import Catalogue, Scope
from bot.catalogue.names import NameIndex
from bot.types import Turn
from bot.understanding.understanding import Understander, Understanding


def understood(question: str, *history: str, catalogue: Catalogue | None = None) -> Understanding:
    """The first reading of ``question`` over a corpus without staff-kept files, or over ``catalogue``."""
    known = catalogue or Catalogue()
    understander = Understander(NameIndex(known), Scope(), lambda text: None, "")
    return understander.readings(Turn(question, history))[0]
