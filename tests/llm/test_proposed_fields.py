"""What a field, a status or a contact that a model proposes may say: no more than its own words in the document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.catalogue.models import Programme, Quoted
from bot.catalogue.proposal_checks import places_of, squeezed
from bot.catalogue.proposal_fields import FieldChecker
from bot.catalogue.proposal_schema import ProposedRecords
from bot.catalogue.proposals import checked
from bot.types import Document, DocumentMetadata, Status
from tests.catalogue import proposal_cases_later as later
from tests.catalogue.proposal_cases import (
    CONTACTS,
    HONEST_CONTACTS,
    HONEST_FIELDS,
    HOSTILE_CONTACTS,
    HOSTILE_FIELDS,
    HOSTILE_STATUSES,
    MEASURES,
)

# --- what a field may say ---------------------------------------------------------------------------

OTHER_DOCUMENT = Document("innovation.md", MEASURES, "hash", DocumentMetadata("关于支持创新的若干措施"))


def card_of(name: str, **fields: Any) -> Any:
    """The card of a programme, with its own name as summary where none is given, or None."""
    place = MEASURES.index(name)
    quote = MEASURES[place : place + max(len(name), 4)]
    summary = {"value": quote, "quote": quote}
    content = {"id": "card", "name": name, "kind": "资金", "summary": summary, **fields}
    found = checked(OTHER_DOCUMENT, [ProposedRecords.model_validate({"programmes": [content]})])
    return found.programmes[0] if found.programmes else None


def value_of(name: str, field: str, value: str, quote: str) -> str:
    """What the field says after it was proposed, empty where it was left out."""
    pointed: Any = {"value": value, "quote": quote}
    if field in ("conditions", "facts"):
        card = card_of(name, **{field: [pointed | {"label": "支持"}]})
        return "".join(each.value for each in getattr(card, field))
    card = card_of(name, **{field: pointed})
    kept = getattr(card, field) if card is not None else None
    if kept is not None:
        assert "".join(kept.value.split()) in "".join(kept.quote.split())
        assert "".join(kept.quote.split()) in "".join(MEASURES.split())
    return kept.value if kept is not None else ""


@pytest.mark.parametrize(("name", "field", "value", "quote", "must"), HOSTILE_FIELDS)
def test_a_field_says_no_more_than_its_document(
    name: str, field: str, value: str, quote: str, must: str | None
) -> None:
    said = value_of(name, field, value, quote)
    if must is None:
        assert said == ""
    else:
        assert not said or must in said


@pytest.mark.parametrize(("name", "field", "value", "quote", "kept"), HONEST_FIELDS)
def test_what_the_document_says_is_kept(name: str, field: str, value: str, quote: str, kept: str) -> None:
    assert kept in value_of(name, field, value, quote)


@pytest.mark.parametrize(("name", "status", "quote"), HOSTILE_STATUSES)
def test_no_programme_is_told_in_force_without_its_own_words(name: str, status: str, quote: str) -> None:
    card = card_of(name, status=status, status_quote=quote)
    assert card.status.value is not Status.IN_FORCE


@pytest.mark.parametrize(
    ("name", "status", "quote"),
    [
        ("人才直通车", Status.IN_FORCE, "已推出人才直通车"),
        ("检测公共平台", Status.IN_FORCE, "检测公共平台已投入运营"),
        ("领航贷", Status.PLANNED, "拟设立领航贷"),
        ("中试共享平台", Status.UNDER_CONSTRUCTION, "园区正在打造中试共享平台"),
        ("人才专列", Status.SUPERSEDED, "原人才专列同时废止"),
    ],
)
def test_an_agreed_status_is_kept(name: str, status: Status, quote: str) -> None:
    assert card_of(name, status=status.value, status_quote=quote).status.value is status


def test_a_status_is_not_kept_beside_a_summary_that_tells_of_a_plan() -> None:
    text = "园区拟设立领航贷。\n领航贷已投入运营。\n"
    document = Document("d", text, "hash", DocumentMetadata("若干措施"))
    card = {
        "id": "a",
        "name": "领航贷",
        "kind": "资金",
        "summary": {"value": "拟设立领航贷", "quote": "园区拟设立领航贷"},
    }
    claimed = card | {"status": "in_force", "status_quote": "领航贷已投入运营"}
    found = checked(document, [ProposedRecords.model_validate({"programmes": [claimed]})])
    assert found.programmes[0].status.value is Status.UNKNOWN


LATER_DOCUMENT = Document("rules.md", later.MEASURES, "hash", DocumentMetadata("关于促进科技服务业发展的实施细则"))


def later_value(name: str, field: str, value: str, quote: str) -> str:
    traced = FieldChecker(LATER_DOCUMENT).traced(field, value, quote, (name,), ())
    return traced.value if isinstance(traced, Quoted) else ""


@pytest.mark.parametrize(("name", "field", "value", "quote", "must"), later.HOSTILE_FIELDS)
def test_a_field_of_other_rules_says_no_more(name: str, field: str, value: str, quote: str, must: str | None) -> None:
    said = later_value(name, field, value, quote)
    assert said == "" if must is None else not said or must in said


@pytest.mark.parametrize(("name", "field", "value", "quote", "kept"), later.HONEST_FIELDS)
def test_what_other_rules_say_is_kept(name: str, field: str, value: str, quote: str, kept: str) -> None:
    assert kept in later_value(name, field, value, quote)


@pytest.mark.parametrize(("name", "status", "quote"), later.HOSTILE_STATUSES)
def test_no_programme_of_other_rules_is_told_in_force(name: str, status: str, quote: str) -> None:
    read = FieldChecker(LATER_DOCUMENT).status(status, quote, (name,), ())
    assert not isinstance(read, Quoted) or read.value != "in_force"


def said_in(text: str, name: str, field: str, value: str, quote: str) -> str:
    document = Document("d", text, "hash", DocumentMetadata("若干措施"))
    traced = FieldChecker(document).traced(field, value, quote, (name,), ())
    return traced.value if isinstance(traced, Quoted) else ""


def test_a_value_that_ends_before_its_unit_is_widened() -> None:
    said = said_in("领航贷补助标准是40万欧元。", "领航贷", "conditions", "标准是40万", "补助标准是40万")
    assert said == "领航贷补助标准是40万欧元"


def test_a_section_ends_where_another_of_its_rank_begins() -> None:
    text = "## 领航计划\n单个企业最高20万元。\n## 人才引进\n每人最高10万元。\n"
    assert said_in(text, "领航计划", "amount", "最高20万元", "单个企业最高20万元")
    assert said_in(text, "领航计划", "amount", "最高10万元", "每人最高10万元") == ""


# --- the catalogue that staff wrote -----------------------------------------------------------------

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
FIELDS = "summary audience form amount rate term deadline responsible_body how_to_apply place".split()


def staff_fields(card: Programme) -> list[tuple[str, Quoted]]:
    own = [(key, getattr(card, key)) for key in FIELDS if getattr(card, key) is not None]
    own += [("conditions", each) for each in card.conditions] + [("facts", each) for each in card.facts]
    return [(key, quoted) for key, quoted in own if quoted.document in (None, card.document)]


@pytest.fixture(scope="module")
def staff_cards() -> list[tuple[Programme, FieldChecker, list[str]]]:
    """The cards whose names stand in their documents, with these names."""
    content = yaml.safe_load((CORPUS / "programmes.yaml").read_text(encoding="utf-8"))
    cards = [Programme.model_validate(each) for each in content]
    checkers: dict[str, FieldChecker] = {}
    found = []
    for card in cards:
        text = (CORPUS / card.document).read_text(encoding="utf-8")
        document = Document(card.document, text, "hash", DocumentMetadata(card.document))
        checker = checkers.setdefault(card.document, FieldChecker(document))
        if names := [name for name in (card.name, *card.aliases) if checker.stands(name)]:
            found.append((card, checker, names))
    return found


def test_most_of_what_staff_wrote_would_be_kept(staff_cards: list[tuple[Programme, FieldChecker, list[str]]]) -> None:
    kept: list[bool] = []
    for card, checker, names in staff_cards:
        others = [other.name for other, _, _ in staff_cards if other.document == card.document and other is not card]
        for key, quoted in staff_fields(card):
            if next(places_of(quoted.quote, quoted.value), None) is not None:
                kept.append(isinstance(checker.traced(key, quoted.value, quoted.quote, names, others), Quoted))
    assert len(kept) > 100 and sum(kept) >= 0.9 * len(kept)


def test_the_words_of_one_card_are_not_told_of_another(
    staff_cards: list[tuple[Programme, FieldChecker, list[str]]],
) -> None:
    """Where a clause lists several (甲银行的“高新贷”、乙银行的“善新贷”) all of it is told."""
    tried, wrong = 0, []
    for card, checker, names in staff_cards:
        own = [squeezed(quoted.quote) for _, quoted in staff_fields(card)]
        for other, _, _ in staff_cards:
            if other is card or other.document != card.document:
                continue
            for key, quoted in staff_fields(other):
                words = squeezed(quoted.quote)
                shared = any(words in each or each in words for each in own)
                if shared or any(squeezed(name) in words for name in names):
                    continue
                tried += 1
                traced = checker.traced(key, quoted.value, quoted.quote, names, ())
                if isinstance(traced, Quoted) and not any(squeezed(name) in squeezed(traced.value) for name in names):
                    wrong.append((card.name, other.name, key, traced.value))
    assert tried > 1000 and len(wrong) <= 0.01 * tried, wrong


def contact_of(content: dict[str, str]) -> Any:
    document = Document("contacts.txt", CONTACTS, "hash", DocumentMetadata("若干措施"))
    record = {"id": "contact", "purpose": "联系方式", **content}
    found = checked(document, [ProposedRecords.model_validate({"contacts": [record]})])
    return found.contacts[0] if found.contacts else None


@pytest.mark.parametrize(("content", "field"), HOSTILE_CONTACTS)
def test_a_contact_holds_nothing_of_another_office(content: dict[str, str], field: str) -> None:
    contact = contact_of(content)
    assert contact is None or getattr(contact, field) != content[field]


@pytest.mark.parametrize("content", HONEST_CONTACTS)
def test_a_contact_is_kept_as_it_stands(content: dict[str, str]) -> None:
    contact = contact_of(content)
    assert {key: getattr(contact, key) for key in content if key != "quote"} == {
        key: value for key, value in content.items() if key != "quote"
    }


def test_accepted_words_labels_and_aliases_are_the_documents_own() -> None:
    pointed = {"value": "房地产企业除外", "quote": "在园区注册，房地产企业除外"}
    condition = pointed | {"dimension": "industry", "accepts": ["房地产企业", "制造企业"]}
    fact = {"label": "最快一天到账", "value": "在园区注册", "quote": "申报单位应当在园区注册"}
    card = card_of("概念验证项目", conditions=[condition], facts=[fact], aliases=["概念验证", "成果转化项目", "验证贷"])
    assert card.conditions[0].accepts == ()
    assert card.facts[0].label == "原文所载"
    assert card.aliases == ("概念验证",)


ORGANISATIONS = """合作机构
星河材料研究所从事高分子膜材料研发，可为企业提供中试服务。蓝海能源研究院从事储能研发，不对外提供中试服务。
"""


@pytest.mark.parametrize(
    ("name", "value", "quote", "kept"),
    [
        ("星河材料研究所", "可为企业提供中试服务", "可为企业提供中试服务", "可为企业提供中试服务"),
        ("星河材料研究所", "从事储能研发", "蓝海能源研究院从事储能研发", ""),
        ("星河材料研究所", "储能", "从事储能研发", ""),
        ("蓝海能源研究院", "可为企业提供中试服务", "可为企业提供中试服务", ""),
        ("蓝海能源研究院", "对外提供中试服务", "对外提供中试服务", "不对外提供中试服务"),
        ("蓝海能源研究院", "从事储能研发", "蓝海能源研究院从事储能研发", "从事储能研发"),
    ],
)
def test_an_organisation_is_told_only_what_is_its_own(name: str, value: str, quote: str, kept: str) -> None:
    document = Document("d", ORGANISATIONS, "hash", DocumentMetadata("合作机构"))
    record = {"id": "o", "name": name, "kind": "院所", "profile": [{"value": value, "quote": quote}]}
    found = checked(document, [ProposedRecords.model_validate({"organisations": [record]})])
    assert "".join(each.profile[0].value for each in found.organisations) == kept
