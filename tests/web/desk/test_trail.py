"""The trail at the desk: everything in it has a name, it is filtered, paged and taken out, and that is noted too."""

import csv
import io
import re
from pathlib import Path

from bot.accounts.audit import action_labels
from tests.web.desk.test_languages import untold

PACKAGE = Path(__file__).resolve().parents[3] / "bot"
#: An action as code writes it: a thing and what was done, or one of the two that concern nobody's thing.
ACTION = re.compile(r'"((?:[a-z]+\.[a-z_]+)|sign_in|sign_out_everywhere)"')
FILES = re.compile(r"\.(?:yaml|json|xlsx|html|ics|id|csv|css|js)$")


def written_in_code():
    found = set()
    rooms = ("accounts", "web/desk", "pipeline", "curation", "questions", "evaluation", "introductions")
    for path in (path for room in rooms for path in (PACKAGE / room).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "trail" in source or "write_entry" in source or "audit" in source:
            found |= {name for name in ACTION.findall(source) if not FILES.search(name)}
    return found


def test_every_action_that_code_writes_down_has_a_name():
    assert written_in_code() - set(action_labels()) == set()
    assert len(written_in_code()) > 40


def filled(desk, count):
    user = desk.accounts.listed()[0]
    for number in range(count):
        desk.trail.record(user, "record.edit" if number % 2 else "contact.seen", f"need:n{number}", "示例")
    return user


def test_entries_are_found_by_person_action_and_thing(desk):
    user = filled(desk, 6)
    client = desk.browser("staff")
    page = client.get("/desk/trail?action=record.edit").text
    assert page.count("need:n") == 3 * 1 + 0 or page.count(">need:n") == 3
    assert "修改登记" in page and untold(page) == []
    only = client.get("/desk/trail?subject=need:n2").text
    assert "need:n2" in only and "need:n3" not in only
    assert "need:n1" in client.get(f"/desk/trail?who={user.name}").text
    assert "没有这样的记录" in client.get("/desk/trail?who=nobody").text


def test_older_entries_are_a_page_further(desk):
    filled(desk, 150)
    client = desk.browser("staff")
    first = client.get("/desk/trail").text
    address = re.search(r'href="(/desk/trail\?[^"]*before=\d+)"', first)[1].replace("&amp;", "&")
    second = client.get(address).text
    seen = [set(re.findall(r">need:(n\d+)<", page)) for page in (first, second)]
    assert not seen[0] & seen[1] and len(seen[0] | seen[1]) == 150 and "before=" not in second


def test_the_whole_trail_is_taken_out_inert_and_that_is_noted(desk):
    user = filled(desk, 3)
    desk.trail.record(user, "record.edit", "=1+1", '+cmd|"/C calc"')
    client = desk.browser("staff")
    saved = client.get("/desk/trail/export.csv")
    assert saved.content.startswith("\ufeff".encode()) and "attachment" in saved.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(saved.text.lstrip("\ufeff"))))
    assert rows[0][0].startswith("时间") and ["'=1+1", '\'+cmd|"/C calc"'] in [row[3:] for row in rows]
    assert [each.action for each in desk.trail.newest(1)] == ["trail.exported"]
