"""Records edited with the checks of an ingest; two editors; forms there and back."""

import shutil

import pytest
import yaml

from bot.catalogue.models import Programme
from bot.curation.catalogue import CatalogueEditor, FolderDocuments, problems
from bot.curation.record_forms import FILES, groups_in, record_of, typed
from bot.curation.room import CorpusRoom
from bot.curation.shelf import CorpusShelf
from bot.errors import CatalogueError
from bot.settings import PROJECT_ROOT, load_settings

CARD = {
    "id": "shili",
    "name": "示例项目",
    "kind": "资金",
    "document": "通知.txt",
    "status": {"value": "unknown"},
    "summary": {"value": "示例项目最高支持20万元", "quote": "示例项目最高支持20万元"},
}
CARDS = "# 示例卡片\n- id: alt\n  name: 旧的示例\n  kind: 资金\n  document: 通知.txt\n  status: {value: unknown}\n  summary: {value: 申报, quote: 2025年9月1日起申报}\n"


@pytest.fixture
def editor(on_sqlite, settings, corpus):
    (corpus / "programmes.yaml").write_text(CARDS, encoding="utf-8")
    return CatalogueEditor(on_sqlite, CorpusShelf(settings))


def kept(corpus, name="programmes.yaml"):
    return (corpus / name).read_text(encoding="utf-8")


def test_a_card_is_saved_at_the_end_and_the_rest_stays(editor, corpus, on_sqlite):
    editor.save("programmes.yaml", CARD, by="甲")
    assert kept(corpus).startswith(CARDS) and yaml.safe_load(kept(corpus))[1] == CARD
    assert [(each.by_name, each.note) for each in on_sqlite.changes("programmes.yaml")] == [("甲", "shili")]
    on_sqlite.undo(on_sqlite.changes()[0].id, by="乙")
    assert kept(corpus) == CARDS


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"summary": {"value": "最高20万元", "quote": "示例项目最高支持30万元"}}, "不在 通知.txt 中"),
        ({"summary": {"value": "最高50万元", "quote": "示例项目最高支持20万元"}}, "50万元"),
        ({"document": "没有.txt"}, "不在资料库中"),
        ({"id": "Groß"}, "编号：只能用小写"),
        ({"id": "alt"}, "编号 alt 已经有了"),
        ({"kind": "别的"}, "类别：只能从列出的里选"),
        ({"name": None}, "名称"),
        ({"sonst": "x"}, "没有这个栏目"),
    ],
)
def test_what_an_ingest_would_leave_out_is_not_saved(editor, corpus, wrong, told):
    with pytest.raises(CatalogueError, match="这一条还不能存") as caught:
        editor.save("programmes.yaml", {**CARD, **wrong}, by="甲")
    assert told in str(caught.value) and kept(corpus) == CARDS


def test_a_quote_of_a_document_not_yet_ingested_counts(editor, corpus):
    (corpus / "刚放进来.txt").write_text("刚放进来的办法\n补贴5万元。\n", encoding="utf-8")
    value = {**CARD, "document": "刚放进来.txt", "summary": {"value": "补贴5万元", "quote": "补贴5万元"}}
    editor.save("programmes.yaml", value, by="甲")
    assert len(editor.records("programmes.yaml")) == 2


def test_two_editors_of_one_record_and_of_two(editor, corpus):
    first = editor.records("programmes.yaml")[0]
    editor.save("programmes.yaml", {**first.value, "name": "甲改的"}, first.mark, by="甲")
    with pytest.raises(CatalogueError, match="别人改过"):
        editor.save("programmes.yaml", {**first.value, "name": "乙改的"}, first.mark, by="乙")
    editor.save("programmes.yaml", CARD, by="乙")
    assert [each.name for each in editor.records("programmes.yaml")] == ["甲改的", "示例项目"]
    assert "# 示例卡片" in kept(corpus)


def test_removing_and_what_is_wrong_is_shown(editor, corpus):
    (corpus / "通知.txt").write_text("全变了的通知。\n", encoding="utf-8")
    (held,) = editor.records("programmes.yaml")
    assert "不在 通知.txt 中" in held.problems[0]
    editor.remove("programmes.yaml", held.mark, by="甲")
    assert editor.records("programmes.yaml") == () and "# 示例卡片" in kept(corpus)


def test_scope_and_words(editor, corpus):
    scope = editor.records("scope.yaml")[0]
    editor.save("scope.yaml", {"name": "示例助手", "topics": ["资金"]}, scope.mark, by="甲")
    assert yaml.safe_load(kept(corpus, "scope.yaml")) == {"name": "示例助手", "topics": ["资金"]}
    with pytest.raises(CatalogueError, match="别人改过"):
        editor.save("scope.yaml", {"name": "别的"}, scope.mark, by="乙")
    editor.save("thesaurus.yaml", {"words": ["钱", "资金"]}, by="甲")
    assert editor.records("thesaurus.yaml")[0].name == "钱、资金"


def test_a_pointer_to_nothing_is_told(editor):
    editor.save("programmes.yaml", {**CARD, "replaced_by": "nichts"}, by="甲")
    assert any("nichts" in each for each in editor.warnings())


@pytest.mark.parametrize("file", FILES)
def test_every_shipped_record_comes_back_from_its_form(file):
    content = yaml.safe_load((PROJECT_ROOT / "corpus" / file).read_text(encoding="utf-8"))
    for value in content if isinstance(content, list) else [content]:
        assert record_of(typed(value, FILES[file]), FILES[file]) == value


def test_the_checks_agree_with_an_ingest_on_the_shipped_corpus(tmp_path, database):
    shutil.copytree(PROJECT_ROOT / "corpus", tmp_path / "corpus")
    settings = load_settings(environment={}, corpus_dir=tmp_path / "corpus", data_dir=tmp_path / "data")
    shelf = CorpusShelf(settings)
    editor = CatalogueEditor(CorpusRoom(settings, database), shelf)
    with FolderDocuments(shelf) as documents:
        for file in ("contacts.yaml", "needs.yaml", "scope.yaml"):
            content = yaml.safe_load(kept(tmp_path / "corpus", file))
            for value in content if isinstance(content, list) else [content]:
                assert problems(file, value, documents) == ()
    assert editor.warnings() == ()


def test_empty_groups_are_left_out_and_numbers_are_bounded():
    entries = {
        "id": "x",
        "conditions.0.dimension": "region",
        "conditions.7.value": "a",
        "conditions.99999999.value": "b",
    }
    assert record_of(entries, Programme)["conditions"] == [{"value": "a"}]
    assert groups_in(entries, "conditions") == 500
