"""``bot introduce``: its JSON contract, files, languages, and what the office lacks."""

from __future__ import annotations

import json
from datetime import date

import pypdfium2
import pytest
from docx import Document
from typer.testing import CliRunner

from bot.cli import app
from bot.commands.doctor import run_checks
from bot.introductions.facts import office_facts
from bot.introductions.records import Language
from bot.introductions.templates import Templates
from bot.settings import OfficeSettings, Settings, load_settings


@pytest.fixture
def introduce(market, monkeypatch):
    data = market.database.url.removeprefix("sqlite:///").rpartition("/")[0]

    def call(*more):
        command = ["introduce", "--need", "n1", "--offer", "o1", "--offline", "--data", data, *map(str, more)]
        return CliRunner().invoke(app, command)

    return call


def test_the_contract_and_the_files(introduce, tmp_path):
    word, pdf = tmp_path / "letter.docx", tmp_path / "letter.pdf"
    done = introduce("--json", "--docx", word, "--pdf", pdf)
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert set(told) == {"text", "facts", "withheld", "blocked"} and told["blocked"] is None
    assert all(set(fact) == {"text", "source"} and fact["text"] in told["text"] for fact in told["facts"])
    assert any("专此函询" in paragraph.text for paragraph in Document(str(word)).paragraphs)
    document = pypdfium2.PdfDocument(pdf.read_bytes())
    assert "专此函询" in document[0].get_textpage().get_text_bounded()
    document.close()


def test_a_blocked_letter_writes_no_file(introduce, tmp_path):
    done = introduce("--json", "--stage", "joint", "--pdf", tmp_path / "letter.pdf", "--save")
    told = json.loads(done.stdout)
    assert done.exit_code == 0 and told["blocked"] and told["text"] == ""
    assert not (tmp_path / "letter.pdf").exists()


def test_the_language_is_chosen(introduce):
    assert "To whom it may concern" in introduce("--language", "en").stdout


def test_a_file_that_cannot_be_written_is_told(introduce, tmp_path):
    done = introduce("--pdf", tmp_path / "nowhere" / "letter.pdf")
    assert done.exit_code == 2 and "nowhere" in done.stderr and "Traceback" not in done.stderr


def test_a_saved_letter_gets_its_number_in_the_text(introduce, monkeypatch):
    monkeypatch.setenv("BOT_OFFICE_NUMBER_PREFIX", "某技转函")
    year = date.today().year
    assert f"某技转函〔{year}〕　　号" in introduce().stdout
    assert f"某技转函〔{year}〕1号" in introduce("--save").stdout
    assert f"某技转函〔{year}〕2号" in introduce("--save").stdout


def test_the_office_is_read_from_its_section(tmp_path):
    path = tmp_path / "bot.toml"
    path.write_text('[office]\nname = "示例技术转移中心"\nreply_days = 10\n', encoding="utf-8")
    settings = load_settings({"BOT_OFFICE_PHONE": "021-55550000"}, path)
    assert (settings.office.name, settings.office.phone, settings.office.reply_days) == (
        "示例技术转移中心",
        "021-55550000",
        10,
    )
    assert settings.office.missing == ("department", "address", "email", "contact_person", "number_prefix", "seal")


def test_doctor_says_what_the_office_lacks(tmp_path):
    def told(office):
        settings = Settings(corpus_dir=tmp_path, data_dir=tmp_path / "data", office=office)
        return next(check for check in run_checks(settings) if check.name == "信函")

    assert told(OfficeSettings()).ok and "reply_days" in told(OfficeSettings()).found and told(OfficeSettings()).remedy
    whole = {name: "示例" for name in OfficeSettings.model_fields if name != "reply_days"}
    assert not told(OfficeSettings(**whole, reply_days=3)).remedy


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [
        (date(2026, 3, 1), 10, "2026年3月11日"),
        (date(2026, 12, 28), 7, "2027年1月4日"),
        (date(2028, 2, 20), 9, "2028年2月29日"),
    ],
)
def test_the_deadline_is_counted_from_the_date_of_the_letter(day, days, due):
    facts = office_facts(OfficeSettings(reply_days=days), day, Templates.of(Language.CHINESE))
    assert facts["reply.by"][0].pieces == (due,)
    assert "reply.by" not in office_facts(OfficeSettings(), day, Templates.of(Language.CHINESE))
