"""The thread that hands the sensing process what waits for it."""

import logging
import threading
from collections.abc import Callable

LOOK = 1.0  # seconds; it looks so often whether it shall end

logger = logging.getLogger(__name__)


class SensingSender:
    """Sends message after message when it is rung for, until `stopping` is set."""

    def __init__(
        self, following: Callable[[], bytes | None], send: Callable[[bytes], None], stopping: threading.Event
    ) -> None:
        self._following, self._send, self._stopping = following, send, stopping
        self._bell = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sensing-sender", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def ring(self) -> None:
        """Say that there may be something to send."""
        self._bell.set()

    def join(self, seconds: float) -> None:
        """Wait until it has ended."""
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.wait(LOOK)
            self._bell.clear()
            try:
                while not self._stopping.is_set() and (message := self._following()) is not None:
                    self._send(message)
            except Exception:
                logger.exception("handing readings to the sensing process failed")
