"""Zip archives of documents: names, litter, limits, archives in archives."""

import io
import random
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.formats import archive
from bot.documents.formats.archive import Contents, members
from bot.errors import DocumentError


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return buffer.getvalue()


def names(contents: Contents) -> list[str]:
    return [member.name for member in contents.members]


def reasons(contents: Contents) -> dict[str, str]:
    return {each.name: each.reason for each in contents.refused}


def in_encoding(name: str, encoding: str) -> bytes:
    """An archive whose only member has a name in ``encoding`` and no word about it."""
    raw = name.encode(encoding)
    data = packed({"x" * len(raw): b"inhalt"})
    return data.replace(b"x" * len(raw), raw)


def test_members_come_in_order_with_their_folders() -> None:
    contents = members(
        packed({"通知.docx": b"1", "附件/表 1.xlsx": b"2", "附件/": b"", "a\\b.txt": b"3", "./c.txt": b"4"})
    )
    assert [(each.name, each.data) for each in contents.members] == [
        ("通知.docx", b"1"), ("附件/表 1.xlsx", b"2"), ("a/b.txt", b"3"), ("c.txt", b"4"),
    ]  # fmt: skip
    assert contents.refused == ()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_a_word_on_their_encoding(encoding: str) -> None:
    assert names(members(in_encoding("申报指南（修订）.docx", encoding))) == ["申报指南（修订）.docx"]


def test_a_name_in_the_field_for_it() -> None:
    info = zipfile.ZipInfo("plain.txt")
    name = "说明.txt".encode()
    info.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, 0) + name
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr(info, b"x")
    assert names(members(buffer.getvalue())) == ["说明.txt"]


def test_litter_and_folders_are_passed_over() -> None:
    litter = ("__MACOSX/._a.docx", ".DS_Store", "x/Thumbs.db", "~$a.docx", "._b.pdf", ".git/config", "desktop.ini")
    contents = members(packed({name: b"x" for name in (*litter, "a.docx")}))
    assert names(contents) == ["a.docx"] and contents.refused == ()


@pytest.mark.parametrize("name", ["../x.txt", "a/../../x.txt", "/etc/passwd", "C:/x.txt", "c:x.txt", "a\nb.txt", ".."])
def test_paths_that_lead_elsewhere_are_refused(name: str) -> None:
    contents = members(packed({name: b"x", "gut.txt": b"y"}))
    assert names(contents) == ["gut.txt"] and "路径" in reasons(contents)[name]


def test_archives_in_archives_to_a_depth() -> None:
    inner = packed({"表.docx": b"1", "更里.zip": packed({"z.txt": b"2"})})
    contents = members(packed({"内.ZIP": inner, "坏.zip": b"no archive"}))
    assert names(contents) == ["内.ZIP/表.docx"]
    assert "套得太深" in reasons(contents)["内.ZIP/更里.zip"] and "损坏" in reasons(contents)["坏.zip"]


def test_bombs_large_members_and_endless_totals(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = random.Random(1).randbytes(3000)
    assert "正常" in reasons(members(packed({"b.txt": b"\0" * 30_000_000})))["b.txt"]
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 2999)
    assert "太大" in reasons(members(packed({"a": noise})))["a"]
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 5000)
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 7000)
    contents = members(packed({"a": noise, "b": noise, "c": noise, "d": b"klein"}))
    assert names(contents) == ["a", "b", "d"] and "解开后太大" in reasons(contents)["c"]


def test_too_many_members_are_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    with pytest.raises(DocumentError, match="太多.*解决办法"):
        members(packed({str(each): b"" for each in range(4)}))


def test_a_password_a_broken_member_and_a_second_of_the_same_name() -> None:
    locked = bytearray(packed({"a.txt": b"x"}))
    for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[locked.index(sign) + place] |= 1
    assert "密码" in reasons(members(bytes(locked)))["a.txt"]
    broken = packed({"a.txt": b"unverwechselbar"}, zipfile.ZIP_STORED).replace(b"unverwechselbar", b"unverwechselbaR")
    assert "损坏" in reasons(members(broken))["a.txt"]
    with pytest.warns(UserWarning, match="Duplicate"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as target:
            target.writestr("a.txt", b"1")
            target.writestr("a.txt", b"2")
    contents = members(buffer.getvalue())
    assert [each.data for each in contents.members] == [b"1"] and "第二个" in reasons(contents)["a.txt"]


@pytest.mark.parametrize(
    "data",
    [b"", b"Rar!\x1a\x07", b"PK\x03\x04", packed({"a": b"x"})[:-10]],
    ids=["empty", "rar", "mark", "cut"],
)
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match="解决办法"):
        members(data)


@given(st.binary(max_size=300), st.integers(0, 200))
def test_damage_anywhere_gives_contents_or_the_one_error(noise: bytes, at: int) -> None:
    whole = packed({"通知.docx": b"x" * 40, "b/c.txt": b"y" * 40})
    try:
        contents = members(whole[:at] + noise + whole[at + len(noise) :])
    except DocumentError as error:
        assert "解决办法" in str(error)
    else:
        assert len(contents.members) + len(contents.refused) <= 4
