"""What the optional YAML files at a corpus' root may hold.

``programmes.yaml``, ``contacts.yaml``, ``organisations.yaml`` and ``needs.yaml`` are lists of the records
below, ``thesaurus.yaml`` is a list of :class:`ThesaurusGroup`, ``scope.yaml`` one :class:`Scope`.
Whatever a record says of the world carries the verbatim quote it rests on; ingest checks that the
quote stands in the named document (white space aside). A field left out reads 文件未写明.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from bot.types import Status


class Strict(BaseModel):
    """Frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Quoted(Strict):
    """A statement with its evidence.

    ``value`` is what people read, ``quote`` the words of ``document`` (a document id; left out, it
    is the record's own ``document``).
    """

    value: str = Field(min_length=1)
    quote: str = Field(min_length=2)
    document: str | None = None


class Fact(Quoted):
    """A further stated fact; ``label`` says what it is about (申报人数, 立项数 …)."""

    label: str = Field(min_length=1)


class Dimension(StrEnum):
    """What an eligibility condition is about."""

    REGION = "region"
    INDUSTRY = "industry"
    SIZE = "size"
    QUALIFICATION = "qualification"
    APPLICANT = "applicant"
    PEOPLE = "people"
    AGE = "age"
    AMOUNT = "amount"
    OTHER = "other"


class Condition(Quoted):
    """One condition of a programme.

    ``accepts`` are the names that satisfy it. A condition in figures names what is counted as ``measure``
    (职工人数, 营业收入, 成立时间, 博士 …); its bound is read from the quote. ``open`` says that the quote names
    examples or preferences, so that a firm without them is not turned away (left out, the quote's words decide).
    """

    dimension: Dimension
    accepts: tuple[str, ...] = ()
    measure: str = ""
    open: bool | None = None


class ProgrammeKind(StrEnum):
    """The kinds a programme is listed under."""

    FUNDING = "资金"
    LOAN = "贷款贴息"
    HOUSING = "住房"
    SPACE = "空间"
    MATCHMAKING = "平台对接"
    EVENT = "活动赛事"
    TALENT = "人才"
    POLICY_SYSTEM = "政策体系"


class StatusStatement(Strict):
    """A programme's status with the words it is read from (no quote for ``unknown``)."""

    value: Status
    quote: str | None = None
    document: str | None = None
    as_of: str | None = Field(None, description="ISO date; left out, the document's date")


class Programme(Strict):
    """支持事项: one support programme."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=2)
    aliases: tuple[str, ...] = ()
    kind: ProgrammeKind
    document: str = Field(description="document id that the quotes come from by default")
    status: StatusStatement
    summary: Quoted = Field(description="what it is, in one statement")
    audience: Quoted | None = Field(None, description="for whom")
    form: Quoted | None = Field(None, description="what is given: grant, loan, rent-free time …")
    amount: Quoted | None = Field(None, description="how much at most")
    rate: Quoted | None = Field(None, description="interest or subsidy rate")
    term: Quoted | None = Field(None, description="how long")
    conditions: tuple[Condition, ...] = ()
    deadline: Quoted | None = None
    responsible_body: Quoted | None = None
    how_to_apply: Quoted | None = None
    materials: tuple[Quoted, ...] = Field((), description="what has to be handed in")
    place: Quoted | None = None
    replaced_by: str | None = Field(None, description="id of the programme that replaced it")
    facts: tuple[Fact, ...] = ()
    needs: tuple[str, ...] = Field((), description="lay words for needs this may serve (资金, 租房 …)")
    organisations: tuple[str, ...] = Field((), description="ids in organisations.yaml")


class ContactEntry(Strict):
    """A published contact and the only purpose it may be given for."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    purpose: str = Field(min_length=2, description="for what, as its source says")
    document: str
    quote: str = Field(min_length=2)
    name: str | None = None
    phone: str | None = None
    address: str | None = None
    postcode: str | None = None
    body: str | None = Field(None, description="the office behind it")
    programmes: tuple[str, ...] = Field((), description="only programmes its source says it handles")


class OrganisationKind(StrEnum):
    """What sort of partner an organisation is."""

    INSTITUTE = "院所"
    UNIVERSITY = "高校"
    COMPANY = "企业"
    ALLIANCE = "联盟"
    BANK = "银行"
    PARK = "园区"
    PLATFORM = "平台"
    AGENCY = "机构"
    GOVERNMENT = "政府部门"


class OrganisationEntry(Strict):
    """机构: a possible partner. Every line of ``profile`` and ``fields`` is quoted."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=2)
    aliases: tuple[str, ...] = ()
    kind: OrganisationKind
    document: str
    region: Quoted | None = None
    fields: tuple[Quoted, ...] = Field((), description="what it works on (新材料, 机器人 …)")
    profile: tuple[Quoted, ...] = Field(min_length=1)
    programmes: tuple[str, ...] = ()


class NeedEntry(Strict):
    """需求: one that a document tells of; ingest keeps it in the market as a historic record.

    ``title`` and ``note`` tell no figure that ``quote`` lacks.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)
    title: str = Field(min_length=2, max_length=300)
    document: str
    quote: str = Field(min_length=2, description="the statement that tells of it, word for word")
    fields: tuple[str, ...] = Field((), description="technology fields, in plain words")
    note: str = Field("", description="own words on what the source leaves open (发布单位未写明 …)")


class ThesaurusGroup(Strict):
    """Words people use for one another; a query with one is widened by the others.

    With ``one_way`` the words of ``words`` are widened by ``also``, never the other way round.
    """

    words: tuple[str, ...] = Field(min_length=1)
    also: tuple[str, ...] = ()
    one_way: bool = False


class ExampleGroup(Strict):
    """One column of examples on the first screen."""

    title: str
    questions: tuple[str, ...]


class ScopePlaceKind(StrEnum):
    """What a place inside the region is; all of it lies in the region."""

    STREET = "街镇"
    PARK = "园区"
    ROAD = "路"
    ADDRESS = "地址"
    AREA = "地区"


class ScopePlace(Strict):
    """A place that a document says lies in the region; ``quote`` are that document's words."""

    name: str = Field(min_length=2)
    kind: ScopePlaceKind
    aliases: tuple[str, ...] = ()
    document: str
    quote: str = Field(min_length=2)


class Scope(Strict):
    """What the assistant is for; everything local that the code must not know."""

    name: str = "技术经理人助手"
    region: str = Field("", description="the place whose policies these are")
    region_aliases: tuple[str, ...] = ()
    within: tuple[str, ...] = Field((), description="larger places the region lies in")
    also_covers: tuple[str, ...] = Field((), description="other places the documents speak of")
    places: tuple[ScopePlace, ...] = Field((), description="streets, towns and parks inside the region")
    purpose: str = Field("", description="one line on what it can do")
    limits: str = Field("", description="one line on what it cannot do")
    topics: tuple[str, ...] = ()
    out_of_scope: tuple[str, ...] = Field((), description="words of topics to decline kindly")
    lead_document: str | None = Field(None, description="what 这份答复 / 这份文件 means")
    examples: tuple[ExampleGroup, ...] = ()


class Catalogue(Strict):
    """All staff-kept files of one corpus; every part may be empty."""

    programmes: tuple[Programme, ...] = ()
    contacts: tuple[ContactEntry, ...] = ()
    organisations: tuple[OrganisationEntry, ...] = ()
    needs: tuple[NeedEntry, ...] = ()
    thesaurus: tuple[ThesaurusGroup, ...] = ()
    scope: Scope = Scope()
