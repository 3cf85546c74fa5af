"""English beside Chinese: what of a unit is never left to a model, and what is asked of its words.

Not checked, because no rule of words can: who does what to whom, and the sense of words no list knows.
"""
