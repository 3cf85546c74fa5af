"""Kept letters: numbers, versions, edits that may not name anybody, and two who save at once."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from bot.errors import ConsentError, MarketError, UsageError
from bot.introductions.drafting import draft_introduction
from bot.introductions.editing import Run, changes, check_edit, edited_blocks, runs
from bot.introductions.letters import MOST_VERSIONS, Letters, StaleVersion
from bot.introductions.records import Form, Language, Stage
from bot.market.consents import ConsentScope, ConsentStep
from bot.market.records import CloseReason, Side, State
from bot.printing.blocks import Block, BlockKind
from bot.settings import OfficeSettings
from bot.text.differences import words_changed
from bot.types import RecordKind
from tests.support.consents import say

TODAY = date(2026, 3, 1)
OFFICE = OfficeSettings(
    name="示例技术转移中心",
    phone="021-55550000",
    email="office@example.org",
    contact_person="王示例",
    address="示例市示例路1号",
    number_prefix="某技转函",
    reply_days=10,
)
#: What anybody may add to a letter before both agreed.
HONEST = (
    "如能在本月内回复，我们可以安排现场看样机。",
    "对方希望先看三个月的运行数据，再谈价格。",
    "我们建议会面地点定在本中心，时间由贵单位定。",
    "噪声降低12分贝是在全压2,800帕、每分钟740转下测得的。",
    "预算60万元以内，2027年6月前完成，知识产权双方共有。",
    "如有疑问请打021-55550000，或写信到office@example.org，找王示例。",
    "会面地点：示例市示例路1号，示例技术转移中心。",
    "该成果符合GB/T 1236-2017，样机编号A-3。",
    "We can show the prototype in May; the price is open.",
    "请附上一页需求说明，以及希望解决的先后次序。",
)
#: What tells who either side is, or how to reach somebody, in one way or another.
HOSTILE = (
    "对方是北山矿业有限公司。",
    "对方是北山矿业。",
    "北 山 矿 业的风机",
    "成果来自南湖叶片研究所。",
    "南湖叶片所",
    "请找钱七谈。",
    "孙八教授主持研发。",
    "孙教授主持研发。",
    "请打13912345678。",
    "电话１３９１２３４５６７８",
    "139-1234-5678",
    "一三九一二三四五六七八",
    "写信到sun8@example.com。",
    "sun8 (at) example.com",
    "微信号qianqi2027",
    "专利号ZL202010123456.7。",
    "见CN112345678A",
    "统一社会信用代码91310000MA1FL00000",
    "地址：示例省北山市矿山路8号",
    "www.north-hill.example.com",
)


@pytest.fixture
def letters(market):
    return Letters(market, OFFICE)


def draft(market, form=Form.LETTER, stage=Stage.ASK_NEED_OWNER, today=TODAY, language=Language.CHINESE):
    return draft_introduction(market, "n1", "o1", form, stage, today=today, office=OFFICE, language=language)


def agree(market, *sides, step=ConsentStep.GIVEN):
    for side in sides or tuple(Side):
        say(market.store, "n1", "o1", side, step)


def with_added(letter, text):
    return (*letter.newest.blocks, Block(BlockKind.PARAGRAPH, text))


@pytest.mark.parametrize("text", HONEST)
def test_honest_words_are_saved_before_both_agreed(market, letters, text):
    letter = letters.keep(draft(market), actor="张示例")
    check_edit(market, letter, with_added(letter, text), OFFICE)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_names_a_side_is_saved_before_both_agreed(market, letters, text):
    letter = letters.keep(draft(market), actor="张示例")
    with pytest.raises(ConsentError) as refused:
        check_edit(market, letter, with_added(letter, text), OFFICE)
    # A guess is not told right: the reason names the kind alone.
    assert text.strip("。") not in str(refused.value) and "北山" not in str(refused.value)


def test_a_number_split_between_two_blocks_is_seen(market, letters):
    letter = letters.keep(draft(market), actor="张示例")
    halves = (Block(BlockKind.PARAGRAPH, "号码139123"), Block(BlockKind.PARAGRAPH, "45678"))
    with pytest.raises(ConsentError):
        check_edit(market, letter, (*letter.newest.blocks, *halves), OFFICE)


def test_the_joint_letter_may_name_both(market, letters):
    agree(market)
    letter = letters.keep(draft(market, stage=Stage.JOINT), actor="张示例")
    check_edit(market, letter, with_added(letter, "钱七的另一个电话是13912345679。"), OFFICE)


def test_letters_are_counted_by_year_where_the_office_numbers_them(market, letters):
    def number(**chosen):
        letter = letters.keep(draft(market, **chosen), actor="张示例")
        return [block.text for block in letter.newest.blocks if block.kind is BlockKind.NUMBER]

    assert number() == ["某技转函〔2026〕1号"]
    assert number(form=Form.EMAIL) == []
    assert number(stage=Stage.ASK_OFFER_OWNER) == ["某技转函〔2026〕2号"]
    assert number(today=date(2027, 1, 4)) == ["某技转函〔2027〕1号"]
    assert number(language=Language.ENGLISH) == ["Our reference: 某技转函〔2026〕3号"]
    bare = draft_introduction(market, "n1", "o1", Form.LETTER, Stage.ASK_NEED_OWNER, today=TODAY)
    letter = Letters(market, OfficeSettings()).keep(bare, actor="张示例")
    assert not [block for block in letter.newest.blocks if block.kind is BlockKind.NUMBER]


def test_two_who_keep_at_once_get_two_numbers(market, letters):
    drafted, kept = draft(market), []
    threads = [threading.Thread(target=lambda: kept.append(letters.keep(drafted, actor="张示例"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = {block.text for letter in kept for block in letter.newest.blocks if block.kind is BlockKind.NUMBER}
    assert numbers == {f"某技转函〔2026〕{serial}号" for serial in range(1, 7)}


def test_versions_are_kept_with_who_and_when(market, letters):
    letter = letters.keep(draft(market), actor="张示例")
    saved = letters.save(letter.id, 1, with_added(letter, "补充一句。"), actor="李示例")
    assert [(version.number, version.actor) for version in saved.versions] == [(1, "张示例"), (2, "李示例")]
    assert saved.newest.at > letter.newest.at and letter.newest.blocks == saved.version(1).blocks
    again = letters.save(letter.id, 2, saved.version(1).blocks, actor="王示例", note="恢复第 1 版")
    assert again.newest.blocks == letter.newest.blocks and again.newest.note == "恢复第 1 版"
    with pytest.raises(MarketError):
        again.version(9)


def test_the_second_save_on_an_old_version_is_refused_and_loses_nothing(market, letters):
    letter = letters.keep(draft(market), actor="张示例")
    first = letters.save(letter.id, 1, with_added(letter, "第一个人的话。"), actor="李示例")
    with pytest.raises(StaleVersion) as refused:
        letters.save(letter.id, 1, with_added(letter, "第二个人的话。"), actor="王示例")
    assert refused.value.newest == first.newest and "李示例" in str(refused.value)
    assert letters.open(letter.id).newest == first.newest


def test_of_many_who_save_at_once_one_is_first(market, letters):
    letter = letters.keep(draft(market), actor="张示例")
    told = []

    def save(number):
        try:
            letters.save(letter.id, 1, with_added(letter, f"第{number}个人的话。"), actor="李示例")
            told.append("saved")
        except StaleVersion:
            told.append("refused")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused"] * 4 + ["saved"] and len(letters.open(letter.id).versions) == 2


def test_a_wrong_number_opens_nothing(market, letters):
    letter = letters.keep(draft(market), actor="张示例")
    with pytest.raises(MarketError, match="没有这份信函"):
        letters.open(letter.id + 1)


@pytest.mark.parametrize("end", ["withdrawn", "changed", "closed"])
def test_a_joint_letter_is_shut_in_every_version_when_consent_ends(market, letters, end):
    agree(market)
    letter = letters.keep(draft(market, stage=Stage.JOINT), actor="张示例")
    letters.save(letter.id, 1, with_added(letter, "补充。"), actor="张示例")
    if end == "withdrawn":
        agree(market, Side.NEED_OWNER, step=ConsentStep.WITHDRAWN)
    elif end == "changed":
        from dataclasses import replace

        market.store.save(replace(market.offer("o1"), description="另一种设备"), actor="t")
    else:
        market.store.move(RecordKind.NEED, "n1", State.CLOSED, actor="t", reason=CloseReason.WITHDRAWN)
    for refused in (
        lambda: letters.open(letter.id),
        lambda: letters.save(letter.id, 2, letter.newest.blocks, actor="张示例"),
    ):
        with pytest.raises(MarketError) as why:
            refused()
    (head,) = letters.of_pair("n1", "o1")
    assert head.shut == str(why.value) and head.versions == 2


def test_a_joint_letter_with_a_contact_is_shut_when_its_owner_agrees_to_be_named_only(market, letters):
    agree(market)
    letter = letters.keep(draft(market, stage=Stage.JOINT), actor="张示例")
    agree(market, Side.NEED_OWNER, step=ConsentStep.WITHDRAWN)
    say(market.store, "n1", "o1", Side.NEED_OWNER, ConsentStep.GIVEN, scope=(ConsentScope.NAME,))
    with pytest.raises(ConsentError, match="只同意告知名称"):
        letters.open(letter.id)
    opened = letters.keep(draft(market, stage=Stage.JOINT), actor="张示例")
    told = "".join(block.text for block in opened.newest.blocks)
    assert "13912345678" not in told and "北山矿业" in told and "sun8@example.com" in told


def test_a_changed_block_loses_its_sources(market, letters):
    letter = letters.keep(draft(market), actor="张示例")
    blocks = list(letter.newest.blocks)
    place = next(n for n, block in enumerate(blocks) if "6 级" in block.text)
    # The fact still stands in these words, and means another thing.
    blocks[place] = Block(BlockKind.ITEM, f"{blocks[place].text}以上")
    saved = letters.save(letter.id, 1, blocks, actor="张示例")
    told = saved.introduction(saved.newest)
    assert saved.changed_by_hand(saved.newest) == (blocks[place],) and blocks[place].text in told.text
    lost = {fact.text for fact in saved.drafted.facts} - {fact.text for fact in told.facts}
    assert "6 级" in lost and told.facts
    first = saved.introduction(saved.version(1))
    assert first.facts == saved.drafted.facts and saved.changed_by_hand(saved.version(1)) == ()


def test_an_editor_gives_back_what_it_was_given(market, letters):
    for form in Form:
        for language in Language:
            letter = letters.keep(draft(market, form=form, language=language), actor="张示例")
            blocks = letter.newest.blocks
            assert edited_blocks(blocks, runs(blocks)) == blocks


@pytest.mark.parametrize("kind", [BlockKind.SUBHEADING, BlockKind.VERDICT, BlockKind.NOTE])
def test_a_letter_gets_no_blocks_of_a_report(kind):
    with pytest.raises(UsageError, match=kind.value):
        edited_blocks((Block(BlockKind.TITLE, "函"),), (Run(kind, "一段"),))


def test_what_an_editor_sends_becomes_blocks():
    base = (Block(BlockKind.LETTERHEAD, "示例中心"), Block(BlockKind.NUMBER, "某函〔2026〕1号"))
    edited = (
        Run(BlockKind.TITLE, "关于\x00对接的函\n"),
        Run(BlockKind.ITEM, "• 第一条\n\n第二条\u200b\r\n"),
        Run(BlockKind.PARAGRAPH, "   "),
    )
    assert edited_blocks(base, edited) == (
        *base,
        Block(BlockKind.TITLE, "关于对接的函"),
        Block(BlockKind.ITEM, "第一条"),
        Block(BlockKind.ITEM, "第二条"),
    )
    for wrong in ((), (Run(BlockKind.PARAGRAPH, " "),), (Run(BlockKind.NUMBER, "某函〔2026〕9号"),)):
        with pytest.raises(UsageError):
            edited_blocks(base, wrong)
    for long in ("一" * 20_001, "一\n" * 201):
        with pytest.raises(UsageError):
            edited_blocks(base, (Run(BlockKind.PARAGRAPH, long),))


def test_what_changed_is_told_in_words():
    assert [(each.mark, each.text) for each in words_changed("噪声降低12分贝", "噪声降低15分贝以上")] == [
        (" ", "噪声降低"),
        ("-", "12"),
        ("+", "15"),
        (" ", "分贝"),
        ("+", "以上"),
    ]
    before = (Block(BlockKind.PARAGRAPH, "第一段。"), Block(BlockKind.PARAGRAPH, "第二段。"))
    after = (Block(BlockKind.PARAGRAPH, "第一段。"), Block(BlockKind.ITEM, "新的一条"), before[1])
    marks = [[each.mark for each in block] for block in changes(before, after)]
    assert marks == [[" "], ["+"], [" "]]
    assert [[each.mark for each in block] for block in changes(after, before)] == [[" "], ["-"], [" "]]


@pytest.mark.parametrize("old", ["一" * 3_000, "一二" * 900, "降噪12分贝，" * 300])
@pytest.mark.parametrize("new", ["一" * 2_999, "二一" * 900, "降噪15分贝。" * 300])
def test_both_texts_come_back_from_any_comparison(old, new):
    told = words_changed(old, new)
    assert "".join(each.text for each in told if each.mark != "+") == old
    assert "".join(each.text for each in told if each.mark != "-") == new


def test_a_letter_has_an_end_to_its_versions(market, letters, monkeypatch):
    monkeypatch.setattr("bot.introductions.letters.MOST_VERSIONS", 3)
    letter = letters.keep(draft(market), actor="张示例")
    for base in (1, 2):
        letters.save(letter.id, base, with_added(letter, f"第{base}次。"), actor="张示例")
    with pytest.raises(MarketError, match="另起一份"):
        letters.save(letter.id, 3, letter.newest.blocks, actor="张示例")
    assert MOST_VERSIONS == 200
