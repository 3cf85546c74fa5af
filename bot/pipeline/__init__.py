"""The managers' pipeline: who looks after a record, kept filters, likely duplicates, new matches, lists in and out."""
