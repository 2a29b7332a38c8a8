"""The WebSocket seam where a part of it fails its self-test, and the small parts it is made of."""

import logging
import queue
from types import SimpleNamespace

import pytest
from engineio.async_drivers import eventlet as green_driver
from engineio.async_drivers import threading as thread_driver
from eventlet.websocket import RFC6455WebSocket

from settings import ASYNC_MODES
from tests.rooms.lane_server import running
from tests.rooms.raw_browser import Raw
from transport import _websocket_py
from transport.fast_path import attachments_of, frame_head, unsent
from transport.websocket_seam import SeamStatus, install


@pytest.fixture
def restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(green_driver._async, "websocket", green_driver.WebSocketWSGI)
    monkeypatch.setitem(thread_driver._async, "websocket", thread_driver.SimpleWebSocketWSGI)
    monkeypatch.setitem(thread_driver._async, "queue", queue.Queue)
    monkeypatch.setattr(RFC6455WebSocket, "_apply_mask", staticmethod(RFC6455WebSocket._apply_mask))


LOGGER = logging.getLogger("tests.seam")


@pytest.mark.parametrize("async_mode", ASYNC_MODES)
def test_installing_twice_is_installing_once(restored: None, async_mode: str) -> None:
    assert install(LOGGER, async_mode=async_mode) == install(LOGGER, async_mode=async_mode)


def test_the_methods_of_eventlets_own_that_are_mended_keep_their_arguments(restored: None) -> None:
    install(LOGGER)
    assert RFC6455WebSocket._apply_mask(b"\x7f\x9f\x4d\x51\x58", (0x37, 0xFA, 0x21, 0x3D)) == b"Hello"
    assert RFC6455WebSocket._apply_mask(b"\x9f\x4d!", [0x37, 0xFA, 0x21, 0x3D], length=2, offset=1) == b"el"


@pytest.mark.parametrize("async_mode", ASYNC_MODES)
def test_kernels_that_fail_their_test_are_replaced_by_the_twin(
    restored: None, caplog: pytest.LogCaptureFixture, async_mode: str
) -> None:
    broken = SimpleNamespace(
        unmask=lambda payload, _mask, _offset=0: payload,
        FrameReader=_websocket_py.FrameReader,
        parse_lane_event=lambda *_: None,
    )
    status = install(LOGGER, broken, async_mode)
    assert (status.unmask, status.reader, status.has_fast_path) == ("python", "python", True)
    assert status.problems == ("unmasking fails the example of RFC 6455", "reading fails its self-test")
    assert "unmasking fails" in caplog.text


def test_an_eventlet_that_changed_leaves_everything_stock(
    restored: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr(RFC6455WebSocket, "_apply_mask")
    monkeypatch.delattr("eventlet.hubs.get_hub")
    status = install(LOGGER)
    assert (status.unmask, status.reader, status.has_fast_path) == ("eventlet", "eventlet", False)
    assert green_driver._async["websocket"] is green_driver.WebSocketWSGI
    assert len(status.problems) == 4


def test_a_system_that_gives_threads_no_timeouts_leaves_everything_stock(
    restored: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transport.threads.wire.SO_RCVTIMEO", -1)
    status = install(LOGGER, async_mode="threading")
    assert (status.reader, status.has_fast_path) == ("simple_websocket", False)
    assert thread_driver._async["websocket"] is thread_driver.SimpleWebSocketWSGI


@pytest.mark.parametrize("async_mode", ASYNC_MODES)
def test_a_server_with_broken_kernels_still_takes_frames_by_the_fast_path(async_mode: str) -> None:
    with running("broken", async_mode=async_mode) as port:
        browser = Raw(port)
        told = browser.ask("status")
        assert (told["unmask"], told["reader"]) == ("python", "python")
        browser.send(browser.frame(2, 2, b"four"))
        assert browser.acknowledgement(2) == [{"ok": True}]
        browser.close()


@pytest.mark.parametrize("stock", ["eventlet", "simple_websocket"])
def test_status_without_a_fast_path(stock: str) -> None:
    assert not SeamStatus("cython", stock).has_fast_path


# --------------------------------------------------------------------------------------------- parts


@pytest.mark.parametrize(
    ("text", "count"), [("2", 0), ("42[1]", 0), ("451-[1]", 1), ("4613-/x,[1]", 13), ("45-", 0), ("45x", 0), ("", 0)]
)
def test_attachments_of(text: str, count: int) -> None:
    assert attachments_of(text) == count


@pytest.mark.parametrize("sent", range(7))
def test_unsent_is_what_is_left(sent: int) -> None:
    assert b"".join(unsent([b"ab", b"", b"cde", b"f"], sent)) == b"abcdef"[sent:]


@pytest.mark.parametrize(
    ("size", "head"),
    [(0, b"\x82\x00"), (125, b"\x82\x7d"), (126, b"\x82\x7e\0\x7e"), (65536, b"\x82\x7f\0\0\0\0\0\1\0\0")],
)
def test_frame_head(size: int, head: bytes) -> None:
    assert frame_head(2, size) == head
