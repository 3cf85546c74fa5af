"""Looking after an installation: what is broken and what to run, backups and their return."""
