"""A browser whose every frame the test makes itself, over a real socket."""

import json
import socket
from typing import Any

import websocket
from websocket import ABNF

WAIT_S = 10.0


class Raw:
    """A browser whose every frame the test makes itself."""

    def __init__(self, port: int, namespace: str = "/student", sid: str | None = None) -> None:
        address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        if sid is not None:
            address += f"&sid={sid}"
        self.ws = websocket.create_connection(address, timeout=WAIT_S)
        assert self.ws.sock is not None
        self.sock: socket.socket = self.ws.sock
        self.namespace = namespace
        if sid is None:
            self.receive("0")
            self.ws.send(f"40{namespace},")
            self.receive(f"40{namespace},")

    def send(self, messages: list[tuple[int, bytes]]) -> None:
        """Send whole messages."""
        for opcode, payload in messages:
            self.ws.send(payload, opcode)

    def receive(self, start: str) -> str:
        """Wait for a text that begins like this; leave out others."""
        while True:
            opcode, data = self.ws.recv_data()
            if opcode == ABNF.OPCODE_TEXT and data.decode().startswith(start):
                return data.decode()
            assert opcode != ABNF.OPCODE_CLOSE, data

    def frame(self, ack: int, seq: int, jpeg: bytes) -> list[tuple[int, bytes]]:
        text = f'451-{self.namespace},{ack}["frame",{seq},5,{{"_placeholder":true,"num":0}}]'
        return [(ABNF.OPCODE_TEXT, text.encode()), (ABNF.OPCODE_BINARY, jpeg)]

    def acknowledgement(self, ack: int) -> Any:
        start = f"43{self.namespace},{ack}"
        return json.loads(self.receive(start)[len(start) :])

    def ask(self, event: str, *args: Any) -> Any:
        self.ws.send(f"42{self.namespace},900{json.dumps([event, *args])}")
        return self.acknowledgement(900)[0]

    def closed_with(self) -> int:
        """Wait for the server's closing frame and return its status."""
        while True:
            frame = self.ws.recv_frame()
            if frame.opcode == ABNF.OPCODE_CLOSE:
                return int.from_bytes(frame.data[:2])

    def close(self) -> None:
        self.ws.shutdown()


def on_wire(opcode: int, payload: bytes, final: int = 1) -> bytes:
    """Return a masked frame as a browser sends it."""
    data: bytes = ABNF(final, 0, 0, 0, opcode, 1, payload).format()
    return data
