from datetime import date

import pytest

from bot.market.drafting import next_question, preview, recognise, set_value, start_draft, take_answer
from bot.market.records import State
from bot.types import RecordKind

TOLD = (
    "我们是示例电气有限公司，想找能做耐高温绝缘漆的团队，现有漆膜200℃就开裂，"
    "希望耐温达到260℃以上，预算80万元以内，明年底前完成，联合研发，知识产权双方共有，电话13912345678"
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我们想找能做耐高温绝缘漆的技术团队", RecordKind.NEED),
        ("寻求替代进口的密封件技术", RecordKind.NEED),
        ("有没有做机器视觉的企业可以合作", RecordKind.NEED),
        ("课题组研发了一种膜材料，想找企业合作产业化", RecordKind.OFFER),
        ("我们有一项散热技术，可以转让", RecordKind.OFFER),
        ("人才公寓怎么申请", None),
        ("哪家银行有专门的贷款", None),
        ("联合创新项目最高补贴多少钱", None),
        ("你好", None),
    ],
)
def test_a_partner_wish_is_told_from_a_question(text, kind):
    assert recognise(text) is kind


def test_what_was_told_fills_the_draft_in_its_own_words():
    draft = start_draft(TOLD, today=date(2026, 3, 1))
    assert draft.kind is RecordKind.NEED
    assert draft.value("title") == "耐高温绝缘漆"
    assert "260℃" in draft.value("indicators") and "80万元" in draft.value("budget")
    assert draft.value("deadline") == "明年底前完成（2027年）"
    assert draft.value("cooperation") == "联合研发"
    assert "双方共有" in draft.value("ip_ownership")
    assert draft.owner == "示例电气有限公司"


def test_a_telephone_number_never_enters_the_public_text():
    draft = start_draft(TOLD)
    assert "13912345678" not in preview(draft) + repr(draft.values)
    assert draft.contact.phone == "13912345678"


def test_missing_fields_are_asked_one_at_a_time_until_none_is_left():
    draft = start_draft("寻求替代进口的密封件技术")
    asked = []
    while (question := next_question(draft)) is not None:
        asked.append(question.name)
        draft = take_answer(draft, "跳过" if question.name == "budget" else f"回答{len(asked)}")
    assert asked[0] == "description" and len(asked) == len(set(asked)) and "title" not in asked
    assert draft.skipped == ("budget",) and "（未填）" in preview(draft)


def test_an_answer_may_tell_more_than_was_asked():
    draft = start_draft("寻求替代进口的密封件技术")
    draft = take_answer(draft, "进口件交期太长，预算50万元，联合研发")
    assert draft.value("description") == "进口件交期太长，预算50万元，联合研发"
    assert (draft.value("budget"), draft.value("cooperation")) == ("预算50万元", "联合研发")


def test_a_vague_wish_gets_no_title_and_cannot_skip_it():
    draft = start_draft("想要技术合作")
    assert next_question(draft).name == "title"
    assert take_answer(draft, "跳过") == draft
    assert take_answer(draft, "低噪声风机叶片").value("title") == "低噪声风机叶片"


def test_a_level_is_read_from_the_answer():
    draft = start_draft("课题组研发了一种膜材料，想找企业合作产业化，已授权发明专利，可以先做中试再谈")
    while next_question(draft).name != "trl":
        draft = take_answer(draft, "略")
    assert take_answer(draft, "大概6级").value("trl") == "6"


def test_corrections_by_hand_win():
    draft = set_value(start_draft(TOLD), "title", "绝缘漆")
    assert draft.value("title") == "绝缘漆"
    with pytest.raises(KeyError):
        set_value(draft, "颜色", "红")


def test_nothing_is_saved_before_the_draft_is_submitted(market):
    draft = start_draft(TOLD, today=date(2026, 3, 1))
    assert market.store.list_records(RecordKind.NEED).total == 0
    done = market.submit(draft.kind, draft.as_form(), owner=draft.owner, contact=draft.contact)
    assert market.store.list_records(RecordKind.NEED).total == 1
    contact = market.store.private_contacts(RecordKind.NEED, [done.record.id])[done.record.id]
    assert contact.phone == "13912345678"
    assert done.record.state is State.PUBLISHED
