"""The corpus that comes with the project: every card valid, every quote where it says it stands."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from pydantic import BaseModel, TypeAdapter

from bot.catalogue.load import quoted_parts
from bot.catalogue.models import ContactEntry, NeedEntry, OrganisationEntry, Programme, Scope, ThesaurusGroup
from bot.documents.front_matter import FrontMatter, split_front_matter
from bot.types import SourceKind, Status, TextKind

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
LEAD = "policy-reply-2025-31.txt"
#: Words that mean another time with every year that passes; only an original may use them.
UNDATED = re.compile("去年|目前|今年|近日|最近")


def documents() -> dict[str, tuple[FrontMatter, str]]:
    """Front matter and body of every document, by id."""
    found = {}
    for path in sorted(CORPUS.iterdir()):
        if path.suffix in {".md", ".txt"} and path.name != "README.md":
            matter, body = split_front_matter(path.read_text(encoding="utf-8"))
            assert matter is not None, path.name
            found[path.name] = (matter, body)
    return found


DOCUMENTS = documents()
OWN_WORDS = sorted(name for name, (matter, _) in DOCUMENTS.items() if matter.text is TextKind.OWN_WORDS)


def read(name: str, model: type[BaseModel]) -> list[BaseModel]:
    """The records of one catalogue file; a wrong record fails loudly."""
    content = yaml.safe_load((CORPUS / name).read_text(encoding="utf-8"))
    return [TypeAdapter(model).validate_python(item) for item in content]


PROGRAMMES = [item for item in read("programmes.yaml", Programme) if isinstance(item, Programme)]
CONTACTS = [item for item in read("contacts.yaml", ContactEntry) if isinstance(item, ContactEntry)]
ORGANISATIONS = [item for item in read("organisations.yaml", OrganisationEntry) if isinstance(item, OrganisationEntry)]
NEEDS = [item for item in read("needs.yaml", NeedEntry) if isinstance(item, NeedEntry)]
THESAURUS = [item for item in read("thesaurus.yaml", ThesaurusGroup) if isinstance(item, ThesaurusGroup)]
SCOPE = Scope.model_validate(yaml.safe_load((CORPUS / "scope.yaml").read_text(encoding="utf-8")))
QUOTES = [
    pytest.param(document, quote, id=f"{record.id}-{field}-{number}")
    for record in (*PROGRAMMES, *CONTACTS, *ORGANISATIONS, *NEEDS)
    for number, (field, document, quote) in enumerate(quoted_parts(record))
]


def squeezed(text: str) -> str:
    """``text`` without white space and bold marks."""
    return "".join(text.split()).replace("**", "")


@pytest.mark.parametrize(("document", "quote"), QUOTES)
def test_every_quote_stands_in_its_document(document: str, quote: str) -> None:
    assert squeezed(quote) in squeezed(DOCUMENTS[document][1])


@pytest.mark.parametrize(
    "records", [PROGRAMMES, CONTACTS, ORGANISATIONS, NEEDS], ids=["programmes", "contacts", "orgs", "needs"]
)
def test_ids_are_unique(records: list[Programme]) -> None:
    counted = Counter(record.id for record in records)
    assert [identifier for identifier, count in counted.items() if count > 1] == []


def test_every_id_that_is_pointed_to_exists() -> None:
    programmes = {programme.id for programme in PROGRAMMES}
    organisations = {organisation.id for organisation in ORGANISATIONS}
    for programme in PROGRAMMES:
        assert set(programme.organisations) <= organisations, programme.id
        assert programme.replaced_by is None or programme.replaced_by in programmes, programme.id
    for record in (*CONTACTS, *ORGANISATIONS):
        assert set(record.programmes) <= programmes, record.id


def test_links_between_programmes_and_organisations_hold_from_both_sides() -> None:
    by_id = {organisation.id: organisation for organisation in ORGANISATIONS}
    for programme in PROGRAMMES:
        for identifier in programme.organisations:
            assert programme.id in by_id[identifier].programmes, (programme.id, identifier)


def test_a_name_points_to_one_card() -> None:
    names = Counter(name for programme in PROGRAMMES for name in {programme.name, *programme.aliases})
    assert [name for name, count in names.items() if count > 1] == []


def test_a_need_bears_the_name_its_document_gives_it() -> None:
    assert [need.id for need in NEEDS if need.title not in need.quote] == []


def test_a_status_that_is_told_has_its_words() -> None:
    assert [p.id for p in PROGRAMMES if p.status.value is not Status.UNKNOWN and not p.status.quote] == []


def test_what_is_superseded_names_what_replaced_it() -> None:
    superseded = {p.id for p in PROGRAMMES if p.status.value is Status.SUPERSEDED}
    assert superseded == {p.id for p in PROGRAMMES if p.replaced_by} != set()


@pytest.mark.parametrize(
    ("programme", "status"),
    [
        ("preferred-purchase", Status.DRAFT),
        ("joint-innovation", Status.REPORTED),
        ("innovation-market", Status.UNDER_CONSTRUCTION),
        ("technology-managers", Status.PLANNED),
        ("ai-summer-school", Status.PLANNED),
        ("talent-housing-trial", Status.PILOT),
        ("relief-financing", Status.SUPERSEDED),
        ("financing-centre", Status.IN_FORCE),
        ("taizhou-putuo-fair", Status.COMPLETED),
        ("smart-software-round-2023", Status.EXPIRED),
        ("ic-industry-draft", Status.DRAFT),
        ("tech-service-draft", Status.DRAFT),
    ],
)
def test_statuses_follow_the_order_of_precedence(programme: str, status: Status) -> None:
    assert {p.id: p.status.value for p in PROGRAMMES}[programme] is status


def test_attributes_that_no_source_states_are_left_empty() -> None:
    cards = {programme.id: programme for programme in PROGRAMMES}
    for identifier in ("gaoxin-loan", "shanxin-loan", "zhihui-loan", "puxin-loan", "steady-growth-financing"):
        card = cards[identifier]
        assert (card.amount, card.rate, card.term, card.deadline, card.how_to_apply) == (None,) * 5, identifier
    joint = cards["joint-innovation"]
    assert (joint.deadline, joint.how_to_apply, joint.responsible_body) == (None,) * 3
    assert cards["ic-industry-draft"].amount is None


def test_the_number_under_the_reply_is_for_the_reply_alone() -> None:
    (entry,) = [contact for contact in CONTACTS if contact.phone]
    assert entry.document == LEAD
    assert entry.programmes == ()
    assert DOCUMENTS[LEAD][0].document_number in entry.purpose


def test_two_centres_of_like_name_are_never_one() -> None:
    names = {name for item in ORGANISATIONS for name in (item.name, *item.aliases)}
    assert "上海集成电路研究中心" in names
    assert not any("集成电路研发中心" in name for name in names)


@pytest.mark.parametrize("name", OWN_WORDS)
def test_own_words_name_their_page(name: str) -> None:
    matter, body = DOCUMENTS[name]
    if matter.kind is SourceKind.NOTE:
        return
    assert matter.source is not None
    assert urlsplit(matter.source).netloc
    assert body.rstrip().endswith(matter.source)


@pytest.mark.parametrize("name", OWN_WORDS)
def test_own_words_give_times_that_stay_true(name: str) -> None:
    assert UNDATED.findall(DOCUMENTS[name][1]) == []


def test_the_lead_document_is_the_original() -> None:
    matter, body = DOCUMENTS[LEAD]
    assert SCOPE.lead_document == LEAD
    assert matter.text is TextKind.VERBATIM
    assert body.count("去年") == 2
    assert body.rstrip().endswith("2025年6月5日印发")


def test_a_group_of_the_thesaurus_says_something() -> None:
    for group in THESAURUS:
        assert len({*group.words, *group.also}) > 1, group
        assert not group.one_way or group.also, group
        assert not set(group.words) & set(group.also), group


def test_no_word_to_decline_stands_in_a_name_or_an_example() -> None:
    wanted = [question for group in SCOPE.examples for question in group.questions]
    wanted += [name for programme in PROGRAMMES for name in (programme.name, *programme.aliases)]
    assert [(word, text) for word in SCOPE.out_of_scope for text in wanted if word in text] == []
