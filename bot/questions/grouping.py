"""Questions that mean the same, found by the encoder's vectors."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from bot.encoder import Embedder, Floats
from bot.questions.records import Asking, QuestionGroup

#: Questions of one group are all at most so far apart (1 - cosine). Chosen on one half of the project's own labelled
#: questions (``tests/questions/groups.yaml``), measured on the other.
FARTHEST = 0.5
_REMEMBERED = 4_000


class QuestionVectors:
    """Vectors of questions, remembered while the program runs. Safe to share between threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], Floats] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, questions: Iterable[str], embedder: Embedder) -> Floats:
        """``(questions, dimension)``, each of length 1. Raises like :meth:`Embedder.embed_query`."""
        return np.stack([self._one(each, embedder) for each in questions])

    def _one(self, question: str, embedder: Embedder) -> Floats:
        key = (embedder.fingerprint, question)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        vector = np.asarray(embedder.embed_query(question), dtype=np.float32)
        vector = vector / (float(np.linalg.norm(vector)) or 1.0)
        with self._lock:
            self._known[key] = vector
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return vector


def grouped(askings: Sequence[Asking], vectors: Floats, farthest: float = FARTHEST) -> tuple[QuestionGroup, ...]:
    """``askings`` in groups of which no two are farther apart than ``farthest``; what was asked most comes first.

    ``vectors`` are theirs, in order, each of length 1.
    """
    if len(askings) < 2:
        return tuple(QuestionGroup(each, (each,)) for each in askings)
    labels = fcluster(linkage(vectors, "complete", metric="cosine"), farthest, "distance")
    groups = [_group(askings, vectors, np.flatnonzero(labels == label)) for label in np.unique(labels)]
    return tuple(sorted(groups, key=lambda each: (-each.count, -each.centre.number)))


def apart(askings: Sequence[Asking]) -> tuple[QuestionGroup, ...]:
    """Every wording for itself: what is left where there is no encoder."""
    return tuple(sorted((QuestionGroup(each, (each,)) for each in askings), key=lambda each: -each.count))


def _group(askings: Sequence[Asking], vectors: Floats, places: np.ndarray) -> QuestionGroup:
    inside = vectors[places]
    # The one that is nearest to all others says best what the group is about.
    nearest = int((inside @ inside.T).sum(axis=1).argmax())
    members = [askings[place] for place in places]
    centre = members[nearest]
    others = sorted((each for each in members if each is not centre), key=lambda each: (-each.count, -each.number))
    return QuestionGroup(centre, (centre, *others))
