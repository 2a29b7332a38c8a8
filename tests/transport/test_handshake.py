"""The opening handshake, by the example of RFC 6455 and by what is refused."""

from __future__ import annotations

import pytest

from transport.handshake import Refused, answer_to

EXAMPLE = {
    "HTTP_CONNECTION": "keep-alive, Upgrade",
    "HTTP_UPGRADE": "WebSocket",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
    "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
    "HTTP_SEC_WEBSOCKET_EXTENSIONS": "permessage-deflate",
}


def test_the_example_of_the_standard_is_answered_without_extensions() -> None:
    answer = answer_to(EXAMPLE)
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert b"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n" in answer
    assert b"xtensions" not in answer


@pytest.mark.parametrize(
    ("changed", "value", "status"),
    [
        ("HTTP_CONNECTION", "close", "400"),
        ("HTTP_UPGRADE", "h2c", "400"),
        ("HTTP_SEC_WEBSOCKET_VERSION", "7", "426"),
        ("HTTP_SEC_WEBSOCKET_KEY", "", "400"),
        ("HTTP_SEC_WEBSOCKET_KEY", "c2hvcnQ=", "400"),
        ("HTTP_SEC_WEBSOCKET_KEY", "é" * 24, "400"),
        ("HTTP_SEC_WEBSOCKET_KEY", "dGhlIHNhbXBsZSBub25jZQ==\n", "400"),
    ],
)
def test_other_requests_are_refused(changed: str, value: str, status: str) -> None:
    with pytest.raises(Refused) as refused:
        answer_to({**EXAMPLE, changed: value})
    assert refused.value.status.startswith(status)
    assert (("Sec-WebSocket-Version", "13") in refused.value.headers) == (status == "426")


@pytest.mark.parametrize("left_out", [name for name in EXAMPLE if name != "HTTP_SEC_WEBSOCKET_EXTENSIONS"])
def test_nothing_may_be_missing(left_out: str) -> None:
    with pytest.raises(Refused):
        answer_to({name: value for name, value in EXAMPLE.items() if name != left_out})
