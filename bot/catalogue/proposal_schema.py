"""What a model is asked to send when it proposes catalogue records: the catalogue's shape, made lenient."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from bot.catalogue.models import OrganisationKind, ProgrammeKind
from bot.types import Status


class _Loose(BaseModel):
    """What a model may send: unknown keys ignored, everything optional but the name."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class ProposedQuote(_Loose):
    """A stretch of a quote."""

    value: str = Field("", description="引文里连续的一段，逐字照抄")
    quote: str = Field("", description="原文中连续的一段，逐字照抄")


class ProposedFact(ProposedQuote):
    """A further fact; ``label`` says what it is about."""

    label: str = ""


class ProposedCondition(ProposedQuote):
    """One condition."""

    dimension: str = Field("other", description="region|industry|size|qualification|applicant|other")
    accepts: list[str] = []


class ProposedProgramme(_Loose):
    """One support programme."""

    id: str = ""
    name: str
    aliases: list[str] = []
    kind: str = Field("", description="|".join(kind.value for kind in ProgrammeKind))
    status: str = Field("unknown", description="|".join(status.value for status in Status))
    status_quote: str = Field("", description="表明状态的原文")
    summary: ProposedQuote | None = None
    audience: ProposedQuote | None = None
    form: ProposedQuote | None = None
    amount: ProposedQuote | None = None
    rate: ProposedQuote | None = None
    term: ProposedQuote | None = None
    conditions: list[ProposedCondition] = []
    deadline: ProposedQuote | None = None
    responsible_body: ProposedQuote | None = None
    how_to_apply: ProposedQuote | None = None
    place: ProposedQuote | None = None
    facts: list[ProposedFact] = []


class ProposedContact(_Loose):
    """One published contact."""

    id: str = ""
    purpose: str = ""
    quote: str = ""
    name: str | None = None
    phone: str | None = None
    address: str | None = None
    postcode: str | None = None
    body: str | None = None


class ProposedOrganisation(_Loose):
    """One organisation that may be a partner."""

    id: str = ""
    name: str
    kind: str = Field("", description="|".join(kind.value for kind in OrganisationKind))
    region: ProposedQuote | None = None
    fields: list[ProposedQuote] = []
    profile: list[ProposedQuote] = []


class ProposedRecords(_Loose):
    """All that one part of a document holds."""

    programmes: list[ProposedProgramme] = []
    contacts: list[ProposedContact] = []
    organisations: list[ProposedOrganisation] = []
