"""The one error tree.

::

    AssistantError                     everything this project raises on purpose
    ├── UsageError                     the caller asked for something that cannot be done
    │   ├── QuestionError              empty, too long or unreadable question
    │   └── SettingsError              an unknown or impossible setting
    ├── CorpusError                    something in the corpus folder cannot be used
    │   ├── DocumentError              one file cannot be read
    │   └── CatalogueError             programmes/contacts/organisations/needs/thesaurus/scope are wrong
    ├── SearchIndexError               the index is missing, damaged or of another embedder
    │   ├── IndexMissing
    │   ├── EmbedderMissing            the embedding model is not on this machine, or damaged
    │   ├── EmbeddingServiceError      the embeddings service failed
    │   └── VectorServerError          the Chroma server failed; the vectors beside the index stand in
    ├── MarketError                    needs, offers, organisations, matches
    │   ├── StoreError                 the database cannot be asked now; it may be back soon
    │   ├── ConsentError               a step that consent does not cover yet
    │   └── EntryError                 one entry of a form is missing or wrong
    ├── BackupError                    a backup cannot be made, or not be restored
    ├── InquiryError                   a question left for the office
    ├── PipelineError                  case files, kept filters, likely duplicates and lists at the desk
    ├── AccountError                   users of the desk
    │   └── SignInError                wrong name or password, or too many tries
    └── ModelServiceError              the chat model service failed; the offline answer stands in
        └── ModelCallError             one call failed (bot.llm), with its reason

A message gives the value, what was tried and the remedy.
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of the tree. ``str()`` is one sentence or two a user can act on."""

    def __init__(self, message: str, *, value: object = None, tried: str = "", remedy: str = "") -> None:
        self.message = message
        self.value = value
        self.tried = tried
        self.remedy = remedy
        super().__init__(self._sentence())

    @property
    def public(self) -> str:
        """What a visitor is told."""
        return str(self)

    def _sentence(self) -> str:
        parts = [self.message if self.value is None else f"{self.message}：{self.value}"]
        if self.tried:
            parts.append(f"已尝试：{self.tried}")
        if self.remedy:
            parts.append(f"解决办法：{self.remedy}")
        return "。".join(part.rstrip("。") for part in parts) + "。"


class UsageError(AssistantError):
    """The caller asked for something that cannot be done."""


class QuestionError(UsageError):
    """The question is empty, too long or not text."""


class SettingsError(UsageError):
    """A setting is unknown or impossible."""


class CorpusError(AssistantError):
    """Something in the corpus folder cannot be used."""


class DocumentError(CorpusError):
    """One file cannot be read."""


class CatalogueError(CorpusError):
    """A catalogue file of the corpus is wrong."""


class SearchIndexError(AssistantError):
    """The index cannot be used."""


class IndexMissing(SearchIndexError):
    """No index has been built in the data folder."""


class EmbedderMissing(SearchIndexError):
    """The embedding model is not on this machine."""


class EmbeddingServiceError(SearchIndexError):
    """The embeddings service failed."""


class VectorServerError(SearchIndexError):
    """The Chroma server cannot be asked, or lacks what it should hold."""


class MarketError(AssistantError):
    """Needs, offers, organisations or matches cannot be used as asked."""


class StoreError(MarketError):
    """The database cannot be asked now: away, gone, full, damaged, or another's."""

    @property
    def public(self) -> str:
        """What went wrong; where the database lies and what it said is for staff, the log and ``doctor``."""
        return f"{self.message}。问答照常；请稍后再试，还不行就告诉管理员。"


class ConsentError(MarketError):
    """A step that the consent on record does not cover."""


class EntryError(MarketError):
    """An entry of a form is missing or wrong; ``entry`` is its name, for the form to show it there."""

    def __init__(self, message: str, *, entry: str, value: object = None, tried: str = "", remedy: str = "") -> None:
        super().__init__(message, value=value, tried=tried, remedy=remedy)
        self.entry = entry


class BackupError(AssistantError):
    """A backup cannot be made, is damaged or newer than this program, or may not take the place of what is there."""


class InquiryError(AssistantError):
    """A question left for the office cannot be taken, found or answered as asked."""


class QuestionsError(AssistantError):
    """A kept question or a gap cannot be found or changed as asked."""


class PipelineError(AssistantError):
    """A case, a kept filter, a likely duplicate or a list cannot be used as asked."""


class JobError(AssistantError):
    """Long work cannot be started, taken or found as asked."""


class AccountError(AssistantError):
    """A user cannot be added, changed or found as asked."""


class SignInError(AccountError):
    """Nobody is signed in: wrong name or password, or too many tries."""


class ModelServiceError(AssistantError):
    """The chat model service failed."""
