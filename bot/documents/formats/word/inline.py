"""The content of paragraphs: runs with their looks, fields, tracked changes, symbols, formulas, anchored boxes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.documents.blocks import Reason
from bot.documents.formats.word.content import Box, Content, Piece
from bot.documents.formats.word.context import Context
from bot.documents.formats.word.fields import Fields, simple_reason
from bot.documents.formats.word.formula import formula_text
from bot.documents.formats.word.names import (
    Element,
    attribute,
    child,
    descendants,
    is_properties,
    kind,
    raw_text,
    switch,
    value,
)
from bot.documents.formats.word.notes import Notes
from bot.documents.formats.word.symbols import in_font, symbol

DELETIONS = frozenset({"w:del", "w:moveFrom"})
#: What Word writes into empty content controls and form fields.
_PROMPTS = ("单击", "点击", "请单击", "请点击", "选择一项", "Click ", "Choose ", "Enter ")
_SPACES = str.maketrans({"\n": " ", "\r": " ", "\t": " ", "\u2011": "-"})


@dataclass(frozen=True, slots=True)
class _State:
    """What holds at a place: why its text is left out (None: it is not), how it is set, in which font."""

    style: str
    reason: Reason | None = None
    script: str = ""
    font: str = ""

    def without(self, reason: Reason | None) -> _State:
        """The same with a reason to leave text out; an outer reason stays."""
        return self if self.reason is not None or reason is None else replace(self, reason=reason)


class InlineReader:
    """Reads the paragraphs of one story in order; fields go on from one paragraph to the next."""

    def __init__(self, context: Context, notes: Notes, root: Element) -> None:
        self._context = context
        self._notes = notes
        self._fields = Fields(root)
        self._content = Content()
        self._alternative = ""
        self._handlers: dict[str, Callable[[Element, _State], None]] = {
            "w:r": self._run,
            "w:t": lambda element, state: self._text(in_font(_plain(element), state.font), state),
            "w:delText": lambda element, state: self._text(_plain(element), state.without(Reason.DELETED)),
            "w:tab": lambda _, state: self._text("\t", state),
            "w:ptab": lambda _, state: self._text("\t", state),
            "w:br": lambda _, state: self._text("\n", replace(state, script="")),
            "w:cr": lambda _, state: self._text("\n", replace(state, script="")),
            "w:noBreakHyphen": lambda _, state: self._text("-", state),
            "w:sym": self._symbol,
            "w:fldChar": lambda element, state: self._text(self._fields.character(element), replace(state, script="")),
            "w:instrText": lambda element, _: self._fields.instruction(element.text or ""),
            "w:delInstrText": lambda element, _: self._fields.instruction(element.text or ""),
            "w:fldSimple": self._simple_field,
            "w:ruby": self._ruby,
            "w:footnoteReference": self._reference,
            "w:endnoteReference": self._reference,
            "w:sdt": self._control,
            "w:drawing": self._drawing,
            "w:object": self._object,
            "w:txbxContent": self._box,
            "c:chart": self._box,
            "dgm:relIds": self._box,
            "a:p": self._drawn_line,
            "v:textpath": self._drawn_line,
            "v:imagedata": self._picture,
            "a:blip": self._picture,
            "mc:AlternateContent": self._choose,
            "m:oMath": self._formula,
            "m:oMathPara": self._formulas,
        }
        for name in DELETIONS:
            self._handlers[name] = lambda element, state: self._children(element, state.without(Reason.DELETED))

    def read(self, paragraph: Element, reason: Reason | None = None, into: Content | None = None) -> Content:
        """What a paragraph shows, after ``into`` where its mark before was deleted; ``reason`` leaves all out."""
        self._content = into or Content()
        properties = child(paragraph, "w:pPr")
        state = _State(self._context.styles.paragraph_style(properties), reason)
        started = self._fields.in_contents
        if kind(paragraph) == "w:p":
            self._children(paragraph, state)
        else:
            self._walk(paragraph, state)
        self._content.in_contents = started or self._fields.in_contents
        return self._content

    def _children(self, element: Element, state: _State) -> None:
        for each in element:
            self._walk(each, state)

    def _walk(self, element: Element, state: _State) -> None:
        name = kind(element)
        handler = self._handlers.get(name)
        if handler is not None:
            handler(element, state)
        elif not is_properties(name):
            # What is not known is looked through: wrappers come new with every Word, text must not go with them.
            self._children(element, state)

    def _text(self, text: str, state: _State) -> None:
        if not text:
            return
        reason = state.reason or self._fields.reason()
        if text.strip():
            self._fields.text_shown()
        if reason is not None:
            self._context.ledger.drop(reason, text)
        else:
            self._content.pieces.append(Piece(text, state.script))

    def _run(self, element: Element, state: _State) -> None:
        properties = child(element, "w:rPr")
        style = value(properties, "w:rStyle")
        reason = None
        if self._is_on("w:vanish", properties, style, state.style):
            reason = Reason.HIDDEN
        elif any(self._is_on(name, properties, style, state.style) for name in ("w:strike", "w:dstrike")):
            reason = Reason.STRUCK
        script = value(properties, "w:vertAlign") or self._context.styles.run_value(style, "w:vertAlign")
        fonts = child(properties, "w:rFonts")
        font = "" if fonts is None else attribute(fonts, "w:ascii") or attribute(fonts, "w:hAnsi")
        script = "" if script == "baseline" else script
        self._children(element, replace(state.without(reason), script=script, font=font))

    def _is_on(self, name: str, properties: Element | None, style: str, paragraph_style: str) -> bool:
        own = switch(properties, name)
        if own is not None:
            return own
        # Set by both the paragraph's and the character style, such a property cancels itself out.
        styles = self._context.styles
        return styles.run_switch(style, name) != styles.run_switch(paragraph_style, name)

    def _symbol(self, element: Element, state: _State) -> None:
        font, code = attribute(element, "w:font"), attribute(element, "w:char")
        found = symbol(int(code, 16), font) if code and len(code) <= 6 and _is_hexadecimal(code) else None
        if found is None:
            self._context.ledger.drop(Reason.UNREADABLE, f"符号 {font} {code}")
        else:
            self._text(found, state)

    def _simple_field(self, element: Element, state: _State) -> None:
        self._children(element, state.without(simple_reason(attribute(element, "w:instr"))))

    def _ruby(self, element: Element, state: _State) -> None:
        for each in element:
            self._walk(each, state.without(Reason.RUBY if kind(each) == "w:rt" else None))

    def _reference(self, element: Element, state: _State) -> None:
        reason = state.reason or self._fields.reason()
        mark, note = self._notes.refer(element, reason)
        if reason is None:
            self._text(mark, replace(state, script=""))
            if note is not None:
                self._content.notes.append(note)

    def _control(self, element: Element, state: _State) -> None:
        self._children(element, state.without(control_reason(element)))

    def _drawing(self, element: Element, state: _State) -> None:
        outer = self._alternative
        described = next((each for each in element.iter("{*}docPr")), None)
        if described is not None:
            self._alternative = described.get("descr") or described.get("title") or ""
        self._children(element, state)
        self._alternative = outer

    def _object(self, element: Element, state: _State) -> None:
        programs = [each.get("ProgID", "") for each in descendants(element, "o:OLEObject")]
        if programs or next(element.iter("{*}control"), None) is not None:
            self._context.ledger.drop(Reason.UNREADABLE, f"嵌入的对象 {programs[0] if programs else '控件'}".strip())
            self._context.ledger.drop(state.reason or Reason.REPEATED, raw_text(element))
        else:
            self._children(element, state)

    def _box(self, element: Element, state: _State) -> None:
        reason = state.reason or self._fields.reason()
        if reason is not None:
            self._context.ledger.drop(reason, raw_text(element))
        else:
            self._content.boxes.append(Box(element, "", not self._content.has_text))

    def _drawn_line(self, element: Element, state: _State) -> None:
        reason, text = state.reason or self._fields.reason(), raw_text(element)
        if reason is not None:
            self._context.ledger.drop(reason, text)
        elif text.strip():
            self._content.boxes.append(Box(None, text, not self._content.has_text))

    def _picture(self, element: Element, state: _State) -> None:
        if state.reason is None:
            described = self._alternative or element.getparent().get("alt", "")
            self._context.ledger.drop(Reason.NO_TEXT, f"图片：{described}" if described else "图片")

    def _choose(self, element: Element, state: _State) -> None:
        chosen, others = alternatives(element)
        for each in chosen:
            self._children(each, state)
        for each in others:
            self._context.ledger.drop(state.reason or Reason.REPEATED, raw_text(each))

    def _formulas(self, element: Element, state: _State) -> None:
        for index, each in enumerate(descendants(element, "m:oMath")):
            if index:
                self._text("\n", state)
            self._formula(each, state)

    def _formula(self, element: Element, state: _State) -> None:
        def skipped(part: Element) -> bool:
            reason = self._formula_reason(part, state)
            if reason is not None:
                self._context.ledger.drop(reason, raw_text(part))
            return reason is not None

        if state.reason is not None:
            self._context.ledger.drop(state.reason, raw_text(element))
        else:
            self._text(formula_text(element, skipped=skipped), replace(state, script=""))

    def _formula_reason(self, element: Element, state: _State) -> Reason | None:
        name = kind(element)
        if name in DELETIONS:
            return Reason.DELETED
        if name == "m:phant":
            shown = child(child(element, "m:phantPr"), "m:show")
            return Reason.HIDDEN if shown is not None and attribute(shown, "m:val", "1") in ("0", "off") else None
        if name != "m:r":
            return None
        properties = child(element, "w:rPr")
        if self._is_on("w:vanish", properties, value(properties, "w:rStyle"), state.style):
            return Reason.HIDDEN
        return Reason.STRUCK if switch(properties, "w:strike") or switch(properties, "w:dstrike") else None


def control_reason(control: Element) -> Reason | None:
    """Why a content control's text is left out: it is Word's own prompt to fill it in."""
    prompts = switch(child(control, "w:sdtPr"), "w:showingPlcHdr")
    return Reason.CHOICES if prompts and raw_text(control).lstrip().startswith(_PROMPTS) else None


def alternatives(element: Element) -> tuple[list[Element], list[Element]]:
    """Of an ``mc:AlternateContent`` the branch to read, the first with text, and the other branches."""
    branches = [each for each in element if kind(each) in ("mc:Choice", "mc:Fallback")]
    chosen = next((each for each in branches if raw_text(each).strip() or _leads_to_text(each)), None)
    chosen = branches[0] if chosen is None and branches else chosen
    return ([] if chosen is None else [chosen]), [each for each in branches if each is not chosen]


def _leads_to_text(element: Element) -> bool:
    return next(descendants(element, "c:chart", "dgm:relIds", "w:sym"), None) is not None


def _plain(element: Element) -> str:
    return (element.text or "").translate(_SPACES)


def _is_hexadecimal(text: str) -> bool:
    return all(each in "0123456789abcdefABCDEF" for each in text)
