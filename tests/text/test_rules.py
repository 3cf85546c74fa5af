import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.places import places_in
from bot.text.relative_time import ResolvedTime, resolve_relative_time
from bot.text.sentences import split_sentences
from bot.text.status import document_status, read_status
from bot.text.tokens import content_bigrams, search_terms
from bot.types import DocumentMetadata, Status


@given(st.text(alphabet="人才政策。！？；\n（）“” 1a", max_size=120))
def test_sentences_cover_every_character_once(text: str) -> None:
    spans = split_sentences(text)
    end = 0
    for span in spans:
        assert text[span.start : span.end] == span.text
        assert not text[end : span.start].strip()
        end = span.end
    assert not text[end:].strip()


def test_a_full_stop_inside_parentheses_does_not_end_a_sentence() -> None:
    assert [span.text for span in split_sentences("甲（乙。丙）丁。戊。")] == ["甲（乙。丙）丁。", "戊。"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("草拟形成《安居试点工作方案（初稿）》", Status.DRAFT),
        ("计划与专业机构合作，打造一支团队", Status.PLANNED),
        ("拟设立专项资金", Status.PLANNED),
        ("正在打造创新集市", Status.UNDER_CONSTRUCTION),
        ("专项支持政策（试行）", Status.PILOT),
        ("去年举办科创集市活动", Status.COMPLETED),
        ("中心已投入运作", Status.IN_FORCE),
        ("推出支持办法", Status.IN_FORCE),
        ("启动公寓改造提升工作", Status.UNKNOWN),
        ("鼓励银行提供贷款", Status.UNKNOWN),
        ("三年行动计划成效明显", Status.UNKNOWN),
        ("虚拟现实与模拟仿真", Status.UNKNOWN),
        ("现将办理情况答复如下", Status.UNKNOWN),
        ("旧办法已被新办法替代，正在打造平台", Status.SUPERSEDED),
    ],
)
def test_status_words(text: str, status: Status) -> None:
    assert read_status(text) is status


def test_a_document_past_its_date_is_expired_whatever_it_says() -> None:
    from datetime import date

    metadata = DocumentMetadata("办法（试行）", valid_until="2023-05-12", status=Status.IN_FORCE)
    assert document_status(metadata, date(2024, 1, 1)) is Status.EXPIRED
    assert document_status(metadata, date(2023, 1, 1)) is Status.IN_FORCE


def test_relative_years_follow_the_document_date() -> None:
    assert resolve_relative_time("去年立项，今年继续", "2025-05-28") == (
        ResolvedTime("去年", 2024),
        ResolvedTime("今年", 2025),
    )
    assert resolve_relative_time("去年立项", None) == ()


def test_places_are_cities_and_districts_not_ordinary_words() -> None:
    assert places_in("苏州和徐汇区有什么补贴") == ("苏州", "徐汇区")
    assert places_in("园区、社区、本区、开发区和产业区有什么补贴") == ()


def test_terms_are_unigrams_bigrams_and_words() -> None:
    assert search_terms("AI暑校50人") == ["ai", "暑", "暑校", "校", "50", "人"]
    assert content_bigrams("技术经理人") == ["技术", "术经", "经理", "理人"]
