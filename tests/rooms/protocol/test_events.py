"""docs/protocol.md and the tables of rooms/protocol/ name the same events, rooms, fields and error codes."""

import re
from pathlib import Path

import pytest

from rooms.protocol import events
from rooms.protocol.payload_checks import check_mapping
from rooms.protocol.socket_rooms import RoomKind

DOCUMENT = (Path(__file__).resolve().parent.parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
INCOMING = re.compile(r"^### `(/\w+)` -> server: `(\w+)`$", re.MULTILINE)
OUTGOING = re.compile(r"^### server -> `(/\w+)`: `(\w+)`$", re.MULTILINE)


def documented(pattern: re.Pattern[str], namespace: str) -> set[str]:
    return {event for place, event in pattern.findall(DOCUMENT) if place == namespace}


def section(heading: str) -> str:
    return DOCUMENT.split(f"### {heading}\n", 1)[1].split("\n#", 1)[0]


def test_every_heading_is_understood() -> None:
    headings = re.findall(r"^### .*$", DOCUMENT, re.MULTILINE)
    assert len(headings) == len(INCOMING.findall(DOCUMENT)) + len(OUTGOING.findall(DOCUMENT))


@pytest.mark.parametrize("namespace", events.NAMESPACES)
def test_incoming_events_are_those_of_the_document(namespace: str) -> None:
    assert set(events.EVENTS_IN[namespace]) == documented(INCOMING, namespace)


OUT = [(namespace, event) for namespace, listed in events.EVENTS_OUT.items() for event in listed]


@pytest.mark.parametrize(("namespace", "event"), OUT)
def test_the_document_says_to_which_rooms_an_event_goes(namespace: str, event: str) -> None:
    line = section(f"server -> `{namespace}`: `{event}`").splitlines()[0]
    assert re.fullmatch(r"To [^.]+\.", line)
    assert set(re.findall(r"`(\w+)`", line)) == set(events.EVENTS_OUT[namespace][event])


def test_the_documents_table_of_rooms_is_complete() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", DOCUMENT, re.MULTILINE)
    told = {kind: set(re.findall(r"`(/\w+)`", where)) for kind, where in rows}
    # pictures are no events: the rooms of who watches decide which of them a page's own ticks carry
    used = {"watchers": {"/teacher"}, "thumbnails": {"/teacher"}, "focus": {"/teacher"}}
    for namespace, event in OUT:
        for kind in events.EVENTS_OUT[namespace][event]:
            used.setdefault(str(kind), set()).add(namespace)
    assert told == used and set(told) == set(RoomKind)


@pytest.mark.parametrize("namespace", events.NAMESPACES)
def test_outgoing_events_are_those_of_the_document(namespace: str) -> None:
    assert set(events.EVENTS_OUT[namespace]) == documented(OUTGOING, namespace)


def test_no_namespace_is_missing() -> None:
    named = set(re.findall(r"^## Namespace `(/\w+)`", DOCUMENT, re.MULTILINE))
    assert named == set(events.NAMESPACES) == set(events.EVENTS_IN) == set(events.EVENTS_OUT)


@pytest.mark.parametrize(
    ("namespace", "event", "field"),
    [(n, e, f) for n, events in events.EVENTS_IN.items() for e, schema in events.items() for f in schema],
)
def test_every_field_is_named_in_the_document(namespace: str, event: str, field: str) -> None:
    assert re.search(rf"\b{field}\b", section(f"`{namespace}` -> server: `{event}`"))


def test_who_is_not_listed_sends_and_receives_nothing() -> None:
    assert not events.may_send("/student", "remove")
    assert not events.may_send("/nowhere", "chat")
    assert not any(events.may_go_to("/student", "alert", kind) for kind in RoomKind)
    assert not any(events.may_go_to("/nowhere", "chat", kind) for kind in RoomKind)
    assert events.may_send("/teacher", "remove")
    assert any(events.may_go_to("/teacher", "tiles", kind) for kind in RoomKind)
    assert events.may_go_to("/teacher", "alert", RoomKind.TEACHERS)
    assert not events.may_go_to("/teacher", "heard", RoomKind.TEACHERS)
    assert not events.may_go_to("/student", "hint", RoomKind.STUDENTS)
    assert not events.may_go_to("/nowhere", "chat", RoomKind.STUDENTS)


def test_an_honest_message_of_each_kind_passes() -> None:
    chat = {"client_id": "a1", "to": {"kind": "student", "id": "s"}, "text": "hello"}
    assert check_mapping(chat, events.FROM_TEACHER["chat"]) == chat
    watch = {"participants": ["a", "b"], "focus": None}
    assert check_mapping(watch, events.FROM_TEACHER["watch"]) == watch
    assert check_mapping({}, events.FROM_STUDENT["ready"]) == {}
