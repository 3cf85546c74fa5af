from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.load import load_catalogue
from bot.catalogue.models import ThesaurusGroup
from bot.catalogue.quotes import find_quote
from bot.catalogue.thesaurus import Thesaurus
from bot.types import Document, DocumentMetadata

TEXT = "一、资金\n对联合项目，最高给予 30 万元支持。\n联系人：某某"
DOCUMENTS = {"notice.txt": Document("notice.txt", TEXT, "hash", DocumentMetadata("通知"))}

GOOD = """
- id: joint
  name: 联合项目
  kind: 资金
  document: notice.txt
  status: {value: unknown}
  summary: {value: 最高30万元, quote: 最高给予30万元支持}
"""


def load(folder: Path, **files: str):
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return load_catalogue(folder, DOCUMENTS)


def test_an_empty_folder_has_an_empty_catalogue(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert loaded.catalogue.programmes == ()
    assert loaded.failed == ()


def test_a_quote_is_found_white_space_aside(tmp_path: Path) -> None:
    loaded = load(tmp_path, programmes=GOOD)
    assert [programme.id for programme in loaded.catalogue.programmes] == ["joint"]
    assert loaded.failed == ()


def test_a_card_whose_quote_does_not_stand_there_fails_alone(tmp_path: Path) -> None:
    bad = GOOD.replace("id: joint", "id: wrong").replace("最高给予30万元支持", "最高给予50万元支持")
    loaded = load(tmp_path, programmes=GOOD + bad)
    assert [programme.id for programme in loaded.catalogue.programmes] == ["joint"]
    (failure,) = loaded.failed
    assert failure.path == "programmes.yaml"
    assert "wrong" in failure.reason and "50万元" in failure.reason


def test_a_figure_that_the_quote_lacks_fails_the_card(tmp_path: Path) -> None:
    bad = GOOD.replace("value: 最高30万元", "value: 最高60万元")
    loaded = load(tmp_path, programmes=bad)
    assert loaded.catalogue.programmes == ()
    assert "60万元" in loaded.failed[0].reason


def test_unknown_keys_double_ids_and_broken_yaml_are_told(tmp_path: Path) -> None:
    unknown = load(tmp_path, programmes=GOOD + "  price: 3\n")
    assert "price" in unknown.failed[0].reason
    double = load(tmp_path, programmes=GOOD + GOOD)
    assert "重复" in double.failed[0].reason
    broken = load(tmp_path, programmes="- id: [")
    assert broken.failed[0].path == "programmes.yaml"
    wrong = load(tmp_path, programmes="id: joint")
    assert "列表" in wrong.failed[0].reason


NEED = """
- id: need-partner
  title: 联合项目的伙伴
  document: notice.txt
  quote: 对联合项目，最高给予30万元支持
  fields: [新材料]
  note: 发布单位未写明
"""


def test_needs_are_read_with_their_quotes_checked(tmp_path: Path) -> None:
    wrong = NEED.replace("need-partner", "wrong-quote").replace("30万元", "50万元")
    nowhere = NEED.replace("need-partner", "no-document").replace("notice.txt", "nowhere.txt")
    figure = NEED.replace("need-partner", "own-figure").replace("未写明", "有3家")
    loaded = load(tmp_path, needs=NEED + wrong + nowhere + figure + NEED.replace("note", "remark"))
    (need,) = loaded.catalogue.needs
    assert (need.id, need.fields, need.note) == ("need-partner", ("新材料",), "发布单位未写明")
    assert {failure.path for failure in loaded.failed} == {"needs.yaml"}
    told = "\n".join(failure.reason for failure in loaded.failed)
    assert len(loaded.failed) == 4
    assert all(part in told for part in ("wrong-quote", "50万元", "nowhere.txt", "own-figure", "3家", "remark"))


def test_references_that_lead_nowhere_are_warned_of(tmp_path: Path) -> None:
    loaded = load(tmp_path, programmes=GOOD + "  replaced_by: nowhere\n")
    assert any("nowhere" in warning for warning in loaded.warnings)


@given(st.text(alphabet="甲乙丙丁 \n", min_size=4, max_size=40), st.data())
def test_a_quote_cut_from_a_text_is_found_there(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = "".join(text[start:end].split())
    span = find_quote(text, quote)
    if quote:
        assert span is not None
        assert "".join(text[span.start : span.end].split()) == quote


def test_a_one_way_group_widens_only_its_words() -> None:
    thesaurus = Thesaurus(
        [
            ThesaurusGroup(words=("缺钱",), also=("贷款",), one_way=True),
            ThesaurusGroup(words=("租房", "公寓")),
        ]
    )
    assert [occurrence.alternatives for occurrence in thesaurus.occurrences("缺钱")] == [("贷款",)]
    assert thesaurus.occurrences("贷款") == ()
    assert [occurrence.alternatives for occurrence in thesaurus.occurrences("公寓")] == [("租房",)]


def test_a_place_of_the_scope_stands_in_its_document_or_is_left_out(tmp_path: Path) -> None:
    scope = """
region: 示例区
places:
  - {name: 联合大厦, kind: 地址, document: notice.txt, quote: 对联合项目}
  - {name: 不在的路, kind: 路, document: notice.txt, quote: 不在的路位于示例区}
"""
    loaded = load(tmp_path, scope=scope)
    assert [place.name for place in loaded.catalogue.scope.places] == ["联合大厦"]
    assert loaded.catalogue.scope.region == "示例区"
    assert "不在的路" in loaded.failed[0].reason and loaded.failed[0].path == "scope.yaml"


def test_a_condition_in_figures_needs_a_bound_in_its_quote(tmp_path: Path) -> None:
    condition = "  conditions:\n    - {dimension: amount, measure: 营业收入, value: 支持联合项目, quote: 对联合项目}\n"
    loaded = load(tmp_path, programmes=GOOD + condition)
    assert loaded.catalogue.programmes == ()
    assert "没有界限" in loaded.failed[0].reason
