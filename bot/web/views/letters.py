"""A kept letter in the page: as it reads, its editor, its versions and what each changed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.introductions.editing import Run, changes, runs
from bot.introductions.letters import Letter, LetterVersion
from bot.introductions.records import Form, Language, as_text
from bot.printing import layout
from bot.printing.blocks import Block, BlockKind
from bot.text.differences import Change
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.texts.letters import LetterTexts, letter_texts
from bot.web.texts.views import ViewTexts
from bot.web.views.buttons import action_button, action_form, hidden, submit_button
from bot.web.views.fields import line_input
from bot.web.views.introductions import MAX_NAME, as_letter, facts_table, files, withheld

#: Lines an editor's box shows at once, at most.
_MOST_ROWS = 12
_LINE = 40
_ONE_LINE = frozenset({BlockKind.TITLE, BlockKind.SUBJECT, BlockKind.HEADING, BlockKind.SALUTATION})
_MARKS = {"-": "del", "+": "ins"}


def letter_view(
    letter: Letter, key: str, region: str, by: str, texts: ViewTexts, *, notice: str = "", code: str = ""
) -> Html:
    """The newest version with everything that can be done; ``code`` is shown once, when the letter is kept."""
    words = letter_texts(texts.language)
    version = letter.newest
    return tag(
        "section",
        tag("p", text(notice), class_="notice-line", role="status") if notice else EMPTY,
        _code(code, words) if code else EMPTY,
        _shown(letter, version, key, words, texts),
        _difference(letter, version, words) if version.number > 1 else EMPTY,
        _editor(runs(version.blocks), version.number, key, region, by, words, opened=False),
        _versions(letter, key, region, by, words),
        class_="outcome",
    )


def version_view(letter: Letter, version: LetterVersion, key: str, texts: ViewTexts) -> Html:
    """One version with its files and what it changed."""
    words = letter_texts(texts.language)
    heading = tag("h4", text(_named(version, words)), tabindex="-1")
    difference = _difference(letter, version, words) if version.number > 1 else EMPTY
    return join((heading, _shown(letter, version, key, words, texts), difference))


def stale_view(letter: Letter, typed: Sequence[Block], key: str, region: str, by: str, texts: ViewTexts) -> Html:
    """Two people saved: both texts, and an editor with what was typed over the version that stands now."""
    words = letter_texts(texts.language)
    newest = letter.newest
    theirs, yours = (as_text(blocks, letter.drafted.language) for blocks in (newest.blocks, typed))
    return tag(
        "section",
        tag("p", text(words.stale.format(newest.number, newest.actor)), class_="problem", role="alert"),
        tag("h4", text(words.stands_now)),
        tag("pre", text(theirs), class_="letter-text", lang=language_of(theirs)),
        tag("h4", text(words.yours)),
        tag("pre", text(yours), class_="letter-text", lang=language_of(yours)),
        _compared(newest.blocks, typed),
        _editor(runs(typed), newest.number, key, region, by, words, opened=True),
        class_="outcome",
    )


def _code(code: str, words: LetterTexts) -> Html:
    return tag(
        "div",
        tag("p", text(f"{words.code}："), tag("strong", text(code), class_="receipt-code")),
        tag("p", text(words.code_hint), class_="hint"),
        class_="receipt",
    )


def _shown(letter: Letter, version: LetterVersion, key: str, words: LetterTexts, texts: ViewTexts) -> Html:
    introduction = letter.introduction(version)
    latin = introduction.language is Language.ENGLISH
    paged = introduction.form in (Form.LETTER, Form.SUMMARY)
    long = paged and not layout.fits_a_page(introduction.blocks, latin=latin)
    by_hand = [(block.text, words.by_hand) for block in letter.changed_by_hand(version)]
    told = [(fact.text, fact.source) for fact in introduction.facts]
    return join(
        (
            as_letter(introduction),
            tag("p", text(words.too_long), class_="hint too-long") if long else EMPTY,
            files(introduction, {"letter": key, "number": str(version.number)}, texts),
            facts_table([*told, *by_hand], texts),
            withheld(introduction, texts),
        )
    )


def _editor(
    parts: Sequence[Run], base: int, key: str, region: str, by: str, words: LetterTexts, *, opened: bool
) -> Html:
    boxes = [_box(place, run, region, words) for place, run in enumerate(parts)]
    form = action_form(
        "letter_save",
        region,
        *(hidden(name, value) for name, value in (("letter", key), ("region", region), ("base", str(base)))),
        tag("p", text(words.edit_hint), class_="field-hint"),
        *boxes,
        _name(f"{region}-editor", by, words),
        tag("div", submit_button(words.save), class_="card-buttons"),
    )
    return tag("details", tag("summary", text(words.edit)), form, class_="letter-editor", open=opened)


def _box(place: int, run: Run, region: str, words: LetterTexts) -> Html:
    identifier = f"{region}-part-{place}"
    label = tag("label", text(words.parts[run.kind]), for_=identifier)
    lines = sum(1 + len(line) // _LINE for line in run.text.splitlines())
    rows = 1 if run.kind in _ONE_LINE else min(_MOST_ROWS, max(2, lines))
    box = tag("textarea", text(run.text), id=identifier, name_=f"part-{place}", rows=rows)
    return tag("div", label, hidden(f"kind-{place}", run.kind.value), box, class_="field field-wide")


def _name(prefix: str, by: str, words: LetterTexts) -> Html:
    return line_input("by", f"{prefix}-by", words.by, value=by, required=True, autocomplete="name", maxlength=MAX_NAME)


def _versions(letter: Letter, key: str, region: str, by: str, words: LetterTexts) -> Html:
    place = f"{region}-version"
    rows = []
    for version in reversed(letter.versions):
        fields = {"letter": key, "number": str(version.number)}
        again = {**fields, "region": region, "by": by, "base": str(letter.newest.number)}
        buttons = [action_button(words.look, "letter_version", fields, place)]
        if version is not letter.newest:
            buttons.append(action_button(words.restore, "letter_restore", again, region))
        rows.append(tag("li", text(_named(version, words)), tag("span", *buttons, class_="card-buttons")))
    return join(
        (
            tag("h4", text(words.versions)),
            tag("ol", *rows, class_="letter-versions"),
            tag("div", id=place, class_="record-region", aria_live="polite"),
        )
    )


def _named(version: LetterVersion, words: LetterTexts) -> str:
    when = version.at[:16].replace("T", " ")
    told = words.version.format(version.number, version.actor, when)
    return f"{told} · {version.note}" if version.note else told


def _difference(letter: Letter, version: LetterVersion, words: LetterTexts) -> Html:
    before = letter.version(version.number - 1)
    if before.blocks == version.blocks:
        return tag("p", text(words.nothing_changed), class_="hint")
    return join((tag("h5", text(words.changed)), _compared(before.blocks, version.blocks)))


def _compared(before: Sequence[Block], after: Sequence[Block]) -> Html:
    """Blocks that changed, each with what went and what came."""
    changed = [block for block in changes(before, after) if any(change.mark != " " for change in block)]
    return tag("ul", *(tag("li", *map(_change, block)) for block in changed), class_="letter-changes")


def _change(change: Change) -> Html:
    return tag(_MARKS[change.mark], text(change.text)) if change.mark in _MARKS else text(change.text)
