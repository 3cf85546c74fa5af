import codecs
from contextlib import suppress

import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st

from bot.documents.characters import fold_characters, tidy_blanks
from bot.documents.encoding import decode
from bot.errors import DocumentError

COMMON = "关于印发支持企业技术创新若干措施的通知，各有关单位：现将有关事项通知如下。一是加大投入；二是优化服务！"
chinese = st.text(st.sampled_from(COMMON + "2025ABC "), min_size=1, max_size=200)


@given(chinese)
def test_round_trips(text: str) -> None:
    for name in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        assert decode(text.encode(name)) == text
    for mark, name in ((codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF16_LE, "utf-16-le")):
        assert decode(mark + text.encode(name)) == text


@given(st.text(st.sampled_from(COMMON), min_size=6, max_size=200))
@example("。入。一一一")
def test_gb18030_round_trip(text: str) -> None:
    # A few words (联通) are the same bytes as UTF-8 letters of another script: nothing can tell them apart.
    with suppress(UnicodeDecodeError):
        text.encode("gb18030").decode("utf-8")
        reject()
    assert decode(text.encode("gb18030")) == text
    assert decode(text.encode("gbk"), declared="gb2312") == text


def test_rare_characters_of_gb18030_survive() -> None:
    text = "上海市某镇㙦村关于㛃某同志任职的通知，请各单位认真贯彻执行。"
    assert decode(text.encode("gb18030")) == text


def test_traditional_text_in_big5() -> None:
    text = "關於進一步加強科技創新的通知，請各單位認真貫徹執行。為了推動產學研合作，現將有關事項通知如下：" * 3
    assert decode(text.encode("big5")) == text


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\x03" * 50, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, b"PK\x03\x04\x00\x00\x00" * 30]
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match="解决办法"):
        decode(data)


@given(st.binary(min_size=1, max_size=400))
def test_any_bytes_give_text_or_the_one_error(data: bytes) -> None:
    try:
        text = decode(data)
    except DocumentError:
        return
    text.encode("utf-8")


def test_radicals_and_duplicates_are_folded_and_punctuation_is_not() -> None:
    assert fold_characters("⼯⽤⾦⼀⻓⻔⻅⺠\uf90a") == "工用金一长门见民金"
    assert fold_characters("，。：；（）《》“”１２ＡＢ％") == "，。：；（）《》“”１２ＡＢ％"


def test_every_kangxi_radical_becomes_an_ordinary_character() -> None:
    radicals = "".join(chr(code) for code in range(0x2F00, 0x2FD6))
    assert all(0x4E00 <= ord(character) <= 0x9FFF for character in fold_characters(radicals))


def test_invisible_characters_go_and_line_ends_are_one() -> None:
    assert fold_characters("\ufeff甲\u200b乙\u00ad丙\r\n丁\r戊\u2028己\x07") == "甲乙丙\n丁\n戊\n己"
    assert tidy_blanks("\u3000\u3000甲\u00a0\u00a0乙\u2003丙\t丁 ") == "甲 乙 丙 丁"
