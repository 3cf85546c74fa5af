"""A field is described once: every place that shows, asks, keeps or searches it follows the description."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from bot.introductions.facts import record_facts
from bot.introductions.records import Language as LetterLanguage
from bot.introductions.templates import Templates
from bot.market.drafting import HINTS, next_question, start_draft, take_answer
from bot.market.evidence import searched_text, topic_text
from bot.market.exporting import template_bytes, write_records
from bot.market.fields import CONTACT_FIELDS, FIELDS, RECORDS, Answer, Audience, FieldType, Place, Search
from bot.market.importing import import_file
from bot.market.masking import preview
from bot.market.quality import public_text
from bot.market.records import Confidentiality, Need
from bot.market.records.description import FieldSpec, record, told
from bot.market.rows import LIFE_FIELDS
from bot.market.tables import TABLES
from bot.store import migrate
from bot.types import RecordKind
from bot.web.texts import Language
from bot.web.texts.languages import view_texts
from bot.web.texts.views_english import ENGLISH_VIEWS
from bot.web.views.fields import details, form_specs, form_values, inputs, record_values

SIDES = (RecordKind.NEED, RecordKind.OFFER)
EACH = [pytest.param(kind, spec, id=f"{kind.value}.{spec.name}") for kind in SIDES for spec in FIELDS[kind]]
ZH = view_texts(Language.CHINESE.value)
ROOT = Path(__file__).resolve().parents[2]
WORDS = "甲乙丙丁戊己庚辛"
#: A value of every type, as a cell says it and as a record holds it.
VALUES = {
    FieldType.ID: ("k-7", "k-7"),
    FieldType.LINE: (WORDS, WORDS),
    FieldType.TEXT: (WORDS, WORDS),
    FieldType.LIST: (f"{WORDS}；壬癸", (WORDS, "壬癸")),
    FieldType.TRL: ("7", 7),
    FieldType.DATE: ("2031-05-06", "2031-05-06"),
    FieldType.YES_NO: ("是", True),
    FieldType.CONFIDENTIALITY: ("保密", Confidentiality.CONFIDENTIAL),
    FieldType.OWNER: ("示例研究所", "g1"),
}


def made(kind, spec):
    """A record with a value in ``spec``'s field alone, beside what every record has."""
    given = {"id": "r1", "title": "低温快充"} | {spec.name: VALUES[spec.type][1]}
    return RECORDS[kind](**given)


def shown(spec):
    """What a reader sees of the value of :func:`made`."""
    value = VALUES[spec.type][1]
    if isinstance(value, bool):
        return "是"
    return (
        value.label
        if isinstance(value, Confidentiality)
        else VALUES[spec.type][0]
        if isinstance(value, tuple)
        else str(value)
    )


@pytest.mark.parametrize("kind", list(RecordKind))
def test_every_field_of_a_record_is_described_but_its_life(kind):
    plain = {each.name for each in fields(RECORDS[kind])} - {spec.name for spec in FIELDS[kind]}
    assert plain == (set() if kind is RecordKind.ORGANISATION else LIFE_FIELDS)
    assert all(spec.label and spec.name for spec in FIELDS[kind])
    assert {spec.name for spec in FIELDS[kind]} <= set(TABLES[kind].columns.keys())


@pytest.mark.parametrize("kind", list(RecordKind))
def test_no_two_fields_of_a_list_go_by_one_name(kind):
    names = [name.casefold() for spec in FIELDS[kind] + CONTACT_FIELDS for name in {spec.label, spec.name}]
    assert len(names) == len(set(names))
    assert {spec.type for specs in FIELDS.values() for spec in specs} == set(FieldType)


@pytest.mark.parametrize(("kind", "spec"), EACH)
def test_a_form_asks_what_its_description_says(kind, spec):
    page = str(inputs(kind, {}, "p", ZH))
    asked = spec.stands_in(Place.FORM) and bool(spec.question)
    assert (f'name="{spec.name}"' in page) is asked
    assert (spec in form_specs(kind)) is asked
    assert form_values(kind, {spec.name: "x", "state": "published"}) == ({spec.name: "x"} if asked else {})
    if asked:
        assert spec.label in page
        assert record_values(made(kind, spec))[spec.name] == shown(spec)
        before = page.partition("<details")[0]
        assert (f'name="{spec.name}"' in before) is spec.lead


