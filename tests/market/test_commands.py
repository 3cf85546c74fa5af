"""The command line's contract, through the program itself."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.market.records import Interest, Side
from bot.market.service import Market
from bot.settings import load_settings
from bot.types import PrivateContact, RecordKind

NEEDS = [
    {"id": "n1", "title": "矿井轴流风机降噪", "description": "风机噪声超过95分贝"},
    {"id": "n2", "title": "高压阀门石墨密封环"},
]
OFFERS = [{"id": "o1", "title": "仿生降噪风机叶片"}, {"id": "o2", "title": "柔性石墨密封环制备方法"}]


def _lines(*objects):
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects)


@pytest.fixture
def run(tmp_path):
    runner = CliRunner()

    def call(*arguments):
        result = runner.invoke(app, [*map(str, arguments), "--data", str(tmp_path / "data")])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr

    return call


@pytest.fixture
def files(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.fixture
def filled(run, files):
    for kind, records in (("needs", NEEDS), ("offers", OFFERS)):
        code, _, _ = run(
            "market", "import", files(f"{kind}.jsonl", _lines(*records)), "--kind", kind, "--publish", "--json"
        )
        assert code == 0
    return run


def test_import_reports_counts_and_failed_rows(run, files):
    path = files("o.jsonl", _lines(*OFFERS, {"id": "o3"}))
    code, (report,), _ = run("market", "import", path, "--kind", "offers", "--json")
    assert (code, report["added"], report["updated"], report["unchanged"]) == (1, 2, 0, 0)
    assert [row["row"] for row in report["failed"]] == [3] and report["failed"][0]["reason"]
    code, (report,), _ = run("market", "import", path, "--kind", "offers", "--all-or-nothing", "--json")
    assert (code, report["added"], report["unchanged"]) == (2, 0, 0)


def test_import_of_an_unusable_file_says_why_and_prints_no_json(run, files):
    code, printed, told = run("market", "import", files("x.csv", "id,colour\n1,b\n"), "--kind", "needs", "--json")
    assert (code, printed) == (2, []) and "colour" in told and "名称" in told


def test_match_follows_the_contract(filled):
    code, (result,), _ = filled("match", "--need", "n1", "--k", "5", "--json")
    assert (code, result["id"], result["abstained"]) == (0, "n1", False)
    assert [match["offer_id"] for match in result["matches"]] == ["o1", "o2"]
    best = result["matches"][0]
    assert best["need_id"] is None and best["title"] == OFFERS[0]["title"] and 1 <= best["level"] <= 4
    assert {"kind", "need_quote", "offer_quote"} <= set(best["reasons"][0])
    assert [gate["name"] for gate in best["gates"]] == ["region", "budget", "deadline", "ip", "trl", "exclusions"]
    assert all(gate["passed"] in (True, False, None) and gate["why"] for gate in best["gates"])


def test_a_widened_match_gives_what_is_near_and_proposes_nothing(filled):
    _, [plain], _ = filled("match", "--need", "n1", "--json")
    code, [wide], _ = filled("match", "--need", "n1", "--widen", "--json")
    proposed = {match["offer_id"] for match in plain["matches"] if match["proposed"]}
    assert code == 0 and wide["matches"]
    assert not any(match["proposed"] or match["offer_id"] in proposed for match in wide["matches"])


def test_match_batch_answers_line_by_line_in_order(filled, files):
    lines = _lines(
        {"id": 7, "need": "n2"},
        {"id": "b", "offer": "o1"},
        {"id": "c", "text": "轴流风机降噪"},
        {"id": "d", "need": "none"},
        {"id": "e"},
        {"id": "f", "text": "少儿舞蹈培训"},
    )
    code, results, told = filled("match", "--batch", files("b.jsonl", lines), "--k", "100", "--json")
    assert code == 1 and [result["id"] for result in results] == [7, "b", "c", "d", "e", "f"]
    assert results[0]["matches"][0]["offer_id"] == "o2"
    assert results[1]["matches"][0]["need_id"] == "n1"
    assert "error" in results[3] and "error" in results[4] and "none" in told
    assert results[5]["abstained"] and results[5]["next_steps"]


@pytest.mark.parametrize("arguments", [[], ["--need", "n1", "--text", "x"], ["--need", "none"], ["--text", " "]])
def test_wrong_use_of_match_ends_with_two(filled, arguments):
    code, printed, told = filled("match", *arguments, "--json")
    assert (code, printed) == (2, []) and told


def test_introductions_are_blocked_until_both_consents(filled):
    pair = ("--need", "n1", "--offer", "o1")
    code, (blind,), _ = filled("introduce", *pair, "--form", "letter", "--stage", "ask_need_owner", "--json")
    assert code == 0 and blind["blocked"] is None and blind["text"]
    assert all(fact["text"] in blind["text"] and fact["source"] for fact in blind["facts"])
    for side, missing in (("need_owner", ["offer_owner"]), ("offer_owner", [])):
        _, (joint,), _ = filled("introduce", *pair, "--form", "email", "--stage", "joint", "--json")
        assert joint["blocked"] and joint["text"] == ""
        code, (consent,), _ = filled(
            "introduce", "consent", *pair, "--side", side, "--given-by", "本人", "--how", "phone", "--json"
        )
        assert (code, consent["missing"]) == (0, missing)
    _, (joint,), _ = filled("introduce", *pair, "--form", "email", "--stage", "joint", "--json")
    assert joint["blocked"] is None


def test_word_file_and_archive(filled, tmp_path):
    pair = ("--need", "n1", "--offer", "o1")
    code, _, _ = filled("introduce", *pair, "--docx", tmp_path / "l.docx", "--save", "--json")
    assert code == 0 and (tmp_path / "l.docx").read_bytes().startswith(b"PK")


def test_desk_commands(filled, tmp_path):
    code, records, _ = filled("market", "list", "--kind", "needs", "--json")
    assert code == 0 and [record["id"] for record in records] == ["n1", "n2"]
    code, (report,), _ = filled("market", "check", "n1", "--kind", "needs", "--json")
    assert code == 0 and report["verdict"] == "hold" and len(report["scores"]) == 4
    code, _, told = filled("market", "close", "n1", "--kind", "needs", "--reason", "too_early")
    assert code == 0 and "已结束" in told
    code, (shown,), _ = filled("market", "show", "n1", "--kind", "needs", "--json")
    assert shown["state"] == "closed" and shown["events"][-1]["reason"] == "too_early"
    code, _, told = filled("market", "move", "n1", "--kind", "needs", "--to", "met")
    assert code == 2 and "草稿" in told
    code, _, _ = filled("market", "export", tmp_path / "n.csv", "--kind", "needs")
    assert code == 0 and NEEDS[1]["title"] in (tmp_path / "n.csv").read_text(encoding="utf-8-sig")


def test_the_desk_sees_which_list_brought_a_record_and_its_columns_kept_aside(filled, files, tmp_path):
    rows = "编号,名称,推荐科室,备注二\nn9,低温快充,高新科,已电话核实\n"
    filled("market", "import", files("区里名单.csv", rows), "--kind", "needs", "--publish", "--json")
    _, (shown,), _ = filled("market", "show", "n9", "--kind", "needs", "--json")
    assert shown["origin"]["label"] == "区里名单.csv" and shown["origin"]["source"]
    assert shown["origin"]["aside"] == {"推荐科室": "高新科", "备注二": "已电话核实"}
    printed = CliRunner().invoke(app, ["market", "show", "n9", "--kind", "needs", "--data", str(tmp_path / "data")])
    assert "来自名单“区里名单.csv”" in printed.stdout and "推荐科室：高新科" in printed.stdout
    market = Market(load_settings(environment={}, data_dir=tmp_path / "data"))
    assert "高新科" not in repr(market.public_record(RecordKind.NEED, "n9")) + repr(market.newest(9))
    market.store.save(replace(market.store.need("n9"), id="own"), actor="t")
    _, (own,), _ = filled("market", "show", "own", "--kind", "needs", "--json")
    assert own["origin"] is None and own["id"] == "own"


def test_a_list_for_the_public_is_masked_and_one_for_the_desk_is_not(filled, files, tmp_path):
    rows = "编号,名称,预算,来源,单位\nn8,低温快充,面谈13812345678,甲网,示例研究所\n"
    filled("market", "import", files("f.csv", rows), "--kind", "needs", "--publish", "--json")
    filled("market", "import", files("g.csv", "编号,名称\nn7,草稿\n"), "--kind", "needs", "--json")
    for name, options in (("desk.csv", ()), ("public.csv", ("--public",))):
        code, _, told = filled("market", "export", tmp_path / name, "--kind", "needs", *options)
        assert code == 0 and f"已导出 {4 if not options else 3} 条" in told
    desk, public = ((tmp_path / name).read_text(encoding="utf-8-sig") for name in ("desk.csv", "public.csv"))
    assert "面谈13812345678" in desk and "甲网" in desk and "草稿" in desk
    assert "面谈〔电话略〕" in public and not any(word in public for word in ("甲网", "草稿", "138", "org-", "来源"))
    code, _, told = filled("market", "export", tmp_path / "x.csv", "--kind", "organisations", "--public")
    assert code == 2 and "机构" in told and not (tmp_path / "x.csv").exists()


def test_samples_are_loaded_and_taken_away_on_request(run):
    _, records, _ = run("market", "list", "--kind", "needs", "--json")
    assert records == []
    code, (report,), _ = run("market", "samples", "--json")
    assert (code, report["updated"], report["failed"]) == (0, 0, []) and report["added"] > 20
    code, (again,), _ = run("market", "samples", "--json")
    assert (code, again["added"], again["updated"], again["unchanged"]) == (0, 0, 0, report["added"])
    _, (matched,), _ = run("match", "--need", "sample-need-cold-charging", "--json")
    proposed = [match["offer_id"] for match in matched["matches"] if match["proposed"]]
    assert not matched["abstained"] and proposed == ["sample-offer-self-heating"]
    code, (removed,), _ = run("market", "samples", "--remove", "--json")
    _, records, _ = run("market", "list", "--kind", "needs", "--json")
    _, offers, _ = run("market", "list", "--kind", "offers", "--json")
    assert (code, removed) == (0, {"closed": len(records) + len(offers), "kept": []})
    assert {record["state"] for record in records + offers} == {"closed"}
    _, (matched,), _ = run("match", "--need", "sample-need-cold-charging", "--json")
    assert (matched["abstained"], matched["matches"], matched["historic"]) == (True, [], [])


def test_requests_are_listed_with_their_private_contacts(run, tmp_path):
    assert run("market", "requests", "--json")[:2] == (0, [])
    market = Market(load_settings(environment={}, data_dir=tmp_path / "data"), today=lambda: date(2026, 3, 1))
    contact = PrivateContact(name="钱七", phone="13912345678")
    wish = market.hand_over("想找能给矿井轴流风机降噪的团队", owner="北山矿业", contact=contact)
    nameless = market.hand_over("我们有一项盐碱地土壤改良技术想转让", contact=PrivateContact(email="a@example.com"))
    market.submit(RecordKind.NEED, {"title": "技术"}, owner="", contact=contact)
    code, printed, _ = run("market", "requests", "--json")
    assert (code, printed) == (
        0,
        [
            {
                "id": wish.record.id,
                "kind": "needs",
                "title": wish.record.title,
                "as_of": "2026-03-01",
                "owner": "北山矿业",
                "contact": {"name": "钱七", "phone": "13912345678", "email": "", "note": ""},
            },
            {
                "id": nameless.record.id,
                "kind": "offers",
                "title": nameless.record.title,
                "as_of": "2026-03-01",
                "owner": "",
                "contact": {"name": "", "phone": "", "email": "a@example.com", "note": ""},
            },
        ],
    )
    run("market", "close", wish.record.id, "--kind", "needs", "--reason", "no_interest")
    _, printed, _ = run("market", "requests", "--json")
    assert [request["id"] for request in printed] == [nameless.record.id]


def test_requests_are_told_in_words_and_as_the_desks_own(tmp_path):
    market = Market(load_settings(environment={}, data_dir=tmp_path / "data"))
    contact = PrivateContact(name="钱七", phone="13912345678")
    wish = market.hand_over("想找能给矿井轴流风机降噪的团队", owner="北山矿业", contact=contact)
    told = CliRunner().invoke(app, ["market", "requests", "--data", str(tmp_path / "data")])
    assert told.exit_code == 0
    assert all(part in told.stdout for part in (wish.record.id, "需求", "北山矿业（自报", "钱七", "13912345678"))
    shown = CliRunner().invoke(app, ["market", "requests", "--help"])
    assert "双方同意之前不要告诉别人" in "".join(shown.stdout.split())


def test_the_program_starts_without_the_market():
    heavy = ("sqlalchemy", "alembic", "tantivy", "openpyxl", "docx")
    code = f"import sys, bot.cli; print([name for name in {heavy} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_the_desk_sees_interests_and_missing_consents(filled, tmp_path):
    market = Market(load_settings(environment={}, data_dir=tmp_path / "data"))
    interest = Interest(
        need_id="n1", offer_id="o1", side=Side.NEED_OWNER, cooperation_sought="许可", introduction="北山矿业钱七"
    )
    market.express_interest(interest)
    market.store.database.close()
    code, [shown], _ = filled("market", "show", "o1", "--kind", "offers", "--json")
    assert code == 0 and shown["interests"][0]["introduction"] == "北山矿业钱七"
    (pair,) = shown["consents"]
    assert (pair["need_id"], pair["offer_id"], pair["linked"]) == ("n1", "o1", True)
    assert pair["missing"] == ["need_owner", "offer_owner"]
    assert pair["standings"] == {"need_owner": "not_asked", "offer_owner": "pending"}
    assert [(said["step"], said["side"]) for said in pair["said"]] == [("asked", "offer_owner")]


def test_import_tells_what_staff_should_know_and_takes_the_name_of_the_source(run, files, tmp_path):
    def told(path, source):
        arguments = [
            "market",
            "import",
            str(path),
            "--kind",
            "needs",
            "--source",
            source,
            "--data",
            str(tmp_path / "data"),
        ]
        result = CliRunner().invoke(app, arguments)
        return result.exit_code, result.stdout

    path = files("名单.csv", "编号,需求名称,备用\n1,电池快充,甲\n")
    code, printed = told(path, "区科委")
    assert code == 0 and "备用" in printed
    code, printed = told(files("另一份.csv", "编号,需求名称\n1,光伏清洗\n"), "区经委")
    assert code != 0 and "区科委" in printed
    code, (report,), _ = run("market", "import", path, "--kind", "needs", "--source", "区科委", "--json")
    assert (code, report["unchanged"]) == (0, 1)


def test_the_desk_records_every_step_of_a_consent(filled):
    def said(side, *more):
        pair = ("introduce", "consent", "--need", "n1", "--offer", "o1", "--side", side)
        code, told, _ = filled(*pair, "--given-by", "示例 张经理", "--how", "mail", *more, "--json")
        return code, told[0]["standings"][side] if told else None

    assert said("need_owner", "--step", "asked") == (0, "pending")
    assert said("need_owner", "--step", "refused") == (0, "refused")
    assert said("need_owner", "--name-only") == (0, "given")
    assert said("need_owner", "--withdraw") == (0, "withdrawn")
    assert said("offer_owner", "--withdraw")[0] != 0
    _, (shown,), _ = filled("market", "show", "n1", "--kind", "needs", "--json")
    (pair,) = shown["consents"]
    assert [each["step"] for each in pair["said"]] == ["asked", "refused", "given", "withdrawn"]
    assert pair["said"][2]["scope"] == ["name"] and not pair["linked"]
