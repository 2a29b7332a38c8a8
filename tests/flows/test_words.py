"""What people type travels as it is, is kept as it is, and can neither forge nor fill the log."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from rooms.texts import clean_text
from tests.flows.conftest import Begin
from tests.flows.live_server import LiveServer
from tests.flows.people import ExamRoom

NAMES = [
    '<b>Ada</b> & "Co"',
    "Zoë 李 🙂",
    "\u05e9\u05dc\u05d5\u05dd \u05de\u05e8\u05d9\u05dd",
    "O'Neill; DROP TABLE rooms",
]
WORDS = [
    "<script>alert('x')</script>",
    "<img src=x onerror=alert(1)>",
    "%(name)s {0} ${x} \\n",
    "👩‍👩‍👧 \u202eevil\u202c",
    "مرحبا بالعالم",
    "two\nlines",
    "x" * 1000,
]


def is_message(id: int, told: dict[str, Any]) -> bool:
    return told["id"] == id


@pytest.fixture
def room(server: LiveServer, begin: Begin) -> ExamRoom:
    """An exam of people with unusual names."""
    return begin(server, NAMES)


def test_names_arrive_as_they_were_typed(server: LiveServer, room: ExamRoom) -> None:
    room.teacher.close()
    room.teacher.forget()
    told = room.teacher.try_again().wait_for("welcome")
    assert [participant["name"] for participant in told["participants"]] == NAMES
    assert all(student.heard("welcome")[0]["participant"]["name"] == student.name for student in room.students)
    assert all(line.isprintable() for line in server.log())
    assert len(server.lines("took_over=False", room.seeded.code, "student=")) == len(NAMES)


@pytest.mark.parametrize("at", [0, 4])
def test_messages_arrive_as_they_were_typed_and_never_reach_the_log(
    server: LiveServer, room: ExamRoom, at: int
) -> None:
    ada = room.students[0]
    for number, text in enumerate(WORDS[at : at + 4]):
        kept = ada.ask("chat", {"client_id": f"c{number}", "text": text})["message"]
        assert room.teacher.wait_for("chat", partial(is_message, kept["id"])) == kept
        assert kept["text"] == clean_text(text)
    history = room.teacher.ask("history", {"what": "messages", "after": 0})["messages"]
    assert [message["client_id"] for message in history] == [f"c{n}" for n in range(len(WORDS[at : at + 4]))]
    assert not [line for line in server.log() if "alert(" in line or "xxxx" in line or "مرحبا" in line]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "message_empty"), (" \n\t ", "message_empty"), ("y" * 1001, "message_too_long")],
)
def test_an_empty_or_endless_message_is_refused_with_a_reason(room: ExamRoom, text: str, code: str) -> None:
    error = room.students[0].ask("chat", {"client_id": "c", "text": text})["error"]
    assert (error["code"], bool(error["text"])) == (code, True)
    assert room.teacher.ask("history", {"what": "messages", "after": 0})["messages"] == []


def test_a_note_on_an_alert_is_text_too(room: ExamRoom) -> None:
    answer = room.teacher.ask("review", {"alert": "f" * 32, "verdict": "dismissed", "note": "<script>"})
    assert answer["error"]["code"] == "unknown_alert"
    answer = room.teacher.ask("review", {"alert": "<b>", "verdict": "dismissed", "note": "<script>"})
    assert answer["error"]["code"] == "bad_message"
