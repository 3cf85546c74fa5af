"""Editing one record: the rest of the file stays byte for byte, comments and order too."""

import difflib

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.curation.yaml_records import added, changed, changed_whole, read_records, read_whole, removed
from bot.errors import CatalogueError
from bot.settings import PROJECT_ROOT

LISTS = ["programmes.yaml", "contacts.yaml", "organisations.yaml", "needs.yaml", "thesaurus.yaml"]

ODD = """# 头上的话

- id: a   # 旁边的话
  name: '甲'
  list:
  - 一
  - 二
  # 里面的话
  quoted: {value: 1, quote: "引文：有冒号 # 不是注释"}
  text: |
    两行
    文字

# 说下一条
-   id: b
    name: 乙
    block: >-
      折起来的
      话
# 最后的话
"""


def shipped(name):
    return (PROJECT_ROOT / "corpus" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LISTS)
def test_the_shipped_files_are_cut_at_their_records(name):
    text = shipped(name)
    records = read_records(text)
    assert [each.value for each in records] == yaml.safe_load(text)
    assert len({each.mark for each in records}) == len(records)
    lines = text.splitlines(keepends=True)
    between = [line for at, line in enumerate(lines) if not any(each.start <= at < each.end for each in records)]
    assert all(not line.strip() or line.startswith("#") for line in between)


@pytest.mark.parametrize("name", LISTS)
def test_saving_without_a_change_changes_nothing_much_and_nothing_elsewhere(name):
    text = shipped(name)
    for record in read_records(text)[::9]:
        made = changed(text, record.mark, record.value)
        lines, new = text.splitlines(), made.splitlines()
        assert new[: record.start] == lines[: record.start]
        assert new[len(new) - len(lines) + record.end :] == lines[record.end :]
        assert made == text, "".join(difflib.unified_diff(lines, new, lineterm="\n"))


@pytest.mark.parametrize("name", LISTS[:4])
def test_one_field_changes_one_line(name):
    text = shipped(name)
    key = {"needs.yaml": "title", "contacts.yaml": "purpose"}.get(name, "name")
    for record in read_records(text)[1::9]:
        made = changed(text, record.mark, {**record.value, key: "改过的：名称 #1"})
        different = [line for line in difflib.ndiff(text.splitlines(), made.splitlines()) if line[:2] in ("+ ", "- ")]
        assert len(different) == 2 and "改过的" in different[1], different


def test_comments_order_and_odd_styles_stay():
    first, second = read_records(ODD)
    made = changed(ODD, first.mark, {**first.value, "name": "丙"})
    assert all(words in made for words in ("# 头上的话", "# 旁边的话", "# 里面的话", "# 说下一条", "# 最后的话"))
    assert yaml.safe_load(made)[0] == {**first.value, "name": "丙"} and yaml.safe_load(made)[1] == second.value
    assert list(yaml.safe_load(made)[0]) == ["id", "name", "list", "quoted", "text"]
    made = changed(made, read_records(made)[1].mark, {**second.value, "extra": ["x", "y"]})
    assert yaml.safe_load(made)[1] == {**second.value, "extra": ["x", "y"]} and "# 最后的话" in made


def test_words_about_the_next_record_are_not_removed_with_one():
    first, second = read_records(ODD)
    left = removed(ODD, first.mark)
    assert "# 头上的话" in left and "# 说下一条" in left and "# 里面的话" not in left
    assert "# 最后的话" in removed(ODD, second.mark)


def test_a_nested_value_changes_in_place():
    text = shipped("programmes.yaml")
    record = read_records(text)[0]
    value = {**record.value, "summary": {**record.value["summary"], "quote": "新的引文"}}
    different = [
        line
        for line in difflib.ndiff(text.splitlines(), changed(text, record.mark, value).splitlines())
        if line[:2] in ("+ ", "- ")
    ]
    assert len(different) == 2 and different[1].startswith("+   summary: {value:")


def test_adding_and_removing_leave_the_rest():
    for name in LISTS:
        text = shipped(name)
        value = {"id": "neu", "name": "新的", "facts": [{"value": "a", "quote": "b: c"}], "aliases": ["x", "y, z"]}
        made = added(text, value)
        assert made.startswith(text) and yaml.safe_load(made)[-1] == value
        assert removed(made, read_records(made)[-1].mark).rstrip() == text.rstrip()
        second = read_records(text)[min(1, len(read_records(text)) - 1)]
        left = yaml.safe_load(removed(text, second.mark)) or []
        assert left == [each for each in yaml.safe_load(text) if each != second.value]
    assert yaml.safe_load(added("", {"id": "x"})) == [{"id": "x"}]
    assert yaml.safe_load(added("# 只有话\n", {"id": "x"})) == [{"id": "x"}]
    assert yaml.safe_load(added("- id: a", {"id": "x"})) == [{"id": "a"}, {"id": "x"}]


def test_scope_is_changed_in_place():
    text = shipped("scope.yaml")
    value = yaml.safe_load(text)
    made = changed_whole(text, {**value, "name": "示例助手"}, read_whole(text)[0].mark)
    different = [line for line in difflib.ndiff(text.splitlines(), made.splitlines()) if line[:2] in ("+ ", "- ")]
    assert different == ["- name: 技术经理人助手", "+ name: 示例助手"]


def test_a_record_changed_meanwhile_is_told_and_others_are_no_matter():
    first, second = read_records(ODD)
    meanwhile = changed(ODD, second.mark, {**second.value, "name": "丁"})
    assert yaml.safe_load(changed(meanwhile, first.mark, {**first.value, "name": "丙"}))[1]["name"] == "丁"
    with pytest.raises(CatalogueError, match="别人改过"):
        changed(meanwhile, second.mark, {**second.value, "name": "戊"})


@pytest.mark.parametrize("text", ["{a: 1}", "[a, b]", "a: 1\n", "- a\n  b: [", "- &x {a: 1}\n- *x\n", "x"])
def test_what_is_no_list_of_records_is_refused(text):
    with pytest.raises(CatalogueError):
        records = read_records(text)
        changed(text, records[0].mark, {"a": 2})


WORDS = st.text(max_size=30)
VALUES = st.recursive(
    WORDS | st.booleans() | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS.filter(bool), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@example({"id": {"0?": None}})
@given(st.dictionaries(st.sampled_from(["id", "name", "quoted", "list", "text"]), VALUES, min_size=1))
def test_whatever_is_typed_is_read_back_or_refused(value):
    record = read_records(ODD)[0]
    try:
        made = changed(ODD, record.mark, value)
    except CatalogueError:
        return
    assert yaml.safe_load(made) == [value, read_records(ODD)[1].value]
