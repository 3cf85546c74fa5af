"""Lists as offices send them: the tables in a file, the fields of their columns, and whose list it is."""
