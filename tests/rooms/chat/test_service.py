"""The chat service: one message kept once, sent to whom it is for and to nobody else."""

from __future__ import annotations

import pytest

from core.errors import UserError
from rooms.protocol.objects import HistoryView
from rooms.protocol.payload_checks import ChatParts
from tests.rooms.stage import Stage


def texts(stage: Stage, sid: str, namespace: str) -> list[str]:
    return [message["text"] for message in stage.told(sid, "chat", namespace)]


def test_a_students_message_goes_to_every_teacher_and_to_no_student(stage: Stage) -> None:
    zoe = stage.admitted("Zoé", "s1")
    stage.admitted("Ali", "s2")
    for sid in ("t1", "t2"):
        stage.teacher(sid)
    view = stage.chat.from_student(zoe, ChatParts("m1", "May I?"))
    assert (view["from"]["name"], view["to"]["kind"]) == ("Zoé", "teachers")
    assert texts(stage, "t1", "/teacher") == texts(stage, "t2", "/teacher") == ["May I?"]
    assert texts(stage, "s1", "/student") == texts(stage, "s2", "/student") == []


def test_what_the_network_sends_again_is_sent_on_once(stage: Stage) -> None:
    zoe = stage.admitted("Zoé", "s1")
    stage.teacher("t1")
    first, again = (stage.chat.from_student(zoe, ChatParts("m1", "May I?")) for _ in range(2))
    assert first == again
    assert texts(stage, "t1", "/teacher") == ["May I?"]


@pytest.mark.parametrize(("to_everybody", "reached"), [(False, ["s1"]), (True, ["s1", "s2"])])
def test_a_teachers_message_reaches_whom_it_is_for(stage: Stage, to_everybody: bool, reached: list[str]) -> None:
    zoe = stage.admitted("Zoé", "s1")
    stage.admitted("Ali", "s2")
    link = stage.teacher("t1")
    to = ("all", None) if to_everybody else ("student", zoe.id)
    stage.chat.from_teacher(stage.room, link, ChatParts("m1", "Look up"), to)
    assert [sid for sid in ("s1", "s2") if texts(stage, sid, "/student")] == reached
    assert texts(stage, "t1", "/teacher") == ["Look up"], "the other teachers see what was said"


def test_nobody_writes_to_a_stranger(stage: Stage) -> None:
    link = stage.teacher("t1")
    with pytest.raises(UserError) as refused:
        stage.chat.from_teacher(stage.room, link, ChatParts("m1", "Hello"), ("student", "stranger"))
    assert refused.value.code == "unknown_participant"
    assert texts(stage, "t1", "/teacher") == []


def test_each_page_gets_back_what_it_missed(stage: Stage) -> None:
    zoe, ali = stage.admitted("Zoé", "s1"), stage.admitted("Ali", "s2")
    link = stage.teacher("t1")
    first = stage.chat.from_student(zoe, ChatParts("m1", "May I?"))
    stage.chat.from_teacher(stage.room, link, ChatParts("m2", "Yes"), ("student", zoe.id))

    def told(history: HistoryView) -> list[str]:
        return [message["text"] for message in history["messages"]]

    assert told(stage.chat.history_of_student(zoe, 0, None)) == ["May I?", "Yes"]
    assert told(stage.chat.history_of_student(zoe, first["id"], None)) == ["Yes"]
    assert told(stage.chat.history_of_student(ali, 0, None)) == []
    assert told(stage.chat.history_of_teachers(stage.room, 0, None)) == ["May I?", "Yes"]
