"""The pages of letters: reworded, compared, restored, two managers on one, downloaded, sent."""

import io

import pypdfium2
import pytest
from docx import Document as read_docx

from bot.introductions.letters import Letters
from tests.support.introducing import PAIR, PHONE, Manager, changed, editor, problem


def opened(pair, letter):
    return Letters(pair.market, pair.settings.office).open(int(letter.split("/")[3].split("?")[0]))


def test_a_letter_is_reworded_compared_and_restored(manager, pair):
    letter = manager.draft()
    page = manager.get(letter)
    assert "请予函复" in page and "改写" in page
    manager.send(f"{letter}/save", **changed(editor(page), "请予函复", "请尽快函复"))
    page = manager.get(letter)
    assert "<ins>尽快</ins>" in page and "<del>予</del>" in page and "已人工修改" in page
    assert "请予函复" in manager.get(f"{letter}?version=1") and "这是以前的一版" in manager.get(f"{letter}?version=1")
    manager.send(f"{letter}/restore", base="2", number="1")
    assert [(each.number, each.note) for each in opened(pair, letter).versions] == [
        (1, ""),
        (2, ""),
        (3, "恢复第 1 版"),
    ]
    page = manager.send(f"{letter}/save", 400, **editor(manager.get(letter)))
    assert any("没有改动" in each for each in problem(page))


def test_what_the_editor_holds_is_kept_when_it_is_refused(manager, pair):
    letter = manager.draft()
    page = manager.send(f"{letter}/save", 400, **changed(editor(manager.get(letter)), "请予函复", f"请打{PHONE}"))
    assert any("双方同意之前" in each for each in problem(page)) and PHONE not in "".join(problem(page))
    assert any(PHONE in each for each in editor(page).values())
    assert len(opened(pair, letter).versions) == 1
    manager.send(f"{letter}/save", **changed(editor(page), f"请打{PHONE}", "请尽快函复"))


def test_of_two_managers_on_one_draft_the_second_sees_both_texts_and_loses_nothing(manager, pair):
    second = Manager(pair, "both")
    letter = manager.draft()
    first_form, second_form = (editor(each.get(letter)) for each in (manager, second))
    manager.send(f"{letter}/save", **changed(first_form, "请予函复", "请尽快函复"))
    page = second.send(f"{letter}/save", 409, **changed(second_form, "请予函复", "请于本周函复"))
    assert any("已经先保存了第 2 版" in each for each in problem(page)) or "已经先保存了第 2 版" in page
    assert "请尽快函复" in page and "请于本周函复" in page and "<ins>" in page
    again = editor(page)
    assert again["base"] == "2" and any("请于本周函复" in each for each in again.values())
    second.send(f"{letter}/save", **again)
    texts = ["".join(block.text for block in each.blocks) for each in opened(pair, letter).versions]
    assert ["请予函复" in texts[0], "请尽快函复" in texts[1], "请于本周函复" in texts[2]] == [True] * 3


def test_files_are_of_the_version_asked_for_and_on_the_trail(manager, pair):
    letter = manager.draft()
    manager.send(f"{letter}/save", **changed(editor(manager.get(letter)), "请予函复", "请尽快函复"))
    for version, told in ((2, "请尽快函复"), (1, "请予函复")):
        word = manager.client.get(f"{letter}/docx?version={version}")
        words = "".join(each.text for each in read_docx(io.BytesIO(word.content)).paragraphs)
        drawn = manager.client.get(f"{letter}/pdf?version={version}")
        document = pypdfium2.PdfDocument(drawn.content)
        text = document[0].get_textpage().get_text_bounded()
        document.close()
        assert told in words and told in text
        assert "attachment" in word.headers["content-disposition"] and drawn.headers["cache-control"] == "no-store"
    seen = [(each.action, each.detail) for each in pair.trail.newest() if each.action == "letter.downloaded"]
    assert sorted(seen) == [("letter.downloaded", f"version {n} {kind}") for n in (1, 2) for kind in ("docx", "pdf")]
    assert any(each.action == "letter.opened" for each in pair.trail.newest())


def test_a_sending_is_refused_with_everything_typed_kept(manager, pair):
    letter = manager.draft()
    page = manager.hand_out(letter, 400, whom=" ", note="当面交给门卫", day="2026-03-01", means="in_person")
    assert any("发给谁" in each for each in problem(page)) and "当面交给门卫" in page and 'value="2026-03-01"' in page
    assert 'value="in_person" selected' in page and pair.market.consent_history("n1", "o1") == ()
    for wrong in ({"means": "pigeon"}, {"day": "2027-01-01"}, {"version": "7"}):
        assert manager.client.get(letter).status_code == 200
        manager.hand_out(letter, 404 if "version" in wrong else 400, **wrong)
    assert pair.market.consent_history("n1", "o1") == ()


def test_which_version_went_is_on_record(manager, pair):
    letter = manager.draft()
    manager.send(f"{letter}/save", **changed(editor(manager.get(letter)), "请予函复", "请尽快函复"))
    assert manager.hand_out(letter, version="1") == PAIR
    page = manager.get(PAIR)
    assert f"{letter}?version=1" in page and "第 1 版" in page
    assert [each.detail for each in pair.trail.newest() if each.action == "letter.sent"] == ["version 1 mail"]


@pytest.mark.parametrize("wrong", [{"base": "7"}, {"base": "x"}, {"kind-0": "number"}, {"kind-0": "script"}])
def test_a_forged_save_is_refused(manager, pair, wrong):
    letter = manager.draft()
    form = editor(manager.get(letter))
    manager.send(f"{letter}/save", 400, **{**form, **wrong})
    assert len(opened(pair, letter).versions) == 1


def test_unknown_letters_open_nothing(manager):
    for path in ("/desk/letters/999", "/desk/letters/999/pdf"):
        assert problem(manager.get(path, 404))


def test_letters_in_english(manager):
    page = manager.get(manager.draft(language="en"))
    assert "Enquiry about a possible technology partner" in page and 'lang="en"' in page
