"""`python -m bench.relay`: runs the comparison."""

from bench.relay.comparison import main

if __name__ == "__main__":
    main()
