"""Phones over real sockets: paired by their link, heard, lost, back again, replaced, and needed for the start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from socketio.exceptions import BadNamespaceError, DisconnectedError
from socketio.exceptions import ConnectionError as NotConnected

from core.types import AlertKind
from rooms.setup.room_settings import RoomSettings
from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer, wait_until
from tests.flows.people import ExamRoom, Phone, PhoneBrowser, Student, User, alert_of, open_room

FREE = RoomSettings(phones_allowed=("arm", "head", "room"), rules={"PHONE_CHANNEL_LOST": {"hold": 0.5, "release": 0.5}})
NEEDED = RoomSettings(phones=("arm", "head"))
STILL = [(ms * 20.0, 0.0, 0.0, 9.8) for ms in range(10)]


@pytest.fixture
def open_phone() -> Iterator[Callable[[Student, str], Phone]]:
    """Pairs phones; they are switched off at the end of the test."""
    opened: list[Phone] = []

    def connect(student: Student, role: str) -> Phone:
        phone = student.connect_phone(role)
        opened.append(phone)
        return phone

    yield connect
    for phone in opened:
        phone.close()


def phone_is(state: str, role: str = "head") -> Callable[[Any], bool]:
    """Fits a `phones` event, or a `ParticipantRow`, in which this phone is in this state."""
    return lambda told: any(one["role"] == role and one["state"] == state for one in told["phones"])


def refusal(person: User) -> str:
    """Try to connect and return the error's code."""
    with pytest.raises(NotConnected):
        person.try_once()
    code = str(person.wait_for("connect_error")["data"]["code"])
    person.close()
    return code


def test_a_scanned_phone_is_heard_and_seen_in_the_large_view_alone(
    server: LiveServer, begin: Begin, open_phone: Any, pictures: dict[Any, bytes]
) -> None:
    room = begin(server, settings=FREE, teachers=2)
    ada, jpeg = room.students[0], next(iter(pictures.values()))
    phone = open_phone(ada, "head")
    welcome = phone.wait_for("welcome")
    assert (welcome["student"], welcome["needs"]["camera"], welcome["needs"]["motion"]) == ("Ada", True, False)
    assert phone.wait_for("capture")["fps"] == 0.5
    ada.wait_for("phones", phone_is("connected"))
    room.teacher.wait_for("participant", phone_is("connected"))
    room.teacher.ask("watch", {"participants": [ada.id], "focus": ada.id})
    assert phone.wait_for("capture", lambda told: told["fps"] == 5)["width"] == 640
    assert phone.send(jpeg) == {"ok": True}
    (entry,) = room.teacher.wait_for("tiles")[0]["tiles"]
    assert (entry[0], entry[3], entry[4]) == (ada.id, len(jpeg), "head")
    assert ada.send(jpeg) == {"ok": True}
    index, _data = room.teachers[1].wait_for("tiles")
    assert [len(entry) for entry in index["tiles"]] == [4], "a page without focus gets the webcam alone"


def test_movement_is_taken_and_nonsense_is_answered(server: LiveServer, begin: Begin, open_phone: Any) -> None:
    room = begin(server, settings=FREE)
    arm, head = open_phone(room.students[0], "arm"), open_phone(room.students[0], "head")
    assert arm.move(*STILL) == {"ok": True}
    nan, wide = float("nan"), [(0.0, 1e9, 0.0, 0.0)]
    assert arm.move((0.0, nan, 0.0, 0.0))["error"]["code"] == "bad_reading"
    assert arm.move((20.0, 0.0, 0.0, 9.8), (0.0, 0.0, 0.0, 9.8))["error"]["code"] == "bad_reading"
    assert arm.move(*wide) == {"ok": True}, "a knock is cut"
    assert arm.move(*STILL * 7)["error"]["code"] == "bad_message", "more than 64 readings"
    assert arm.ask("motion", {"seq": 0, "at": 1, "data": bytes(16)})["error"]["code"] == "stale_reading"
    assert arm.ask("motion", {"seq": 99, "at": nan, "data": bytes(16)})["error"]["code"] == "bad_message"
    assert arm.ask("motion", {"seq": 99, "at": 2.0**52, "data": bytes(16)}) == {"ok": True}, "the clock jumped"
    assert arm.send(b"x")["error"]["code"] == head.move(*STILL)["error"]["code"] == "not_wanted"
    sound = {"seq": 1, "at": 1, "level": -20, "floor": -60, "data": bytes(320), "why": "activity"}
    assert head.ask("sound", sound)["error"]["code"] == "not_wanted", "this room has no sound"
    assert head.ask("place", {"state": "unknown"})["error"]["code"] == "not_wanted"
    assert head.ask("health", {"battery": 2})["error"]["code"] == "bad_message"
    assert room.students[0].ask("history", {"after": 0})["ok"]


