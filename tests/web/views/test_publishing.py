"""Publishing one or many: forms, checks, receipts, what a visitor may not set."""

from __future__ import annotations

import base64
import re

import pytest

from bot.assistant import Assistant
from bot.market.records import Offer, State
from bot.settings import load_settings
from bot.types import RecordKind
from bot.web.actions.actions import ViewActions
from bot.web.texts import Language
from bot.web.texts.views_chinese import CHINESE_VIEWS
from bot.web.texts.views_english import ENGLISH_VIEWS
from tests.support.market_forms import CODE, MAIL, NEED_FORM, OFFER_FORM, PERSON, PHONE, receipt
from tests.support.scripted import ScriptedAssistant

ZH = Language.CHINESE.value


def test_a_good_form_is_published_and_its_owner_comes_back(act, actions, parse):
    reply = act("submit", **NEED_FORM)
    record = actions.market.claim(receipt(reply))[1]
    assert not reply.failed and record.state is State.PUBLISHED
    assert CHINESE_VIEWS.published in parse(reply.html).text
    shown = parse(act("claim", receipt=receipt(reply)).html).text
    assert record.title in shown and CHINESE_VIEWS.states[State.PUBLISHED] in shown


def test_a_weak_form_is_held_with_advice(act, actions, parse):
    reply = act("submit", kind="offers", title="技术")
    assert actions.market.claim(receipt(reply))[1].state is State.DRAFT
    text = parse(reply.html).text
    assert CHINESE_VIEWS.held in text and CHINESE_VIEWS.improve in text


def test_checking_saves_nothing(act, actions, parse):
    reply = act("check", **NEED_FORM)
    assert CHINESE_VIEWS.would_be_published in parse(reply.html).text
    assert CHINESE_VIEWS.would_be_held in parse(act("check", kind="needs", title="技术").html).text
    assert actions.market.store.revision() == 0


def test_words_fill_the_form_and_nothing_is_saved(act, actions, parse):
    reply = act("tell", kind="needs", told=f"我们想找能做低温快充的技术团队，预算100万元，电话{PHONE}")
    values = dict(parse(reply.html).attributes)
    assert "100万元" in reply.html and f'value="{PHONE}"' in reply.html
    assert PHONE not in re.search(r"<textarea[^>]*name=\"description\".*?</textarea>", reply.html, re.S).group()
    assert values and actions.market.store.revision() == 0


@pytest.mark.parametrize(
    ("chosen", "told", "kind"),
    [
        ("needs", "课题组研发了一种膜材料，想找企业合作产业化", "offers"),
        ("offers", "想找能做膜材料的团队", "offers"),
        ("needs", "膜材料", "needs"),
    ],
)
def test_what_is_told_decides_unless_an_offer_was_chosen(act, chosen, told, kind):
    assert f'name="kind" value="{kind}"' in act("tell", kind=chosen, told=told).html


def test_a_form_cannot_set_what_only_staff_may(act, actions):
    sent = {
        **NEED_FORM,
        "id": "taken",
        "historic": "是",
        "sample": "是",
        "source": "官方",
        "state": "registered",
        "as_of": "1999-01-01",
    }
    record = actions.market.claim(receipt(act("submit", **sent)))[1]
    assert record.id != "taken" and not record.historic and not record.sample
    assert (record.source, record.state) == ("", State.PUBLISHED)
    assert record.as_of != "1999-01-01"


@pytest.mark.parametrize("unit", [f"远山所 电话{PHONE}", f"远山所 {MAIL}", "远山所 微信yuanshan88"])
def test_the_name_of_a_unit_holds_no_way_to_reach_it(act, actions, unit):
    reply = act("submit", **{**NEED_FORM, "unit": unit})
    assert reply.failed and PHONE not in reply.html and MAIL not in reply.html
    assert actions.market.store.revision() == 0


def test_a_submission_that_fails_half_way_leaves_nothing_and_tells_the_log_nothing_private(act, actions, caplog):
    from sqlalchemy import text

    act("submit", kind="needs", title="先有一条")
    before = actions.market.store.list_records(RecordKind.NEED).total
    with actions.market.store.database.write() as connection:
        connection.execute(text("DROP TABLE record_contacts"))
    assert act("submit", **NEED_FORM).failed
    assert actions.market.store.list_records(RecordKind.NEED).total == before
    assert PHONE not in caplog.text and PERSON not in caplog.text


@pytest.mark.parametrize("action", ["form", "tell", "check", "submit", "template", "bulk"])
def test_only_needs_and_offers_are_published(act, action):
    assert act(action, kind="organisations", title="某单位", told="某单位").failed


