"""Partners, what one can do next and where to meet others, over the documents of a made-up district."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.ingestion import ingest
from bot.settings import load_settings
from bot.types import (
    Answer,
    Intent,
    Status,
    Turn,
)
from tests.support.suggested import all_suggestions

SECOND = Path(__file__).parent.parent / "cases" / "second_district" / "corpus"

REPORT = """---
title: 青禾区产业联盟与科技金融情况
issuer: 青禾区科学技术局
date: 2025-03-10
kind: official
text: verbatim
---

# 青禾区产业联盟与科技金融情况

依托禾源农机研究所、青谷食品研究院，分别打造农机装备、食品加工产业联盟，推动上下游合作。

对联合研发项目，单个项目最高给予40万元支持。禾源农机研究所与云岭农业大学合作开发“丘陵收割机割台”项目，列入联合研发项目。

禾源农机研究所位于麦浪路66号。

在农机装备产业联盟活动上，企业发布“耐磨履带橡胶配方”等攻关需求。

去年，举办“禾谷成果对接会”，共有12家企业参加。计划举办“禾谷创新大赛”，征集食品加工项目。

麦穗银行推出“麦科贷”，面向科技企业。区企业融资驿站设在区会展中心一楼，组织银行与企业对接。

联系人：陆一鸣

联系电话：0000-6120099
"""

PROGRAMMES = """
- id: joint-research
  name: 联合研发项目支持
  aliases: [联合研发项目]
  kind: 资金
  document: alliances.md
  status: {value: reported, quote: 对联合研发项目，单个项目最高给予40万元支持}
  summary: {value: 对联合研发项目，单个项目最高给予40万元支持, quote: 对联合研发项目，单个项目最高给予40万元支持}
  amount: {value: 单个项目最高40万元, quote: 对联合研发项目，单个项目最高给予40万元支持}
  facts:
    - {label: 例子, value: 禾源农机研究所与云岭农业大学合作开发“丘陵收割机割台”项目, quote: 禾源农机研究所与云岭农业大学合作开发“丘陵收割机割台”项目}
  needs: [合作研发, 联合研发]
  organisations: [machinery]
- id: alliance-needs
  name: 农机装备攻关需求发布
  kind: 平台对接
  document: alliances.md
  status: {value: completed, quote: 企业发布“耐磨履带橡胶配方”等攻关需求}
  summary: {value: 企业发布“耐磨履带橡胶配方”等攻关需求, quote: 企业发布“耐磨履带橡胶配方”等攻关需求}
  needs: [技术需求]
  organisations: [machinery-alliance]
- id: fair
  name: 禾谷成果对接会
  kind: 活动赛事
  document: alliances.md
  status: {value: completed, quote: 举办“禾谷成果对接会”}
  summary: {value: 去年，举办“禾谷成果对接会”，共有12家企业参加, quote: 去年，举办“禾谷成果对接会”，共有12家企业参加}
  needs: [找合作, 对接]
- id: contest
  name: 禾谷创新大赛
  kind: 活动赛事
  document: alliances.md
  status: {value: planned, quote: 计划举办“禾谷创新大赛”}
  summary: {value: 计划举办“禾谷创新大赛”，征集食品加工项目, quote: 计划举办“禾谷创新大赛”，征集食品加工项目}
  needs: [比赛]
- id: wheat-loan
  name: 麦科贷
  kind: 贷款贴息
  document: alliances.md
  status: {value: in_force, quote: 麦穗银行推出“麦科贷”}
  summary: {value: 麦穗银行推出“麦科贷”，面向科技企业, quote: 麦穗银行推出“麦科贷”，面向科技企业}
  organisations: [wheat-bank]
- id: finance-stop
  name: 企业融资驿站
  kind: 贷款贴息
  document: alliances.md
  status: {value: in_force, quote: 区企业融资驿站设在区会展中心一楼}
  summary: {value: 区企业融资驿站设在区会展中心一楼, quote: 区企业融资驿站设在区会展中心一楼}
  organisations: [finance-stop]
"""

ORGANISATIONS = """
- id: machinery
  name: 禾源农机研究所
  kind: 院所
  document: alliances.md
  fields: [{value: 农机装备, quote: 分别打造农机装备、食品加工产业联盟}]
  profile:
    - {value: 禾源农机研究所位于麦浪路66号, quote: 禾源农机研究所位于麦浪路66号}
    - {value: 依托禾源农机研究所打造农机装备产业联盟, quote: 依托禾源农机研究所、青谷食品研究院，分别打造农机装备、食品加工产业联盟}
    - {value: 禾源农机研究所与云岭农业大学合作开发“丘陵收割机割台”项目, quote: 禾源农机研究所与云岭农业大学合作开发“丘陵收割机割台”项目}
  programmes: [joint-research]
- id: university
  name: 云岭农业大学
  kind: 高校
  document: alliances.md
  profile:
    - {value: 禾源农机研究所与云岭农业大学合作开发“丘陵收割机割台”项目, quote: 禾源农机研究所与云岭农业大学合作开发“丘陵收割机割台”项目}
  programmes: [joint-research]
