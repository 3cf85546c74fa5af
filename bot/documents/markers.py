"""What a single line of an official Chinese document is: a numbered heading, a date, a contact …"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMERAL = "〇零一二三四五六七八九十百千两0-9０-９"
_CHINESE = "一二三四五六七八九十百"
#: Ranks nest: a smaller rank is further out. Gaps leave room for headings of other kinds.
RANK_ANNEX = 5
RANK_CLAUSE = 30
RANK_ARTICLE = 25
RANK_INLINE = 90
_MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        RANK_ANNEX,
        re.compile(
            r"附\s?[件录表](?:\s?[一二三四五六七八九十\d]{1,3}\s?[:：.．、]?|\s?[:：.．、])(?=\s|$|[\u4e00-\u9fff《])"
            r"|附\s?[件录表](?=\s|$|《)"
        ),
    ),
    (8, re.compile(rf"第[{_NUMERAL}]+(?:编|部分|篇)(?=[\s:：、]|$|[\u4e00-\u9fff]{{2,20}}$)")),
    (10, re.compile(rf"第[{_NUMERAL}]+章(?=[\s:：、]|$|[\u4e00-\u9fff]{{2,20}}$)")),
    (15, re.compile(rf"第[{_NUMERAL}]+节(?=[\s:：、]|$|[\u4e00-\u9fff]{{2,20}}$)")),
    (
        RANK_ARTICLE,
        re.compile(
            rf"第[{_NUMERAL}]+条(?:之[{_CHINESE}]+)?"
            r"(?=[\s:：【（(]|$|(?!第|规定|所|的|中|和|或|至|款|、|，|与|及|以)[\u4e00-\u9fff])"
        ),
    ),
    (RANK_CLAUSE, re.compile(rf"[{_CHINESE}]{{1,3}}(?:、|[.．](?!\d)|(?=[\s　])[\s　](?=[\u4e00-\u9fff]))")),
    (40, re.compile(rf"[（(][{_CHINESE}]{{1,3}}[）)](?![号日月年])[、.．]?")),
    (50, re.compile(r"[0-9０-９]{1,2}(?:[、．]|\.(?![0-9０-９]))(?!\s?[年月日%％])")),
    (60, re.compile(r"[（(][0-9０-９]{1,2}[）)][、.．]?(?!\s?[年月日])|[0-9]{1,2}[）)](?=[\u4e00-\u9fff])")),
    (65, re.compile(r"[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]")),
)
#: An item of an enumeration inside a paragraph: 一是 … 二是 …
INLINE_ITEM = re.compile(rf"(?:^|(?<=[。；：！？;:!?，,”）)\s]))([{_CHINESE}]{{1,3}})(?:是(?!否|非)|要(?!求))")

TERMINATORS = "。！？!?；;：:…"
CLOSERS = "”’」』）)》〉】\"'"
# A remark in brackets after the full stop (…。（责任单位：某局）) closes the paragraph too.
_ENDED = re.compile(
    rf"(?:[{TERMINATORS}][{CLOSERS}]*|[。！？；](?:（[^（）]{{1,100}}）|\([^()]{{1,100}}\))"
    r"|特此(?:通知|公告|通告|公示|报告|函复|函告)|此致|敬礼)$"
)
_ENDED_REACH = 110
_DATE_DIGITS = r"(?:19|20)\d{2}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
_DATE_CHINESE = r"[一二][〇○Ｏ零O0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
DATE = rf"(?:{_DATE_DIGITS}|{_DATE_CHINESE})"
_DATE_LINE = re.compile(rf"[（(]?\s?{DATE}\s?[）)]?")
_PRINTED_LINE = re.compile(rf"(?:.{{0,40}}\s)?{DATE}\s?印发")
#: Label of a contact line; white space may stand between its characters in print (联 系 人).
CONTACT_LABELS: tuple[tuple[str, str], ...] = (
    ("name", r"联\s?系\s?人(?:员)?(?:姓名)?|经\s?办\s?人|承\s?办\s?人"),
    ("phone", r"(?:联\s?系|咨\s?询|办\s?公|服\s?务|受\s?理)?\s?电\s?话(?:号码)?|联系方式|手\s?机"),
    ("address", r"(?:联\s?系|通\s?讯|通\s?信|办\s?公|受\s?理)\s?地\s?址|地\s?址"),
    ("postcode", r"邮\s?政\s?编\s?码|邮\s?编"),
    ("other", r"传\s?真|(?:电\s?子\s?)?邮\s?箱|电子邮件|E-?mail|承办单位|联系部门|联系科室|联系单位"),
)
CONTACT_LABEL = re.compile("|".join(rf"(?P<{field}>{pattern})" for field, pattern in CONTACT_LABELS), re.IGNORECASE)
_CONTACT_LINE = re.compile(rf"[（(]?(?:{'|'.join(pattern for _, pattern in CONTACT_LABELS)})\s?[:：]", re.IGNORECASE)
_LABEL_LINE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff\s]{1,9}[:：]\s?\S{1,60}$")
_BRACKETS = "〔\\[［（(【"
_CLOSING = "〕\\]］）)】"
DOCUMENT_NUMBER = re.compile(
    rf"[\u4e00-\u9fff]{{1,16}}\s?[{_BRACKETS}]\s?(?:19|20)\d{{2}}\s?[{_CLOSING}]\s?第?\s?\d{{1,5}}\s?号"
)
YEAR_NUMBER = re.compile(r"(?!.*关于)[\u4e00-\u9fff\s]{0,40}(?:19|20)\d{2}\s?年\s?第\s?\d{1,4}\s?号")
#: Last words of the names of bodies that issue documents.
BODY_SUFFIX = (
    r"(?:委员会|委|人民政府|政府|办公厅|办公室|办|厅|局|部|署|院|处|科|中心|法院|检察院|银行|分行|支行|公司|集团|协会|学会"
    r"|联合会|基金会|指挥部|领导小组|小组|管委会|所|站|队|大学|学院|医院|社)"
)  # fmt: skip
_BODY_LINE = re.compile(rf"[\u4e00-\u9fff（）()、·\s]{{2,60}}{BODY_SUFFIX}(?:[（(][^（）()]{{1,20}}[）)])?")
GENRE = (
    r"(?:通知|通告|公告|公报|意见|办法|规定|细则|方案|措施|决定|决议|条例|章程|规则|规范|指南|指引|指导意见|答复|复函"
    r"|函|批复|报告|请示|纪要|提示|倡议书|公开信|解读|说明|须知|目录|清单|汇编|问答|计划|规划|纲要|制度|标准|要点|令)"
)  # fmt: skip
_GENRE_END = re.compile(rf"{GENRE}(?:\s?[（(〔【][^（）()]{{1,30}}[）)〕】])*[”》]?$")


@dataclass(frozen=True, slots=True)
class Marker:
    """A numbered opening of a line: its nesting rank and where the numbering ends."""

    rank: int
    end: int


def find_marker(line: str) -> Marker | None:
    """The heading number that opens ``line``, if any.

    >>> find_marker("（一）支持范围"), find_marker("1.5倍")
    (Marker(rank=40, end=3), None)
    """
    if not line or line[0] not in _FIRST:
        return None
    for rank, pattern in _MARKERS:
        match = pattern.match(line)
        if match:
            return Marker(rank, match.end())
    return None


_FIRST = frozenset("附第（(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳" + _CHINESE + "0123456789０１２３４５６７８９")


def has_ended(text: str) -> bool:
    """Whether ``text`` ends a sentence, an item or a lead-in (closing quotes and brackets aside)."""
    return _ENDED.search(text[-_ENDED_REACH:]) is not None


def is_date_line(line: str) -> bool:
    """A line that is a date and nothing else."""
    return len(line) <= 24 and _DATE_LINE.fullmatch(line) is not None


def is_printed_line(line: str) -> bool:
    """The line that tells when a document was printed (…印发)."""
    return len(line) <= 80 and _PRINTED_LINE.fullmatch(line) is not None


def is_contact_line(line: str) -> bool:
    """A line that opens with the label of a name, number or address."""
    return _CONTACT_LINE.match(line) is not None


def is_label_line(line: str) -> bool:
    """A short line of the kind 公开属性：主动公开."""
    return len(line) <= 72 and not re.search("[，。；]", line) and _LABEL_LINE.match(line) is not None


def is_number_line(line: str) -> bool:
    """A line that is a document number and nothing else."""
    bare = line.strip("（）() ")
    return len(line) <= 60 and (DOCUMENT_NUMBER.fullmatch(bare) is not None or YEAR_NUMBER.fullmatch(bare) is not None)


def is_body_line(line: str) -> bool:
    """A line that reads as the name of an issuing body (signature, letterhead)."""
    return len(line) <= 60 and _BODY_LINE.fullmatch(line) is not None


def ends_as_title(line: str) -> bool:
    """Whether ``line`` ends in the name of a kind of document (…的通知, …管理办法（试行）)."""
    return _GENRE_END.search(line[-48:]) is not None


def is_salutation(line: str) -> bool:
    """The line that names the addressees: short, ends in a colon and announces nothing."""
    return (
        line.endswith(("：", ":"))
        and 3 <= len(line) <= 120
        and not re.search("[。；！？0-9]|如下|以下|下列|现将|公告|通知|为[：:]|是[：:]|包括|问[：:]|答[：:]", line)
        and find_marker(line) is None
        and not is_contact_line(line)
    )


def stands_alone(line: str) -> bool:
    """A line that is never the beginning of a paragraph that goes on in the next line."""
    return (
        is_date_line(line)
        or is_printed_line(line)
        or is_contact_line(line)
        or is_label_line(line)
        or is_number_line(line)
        or is_salutation(line)
    )
