"""What reading one file may take."""

from __future__ import annotations

from dataclasses import dataclass

#: Above what the readers allow themselves (PDF 150 s, conversion 120 s): they tell better what took so long.
SECONDS = 180.0
#: Text recognition of a scanned page peaks below 1 GiB, everything else far below; twice that is a bomb.
MEMORY_BYTES = 2 * 1024**3
#: Starting a worker takes as long as reading some three hundred small files; this seldom it does not show.
#: Leaks are met earlier, by :data:`RESIDENT_SHARE`, where the platform tells what a process holds.
FILES_PER_WORKER = 2_000
#: A worker that holds this share of the memory between two files has leaked; the next file needs the room.
RESIDENT_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """``seconds`` of wall-clock time and ``memory_bytes`` for one file; how many files one worker reads."""

    seconds: float = SECONDS
    memory_bytes: int = MEMORY_BYTES
    files_per_worker: int = FILES_PER_WORKER

    @property
    def resident_bytes(self) -> int:
        """A worker whose resident memory has grown beyond this is renewed."""
        return int(self.memory_bytes * RESIDENT_SHARE)