@pytest.mark.parametrize(("kind", "spec"), EACH)
def test_details_preview_and_letters_tell_what_the_description_says(kind, spec):
    told_record = made(kind, spec)
    page = str(details(told_record, ZH))
    assert (f">{spec.label}<" in page and shown(spec) in page) is spec.stands_in(Place.DETAILS)
    lines = {line.field: line.text for line in preview(told_record).lines}
    assert (lines.get(spec.name) == shown(spec)) is spec.stands_in(Place.PREVIEW)
    prefix = "need" if kind is RecordKind.NEED else "offer"
    facts = record_facts(told_record, Templates.of(LetterLanguage.CHINESE)).get(f"{prefix}.{spec.name}", ())
    assert bool(facts) is spec.stands_in(Place.LETTER)
    assert all(shown(spec) in "".join(fact.pieces) and spec.label in fact.source for fact in facts)


@pytest.mark.parametrize(("kind", "spec"), EACH)
def test_the_desk_has_private_fields_to_itself(kind, spec):
    assert spec.audience is not Audience.DESK or not any(spec.stands_in(place) for place in Place)
    public = public_text(made(kind, spec)).replace("\n", "；")
    assert (shown(spec) in public) is (spec.audience is Audience.MASKED)


@pytest.mark.parametrize(("kind", "spec"), EACH)
def test_a_record_is_found_by_what_its_description_says(kind, spec):
    told_record = made(kind, spec)
    value = shown(spec).partition("；")[0]
    assert (value in topic_text(told_record)) is (spec.search is Search.SUBJECT)
    beside = spec.search is not None and spec.name != "title"
    assert (value in searched_text(told_record)) is beside


@pytest.mark.parametrize(("kind", "spec"), EACH)
def test_template_import_and_export_have_a_column_for_it(kind, spec, store, tmp_path):
    header, example = csv.reader(io.StringIO(template_bytes(kind, ".csv").decode("utf-8-sig")))
    assert dict(zip(header, example, strict=True))[spec.label] == spec.example
    cell, value = VALUES[spec.type]
    for number, name in enumerate((spec.label, spec.name, *spec.aliases)):
        row = {"编号": f"r{number}", "名称": f"低温快充{number}", name: cell}
        if spec.type is FieldType.ID:
            row = {"名称": "低温快充", name: cell}
        elif spec.name == "title":
            row = {"编号": f"r{number}", name: cell}
        path = tmp_path / f"{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows((row.keys(), row.values()))
        report = import_file(store, path, kind, actor="t")
        assert not report.failed and not any("没有对应栏目" in note for note in report.notes), (name, report)
        if spec.type is FieldType.ID:
            assert [each.id for each in store.iterate(kind)] == [value]
            continue
        kept = getattr(store.find(kind, f"r{number}"), spec.name)
        assert store.organisation(kept).title == cell if spec.type is FieldType.OWNER else kept == value
    assert write_records(kind, store.iterate(kind), tmp_path / "out.csv") >= 1
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert all(row[spec.label] for row in csv.DictReader(file))


def test_the_subject_is_read_before_what_proves_it_and_before_the_technology_field():
    need = Need(
        id="n",
        title="题",
        fields=("化工", "环保"),
        description="问题",
        indicators="指标",
        current_state="现状",
        solver_conditions="条件",
        exclusions="排除",
        budget="50万元",
    )
    assert topic_text(need) == "题\n问题\n指标\n现状"
    assert searched_text(need) == "问题\n指标\n现状\n条件\n化工 环保"


@pytest.mark.parametrize("kind", SIDES)
def test_what_leads_a_form_stands_in_the_order_of_turns(kind):
    specs = form_specs(kind)
    leading = [spec for spec in specs if spec.lead]
    assert list(specs[: len(leading)]) == sorted(leading, key=lambda spec: spec.turn) and len(leading) == 6
    rest = [spec for spec in FIELDS[kind] if spec in specs and not spec.lead]
    assert list(specs[len(leading) :]) == rest


