"""Our own words in answers: refusals, notes, greetings. No fact stands here, only its frame."""

from __future__ import annotations

from bot.catalogue.models import Scope
from bot.types import RecordKind

NOT_STATED = "文件未写明"
#: Opens a refusal for want of evidence.
SUBJECT_NOT_STATED = "现有资料里没有查到这方面的内容，文件未写明，不能据此作答。"
OTHER_PLACE = "现有资料只覆盖{region}，没有关于“{place}”的内容，不能拿{region}的规定来回答。"
OTHER_PLACE_UNKNOWN_REGION = "现有资料里没有关于“{place}”的这方面内容，不能拿别处的规定来回答。"
OUT_OF_SCOPE = "这个问题不在本助手的服务范围内。"
NAME_UNKNOWN = "现有资料里没有出现“{name}”，文件未写明，不能据此作答。"
ATTRIBUTE_NOT_STATED = "文件提到了{subject}，但没有写明{attribute}。"
ATTRIBUTE_NOT_STATED_UNNAMED = "资料里有相关内容，但没有写明所问的{attribute}。"
#: Of a message that asks several things, the one that nothing answers.
PART_NOT_STATED = "问到的{attribute}：文件未写明。"
PART_NOT_STATED_FOREIGN = "One of the questions is not answered by the documents on file."
#: Where a translation was not as its original says.
UNTRANSLATED = "This passage could not be translated reliably; it is given in its original wording."
ORIGINAL = "Original: {text}"
MODEL_UNAVAILABLE = "模型服务暂时不可用，以下为不用模型的回答。"
MODEL_BROKE_OFF = "模型服务中途断开，以上为已经选出的原文，可能不全。"
SUMMARY_LABEL = "模型改写，以原文为准"
NEARBY = "资料中相关的说法："
#: Whole passages follow; whether they answer the question is for the reader to see.
NEAREST = "没有把握直接回答，最相关的原文是："
NEAREST_FOREIGN = "No answer could be given with certainty. The closest original passages are:"
#: Beside an answer that is too long to be told whole.
CUT = "这一条很长，这里只给出前面的部分，其余请看原文。"
NOT_STATED_FOREIGN = "The documents on file do not state this, so it cannot be answered from them."
#: Before whole passages that answer a question in another language.
ANSWERED_FOREIGN = "According to the documents on file (original wording):"
NO_NUMBER = "文件没有给出办理这件事的联系电话，不能以其他用途的电话代替。"
OWN_WORDS = "该依据为本库据来源页面整理，非原文，请以来源页面为准。"
INTRODUCTION_NEEDS_RECORDS = (
    "引荐文书只从已登记的需求和成果起草，双方都同意之前不透露任何一方。请先登记需求或成果，再由技术经理人起草。"
)


NO_MATCH_EITHER = "已登记的需求和成果里，也没有内容相近到值得推荐的。"


def matches_on_file(count: int, kind: RecordKind) -> str:
    """That documents name nobody, but the market holds something; ``count`` is made by code."""
    return f"资料没有写明适合这一方向的合作方；登记的{kind.label}里有 {count} 条内容相近，见下方。"


def greeting(scope: Scope) -> str:
    """Who is speaking and what it can do."""
    purpose = scope.purpose or "我依据资料库中的文件回答问题，每句话都标明出处；文件没有写的，我会直说。"
    return f"您好，我是{scope.name}。{purpose}"


def kindly_declined(scope: Scope) -> str:
    """A refusal of what the assistant is not for."""
    purpose = scope.purpose or "可以问我资料库中文件写明的内容。"
    return f"{OUT_OF_SCOPE}{purpose}"
