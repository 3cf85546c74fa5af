"""Which documents there are: by year, issuer, kind and subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.answering.asking import Asking, Proposal
from bot.answering.draft import Draft, Passage, Statement
from bot.catalogue.models import Scope
from bot.catalogue.quotes import find_quote
from bot.text.figures import FigureKind, parse_figures
from bot.text.tokens import content_bigrams, without
from bot.types import Computed, Document, DocumentKind, DocumentMetadata
from bot.understanding.asked import Asked
from bot.understanding.message import question_subject

LIST_CONFIDENCE = 0.85
MAX_LISTED = 12
#: A document is on the subject when its title holds this share of the subject's pairs.
SUBJECT_SHARE = 0.5
_YEAR = re.compile(r"(?:19|20)\d{2}")
_FRAME = re.compile(r"发布|印发|出台|出过|文件|政策|关于|方面|哪些|年|了|过|的|有|和|个|份")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a question says of the documents it asks for; an empty field says nothing.

    ``pairs`` are those of the subject; ``narrowing`` is false where only the subject tells.
    """

    years: frozenset[str]
    kinds: frozenset[DocumentKind]
    issuers: frozenset[str]
    pairs: frozenset[str]
    narrowing: bool

    def fits(self, metadata: DocumentMetadata) -> bool:
        """Whether a document is one of those asked for."""
        if self.years and (metadata.date or metadata.published or "")[:4] not in self.years:
            return False
        if self.kinds and metadata.document_kind not in self.kinds:
            return False
        if self.issuers and not self.issuers & set(metadata.issuers):
            return False
        if not self.pairs:
            return True
        return len(self.pairs & frozenset(content_bigrams(metadata.title))) / len(self.pairs) >= SUBJECT_SHARE


class DocumentListReader:
    """Lists documents from their metadata, each title quoted where it stands."""

    name = "document_list"

    def __init__(self, scope: Scope, documents: Callable[[], Sequence[tuple[str, DocumentMetadata]]]) -> None:
        self._scope = scope
        self._documents = documents

    def propose(self, asking: Asking) -> Proposal | None:
        """The documents that fit what the question says of them."""
        if asking.understanding.asked is not Asked.DOCUMENTS:
            return None
        wanted = self._wanted(asking.understanding.standalone)
        fitting = [
            (identifier, metadata)
            for identifier, metadata in self._documents()
            if wanted.fits(metadata) and metadata.attached_to is None
        ]
        if not fitting or not wanted.narrowing or len(fitting) > MAX_LISTED:
            return None
        fitting.sort(key=lambda item: item[1].date or "", reverse=True)
        count = Computed(f"{len(fitting)}份", len(fitting), "资料库中的文件")
        lines = [line for identifier, _ in fitting for line in _line(asking.document(identifier))]
        draft = Draft(
            asking.understanding.intent,
            (Statement(f"资料库中符合的文件共{count.text}："), *lines),
            listed=True,
            computed=(count,),
        )
        return Proposal(self.name, draft, LIST_CONFIDENCE, f"{len(fitting)} documents")

    def _wanted(self, question: str) -> _Wanted:
        known = {issuer for _, metadata in self._documents() for issuer in metadata.issuers}
        issuers = frozenset(issuer for issuer in known if issuer in question)
        region = (self._scope.region, *self._scope.region_aliases)
        subject = without(question_subject(question), (*issuers, *(kind.label for kind in DocumentKind), *region))
        return _Wanted(
            years=frozenset(str(f.value)[:4] for f in parse_figures(question) if f.kind is FigureKind.DATE),
            kinds=_kinds(question),
            issuers=issuers,
            pairs=frozenset(content_bigrams(_FRAME.sub(" ", _YEAR.sub(" ", subject)))),
            narrowing=bool(_YEAR.search(question) or _kinds(question) or issuers),
        )


def _kinds(question: str) -> frozenset[DocumentKind]:
    return frozenset(kind for kind in DocumentKind if len(kind.label) > 1 and kind.label in question)


def _line(document: Document) -> Iterator[Statement]:
    metadata = document.metadata
    span = find_quote(document.text, metadata.title)
    start, end = (span.start, span.end) if span is not None else (0, min(len(document.text), 60))
    yield Statement(f"《{metadata.title}》", (Passage(document.id, start, end),), "- ")
