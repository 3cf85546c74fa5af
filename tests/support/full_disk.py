"""A disk that can be filled to the last kilobyte: a file system of its own where tests may mount one."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_SIZE, _BLOCK = "96m", 4_096


class SmallDisk:
    """``folder`` lies on it. Where nothing can be mounted, files are kept from growing instead."""

    def __init__(self, folder: Path, *, mounted: bool) -> None:
        self.folder, self._mounted = folder, mounted

    @contextmanager
    def full(self, kilobytes: int) -> Iterator[None]:
        """No more than ``kilobytes`` can be written within."""
        if not self._mounted:
            soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, hard))
            try:
                yield
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            return
        ballast = self.folder / "ballast"
        found = os.statvfs(self.folder)
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(_BLOCK, found.f_bavail * found.f_frsize - kilobytes * 1024))
        try:
            yield
        finally:
            ballast.unlink()

    def names(self, below: str = "") -> list[str]:
        """What lies in a folder of it."""
        return sorted(each.name for each in (self.folder / below).iterdir() if each.name != "ballast")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield SmallDisk(folder, mounted=mounted)
    finally:
        if mounted:
            # Lazily: what a test left open must not keep the folder of a later run.
            subprocess.run(["umount", "-l", str(folder)], check=True)
