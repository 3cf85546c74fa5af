import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from docx import Document

from bot.errors import ConsentError, MarketError
from bot.introductions.composing import Piece
from bot.introductions.drafting import draft_introduction, searched
from bot.introductions.facts import joined, sentences
from bot.introductions.files import to_docx
from bot.introductions.letters import Letters
from bot.introductions.records import Form, Language, Stage, TracedFact
from bot.introductions.templates import Templates
from bot.market.consents import ConsentStep
from bot.market.records import CloseReason, Confidentiality, Organisation, Side, State, declared_id
from bot.market.redaction import FindingKind, scan
from bot.printing.blocks import Block, BlockKind
from bot.settings import OfficeSettings
from bot.types import PrivateContact, RecordKind
from tests.support.consents import say

TODAY = date(2026, 3, 1)
#: What the records of the fixture hold and no blind draft may tell.
NEED_SECRETS = ("北山矿业有限公司", "北山矿业", "钱七", "13912345678")
OFFER_SECRETS = ("南湖叶片研究所", "孙八教授", "sun8@example.com", "ZL202010123456.7", "CN112345678A")
BLIND = [(form, stage) for form in Form for stage in (Stage.ASK_NEED_OWNER, Stage.ASK_OFFER_OWNER)]


def _draft(market, form=Form.LETTER, stage=Stage.ASK_NEED_OWNER):
    return draft_introduction(market, "n1", "o1", form, stage, today=TODAY)


def _agree(market, *sides, given=True):
    for side in sides:
        say(market.store, "n1", "o1", side, ConsentStep.GIVEN if given else ConsentStep.WITHDRAWN)


@pytest.mark.parametrize(("form", "stage"), BLIND)
def test_blind_drafts_tell_nothing_private(market, form, stage):
    introduction = _draft(market, form, stage)
    everything = repr(introduction)
    for secret in (*NEED_SECRETS, *OFFER_SECRETS, "north-hill"):
        assert secret not in everything
    assert introduction.blocked is None and introduction.text
    assert not {finding.kind for finding in scan(introduction.text)} & set(FindingKind)


@pytest.mark.parametrize(("form", "stage"), BLIND)
def test_what_was_left_out_is_said_by_kind(market, form, stage):
    withheld = " ".join(_draft(market, form, stage).withheld)
    assert "需求方" in withheld and "成果方" in withheld


def test_hidden_words_of_the_records_are_listed(market):
    withheld = " ".join(_draft(market, stage=Stage.ASK_OFFER_OWNER).withheld)
    assert all(word in withheld for word in ("单位名称", "电话"))
    assert "专利号" in " ".join(_draft(market, stage=Stage.ASK_NEED_OWNER).withheld)


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("stage", list(Stage))
def test_every_fact_stands_in_the_text_and_names_its_source(market, form, stage):
    _agree(market, *Side)
    introduction = _draft(market, form, stage)
    assert introduction.facts
    for fact in introduction.facts:
        assert fact.text in introduction.text
        assert fact.source


def test_every_figure_of_a_draft_comes_from_a_fact(market):
    introduction = _draft(market)
    rest = introduction.text
    for fact in sorted(introduction.facts, key=lambda each: -len(each.text)):
        rest = rest.replace(fact.text, "")
    assert not any(character.isdigit() for character in rest)


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("agreed", [(), (Side.NEED_OWNER,), (Side.OFFER_OWNER,)])
def test_the_joint_stage_is_blocked_until_both_agreed(market, form, agreed):
    _agree(market, *agreed)
    introduction = _draft(market, form, Stage.JOINT)
    assert introduction.blocked and introduction.text == "" and introduction.facts == ()
    missing = next(side for side in Side if side not in agreed)
    assert missing.label in introduction.blocked
    with pytest.raises(ConsentError):
        to_docx(introduction)
    with pytest.raises(ConsentError):
        Letters(market, OfficeSettings()).keep(introduction, actor="t")


def test_both_consents_open_the_joint_stage_and_a_withdrawal_closes_it(market):
    _agree(market, *Side)
    text = _draft(market, stage=Stage.JOINT).text
    for told in ("北山矿业有限公司", "南湖叶片研究所", "钱七", "13912345678", "sun8@example.com"):
        assert told in text
    _agree(market, Side.OFFER_OWNER, given=False)
    assert _draft(market, stage=Stage.JOINT).blocked
    assert market.consent_state("n1", "o1").missing == (Side.OFFER_OWNER,)


def test_consents_are_of_one_pair_only(market):
    market.store.save_many([replace(market.store.offer("o1"), id="o2")], actor="t", publish=True)
    _agree(market, *Side)
    assert market.consent_state("n1", "o2").missing == tuple(Side)


