"""A wheel holds the documents too: whoever installs it has something to ask about."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithCorpus(build_py):
    """Builds the package, and puts the corpus beside its modules (not where it is installed for editing)."""

    def run(self) -> None:
        """Build, then copy."""
        super().run()
        if not self.editable_mode:
            shutil.copytree("corpus", Path(self.build_lib) / "bot" / "bundled_corpus", dirs_exist_ok=True)


setup(cmdclass={"build_py": WithCorpus})
