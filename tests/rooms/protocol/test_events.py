"""docs/protocol.md and the tables of rooms/protocol/events.py name the same events, fields and error codes."""

import re
from pathlib import Path

import pytest

from rooms.protocol import events
from rooms.protocol.limits import check_mapping

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
    assert not events.may_receive("/student", "alert")
    assert not events.may_receive("/nowhere", "chat")
    assert events.may_send("/teacher", "remove")
    assert events.may_receive("/teacher", "tiles")


def test_an_honest_message_of_each_kind_passes() -> None:
    chat = {"client_id": "a1", "to": {"kind": "student", "id": "s"}, "text": "hello"}
    assert check_mapping(chat, events.FROM_TEACHER["chat"]) == chat
    watch = {"participants": ["a", "b"], "focus": None}
    assert check_mapping(watch, events.FROM_TEACHER["watch"]) == watch
    assert check_mapping({}, events.FROM_STUDENT["ready"]) == {}