def test_only_open_records_are_introduced(market):
    market.store.move(RecordKind.OFFER, "o1", State.CLOSED, actor="t", reason=CloseReason.WITHDRAWN)
    assert "已结束" in _draft(market).blocked
    market.store.save(replace(market.store.need("n1"), historic=True), actor="t")
    assert "历史" in _draft(market).blocked


def test_a_need_is_not_introduced_to_its_own_owner(market):
    market.store.save(replace(market.store.offer("o1"), owner_id="g1"), actor="t")
    assert "同一单位" in _draft(market).blocked


def test_unknown_records_are_told(market):
    with pytest.raises(MarketError, match="none"):
        draft_introduction(market, "none", "o1", Form.LETTER, Stage.JOINT, today=TODAY)


def test_a_line_whose_fact_is_missing_is_not_written(market):
    text = _draft(market, stage=Stage.ASK_OFFER_OWNER).text
    assert "预算：不超过60万元" in text
    assert "期限：" not in text and "{" not in text


def test_record_text_that_looks_like_a_slot_is_not_filled(market):
    market.store.save(replace(market.store.offer("o1"), benefit="{need_owner.name}{offer.title}"), actor="t")
    assert "{need_owner.name}{offer.title}" in _draft(market).text


@pytest.mark.parametrize("language", list(Language))
def test_templates_keep_apart_what_may_not_meet(language):
    for form in Form:
        for stage in Stage:
            lines = [line for group in Templates.of(language).lines(form, stage) for line in group]
            assert stage is Stage.JOINT or not any("_owner." in line.text for line in lines)
            # What the office says of itself is not searched for private things; facts of records are.
            for line in lines:
                rooms = {slot.partition(".")[0] for slot in line.slots}
                assert not ("office" in rooms and rooms & {"need", "offer", "match", "conditions"}), line


def test_saved_drafts_come_back_as_they_were(market):
    introduction = _draft(market)
    letters = Letters(market, OfficeSettings())
    letters.keep(introduction, actor="t")
    (head,) = letters.of_pair("n1", "o1")
    kept = letters.open(head.id)
    assert (kept.drafted.text, kept.drafted.facts, kept.drafted.withheld, kept.drafted.blocks) == (
        introduction.text,
        introduction.facts,
        introduction.withheld,
        introduction.blocks,
    )


def test_the_same_facts_give_the_same_draft(market):
    assert _draft(market) == _draft(market)


@pytest.mark.parametrize("form", list(Form))
def test_docx_holds_every_block_with_chinese_fonts(market, form):
    introduction = _draft(market, form)
    content = to_docx(introduction)
    document = Document(io.BytesIO(content))
    written = [paragraph.text for paragraph in document.paragraphs]
    for block in introduction.blocks:
        assert any(block.text in text for text in written)
    styles = zipfile.ZipFile(io.BytesIO(content)).read("word/styles.xml").decode()
    assert 'w:eastAsia="宋体"' in styles
    assert "eastAsiaTheme" not in styles.split('w:styleId="Normal"')[1].split("</w:style>")[0]


def test_docx_carries_titles_and_lists_as_styles(market):
    introduction = _draft(market)
    document = Document(io.BytesIO(to_docx(introduction)))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    kinds = [block.kind for block in introduction.blocks]
    assert styles.count("List Bullet") == kinds.count(BlockKind.ITEM)
    assert styles[0] == "Title"
    assert round(document.sections[0].page_width.cm, 1) == 21.0


def test_sentences_stay_whole():
    assert sentences("一句话。") == ("一句话",)
    assert sentences("降噪12分贝\n省电3%\x0b换装\u200b") == ("降噪12分贝", "省电3%", "换装")
    assert sentences("Fans exceed 95 dB. Hoods do not fit.") == ("Fans exceed 95 dB.", "Hoods do not fit.")
    assert joined(("降噪12分贝", "省电3%")) == "降噪12分贝；省电3%"
    assert joined(("Fans are loud.", "Hoods do not fit.")) == "Fans are loud. Hoods do not fit."
    assert joined(("第一句。", "第二句。")) == "第一句。第二句。"


@pytest.mark.parametrize("form", list(Form))
def test_a_draft_from_made_up_records_says_so(market, form):
    need = replace(market.store.need("n1"), sample=True)
    market.store.save(need, actor="t")
    text = _draft(market, form, Stage.ASK_OFFER_OWNER).text
    assert text.count("【示例】") == 1
    market.store.save(replace(need, sample=False), actor="t")
    assert "示例】" not in _draft(market, form, Stage.ASK_OFFER_OWNER).text


