"""Ingest at the desk, what waits, putting it in force; the catalogue; disagreements; validity."""

import re
from urllib.parse import quote

import pytest

from bot.candidates import waiting_candidate
from bot.curation.shelf import CorpusShelf
from bot.evaluation.gate import Standing, Verdict
from bot.ingestion import ingest
from bot.jobs.records import JobKind
from bot.web.desk.corpus import versions
from bot.web.desk.corpus.parts import DONE
from bot.work.worker import run_job
from tests.web.desk.corpus.conftest import CARDS, NOTICE
from tests.web.desk.test_languages import untold

PARKS = "示例园区介绍\n示例园区设有“示例二号楼”，面向初创企业。\n2025年6月1日\n"


@pytest.fixture
def here(room, monkeypatch):
    """Long work is done at once, in this process."""
    starter = room.desk.desk.jobs

    def started(job):
        run_job(job.id, room.desk.settings)
        return starter.board.job(job.id)

    monkeypatch.setattr(starter, "_started", started)
    return room


def ingested(here):
    reply = here.post("/ingest")
    assert reply.status_code == 303 and reply.headers["location"].startswith("/desk/jobs/")
    return here.staff.get(reply.headers["location"]).text


def test_what_was_built_is_looked_at_then_published(here):
    (here.corpus / "办法.txt").write_text("示例补贴办法\n引进设备给予最高10万元补贴。\n", encoding="utf-8")
    (here.corpus / "坏.pdf").write_bytes(b"%PDF kaputt")
    (here.corpus / "园区.md").unlink()
    (here.corpus / "通知.txt").write_text(NOTICE.replace("20万元", "30万元"), encoding="utf-8")
    assert "还没导入的改动" in here.get("/waiting").text
    before = here.desk.assistant.document("通知.txt").text
    assert "/desk/corpus/waiting" in ingested(here)
    page = here.get("/waiting").text
    for told in (
        "新加入的文件",
        "示例补贴办法",
        "改过的文件",
        "移出的文件",
        "示例园区简介",
        "没有读成的",
        "坏.pdf",
        "去掉的记录",
        "shili",
        "还没有留下测试用例",
    ):
        assert told in page, told
    assert untold(page) == []
    assert here.desk.assistant.document("通知.txt").text == before, "nothing counts before it is published"
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    asked = here.post("/publish", {"version": version})
    assert asked.status_code == 200 and "说明不了好坏" in asked.text and waiting_candidate(here.desk.settings)
    assert untold(asked.text) == []
    done = here.post("/publish", {"version": version, "sure": "1"})
    assert done.headers["location"].endswith("done=published") and waiting_candidate(here.desk.settings) is None
    assert "30万元" in here.desk.assistant.document("通知.txt").text
    assert ("index.publish", f"version:{version}", "还没有留下测试用例，无从检验") in {
        (each.action, each.subject, each.detail) for each in here.desk.trail.all()
    }
    again = here.post("/publish", {"version": version, "sure": "1"})
    assert again.status_code == 400 and "没有这个待启用的版本" in again.text


def test_the_bench_speaks_before_publishing(here, monkeypatch):
    (here.corpus / "办法.txt").write_text("示例补贴办法\n给予最高10万元补贴。\n", encoding="utf-8")
    ingested(here)
    version = waiting_candidate(here.desk.settings).version
    assert "还没有留下测试用例" in here.get("/waiting").text
    for standing, asked in (
        (Standing.NOT_RUN, "还没有跑过测试，就这样启用吗"),
        (Standing.BECAME_WRONG, "有用例变错了"),
        (Standing.NO_BASELINE, "说明不了好坏"),
    ):
        monkeypatch.setattr(versions, "bench_verdict", lambda desk, standing=standing: Verdict(standing, version))
        reply = here.post("/publish", {"version": version})
        assert reply.status_code == 200 and asked in reply.text and untold(reply.text) == []
        assert waiting_candidate(here.desk.settings) is not None
    monkeypatch.setattr(versions, "bench_verdict", lambda desk: Verdict(Standing.CLEAR, version))
    assert here.post("/publish", {"version": version}).status_code == 303
    assert waiting_candidate(here.desk.settings) is None


def test_the_old_is_kept_when_the_new_is_thrown_away(here):
    (here.corpus / "通知.txt").write_text("全换了的通知正文。\n", encoding="utf-8")
    ingested(here)
    (here.corpus / "又来.txt").write_text("导入以后才放进来的正文。\n", encoding="utf-8")
    assert "导入之后资料夹又有改动" in here.get("/waiting").text
    version = waiting_candidate(here.desk.settings).version
    assert here.post("/discard", {"version": version}).status_code == 303
    assert waiting_candidate(here.desk.settings) is None and "20万元" in here.desk.assistant.document("通知.txt").text


