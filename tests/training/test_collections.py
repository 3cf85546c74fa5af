"""Reading the public collections, plain texts and development questions; all contents are invented."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from bot.errors import UsageError
from bot.training.command_line import main
from bot.training.development import is_kept, lay_development, policy_development
from bot.training.examples import FIRST_MIXTURE, SECOND_MIXTURE, Mixture, Role, divide, draw_examples, limited
from bot.training.excluding import folded, read_questions, without_questions
from bot.training.plain_texts import text_records
from bot.training.question_sets import squad_records
from bot.training.records import AnswerSpan, Record, Source
from bot.training.sources import read_records, write_records
from tests.training.small_world import PLACES, all_records, write_texts

pytestmark = pytest.mark.slow

CONTEXT = "青松桥建于1607年，长30米。"


def squad(*questions: dict[str, object], context: str = CONTEXT) -> dict[str, object]:
    return {"data": [{"paragraphs": [{"context": context, "qas": list(questions)}]}]}


def asked(question: str, answer: str | None, start: int = -1, **more: object) -> dict[str, object]:
    return {
        "id": question,
        "question": question,
        "answers": [{"text": answer, "answer_start": start}] if answer else [],
        **more,
    }


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def clones(tmp_path) -> Path:
    folder = tmp_path / "clones"
    one = squad(asked("哪一年？", "1607年", 5), asked("谁建的？", None, is_impossible=True))
    for name in (
        "cmrc2018/squad-style-data/cmrc2018_dev.json",
        "cmrc2018/squad-style-data/cmrc2018_trial.json",
        "DRCD/DRCD_dev.json",
        "DRCD/DRCD_test.json",
        "ChineseSquad/squad_2.0/dev-v2.0-zh.json",
        "CAIL2019/阅读理解/data/dev_ground_truth.json",
        "CAIL2019/阅读理解/data/test_ground_truth.json",
        "xquad/xquad.zh.json",
    ):
        write_json(folder / name, one if "xquad" not in name else squad(asked("哪一年？", "1607年", 5)))
    english = squad({**asked("When?", "1607", 3), "id": "哪一年？"}, context="Built in 1607.")
    write_json(folder / "xquad" / "xquad.en.json", english)
    write_json(
        folder / "lawyer-llama/data/legal_advice.json",
        [[{"instruction": "桥塌了应该找谁赔偿？", "output": "找管理单位。"}], [{"instruction": "短", "output": ""}]],
    )
    counsel = [{"query": "桥上能摆摊吗？", "laws": ["第一条", "第二条", "第三条"], "response": "不能。"}]
    write_json(folder / "lawyer-llama/data/legal_counsel_with_article_v2.json", counsel)
    write_json(folder / "lawyer-llama/data/zixun_gpt4.json", [{"query": "能收费吗？", "laws": None}])
    for name in ("QuestAnswer1Doc", "QuestAnswer2Docs", "QuestAnswer3Docs", "HalluModified"):
        entry = {
            "key_info": [f"为了保护{PLACES[3]}，制定本办法", "无此内容"],
            "question": ["保护什么？", "罚多少？", "谁的？"],
            "answers": [PLACES[3], "无法推断", None],
        }
        write_json(folder / f"CRUD_RAG/src/quest_eval/{name}_quest_gt_save.json", {"1": entry, "2": {"question": []}})
    return folder


def test_collect_gathers_every_source(clones, tmp_path, monkeypatch):
    monkeypatch.setitem(
        sys.modules, "opencc", SimpleNamespace(OpenCC=lambda _: SimpleNamespace(convert=lambda text: text))
    )
    write_texts(tmp_path / "texts")
    output = tmp_path / "out" / "records.jsonl.gz"
    assert main(["collect", "--clones", str(clones), "--texts", f"{tmp_path}/texts", "--output", str(output)]) == 0
    records = read_records([output])
    found = Counter((record.source, record.answer is not None) for record in records)
    assert found[Source.CMRC, True] == found[Source.CMRC, False] == found[Source.CMRC_TRIAL, True] == 1
    assert found[Source.DRCD, True] == found[Source.CAIL, False] == 2
    assert found[Source.CRUD, True] == 4
    assert (found[Source.ADVICE, False], found[Source.COUNSEL, False]) == (2, 2)
    assert found[Source.PAPER, False] == found[Source.LAW, False] == len(PLACES)
    assert found[Source.LAW_TITLE, False] > 0
    assert found[Source.NEWS, False] > 0
    assert found[Source.REPORT, False] == len(PLACES) * 4 // 6
    english = next(record for record in records if record.source is Source.XQUAD_ENGLISH)
    assert (english.question, english.passage, english.answer) == ("When?", CONTEXT, AnswerSpan(5, 10))
    crud = next(record for record in records if record.source is Source.CRUD)
    assert crud.passage[crud.answer.start : crud.answer.end] == PLACES[3]


def test_without_opencc_it_says_what_to_install(clones, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "opencc", None)
    write_texts(tmp_path / "texts")
    assert (
        main(["collect", "--clones", str(clones), "--texts", f"{tmp_path}/texts", "--output", f"{tmp_path}/r.jsonl"])
        == 2
    )
    assert "pip install opencc" in capsys.readouterr().err


def test_spans_are_found_again_where_offsets_are_off():
    data = squad(asked("长？", "30米", 2), asked("宽？", "9米", 0), asked("对吗？", "YES"), asked("谁？", None))
    records = list(squad_records(data, Source.CAIL))
    assert [(record.question, record.answer) for record in records] == [("长？", AnswerSpan(12, 15)), ("谁？", None)]
    assert [record.is_unanswerable for record in records] == [False, True]


def test_a_conversion_that_changes_lengths_is_left_out():
    assert not list(squad_records(squad(asked("长？", "30米", 12)), Source.DRCD, lambda text: text + "。"))


def test_other_forms_are_refused(tmp_path):
    with pytest.raises(UsageError, match="SQuAD"):
        list(squad_records({"data": [{}]}, Source.CMRC))
    for line in (
        '{"q": "甲"}',
        '{"q": "甲", "c": "乙", "a": [0, 9], "src": "cmrc"}',
        '{"q": "甲", "c": "乙", "src": "else"}',
        "no",
    ):
        (tmp_path / "bad.jsonl").write_text(line, encoding="utf-8")
        with pytest.raises(UsageError, match=r"bad\.jsonl 第 1 行"):
            read_records([tmp_path / "bad.jsonl"])


def test_records_come_back_as_written(tmp_path):
    records = all_records()
    for name in ("r.jsonl", "r.jsonl.gz", "r.jsonl.xz"):
        assert write_records(tmp_path / name, records) == len(records)
        assert list(read_records([tmp_path / name])) == records
    (tmp_path / "p.jsonl").write_text('{"q": "甲", "p": "乙", "src": "law"}\n', encoding="utf-8")
    assert read_records([tmp_path / "p.jsonl"]) == (Record("甲", "乙", None, Source.LAW),)


def test_a_law_asks_with_one_of_its_sentences(tmp_path):
    write_texts(tmp_path)
    laws = [record for record in text_records(tmp_path, Random(2)) if record.source is Source.LAW]
    for record in laws:
        assert record.question not in record.passage
        assert record.question[-1] == "。"
        assert any(record.passage.startswith(f"{place}保护办法 ") for place in PLACES)
    assert len({record.question[:2] for record in laws}) > 2


def test_a_third_of_the_development_questions_is_kept(tmp_path):
    text = "青松桥管理办法\n" + "".join(f"第{n}条 违者罚款{n}元，由乡镇执行。" for n in range(1, 90))
    write_lines(tmp_path / "policy" / "documents.jsonl", [{"id": "d", "text": text}])
    rows = [
        {"id": f"q{n}", "question": f"第{n}条罚多少？", "document_id": "d", "answer": f"违者罚款{n}元"}
        for n in range(1, 61)
    ]
    write_lines(tmp_path / "policy" / "questions.jsonl", [*rows, {**rows[0], "id": "lost", "answer": "无此句"}])
    found = policy_development(tmp_path / "policy", Random(1))
    assert len(found.trained_ids) + len(found.kept_questions) in (60, 61)
    assert 10 <= len(found.kept_questions) <= 30
    assert not any(is_kept(own) for own in found.trained_ids)
    for record in found.records:
        assert record.passage.startswith("青松桥管理办法\n")
        assert record.passage[record.answer.start : record.answer.end].startswith("违者罚款")
        assert folded(record.question) not in {folded(kept) for kept in found.kept_questions}


def test_lay_questions_come_with_their_articles_and_all_others(tmp_path):
    write_lines(
        tmp_path / "documents.jsonl", [{"id": f"a{n}", "title": "桥梁法", "text": f"第{n}条"} for n in range(5)]
    )
    questions = [{"id": str(n), "question": f"问题{n}", "gold": [f"a{n % 5}", "gone"]} for n in range(12)]
    write_lines(tmp_path / "questions.jsonl", questions)
    found = lay_development(tmp_path)
    assert len(found.trained_ids) + len(found.kept_questions) == 12
    assert Counter(record.source for record in found.records) == {
        Source.LAY: len(found.trained_ids),
        Source.LAY_ARTICLE: 5,
    }
    assert found.records[0].passage.startswith("桥梁法 第")


def test_prepare_leaves_the_kept_development_questions_out(world, tmp_path, caplog):
    write_lines(tmp_path / "lay" / "documents.jsonl", [{"id": "a", "text": "游客应当爱护树木。"}])
    rows = [{"id": str(n), "question": f"{place}的树能砍吗？", "gold": ["a"]} for n, place in enumerate(PLACES)]
    write_lines(tmp_path / "lay" / "questions.jsonl", rows)
    kept = [row["question"] for row in rows if is_kept(str(row["id"]))]
    write_records(
        tmp_path / "more.jsonl", [Record(str(question), "也许能。", None, Source.ADVICE) for question in kept]
    )
    arguments = ["--records", f"{tmp_path}/more.jsonl", "--tokenizer", str(world.tokenizer), "--lay", f"{tmp_path}/lay"]
    with caplog.at_level("INFO", "bot.training"):
        assert main(["prepare", *arguments, "--output", f"{tmp_path}/out"]) == 0
    assert f"{len(kept)} left out as measuring questions" in caplog.text
    used = json.loads((tmp_path / "out" / "trained_questions.json").read_text())["lay"]
    assert used == [str(row["id"]) for row in rows if not is_kept(str(row["id"]))]


def test_questions_are_the_same_whatever_their_marks(tmp_path):
    (tmp_path / "list.txt").write_text("青松桥，有 多长\n\n", encoding="utf-8")
    write_lines(tmp_path / "list.jsonl", [{"question": "How LONG is it?"}])
    excluded = read_questions([tmp_path / "list.txt", tmp_path / "list.jsonl"])
    assert excluded == {"青松桥有多长", "howlongisit"}
    records = [
        Record(question, "长。", None, Source.LAW) for question in ("青松桥有多长？", "How long is it", "多宽？", "")
    ]
    assert [record.question for record in without_questions(records, excluded)] == ["多宽？", ""]
    write_lines(tmp_path / "bad.jsonl", [{"q": "甲"}])
    with pytest.raises(UsageError, match="question"):
        read_questions([tmp_path / "bad.jsonl"])


def test_caps_bound_a_source_and_the_first_training_has_no_unanswerable():
    records = all_records()
    capped = Mixture((30,), {Source.LAW: 3}, frozenset({Source.CMRC}), reading_only_answered=True)
    roles = Counter((example.source, example.role) for example in draw_examples(records, capped, Random(1)))
    assert roles[Source.LAW, Role.PAIR] == 3
    assert not any(source is Source.CMRC or role is Role.UNANSWERABLE for source, role in roles)
    second = Counter(example.role for example in draw_examples(records, SECOND_MIXTURE, Random(1)))
    assert second[Role.UNANSWERABLE] == len(PLACES)
    assert FIRST_MIXTURE.reading_only_answered


def test_division_and_limit():
    division = divide(all_records(), Random(1))
    assert {record.source for record in division.measured} == {Source.CMRC_TRIAL, Source.SQUAD}
    assert not {record.question for record in division.measured} & {record.question for record in division.trained}
    few = Counter((record.source, record.is_unanswerable) for record in limited(all_records(), 2))
    assert set(few.values()) == {2}
