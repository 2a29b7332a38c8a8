"""Events that no honest client sends: answered, noted once, and ended when they become a storm."""

from __future__ import annotations

from typing import Any

import pytest
from socketio.exceptions import BadNamespaceError, DisconnectedError
from socketio.exceptions import TimeoutError as NoAnswer

from core.types import AlertKind
from rooms.setup.room_settings import RoomSettings
from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer, wait_until
from tests.flows.people import Student, User, alert_of

QUICK = RoomSettings(rules={"PAGE_HIDDEN": {"hold": 0.5}})

FROM_STUDENT: list[tuple[str, Any]] = [
    ("camera", {}),
    ("camera", {"state": "broken"}),
    ("camera", {"state": ["on"]}),
    ("page", "hidden"),
    ("page", {"state": None}),
    ("chat", {"text": "no id"}),
    ("chat", {"client_id": "a b", "text": "bad id"}),
    ("chat", {"client_id": "a", "text": 5}),
    ("history", {"after": -1}),
    ("history", {"after": True}),
    ("history", {"after": "0"}),
    ("history", {"after": 2**70}),
    ("probe", {"sent_at": "now"}),
    ("ready", []),
    ("ready", 5),
    ("watch", {"participants": [], "focus": None}),
    ("room", {"state": "ended"}),
    ("review", {"alert": "a", "verdict": "dismissed"}),
    ("no such event", {}),
    ("__init__", {}),
    ("do_frame", {}),
]
FROM_TEACHER: list[tuple[str, Any]] = [
    ("watch", {"participants": "all", "focus": None}),
    ("watch", {"participants": [1, 2], "focus": None}),
    ("watch", {"participants": ["a"] * 201, "focus": None}),
    ("watch", {"participants": [], "close": ["a"] * 9, "focus": None}),
    ("watch", {"participants": [], "close": None, "focus": None}),
    ("watch", {"participants": []}),
    ("chat", {"client_id": "a", "to": "all", "text": "x"}),
    ("chat", {"client_id": "a", "to": {"kind": "everybody"}, "text": "x"}),
    ("admit", {"participant": "a", "admit": "yes"}),
    ("room", {"state": "open"}),
    ("review", {"alert": 5, "verdict": "new"}),
    ("review", {"alert": "a", "verdict": "guilty"}),
    ("history", {"what": "everything"}),
    ("history", {"what": "alerts", "before": "x"}),
    ("frame", {}),
]


def codes(person: User, events: list[tuple[str, Any]]) -> list[str]:
    """Send each event on a connection of its own budget's size and return the error codes."""
    return [person.ask(event, payload)["error"]["code"] for event, payload in events]


@pytest.mark.parametrize("at", range(0, len(FROM_STUDENT), 10))
def test_a_students_nonsense_is_answered(server: LiveServer, begin: Begin, at: int) -> None:
    room, events = begin(server), FROM_STUDENT[at : at + 10]
    ada, ben = room.students
    assert codes(ada, events) == ["bad_message"] * len(events)
    assert len(server.lines("refused", room.seeded.code, "student=Ada", "why=bad_message")) == 1
    assert ada.ask("history", {"after": 0})["ok"] and ben.ask("history", {"after": 0})["ok"]
    assert room.teacher.ask("history", {"what": "messages", "after": 0})["messages"] == []


def test_a_teachers_nonsense_is_answered(server: LiveServer, begin: Begin) -> None:
    room = begin(server)
    assert codes(room.teacher, FROM_TEACHER) == ["bad_message"] * len(FROM_TEACHER)
    assert len(server.lines("refused", room.seeded.code, 'teacher="Teacher 1"', "why=bad_message")) == 1
    assert room.students[0].ask("history", {"after": 0})["ok"]


@pytest.mark.parametrize("event", ["frame", "thumbnail"])
def test_a_picture_with_wrong_arguments_is_answered(server: LiveServer, begin: Begin, event: str) -> None:
    ada, ben = begin(server).students
    for arguments in [
        (1,),
        (1, 2.0),
        ("1", 2.0, b"x"),
        (-1, 2.0, b"x"),
        (1, None, b"x"),
        (1, 2.0, b"x", 4),
        (True, 1, b""),
    ]:
        assert ada.ask(event, *arguments)["error"]["code"] == "bad_message"
    assert ben.ask("history", {"after": 0})["ok"]


