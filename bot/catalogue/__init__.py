"""The staff-kept knowledge of a corpus: programmes, contacts, organisations, thesaurus, scope."""
