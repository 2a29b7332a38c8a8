"""Packets that no browser of ours sends end their own connection, and cost neither memory, nor log, nor a place."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterable
from typing import Any

import pytest
import websocket

from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer, wait_until
from tests.flows.people import Student

pytestmark = pytest.mark.both_modes

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


def create_participant(server: LiveServer, seated: Student) -> websocket.WebSocket:
    """Open a WebSocket that holds a student's place; the page that held it before is told and closed."""
    browser = raw(server)
    browser.send(f"40/student,{json.dumps({'ticket': seated.auth['ticket']})}")
    while not str(browser.recv()).startswith("40/student,"):
        pass
    seated.wait_for("disconnect")
    return browser


def answer(browser: websocket.WebSocket, event: str, number: int) -> list[Any]:
    """Send an event under a number and return what it was answered with."""
    browser.send(f"42/student,{number}{event}")
    start = f"43/student,{number}["
    while not (said := str(browser.recv())).startswith(start):
        pass
    return list(json.loads(said[len(start) - 1 :]))


def send_all(browser: websocket.WebSocket, packets: Iterable[str]) -> None:
    """Send as fast as it goes, until the server hangs up."""
    with contextlib.suppress(OSError, websocket.WebSocketException):
        for packet in packets:
            browser.send(packet)


JUNK = {
    "no type": "4zzz",
    "no attachment": "45",
    "unknown type": "47",
    "half JSON": "42/student,[",
    "half a frame": '451-/student,["frame",1]',
    "empty": "",
    "an unknown packet": "x",
    "a packet of long-polling": "b!!!",
    "an opening": "0{}",
    "a ping": "2",
    "a pong with more": "3" + "[" * 5000,
    "nested": "4" + "[" * 100_000,
    "a few brackets": "4[[[",
    "numeric to Unicode": "4²",
    "an event before joining": '42/student,["history",{"after":0}]',
    "an answer before joining": "43/student,1[]",
    "the default namespace": '42["x"]',
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
def test_what_is_no_packet_ends_the_connection_in_one_line(server: LiveServer, junk: str) -> None:
    browser, before = raw(server), len(server.log())
    browser.send(junk)
    heard = "".join(hear_out(browser))
    assert "Traceback" not in heard and "File" not in heard
    wait_until(lambda: any("broken-packet" in line for line in server.log()[before:]), "a line in the log")
    assert [line for line in server.log()[before:] if "Traceback" in line or "handler error" in line] == []


@pytest.mark.parametrize(
    "junk", ["", "4[[[", "42/student,[[]]", "42/student,[]", '42/student,[{"a":1}]', "42/student,7"]
)
def test_a_student_whose_packet_cannot_be_read_is_offline_at_once(server: LiveServer, begin: Begin, junk: str) -> None:
    room = begin(server)
    ada, before = room.students[0], len(server.log())
    browser = create_participant(server, ada)
    room.teacher.forget()
    began = time.monotonic()
    browser.send(junk)
    hear_out(browser)
    room.teacher.wait_for("participant", lambda told: told["id"] == ada.id and not told["online"])
    assert time.monotonic() - began < 4.0  # the pings would have noticed after eleven seconds or more
    assert [line for line in server.log()[before:] if "Traceback" in line] == []
    ada.try_again().wait_for("welcome")


@pytest.mark.parametrize("name", ["connect", "disconnect"])
def test_the_librarys_own_events_are_refused_and_charged(server: LiveServer, begin: Begin, name: str) -> None:
    room = begin(server)
    ada = room.students[0]
    browser, before = create_participant(server, ada), len(server.log())
    forged = {"HTTP_ORIGIN": "https://evil.example"}
    (told,) = answer(browser, json.dumps([name, forged, ada.auth]), 1)
    assert told["error"]["code"] == "bad_message"
    (told,) = answer(browser, '["history",{"after":0}]', 2)
    assert told["ok"], "an event called disconnect has ended something"
    send_all(browser, [f"42/student,{json.dumps([name, forged, ada.auth])}"] * 3000)
    wait_until(lambda: server.lines("closed", room.seeded.code, "student=Ada", "why=storm"), "a storm is over")
    hear_out(browser)
    assert len(server.log()) - before < 15
    assert room.students[1].ask("history", {"after": 0})["ok"]


def test_nobody_joins_the_default_namespace(server: LiveServer) -> None:
    browser = raw(server)
    browser.send("40")
    assert str(browser.recv()).startswith("44")
    browser.close()


FLOODS = {
    "joins": "40/nowhere,",
    "answers": "3",
    "pings of the WebSocket": None,
}


@pytest.mark.parametrize("packet", FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_without_a_ticket_ends_that_connection(server: LiveServer, packet: str | None) -> None:
    browser = raw(server)
    with contextlib.suppress(OSError, websocket.WebSocketException):
        for _ in range(3000):
            if packet is None:
                browser.ping(b"x")
            else:
                browser.send(packet)
    began = time.monotonic()
    hear_out(browser)
    assert time.monotonic() - began < 8.0  # closed for what it sent, before any deadline


def test_answers_to_questions_nobody_asked_are_not_worth_a_line_each(server: LiveServer, begin: Begin) -> None:
    browser, before = create_participant(server, begin(server).students[0]), len(server.log())
    send_all(browser, ["43/student,77[1]"] * 3000)
    hear_out(browser)
    assert len(server.log()) - before < 8


def test_who_answers_pings_and_never_joins_is_sent_away(server: LiveServer) -> None:
    browsers = [raw(server) for _ in range(5)]
    browsers[0].send('40/student,{"ticket":"none"}')
    began = time.monotonic()
    for browser in browsers:
        with contextlib.suppress(websocket.WebSocketConnectionClosedException, ConnectionError):
            while said := browser.recv():
                assert time.monotonic() - began < 30, "it may stay for ever"
                if said == "2":
                    browser.send("3")
        browser.shutdown()
    assert server.lines("broken-packet", "no namespace joined")


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
    browser = create_participant(server, room.students[0])
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
