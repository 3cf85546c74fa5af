"""Migrations, append-only: a released one is never edited; each has a name that says what it adds."""
