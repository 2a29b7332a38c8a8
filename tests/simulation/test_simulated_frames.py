"""A simulated student writes a frame as a browser does, so that the server takes it by its fast path."""

import asyncio
from typing import Any

from simulation.client import Client
from simulation.participants import Student, Tally
from transport import _websocket_py
from transport.fast_path import FastPath


class Still:
    """A camera with one picture."""

    def jpeg(self, _now: float, _width: int, _quality: float) -> bytes:
        return b"jpeg"


class Sent:
    """What would go to the server; every frame is acknowledged at once."""

    def __init__(self, client: Client) -> None:
        self.texts: list[bytes] = []
        self._client = client

    def send(self, _opcode: int, text: bytes, *_attachments: bytes) -> None:
        self.texts.append(text)
        for answer in self._client._answers.values():
            answer.set_result({"ok": True})


async def text_of_a_frame() -> bytes:
    """Let a simulated student send one picture, and return the text before it."""
    student = Student("http://localhost", "ticket", Still(), Tally(), fps=5.0)
    student.client = Client("/student", lambda _event, _arguments: None)
    socket: Any = Sent(student.client)
    student.client._socket = socket
    await student._send_picture()
    (text,) = socket.texts
    return bytes(text)


def test_a_simulated_frame_fits_the_fast_path() -> None:
    path = FastPath("/student", "frame", lambda _first, _second, _jpeg: {"ok": True})
    found = _websocket_py.parse_lane_event(asyncio.run(text_of_a_frame()), path.prefix, path.head)
    assert found is not None
    assert found[:2] == (1, 1)
