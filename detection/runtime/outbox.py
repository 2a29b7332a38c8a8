"""Carries conclusions out of detection in order, on one thread, so that a slow receiver stops no analysis."""

import logging
import threading
from collections import deque
from collections.abc import Callable

MOST_FACTS = 512  # facts that wait; more means the receiver is slow, and a newer fact replaces an older one anyway

logger = logging.getLogger(__name__)

Call = Callable[[], None]


class Outbox:
    """Calls what it is given, one after the other: alerts always, facts as long as the receiver keeps up."""

    def __init__(self) -> None:
        self.dropped = 0
        self._calls: deque[tuple[bool, Call]] = deque()
        self._facts = 0
        self._condition = threading.Condition()
        self._open = True
        self._thread = threading.Thread(target=self._deliver, name="analysis-outbox", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Deliver what is left, then end."""
        with self._condition:
            self._open = False
            self._condition.notify()
        self._thread.join()

    def alert(self, call: Call) -> None:
        """Put a call that must be made."""
        with self._condition:
            self._calls.append((False, call))
            self._condition.notify()

    def fact(self, call: Call) -> None:
        """Put a call that may be left out when too many wait."""
        with self._condition:
            if self._facts >= MOST_FACTS:
                self.dropped += 1
                return
            self._facts += 1
            self._calls.append((True, call))
            self._condition.notify()

    def _deliver(self) -> None:
        while (call := self._next()) is not None:
            try:
                call()
            except Exception:
                logger.exception("a conclusion could not be handed over")

    def _next(self) -> Call | None:
        with self._condition:
            self._condition.wait_for(lambda: self._calls or not self._open)
            if not self._calls:
                return None
            is_fact, call = self._calls.popleft()
            self._facts -= is_fact
            return call