@pytest.mark.parametrize("kind", SIDES)
def test_a_conversation_asks_in_the_order_of_turns(kind):
    draft = start_draft("有东西", kind)
    draft = replace(draft, values=(), owner="")
    asked = []
    answers = {Answer.MONEY: "50万元", Answer.TIME: "2027年", Answer.PLACE: "某市", Answer.LEVEL: "7"}
    while (question := next_question(draft)) is not None:
        spec = next(spec for spec in FIELDS[kind] if spec.name == question.name)
        asked.append(spec)
        assert question.label == spec.label and question.text == spec.question
        draft = take_answer(draft, answers.get(spec.answer, "示例研究所" if spec.type is FieldType.OWNER else WORDS))
    assert [spec.turn for spec in asked] == sorted(spec.turn for spec in FIELDS[kind] if spec.turn)
    assert all(spec.name in HINTS for spec in asked if spec.answer is not Answer.ANYTHING)


def test_every_field_has_an_english_label():
    missing = sorted({spec.name for specs in FIELDS.values() for spec in specs} - ENGLISH_VIEWS.field_labels.keys())
    assert not missing, f"no English label in bot/web/texts/views_english.py: {missing}"
    assert all(label and label.isascii() for label in ENGLISH_VIEWS.field_labels.values())


def test_no_english_label_is_left_of_a_field_that_is_gone():
    assert ENGLISH_VIEWS.field_labels.keys() <= {spec.name for specs in FIELDS.values() for spec in specs}


def test_words_cannot_be_described_as_shown_unmasked():
    for kind in FieldType:
        spec = FieldSpec(name="x", label="x", type=kind)
        assert (spec.audience is Audience.ANYBODY) <= kind.coded
        assert FieldSpec(name="x", label="x", type=kind, private=True).audience is Audience.DESK


def test_a_kind_may_describe_a_shared_field_in_its_own_words():
    @record
    class Harbour(Need):
        region: str = told("港口", FieldType.LINE, default="", question="哪个港口？")
        depth: str = told("水深", FieldType.LINE, default="")

    from bot.market.records.description import described

    specs = described(Harbour)
    assert [spec.name for spec in specs][:2] == ["region", "depth"]
    assert [spec.label for spec in specs if spec.name == "region"] == ["港口"]
    assert Harbour(id="h", title="t").depth == "" and len(specs) == len(FIELDS[RecordKind.NEED]) + 1


# --- three places --------------------------------------------------------------------------------

LINE = """    warranty: str = told(
        "质保要求",
        FieldType.TEXT,
        default="",
        aliases=("保修",),
        question="质保多久？",
        example="两年",
        search=Search.SUBJECT,
        turn=9,
    )
"""
MIGRATION = '''"""How long a need wants its solution warranted."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("needs", sa.Column("warranty", sa.Text, nullable=False, server_default=""))
'''


@pytest.fixture
def program(tmp_path):
    """The program with one more field, written in three places: a line, a migration, a label."""
    package = tmp_path / "bot"
    shutil.copytree(ROOT / "bot", package, ignore=shutil.ignore_patterns("models", "__pycache__"))
    (package / "models").symlink_to(ROOT / "bot" / "models")
    need = package / "market" / "records" / "need.py"
    before, mark, after = need.read_text(encoding="utf-8").partition("    region: str = told(\n")
    need.write_text(before + LINE + mark + after, encoding="utf-8")
    name = f"{int(migrate.HEAD[:4]) + 1:04}_warranty"
    (package / "store" / "migrations" / "versions" / f"m{name}.py").write_text(
        MIGRATION.format(revision=name, down=migrate.HEAD), encoding="utf-8"
    )
    english = package / "web" / "texts" / "views_english.py"
    label = 'field_labels={\n        "warranty": "Warranty wanted",'
    english.write_text(english.read_text(encoding="utf-8").replace("field_labels={", label), encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_a_field_written_in_three_places_is_everywhere(program):
    asking = Path(__file__).with_name("new_field_program.py")
    environment = {**os.environ, "PYTHONPATH": str(program), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, str(asking), str(program)], cwd=program, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told_of = json.loads(done.stdout)
    assert told_of.pop("from") == str(program / "bot" / "__init__.py")
    assert [place for place, there in told_of.items() if there is not True] == []
    assert len(told_of) >= 16
