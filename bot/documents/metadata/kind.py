"""What kind of document a text is, by the last words of its title and by its form."""

from __future__ import annotations

import re

from bot.documents.metadata.issuers import is_media
from bot.documents.metadata.source import Label, Source
from bot.types.documents import DocumentKind

#: Words that titles end in; the longest that fits decides.
_ENDINGS: dict[DocumentKind, str] = {
    DocumentKind.NOTICE: "通知 通知书 紧急通知",
    DocumentKind.MEASURES: "办法 若干措施 政策措施 若干政策",
    DocumentKind.RULES: "细则",
    DocumentKind.OPINION: "意见",
    DocumentKind.ANNOUNCEMENT: "公告 公示 公报",
    DocumentKind.CIRCULAR: "通告",
    DocumentKind.DECISION: "决定 决议",
    DocumentKind.REGULATIONS: "条例",
    DocumentKind.PROVISIONS: "规定 规则 规范 规程 章程 制度",
    DocumentKind.PLAN: "方案 计划 规划 纲要 要点",
    DocumentKind.GUIDE: "指南 指引 须知 手册 流程",
    DocumentKind.REPLY: "答复 答复函 复函 会办意见 答复意见",
    DocumentKind.LETTER: "函 批复 请示",
    DocumentKind.ORDER: "令",
    DocumentKind.EXPLANATION: "解读 图解 说明",
    DocumentKind.QUESTIONS: "问答 解答 常见问题 答疑",
}
_BY_ENDING = {word: kind for kind, words in _ENDINGS.items() for word in words.split()}
_ENDING = re.compile(rf"(?:{'|'.join(sorted(_BY_ENDING, key=len, reverse=True))})$")
_QUALIFIERS = re.compile(r"(?:\s?[（(〔【][^（）()]{1,30}[）)〕】]|\s*——.*|[”》])+$")
_PART = re.compile(r"\s第[\d一二三四五六七八九十]+\s?(?:部分|分册|卷)[:：].*$")
_COUNTED_QUESTIONS = re.compile(r"[\d一二三四五六七八九十]+\s?[问答]$")
_BYLINE = re.compile(
    r"(?:本报|新华社|中新社|[\u4e00-\u9fff]{2,8}(?:日报|晚报|网|在线|电视台)).{0,10}(?:\d日电|讯|消息|报道)"
    r"|.{0,40}[（(](?:[\u4e00-\u9fff]{0,6}记者|通讯员)\s?[\u4e00-\u9fff]"
)
_NEWS_COLUMN = re.compile("媒体|新闻|报道")
#: A headline may end in 印发通知 as well; the title of the notice itself says what it is about.
_FORMAL = re.compile("关于|《|^对")
_ANSWER = re.compile(r"(?:答|A)\s?[:：]")
_BYLINE_LINES = 6
_BYLINE_CHARACTERS = 120
_FEWEST_ANSWERS = 3


def find_kind(source: Source, title: str) -> DocumentKind:
    """The kind of document; ``OTHER`` where neither its title nor its form tells."""
    words = _PART.sub("", _QUALIFIERS.sub("", title))
    ending = _ENDING.search(words)
    reported = is_news(source)
    if ending and not (reported and not _FORMAL.search(words)):
        return _BY_ENDING[ending.group()]
    if _COUNTED_QUESTIONS.search(words):
        return DocumentKind.QUESTIONS
    if reported:
        return DocumentKind.REPORT
    answers = sum(1 for line in source.lines if _ANSWER.match(line.text))
    return DocumentKind.QUESTIONS if answers >= _FEWEST_ANSWERS else DocumentKind.OTHER


def is_news(source: Source) -> bool:
    """A report: by its byline, by the newspaper that it comes from, or by the column it stands in."""
    if any(_BYLINE.match(line.text[:_BYLINE_CHARACTERS]) for line in source.lines[:_BYLINE_LINES]):
        return True
    if any(is_media(each.value) for each in source.values(Label.SOURCE)):
        return True
    return any(_NEWS_COLUMN.search(each.value) for each in source.values(Label.COLUMN))
