"""What the fast parts have to prove at start-up, before they serve anybody; each returns what is wrong, or None."""

import logging
import socket
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from transport import _websocket_py
from transport.fast_path import BINARY, TEXT, FastPath, fast_paths_of, frame_head
from transport.fast_path_socket import FastPathSocket
from transport.wire import Wire

SELF_TEST_S = 2.0
MOST_BYTES = 1 << 20
MASK = b"\x12\x9a\xfe\x07"

WireAndQueue = Callable[[socket.socket], tuple[Wire, Any]]


def unmask_problem(kernels: Any) -> str | None:
    """Return what is wrong with unmasking, by the example of RFC 6455, 5.7, and byte for byte."""
    mask = bytes((0x37, 0xFA, 0x21, 0x3D))
    if kernels.unmask(b"\x7f\x9f\x4d\x51\x58", mask, 0) != b"Hello":
        return "unmasking fails the example of RFC 6455"
    sample = bytes(range(256)) * 2
    for offset in range(5):
        expected = bytes(byte ^ mask[(offset + i) % 4] for i, byte in enumerate(sample))
        if kernels.unmask(sample, mask, offset) != expected:
            return f"unmasking fails at offset {offset}"
    return None


def reader_problem(kernels: Any, wire_and_queue: WireAndQueue, logger: logging.Logger) -> str | None:
    """Return what is wrong with reading and writing, by a conversation over a real pair of sockets."""
    try:
        return _converse(kernels, wire_and_queue, logger)
    except Exception as error:
        logger.exception("websocket seam: the self-test broke")
        return f"the self-test broke: {error!r}"


def _converse(kernels: Any, wire_and_queue: WireAndQueue, logger: logging.Logger) -> str | None:
    taken: list[tuple[int, int, bytes]] = []

    def take(first: int, second: int, jpeg: bytes) -> dict[str, bool]:
        taken.append((first, second, jpeg))
        return {"ok": True}

    picture, event = bytes(70_000), b'451-/s,7["frame",1,2,{"_placeholder":true,"num":0}]'
    ours, browser = socket.socketpair()
    with ours, browser:
        wire, queue = wire_and_queue(ours)
        wire.settimeout(SELF_TEST_S)
        owner = SimpleNamespace(upgraded=True, closing=False, closed=False, queue=queue)
        fast_paths_of(owner)["/s", "frame"] = FastPath("/s", "frame", take)
        ws = FastPathSocket(wire, owner, kernels, MOST_BYTES, logger)
        browser.setblocking(False)
        browser.sendall(b"".join(_masked(*m) for m in [(TEXT, event), (BINARY, picture), (TEXT, b"2probe")]))
        ws.send("3probe")
        try:
            if ws.wait() != "2probe" or taken != [(1, 2, picture)]:
                return "reading fails its self-test"
        finally:
            wire.stop()
        answer = frame_head(TEXT, 6) + b"3probe" + frame_head(TEXT, 19) + b'43/s,7[{"ok":true}]'
        return None if browser.recv(1000) == answer else "writing fails its self-test"


def _masked(opcode: int, payload: bytes) -> bytes:
    head = frame_head(opcode, len(payload))
    return head[:1] + bytes([head[1] | 128]) + head[2:] + MASK + _websocket_py.unmask(payload, MASK)
