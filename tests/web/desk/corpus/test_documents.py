"""Documents at the desk: the list, one document, handing in with a preview, retiring, the way back."""

import re
from urllib.parse import quote

import pytest

from bot.documents.corpus import MAX_FILE_BYTES
from bot.web.desk.corpus.parts import DONE
from tests.web.desk.conftest import csrf
from tests.web.desk.corpus.conftest import NOTICE
from tests.web.desk.test_languages import untold

NEW = (
    "示例补贴办法\n示例字〔2026〕3号\n企业引进设备，给予最高10万元补贴。\n示例区科学技术委员会\n2026年1月5日\n".encode()
)
HOSTILE = "<img src=x onerror=alert(1)>"


def number(reply):
    assert reply.status_code == 303, reply.text[:2000]
    return reply.headers["location"].rsplit("/", 1)[1]


def test_the_list_tells_what_documents_say_and_filters(room):
    page = room.get("").text
    for told in (
        "关于示例项目的通知",
        "示例字〔2025〕1号",
        "2025-05-28",
        "示例区科学技术委员会",
        "2026-04-01",
        "已过期",
    ):
        assert told in page, told
    assert "示例园区简介" not in room.get("?q=示例字").text
    assert "关于示例项目的通知" not in room.get("?need=ended").text
    by_date = room.get("?sort=date").text
    assert by_date.index("示例园区简介") < by_date.index("关于示例项目的通知")
    (room.corpus / "通知.txt").write_text(NOTICE + "又一句。\n", encoding="utf-8")
    assert "改过，还没导入" in room.get("?need=waiting").text and "示例园区简介" not in room.get("?need=waiting").text


def test_a_document_shows_its_words_tree_passages_and_cards(room):
    page = room.get("/document?id=" + quote("通知.txt")).text
    for told in (
        "示例字〔2025〕1号",
        "所依据的原话",
        "清洗后的正文",
        "个单元",
        "片段（",
        "shili",
        "本通知有效期至2026年4月1日",
    ):
        assert told in page, told
    original = room.get("/original?id=" + quote("通知.txt"))
    assert original.content == NOTICE.encode() and original.headers["content-disposition"].startswith("attachment")
    assert original.headers["content-type"] == "application/octet-stream"
    assert ("document.download", "document:通知.txt") in {(e.action, e.subject) for e in room.desk.trail.all()}


@pytest.mark.parametrize("name", ["../x", "%00", "nichts.txt", "/etc/passwd", "a\\b", "x" * 3000])
def test_documents_that_are_not_there(room, name):
    for path in ("/document", "/original"):
        reply = room.get(f"{path}?id={quote(name)}")
        assert reply.status_code == 404 and "Traceback" not in reply.text
    assert room.post("/retire", {"id": name}).status_code == 400


def test_a_file_is_looked_at_before_it_counts(room):
    upload = number(room.hand_in("../下载/补贴 办法?.txt", NEW))
    page = room.get(f"/uploads/{upload}").text
    for told in ("示例字〔2026〕3号", "最高10万元", "补贴 办法_.txt", "加入资料夹"):
        assert told in page, told
    assert "补贴 办法_.txt" not in room.names()
    done = room.post(f"/uploads/{upload}/accept", {"note": "官网"})
    assert done.headers["location"] == "/desk/corpus?done=added" and "补贴 办法_.txt" in room.names()
    page = room.get("?done=added").text
    assert DONE["added"] in page and "还没导入" in page
    assert "示例补贴办法" in room.get("/document?id=" + quote("补贴 办法_.txt")).text
    assert any(e.action == "document.add" and e.user_name == "staff" for e in room.desk.trail.all())


def test_likely_duplicates_and_replacements_are_told(room):
    again = number(room.hand_in("副本.txt", NOTICE.encode()))
    assert "内容与它完全相同" in room.get(f"/uploads/{again}").text
    newer = number(room.hand_in("新版.txt", NOTICE.replace("20万元", "30万元").encode()))
    page = room.get(f"/uploads/{newer}").text
    assert "同一标题或文号的另一份" in page and "句子相同" in page


def test_replacing_retiring_and_back(room):
    upload = number(room.hand_in("x.txt", NEW, replaces="通知.txt"))
    page = room.get(f"/uploads/{upload}").text
    assert "与现在的相比" in page and "<del>" in page and "<ins>" in page and untold(page) == []
    broken = page.split("引文在新文件里找不到")[1]
    assert "示例项目最高支持20万元" in broken.split("文件自己怎么说")[0]
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    assert room.post(f"/uploads/{upload}/accept", {"seen": seen}).headers["location"].endswith("done=replaced")
    assert (room.corpus / "通知.txt").read_bytes() == NEW
    change = re.search(r"/history/(\d+)/undo", room.get("/history").text)[1]
    kept = room.get(f"/kept?change={change}")
    assert kept.content == NOTICE.encode()
    assert room.post(f"/history/{change}/undo").status_code == 303
    assert (room.corpus / "通知.txt").read_text(encoding="utf-8") == NOTICE
    assert room.post(f"/history/{change}/undo").status_code == 409
    asked = room.post("/retire", {"id": "通知.txt"})
    assert asked.status_code == 200 and "示例项目" in asked.text and "通知.txt" in room.names()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', asked.text)[1]
    assert room.post("/retire", {"id": "通知.txt", "seen": seen, "sure": "1"}).status_code == 303
    assert "通知.txt" not in room.names() and "撤下、可以恢复的" in room.get("/history").text
    change = re.search(r"/history/(\d+)/undo", room.get("/history").text)[1]
    assert room.post(f"/history/{change}/undo").headers["location"].endswith("done=restored")
    assert "通知.txt" in room.names()


