"""Letters in the page: kept, reworded, compared, restored, downloaded; refused where they would name somebody."""

from __future__ import annotations

import base64
import io
import json
import re
from html import unescape

import pypdfium2
import pytest
from docx import Document as read_docx

from bot.introductions.records import Form, Stage
from bot.web.texts import Language
from bot.web.texts.letters import CHINESE, ENGLISH
from tests.support.market_forms import PERSON, PHONE, receipt

ZH = Language.CHINESE.value
BY = "张示例"


def fields_of(html: str, action: str, place: int = 0) -> dict[str, str]:
    """What the button of ``action`` sends."""
    found = re.findall(rf'data-action="{action}" data-fields="([^"]+)"', html)
    return json.loads(unescape(found[place]))


def form_of(html: str) -> dict[str, str]:
    """What the editor of a reply would send as it stands."""
    form = html[html.index('data-action="letter_save"') :].split("</form>")[0]
    sent = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)}
    boxes = re.findall(r'<textarea[^>]* name="(part-\d+)"[^>]*>([^<]*)</textarea>', form)
    return {**sent, **{name: unescape(value) for name, value in boxes}, "by": BY}


def changed(form: dict[str, str], old: str, new: str) -> dict[str, str]:
    assert any(old in value for value in form.values())
    return {name: value.replace(old, new) for name, value in form.items()}


@pytest.fixture
def drafted(act, pair):
    def draft(stage=Stage.ASK_NEED_OWNER, form=Form.LETTER, **sent):
        reply = act("introduce", need=pair[2].id, offer=pair[3].id, form=form.value, stage=stage.value, **sent)
        assert not reply.failed
        return reply.html

    return draft


@pytest.fixture
def kept(act, drafted):
    def keep(**chosen):
        html = act("letter_keep", draft=fields_of(drafted(**chosen), "word")["draft"], by=BY).html
        assert CHINESE.kept in html
        return html

    return keep


def content(reply) -> bytes:
    assert not reply.failed
    return base64.b64decode(reply.as_json()["content"])


def test_a_letter_is_kept_reworded_compared_and_restored(act, kept, parse):
    html = kept()
    form = form_of(html)
    saved = act("letter_save", **changed(form, "专此函询，请予函复。", "专此函询，请尽快函复。"))
    text = parse(saved.html).text
    assert CHINESE.saved.format(2) in text and CHINESE.changed in text and CHINESE.by_hand in text
    assert "<ins>尽快</ins>" in saved.html and "<del>予</del>" in saved.html
    older = act("letter_version", **fields_of(saved.html, "letter_version", 1))
    assert "请予函复" in older.html and "尽快" not in older.html
    restored = act("letter_restore", **{**fields_of(saved.html, "letter_restore"), "by": "李示例"})
    assert CHINESE.restored.format(1) in restored.html and CHINESE.saved.format(3) in restored.html
    opened = act("letter_open", letter=form["letter"], by="王示例").html
    assert "请予函复" in opened and "第 3 版 · 李示例" in opened
    assert act("letter_save", **form_of(opened)).failed


def test_files_are_of_the_version_asked_for(act, kept):
    form = form_of(kept())
    saved = act("letter_save", **changed(form, "请予函复", "请尽快函复")).html
    for place, told in ((0, "请尽快函复"), (-1, "请予函复")):
        asked = fields_of(saved, "letter_version", place)
        words = "".join(each.text for each in read_docx(io.BytesIO(content(act("word", **asked)))).paragraphs)
        document = pypdfium2.PdfDocument(content(act("pdf", **asked)))
        drawn = document[0].get_textpage().get_text_bounded()
        document.close()
        assert told in words and told in drawn


@pytest.mark.parametrize("brought", [PHONE, PERSON, "示例矿业有限公司", "sun8@example.com", "ZL202010123456.7"])
def test_an_edit_that_names_somebody_is_refused_with_the_reason(act, kept, brought):
    form = form_of(kept())
    reply = act("letter_save", **changed(form, "请予函复", f"请予函复，{brought}"))
    assert reply.failed and "双方同意之前" in reply.html and brought not in reply.html
    assert "第 2 版" not in act("letter_open", letter=form["letter"], by=BY).html


def test_of_two_who_edit_the_second_sees_both_texts(act, kept, parse):
    form = form_of(kept())
    act("letter_save", **changed(form, "请予函复", "请尽快函复"))
    late = act("letter_save", **{**changed(form, "请予函复", "请于本周函复"), "by": "李示例"})
    assert not late.failed
    text = parse(late.html).text
    assert CHINESE.stale.format(2, BY) in text and "请尽快函复" in text and "请于本周函复" in text
    again = form_of(late.html)
    assert again["base"] == "2" and any("请于本周函复" in value for value in again.values())
    assert CHINESE.saved.format(3) in act("letter_save", **again).html


def test_joint_letters_shut_with_the_consent_old_versions_too(act, pair, kept):
    need_code, offer_code, need, offer = pair
    act("interest", kind="offers", id=offer.id, receipt=need_code, cooperation_sought="许可", consent="yes")
    act("agree", receipt=offer_code, other=need.id, contact="yes")
    form = form_of(kept(stage=Stage.JOINT, receipt=need_code))
    saved = act("letter_save", **changed(form, "专此函告", "特此函告")).html
    asked = [fields_of(saved, "letter_version", place) for place in (0, 1)]
    assert PHONE in act("letter_version", **asked[1]).html
    act("take_back", receipt=need_code, other=offer.id)
    for fields in asked:
        for action in ("letter_version", "word", "pdf", "letter_open"):
            reply = act(action, **{**fields, "by": BY})
            assert reply.failed and PHONE not in reply.html and reply.download is None
    assert act("letter_save", **form).failed and act("letter_restore", **{**asked[1], "base": "2", "by": BY}).failed


def test_a_receipt_of_another_pair_opens_no_joint_letter(act, pair, drafted):
    other = receipt(act("submit", kind="offers", title="别家的风机叶片技术"))
    html = drafted(stage=Stage.JOINT, receipt=other)
    assert PHONE not in html and "letter_keep" not in html


@pytest.mark.parametrize("by", ["", "  ", "长" * 41])
def test_who_edits_is_said(act, drafted, by):
    assert act("letter_keep", draft=fields_of(drafted(), "word")["draft"], by=by).failed


@pytest.mark.parametrize(
    "wrong", [{"base": "7"}, {"base": "x"}, {"kind-0": "number"}, {"kind-0": "script"}, {"letter": "X"}]
)
def test_a_forged_save_is_refused(act, kept, wrong):
    assert act("letter_save", **{**form_of(kept()), **wrong}).failed


def test_markup_typed_into_a_letter_stays_words(act, kept, parse):
    form = changed(form_of(kept()), "请予函复", "<script>alert(1)</script><ins>好</ins>")
    html = act("letter_save", **{**form, "by": "<b>张</b>"}).html
    assert "<script>" not in html and "<b>张" not in html
    assert "<script>alert(1)</script>" in parse(html).text


def test_a_draft_that_is_gone_cannot_be_kept(act):
    assert act("letter_keep", draft="nothing", by=BY).failed


def test_letters_in_english(act, actions, pair):
    sent = {"need": pair[2].id, "offer": pair[3].id, "form": "letter", "stage": "ask_need_owner", "language": "en"}
    html = actions.reply("introduce", sent, ZH).html
    assert "Enquiry about a possible technology partner" in html and pair[3].title in html
    key = fields_of(html, "word")["draft"]
    assert ENGLISH.kept in act("letter_keep", Language.ENGLISH.value, draft=key, by=BY).html
