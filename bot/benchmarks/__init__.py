"""Measurements on benchmark folders given on the command line."""
