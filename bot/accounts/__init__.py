"""People of the office: who may sign in to the desk, as what, and what they did there."""
