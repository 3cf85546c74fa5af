"""The check-up: what a firm tells against the catalogue, on the page and as a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from bot.catalogue.eligibility import Profile, check_eligibility
from bot.catalogue.eligibility.files import report_file
from bot.catalogue.eligibility.report import TITLE, report
from bot.catalogue.models import Catalogue
from bot.web.actions.reply import Download, Fields, Reply
from bot.web.telling import told as told_in
from bot.web.telling import told_value
from bot.web.texts.views import ViewTexts
from bot.web.views.eligibility import BOX, TICKED, checkup_view, choice_lists

_LISTED = re.compile(r"[、,，;；\n]")


def choices_reply(catalogue: Catalogue, texts: ViewTexts) -> Reply:
    """What the catalogue's own conditions ask for, to be ticked or picked from."""
    return Reply(choice_lists(catalogue, texts))


def profile_of(fields: Fields) -> Profile:
    """What a sent form tells: what was typed, and the boxes ticked."""
    told = {name: fields.get(name, "").strip() for name in ("region", "industry", "about")}
    need, size, qualifications = (_with_boxes(entry, fields) for entry in TICKED)
    return Profile(**told, need="、".join(need), size="、".join(size), qualifications=qualifications)


def _with_boxes(entry: str, fields: Fields) -> tuple[str, ...]:
    start = BOX.format(entry)
    typed = _LISTED.split(fields.get(entry, ""))
    ticked = (value for name, value in fields.items() if name.startswith(start))
    return tuple(dict.fromkeys(each.strip() for each in (*typed, *ticked) if each.strip()))


def eligibility_reply(
    catalogue: Catalogue, fields: Fields, title: Callable[[str], str], today: date, texts: ViewTexts
) -> Reply:
    """The whole check-up of what a sent form tells."""
    return Reply(checkup_view(check_eligibility(catalogue, profile_of(fields), today), catalogue, title, texts))


def report_reply(
    catalogue: Catalogue, fields: Fields, title: Callable[[str], str], today: date, suffix: str, texts: ViewTexts
) -> Reply:
    """The same as a file to keep or print; ``suffix`` is .docx, .pdf or .md."""
    checkup = check_eligibility(catalogue, profile_of(fields), today)
    content = report_file(report(catalogue, checkup, title), suffix, lambda words: told_value(words, texts.language))
    return Reply(download=Download(f"{told_in(TITLE, texts.language)}-{today.isoformat()}{suffix}", content))
