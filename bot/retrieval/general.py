"""Everyday words that any corpus of official texts is searched with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from bot.catalogue.models import ThesaurusGroup

GENERAL_THESAURUS_FILE = Path(__file__).with_name("general_thesaurus.yaml")


@cache
def general_thesaurus() -> tuple[ThesaurusGroup, ...]:
    """The groups of ``general_thesaurus.yaml``, read once; a corpus adds its own."""
    records = yaml.safe_load(GENERAL_THESAURUS_FILE.read_text(encoding="utf-8"))
    return tuple(ThesaurusGroup.model_validate(record) for record in records)