def test_a_version_built_on_what_is_no_longer_in_force_is_told(here):
    (here.corpus / "通知.txt").write_text("第二版通知正文。\n", encoding="utf-8")
    ingested(here)
    version = waiting_candidate(here.desk.settings).version
    (here.corpus / "通知.txt").write_text("第三版通知正文。\n", encoding="utf-8")
    ingest(here.desk.settings)
    reply = here.post("/publish", {"version": version, "sure": "1"})
    assert reply.status_code == 400 and "第三版" in here.desk.assistant.document("通知.txt").text


def test_one_ingest_at_a_time(room):
    room.desk.desk.jobs.board.ask(JobKind.INGEST, "导入资料", {}, by="甲")
    reply = room.post("/ingest")
    assert reply.status_code == 409 and "正在导入，看进度" in reply.text


# --- the catalogue ----------------------------------------------------------------------------------------


def form_of(page):
    """What stands in the controls of the record's form."""
    page = page.split('action="/desk/corpus/catalogue/')[1]
    found = dict(re.findall(r'<input type="(?:text|hidden)"[^>]* name="([^"]+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', page):
        chosen = re.search(r'<option value="([^"]*)" selected>', options)
        found[name] = chosen[1] if chosen else re.search(r'<option value="([^"]*)"', options)[1]
    return {name: value for name, value in found.items() if name != "csrf"}


def opened(room, file="programmes.yaml", record=0):
    page = room.get(f"/catalogue/{file}").text
    mark = re.findall(r"/record\?mark=([0-9a-f]+)", page)[record]
    return form_of(room.get(f"/catalogue/{file}/record?mark={mark}").text)


def test_a_card_is_changed_in_a_form_and_the_file_keeps_its_style(room):
    sent = opened(room)
    assert sent["summary.quote"] == "示例项目最高支持20万元" and sent["kind"] == "资金"
    sent["name"], sent["aliases"] = "示例项目（新）", "示例\n示例专项"
    assert room.post("/catalogue/programmes.yaml/record", sent).headers["location"].endswith("done=saved")
    text = (room.corpus / "programmes.yaml").read_text(encoding="utf-8")
    assert text == CARDS.replace("name: 示例项目", "name: 示例项目（新）") + "  aliases: [示例, 示例专项]\n"


def test_a_wrong_quote_is_refused_and_everything_typed_stays(room):
    sent = opened(room) | {"summary.quote": "原文没有的话", "name": "打了很久的名称"}
    reply = room.post("/catalogue/programmes.yaml/record", sent)
    assert reply.status_code == 400 and "不在 通知.txt 中" in reply.text
    assert {**sent, **form_of(reply.text)} == {**form_of(reply.text), **sent}
    assert (room.corpus / "programmes.yaml").read_text(encoding="utf-8") == CARDS


def test_two_at_one_card_the_second_is_told_and_loses_nothing(room):
    first, second = opened(room), opened(room)
    room.post("/catalogue/programmes.yaml/record", first | {"name": "甲改的"})
    reply = room.post("/catalogue/programmes.yaml/record", second | {"name": "乙改的"})
    assert reply.status_code == 400 and "别人改过" in reply.text and form_of(reply.text)["name"] == "乙改的"
    assert "甲改的" in (room.corpus / "programmes.yaml").read_text(encoding="utf-8")


def test_more_groups_new_records_and_removing(room):
    sent = opened(room)
    grown = form_of(room.post("/catalogue/programmes.yaml/record", sent | {"more": "facts"}).text)
    assert "facts.1.quote" in grown and "facts.0.quote" in sent
    grown |= {"facts.1.label": "时间", "facts.1.value": "2025年9月1日起", "facts.1.quote": "2025年9月1日起申报"}
    room.post("/catalogue/programmes.yaml/record", grown)
    assert "2025年9月1日起申报" in (room.corpus / "programmes.yaml").read_text(encoding="utf-8")
    assert "卡片和清单有改动" in room.get("/waiting").text
    new = {"id": "lianxi", "purpose": "咨询示例项目", "document": "通知.txt", "quote": "示例区科学技术委员会"}
    assert room.post("/catalogue/contacts.yaml/record", new).status_code == 303
    assert "咨询示例项目" in room.get("/catalogue/contacts.yaml").text
    mark = re.search(r"mark=([0-9a-f]+)", room.get("/catalogue/contacts.yaml").text)[1]
    assert "删去这一条？" in room.post("/catalogue/contacts.yaml/remove", {"mark": mark}).text
    assert room.post("/catalogue/contacts.yaml/remove", {"mark": mark, "sure": "1"}).status_code == 303
    assert "咨询示例项目" not in room.get("/catalogue/contacts.yaml").text
    assert room.post("/catalogue/contacts.yaml/remove", {"mark": mark, "sure": "1"}).status_code == 409


@pytest.mark.parametrize("file", ["nichts.yaml", "..%2fbot.toml", "README.md", "通知.txt"])
def test_only_the_lists_are_edited(room, file):
    for path in (f"/catalogue/{file}", f"/catalogue/{file}/record"):
        assert room.get(path).status_code == 404
    assert room.post(f"/catalogue/{file}/record", {"id": "x"}).status_code == 404


def test_proposals_are_reviewed(room):
    from bot.catalogue.models import Programme
    from bot.catalogue.proposals import Proposals
    from bot.curation.proposals import ProposalBook

    book = ProposalBook(room.desk.database)
    value = {
        "id": "neu",
        "name": "申报的示例",
        "kind": "资金",
        "document": "通知.txt",
        "status": {"value": "unknown"},
        "summary": {"value": "2025年9月1日起申报", "quote": "2025年9月1日起申报"},
    }
    cards = [Programme.model_validate({**value, "id": each}) for each in ("neu", "auch")]
    book.keep(Proposals("通知.txt", tuple(cards)), by="模型")
    page = room.get("/catalogue").text
    first, second = re.findall(r"programmes.yaml/record\?proposal=(\d+)", page)
    shown = room.get(f"/catalogue/programmes.yaml/record?proposal={first}").text
    assert untold(page) == [] and untold(shown) == [] and "模型提议的" in shown
    sent = form_of(shown.split("不采用</button>")[1]) | {"name": "审过的示例"}
    assert room.post("/catalogue/programmes.yaml/record", sent).status_code == 303
    assert "审过的示例" in (room.corpus / "programmes.yaml").read_text(encoding="utf-8")
    assert room.post(f"/proposals/{second}/reject", {"note": "重复"}).status_code == 303 and book.waiting() == ()
    assert room.post("/catalogue/programmes.yaml/record", sent | {"id": "noch"}).status_code == 400


def test_the_catalogue_is_said_in_english(room):
    for path in ["/catalogue", *(f"/catalogue/{f}" for f in ("programmes.yaml", "scope.yaml"))]:
        assert untold(room.get(path).text) == [], path
    for file in ("programmes", "contacts", "organisations", "needs", "thesaurus", "scope"):
        assert untold(room.get(f"/catalogue/{file}.yaml/record").text) == [], file


# --- disagreements and validity ---------------------------------------------------------------------------


def disagreeing(here):
    (here.corpus / "介绍.txt").write_text(PARKS, encoding="utf-8")
    ingest(here.desk.settings)
    return CorpusShelf(here.desk.settings).in_force().disagreements


def test_a_disagreement_is_settled_kept_and_withdrawn(here):
    assert disagreeing(here)
    page = here.get("/disagreements").text
    assert "示例一号楼" in page and "示例二号楼" in page and untold(page) == []
    content = re.search(r'name="content" value="([0-9a-f]{64})"', page)[1]
    bare = here.post("/disagreements", {"content": content, "choice": "0", "note": ""})
    assert bare.status_code == 400 and "请写明依据" in bare.text
    none = here.post("/disagreements", {"content": content, "note": "写了很久的依据"})
    assert none.status_code == 400 and "写了很久的依据" in none.text
    assert here.post("/disagreements", {"content": content, "choice": "1", "note": "官网为准"}).status_code == 303
    page = here.get("/disagreements").text
    assert "官网为准" in page and 'value="1" checked' in page and untold(page) == []
    stale = here.post("/disagreements", {"content": content, "choice": "0", "note": "没看到"})
    assert stale.status_code == 400 and "别人刚刚" in stale.text
    assert here.post("/disagreements", {"content": content, "choice": "withdraw"}).status_code == 303
    assert "官网为准" not in here.get("/disagreements").text
    assert here.post("/disagreements", {"content": "0" * 64, "choice": "1", "note": "x"}).status_code == 400


def test_validity_and_reviews(room):
    page = room.get("/validity").text
    over, soon = page.split("60 天内到期")
    assert "示例园区简介" in over and "过了 30 天" in over and "关于示例项目的通知" in soon and "还有 30 天" in soon
    assert (
        room.post("/validity", {"document": "通知.txt", "due": "2026-03-02", "note": "问主管部门"}).status_code == 303
    )
    page = room.get("/validity").text
    assert "问主管部门" in page and "到了" in page and untold(page) == []
    wrong = room.post("/validity", {"document": "通知.txt", "due": "昨天", "note": "写好的"})
    assert wrong.status_code == 400 and "写好的" in wrong.text
    room.post("/validity", {"document": "通知.txt"})
    assert "问主管部门" not in room.get("/validity").text
    assert room.post("/validity", {"document": "../x", "due": "2026-03-02"}).status_code == 400


def test_pages_without_an_index_or_a_folder_say_so(room):
    import shutil

    shutil.rmtree(room.desk.settings.data_dir / "index")
    for path in (
        "",
        "/waiting",
        "/catalogue",
        "/disagreements",
        "/validity",
        "/history",
        f"/document?id={quote('通知.txt')}",
    ):
        reply = room.get(path)
        assert reply.status_code == 200 and "Traceback" not in reply.text, path
    shutil.rmtree(room.corpus)
    for path in ("", "/waiting", "/catalogue", "/disagreements", "/validity", "/history", "/upload"):
        assert room.get(path).status_code == 200, path
    assert "文件夹不存在" in room.get("").text
    assert all(words for words in DONE.values())
