"""``python healthy.py ADDRESS``: ends with 0 where the address answers 200, as a container's check of its health."""

import sys
import urllib.request

with urllib.request.urlopen(sys.argv[1], timeout=4) as reply:
    sys.exit(reply.status != 200)
