"""How long to wait before a job is tried again: a moment at first, for a receiver that restarts; then longer."""

FIRST_S, TIMES, LONGEST_S = 5.0, 3.0, 3600.0


def pause_after(attempt: int) -> float:
    """Return the seconds after the attempt of this number (1 is the first) until the next."""
    return min(LONGEST_S, FIRST_S * TIMES ** min(attempt - 1, 20))