def test_what_a_side_told_is_blind_until_both_agree(market):
    told = market.blinded(market.need("n1"), "我是北山矿业有限公司的钱七，电话13912345678，想谈许可")
    assert "想谈许可" in told
    for secret in NEED_SECRETS:
        assert secret not in told


def test_a_contact_left_with_a_record_goes_before_the_organisations(market):
    market.store.set_contacts(RecordKind.NEED, {"n1": PrivateContact(name="吴九", phone="12345678")}, actor="t")
    _agree(market, *Side)
    text = _draft(market, stage=Stage.JOINT).text
    assert "联系人：吴九，12345678" in text and "联系人：钱七" not in text


def test_a_list_of_guesses_comes_back_as_it_was_sent(market):
    """Leaving out the right guess would tell which one is right."""
    guesses = "华星科技、北山矿业有限公司、远大涂料、钱七、李小明"
    offer = replace(market.store.offer("o1"), description=f"适用于{guesses}等单位的风机降噪。")
    market.store.save(offer, actor="t")
    text = _draft(market, stage=Stage.ASK_NEED_OWNER).text
    assert "北山矿业有限公司" not in text or "钱七" in text
    told = market.blinded(market.offer("o1"), "是不是钱七或李小明？")
    assert told == "是不是钱七或李小明？"


def test_nobody_finds_an_owner_by_registering_under_one_name_after_the_other(market):
    owner = Organisation(id=declared_id("北山矿业"), title="北山矿业")
    market.store.save(owner, actor="t")
    need, offer = market.store.need("n1"), market.store.offer("o1")
    market.store.save(replace(need, owner_id=owner.id, confidentiality=Confidentiality.CONFIDENTIAL), actor="t")
    market.store.save(replace(offer, owner_id=owner.id), actor="t")
    assert _draft(market).blocked is None


def test_the_same_unit_is_told_without_its_id(market):
    market.store.save(replace(market.store.offer("o1"), owner_id="g1"), actor="t")
    blocked = _draft(market).blocked
    assert "同一单位" in blocked and "g1" not in blocked


def test_a_yes_ends_with_a_change_of_what_it_was_given_to(market):
    _agree(market, *Side)
    market.store.save(replace(market.store.offer("o1"), description="完全不同的设备"), actor="t")
    assert market.consent_state("n1", "o1").missing == tuple(Side)
    _agree(market, *Side)
    assert not market.consent_state("n1", "o1").missing
    for state, reason in (
        (State.CLOSED, CloseReason.WITHDRAWN),
        (State.DRAFT, None),
        (State.CHECKED, None),
        (State.PUBLISHED, None),
    ):
        market.store.move(RecordKind.NEED, "n1", state, actor="t", reason=reason)
    assert _draft(market, stage=Stage.JOINT).blocked


def test_a_name_nobody_verified_is_marked_in_the_joint_letter(market):
    owner = Organisation(id=declared_id("示例名校"), title="示例名校")
    market.store.save(owner, actor="t")
    market.store.save(replace(market.store.offer("o1"), owner_id=owner.id), actor="t")
    _agree(market, *Side)
    text = _draft(market, stage=Stage.JOINT).text
    # A letter is not addressed in words of the program; what it has to say of the name it says in a sentence.
    assert "（自报）" not in text and "北山矿业有限公司、示例名校：" in text
    assert "示例名校的单位名称由其自报，未经核实。" in text


def test_the_word_file_tells_nothing_of_its_making(market):
    with zipfile.ZipFile(io.BytesIO(to_docx(_draft(market)))) as archive:
        names = archive.namelist()
        texts = "".join(archive.read(name).decode("utf-8", "replace") for name in names if name.endswith(".xml"))
    assert not any("thumbnail" in name or "customXml" in name or "app.xml" in name for name in names)
    assert "python-docx" not in texts and "Macintosh" not in texts and "2013" not in texts.split("<w:body>")[0]


def test_words_of_records_are_searched_once_more_where_they_meet():
    record, office = TracedFact("139", "需求 n1「预算」"), TracedFact("021-55550000", "本单位设置")
    met = Block(BlockKind.ITEM, "预算：139；期限：13912345678")
    assert "13912345678" not in searched(Piece(met, (record,))).text
    own = Block(BlockKind.CONTACT, "电话：021-55550000")
    assert searched(Piece(own, (office,))) == own


def test_a_sentence_that_would_fill_the_letter_is_left_out_and_said(market):
    market.store.save(replace(market.store.offer("o1"), description="叶片降噪，" * 130 + "完"), actor="t")
    drafted = _draft(market)
    assert "叶片降噪，叶片降噪" not in drafted.text and "“解决的问题”" in drafted.text
    assert any("解决的问题" in text for text in drafted.withheld)
