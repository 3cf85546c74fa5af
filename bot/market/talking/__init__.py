"""What is told in conversation, read by meaning: labelled sentences and the weights fitted to them.

``wishes.tsv`` tells first messages apart, ``turns.tsv`` what is said while a registration is under way,
``clauses.tsv`` which field a clause tells of. ``python -m bot.training talking`` fits ``weights.npz`` to them.
Exact things (amounts, times, places, levels, names, contacts) are read by rules, which only veto.
"""