- id: food
  name: 青谷食品研究院
  kind: 院所
  document: alliances.md
  fields: [{value: 食品加工, quote: 分别打造农机装备、食品加工产业联盟}]
  profile:
    - {value: 依托青谷食品研究院打造食品加工产业联盟, quote: 依托禾源农机研究所、青谷食品研究院，分别打造农机装备、食品加工产业联盟}
- id: machinery-alliance
  name: 农机装备产业联盟
  kind: 联盟
  document: alliances.md
  fields: [{value: 农机装备, quote: 分别打造农机装备、食品加工产业联盟}]
  profile:
    - {value: 分别打造农机装备、食品加工产业联盟，推动上下游合作, quote: 分别打造农机装备、食品加工产业联盟，推动上下游合作}
  programmes: [alliance-needs]
- id: wheat-bank
  name: 麦穗银行
  kind: 银行
  document: alliances.md
  fields: [{value: 科技企业贷款, quote: 麦穗银行推出“麦科贷”，面向科技企业}]
  profile:
    - {value: 麦穗银行推出“麦科贷”，面向科技企业, quote: 麦穗银行推出“麦科贷”，面向科技企业}
  programmes: [wheat-loan]
- id: finance-stop
  name: 区企业融资驿站
  aliases: [企业融资驿站]
  kind: 平台
  document: alliances.md
  fields: [{value: 融资对接, quote: 组织银行与企业对接}]
  profile:
    - {value: 区企业融资驿站组织银行与企业对接, quote: 区企业融资驿站设在区会展中心一楼，组织银行与企业对接}
  programmes: [finance-stop]
"""

CONTACTS = """
- id: finance-stop-place
  purpose: 到企业融资驿站现场咨询融资
  document: alliances.md
  quote: 区企业融资驿站设在区会展中心一楼
  address: 区会展中心一楼
  body: 企业融资驿站
  programmes: [finance-stop]
- id: report
  purpose: 本报告的联系方式
  document: alliances.md
  quote: "联系人：陆一鸣 联系电话：0000-6120099"
  name: 陆一鸣
  phone: 0000-6120099
  body: 禾源农机研究所
