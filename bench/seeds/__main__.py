"""`python -m bench.seeds`: runs the comparison."""

import sys

from bench.seeds.comparison import main

if __name__ == "__main__":
    sys.exit(main())
