"""`python -m bench.measured_server FOLDER [MODULE:TASK]`: the real server, which also writes FOLDER/facts.json.

A task is a function of the folder and the server's services that runs beside it, as bench.desk.told_alerts:raise_told.
"""

import importlib
import sys

from serving.green import patch_for


def main() -> int:
    """Patch before anything else is imported, as app.py does, then serve."""
    patch_for(sys.argv)
    return int(importlib.import_module("bench.measuring").serve_measured(*sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
