"""Misspelt names: slips made by a generator have to be offered, correct questions must not be touched."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from bot.catalogue.spelling import LONGEST, SHORTEST, NameSpelling, Slip
from bot.text.readings import readings, sound
from bot.text.tokens import fold

NAMES = ("示例贷", "星桥区", "联合攻关项目", "人才公寓", "链式联盟", "云汀市科技创新券管理办法", "创新集市")
FRAMES = ("{}最高多少？", "{}怎么申请", "请问{}联系谁？", "{}", "想问一下{}有哪些条件")


def nothing_known(pair: str) -> bool:
    return False


@pytest.fixture(scope="module")
def spelling() -> NameSpelling:
    return NameSpelling(NAMES, nothing_known)


@pytest.mark.parametrize(
    ("question", "typed", "meant"),
    [
        ("示例待最高多少", "示例待", "示例贷"),
        ("星乔区有什么政策", "星乔区", "星桥区"),
        ("示立贷的条件", "示立贷", "示例贷"),
        ("联合攻关项木谁能报", "联合攻关项木", "联合攻关项目"),
        ("联和攻关项目谁能报", "联和攻关项目", "联合攻关项目"),
        ("联合攻项目谁能报", "联合攻项目", "联合攻关项目"),
        ("联合攻攻关项目谁能报", "联合攻攻关项目", "联合攻关项目"),
        ("联盟链式是什么", "", ""),
        ("链式盟联是什么", "链式盟联", "链式联盟"),
        ("云汀市科技创辛券管理办法何时失效", "云汀市科技创辛券管理办法", "云汀市科技创新券管理办法"),
        ("shilidai 多少", "shilidai", "示例贷"),
    ],
)
def test_a_slip_in_a_name_is_found(spelling, question, typed, meant):
    found = spelling.slips(question)
    assert [(each.typed, each.meant) for each in found] == ([(typed, meant)] if typed else [])


@pytest.mark.parametrize(
    "question",
    [
        "示例贷最高多少",
        "人才公园在哪里",
        "惠例贷是什么",
        "联合攻关项目目前怎么样",
        "示例贷款",
        "星桥区里有什么",
        "创新集市",
        "杭州市有什么",
        "示例代表是谁",
        "",
    ],
)
def test_what_is_spelt_right_or_another_word_is_left_alone(spelling, question):
    assert spelling.slips(question) == ()


def test_a_short_name_is_taken_for_another_only_when_both_sound_the_same(spelling):
    assert spelling.slips("示木贷多少") == ()
    assert spelling.slips("是例贷多少") == (Slip("是例贷", "示例贷", True),)


def test_a_word_the_documents_use_is_no_slip_of_a_name_by_its_shape():
    assert NameSpelling(["链式联盟"], nothing_known).slips("链式豆盟是什么")
    assert not NameSpelling(["链式联盟"], lambda pair: pair in {"式豆", "豆盟"}).slips("链式豆盟是什么")


def test_a_slip_within_a_longer_name_is_told_once(spelling):
    names = (*NAMES, "科技创新券")
    found = NameSpelling(names, nothing_known).slips("云汀市科技创辛券管理办法")
    assert [each.meant for each in found] == ["云汀市科技创新券管理办法"]


# --- by generator -------------------------------------------------------------------------------------


def slipped(name: str, kind: str, chance: random.Random, alike: dict[str, list[str]]) -> str | None:
    places = [place for place, each in enumerate(name) if "\u4e00" <= each <= "\u9fff"]
    if not places:
        return None
    place = chance.choice(places)
    before, own, after = name[:place], name[place], name[place + 1 :]
    if kind == "sound":
        others = [each for each in alike[sound(own)] if each != own] if sound(own) else []
        return before + chance.choice(others) + after if others else None
    if kind == "any":
        return before + chance.choice([each for each in readings() if each != own]) + after
    return before + after[0] + own + after[1:] if after and after[0] != own else None


@pytest.fixture(scope="module")
def on_file(assistant) -> tuple[NameSpelling, list[str]]:
    catalogue = assistant.catalogue
    entries = (*catalogue.programmes, *catalogue.organisations)
    names = [name for each in entries for name in (each.name, *each.aliases)]
    names += [catalogue.scope.region, *catalogue.scope.region_aliases, *catalogue.scope.within]
    weights = assistant._current().weights
    long = [name for name in dict.fromkeys(names) if SHORTEST < len(name) <= LONGEST and name.isalnum()]
    return NameSpelling(names, weights.known), long


@pytest.mark.parametrize(("kind", "share"), [("sound", 0.95), ("any", 0.9), ("swap", 0.9)])
def test_slips_in_the_names_on_file_are_offered(on_file, kind, share):
    spelling, names = on_file
    alike: dict[str, list[str]] = defaultdict(list)
    for character in readings():
        alike[sound(character)].append(character)
    chance = random.Random(20)
    tried = offered = 0
    for name in names:
        typed = slipped(name, kind, chance, alike)
        if typed is None or any(fold(other) in fold(typed) for other in names if len(other) >= len(name) - 1):
            continue
        question = chance.choice(FRAMES).format(typed)
        tried += 1
        found = spelling.slips(question)
        offered += any(fold(each.meant) in fold(name) or fold(name) in fold(each.meant) for each in found)
    assert tried > 200 and offered / tried >= share, (kind, offered, tried)


def test_questions_as_people_ask_them_are_hardly_ever_corrected(on_file, cases_dir: Path):
    spelling, _ = on_file
    questions = [
        case["question"]
        for path in sorted(cases_dir.rglob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(case, dict) and isinstance(case.get("question"), str)
    ]
    corrected = [question for question in questions if spelling.slips(question)]
    assert len(questions) > 400 and len(corrected) / len(questions) <= 0.02, corrected
