"""What staff do with the corpus: adding, replacing, retiring, correcting, with a look before it counts."""
