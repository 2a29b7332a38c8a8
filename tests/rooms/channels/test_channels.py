"""Every channel by the same rules; the real sockets are in tests/flows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from socketio.exceptions import ConnectionRefusedError as Refused

from rooms.channels import CHANNELS, PhoneChannel, StudentChannel, TeacherChannel
from rooms.channels.base import Channel, origin_of
from rooms.protocol.events import EVENTS_IN, LAST_MOMENT
from rooms.setup.room_settings import RoomSettings
from store.rooms import Room
from tests.rooms.participants.test_phones import WELL
from tests.rooms.stage import Stage


class Server:
    """What a channel needs of its server: tasks at once, and who was closed."""

    def __init__(self, stage: Stage) -> None:
        self.closed: list[str] = []
        self.manager = self
        self.eio = self
        self.sockets: dict[str, Any] = {}

    def eio_sid_from_sid(self, _sid: str, _namespace: str) -> str:
        return "none"

    def start_background_task(self, task: Callable[..., Any], *args: Any, **options: Any) -> None:
        task(*args, **options)

    def disconnect(self, sid: str, namespace: str) -> None:
        self.closed.append(sid)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, RoomSettings(phones_allowed=("head",)))


@pytest.fixture(params=CHANNELS, ids=lambda made: made.__name__)
def channel(request: pytest.FixtureRequest, stage: Stage) -> Channel:
    return make(request.param, stage)


def make(kind: type[Channel], stage: Stage) -> Channel:
    made = next(channel for channel in stage.channels if isinstance(channel, kind))
    made.server = Server(stage)
    return made


def ticket(channel: Channel, stage: Stage) -> str:
    if isinstance(channel, StudentChannel):
        return stage.tickets.issue_student("r1", stage.student().id)
    if isinstance(channel, PhoneChannel):
        return stage.tickets.issue_phone("r1", stage.phone(stage.student(), "head").id)
    return stage.tickets.issue_teacher("r1", 1, 1)


def connect(channel: Channel, stage: Stage, sid: str = "c1") -> None:
    channel.trigger_event("connect", sid, {"REMOTE_ADDR": "127.0.0.1"}, {"ticket": ticket(channel, stage)})


@pytest.mark.parametrize("auth", [None, "ticket", 7, [], {}, {"ticket": None}, {"ticket": "x"}, {"ticket": {"a": 1}}])
def test_nobody_gets_in_without_a_ticket(channel: Channel, auth: Any) -> None:
    with pytest.raises(Refused):
        channel.trigger_event("connect", "c1", {}, auth)
    with pytest.raises(Refused):
        channel.trigger_event("connect", "c1", {})
    assert channel.budget_of("c1") is None


def test_an_error_inside_connect_refuses(channel: Channel, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any) -> None:
        raise TypeError("a bug of ours")

    monkeypatch.setattr(channel, "arrive", broken)
    with pytest.raises(Refused):
        connect(channel, stage)


def test_every_event_of_the_table_has_a_handler(channel: Channel) -> None:
    for event in EVENTS_IN[channel.namespace]:
        assert callable(getattr(channel, f"do_{event}", None)), event


def test_an_event_that_is_not_listed_is_refused(channel: Channel, stage: Stage) -> None:
    connect(channel, stage)
    for event in ("welcome", "server", "_guard", "__init__", "tiles", ""):
        assert channel.trigger_event(event, "c1", {})["error"]["code"] == "bad_message"


@pytest.mark.parametrize("payload", [None, 7, "text", [], ({}, {}), {"state": ["on"]}, {"state": "on" * 999}])
def test_payloads_of_any_type_are_answered(channel: Channel, stage: Stage, payload: Any) -> None:
    connect(channel, stage)
    args = payload if isinstance(payload, tuple) else (payload,)
    for event in EVENTS_IN[channel.namespace]:
        answer = channel.trigger_event(event, "c1", *args)
        assert ("error" in answer) or answer["ok"] is True
        assert answer.get("error", {}).get("code") != "server_error", event


def test_a_storm_of_broken_messages_closes_the_connection(channel: Channel, stage: Stage) -> None:
    connect(channel, stage)
    for _ in range(60):
        channel.trigger_event("nonsense", "c1", {})
    assert "c1" in channel.server.closed


def test_who_has_found_a_mistake_of_ours_may_not_repeat_it(
    channel: Channel, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(channel, stage)
    event, payload = {
        "/student": ("camera", {"state": "on"}),
        "/teacher": ("watch", {"participants": [], "focus": None}),
        "/phone": ("light", {"lux": 1}),
    }[channel.namespace]
    monkeypatch.setattr(channel, f"do_{event}", lambda *_args: 1 / 0)
    answers = []
    for _ in range(40):
        stage.clock.advance(0.1)
        answers.append(channel.answer("c1", event, (payload,)))
    assert answers[0]["error"]["code"] == "server_error"
    assert channel.server.closed[0] == "c1"


@pytest.mark.parametrize("name", ["connect", "disconnect"])
def test_the_librarys_own_events_are_nobodys(channel: Channel, stage: Stage, name: str) -> None:
    connect(channel, stage)
    told = channel.answer("c1", name, ({"HTTP_ORIGIN": "https://evil.example"}, {"ticket": ticket(channel, stage)}))
    assert told["error"]["code"] == "bad_message"
    assert channel.budget_of("c1") is not None


def test_a_connection_that_holds_no_place_may_do_nothing(channel: Channel, stage: Stage) -> None:
    answer = channel.trigger_event("chat", "stranger", {"client_id": "x", "text": "hi"})
    assert answer["error"]["code"] == "replaced"


def test_a_flood_is_told_when_to_come_back(stage: Stage) -> None:
    channel = make(StudentChannel, stage)
    connect(channel, stage)
    answers = [channel.trigger_event("chat", "c1", {"client_id": f"m{n}", "text": "hi"}) for n in range(8)]
    assert [answer.get("ok", False) for answer in answers[:5]] == [True] * 5
    assert answers[-1]["error"]["code"] == "too_fast"
    assert answers[-1]["error"]["retry_after"] > 0


def test_a_student_cannot_speak_for_another(stage: Stage) -> None:
    channel, other = make(StudentChannel, stage), stage.student("Ali")
    connect(channel, stage)
    forged = {"client_id": "m1", "text": "hi", "from": {"kind": "teacher", "id": "1"}, "participant": other.id}
    message = channel.trigger_event("chat", "c1", forged)["message"]
    assert message["from"]["name"] == "Zoé"


def test_the_teachers_events_do_what_they_say(stage: Stage) -> None:
    channel = make(TeacherChannel, stage)
    connect(channel, stage, "t1")
    participant = stage.admitted("Zoé", "s1")
    assert channel.trigger_event("watch", "t1", {"participants": [participant.id], "focus": None}) == {"ok": True}
    assert channel.trigger_event("room", "t1", {"state": "running"})["room"]["state"] == "running"
    stage.alert_service.alert_raised(stage.alert(participant))
    assert (
        channel.trigger_event("review", "t1", {"alert": "a1", "verdict": "acknowledged"})["alert"]["handled_by"]
        == "Ana"
    )
    assert [a["id"] for a in channel.trigger_event("history", "t1", {"what": "alerts"})["alerts"]] == ["a1"]
    said = {"client_id": "m1", "to": {"kind": "student", "id": participant.id}, "text": "Look up"}
    assert channel.trigger_event("chat", "t1", said)["ok"]
    assert stage.told("s1", "chat", "/student")[-1]["text"] == "Look up"
    assert channel.trigger_event("history", "t1", {"what": "messages", "after": 0})["messages"][0]["text"] == "Look up"
    assert channel.trigger_event("remove", "t1", {"participant": participant.id}) == {"ok": True}
    assert ("/student", "s1") in stage.sockets.closed


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("history", {"what": "alerts", "before": 2**53 - 1}),
        ("history", {"what": "alerts", "before": "5"}),
        ("history", {"what": "messages", "before": 2**70}),
        ("review", {"alert": "\ud800", "verdict": "dismissed"}),
        ("remove", {"participant": "\udc00"}),
        ("admit", {"participant": "\ud800", "admit": True}),
        ("accommodate", {"participant": "a\0"}),
        ("chat", {"client_id": "m1", "to": {"kind": "student", "id": "\ud800"}, "text": "hi"}),
        ("chat", {"client_id": "\ud800", "to": {"kind": "all"}, "text": "hi"}),
    ],
)
def test_what_no_database_understands_is_refused(stage: Stage, event: str, payload: dict[str, Any]) -> None:
    channel = make(TeacherChannel, stage)
    connect(channel, stage, "t1")
    assert channel.answer("t1", event, (payload,))["error"]["code"] == "bad_message"


def test_the_last_moment_that_there_is_and_the_last_message(stage: Stage) -> None:
    channel = make(TeacherChannel, stage)
    connect(channel, stage, "t1")
    for question in [
        {"what": "alerts", "before": LAST_MOMENT},
        {"what": "alerts", "before": 0},
        {"what": "messages", "after": 2**53 - 1, "before": LAST_MOMENT},
    ]:
        assert channel.answer("t1", "history", (question,))["ok"] is True


def test_a_note_with_half_an_emoji_is_kept_without_it(stage: Stage) -> None:
    channel = make(TeacherChannel, stage)
    connect(channel, stage, "t1")
    stage.alert_service.alert_raised(stage.alert(stage.admitted()))
    told = channel.answer("t1", "review", ({"alert": "a1", "verdict": "dismissed", "note": "was\0 the cat \ud83d"},))
    assert told["alert"]["note"] == "was the cat"


def test_whoever_writes_into_a_deleted_room_is_told(stage: Stage) -> None:
    channel, student = make(TeacherChannel, stage), make(StudentChannel, stage)
    connect(channel, stage, "t1")
    stage.admitted("Zoé", "s1")
    with stage.database.session() as session:
        session.delete(session.get(Room, "r1"))
    for said in ({"kind": "all"}, {"kind": "teachers"}):
        told = channel.answer("t1", "chat", ({"client_id": f"m-{said['kind']}", "to": said, "text": "hello"},))
        assert told["error"]["code"] == "room_ended"
    assert student.answer("s1", "chat", ({"client_id": "m1", "text": "hello"},))["error"]["code"] == "room_ended"


def test_the_teacher_adjusts_and_mutes(stage: Stage) -> None:
    channel = make(TeacherChannel, stage)
    connect(channel, stage, "t1")
    participant = stage.admitted("Zoé", "s1")
    asked = {"participant": participant.id, "accommodations": ["breaks"]}
    assert channel.trigger_event("accommodate", "t1", asked) == {
        "ok": True,
        "adjusted": True,
        "accommodations": ["breaks"],
    }
    assert channel.trigger_event("accommodate", "t1", {"participant": participant.id})["accommodations"] == ["breaks"]
    unheard_of = {"participant": participant.id, "accommodations": ["charm"]}
    assert channel.trigger_event("accommodate", "t1", unheard_of)["error"]["code"] == "bad_message"
    answer = channel.trigger_event("mute", "t1", {"kind": "TALKING", "quiet": True})
    assert answer == {"ok": True, "kinds": {"TALKING": {"right": 0, "wrong": 0, "quiet": True, "by": "Ana"}}}
    for unknown in ("YAWNING", "talking", ""):
        assert channel.answer("t1", "mute", ({"kind": unknown, "quiet": True},))["error"]["code"] == "bad_message"


def test_the_teacher_asks_what_applies_to_a_student(stage: Stage) -> None:
    channel = make(TeacherChannel, stage)
    connect(channel, stage, "t1")
    participant = stage.admitted("Zoé", "s1")
    channel.trigger_event("accommodate", "t1", {"participant": participant.id, "accommodations": ["no_gaze"]})
    answer = channel.trigger_event("rules", "t1", {"participant": participant.id})
    assert (answer["ok"], answer["preset"], answer["hidden"]) == (True, "normal", False)
    changed = {rule["kind"]: rule["from"] for rule in answer["rules"] if rule["from"]}
    assert changed == {kind: {"enabled": "accommodation"} for kind in ("LOOKING_AWAY", "EYES_CLOSED")}
    assert channel.answer("t1", "rules", ({"participant": "nobody"},))["error"]["code"] == "unknown_participant"


def test_a_verdict_tells_what_the_kind_is_worth_here(stage: Stage) -> None:
    channel = make(TeacherChannel, stage)
    connect(channel, stage, "t1")
    assert stage.told("t1", "muted") == [{"kinds": {}}]
    assert stage.told("t1", "attention") == [{"event": "ATTENTION_UPDATE", "scores": []}]
    stage.alert_service.alert_raised(stage.alert(stage.admitted()))
    channel.trigger_event("review", "t1", {"alert": "a1", "verdict": "dismissed"})
    record = {"right": 0, "wrong": 1, "quiet": False, "by": None}
    assert stage.told("t1", "muted")[-1] == {"kinds": {"FACE_NOT_FOUND": record}}


def test_the_student_calibrates_and_tells_of_the_camera(stage: Stage) -> None:
    channel = make(StudentChannel, stage)
    connect(channel, stage)
    begun = channel.trigger_event("calibration", "c1", {"phase": "start", "target": None})
    assert begun == {"ok": True, "baseline": False, "samples": 0, "reason": None}
    assert channel.trigger_event("calibration", "c1", {"phase": "point", "target": "neutral"})["ok"] is True
    wrong = channel.trigger_event("calibration", "c1", {"phase": "point", "target": "ceiling"})
    assert wrong["error"]["code"] == "bad_message"
    told = {"label": "OBS Virtual Camera", "width": 640, "height": 480, "fps": 29.97, "jitter_ms": 1.25}
    assert channel.trigger_event("source", "c1", told) == {"ok": True}
    (participant,) = stage.room.students.values()
    assert participant.browser.source == told
    channel.gone("c1")
    connect(channel, stage, "c2")


def test_a_page_that_went_away_calibrates_anew(stage: Stage) -> None:
    channel = make(StudentChannel, stage)
    connect(channel, stage)
    channel.trigger_event("calibration", "c1", {"phase": "start"})
    (participant,) = stage.room.students.values()
    channel.gone("c1")
    stage.connect(participant.id, "c2")
    assert channel.trigger_event("calibration", "c2", {"phase": "done"})["error"]["code"] == "bad_move"


def test_a_phone_says_all_it_has_to_say(tmp_path: Path) -> None:
    place = {"kind": "circle", "latitude": 48.85, "longitude": 2.35, "radius": 200.0}
    stage = Stage(tmp_path, RoomSettings(phones_allowed=("room",), sound=True, place=place))
    channel, participant = make(PhoneChannel, stage), stage.student(sid="s1")
    phone = stage.phone(participant, "room")
    channel.trigger_event("connect", "h1", {}, {"ticket": stage.tickets.issue_phone("r1", phone.id)})
    assert channel.who("h1") == {"room": "004217", "student": "Zoé", "role": "room"}
    sound = {"seq": 1, "at": 5.5, "level": -20, "floor": -60, "data": bytes(320), "why": "activity"}
    said = [
        ("motion", {"seq": 1, "at": 5, "data": bytes(16)}),
        ("sound", sound),
        ("level", {"at": 5, "level": -50, "floor": -60.5}),
        ("light", {"lux": 12.5}),
        ("place", {"state": "known", "latitude": 48.85, "longitude": 2.35, "accuracy": 10}),
        ("health", WELL),
    ]
    for event, payload in said:
        assert channel.trigger_event(event, "h1", payload) == {"ok": True}, event
    assert channel.trigger_event("frame", "h1", 1, 5, b"picture") == {"ok": True}
    assert channel.trigger_event("probe", "h1", {"sent_at": 1})["sent_at"] == 1
    assert (len(stage.monitor.readings), len(stage.monitor.frames)) == (2, 1)
    assert channel.trigger_event("leave", "h1", {}) == {"ok": True}
    assert (stage.room.phones_of(participant), channel.server.closed) == ({}, ["h1"])
    assert channel.trigger_event("light", "h1", {"lux": 1})["error"]["code"] == "replaced"
    stage.database.close()


def test_a_student_pairs_at_the_address_the_page_was_opened_at(stage: Stage) -> None:
    channel = make(StudentChannel, stage)
    environ = {"HTTP_ORIGIN": "https://exam.example:8443", "wsgi.url_scheme": "http", "HTTP_HOST": "127.0.0.1:5000"}
    channel.trigger_event("connect", "c1", environ, {"ticket": ticket(channel, stage)})
    answer = channel.trigger_event("pair", "c1", {"role": "head"})
    assert answer["link"].startswith("https://exam.example:8443/phone/join?t=")
    assert channel.trigger_event("unpair", "c1", {"role": "head"}) == {"ok": True}
    assert channel.trigger_event("pair", "c1", {"role": "arm"})["error"]["code"] == "not_wanted"
    assert channel.trigger_event("pair", "c1", {"role": "leg"})["error"]["code"] == "bad_message"
    for _ in range(12):
        answer = channel.trigger_event("pair", "c1", {"role": "head"})
    assert answer["error"]["code"] == "too_fast"


@pytest.mark.parametrize("origin", ["null", "javascript:alert(1)", "https://a/b", "https://a'b", "x" * 400, "https://"])
def test_an_odd_origin_gets_into_no_link(origin: str) -> None:
    assert origin_of({"HTTP_ORIGIN": origin}) == ""
    assert origin_of({"wsgi.url_scheme": "https", "HTTP_HOST": "10.0.0.5:8443"}) == "https://10.0.0.5:8443"


def test_the_students_sensors_reach_the_door(tmp_path: Path) -> None:
    stage = Stage(tmp_path, RoomSettings(sound=True))
    channel = make(StudentChannel, stage)
    connect(channel, stage)
    assert channel.trigger_event("microphone", "c1", {"state": "on"}) == {"ok": True}
    assert channel.trigger_event("input", "c1", {"keys": 3, "pointer": 1}) == {"ok": True}
    sound = {"seq": 1, "at": 5, "level": -20, "floor": -60, "data": bytes(320), "why": "activity"}
    assert channel.trigger_event("sound", "c1", sound) == {"ok": True}
    assert channel.trigger_event("sound", "c1", sound)["error"]["code"] == "stale_reading"
    assert channel.trigger_event("level", "c1", {"at": 5, "level": 1, "floor": -60})["error"]["code"] == "bad_message"
    assert channel.trigger_event("place", "c1", {"state": "unknown"})["error"]["code"] == "not_wanted"
    assert [one.channel for one in stage.monitor.readings] == ["webcam"]
    stage.database.close()
