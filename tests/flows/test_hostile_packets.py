"""Packets that no browser of ours sends end their own connection, and cost neither memory, nor log, nor a place."""

from __future__ import annotations

import json
import socket

import pytest
import websocket

from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer, wait_until

PIECE = bytes(200_000)


def raw(server: LiveServer) -> websocket.WebSocket:
    """Open a WebSocket that speaks Engine.IO and nothing more."""
    address = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    browser = websocket.create_connection(address, timeout=20)
    assert browser.recv()[:1] == "0"
    return browser


def hear_out(browser: websocket.WebSocket) -> list[str]:
    """Read until the server has hung up."""
    heard = []
    try:
        while said := browser.recv():
            heard.append(str(said))
    except (websocket.WebSocketConnectionClosedException, ConnectionError):
        pass
    browser.shutdown()
    return heard


@pytest.mark.parametrize("junk", ["4zzz", "45", "47", "42/student,[", '451-/student,["frame",1]'])
def test_what_is_no_packet_ends_the_connection_in_one_line(server: LiveServer, junk: str) -> None:
    browser, before = raw(server), len(server.log())
    browser.send(junk)
    hear_out(browser)
    wait_until(lambda: any("broken-packet" in line for line in server.log()[before:]), "a line in the log")
    assert [line for line in server.log()[before:] if "Traceback" in line or "handler error" in line] == []


def test_what_is_no_request_is_not_worth_a_line(server: LiveServer) -> None:
    before = len(server.log())
    for said in (b"\x82\xfe no request \r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as stranger:
            stranger.sendall(said)
            while stranger.recv(1000):
                pass  # an answer, and then the end
    assert server.log()[before:] == []


def test_joining_again_and_again_ends_the_connection(server: LiveServer) -> None:
    browser = raw(server)
    for _ in range(9):
        browser.send('40/student,{"ticket":"none"}')
    refused = [said for said in hear_out(browser) if "ticket_invalid" in said]
    assert len(refused) <= 8
    assert server.lines("broken-packet", "too many joins")


def test_attachments_that_are_announced_are_not_kept(server: LiveServer, begin: Begin) -> None:
    room = begin(server)
    ada, browser = room.students[0], raw(server)
    browser.send(f"40/student,{json.dumps({'ticket': ada.auth['ticket']})}")
    ada.wait_for("disconnect")
    before = server.process.memory_info().rss
    try:
        browser.send('4599999-/student,["probe",{"padding":{"_placeholder":true,"num":0}}]')
        for _ in range(500):
            browser.send_binary(PIECE)
    except (OSError, websocket.WebSocketException):
        pass  # the server has hung up
    hear_out(browser)
    assert server.process.memory_info().rss - before < 40 * 1024**2
    assert server.lines("broken-packet", "too many attachments")
    assert room.students[1].ask("history", {"after": 0})["ok"]
