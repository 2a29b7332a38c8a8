"""The opening handshake of a WebSocket (RFC 6455, 4.2) on a WSGI environment, without a socket."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
VERSIONS = ("8", "13")
KEY_BYTES = 16


class Refused(Exception):
    """What a request that opens no WebSocket is answered with."""

    def __init__(self, status: str, *headers: tuple[str, str]) -> None:
        super().__init__(status)
        self.status = status
        self.headers = [("Connection", "close"), ("Content-Length", "0"), *headers]


def answer_to(environ: Mapping[str, Any]) -> bytes:
    """Return what opens the WebSocket that a request asks for; Refused where it asks for none.

    No extension is taken up: JPEG does not get smaller, and every browser offers compression, which would cost 0.4 ms
    of zlib for each frame and recipient.
    """
    tokens = {token.strip() for token in environ.get("HTTP_CONNECTION", "").lower().split(",")}
    if "upgrade" not in tokens or environ.get("HTTP_UPGRADE", "").lower() != "websocket":
        raise Refused("400 Bad Request")
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION") not in VERSIONS:
        raise Refused("426 Upgrade Required", ("Sec-WebSocket-Version", "13"))
    accept = accepted(environ.get("HTTP_SEC_WEBSOCKET_KEY", ""))
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"


def accepted(key: str) -> bytes:
    """Return the proof that we read a browser's key; Refused for what is no key."""
    try:
        is_key = len(base64.b64decode(key, validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        is_key = False
    if not is_key:
        raise Refused("400 Bad Request")
    digest = hashlib.sha1(key.encode() + GUID, usedforsecurity=False).digest()
    return base64.b64encode(digest)
