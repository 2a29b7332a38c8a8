"""What a page sends to the server, seen from the browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, WebSocket

from tests.flows.live_server import wait_until


class Wire:
    """What a page sends to the server, by the names of the events."""

    def __init__(self, page: Page) -> None:
        self.events: list[tuple[str, Any]] = []
        page.on("websocket", lambda socket: self._listen(socket))

    def of(self, name: str) -> list[Any]:
        """The payloads of one event."""
        return [payload for event, payload in self.events if event == name]

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._take)

    def _take(self, frame: str | bytes) -> None:
        # an event of Socket.IO: type 42, or 45 with attachments, the namespace, the number of its answer, then JSON
        found = re.match(r"4(?:2|5\d+-)/student,\d*(\[.*)", frame, re.DOTALL) if isinstance(frame, str) else None
        if found:
            event, *arguments = json.loads(found[1])
            self.events.append((event, arguments[0] if arguments else None))


def wait_for(page: Page, condition: Callable[[], object], what: str) -> None:
    """Wait for something that the page does; its news arrive only while the driver is asked something."""

    def look() -> object:
        page.evaluate("0")
        return condition()

    wait_until(look, what)
