"""One document as staff look at it: what it says of itself, its text, its tree, its passages, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.curation.matter import LABELS as MATTER_LABELS
from bot.curation.reading import Standing
from bot.text.differences import Change, pieces_changed
from bot.text.status import STATUS_WORDS, document_status
from bot.types import Chunk, Document, DocumentMetadata, LeftOut, UnitKind
from bot.web.desk.corpus.parts import document_link, folded, section, told_list
from bot.web.desk.frame import as_told, table
from bot.web.markup import EMPTY, Html, join, tag, text

#: Of a long document so much is shown; the file itself can be downloaded.
MOST_CHARACTERS, MOST_UNITS, MOST_CHUNKS = 200_000, 600, 200
_BEGINNING = 60
#: Comparing takes time with the square of the lines.
MOST_COMPARED, MOST_CHANGES = 2_000, 100
_MARKS = {"-": "del", "+": "ins"}
_FIELDS = {
    "title": "标题",
    "enclosed_title": "所附文件",
    "document_numbers": "文号",
    "issuers": "发文机关",
    "date": "日期",
    "published": "发布日期",
    "printed_date": "印发日期",
    "effective_from": "施行日期",
    "valid_until": "有效期至",
    "addressee": "主送",
    "superseded_by": "被谁代替",
    "source_url": "来源网址",
}
#: What the words of a field are filed under where that has another name.
_QUOTED_AS = {
    "document_numbers": ("document_number", "document_numbers"),
    "issuers": ("issuer", "issuers"),
    "valid_until": ("validity", "valid_until"),
}
_UNITS = {
    UnitKind.HEADING: "标题",
    UnitKind.PARAGRAPH: "段落",
    UnitKind.ITEM: "条目",
    UnitKind.ROW: "表格行",
    UnitKind.CAPTION: "表题",
    UnitKind.NOTE: "注",
    UnitKind.FIELD: "栏",
}


def document_shown(document: Document, chunks: Sequence[Chunk], today: date) -> Html:
    """Everything that reading made of a document."""
    return join(
        (
            section("文件自己怎么说", metadata_shown(document.metadata, today)),
            section("读取时", left_out_shown(document.left_out, document.warnings)),
            section(
                "正文",
                folded(f"清洗后的正文（{len(document.text)} 字）", _clean_text(document.text)),
                folded(f"结构（{len(document.units)} 个单元）", _tree(document)),
                folded(f"片段（{len(chunks)} 个）", _passages(chunks)),
            ),
        )
    )


def metadata_shown(metadata: DocumentMetadata, today: date) -> Html:
    """What a document says of itself, each with the words it rests on."""
    rows = []
    for name, label in _FIELDS.items():
        value = getattr(metadata, name)
        told = "、".join(value) if isinstance(value, tuple) else value
        if told:
            rows.append((text(label), as_told(told), _words_of(metadata, _QUOTED_AS.get(name, (name,)))))
    status = STATUS_WORDS[document_status(metadata, today)]
    rows.append((text("状态"), text(status), _words_of(metadata, ("status",))))
    return table(("栏目", "读到的", "所依据的原话"), rows, "没有读到。")


def left_out_shown(left_out: Iterable[LeftOut], warnings: Iterable[str]) -> Html:
    """What was left out of the text and what to look at."""
    dropped = [
        (text(each.what), as_told(each.where), text(str(each.characters)), as_told(each.text))
        for each in left_out
        if not each.furniture
    ]
    furniture = sum(each.characters for each in left_out if each.furniture)
    parts = [
        told_list((as_told(each) for each in warnings), "warnings"),
        table(("没有收进正文的", "在哪里", "字数", "开头"), dropped, "正文没有缺漏。"),
        tag("p", text(f"页码、导航之类另有 {furniture} 字，不算缺漏"), class_="hint") if furniture else EMPTY,
    ]
    return join(parts)


def standing_shown(found: Standing, titles: dict[str, str]) -> Html:
    """How a document stands to the others on file."""

    def named(document: str) -> Html:
        return document_link(document, titles.get(document, ""))

    lines = [join((text("内容与它完全相同："), named(each))) for each in found.duplicates]
    lines += [join((text("同一标题或文号的另一份："), named(each))) for each in found.versions]
    lines += [
        join((tag("span", text(f"{round(each.share * 100)}% 的句子相同：")), named(each.document)))
        for each in found.alike
    ]
    for step in found.superseded:
        since = f"（自 {step.since} 起）" if step.since else ""
        lines.append(join((named(step.document), text(" 被代替或废止："), named(step.by), as_told(since))))
    lines += [
        join((named(each.source), text(" "), text(each.reference.kind.label), text(" "), named(each.target)))
        for each in found.links
    ]
    return told_list(lines)


def changes_shown(before: str, after: str) -> Html:
    """The lines of a text that changed, each with what went and what came."""
    old, new = before.split("\n"), after.split("\n")
    if len(old) > MOST_COMPARED or len(new) > MOST_COMPARED:
        return tag("p", text("太长，没有逐行比较"), class_="hint")
    changed = [line for line in pieces_changed(old, new) if any(each.mark != " " for each in line)]
    if not changed:
        return tag("p", text("正文一字不差"), class_="hint")
    shown = (tag("li", *(_change(each) for each in line)) for line in changed[:MOST_CHANGES])
    more = len(changed) - MOST_CHANGES
    rest = tag("p", text(f"另有 {more} 处改动没有显示"), class_="hint") if more > 0 else EMPTY
    return join((tag("ul", *shown, class_="changes", lang="zh-CN"), rest))


def _change(change: Change) -> Html:
    return tag(_MARKS[change.mark], text(change.text)) if change.mark in _MARKS else text(change.text)


def matter_label(name: str) -> str:
    """What people call an entry of the front matter."""
    return MATTER_LABELS[name]


def _words_of(metadata: DocumentMetadata, names: Sequence[str]) -> Html:
    quotes = [each for each in metadata.quotes if each.field in names]
    shown = [
        as_told(each.text) if each.label is None else tag("span", as_told(each.text), text("（文件头）"))
        for each in quotes
    ]
    return join(shown, tag("br"))


def _clean_text(words: str) -> Html:
    cut = words[:MOST_CHARACTERS]
    more = tag("p", text("太长，后面的没有显示；可以下载原件"), class_="hint") if len(words) > len(cut) else EMPTY
    return join((tag("pre", text(cut), class_="clean", lang="zh-CN", tabindex="0"), more))


def _tree(document: Document) -> Html:
    depths: list[int] = []
    lines = []
    for unit in document.units[:MOST_UNITS]:
        depths.append(min(6, depths[unit.parent] + 1) if unit.parent is not None and unit.parent < len(depths) else 0)
        words = " ".join(document.text[unit.start : unit.end].split())
        shown = words[:_BEGINNING] + ("…" if len(words) > _BEGINNING else "")
        kind = tag("small", text(_UNITS[unit.kind]))
        lines.append(tag("li", kind, text(" "), as_told(shown), class_=f"depth-{depths[-1]}"))
    more = len(document.units) - len(lines)
    told = tag("p", text("太长，后面的没有显示；可以下载原件"), class_="hint") if more > 0 else EMPTY
    return join((tag("ol", *lines, class_="tree"), told))


def _passages(chunks: Sequence[Chunk]) -> Html:
    lines = [
        tag("li", tag("small", as_told(each.section)) if each.section else EMPTY, tag("p", as_told(each.text)))
        for each in chunks[:MOST_CHUNKS]
    ]
    more = len(chunks) - len(lines)
    told = tag("p", text("太长，后面的没有显示；可以下载原件"), class_="hint") if more > 0 else EMPTY
    return join((tag("ol", *lines, class_="passages"), told))