def test_people_and_alerts_of_another_room_are_out_of_reach(server: LiveServer, begin: Begin) -> None:
    mine, other = begin(server, ["Ada"]), begin(server, ["Eve"], settings=QUICK)
    eve = other.students[0]
    eve.ask("page", {"state": "hidden"})
    alert = other.teacher.wait_for("alert", alert_of(AlertKind.PAGE_HIDDEN, eve))
    answers = [
        mine.teacher.ask("review", {"alert": alert["id"], "verdict": "dismissed"}),
        mine.teacher.ask("remove", {"participant": eve.id}),
        mine.teacher.ask("admit", {"participant": eve.id, "admit": False}),
        mine.teacher.ask("chat", {"client_id": "m1", "to": {"kind": "student", "id": eve.id}, "text": "hello"}),
        mine.teacher.ask("chat", {"client_id": "m2", "to": {"kind": "student"}, "text": "hello"}),
    ]
    assert [answer["error"]["code"] for answer in answers] == ["unknown_alert", *["unknown_participant"] * 4]
    assert mine.teacher.ask("watch", {"participants": [eve.id], "focus": eve.id}) == {"ok": True}
    assert server.lines("refused", mine.seeded.code, "why=unknown_alert")
    assert len(server.lines("refused", mine.seeded.code, "why=unknown_participant")) == 1
    kept = other.teacher.ask("history", {"what": "alerts"})["alerts"]
    assert [found["verdict"] for found in kept] == ["new"]
    assert eve.heard("chat") == [] and eve.heard("disconnect") == []


def flood(student: Student, event: str, payload: Any, most: int = 3000) -> None:
    """Send as fast as it goes until the server has had enough."""
    for _ in range(most):
        try:
            student.tell(event, payload)
        except (BadNamespaceError, DisconnectedError):
            return


@pytest.mark.both_modes
@pytest.mark.parametrize(("event", "payload"), [("history", {"after": 0}), ("camera", {"state": 5})])
def test_a_flood_ends_that_connection_alone(server: LiveServer, begin: Begin, event: str, payload: Any) -> None:
    room = begin(server)
    ada, ben = room.students
    flood(ada, event, payload)
    ada.wait_for("disconnect")
    wait_until(lambda: server.lines("closed", room.seeded.code, "student=Ada", "why=storm"), "a line in the log")
    assert len(server.lines("refused", room.seeded.code, "student=Ada")) <= 2
    assert ben.ask("chat", {"client_id": "c1", "text": "still here"})["ok"]
    assert room.teacher.wait_for("chat")["text"] == "still here"
    ada.try_again().wait_for("welcome")


@pytest.mark.both_modes
def test_frames_faster_than_allowed_are_refused_with_a_time_to_wait(
    server: LiveServer, begin: Begin, pictures: dict[Any, bytes]
) -> None:
    room = begin(server)
    ada, ben = room.students
    jpeg = next(iter(pictures.values()))
    answers: list[dict[str, Any]] = []
    try:
        while not (answers and "error" in answers[-1]) and len(answers) < 500:
            answers.append(ada.send(jpeg))
    except NoAnswer:
        pass
    error = answers[-1]["error"]
    assert (error["code"], error["retry_after"] > 0) == ("too_fast", True)
    assert len(server.lines("refused", room.seeded.code, "student=Ada", "why=too_fast")) == 1
    assert ben.send(jpeg) == {"ok": True}


@pytest.mark.both_modes
def test_chat_faster_than_allowed_is_refused_and_nothing_kept_is_lost(server: LiveServer, begin: Begin) -> None:
    room = begin(server)
    ada, ben = room.students
    answers = [ada.ask("chat", {"client_id": f"c{n}", "text": f"word {n}"}) for n in range(8)]
    kept = [answer["message"]["text"] for answer in answers if "message" in answer]
    refused = [answer["error"]["code"] for answer in answers if "error" in answer]
    assert refused and set(refused) == {"too_fast"}
    history = room.teacher.ask("history", {"what": "messages", "after": 0})["messages"]
    assert [message["text"] for message in history] == kept
    assert ben.ask("chat", {"client_id": "c0", "text": "me too"})["ok"]
