"""Pictures that are none, or that are too much: refused with a reason, noted once, and nobody else notices."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from bench.pictures import Camera, Scene, encode
from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer, wait_until


def picture_of(width: int, height: int) -> bytes:
    """A small JPEG whose header claims other dimensions."""
    jpeg = bytearray(encode(np.zeros((64, 64, 3), np.uint8), 0.5))
    at = jpeg.index(b"\xff\xc0") + 5
    jpeg[at : at + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(jpeg)


WHOLE = Camera(1, "Ada").jpeg(Scene.PRESENT, 0.0)
BAD = {
    "empty": (b"", "bad_frame"),
    "not a JPEG": (b"GIF89a" + bytes(500), "bad_frame"),
    "a header alone": (b"\xff\xd8\xff\xe0", "bad_frame"),
    "truncated": (WHOLE[: len(WHOLE) // 2], "bad_frame"),
    "1x1": (picture_of(1, 1), "bad_frame"),
    "20000x20000": (picture_of(20000, 20000), "frame_too_large"),
    "257 KiB": (WHOLE[:-2] + bytes(257 * 1024) + WHOLE[-2:], "frame_too_large"),
    "a text": ("jpeg", "bad_message"),
    "nothing": (None, "bad_message"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_picture_is_refused_with_a_reason_and_harms_nobody(
    server: LiveServer, begin: Begin, pictures: Mapping[Scene, bytes], case: str
) -> None:
    picture, code = BAD[case]
    room = begin(server)
    ada, ben = room.students
    seen = len(server.lines("refused", f"why={code}", room.seeded.code))

    answers = [ada.send(picture) for _ in range(3)]
    assert [answer["error"]["code"] for answer in answers] == [code] * 3
    assert all(answer["error"]["text"] for answer in answers)

    assert ben.send(pictures[Scene.PRESENT]) == {"ok": True}
    assert ada.send(pictures[Scene.PRESENT]) == {"ok": True}
    shown = room.teacher.wait_for("tiles", lambda tick: any(tile[0] == ada.id for tile in tick[0]["tiles"]))
    assert pictures[Scene.PRESENT] in shown[1]
    wait_until(lambda: len(server.lines("refused", f"why={code}", room.seeded.code)) == seen + 1, "one line in the log")


def test_a_picture_damaged_inside_is_looked_at_without_harm(
    server: LiveServer, begin: Begin, pictures: Mapping[Scene, bytes]
) -> None:
    # Only the header is read before a frame is passed on, so what is wrong further on meets the decoder.
    room = begin(server)
    ada, ben = room.students
    wait_until(lambda: server.lines("ready (pid", "kernels"), "analysis has begun")
    workers = {worker.pid for worker in server.workers()}
    whole = pictures[Scene.PRESENT]
    assert ada.send(whole[: len(whole) // 2] + b"\xff\xd9") == {"ok": True}
    assert ben.send(whole) == {"ok": True}
    assert room.teacher.wait_for("participant", lambda told: told["id"] == ben.id and told["faces"] == 1)
    assert {worker.pid for worker in server.workers()} == workers


def test_a_message_beyond_every_limit_ends_that_connection_alone(
    server: LiveServer, begin: Begin, pictures: Mapping[Scene, bytes]
) -> None:
    room = begin(server)
    ada, ben = room.students
    ada.tell("frame", 1, 1.0, pictures[Scene.PRESENT] + bytes(2 << 20))
    ada.wait_for("disconnect")
    assert ben.send(pictures[Scene.PRESENT]) == {"ok": True}
    ada.try_again().wait_for("welcome")
    assert ada.send(pictures[Scene.PRESENT]) == {"ok": True}
