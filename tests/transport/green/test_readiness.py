"""Waiting for a socket that is closed meanwhile from our own side."""

from __future__ import annotations

import socket

import eventlet
import pytest
from eventlet.greenio import GreenSocket
from eventlet.hubs import IOClosed

from transport.green.readiness import Readiness


def test_who_waits_goes_on_when_the_connection_is_closed_from_our_side() -> None:
    ours, browser = socket.socketpair()
    with ours, browser:
        readiness = Readiness(GreenSocket(ours))
        waiting = eventlet.spawn(readiness.wait)
        eventlet.sleep(0)
        readiness.stop()
        with eventlet.Timeout(5), pytest.raises(IOClosed):
            waiting.wait()
        with pytest.raises(IOClosed):
            readiness.wait()
