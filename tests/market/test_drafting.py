from datetime import date

import pytest

from bot.market.drafting import (
    corrected,
    next_question,
    no_preference,
    preview,
    set_value,
    skip,
    start_draft,
    step_back,
    take_answer,
    undecided_labels,
    withhold,
)
from bot.market.records import State
from bot.market.wishes import wish_reader
from bot.settings import EmbeddingSettings
from bot.types import RecordKind

READER = wish_reader(EmbeddingSettings())

TOLD = (
    "我们是示例电气有限公司，想找能做耐高温绝缘漆的团队，现有漆膜200℃就开裂，"
    "希望耐温达到260℃以上，预算80万元以内，明年底前完成，联合研发，知识产权双方共有，电话13912345678"
)

PLAUSIBLE = {
    "cooperation": "联合研发",
    "ip_ownership": "双方共有",
    "deadline": "明年底",
    "region": "苏州",
    "owner_id": "示例电气有限公司",
}


def asked_for(name, kind=RecordKind.NEED):
    """A draft whose next question is ``name``."""
    draft = start_draft("低噪声风机叶片", kind, reader=READER)
    draft = set_value(draft, "title", "低噪声风机叶片")
    while next_question(draft).name != name:
        draft = skip(draft)
    return draft


def test_what_was_told_fills_the_draft_in_its_own_words():
    draft = start_draft(TOLD, today=date(2026, 3, 1), reader=READER)
    assert draft.kind is RecordKind.NEED
    assert draft.value("title") == "耐高温绝缘漆"
    assert "260℃" in draft.value("indicators") and "80万元" in draft.value("budget")
    assert draft.value("deadline") == "明年底前完成（2027年）"
    assert draft.value("cooperation") == "联合研发"
    assert "双方共有" in draft.value("ip_ownership")
    assert draft.owner == "示例电气有限公司"


def test_a_telephone_number_never_enters_the_public_text():
    draft = start_draft(TOLD, reader=READER)
    assert "13912345678" not in preview(draft) + repr(draft.values)
    assert draft.contact.phone == "13912345678"


def test_missing_fields_are_asked_one_at_a_time_until_none_is_left():
    draft = start_draft("寻求替代进口的密封件技术", reader=READER)
    asked = []
    while (question := next_question(draft)) is not None:
        asked.append(question.name)
        if question.name == "budget":
            draft = skip(draft)
        else:
            draft = take_answer(draft, PLAUSIBLE.get(question.name, f"回答{len(asked)}"), READER)
    assert asked[0] == "description" and len(asked) == len(set(asked)) and "title" not in asked
    assert draft.skipped == ("budget",) and "（未填）" in preview(draft)


def test_an_answer_may_tell_more_than_was_asked():
    draft = start_draft("寻求替代进口的密封件技术", reader=READER)
    draft = take_answer(draft, "进口件交期太长，预算50万元，联合研发", READER)
    assert draft.value("description") == "进口件交期太长，预算50万元，联合研发"
    assert (draft.value("budget"), draft.value("cooperation")) == ("预算50万元", "联合研发")


def test_a_vague_wish_gets_no_title_and_cannot_skip_it():
    draft = start_draft("想要技术合作", reader=READER)
    assert next_question(draft).name == "title"
    assert skip(draft) == draft and no_preference(draft) == draft
    assert take_answer(draft, "低噪声风机叶片", READER).value("title") == "低噪声风机叶片"


def test_a_level_is_read_from_the_answer():
    draft = start_draft("课题组研发了一种膜材料，想找企业合作产业化，已授权发明专利，可以先做中试再谈", reader=READER)
    while next_question(draft).name != "trl":
        draft = skip(draft)
    assert take_answer(draft, "大概6级", READER).value("trl") == "6"


def test_corrections_by_hand_win():
    draft = set_value(start_draft(TOLD, reader=READER), "title", "绝缘漆")
    assert draft.value("title") == "绝缘漆"
    with pytest.raises(KeyError):
        set_value(draft, "颜色", "红")


def test_nothing_is_saved_before_the_draft_is_submitted(market):
    draft = start_draft(TOLD, today=date(2026, 3, 1), reader=READER)
    assert market.store.list_records(RecordKind.NEED).total == 0
    done = market.submit(draft.kind, draft.as_form(), owner=draft.owner, contact=draft.contact)
    assert market.store.list_records(RecordKind.NEED).total == 1
    contact = market.store.private_contacts(RecordKind.NEED, [done.record.id])[done.record.id]
    assert contact.phone == "13912345678"
    assert done.record.state is State.PUBLISHED


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("budget", ["80万元以内", "五十万上下", "面议", "看方案再定"], ["苏州", "越低噪声越贵", "明年三月完成"]),
        ("deadline", ["明年底", "半年内", "2027年12月", "越快越好", "三个月"], ["联合研发", "示例公司"]),
        ("region", ["苏州", "江苏省昆山市", "普陀区", "不限", "漕河泾"], ["预算80万元", "明年三月完成", "2027年"]),
        ("owner_id", ["示例电气有限公司", "中科九所", "示例科创"], ["明年底前", "80万元", "你好呀"]),
    ],
)
def test_an_answer_has_to_look_like_one_or_is_asked_for_once_more(name, good, bad):
    for answer in good:
        assert take_answer(asked_for(name), answer, READER).value(name) == answer
    for answer in bad:
        once = take_answer(asked_for(name), answer, READER)
        assert (once.value(name), once.asked_again, next_question(once).name) == ("", name, name), answer
        assert take_answer(once, answer, READER).value(name) == answer


