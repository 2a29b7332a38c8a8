"""`python -m bench.dispatch`: runs the comparison."""

import sys

from bench.dispatch.comparison import main

if __name__ == "__main__":
    sys.exit(main())