def test_two_at_one_document_the_second_is_told_and_keeps_everything(room):
    other = room.desk.browser("both")
    first = number(room.hand_in("a.txt", NEW, replaces="通知.txt"))
    second = number(room.hand_in("b.txt", NEW + b"B", replaces="通知.txt", client=other))
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', room.get(f"/uploads/{second}").text)[1]
    assert room.post(f"/uploads/{first}/accept", {"seen": seen}).status_code == 303
    refused = room.post(f"/uploads/{second}/accept", {"seen": seen, "note": "写了很久的说明"}, client=other)
    assert refused.status_code == 400 and "别人改过" in refused.text and "写了很久的说明" in refused.text
    assert (room.corpus / "通知.txt").read_bytes() == NEW and room.get(f"/uploads/{second}").status_code == 200


def test_metadata_is_corrected_in_front_matter(room):
    upload = number(room.hand_in("办法.txt", NEW))
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', room.get(f"/uploads/{upload}").text.split("更正它说的")[1])[
        1
    ]
    wrong = room.post(f"/uploads/{upload}/matter", {"title": "新标题", "date": "昨天", "seen": seen})
    assert wrong.status_code == 400 and "新标题" in wrong.text and "昨天" in wrong.text
    assert (
        room.post(
            f"/uploads/{upload}/matter", {"title": "新标题", "valid_until": "2027-12-31", "seen": seen}
        ).status_code
        == 303
    )
    page = room.get(f"/uploads/{upload}").text
    assert "2027-12-31" in page and "（文件头）" in page
    again = room.post(f"/uploads/{upload}/matter", {"title": "别的", "seen": seen})
    assert again.status_code == 400 and "别人改过" in again.text
    room.post(f"/uploads/{upload}/accept")
    assert (room.corpus / "办法.txt").read_bytes().endswith(NEW) and b"title:" in (
        room.corpus / "办法.txt"
    ).read_bytes()
    corrected = room.post("/correct", {"id": "园区.md"})
    page = room.get(f"/uploads/{number(corrected)}").text
    assert 'value="示例园区简介"' in page and "替换现在的" in page


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("坏.pdf", b"%PDF-1.4 kaputt", "读不了的"),
        ("坏.zip", b"PK kaputt", "读不了的"),
        ("图.exe", b"MZ", "不支持的格式"),
        ("空.txt", b"", "空文件"),
        ("programmes.yaml", b"x", "不支持的格式"),
    ],
)
def test_what_cannot_be_read_is_told(room, name, data, told):
    before = room.names()
    reply = room.hand_in(name, data)
    page = room.get(f"/uploads/{number(reply)}").text if reply.status_code == 303 else reply.text
    assert told in page and "加入资料夹" not in page.replace("加入资料夹，", "") and room.names() == before


def test_no_file_chosen_and_too_large(room):
    assert "没有选文件" in room.staff.post("/desk/corpus/upload", data={"csrf": csrf(room.staff)}).text
    reply = room.staff.post(
        "/desk/corpus/upload",
        content=b"x",
        headers={"content-length": str(MAX_FILE_BYTES * 2), "content-type": "text/plain"},
    )
    assert reply.status_code == 413 and "文件太大" in reply.text


def test_forty_megabytes_pass_and_a_form_without_its_word_does_not(room):
    big = b"x" * (40 * 1024 * 1024)
    assert number(room.hand_in("大.txt", big))
    bare = room.staff.post("/desk/corpus/upload", data={"csrf": "0" * 64}, files={"file": ("a.txt", b"x")})
    assert bare.status_code == 403 and len(room.desk.desk.database.__class__.__name__) > 0
    assert "a.txt" not in room.get("").text


def test_hostile_words_do_nothing(room):
    upload = number(room.hand_in(f"{HOSTILE}.md", f"# {HOSTILE}\n\n{HOSTILE}正文\n".encode()))
    room.post(f"/uploads/{upload}/accept", {"note": HOSTILE})
    for path in ("", "/history", f"/document?id={quote(room.names()[0])}"):
        assert "<img" not in room.get(path).text
    assert "<img" not in room.get(f"?q={quote(HOSTILE)}").text


def test_every_page_is_said_in_english(room):
    upload = number(room.hand_in("新版.txt", NOTICE.replace("20万元", "30万元").encode()))
    zipped = number(room.hand_in("坏.pdf", b"%PDF kaputt"))
    replaced = number(room.hand_in("x.txt", NEW, replaces="通知.txt"))
    room.post("/retire", {"id": "园区.md", "sure": "1"})
    paths = [
        "",
        "?need=lost",
        "?q=nichts",
        f"/document?id={quote('通知.txt')}",
        "/upload",
        "/upload?replaces=a",
        "/history",
    ]
    paths += [f"/document?id={quote('园区.md')}", f"/uploads/{upload}", f"/uploads/{zipped}", f"/uploads/{replaced}"]
    paths += [f"?done={word}" for word in DONE]
    for path in paths:
        assert untold(room.get(path).text) == [], path
    assert untold(room.post("/retire", {"id": "通知.txt"}).text) == []
