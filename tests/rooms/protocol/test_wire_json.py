"""JSON on the wire: small for every script, and never something that UTF-8 cannot say."""

import json
from typing import Any

import pytest
from hypothesis import given

from rooms.protocol import wire_json
from tests.rooms.hostile import VALUES


def test_letters_and_emoji_are_sent_as_they_are() -> None:
    assert wire_json.dumps(["chat", {"text": "Zoé 😀"}], separators=(",", ":")) == '["chat",{"text":"Zoé 😀"}]'


@pytest.mark.parametrize("half", ["\ud800", "x\udfff", "Zoé \ud83d"])
def test_half_an_emoji_is_escaped(half: str) -> None:
    text = wire_json.dumps({"name": half})
    assert text.encode()
    assert wire_json.loads(text) == {"name": half}


@given(VALUES)
def test_what_is_read_back_is_what_was_told(value: Any) -> None:
    try:
        expected = json.loads(json.dumps(value))
    except (TypeError, ValueError):  # bytes, or numbers beyond what Python reads
        return
    text = wire_json.dumps(value)
    assert text.encode()
    assert repr(wire_json.loads(text)) == repr(expected)
