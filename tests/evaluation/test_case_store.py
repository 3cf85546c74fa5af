"""Cases kept at the desk, on both databases."""

import threading

import pytest

from bot.evaluation.case_store import LONGEST_CASE, CaseChanged, CaseStore
from bot.evaluation.cases import Case, CasesError


def case(name, question="能给多少？", tags=("金额",), **expect):
    return Case.model_validate(
        {"id": name, "question": question, "tags": tags, "expect": expect or {"abstained": False}}
    )


@pytest.fixture
def store(either_database):
    return CaseStore(either_database)


def test_a_case_is_kept_changed_switched_off_and_removed(store):
    kept = store.add(case("a", contains_all=["50万元"], status="draft"), by="甲", source="提问 3")
    assert (kept.case, kept.active, kept.source, kept.added_by) == (store.kept(kept.number).case, True, "提问 3", "甲")
    assert kept.case.expect.contains_all == ("50万元",) and kept.case.expect.status == ("draft",)
    changed = store.replace(kept.number, case("b", "多久？"), revision=kept.revision, by="乙")
    assert (changed.case.id, changed.case.question, changed.changed_by, changed.added_by) == ("b", "多久？", "乙", "甲")
    off = store.switch(kept.number, active=False, by="丙")
    assert not off.active and store.listed(active=True) == () and len(store.listed()) == 1
    assert store.switch(kept.number, active=False, by="丁").changed_by == "丙", "nothing changed: nobody changed it"
    assert store.remove(kept.number).case.id == "b" and store.listed() == ()
    with pytest.raises(CasesError, match="没有这条用例"):
        store.kept(kept.number)


def test_an_id_in_use_is_refused(store):
    store.add(case("a"), by="甲")
    other = store.add(case("b"), by="甲")
    with pytest.raises(CasesError, match="已经用了"):
        store.add(case("a"), by="乙")
    with pytest.raises(CasesError, match="已经用了"):
        store.replace(other.number, case("a"), revision=1, by="乙")
    assert [kept.case.id for kept in store.listed()] == ["a", "b"]


def test_of_two_who_change_one_case_the_second_is_told_what_stands(store):
    kept = store.add(case("a"), by="甲")
    store.replace(kept.number, case("a", "乙的问法"), revision=kept.revision, by="乙")
    with pytest.raises(CaseChanged, match="被改过：a") as told:
        store.replace(kept.number, case("a", "丙的问法"), revision=kept.revision, by="丙")
    assert told.value.kept.changed_by == "乙"
    assert told.value.kept.case.question == "乙的问法" == store.kept(kept.number).case.question
    again = store.replace(kept.number, case("a", "丙的问法"), revision=told.value.kept.revision, by="丙")
    assert again.case.question == "丙的问法"


def test_of_many_at_once_exactly_one_wins(store):
    kept = store.add(case("a"), by="甲")
    done, refused, start = [], [], threading.Barrier(4)

    def change(name):
        start.wait()
        try:
            done.append(store.replace(kept.number, case("a", f"{name}的问法"), revision=kept.revision, by=name))
        except CaseChanged as error:
            refused.append(error)

    people = [threading.Thread(target=change, args=(str(number),)) for number in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len(done) == 1 and len(refused) == 3
    assert store.kept(kept.number).case == done[0].case


def test_tags_choose(store):
    store.add(case("a", tags=("金额",)), by="甲")
    store.add(case("b", tags=("期限", "金额")), by="甲")
    store.add(case("c", tags=("期限",)), by="甲")
    assert [kept.case.id for kept in store.listed("金额")] == ["a", "b"]
    assert store.listed("没有的") == () and store.listed("金") == ()


def test_an_import_takes_all_or_nothing(store):
    first = store.take_in([case("a"), case("b")], by="甲", source="用例.yaml")
    assert (first.added, first.replaced, first.unchanged) == (("a", "b"), (), ())
    with pytest.raises(CasesError, match="b"):
        store.take_in([case("new"), case("b", "改了")], by="乙", source="x")
    assert [kept.case.id for kept in store.listed()] == ["a", "b"]
    second = store.take_in([case("a"), case("b", "改了"), case("c")], by="乙", source="x", replacing=True)
    assert (second.added, second.replaced, second.unchanged) == (("c",), ("b",), ("a",))
    assert [kept.changed_by for kept in store.listed()] == ["甲", "乙", "乙"]
    assert store.listed()[1].case.question == "改了" and store.listed()[1].revision == 2


def test_two_thousand_cases(store):
    cases = [case(f"c{number}", f"第 {number} 问", tags=(f"类{number % 7}",)) for number in range(2_000)]
    assert len(store.take_in(cases, by="甲", source="x").added) == 2_000
    assert len(store.listed("类3")) == 286
    assert store.take_in(cases, by="甲", source="x").unchanged == tuple(each.id for each in cases)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "长" * 101}, "太长"),
        ({"name": "a", "question": "问" * LONGEST_CASE}, "太长"),
        ({"name": "a", "question": "零\x00字节"}, "控制字符"),
        ({"name": "a\x07"}, "控制字符"),
        ({"name": "a", "tags": ("半个\ud800",)}, "控制字符"),
        ({"name": "a", "contains_all": ["\x1b[31m"]}, "控制字符"),
    ],
)
def test_what_cannot_be_kept_is_told(store, wrong, told):
    # Built without the model's own checks where JSON could not carry it either.
    try:
        made = case(**wrong)
    except ValueError:
        made = case("a").model_copy(update={"tags": wrong["tags"]})
    with pytest.raises(CasesError, match=told):
        store.add(made, by="甲")
    assert store.listed() == ()


def test_odd_but_storable_words_come_back_as_they_were(store):
    odd = case("=1+1 'x' \"y\"", "第一行\n第二行\t<b>&amp;</b> 𠮷 😀", tags=("a,b", "——"), excludes=["%", "_", "\\"])
    store.add(odd, by="甲")
    assert store.listed("a,b")[0].case == odd
