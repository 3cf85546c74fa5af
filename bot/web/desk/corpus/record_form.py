"""The form of one record, made from its model."""

from __future__ import annotations

from collections.abc import Mapping

from bot.curation.record_forms import FILES, SCOPE, SPARE, FieldKind, FieldShape, groups_in, shapes
from bot.web.desk.corpus.context import CorpusDesk
from bot.web.desk.corpus.parts import address, link
from bot.web.desk.frame import form, hidden, submit
from bot.web.desk.guard import Signed
from bot.web.markup import EMPTY, Html, join, tag, text

#: A list of the documents stands behind every field that names one.
_DOCUMENTS = "documents"


def record_form(
    corpus: CorpusDesk, file: str, mark: str, proposal: int, entries: Mapping[str, str], signed: Signed
) -> Html:
    """A record to be changed or added, holding ``entries``; ``mark`` is that of the record as it was opened."""
    fields = join(_field(shape, "", entries) for shape in shapes(FILES[file]))
    known = corpus.shelf.in_force().metadata
    listed = tag(
        "datalist", *(tag("option", text(each.title), value=name) for name, each in known.items()), id=_DOCUMENTS
    )
    hint = "带引文的栏目，引文照原文抄录，存的时候逐字核对（空白除外）；没有依据的留空。"
    save = form(
        address(f"/catalogue/{file}/record"),
        signed,
        hidden("mark", mark),
        hidden("proposal", str(proposal) if proposal else ""),
        fields,
        tag("span", listed, lang="zh-CN"),
        submit("核对并存", main=True),
    )
    remove = EMPTY
    if mark and file != SCOPE:
        remove = form(address(f"/catalogue/{file}/remove"), signed, hidden("mark", mark), submit("删去这一条"))
    back = tag("p", link("回到列表", f"/catalogue/{file}"))
    return join((tag("p", text(hint), class_="hint"), save, remove, back))


def _field(shape: FieldShape, prefix: str, entries: Mapping[str, str]) -> Html:
    name = prefix + shape.name
    if shape.kind is FieldKind.GROUP:
        inner = (_field(each, f"{name}.", entries) for each in shape.inner)
        return tag("fieldset", tag("legend", _label(shape)), *inner)
    if shape.kind is FieldKind.GROUPS:
        return _groups(shape, name, entries)
    label = tag("label", _label(shape), for_=name)
    return tag("div", label, _control(shape, name, entries.get(name, "")), class_="field")


def _groups(shape: FieldShape, name: str, entries: Mapping[str, str]) -> Html:
    """Every group there is, some empty ones, and a button for more: a page without script."""
    count = groups_in(entries, name)
    # Those left empty are not counted again, so that the form does not grow by itself.
    while count and not any(told.strip() for each, told in entries.items() if each.startswith(f"{name}.{count - 1}.")):
        count -= 1
    wanted = count + SPARE + (SPARE if entries.get("more") == name else 0)
    groups = (
        tag(
            "fieldset",
            tag("legend", text(f"第 {place + 1} 项")),
            *(_field(each, f"{name}.{place}.", entries) for each in shape.inner),
        )
        for place in range(wanted)
    )
    more = submit("再加一项", name="more", value=name)
    held = tag("summary", _label(shape), text(" "), text(f"（{count}）"))
    return tag("details", held, *groups, more, class_="groups", open=bool(count) or entries.get("more") == name)


def _label(shape: FieldShape) -> Html:
    star = join((text(" "), tag("small", text("必填")))) if shape.required else EMPTY
    return join((tag("span", text(shape.label)), star))


def _control(shape: FieldShape, name: str, value: str) -> Html:
    if shape.kind is FieldKind.CHOICE:
        options = dict(shape.choices) if value in shape.choices or not value else {value: value, **shape.choices}
        shown = (tag("option", text(words), value=each, selected=each == value) for each, words in options.items())
        return tag("select", *shown, id=name, name_=name)
    if shape.kind in (FieldKind.TEXT, FieldKind.LINES):
        rows = 2 if shape.kind is FieldKind.TEXT else min(8, max(2, value.count("\n") + 2))
        hint = tag("small", text("一行一个"), class_="hint") if shape.kind is FieldKind.LINES else EMPTY
        return join((tag("textarea", text(f"\n{value}"), id=name, name_=name, rows=rows, lang="zh-CN"), hint))
    listed = _DOCUMENTS if shape.name in ("document", "lead_document") else None
    return tag("input", type="text", id=name, name_=name, value=value, list=listed, maxlength=2000)