"""

SCOPE = "region: 青禾区\nwithin: [云江市]\n"


def _assistant(folder: Path, files: dict[str, str]) -> Assistant:
    shutil.copytree(SECOND, folder / "corpus")
    for name, text in files.items():
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    settings = load_settings(environment={}, corpus_dir=folder / "corpus", data_dir=folder / "data")
    with all_suggestions():
        report = ingest(settings)
    assert report.failed == ()
    return Assistant.open(settings)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    files = {
        "alliances.md": REPORT,
        "programmes.yaml": PROGRAMMES,
        "organisations.yaml": ORGANISATIONS,
        "contacts.yaml": CONTACTS,
        "scope.yaml": SCOPE,
    }
    yield _assistant(tmp_path_factory.mktemp("district"), files)


def _names(answer: Answer) -> list[str]:
    return [partner.organisation_id for partner in answer.partners]


def _step(answer: Answer, organisation_id: str) -> str:
    return next(p.next_step for p in answer.partners if p.organisation_id == organisation_id)


def test_words_of_others_in_a_shared_quote_make_nobody_fit(district: Assistant) -> None:
    answer = district.ask(Turn("食品加工方面有哪些机构可以对接？"))
    assert answer.intent is Intent.PARTNER
    assert _names(answer) == ["food"]
    assert "农机装备产业联盟：" not in answer.answer


def test_every_suggestion_has_its_quote_its_date_and_a_next_step(district: Assistant) -> None:
    answer = district.ask(Turn("想找做农机装备的院所联合研发"))
    assert _names(answer)[0] == "machinery"
    quotes = {citation.marker: citation for citation in answer.citations}
    for partner in answer.partners:
        assert partner.marker is not None
        assert quotes[partner.marker].document_id == "alliances.md"
        assert partner.as_of == "2025-03-10"
        assert partner.next_step
    assert "农机装备产业联盟" in _step(answer, "machinery")
    assert "文件未写明" in _step(answer, "machinery-alliance")


def test_a_contact_for_another_purpose_is_not_given(district: Assistant) -> None:
    answer = district.ask(Turn("想和禾源农机研究所合作"))
    assert _names(answer) == ["machinery"]
    assert answer.contacts == ()
    assert "0000-6120099" not in repr(answer)


def test_partners_link_back_to_the_support_for_joint_work(district: Assistant) -> None:
    answer = district.ask(Turn("做农机装备的可以找哪家院所合作？"))
    note = next(note for note in answer.notes if "联合研发项目支持" in note)
    assert "40万元" in note
    marker = int(note.rsplit("[", 1)[1].rstrip("]"))
    assert "40万元" in next(c.quote for c in answer.citations if c.marker == marker)
    assert any("联合研发项目支持" in question for question in answer.follow_ups)


def test_a_programme_lists_those_tied_to_it_with_the_line_of_joint_work(district: Assistant) -> None:
    answer = district.ask(Turn("联合研发项目可以和谁合作？"))
    assert not answer.abstained
    assert _names(answer) == ["machinery", "university"]
    assert "丘陵收割机割台" in answer.answer
    assert "麦浪路" not in answer.answer


def test_a_follow_up_asks_for_the_partners_of_what_was_asked_before(district: Assistant) -> None:
    answer = district.ask(Turn("那可以和谁合作？", ("联合研发项目最高给多少？",)))
    assert _names(answer) == ["machinery", "university"]


def test_a_policy_answer_names_partners_places_and_the_question_for_them(district: Assistant) -> None:
    answer = district.ask(Turn("联合研发项目最高给多少？"))
    assert answer.intent is Intent.POLICY
    assert "40万元" in answer.answer
    assert _names(answer) == ["machinery", "university"]
    assert [place.name for place in answer.meeting_places] == ["禾谷成果对接会"]
    assert "联合研发项目支持可以和谁合作？" in answer.follow_ups
    asked = district.ask(Turn("联合研发项目支持可以和谁合作？"))
    assert asked.intent is Intent.PARTNER
    assert not asked.abstained


def test_a_wish_that_asks_for_support_is_told_the_support_with_partners_beside(district: Assistant) -> None:
    answer = district.ask(Turn("跟禾源农机研究所合作有什么支持？"))
    assert answer.intent is Intent.POLICY
    assert "40万元" in answer.answer
    assert _names(answer) == ["machinery"]


@pytest.mark.parametrize("question", ["找银行对接，有哪些？", "融资找谁谈？", "想贷款，可以找谁合作？"])
def test_lenders_are_partners_and_only_the_contact_for_it_is_given(district: Assistant, question: str) -> None:
    answer = district.ask(Turn(question))
    assert answer.intent is Intent.PARTNER
    assert set(_names(answer)) == {"wheat-bank", "finance-stop"}
    assert [contact.address for contact in answer.contacts] == ["区会展中心一楼"]
    assert "融资驿站" in _step(answer, "wheat-bank")
    assert answer.meeting_places == ()
    assert "0000-6120099" not in repr(answer)


def test_nobody_who_lends_is_proposed_for_shares(district: Assistant) -> None:
    answer = district.ask(Turn("想找风投合作"))
    assert answer.abstained
    assert answer.partners == ()


def test_places_are_in_the_field_and_told_as_planned_or_past(district: Assistant) -> None:
    food = district.ask(Turn("食品加工方面有哪些机构可以对接？"))
    assert [(place.name, place.status) for place in food.meeting_places] == [("禾谷创新大赛", Status.PLANNED)]
    machinery = district.ask(Turn("农机装备方面有哪些机构可以对接？"))
    told = {place.name: place.status for place in machinery.meeting_places}
    assert told["农机装备攻关需求发布"] is Status.COMPLETED
    assert "农机装备产业联盟" in told
    assert "禾谷创新大赛" not in told


def test_asked_where_to_meet_others_the_answer_lists_places_with_what_became_of_them(district: Assistant) -> None:
    answer = district.ask(Turn("有什么活动能认识合作伙伴？"))
    assert not answer.abstained
    assert "禾谷成果对接会（已举办" in answer.answer
    assert any(status.status is Status.COMPLETED for status in answer.statuses)
    assert any("去年" in note and "2024年" in note for note in answer.notes)


def test_outside_the_fields_on_file_nobody_is_proposed_but_places_may_be(district: Assistant) -> None:
    answer = district.ask(Turn("想找量子计算方面的合作伙伴"))
    assert answer.abstained
    assert answer.partners == ()
    assert "没有找到" in answer.answer
    assert [place.name for place in answer.meeting_places] == ["禾谷成果对接会"]
    assert answer.contacts == ()


def test_a_record_that_only_mentions_somebody_is_told_as_such(district: Assistant) -> None:
    answer = district.ask(Turn("有没有人做过履带橡胶？想找合作伙伴"))
    assert "没有写明" in answer.answer
    assert "耐磨履带橡胶配方" in answer.answer
    assert _names(answer) == ["machinery-alliance"]


def test_a_name_not_on_file_is_not_taken_for_a_similar_one(district: Assistant) -> None:
    answer = district.ask(Turn("云江市农机装备研发中心能跟我们合作吗？"))
    assert answer.abstained
    assert answer.partners == ()
    assert "云江市农机装备研发中心" in answer.answer


def test_what_is_not_written_of_a_named_organisation_is_said_to_be_missing(district: Assistant) -> None:
    answer = district.ask(Turn("云岭农业大学在食品加工方面能跟我们合作吗？"))
    assert "没有写明云岭农业大学" in answer.answer
    assert _names(answer) == ["food"]


def test_without_a_catalogue_a_wish_is_refused_plainly(tmp_path: Path) -> None:
    answer = _assistant(tmp_path, {}).ask(Turn("想找做无人机的合作伙伴"))
    assert answer.abstained
    assert answer.partners == ()
    assert answer.meeting_places == ()
