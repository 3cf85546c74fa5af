"""The words about asking and about the layout of answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HelpTexts:
    """These words in one language; ``{}`` marks what is filled in."""

    placeholder_example: str
    suggestions: str
    suggestions_count: str
    choices: str
    did_you_mean: str
    taken_as: str
    near: str
    near_passage: str
    whom_to_ask: str
    partners_count: str
    places_count: str
    matches_count: str
    several_statuses: str
    table: str
    sort_by: str
    copy_table: str
    whole_table: str
    feedback_use: str
    questions_kept: str
    nothing_kept: str


HELP_CHINESE = HelpTexts(
    placeholder_example="请输入问题，例如：{}",
    suggestions="资料里能答的问题",
    suggestions_count="有 {} 个建议，按上下键选择",
    choices="您想问哪一项？",
    did_you_mean="您是不是问：",
    taken_as="按“{meant}”理解（您写的是“{typed}”）。",
    near="资料里写明的相近内容",
    near_passage="相关原文 {}",
    whom_to_ask="可以问谁",
    partners_count="可能的合作方 {}",
    places_count="可以认识伙伴的活动和联盟 {}",
    matches_count="登记在册的匹配 {}",
    several_statuses="{} 项",
    table="表格",
    sort_by="按“{}”排序",
    copy_table="复制表格",
    whole_table="整张表（{} 行）",
    feedback_use="意见和这次问答隐去电话、邮箱、证件号、姓名后存在本机，只给工作人员改进答复用，到期删除，不会公开。",
    questions_kept="提问和答复隐去电话、邮箱、证件号、姓名后在本机留 {} 天，用来改进答复，不与地址、回执相连，到期删。",
    nothing_kept="谢谢。这里设为不保存提问和意见，所以没有存下。",
)

HELP_ENGLISH = HelpTexts(
    placeholder_example="Ask a question, for example: {}",
    suggestions="Questions the documents answer",
    suggestions_count="{} suggestions; choose with the arrow keys",
    choices="Which of these do you mean?",
    did_you_mean="Did you mean:",
    taken_as="Read as “{meant}” (you wrote “{typed}”).",
    near="What the documents state nearby",
    near_passage="Related passage {}",
    whom_to_ask="Whom to ask",
    partners_count="Possible partners: {}",
    places_count="Events and alliances to meet partners: {}",
    matches_count="Matches on file: {}",
    several_statuses="{} items",
    table="Table",
    sort_by="Sort by “{}”",
    copy_table="Copy the table",
    whole_table="Whole table ({} rows)",
    feedback_use="Your comment and this answer are kept on this server without phone numbers, e-mail addresses, "
    "identity numbers and names, for the staff to improve answers; deleted in time, never published.",
    questions_kept="Questions and answers are kept on this server for {} days without phone numbers, e-mail addresses, "
    "identity numbers and names, for the staff to improve answers; never linked to your address or receipts.",
    nothing_kept="Thank you. This office keeps no questions or comments, so nothing was saved.",
)
