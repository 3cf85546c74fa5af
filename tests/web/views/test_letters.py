"""Letters in the page: drafted and downloaded; kept and reworded nowhere but at the desk."""

from __future__ import annotations

import base64
import io
import json
import re
from html import unescape

import pypdfium2
import pytest
from docx import Document as read_docx

from bot.introductions.letters import Letters
from bot.introductions.records import Form, Stage
from bot.introductions.records import Language as Written
from bot.settings import OfficeSettings
from bot.web.texts import Language
from tests.support.market_forms import PHONE, receipt

ZH = Language.CHINESE.value


def fields_of(html: str, action: str) -> dict[str, str]:
    """What the button of ``action`` sends."""
    found = re.findall(rf'data-action="{action}" data-fields="([^"]+)"', html)
    return json.loads(unescape(found[0]))


@pytest.fixture
def drafted(act, pair):
    def draft(stage=Stage.ASK_NEED_OWNER, form=Form.LETTER, **sent):
        reply = act("introduce", need=pair[2].id, offer=pair[3].id, form=form.value, stage=stage.value, **sent)
        assert not reply.failed
        return reply.html

    return draft


def content(reply) -> bytes:
    assert not reply.failed
    return base64.b64decode(reply.as_json()["content"])


def test_files_hold_the_draft_that_was_shown(act, drafted):
    asked = fields_of(drafted(), "word")
    words = "".join(each.text for each in read_docx(io.BytesIO(content(act("word", **asked)))).paragraphs)
    document = pypdfium2.PdfDocument(content(act("pdf", **asked)))
    drawn = document[0].get_textpage().get_text_bounded()
    document.close()
    assert "请予函复" in words and "请予函复" in drawn and PHONE not in words + drawn


@pytest.mark.parametrize("action", ["letter_keep", "letter_open", "letter_save", "letter_restore", "letter_version"])
def test_nobody_keeps_opens_or_rewords_a_letter_without_signing_in(act, actions, pair, drafted, action):
    market = actions.market
    worded = actions.assistant.introduce(pair[2].id, pair[3].id, Form.LETTER, Stage.ASK_NEED_OWNER, Written.CHINESE)
    kept = Letters(market, OfficeSettings()).keep(worded.introduction, actor="manager")
    sent = {**fields_of(drafted(), "word"), "letter": str(kept.id), "base": "1", "number": "1", "by": "张示例"}
    reply = act(action, **sent, **{"kind-0": "paragraph", "part-0": "改过的话。"})
    assert reply.failed and "请予函复" not in reply.html
    assert [head.versions for head in Letters(market, OfficeSettings()).of_pair(pair[2].id, pair[3].id)] == [1]


def test_a_joint_draft_is_not_downloaded_after_a_consent_ended(act, pair, drafted):
    need_code, offer_code, need, offer = pair
    act("interest", kind="offers", id=offer.id, receipt=need_code, cooperation_sought="许可", consent="yes")
    act("agree", receipt=offer_code, other=need.id, contact="yes")
    html = drafted(stage=Stage.JOINT, receipt=need_code)
    asked = fields_of(html, "word")
    assert PHONE in html and content(act("word", **asked))
    act("take_back", receipt=need_code, other=offer.id)
    for action in ("word", "pdf"):
        reply = act(action, **asked)
        assert reply.failed and PHONE not in reply.html and reply.download is None


def test_a_receipt_of_another_pair_opens_no_joint_letter(act, pair, drafted):
    other = receipt(act("submit", kind="offers", title="别家的风机叶片技术"))
    html = drafted(stage=Stage.JOINT, receipt=other)
    assert PHONE not in html and 'data-action="word"' not in html


def test_a_draft_that_is_gone_cannot_be_downloaded(act):
    assert act("word", draft="nothing").failed


def test_letters_in_english(actions, pair):
    sent = {"need": pair[2].id, "offer": pair[3].id, "form": "letter", "stage": "ask_need_owner", "language": "en"}
    html = actions.reply("introduce", sent, ZH).html
    assert "Enquiry about a possible technology partner" in html and pair[3].title in html