SCHOOL = {"kind": "circle", "latitude": 48.85, "longitude": 2.35, "radius": 200.0}
SENSED = RoomSettings(phones_allowed=("room",), sound=True, place=SCHOOL)
SOUND = {"at": 1.0, "level": -20, "floor": -60, "data": bytes(3200), "why": "activity"}
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("sound", {**SOUND, "seq": 9, "level": float("nan")}),
    ("sound", {**SOUND, "seq": 9, "level": 1e9}),
    ("sound", {**SOUND, "seq": 9, "floor": float("-inf")}),
    ("sound", {**SOUND, "seq": 9, "data": bytes(32_002)}),
    ("sound", {**SOUND, "seq": 9, "data": bytes(3)}),
    ("sound", {**SOUND, "seq": 9, "data": "AAAA"}),
    ("sound", {**SOUND, "seq": 9, "why": "curiosity"}),
    ("level", {"at": 1, "level": -20, "floor": 3}),
    ("place", {"state": "known", "latitude": 1e9, "longitude": 0, "accuracy": 5}),
    ("place", {"state": "known", "latitude": 48.85, "longitude": float("nan"), "accuracy": 5}),
    ("place", {"state": "known", "latitude": 48.85}),
]


def test_sound_and_place_are_taken_where_the_room_asks(server: LiveServer, begin: Begin, open_phone: Any) -> None:
    room = begin(server, settings=SENSED)
    ada = room.students[0]
    phone = open_phone(ada, "room")
    for person in (ada, phone):
        assert person.ask("sound", {**SOUND, "seq": 1}) == {"ok": True}
        assert person.ask("level", {"at": 1, "level": -50, "floor": -60}) == {"ok": True}
        here = {"state": "known", "latitude": 48.8501, "longitude": 2.3501, "accuracy": 12}
        assert person.ask("place", here) == {"ok": True}
        codes = [person.ask(event, payload)["error"]["code"] for event, payload in WRONG]
        assert codes == ["bad_message"] * len(WRONG)
        assert person.ask("sound", {**SOUND, "seq": 1})["error"]["code"] == "stale_reading"
    assert phone.ask("light", {"lux": 120.5}) == {"ok": True}
    told = room.teacher.wait_for("participant", lambda told: told["conditions"]["light"]["lux"] == 120.5)
    assert told["conditions"]["place"] == {"state": "inside", "accuracy": 12}
    assert told["conditions"]["sound_floor"] == -60


@pytest.mark.both_modes
@pytest.mark.parametrize(
    ("event", "payload"),
    [("motion", {"seq": 1, "at": 1, "data": bytes(160)}), ("health", {"battery": 9}), ("level", {"at": 1})],
)
def test_a_flood_ends_that_phone_alone(
    server: LiveServer, begin: Begin, open_phone: Any, event: str, payload: Any
) -> None:
    room = begin(server, settings=FREE)
    ada, ben = room.students
    arm, other = open_phone(ada, "arm"), open_phone(ben, "arm")
    for _ in range(3000):
        try:
            arm.tell(event, payload)
        except (BadNamespaceError, DisconnectedError):
            break
    arm.wait_for("disconnect")
    wait_until(lambda: server.lines("closed", room.seeded.code, "role=arm", "why=storm"), "a line in the log")
    ada.wait_for("phones", phone_is("lost", "arm"))
    assert other.move(*STILL) == {"ok": True}
    assert ada.ask("history", {"after": 0})["ok"]
    arm.try_again().wait_for("welcome")


def test_a_lost_phone_is_noticed_by_everybody_and_comes_back(server: LiveServer, begin: Begin, open_phone: Any) -> None:
    room = begin(server, settings=FREE)
    ada = room.students[0]
    phone = open_phone(ada, "head")
    ada.wait_for("phones", phone_is("connected"))
    ada.forget()
    phone.cut()
    ada.wait_for("phones", phone_is("lost"))
    room.teacher.wait_for("participant", phone_is("lost"))
    alert = room.teacher.wait_for("alert", alert_of(AlertKind.PHONE_CHANNEL_LOST, ada))
    assert (alert["severity"], alert["channel"]) == ("notice", "head")
    assert ada.wait_for("hint")["kind"] == "PHONE_CHANNEL_LOST"
    assert ada.heard("disconnect") == [], "a lost phone throws nobody out"
    phone.try_again().wait_for("welcome")
    ended = room.teacher.wait_for("alert", lambda told: told["id"] == alert["id"] and told["ended_at"])
    assert ended["kind"] == "PHONE_CHANNEL_LOST"
    ada.wait_for("phones", phone_is("connected"))


def test_the_next_phone_of_a_role_takes_the_place(server: LiveServer, begin: Begin, open_phone: Any) -> None:
    room = begin(server, settings=FREE)
    ada = room.students[0]
    first, second = open_phone(ada, "room"), open_phone(ada, "room")
    assert first.wait_for("replaced") == {}
    first.wait_for("disconnect")
    assert refusal(first) == "unpaired"
    assert second.move(*STILL) == {"ok": True}
    assert ada.ask("unpair", {"role": "room"}) == {"ok": True}
    second.wait_for("replaced")
    ada.wait_for("phones", phone_is("missing", "room"))


