"""The words about what the browser keeps, about waiting, and about taking an answer along."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeptTexts:
    """These words in one language; ``{}`` marks what is filled in."""

    unreadable: str
    interrupted: str
    ask_again: str
    ahead: str
    busy: str
    edit: str
    edit_label: str
    before_edit: str
    kept_before_edit: str
    conversations: str
    no_conversations: str
    conversation_name: str
    kept_where: str
    rename: str
    delete: str
    delete_sure: str
    delete_all: str
    delete_all_sure: str
    storage_full: str
    storage_none: str
    resume: str
    earlier: str
    take_along: str
    export_word: str
    export_pdf: str
    print: str
    exported_on: str
    exported_hint: str
    evidence_changed_since: str
    export_failed: str
    copy_link: str
    link_copied: str
    link_masked: str
    link_nothing_left: str
    link_too_long: str


KEPT_CHINESE = KeptTexts(
    unreadable="浏览器里保存的这条答复读不出来，没有显示。",
    interrupted="连接断了，这次答复没有收完。",
    ask_again="再问一次",
    ahead="前面还有 {} 位……",
    busy="现在问的人多，请稍后再试。",
    edit="改问题",
    edit_label="改好后再问",
    before_edit="{}（改问前）",
    kept_before_edit="改问前的问答另存在“对话”里：",
    conversations="对话",
    no_conversations="还没有保存的对话。",
    conversation_name="对话名称",
    kept_where="只保存在这台设备的浏览器里，服务器不保存；公用电脑请清除。填了一半的表单在窗口关闭时清除，回执码和文件不保存。",
    rename="改名",
    delete="删除",
    delete_sure="删除这个对话？删除后不能恢复。",
    delete_all="全部清除",
    delete_all_sure="清除全部对话和填了一半的表单？清除后不能恢复。",
    storage_full="浏览器的存储满了，最早的对话已删去。",
    storage_none="浏览器不允许保存，刷新后对话不会保留。",
    resume="继续上次的对话：{}",
    earlier="显示更早的问答（还有 {} 条）",
    take_along="导出、分享",
    export_word="导出 Word",
    export_pdf="导出 PDF",
    print="打印",
    exported_on="导出于 {}",
    exported_hint="由助手依据所列文件作答，以文件原文和主管部门的答复为准。",
    evidence_changed_since="这份文件在作答之后有更新，或已不在库中；以上是作答时引用的原话。",
    export_failed="没有可以导出的答复。",
    copy_link="复制链接",
    link_copied="链接已复制。打开链接会把这个问题重新问一次。",
    link_masked="链接已复制，其中的私人信息已去掉。打开链接会把这个问题重新问一次。",
    link_nothing_left="去掉私人信息后没有剩下可问的内容，不能做成链接。",
    link_too_long="问题超过 {} 字，不能做成链接。",
)

KEPT_ENGLISH = KeptTexts(
    unreadable="This answer, as kept in the browser, cannot be read and is not shown.",
    interrupted="The connection broke before the whole answer had come.",
    ask_again="Ask again",
    ahead="{} ahead of you…",
    busy="Many people are asking right now. Please try again in a moment.",
    edit="Edit",
    edit_label="Edit the question and ask again",
    before_edit="{} (before editing)",
    kept_before_edit="What was asked before the edit is kept under “Chats”: ",
    conversations="Chats",
    no_conversations="No chats are kept yet.",
    conversation_name="Name of the chat",
    kept_where="Kept only in this browser on this device, not on the server; clear it on a shared computer. "
    "Half-filled forms go when the window is closed; receipt codes and files are not kept.",
    rename="Rename",
    delete="Delete",
    delete_sure="Delete this chat? It cannot be brought back.",
    delete_all="Clear everything",
    delete_all_sure="Clear all chats and half-filled forms? They cannot be brought back.",
    storage_full="The browser's storage is full; the oldest chat was deleted.",
    storage_none="The browser does not allow keeping; the chat will be gone after a reload.",
    resume="Go on with the last chat: {}",
    earlier="Show earlier questions ({} more)",
    take_along="Export, share",
    export_word="Export to Word",
    export_pdf="Export to PDF",
    print="Print",
    exported_on="Exported on {}",
    exported_hint="Answered by the assistant from the documents listed; the documents and the office's own reply "
    "are what counts.",
    evidence_changed_since="This document has changed since, or is no longer on file; above are the words cited then.",
    export_failed="There is no answer to export.",
    copy_link="Copy link",
    link_copied="Link copied. Opening it asks this question anew.",
    link_masked="Link copied, without private details. Opening it asks this question anew.",
    link_nothing_left="Without private details nothing is left to ask, so there is no link.",
    link_too_long="The question is longer than {} characters, too long for a link.",
)
