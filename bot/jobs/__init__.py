"""Long work asked for at the desk: on record, run in a process of its own, stopped and taken up again."""
