"""The two simple monitors that we are compared with do what they are said to do, on real sockets."""

from __future__ import annotations

import asyncio
import base64
import time

import websockets.asyncio.server as websockets_server

from bench.capacity.steps import Step
from bench.load import Span
from bench.seeds.comparison import ALONE, BETTER, OURS, report_of, rows_of, verdict
from bench.seeds.crowd import DATA_URI, PlainPage, Seen, enlarged, film, step_of
from bench.seeds.servers import NAMESPACE, Books, EverythingOnEveryPicture, taken_ns, thread_app
from detection.frames.frameops import parse_jpeg_header
from simulation.cameras import Album, stamped
from simulation.pictures import Camera, Scene
from tests.detection.fakes import eventually


def step(students: int, age: float = 0.1) -> Step:
    return Step(students, age, 0.1, 1.0, 1.0, 0.0, {"web": 1.0, "workers": 2.0, "load": 3.0}, {"web": 1.0})


def test_a_stamp_and_an_alert_tell_how_long_they_took() -> None:
    picture, seen = stamped(Camera(0, "Ana").jpeg(Scene.ABSENT, 0.0)), Seen()
    assert taken_ns(picture) <= time.monotonic_ns()
    seen.take_tile(picture[:14])
    seen.take_tile(b"no stamp")
    seen.take_alert({"sender": "Ana", "taken": taken_ns(picture)})
    assert len(seen.tile_ages) == 1 and 0 <= seen.tile_ages[0] <= seen.alert_delays[0]
    seen.forget()
    assert not seen.tile_ages and not seen.alert_delays


def test_looks_are_counted_and_a_missing_face_is_told_once_in_a_while() -> None:
    books = Books()
    assert [books.looked("Ana", is_there) for is_there in (True, False, False)] == [False, True, False]
    assert books.looked("Ben", is_there=False)


def test_ours_is_compared_with_the_better_monitor() -> None:
    found = {
        OURS: [[step(100), step(125, age=2.0)], [step(80, age=2.0)]],
        "thread_per_picture": [[step(10)], [step(10), step(20), step(30, age=2.0)]],
        "everything_on_every_picture": [[step(2)]],
    }
    report = report_of(found, {"thread_per_picture": 60})
    assert report.metrics == {"students": 100.0}
    assert report.peers["thread_per_picture"] == {"students": 20.0}
    assert report.peers["thread_per_picture" + ALONE] == {"students": 60.0}
    assert report.ratios[BETTER] == 0.2
    assert "5.0 times" in verdict(report) and "reached" in verdict(report)
    assert [row[:2] for row in rows_of(OURS, found[OURS][0])] == [[OURS, 100], [f"{OURS}, too many", 125]]
    assert [row[:2] for row in rows_of(OURS, found[OURS][1])] == [[f"{OURS}, too many", 80]]


def test_with_threads_each_picture_goes_to_the_teacher_and_is_looked_at() -> None:
    books, looked = Books(), list[bytes]()

    def sees(jpeg: bytes) -> bool:
        looked.append(jpeg)
        return False

    app, server = thread_app(sees, books)
    teacher, student = (server.test_client(app, namespace=NAMESPACE) for _ in range(2))
    teacher.emit("join", {"role": "teacher", "room": "1"}, namespace=NAMESPACE)
    picture = stamped(Camera(0, "Ana").jpeg(Scene.ABSENT, 0.0))
    told = {"sender": "Ana", "room": "1", "image": DATA_URI + base64.b64encode(picture).decode()}
    student.emit("frame", told, namespace=NAMESPACE)
    heard = list[tuple[str, object]]()

    def has_alert() -> bool:
        heard.extend((one["name"], one["args"][0]) for one in teacher.get_received(NAMESPACE))
        return len(heard) == 2

    eventually(has_alert)
    alert = {"sender": "Ana", "taken": taken_ns(picture)}
    assert looked == [picture] and dict(heard) == {"frame": told, "alert": alert}


def test_with_everything_a_page_sees_pictures_and_alerts_of_its_room_alone() -> None:
    asyncio.run(_visit_everything())


async def _visit_everything() -> None:
    monitor, seen, other = EverythingOnEveryPicture(lambda: lambda jpeg: False, Books()), Seen(), Seen()
    async with websockets_server.serve(monitor.talk, "127.0.0.1", 0, compression=None) as server:
        url = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        pages = [PlainPage(one) for one in (seen, other, Seen())]
        for page, role, room in zip(pages, ("teacher", "teacher", "student"), "121", strict=True):
            await page.connect(url, {"role": role, "name": "Ana", "room": room})
        album = Album([Camera(0, "Ana").jpeg(Scene.ABSENT, 0.0)])
        filming = asyncio.ensure_future(film(pages[2], "Ana", "1", album, 50.0))
        while not (seen.tile_ages and seen.alert_delays):
            await asyncio.sleep(0.01)
        filming.cancel()
        for page in pages:
            page.close()
    monitor.close()
    assert not other.tile_ages and not other.alert_delays
    assert not pages[2].show("Ana", "1", b"late")


def test_what_never_arrived_is_no_good_step() -> None:
    span = Span({}, {}, {}, 8.0)
    assert step_of(Seen(), [0.0], span).problem() is not None
    assert step_of(Seen([0.1], [0.2]), [1.0], span).problem() is None


def test_a_whole_camera_frame_is_640_wide() -> None:
    assert parse_jpeg_header(enlarged(Camera(0, "Ana").jpeg(Scene.PRESENT, 0.0)))[:2] == (640, 480)
