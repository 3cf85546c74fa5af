"""Programs beside Python that some tests need: without one a test is skipped, but fails in CI."""

import os
import shutil

import pytest


def needed(program: str, package: str, *folders: str) -> str:
    """Where ``program`` is, on the path or in ``folders``; Debian's ``package`` brings it."""
    places = (None, *folders)
    found = next((found for place in places if (found := shutil.which(program, path=place))), None)
    if found is None:
        message = f"{program} is not installed (Debian: {package})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found
