"""Every word about receipts that are kept, saved to a file or printed, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from bot.web.texts import Language


@dataclass(frozen=True, slots=True)
class ReceiptTexts:
    """The words in one language; ``{}`` marks what is filled in."""

    heading: str
    remember: str
    remember_hint: str
    none_kept: str
    save: str
    print_it: str
    save_all: str
    print_all: str
    forget: str
    forget_all: str
    open_file: str
    open_file_hint: str
    no_code: str
    several: str
    gone: str
    file_name: str
    file_heading: str
    code: str
    kind: str
    title: str
    date: str
    state: str
    address: str
    purpose_label: str
    purpose: str
    keep_safe: str
    inquiry: str
    withdrawn_inquiry: str


CHINESE = ReceiptTexts(
    heading="记住、保存和打开回执",
    remember="在这台设备上记住回执",
    remember_hint="默认不记。勾选后，回执码只存在这个浏览器里，用这台设备的人都能打开；公用电脑请不要勾选。取消勾选就全部清除。",
    none_kept="还没有记住的回执。",
    save="保存为文件",
    print_it="打印",
    save_all="全部保存为文件",
    print_all="全部打印",
    forget="从这台设备移除",
    forget_all="清除这台设备上的回执",
    open_file="打开回执文件",
    open_file_hint="选择或拖入保存过的回执文件；文件只在本机读取，只用其中的回执码。",
    no_code="这个文件里没有回执码。",
    several="文件里有 {} 个回执：",
    gone="打不开：回执码不对，或登记已不在",
    file_name="回执",
    file_heading="技术经理人助手 回执",
    code="回执码",
    kind="类别",
    title="名称",
    date="保存日期",
    state="当时的状态",
    address="页面地址",
    purpose_label="用途",
    purpose="在页面的“我的回执”里输入或打开这个文件，可以查看状态、修改、撤回，查看意向和答复。不需要账号。",
    keep_safe="凭回执码就能修改和撤回，请像钥匙一样保管。",
    inquiry="提问",
    withdrawn_inquiry="已撤回的提问",
)

ENGLISH = ReceiptTexts(
    heading="Remember, save and open receipts",
    remember="Remember receipts on this device",
    remember_hint="Off unless you tick it. The codes are then kept in this browser only, and whoever uses this device "
    "can open them: do not tick it on a shared computer. Unticking deletes them all.",
    none_kept="No receipts are remembered.",
    save="Save as a file",
    print_it="Print",
    save_all="Save all as a file",
    print_all="Print all",
    forget="Remove from this device",
    forget_all="Delete the receipts on this device",
    open_file="Open a receipt file",
    open_file_hint="Choose or drop a saved receipt file. It is read on this device; only the code in it is used.",
    no_code="There is no receipt code in this file.",
    several="{} receipts in the file:",
    gone="Cannot be opened: the code is wrong, or the record is gone",
    file_name="receipt",
    file_heading="Technology manager's assistant: receipt",
    code="Receipt code",
    kind="Kind",
    title="Title",
    date="Saved on",
    state="State then",
    address="Address of the page",
    purpose_label="What it is for",
    purpose="Enter the code, or open this file, under “My receipts” on the page: see the state, change or withdraw, "
    "read interest and answers. No account is needed.",
    keep_safe="The code alone changes and withdraws: keep it like a key.",
    inquiry="Question",
    withdrawn_inquiry="A withdrawn question",
)


def receipt_texts(language: Language) -> ReceiptTexts:
    """The words for the page's language."""
    return ENGLISH if language is Language.ENGLISH else CHINESE
