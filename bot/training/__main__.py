"""``python -m bot.training STEP``."""

import sys

from bot.training.command_line import main

if __name__ == "__main__":
    sys.exit(main())
