"""The types of events say what docs/protocol.md and the schemas of rooms/protocol/events.py say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from operator import or_
from pathlib import Path
from types import GenericAlias, UnionType
from typing import Any, NotRequired, TypedDict, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from rooms.channels.base import PICTURES
from rooms.protocol.events import EVENTS_IN, EVENTS_OUT
from rooms.protocol.incoming import TYPES_IN
from rooms.protocol.objects import (
    ActionView,
    AlertView,
    CaseView,
    MessageView,
    ParticipantView,
    PhoneView,
    ProblemView,
    RoomView,
)
from rooms.protocol.outgoing import TYPES_OUT
from rooms.protocol.payload_checks import Field, Schema

DOCUMENT = (Path(__file__).resolve().parent.parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
OBJECTS = {
    "Participant": ParticipantView,
    "PhoneView": PhoneView,
    "Alert": AlertView,
    "Action": ActionView,
    "Case": CaseView,
    "Problem": ProblemView,
    "Message": MessageView,
    "Room": RoomView,
}
LATER = {("/student", "hint"): {"over"}}
"""Fields that the document names after the first list."""

# ------------------------------------------------------------------------------------ what comes in


def type_of(field: Field) -> Any:
    """The type of what `check_mapping` lets through for a field; a schema where that is an object."""
    kinds = field.kind if isinstance(field.kind, tuple) else (field.kind,)
    wanted: Any = float if kinds == (int, float) else reduce(or_, kinds)
    if field.item is not None:
        wanted = GenericAlias(list, (type_of(field.item),))
    return wanted | None if field.nullable else wanted


def parts_of(made: Any) -> set[Any]:
    """The types of a union, or the one type."""
    return set(get_args(made)) if get_origin(made) in (Union, UnionType) else {made}


def faults_in(made: type, schema: Schema) -> list[str]:
    """What a type says otherwise than a schema."""
    hints = get_type_hints(made)
    faults = [f"{name}: only in one of them" for name in hints.keys() ^ schema.keys()]
    for name in hints.keys() & schema.keys():
        field = schema[name]
        if is_typeddict(hints[name]):
            faults += faults_in(hints[name], field.fields or {})
        elif parts_of(hints[name]) != parts_of(type_of(field)):
            faults.append(f"{name}: {hints[name]} is not {type_of(field)}")
        if field.required != (name in made.__required_keys__):  # type: ignore[attr-defined]
            faults.append(f"{name}: required in one of them alone")
    return faults


@pytest.mark.parametrize("namespace", EVENTS_IN)
def test_each_incoming_event_has_its_type(namespace: str) -> None:
    assert {*PICTURES, *TYPES_IN[namespace]} == {*PICTURES, *EVENTS_IN[namespace]}
    faults = {
        event: found
        for event, made in TYPES_IN[namespace].items()
        if (found := faults_in(made, EVENTS_IN[namespace][event]))
    }
    assert faults == {}


class Wrong(TypedDict):
    state: int
    label: str | None
    more: NotRequired[bool]


def test_the_comparison_of_types_and_schemas_can_fail() -> None:
    schema = EVENTS_IN["/student"]["camera"]
    assert sorted(line.split(":")[0] for line in faults_in(Wrong, schema)) == ["label", "more", "state"]


# ------------------------------------------------------------------------------------ what goes out


def listed(text: str) -> set[str]:
    """The names of the outermost fields of the first `{...}` in a text."""
    depth, inside = 0, ""
    for letter in text[text.index("{") :]:
        depth += letter in "{[("
        depth -= letter in "}])"
        if depth == 0:
            break
        inside += letter if depth == 1 else "*"
    parts = inside.removeprefix("{").split(",")
    return {part.split(":")[0].strip().rstrip("?") for part in parts if part.strip()}


def documented(namespace: str, event: str) -> set[str]:
    section = DOCUMENT.split(f"### server -> `{namespace}`: `{event}`\n", 1)[1].split("\n#", 1)[0]
    text = section.split("\n", 1)[1]
    name = re.search(r"`(\w+)`|\{", text)
    if name and name[1] in OBJECTS:
        return fields_of_object(name[1])
    later = LATER.get((namespace, event), set())
    assert all(f"{field}:" in text for field in later)
    return listed(text) | later


def fields_of_object(name: str) -> set[str]:
    found = re.search(rf"^`{name}` `\{{", DOCUMENT, re.MULTILINE)
    assert found is not None
    return listed(DOCUMENT[found.start() :])


def fields_of(made: type) -> set[str]:
    return set(made.__annotations__)


@pytest.mark.parametrize("name", OBJECTS)
def test_objects_have_the_fields_of_the_document(name: str) -> None:
    assert fields_of(OBJECTS[name]) == fields_of_object(name)


@pytest.mark.parametrize(("namespace", "event"), [(n, event) for n, events in EVENTS_OUT.items() for event in events])
def test_each_outgoing_event_has_a_type_with_the_fields_of_the_document(namespace: str, event: str) -> None:
    assert fields_of(TYPES_OUT[namespace][event]) == documented(namespace, event)


def test_no_type_is_for_an_event_that_is_not_sent() -> None:
    def names(events: Mapping[str, Mapping[str, object]]) -> dict[str, set[str]]:
        return {namespace: set(known) for namespace, known in events.items()}

    assert names(TYPES_OUT) == names(EVENTS_OUT)
