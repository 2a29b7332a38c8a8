"""`python -m bench.gate`: runs the comparison."""

from bench.gate.comparison import main

if __name__ == "__main__":
    main()
