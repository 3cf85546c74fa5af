"""Decisions on disagreements, validity running out, proposals, what a file handed in would be."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from bot.catalogue.conflicts import Disagreement, Statement
from bot.catalogue.models import Programme
from bot.catalogue.proposals import Proposals
from bot.curation.catalogue import CatalogueEditor
from bot.curation.decisions import DecisionBook, settled
from bot.curation.matter import matter_of, with_matter
from bot.curation.proposals import ProposalBook
from bot.curation.reading import UploadReader, standing
from bot.curation.records import Upload
from bot.curation.shelf import CorpusShelf, FileState, resting_on
from bot.curation.validity import terms, undated
from bot.documents.relations import FiledDocument
from bot.errors import CatalogueError, CorpusError, DocumentError
from bot.ingestion import ingest
from bot.types import DocumentMetadata, Validity, ValidityBasis
from tests.curation.conftest import NOTICE

FIRST = Statement("a.txt", 0, 10, "示例园区有三幢楼。", "2025")
SECOND = Statement("b.txt", 5, 15, "示例园区有四幢楼。", "2025")
ITEM = Disagreement("示例园区", ("三幢", "四幢"), (FIRST, SECOND))


# --- disagreements ----------------------------------------------------------------------------------------


def test_a_decision_survives_ingest_renaming_and_other_order(either_database):
    book = DecisionBook(either_database)
    assert [each.decision for each in book.judged([ITEM])] == [None]
    book.decide(ITEM, 1, note="以园区官网为准", by="甲")
    moved = replace(FIRST, document_id="c.txt", start=7, text="示例园区 有三幢楼。")
    for other in (ITEM, Disagreement("别的题目", ("四幢", "三幢"), (SECOND, moved))):
        (judged,) = book.judged([other])
        assert judged.decision.note == "以园区官网为准" and other.values[judged.counts] == "四幢"
        (told,) = settled([judged])
        assert told.values[0] == "四幢" and set(told.values) == set(ITEM.values), "the other side is never dropped"
        assert [each.text for each in told.statements][0] == SECOND.text


@pytest.mark.parametrize("place", [0, 1])
def test_a_decision_falls_away_when_a_quote_changes(either_database, place):
    book = DecisionBook(either_database)
    book.decide(ITEM, 0, note="核实过", by="甲")
    statements = list(ITEM.statements)
    statements[place] = replace(statements[place], text=statements[place].text + "另有一层地下室。")
    (judged,) = book.judged([replace(ITEM, statements=tuple(statements))])
    assert judged.decision is None and settled([judged])[0].values == ITEM.values


def test_kept_with_a_note_withdrawn_and_two_editors(either_database):
    book = DecisionBook(either_database)
    first = book.decide(ITEM, None, note="两处口径不同，都留着", by="甲")
    (judged,) = book.judged([ITEM])
    assert judged.counts is None and judged.decision.note and settled([judged]) == (ITEM,)
    with pytest.raises(CorpusError, match="别人刚刚"):
        book.decide(ITEM, 0, note="没看到甲的决定", by="乙")
    second = book.decide(ITEM, 0, note="看到了，改定", by="乙", seen=first.at)
    with pytest.raises(CorpusError, match="别人刚刚"):
        book.decide(ITEM, 1, note="还是旧的", by="丙", seen=first.at)
    assert book.judged([ITEM])[0].counts == 0
    book.withdraw(second.content)
    assert book.judged([ITEM])[0].decision is None


@pytest.mark.parametrize(("counts", "note"), [(0, ""), (0, "  "), (2, "x"), (-1, "x"), (0, "长" * 501)])
def test_no_decision_without_a_reason_or_a_side(either_database, counts, note):
    with pytest.raises(CorpusError):
        DecisionBook(either_database).decide(ITEM, counts, note=note, by="甲")


# --- validity ---------------------------------------------------------------------------------------------

TODAY = date(2026, 3, 2)


def known(until, *, stated=True):
    validity = Validity(ValidityBasis.STATED, f"有效期至{until}", until) if stated else None
    return DocumentMetadata("示例", valid_until=until, validity=validity)


@pytest.mark.parametrize(
    ("until", "days"),
    [("2026-03-01", -1), ("2026-03-02", 0), ("2026-03-03", 1), ("2026-05-01", 60), ("2020-01-01", -2252)],
)
def test_what_is_over_or_runs_out(until, days):
    (term,) = terms({"a": known(until)}, TODAY)
    assert (term.days, term.over, term.words) == (days, days < 0, f"有效期至{until}")


def test_what_holds_longer_or_is_not_known_is_left_out():
    assert (
        terms({"a": known("2026-05-02"), "b": known(None), "c": known("2026-13-01"), "d": known("永久")}, TODAY) == ()
    )
    unknown = DocumentMetadata("示例", validity=Validity(ValidityBasis.UNKNOWN_START, "有效期三年"))
    assert undated({"a": known("2030-01-01"), "b": unknown, "c": DocumentMetadata("无")}) == ("b",)
    assert [each.document for each in terms({"z": known("2026-03-05"), "a": known("2026-04-01")}, TODAY)] == ["z", "a"]


# --- proposals --------------------------------------------------------------------------------------------

CARD = Programme.model_validate(
    {
        "id": "shili",
        "name": "示例项目",
        "kind": "资金",
        "document": "通知.txt",
        "status": {"value": "unknown"},
        "summary": {"value": "最高支持20万元", "quote": "最高支持20万元"},
    }
)


def test_a_proposal_waits_once_and_is_ended_once(either_database, room, settings, corpus):
    book = ProposalBook(either_database)
    assert (
        book.keep(Proposals("通知.txt", (CARD,)), by="甲") == 1
        and book.keep(Proposals("通知.txt", (CARD,)), by="乙") == 0
    )
    (waiting,) = book.waiting()
    editor = CatalogueEditor(room, CorpusShelf(settings))
    editor.save(waiting.file, {**waiting.record, "name": "改了名的示例"}, by="甲", proposal=waiting.id)
    assert book.waiting() == () and "改了名的示例" in (corpus / "programmes.yaml").read_text(encoding="utf-8")
    with pytest.raises(CatalogueError):
        book.reject(waiting.id, by="乙")
    book.keep(Proposals("通知.txt", (CARD,)), by="甲")
    book.reject(book.waiting()[0].id, by="乙", note="重复")
    assert book.waiting() == ()


# --- files handed in --------------------------------------------------------------------------------------


def handed(name, data):
    return Upload(id=1, name=name, replaces="", digest=str(hash(data)), size=len(data), by_name="甲", at="2026")


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return stream.getvalue()


@pytest.mark.own_process
def test_what_is_handed_in_is_read_apart():
    reader = UploadReader()
    read = reader.read(handed("子夹/通知.txt", NOTICE.encode()), NOTICE.encode())
    ((document, chunks),) = read.documents
    assert document.id == "子夹/通知.txt" and {each.document_id for each in chunks} == {document.id}
    assert document.metadata.document_number == "示例字〔2025〕1号" and document.metadata.quotes and document.units
    assert all(document.text[each.start : each.end] == each.text for each in chunks)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("坏.pdf", b"%PDF-1.4 kaputt"),
        ("坏.docx", b"PK\x03\x04 kaputt"),
        ("坏.zip", b"kein zip"),
        ("二进制.txt", bytes(range(256)) * 40),
        ("头坏.md", "---\nsonst: x\n---\n正文正文\n".encode()),
        ("空.html", b"<html></html>"),
        ("旧.docx", b"\xd0\xcf\x11\xe0" + b"x" * 600),
    ],
)
def test_odd_documents_are_told_not_raised(name, data):
    read = UploadReader().read(handed(name, data), data)
    assert read.documents == () and read.failed and read.failed[0].reason


def test_an_archive_shows_each_and_counts_the_rest():
    data = zipped(**{f"n{place:02}__txt": f"第{place}份示例文件的正文。" for place in range(25)}, x__exe="MZ")
    read = UploadReader().read(handed("包.zip", data), data)
    assert len(read.documents) == 20 and read.unread == 5 and [each.path for each in read.failed] == ["包.zip/x.exe"]


def test_likely_duplicates_and_replacements_are_found():
    reader = UploadReader()

    def read(name, text):
        return reader.read(handed(name, text.encode()), text.encode()).documents[0][0]

    old = read("旧.txt", NOTICE)
    filed = [FiledDocument(old.id, old.metadata, old.text)]
    assert standing(read("新.txt", NOTICE), filed).duplicates == ("旧.txt",)
    newer = read("新.txt", NOTICE.replace("20万元", "30万元"))
    found = standing(newer, filed)
    assert found.duplicates == () and "旧.txt" in found.versions and found.alike[0].document == "旧.txt"
    assert standing(newer, filed, apart="旧.txt").versions == ()
    repealing = read(
        "废止.txt",
        "关于废止的通知\n示例字〔2026〕9号\n《关于示例项目的通知》（示例字〔2025〕1号）自2026年1月1日起废止。\n",
    )
    assert [each.document for each in standing(repealing, filed).superseded] == ["旧.txt"]
    other = standing(read("别的.txt", "完全不同的一份说明。\n讲的是食堂。\n"), filed)
    assert (other.duplicates, other.versions, other.alike) == ((), (), ())


def test_front_matter_is_corrected_and_the_text_stays():
    data = "---\ntitle: 旧标题\n---\n正文一行\n二行\n".encode()
    made = with_matter(data, {"title": "新标题：带冒号", "date": "2025-05-28", "issuer": "", "status": "pilot"})
    assert made.decode().endswith("---\n正文一行\n二行\n")
    assert matter_of(made) == {"title": "新标题：带冒号", "date": "2025-05-28", "status": "pilot"}
    assert with_matter(made, {}) == "正文一行\n二行\n".encode()
    assert matter_of(with_matter("正文".encode("gb18030") * 30, {"title": "x"})) == {"title": "x"}
    for wrong in ({"date": "昨天"}, {"status": "gut"}, {"valid_until": "2025"}):
        with pytest.raises(DocumentError):
            with_matter(data, wrong)


# --- the shelf --------------------------------------------------------------------------------------------


def test_the_shelf_tells_folder_and_index_apart(settings, corpus):
    shelf = CorpusShelf(settings)
    assert {line.id: line.state for line in shelf.lines()[0]} == {"园区.md": FileState.NEW, "通知.txt": FileState.NEW}
    (corpus / "programmes.yaml").write_text(
        "- "
        + "\n  ".join(
            [
                "id: shili",
                "name: 示例项目",
                "kind: 资金",
                "document: 通知.txt",
                "status: {value: unknown}",
                "summary: {value: 支持, quote: 最高支持20万元}",
            ]
        ),
        encoding="utf-8",
    )
    ingest(settings)
    assert shelf.waiting() == 0
    assert [(each.file, each.id) for each in resting_on(shelf.in_force().catalogue, "通知.txt")] == [
        ("programmes.yaml", "shili")
    ]
    (corpus / "通知.txt").write_text(NOTICE + "又一行。\n", encoding="utf-8")
    (corpus / "园区.md").unlink()
    (corpus / "副本.txt").write_text(NOTICE, encoding="utf-8")
    (corpus / "坏.exe").write_bytes(b"MZ")
    lines, failed = shelf.lines()
    states = {line.id: line.state for line in lines}
    assert states == {"园区.md": FileState.GONE, "通知.txt": FileState.CHANGED, "副本.txt": FileState.NEW}
    assert [each.path for each in failed] == ["坏.exe"] and shelf.waiting() == 3
    ingest(settings)
    (corpus / "通知.txt").write_text(NOTICE, encoding="utf-8")
    ingest(settings)
    duplicates = {line.id: line.duplicates for line in shelf.lines()[0]}
    assert duplicates == {"通知.txt": ("副本.txt",), "副本.txt": ("通知.txt",)}
