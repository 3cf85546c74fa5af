"""Needs, offers, organisations: records, import, quality, matching."""
