"""Names of the texts that are kept with an index version."""

from __future__ import annotations

CATALOGUE = "catalogue"
"""The staff-kept records of the corpus, JSON of :class:`bot.catalogue.models.Catalogue`."""

DISAGREEMENTS = "disagreements"
"""What sources say differently, JSON of :mod:`bot.catalogue.conflicts`."""

SUGGESTIONS = "suggestions"
"""Questions that the corpus was seen to answer, JSON of :mod:`bot.suggestions.records`."""
