"""When a process that ended may be started again: soon at first, then slower, and loudly when it keeps failing."""

FIRST_DELAY, LONGEST_DELAY = 0.25, 10.0  # seconds; doubled after each failure in a row
MANY, WINDOW = 5, 60.0  # this many failures within this many seconds: something is wrong with the machine
RETRY = 60.0  # seconds until the next try after that


class Restarts:
    """The failures of one process since it last did its work, and the pause they ask for."""

    def __init__(self) -> None:
        self.count = 0
        self.gave_up = False
        self._failures: list[float] = []

    def worked(self) -> None:
        """Note that the process did its work: the next failure counts as a first one."""
        self.gave_up = False
        self._failures.clear()

    def failed(self, now: float) -> float:
        """Note that the process ended at `now` (seconds, any clock) and return how long to wait before the next."""
        self.count += 1
        self._failures = [*self._failures[1 - MANY :], now]
        failures = len(self._failures)
        self.gave_up = self.gave_up or (failures == MANY and now - self._failures[0] <= WINDOW)
        return RETRY if self.gave_up else min(LONGEST_DELAY, FIRST_DELAY * 2 ** (failures - 1))
