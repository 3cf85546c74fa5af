"""Checks of eligibility as files to keep, print or take along: Markdown, Word, PDF."""
