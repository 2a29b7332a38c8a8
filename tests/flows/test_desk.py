"""What teachers do about students, over real sockets: it arrives, survives a kill, and is nobody else's to do."""

from __future__ import annotations

from typing import Any

import pytest

from core.flag import FLAGGED
from rooms.setup.room_settings import RoomSettings
from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer
from tests.flows.people import Student, User, alert_of, open_room

pytestmark = pytest.mark.timeout(240)

ACT = {"verb": "pause", "reason": "talk", "client_id": "one"}
TWO = RoomSettings(second_decision=True, answers=True)


def code(answer: dict[str, Any]) -> str:
    """The code of an error; "" where there was none."""
    return str(answer.get("error", {}).get("code", ""))


def act(teacher: User, student: Student, verb: str, **more: Any) -> dict[str, Any]:
    """Do something about one student and return the action."""
    asked = {"participants": [student.id], "verb": verb, "client_id": f"{verb}-1", **more}
    answer = teacher.ask("act", asked)
    assert answer.get("ok"), answer
    [made] = answer["actions"]
    return dict(made)


def test_a_locked_student_stays_locked_over_reload_and_kill_and_keeps_the_chat(
    own_server: LiveServer, begin: Begin
) -> None:
    room = begin(own_server)
    ada, _ben = room.students
    act(room.teacher, ada, "lock", reason="identity", note="Please show your card.")
    held = ada.wait_for("standing", lambda told: told["standing"]["state"] == "locked")
    assert held["standing"]["note"] == "Please show your card."
    assert ada.ask("took", {"actions": [held["news"][0]["id"]], "step": "delivered"}) == {"ok": True}
    room.teacher.wait_for("actions", lambda told: any(one["delivered"] for one in told["actions"]))
    assert ada.ask("chat", {"client_id": "c", "text": "I have it here."})["ok"]
    own_server.kill()
    own_server.start()
    for person in (ada, room.teacher):
        person.forget()
        person.try_again()
    welcome = ada.wait_for("welcome")
    assert (welcome["participant"]["standing"]["state"], welcome["exam"]) == ("locked", None)
    shown = room.teacher.wait_for("welcome")["participants"]
    assert next(one for one in shown if one["id"] == ada.id)["standing"]["by"] == room.seeded.teachers[0].name
    assert ada.ask("hand", {"reason": "question"})["ok"]
    act(room.teacher, ada, "unlock")
    ada.wait_for("room", lambda told: told["exam"] is not None)


def test_a_student_a_phone_and_a_teacher_of_another_room_can_do_nothing_of_it(server: LiveServer, begin: Begin) -> None:
    room = begin(server, teachers=2, settings=RoomSettings(phones_allowed=("head",)))
    ada, ben = room.students
    other = open_room(server, ("Eve",))
    stranger = other.teacher.connect()
    stranger.wait_for("welcome")
    made = act(room.teacher, ada, "terminate", reason="rules")
    phone = ada.connect_phone("head")
    forged: list[tuple[str, dict[str, Any]]] = [
        ("act", {"participants": [ada.id], **ACT}),
        ("undo", {"action": made["id"]}),
        ("decide", {"action": made["id"], "agrees": True}),
        ("decide", {"action": made["id"], "agrees": False}),
        ("saw", {"incidents": ["x"], "until": 1}),
        ("review_incidents", {"incidents": ["x"], "verdict": "dismissed"}),
        ("solve", {"problem": "x", "solved": True}),
    ]
    for event, payload in forged:
        for person in (ben, phone):
            assert code(person.ask(event, payload)) == "bad_message", event
    expected = ["unknown_participant", "unknown_action", "unknown_action", "unknown_action"]
    assert [code(stranger.ask(event, payload)) for event, payload in forged[:4]] == expected
    assert code(stranger.ask("act", {"participants": ["forged"], **ACT})) == "unknown_participant"
    assert code(room.teacher.ask("act", {"participants": [ada.id, "forged"], **ACT})) == "unknown_participant"
    assert code(room.teacher.ask("act", {"participants": [], **ACT})) == "bad_move"
    assert code(room.teacher.ask("decide", {"action": made["id"], "agrees": True})) == "same_person"
    # a student says of nobody else's action that it was read, nor answers for anybody
    assert ben.ask("took", {"actions": [made["id"]], "step": "acknowledged"}) == {"ok": True}
    assert code(ben.ask("answer", {"incident": "x", "text": "It was not me."})) == "not_wanted"
    standing = room.teacher.wait_for("participant", lambda told: told["standing"]["state"] == "submitted")["standing"]
    assert standing["action"] == made["id"]
    stranger.close()
    other.end()
    phone.close()


def test_two_pages_of_one_person_are_one_person(server: LiveServer, begin: Begin) -> None:
    room = begin(server, ("Ada",), 2, TWO)
    [ada] = room.students
    first, second = room.teachers
    again = User(server.url, "/teacher", {"ticket": room.seeded.teachers[0].ticket}).connect()
    again.wait_for("welcome")
    flag = act(first, ada, "flag")
    alert = first.wait_for("alert", alert_of(FLAGGED, ada))
    assert alert["id"] == flag["id"]
    said = {"incident": alert["incident"], "verdict": "acknowledged", "note": "Paper on the knees."}
    assert first.ask("review_incident", said)["alerts"][0]["verdict"] == "new"
    assert code(again.ask("review_incident", said)) == "own_decision"
    told = second.wait_for("cases", lambda told: told["cases"])["cases"][0]
    assert (told["state"], told["first"], told["first_note"]) == ("first", None, "")
    assert "knees" not in str([second.heard(event) for event in ("alert", "cases", "welcome", "participant")])
    assert second.ask("review_incident", said)["alerts"][0]["verdict"] == "acknowledged"
    asked = act(first, ada, "terminate", reason="rules", note="Paper on the knees.")
    assert code(again.ask("decide", {"action": asked["id"], "agrees": True})) == "same_person"
    assert second.ask("decide", {"action": asked["id"], "agrees": True})["ok"]
    last = ada.wait_for("standing", lambda told: told["standing"]["state"] == "terminated")
    assert last["standing"]["note"] == "Paper on the knees."
    ada.wait_for("admission", lambda told: told["state"] == "removed")
    ada.wait_for("disconnect")
    again.close()


def test_nobody_floods_the_desk_with_words(server: LiveServer, begin: Begin) -> None:
    room = begin(server)
    ada, _ben = room.students
    report = {"category": "other", "text": "It does not work."}
    codes = [code(ada.ask("problem", report)) for _ in range(8)]
    assert codes[:5] == [""] * 5 and codes[-1] == "too_fast"
    room.teacher.wait_for("problems", lambda told: told["problems"])
