"""The page of reference photos and its answers, as browsers meet them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.types import Frame, Observation, ObservationKind
from rooms.identity.photos import KEPT, LOOKING, REFUSED
from tests.detection.pictures import jpeg, one_face
from tests.fakes import FakeMonitor
from tests.site import Browser, Site, text_of

FACE = [0.1] * 128


class Place:
    """A server whose analysis is a fake, a teacher and a room."""

    def __init__(self, folder: Path) -> None:
        self.monitor = FakeMonitor()
        self.site = Site(folder, monitor=self.monitor)
        self.teacher = self.site.teacher("Marie")
        self.room = self.teacher.new_room()
        self.address = f"/rooms/{self.room}/photos"

    def told(self, outcome: str) -> Any:
        """Ask what became of a photo."""
        return self.teacher.get(outcome).json

    def give(self, content: bytes, name: str = "Zoé", browser: Browser | None = None) -> Any:
        """Send a photo as the page does."""
        return (browser or self.teacher).post(self.address, photo=(io.BytesIO(content), "photo.jpg"), name=name)

    def answer(self, photo: str, **values: Any) -> None:
        """What the analysis says of a photo."""
        frame = Frame(self.room, photo, 1, 0.0, 0.0, b"", 480, 640, judged=False)
        found = [Observation(self.room, photo, ObservationKind.IDENTITY, 0.0, {"match": "unsure", **values})]
        self.site.services.alert_service.observed(frame, found)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A server with one teacher and one room."""
    made = Place(tmp_path)
    yield made
    made.site.close()


def test_a_photo_is_taken_looked_at_kept_listed_and_removed(place: Place) -> None:
    taken = place.give(jpeg(one_face(), 400))
    assert (taken.status_code, taken.json["state"]) == (202, LOOKING)
    photo = taken.json["outcome"].rpartition("/")[2]
    assert place.told(taken.json["outcome"])["state"] == LOOKING
    place.answer(photo, reason="not enrolled", embedding=FACE)
    told = place.told(taken.json["outcome"])
    assert (told["state"], told["name"], told["present"]) == (KEPT, "Zoé", 0)
    page = text_of(place.teacher.get(place.address))
    assert "Zoé" in page and "0.1" not in page
    kept_id = page.partition("/remove")[0].rpartition("/")[2]
    assert place.teacher.post(f"{place.address}/{kept_id}/remove").location.endswith(place.address)
    again = text_of(place.teacher.get(place.address))
    assert "The photo of Zoé was removed." in again and "None." in again


def test_a_bad_photo_says_why_in_the_teachers_language(place: Place) -> None:
    taken = place.give(jpeg(one_face(), 400))
    place.answer(taken.json["outcome"].rpartition("/")[2], reason="several faces")
    assert "more than one face" in place.told(taken.json["outcome"])["text"]


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "bad_photo"), (b"GIF89a", "bad_photo"), (b"\xff\xd8", "bad_photo")]
)
def test_what_is_no_photo_is_refused_at_once(place: Place, content: bytes, code: str) -> None:
    answer = place.give(content)
    assert (answer.status_code, answer.json["state"], answer.json["code"]) == (422, REFUSED, code)
    assert answer.json["text"] and place.monitor.frames == []


def test_nobody_but_the_teachers_of_the_room_gives_or_sees_photos(place: Place) -> None:
    outcome = place.give(jpeg(one_face(), 400)).json["outcome"]
    stranger = place.site.teacher("Paul")
    for path in (place.address, outcome):
        assert stranger.get(path).status_code == 404
        assert place.site.browser().get(path).location.startswith("/login")
    assert place.give(jpeg(one_face(), 400), browser=stranger).status_code == 404
    assert stranger.post(f"{place.address}/x/remove").status_code == 404
    other = stranger.new_room()
    photo = outcome.rpartition("/")[2]
    assert stranger.get(f"/rooms/{other}/photos/{photo}").status_code == 404


def test_a_server_that_compares_no_faces_says_so(place: Place) -> None:
    place.monitor.state["detectors"] = {"identity": "package missing: dlib"}
    assert "does not compare faces" in text_of(place.teacher.get(place.address))
    assert place.give(jpeg(one_face(), 400)).json["code"] == "not_compared"


def test_the_page_has_no_inline_script_or_style(place: Place) -> None:
    page = text_of(place.teacher.get(place.address))
    assert " style=" not in page and " onclick=" not in page


def test_an_ended_room_takes_no_more_photos(place: Place) -> None:
    place.teacher.post(f"/rooms/{place.room}/state", state="ended")
    assert place.give(jpeg(one_face(), 400)).json["code"] == "room_ended"
    assert 'id="photo-files"' not in text_of(place.teacher.get(place.address))


def test_students_are_told_of_photos_before_they_agree(place: Place) -> None:
    words = "your teacher has given a photo of you"
    code = place.site.services.directory.room(place.room).code

    def notice(name: str) -> str:
        browser = place.site.browser()
        browser.post("/join", code=code, name=name)
        return text_of(browser.get("/notice"))

    assert words not in notice("Zoé")
    taken = place.give(jpeg(one_face(), 400))
    place.answer(taken.json["outcome"].rpartition("/")[2], reason="not enrolled", embedding=FACE)
    assert words in notice("Zoé")
