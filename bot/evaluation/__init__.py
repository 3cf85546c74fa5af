"""Staff regression: cases, their checks, what must hold of every answer, and reports of runs."""
