"""What one field of a record is, said in the line that declares it; everything that shows or takes it asks here.

``budget: str = told("预算", FieldType.LINE, default="", question=…, example=…)`` declares the field and describes it.
Template, import, form, conversation, table column, details, preview, letters, search and the quality gate's public
text all follow from the description.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, Flag, IntEnum, StrEnum, auto
from typing import Any, TypedDict, TypeVar, Unpack, dataclass_transform, overload

#: Longest text of one field, in characters: a page of A4 holds about 1,500; ten pages are no summary.
MAX_TEXT = 20_000
MAX_LINE = 300
_SPEC = "spec"
_T = TypeVar("_T")


class FieldType(StrEnum):
    """How a cell or form value is read, kept and, as words or not, shown."""

    ID = "id"
    LINE = "line"
    TEXT = "text"
    LIST = "list"
    TRL = "trl"
    DATE = "date"
    YES_NO = "yes_no"
    CONFIDENTIALITY = "confidentiality"
    OWNER = "owner"

    @property
    def coded(self) -> bool:
        """Whether its values admit nothing private: a key, a level, a date, a choice. All else is words."""
        return self in _CODED


_CODED = frozenset(
    {FieldType.ID, FieldType.OWNER, FieldType.TRL, FieldType.DATE, FieldType.YES_NO, FieldType.CONFIDENTIALITY}
)


class Audience(Enum):
    """Who reads a field, and how."""

    ANYBODY = "anybody"
    MASKED = "masked"
    DESK = "desk"


class Place(Flag):
    """Where a field stands besides the files of staff. ``DETAILS`` is a line below the head of a record's card."""

    NOWHERE = 0
    FORM = auto()
    DETAILS = auto()
    PREVIEW = auto()
    LETTER = auto()
    EVERYWHERE = FORM | DETAILS | PREVIEW | LETTER


class Search(IntEnum):
    """What a record is found by, in the order it is read: what it is about, what proves that, its technology field."""

    SUBJECT = 1
    PROOF = 2
    TECHNOLOGY = 3


class Answer(Enum):
    """What an answer told in conversation looks like; anything else is asked for once more."""

    ANYTHING = "anything"
    MONEY = "money"
    TIME = "time"
    PLACE = "place"
    LEVEL = "level"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field.

    ``question`` is asked when it is missing, ``example`` stands in the template. ``turn`` is the place of its
    question in a conversation, 0 for a field that is not asked there; with ``lead`` it stands before the folded
    part of a form. ``private`` keeps words from everybody but the desk.
    """

    name: str
    label: str
    type: FieldType
    aliases: tuple[str, ...] = ()
    question: str = ""
    example: str = ""
    required: bool = False
    private: bool = False
    places: Place = Place.EVERYWHERE
    search: Search | None = None
    turn: int = 0
    lead: bool = False
    answer: Answer = Answer.ANYTHING

    @property
    def max_length(self) -> int:
        """Longest value in characters."""
        return MAX_TEXT if self.type in (FieldType.TEXT, FieldType.LIST) else MAX_LINE

    @property
    def audience(self) -> Audience:
        """Words are never shown as they are: no description can say so."""
        if self.private or self.type is FieldType.OWNER:
            return Audience.DESK
        return Audience.ANYBODY if self.type.coded else Audience.MASKED

    def stands_in(self, place: Place) -> bool:
        """Whether the field is shown, or asked, in ``place``."""
        return self.audience is not Audience.DESK and bool(place & self.places)


class Said(TypedDict, total=False):
    """What a description may say beside label and type; see :class:`FieldSpec`."""

    aliases: tuple[str, ...]
    question: str
    example: str
    required: bool
    private: bool
    places: Place
    search: Search
    turn: int
    lead: bool
    answer: Answer


@overload
def told(label: str, type: FieldType, **said: Unpack[Said]) -> Any: ...
@overload
def told(label: str, type: FieldType, *, default: _T, **said: Unpack[Said]) -> _T: ...
def told(label: str, type: FieldType, *, default: Any = dataclasses.MISSING, **said: Unpack[Said]) -> Any:
    """A dataclass field with its description; without ``default`` the field must be given."""
    spec = FieldSpec(name="", label=label, type=type, **said)
    return dataclasses.field(default=default, metadata={_SPEC: spec})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(told,))
def record(cls: type[_T]) -> type[_T]:
    """Make a frozen dataclass of keyword arguments whose fields are :func:`told`."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


def described(cls: type[Any]) -> tuple[FieldSpec, ...]:
    """The fields of a record, those its kind declares itself before those all kinds share."""
    specs: Mapping[str, FieldSpec] = {
        field.name: dataclasses.replace(field.metadata[_SPEC], name=field.name)
        for field in dataclasses.fields(cls)
        if _SPEC in field.metadata
    }
    declared = dict.fromkeys(name for each in cls.__mro__ for name in inspect.get_annotations(each))
    return tuple(specs[name] for name in declared if name in specs)