def test_a_wrong_entry_is_told_and_nothing_is_saved(act, actions, parse):
    reply = act("submit", **{**OFFER_FORM, "trl": "12"})
    assert reply.failed and "成熟度" in parse(reply.html).text
    assert actions.market.store.revision() == 0


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_template_is_downloaded_and_imports(act, actions, tmp_path, suffix):
    from bot.market.importing import import_file

    content = act("template", kind="needs", suffix=suffix).as_json()
    path = tmp_path / f"t.{suffix}"
    path.write_bytes(base64.b64decode(content["content"]))
    assert content["name"].endswith(suffix)
    assert import_file(actions.market.store, path, RecordKind.NEED, actor="t").added == 1


def test_a_template_of_another_format_is_refused(act):
    assert act("template", kind="needs", suffix="exe").failed


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


ROWS = (
    "编号,名称,解决的问题,效益,成熟度,寻求的合作,知识产权状态,地区,所属单位,示例,联系电话\n"
    "a1,矿井轴流风机仿生降噪叶片,用仿生锯齿叶片降低矿井轴流风机的噪声，风量不变。,噪声降低12%，每台节约成本3万元,7,许可,已授权发明专利,示例省,示例叶片研究所,否,13912345678\n"
    "a2,技术,,,,,,,,,\n"
    "a3,成熟度写错的成果,,,12,,,,,,\n"
    "a4,模板里的样子,,,,,,,,是,\n"
)


def test_a_table_is_checked_and_registered_row_by_row(act, actions, parse):
    sent = {"kind": "offers", "file": encoded(ROWS), "file_name": "ours.csv", "unit": "示例集团"}
    checked = act("bulk_check", **sent)
    assert CHINESE_VIEWS.bulk_checked.format(1, 1, 2) in parse(checked.html).text
    assert actions.market.store.revision() == 0 and checked.download is None
    done = act("bulk", **sent)
    text = parse(done.html).text
    assert CHINESE_VIEWS.bulk_done.format(1, 1, 2) in text and "示例行" in text and "成熟度" in text
    codes = CODE.findall(done.html) and [match.group() for match in CODE.finditer(done.html)]
    records = [actions.market.claim(code)[1] for code in codes]
    assert [record.state for record in records] == [State.PUBLISHED, State.DRAFT]
    assert all(record.id not in ("a1", "a2") for record in records)
    owners = [actions.market.store.organisation(record.owner_id).title for record in records]
    assert owners == ["示例叶片研究所", "示例集团"]
    kept = done.download.content.decode("utf-8-sig")
    assert all(code in kept for code in codes) and "13912345678" not in text + kept


def test_columns_that_no_field_takes_are_told_before_and_after(act, actions, parse):
    rows = "序号,编号,名称,推荐科室,<b>备注</b>,空列\n1,a1,矿井轴流风机降噪,高新科,甲,\n2,a2,低温快充,,乙,\n"
    sent = {"kind": "needs", "file": encoded(rows), "file_name": "ours.csv"}
    for action in ("bulk_check", "bulk"):
        text = parse(act(action, **sent).html).text
        assert CHINESE_VIEWS.bulk_aside.format("推荐科室、<b>备注</b>") in text
    assert "高新科" not in repr(list(actions.market.store.iterate(RecordKind.NEED)))
    plain = encoded("序号,编号,名称\n1,a1,矿井轴流风机降噪\n")
    assert CHINESE_VIEWS.bulk_aside.partition("{}")[0] not in act("bulk_check", **sent | {"file": plain}).html


def test_somebody_elses_file_changes_no_record(act, actions):
    actions.market.store.save_many([Offer(id="a1", title="别人的成果")], actor="desk", publish=True)
    act("bulk", kind="offers", file=encoded(ROWS), file_name="theirs.csv")
    assert actions.market.store.offer("a1").title == "别人的成果"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", encoded("x")),
        ("a.csv", "not base 64!"),
        ("a.csv", encoded("颜色,尺寸\n红,大\n")),
        ("a.xlsx", encoded("no zip")),
        ("a.csv", ""),
        ("a.csv", encoded("编号,名称\n" + "".join(f"n{number},某物{number}\n" for number in range(101)))),
    ],
)
def test_a_file_that_cannot_be_used_is_told_so(act, actions, parse, name, content):
    reply = act("bulk", kind="offers", file=content, file_name=name)
    assert reply.failed and parse(reply.html).text
    assert not actions.market.on_file or actions.market.store.revision() == 0