@pytest.mark.parametrize(
    ("answer", "level"),
    [("6级", "6"), ("七级", "7"), ("5", "5"), ("成熟度4", "4"), ("6到7级吧", "6"), ("2024年做的", "")],
)
def test_a_level_is_no_other_figure(answer, level):
    assert take_answer(asked_for("trl", RecordKind.OFFER), answer, READER).value("trl") == level


def test_without_a_level_it_is_asked_once_more_and_then_left_open():
    once = take_answer(asked_for("trl", RecordKind.OFFER), "做到小试了", READER)
    assert next_question(once).name == "trl" and once.asked_again == "trl"
    assert "trl" in take_answer(once, "就是小试", READER).skipped


def test_having_no_preference_is_a_value_only_where_it_means_something():
    for name in ("region", "cooperation", "ip_ownership"):
        assert no_preference(asked_for(name)).value(name) == "不限"
    draft = no_preference(asked_for("budget"))
    assert not draft.value("budget") and undecided_labels(draft) == ["预算"] and "预算：（未定）" in preview(draft)
    assert next_question(draft).name == "deadline"


def test_a_unit_that_is_not_named_makes_the_record_confidential():
    draft = withhold(asked_for("owner_id"))
    assert draft.value("confidentiality") == "保密" and not draft.owner and next_question(draft) is None
    assert not withhold(asked_for("budget")).value("confidentiality")


@pytest.mark.parametrize(
    ("answer", "stored"),
    [
        ("五十来万", "五十来万（五十万）"),
        ("50w左右", "50w左右（50万）"),
        ("一百万以内", "一百万以内"),
        ("不差钱", "不差钱"),
        ("80到120万", "80到120万"),
        ("看效果", "看效果"),
    ],
)
def test_an_amount_is_stored_as_it_was_said_with_its_bound(answer, stored):
    assert take_answer(asked_for("budget"), answer, READER).value("budget") == stored


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("预算改为200万", "budget", "200万"),
        ("名称改为静音叶片", "title", "静音叶片"),
        ("把合作方式改成联合研发", "cooperation", "联合研发"),
        ("我们的完成时间应该是后年底", "deadline", "后年底"),
        ("单位改为示例电气有限公司", "owner_id", "示例电气有限公司"),
        ("改成苏州", "region", "苏州"),
    ],
)
def test_a_named_field_is_overwritten(text, name, value):
    draft = take_answer(asked_for("region"), "无锡", READER)
    assert corrected(draft, text, READER).value(name) == value


def test_a_contact_is_corrected_apart():
    draft = corrected(start_draft(TOLD, reader=READER), "电话改为13800000000", READER)
    assert draft.contact.phone == "13800000000" and "13800000000" not in repr(draft.values)


def test_the_answer_given_last_is_taken_back():
    draft = asked_for("indicators")
    back = step_back(take_answer(draft, "噪声60分贝以下", READER))
    assert next_question(back).name == "indicators" and not back.value("indicators")
    assert next_question(step_back(back)).name == "description"
    nothing = start_draft("", RecordKind.NEED, reader=READER)
    assert step_back(nothing) == nothing


@pytest.mark.parametrize(
    ("answer", "owner", "contact"),
    [
        ("示例电气有限公司，电话13912345678", "示例电气有限公司", ("", "13912345678", "", "")),
        ("示例电气有限公司 微信 abc12345", "示例电气有限公司", ("", "", "", "账号：abc12345")),
        ("示例科创，邮箱a.b@example.com，联系人：张三丰", "示例科创", ("张三丰", "", "a.b@example.com", "")),
        ("我们是示例电气有限公司，找李工就行", "示例电气有限公司", ("李工", "", "", "")),
        ("示例科创，姓名：王小明", "示例科创", ("王小明", "", "", "")),
    ],
)
def test_a_unit_is_told_without_its_contact(answer, owner, contact):
    draft = take_answer(asked_for("owner_id"), answer, READER)
    assert draft.owner == owner
    assert (draft.contact.name, draft.contact.phone, draft.contact.email, draft.contact.note) == contact


@pytest.mark.parametrize(
    "told",
    [
        "想找会修古籍的团队，联系人张三丰",
        "想找会修古籍的团队，请找张三丰联系，电话13912345678",
        "想找会修古籍的团队，有事找张经理",
        "想找会修古籍的团队，我叫张三丰",
        "想找会修古籍的团队，张三丰 13912345678",
    ],
)
def test_a_person_is_kept_apart(told):
    draft = start_draft(told, reader=READER)
    assert draft.contact.name in ("张三丰", "张经理")
    assert "张" not in repr(draft.values) and "略〕" not in repr(draft.values)
    assert draft.value("title") == "修古籍"


@pytest.mark.parametrize(
    "told", ["想找高校做涂层", "找高温轴承供应商", "找石墨烯散热膜，联合研发", "想请教授指导热处理"]
)
def test_what_is_sought_is_no_person(told):
    assert start_draft(told, RecordKind.NEED, reader=READER).contact.empty