def test_a_code_or_a_link_is_good_once(server: LiveServer, begin: Begin) -> None:
    ada = begin(server, settings=FREE).students[0]
    invited = ada.pair("arm")
    assert invited["link"].startswith(f"{server.url}/phone/join?t=") and invited["svg"].startswith("<svg")
    first, second = PhoneBrowser(server.url), PhoneBrowser(server.url)
    for _ in range(2):
        assert "Ada" not in second.get(invited["link"]), "opening a link names nobody and uses nothing up"
    assert "Ada" in first.type_code(invited["code"].lower())
    assert "has already been used" in second.scan(invited["link"])
    assert "has already been used" in second.type_code(invited["code"])
    assert first.phone().role == "arm"


@pytest.mark.both_modes
def test_of_two_phones_that_scan_at_once_one_gets_in(server: LiveServer, begin: Begin) -> None:
    link = begin(server, settings=FREE).students[0].pair("arm")["link"]
    browsers = [PhoneBrowser(server.url) for _ in range(6)]
    with ThreadPoolExecutor(len(browsers)) as hands:
        pages = list(hands.map(lambda browser: browser.scan(link), browsers))
    assert sum("page-data" in page for page in pages) == 1
    assert sum("has already been used" in page for page in pages) == len(pages) - 1


def test_a_phone_opens_no_other_door(server: LiveServer, begin: Begin) -> None:
    room = begin(server, settings=FREE)
    browser = PhoneBrowser(server.url)
    browser.scan(room.students[0].pair("arm")["link"])
    phone = browser.phone()
    for namespace in ("/student", "/teacher"):
        assert refusal(User(server.url, namespace, phone.auth)) == "ticket_invalid"
    for person in (room.students[0], room.teacher):
        assert refusal(User(server.url, "/phone", person.auth)) == "ticket_invalid"
    assert 'id="join-form"' in browser.get("/participant"), "the cookie of a phone holds no place"
    phone.connect().wait_for("welcome")
    for event, payload in [("chat", {"client_id": "a", "text": "b"}), ("history", {"after": 0}), ("ready", {})]:
        assert phone.ask(event, payload)["error"]["code"] == "bad_message"
    phone.close()


@pytest.fixture
def waiting_room(server: LiveServer) -> Iterator[ExamRoom]:
    room = open_room(server, ["Ada"], settings=NEEDED)
    for person in (room.teacher, room.students[0]):
        person.connect().wait_for("welcome")
    yield room
    room.end()


def test_a_needed_phone_must_be_there_and_well(server: LiveServer, waiting_room: ExamRoom, open_phone: Any) -> None:
    (ada,) = waiting_room.students
    assert ada.wait_for("phones")["ready"] is False
    assert ada.ask("ready", {})["error"]["params"]["phones"] == "arm: offline, head: offline"
    open_phone(ada, "arm")
    head = open_phone(ada, "head")
    assert head.tell_health(camera="denied") == {"ok": True}
    error = ada.ask("ready", {})["error"]
    assert (error["code"], error["params"]) == ("phones_missing", {"role": "head", "phones": "head: no_camera"})
    assert head.tell_health() == {"ok": True}
    ada.wait_for("phones", lambda told: told["ready"])
    assert ada.ask("ready", {})["state"] == "admitted"
    head.wait_for("admission", lambda told: told["state"] == "admitted")
    head.cut()
    ada.wait_for("phones", phone_is("lost"))
    assert ada.ask("history", {"after": 0})["ok"], "a phone that is lost later throws nobody out"


def test_phones_go_with_their_student(server: LiveServer, begin: Begin, open_phone: Any) -> None:
    room = begin(server, settings=FREE)
    ada, ben = room.students
    of_ada, of_ben = open_phone(ada, "head"), open_phone(ben, "head")
    room.teacher.ask("remove", {"participant": ada.id})
    of_ada.wait_for("admission", lambda told: told["state"] == "removed")
    of_ada.wait_for("disconnect")
    assert of_ben.heard("disconnect") == []
    assert room.teacher.ask("room", {"state": "ended"})["ok"]
    of_ben.wait_for("room", lambda told: told["room"]["state"] == "ended")
    of_ben.wait_for("disconnect")


def test_everything_survives_a_server_that_was_killed(own_server: LiveServer, begin: Begin) -> None:
    room = begin(own_server, students=["Ada"], settings=FREE)
    ada = room.students[0]
    browser, invited = PhoneBrowser(own_server.url), ada.pair("arm")
    phone = ada.connect_phone("head")
    own_server.kill()
    own_server.start()
    ada.try_again().wait_for("phones", phone_is("lost"))
    phone.try_again().wait_for("welcome")
    ada.wait_for("phones", phone_is("connected"))
    browser.scan(invited["link"])
    arm = browser.phone()
    arm.connect().wait_for("welcome")
    assert arm.move(*STILL) == {"ok": True}
    for person in (phone, arm):
        person.close()