def test_a_spreadsheet_bomb_is_refused_before_it_is_read(act, parse):
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    reply = act("bulk", kind="offers", file=base64.b64encode(buffer.getvalue()).decode(), file_name="a.xlsx")
    assert reply.failed and "解压" in parse(reply.html).text


def hidden_of(html: str) -> dict[str, str]:
    """What the confirming form of a preview sends."""
    import html as escapes

    form = re.search(r'<form id="confirm-form".*?</form>', html, re.S).group()
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: escapes.unescape(value) for name, value in found}


def test_others_eyes_come_before_anything_is_saved(act, actions, parse):
    sent = {**NEED_FORM, "indicators": f"降到80分贝以下，由{PERSON}验收，见ZL202110012345.6"}
    reply = act("preview", **sent)
    text = parse(reply.html).text
    assert "由〔人名略〕验收，见〔专利号略〕" in text
    assert f"{PERSON}" in text and CHINESE_VIEWS.preview_reason.format("人名") in text
    assert f"{CHINESE_VIEWS.contact_phone}：{PHONE}" in text
    assert "示例矿业有限公司（自报）" in text and CHINESE_VIEWS.would_be_published in text
    assert actions.market.store.revision() == 0


def test_what_is_confirmed_is_what_was_previewed(act, actions):
    sent = {**NEED_FORM, "description": NEED_FORM["description"] + '引号"<b>与&'}
    confirmed = hidden_of(act("preview", **sent).html)
    assert confirmed == {**{name: "" for name in confirmed}, **sent}
    record = actions.market.claim(receipt(act("submit", **confirmed)))[1]
    assert record.description == sent["description"] and record.state is State.PUBLISHED


def test_back_from_the_preview_everything_is_still_there(act):
    confirmed = hidden_of(act("preview", **NEED_FORM).html)
    form = act("form", **confirmed).html
    assert all(value in form for name, value in NEED_FORM.items() if name != "kind")


def test_a_weak_form_is_previewed_with_what_would_improve_it(act, actions, parse):
    text = parse(act("preview", kind="offers", title="技术").html).text
    assert CHINESE_VIEWS.would_be_held in text and CHINESE_VIEWS.preview_keep in text
    assert CHINESE_VIEWS.preview_no_contact in text and CHINESE_VIEWS.preview_nothing_left_out in text


def test_a_confidential_form_shows_no_owner(act, parse):
    text = parse(act("preview", **{**NEED_FORM, "confidentiality": "保密"}).html).text
    public = text[: text.index(CHINESE_VIEWS.preview_left_out)]
    assert "示例矿业" not in public and CHINESE_VIEWS.owner_withheld in public


@pytest.mark.parametrize("wrong", [{"trl": "12"}, {"contact_phone": "1" * 301}, {"kind": "organisations"}])
def test_a_form_that_could_not_be_submitted_is_not_previewed(act, wrong):
    assert act("preview", **{**OFFER_FORM, **wrong}).failed


@pytest.fixture
def moderated(tmp_path):
    settings = load_settings(
        environment={}, settings_file=tmp_path / "none.toml", data_dir=tmp_path / "data", desk={"moderation": True}
    )
    behind = Assistant(settings)
    yield ViewActions.over(ScriptedAssistant(behind=behind))
    behind.market.store.database.close()


@pytest.mark.parametrize("words", [CHINESE_VIEWS, ENGLISH_VIEWS], ids=["zh", "en"])
def test_the_button_says_what_comes_of_it(act, moderated, parse, words):
    language = words.language.value
    weak = {"kind": "needs", "title": "技术"}
    reviewed = moderated.reply("preview", NEED_FORM, language).html
    at_once = act("preview", language, **NEED_FORM).html
    for told in (words.would_wait, words.preview_confirm_waiting, words.preview_hint_waiting):
        assert told in parse(reviewed).text and told not in parse(at_once).text
    for told in (words.would_be_published, words.preview_confirm, words.preview_hint):
        assert told in parse(at_once).text and f">{told}<" not in reviewed
    assert words.would_wait in moderated.reply("check", NEED_FORM, language).html
    held = moderated.reply("preview", weak, language).html
    assert words.preview_keep in held and words.preview_confirm_waiting not in held and words.would_wait not in held
    sent = {"kind": "needs", "file": encoded("名称\n技术\n"), "file_name": "needs.csv"}
    assert words.would_wait not in moderated.reply("bulk_check", sent, language).html
    good = "名称,说明,技术指标,合作方式,预算,地区\n" + ",".join(
        NEED_FORM[name] for name in ("title", "description", "indicators", "cooperation", "budget", "region")
    )
    assert words.would_wait in moderated.reply("bulk_check", {**sent, "file": encoded(good)}, language).html
