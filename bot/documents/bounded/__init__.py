"""Each file is read in a process of its own kind, so that a hostile or broken one is refused alone.

``reader`` is what callers use. ``process`` starts, asks and ends one worker process; ``worker`` is what runs in
it. ``protocol`` is what the two say to each other, ``refusals`` why a file is not read, ``limits`` what it may take.
"""

from bot.documents.bounded.limits import ReadingLimits
from bot.documents.bounded.reader import BoundedReader

__all__ = ["BoundedReader", "ReadingLimits"]
