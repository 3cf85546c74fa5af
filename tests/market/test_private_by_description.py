"""Whatever was told in words is masked wherever others read it: every field of the description, in every outlet."""

import re
from dataclasses import replace
from datetime import date

import pytest

from bot.introductions.drafting import draft_introduction
from bot.introductions.records import Form, Stage
from bot.market.exporting import write_public_records
from bot.market.fields import FIELDS, RECORDS, Audience, FieldType, kind_of
from bot.market.market_index import shelf_record
from bot.market.records import Confidentiality, Organisation, declared_id
from bot.types import PrivateContact, RecordKind
from bot.web.texts.languages import view_texts
from bot.web.views.finding import record_card, record_details

UNIT, PERSON, PHONE = "上海星火新材料科技有限公司", "钱多多", "13812345678"
#: Planted in one field at a time, with what must not be readable of it.
HOSTILE = {
    "phone": (f"详情请拨{PHONE}找我", PHONE),
    "landline": ("有意者请拨0533-6600011转801", "6600011"),
    "chat": ("微信同号qingyan_2025", "qingyan_2025"),
    "mail": ("写信到 fan@example.com", "fan@example"),
    "person": (f"由{PERSON}负责", PERSON),
    "unit": (f"{UNIT}现有产线", "星火"),
}
SIDES = (RecordKind.NEED, RecordKind.OFFER)
WORDS = [(kind, spec) for kind in SIDES for spec in FIELDS[kind] if not spec.type.coded]
TEXTS = view_texts("zh")


def planted():
    """Records with one hostile text in one field, by id, and what must not be read of them."""
    for kind, spec in WORDS:
        for name, (told, secret) in HOSTILE.items():
            value = (told,) if spec.type is FieldType.LIST else told
            given = {"id": f"{kind.value}-{spec.name}-{name}", "title": "低温锂电池快速充电"} | {spec.name: value}
            hidden = Confidentiality.CONFIDENTIAL if name == "unit" else Confidentiality.OPEN
            yield RECORDS[kind](**given, owner_id=declared_id(UNIT), confidentiality=hidden), secret


CASES = tuple(planted())


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    from bot.market.service import Market
    from bot.settings import load_settings

    folder = tmp_path_factory.mktemp("private")
    market = Market(load_settings(environment={}, settings_file=folder / "none.toml", data_dir=folder / "data"))
    owner = Organisation(id=declared_id(UNIT), title=UNIT)
    market.store.save(owner, actor="t", contact=PrivateContact(name=PERSON, phone=PHONE))
    for kind in SIDES:
        records = [record for record, _ in CASES if kind_of(record) is kind]
        partner = RECORDS[kind](id=f"{kind.value}-partner", title="低温锂电池快速充电装置")
        market.store.save_many([*records, partner], actor="t", publish=True)
    yield market
    market.store.database.close()


def leaks(shown):
    """The cases whose secret is read in what ``shown`` gives of their record."""
    found = []
    for record, secret in CASES:
        read = re.sub(r"<[^>]*>", " ", shown(record)).replace(record.id, "")
        if record.confidentiality is Confidentiality.OPEN:
            # The owner of an open record is named beside it; its short name in the words may stay.
            read = read.replace(f"{UNIT}（自报）", "")
        if secret in read:
            found.append(record.id)
    return found


def test_every_field_of_words_is_planted_with_every_kind_of_secret():
    assert len(WORDS) >= 27 and len(CASES) == len(WORDS) * len(HOSTILE)
    assert {spec.audience for _, spec in WORDS} == {Audience.MASKED, Audience.DESK}
    assert all(
        any(secret in str(getattr(record, spec.name)) for _, spec in WORDS if hasattr(record, spec.name))
        for record, secret in CASES
    )


def test_nothing_private_is_read_of_a_record_that_came_through_the_door(filled):
    assert leaks(lambda record: repr(replace(filled.door.public(record), owner_id=None))) == []
    assert leaks(lambda record: repr(replace(filled.door.blind(record), owner_id=None))) == []


def test_nothing_private_is_read_in_list_and_details(filled):
    records = {record.id: record for record in filled.newest(len(CASES) + 2)[0]}
    assert leaks(lambda record: str(record_card(records[record.id], TEXTS))) == []

    def page(record):
        public = filled.public_record(kind_of(record), record.id)
        return str(record_details(public, filled.owner_shown(public), TEXTS))

    assert leaks(page) == []


def test_nothing_private_is_read_in_preview_and_search(filled):
    assert leaks(lambda record: repr(filled.preview(record).lines)) == []
    assert leaks(lambda record: repr(shelf_record(filled.public_record(kind_of(record), record.id), record.id))) == []


def test_nothing_private_is_read_in_matches(filled):
    found = filled.matcher.match_text("低温锂电池快速充电", 2 * len(CASES))
    matches = {match.id: repr(replace(match, owner="")) for match in (*found.matches, *found.historic)}
    assert len(matches) >= len(CASES) / 2
    assert leaks(lambda record: matches.get(record.id, "")) == []


@pytest.mark.parametrize("form", list(Form))
def test_nothing_private_is_read_in_a_blind_letter(filled, form):
    def letter(record):
        is_need = kind_of(record) is RecordKind.NEED
        pair = (record.id, "offers-partner") if is_need else ("needs-partner", record.id)
        stage = Stage.ASK_OFFER_OWNER if is_need else Stage.ASK_NEED_OWNER
        drafted = draft_introduction(filled, *pair, form, stage, today=date(2026, 3, 1))
        assert drafted.blocked is None
        return "\n".join((drafted.text, *(fact.text for fact in drafted.facts)))

    assert leaks(letter) == []


@pytest.mark.parametrize("kind", SIDES)
def test_nothing_private_is_read_in_a_list_for_the_public(filled, tmp_path, kind):
    path = tmp_path / "public.csv"
    count = write_public_records(filled.door, kind, filled.store.iterate(kind), path)
    text = path.read_text(encoding="utf-8-sig")
    rows = [row for row in text.splitlines() if "低温" in row or "〔" in row]
    assert count == sum(kind_of(record) is kind for record, _ in CASES) + 1 and len(rows) == count
    for secret in (PHONE, "6600011", "qingyan_2025", "fan@example", PERSON):
        assert secret not in text
    header = text.splitlines()[0].split(",")
    assert header == [spec.label for spec in FIELDS[kind] if spec.audience is not Audience.DESK]


def test_a_list_for_the_public_holds_no_record_that_is_not(filled, tmp_path):
    draft = RECORDS[RecordKind.NEED](id="draft", title="草稿里的需求")
    count = write_public_records(filled.door, RecordKind.NEED, [draft], tmp_path / "none.csv")
    assert count == 0 and "草稿里的需求" not in (tmp_path / "none.csv").read_text(encoding="utf-8-sig")
