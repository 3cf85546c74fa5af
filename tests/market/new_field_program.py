"""Run by a test over a program with one more field of a need: prints where ``warranty`` is found, as JSON."""

import importlib
import json
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import bot
from bot.commands.market import app as market_commands
from bot.introductions.facts import record_facts
from bot.introductions.records import Language
from bot.introductions.templates import Templates
from bot.market.drafting import next_question, preview, start_draft, take_answer
from bot.market.evidence import searched_text
from bot.market.exporting import template_bytes
from bot.market.fields import kind_of
from bot.market.quality import public_text
from bot.market.service import Market
from bot.settings import load_settings
from bot.store.tables import METADATA
from bot.types import RecordKind
from bot.web.texts.languages import view_texts
from bot.web.views.fields import details, form_values, inputs, record_values

FOLDER = Path(sys.argv[1])
NEED = RecordKind.NEED
TOLD, PHONE = "质保三年，过期另议", "13912345678"


def command(*arguments: str) -> None:
    standard, sys.stdout = sys.stdout, sys.stderr
    try:
        market_commands([*arguments, "--data", str(FOLDER / "data")], standalone_mode=False)
    finally:
        sys.stdout = standard


def conversation() -> dict[str, bool]:
    draft = start_draft("想找能做低温快充的团队", NEED)
    asked = []
    while draft is not None and (question := next_question(draft)) is not None:
        asked.append(question.text)
        draft = take_answer(draft, TOLD if question.name == "warranty" else "跳过" if asked[1:] else "低温快充")
    return {"question": "质保多久？" in asked, "draft": f"质保要求：{TOLD}" in preview(draft)}


def all_tables() -> None:
    """Every room's tables, as a database that is up to date has them all."""
    package = Path(bot.__file__).parent
    for path in sorted(package.rglob("tables.py")):
        importlib.import_module(".".join(("bot", *path.relative_to(package).with_suffix("").parts)))


def main() -> None:
    all_tables()
    rows = FOLDER / "rows.csv"
    rows.write_text(f"编号,名称,保修\nn1,低温快充,{TOLD}，电话{PHONE}\n", encoding="utf-8")
    command("import", str(rows), "--kind", "needs", "--publish")
    market = Market(load_settings(environment={}, data_dir=FOLDER / "data"))
    on_file = market.store.need("n1")
    public = market.public_record(NEED, "n1")
    command("export", str(FOLDER / "all.csv"), "--kind", "needs")
    command("export", str(FOLDER / "public.csv"), "--kind", "needs", "--public")
    exported, shared = ((FOLDER / name).read_text(encoding="utf-8-sig") for name in ("all.csv", "public.csv"))
    chinese, english = view_texts("zh"), view_texts("en")
    page = str(details(public, chinese))
    shown = {line.field: line.text for line in market.preview(on_file).lines}
    fact = record_facts(public, Templates.of(Language.CHINESE))["need.warranty"][0]
    letter = "".join(fact.pieces)
    with market.store.database.read() as connection:
        apart = compare_metadata(MigrationContext.configure(connection), METADATA)
    found = {
        "from": bot.__file__,
        "kept": getattr(on_file, "warranty", "").startswith(TOLD) and kind_of(on_file) is NEED,
        "table": apart == [],
        "template": "质保要求" in template_bytes(NEED, ".csv").decode("utf-8-sig"),
        "export": f"{TOLD}，电话{PHONE}" in exported,
        "public export": TOLD in shared and PHONE not in shared,
        "form": 'name="warranty"' in str(inputs(NEED, {}, "p", chinese)),
        "form in English": "Warranty wanted" in str(inputs(NEED, {}, "p", english)),
        "form sent": form_values(NEED, {"warranty": TOLD}) == {"warranty": TOLD},
        "form filled in": record_values(on_file)["warranty"].startswith(TOLD),
        "details": TOLD in page and "质保要求" in page and PHONE not in page,
        "details in English": "Warranty wanted" in str(details(public, english)),
        "preview": TOLD in shown["warranty"] and PHONE not in shown["warranty"],
        "letter": TOLD in letter and PHONE not in letter and "质保要求" in fact.source,
        "public text": TOLD in public_text(on_file),
        "search": TOLD in searched_text(on_file),
        "found": market.matcher.match_need(market.store.need("n1"), 5) is not None,
        **conversation(),
    }
    sys.stdout.write(json.dumps(found, ensure_ascii=False))


main()
