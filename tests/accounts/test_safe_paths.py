"""After a log-in nobody is sent to another server."""

from __future__ import annotations

import pytest

from accounts.safe_paths import local_path


@pytest.mark.parametrize("path", ["/", "/rooms", "/rooms/abc?x=1#y", "/co/a-b_c"])
def test_own_paths_pass(path: str) -> None:
    assert local_path(path, "/other") == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "rooms",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "https://evil.example",
        "http:///x",
        "javascript:alert(1)",
        "/a\r\nb: c",
        "//[",
    ],
)
def test_everything_else_does_not(path: str | None) -> None:
    assert local_path(path, "/other") == "/other"
