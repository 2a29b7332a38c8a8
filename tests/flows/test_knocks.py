"""Thousands of connections that are reset, say nothing or never finish a request, while somebody wants to be served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.live_server import LiveServer, wait_until
from tools.knock import attack

pytestmark = pytest.mark.both_modes

FILES = 1024


@pytest.fixture(params=["http", "https"])
def small_server(request: pytest.FixtureRequest, mode: str, tmp_path: Path) -> Iterator[LiveServer]:
    """A server that may open few files."""
    tls = "on" if request.param == "https" else "off"
    live = LiveServer(tmp_path, mode, EXAM_TLS=tls, EXAM_DETECTION="off")
    live.most_files = FILES
    try:
        yield live.start()
    finally:
        assert live.stop() == 0


def test_everybody_else_is_served_while_thousands_knock(
    small_server: LiveServer, capsys: pytest.CaptureFixture[str]
) -> None:
    is_tls = bool(small_server.lines("server-start", "tls=True"))
    before = small_server.process.num_fds()
    visits = attack(small_server.port, is_tls, resets=10_000, quiet=2_000, tell=print)
    assert visits.failed == [], capsys.readouterr().out
    assert len(visits.seconds) >= 20
    wait_until(lambda: small_server.process.num_fds() < before + 10, "every connection is given back")
    assert [line for line in small_server.log() if "Traceback" in line] == []
