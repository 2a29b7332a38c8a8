"""What a manifest says of an alert."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from core.types import RuleSettings
from evidence.manifest import manifest, named
from tests.evidence.samples.capsules import a_window, an_alert, circumstances
from tests.evidence.samples.frames import START, frame


@pytest.fixture
def said() -> dict[str, Any]:
    return json.loads(manifest(an_alert(), a_window(), circumstances()))


def test_every_threshold_in_force_is_there_with_where_it_came_from(said: dict[str, Any]) -> None:
    settings = said["rule"]["settings"]
    assert said["rule"]["kind"] == "PHONE_DETECTED"
    assert settings.keys() == set(RuleSettings.__dataclass_fields__)
    assert settings["hold"] == {"value": 1.5, "from": "room"}
    assert settings["confirm"] == {"value": 3, "from": "default"}


def test_every_picture_is_there_with_its_hash_and_both_times(said: dict[str, Any]) -> None:
    kept = a_window().frames
    assert [one["sha256"] for one in said["pictures"]] == [hashlib.sha256(one.jpeg).hexdigest() for one in kept]
    assert said["pictures"][1] == {
        "name": "pictures/0002-webcam.jpg",
        "channel": "webcam",
        "sequence": 1000,
        "captured_ms": 1_700_000_000_900,
        "received_ms": 1_700_000_001_000,
        "width": 320,
        "height": 240,
        "bytes": 40,
        "sha256": hashlib.sha256(kept[1].jpeg).hexdigest(),
    }
    assert said["clock_offsets_ms"] == {"webcam": -1250}


def test_what_could_not_be_seen_is_said(said: dict[str, Any]) -> None:
    begin = round(START * 1000)
    assert said["gaps"] == [
        {"channel": "webcam", "why": "none_came", "begin_ms": begin + 3000, "end_ms": begin + 15_000}
    ]
    assert said["unseen"] == [{"channel": "arm", "state": "dark", "begin_ms": begin, "end_ms": begin + 4500}]
    assert said["thinned"] == 2


def test_the_alert_is_there_as_it_was_raised(said: dict[str, Any]) -> None:
    alert = said["alert"]
    assert (alert["id"], alert["severity"], alert["ended_ms"]) == ("a1", "critical", None)
    assert alert["numbers"] == {"seconds": 2, "score": 0.93}
    assert alert["marks"] == [["phone", 10, 20, 30, 40]]
    assert alert["shown_by_sha256"] == said["pictures"][1]["sha256"]
    assert said["models"] == {"yolo11n-exam.onnx": "ab" * 32}


def test_an_alert_without_a_picture_says_so_and_one_that_ended_says_when() -> None:
    alert = replace(an_alert(), evidence=None, ended_at=START + 7)
    said = json.loads(manifest(alert, a_window(0), circumstances()))
    assert said["alert"]["shown_by_sha256"] is None
    assert said["alert"]["ended_ms"] == round(START * 1000) + 7000
    assert said["pictures"] == []


def test_the_same_facts_have_the_same_bytes_and_any_other_fact_has_others() -> None:
    one = manifest(an_alert(), a_window(), circumstances())
    assert one == manifest(an_alert(), a_window(), circumstances())
    others = [
        manifest(an_alert(2), a_window(), circumstances()),
        manifest(an_alert(), a_window(2), circumstances()),
        manifest(an_alert(), a_window(), replace(circumstances(), sources={})),
    ]
    assert one not in others


def test_files_are_named_in_order_and_by_channel() -> None:
    names = [name for name, _ in named([frame(0), frame(1, channel="arm")])]
    assert names == ["pictures/0001-webcam.jpg", "pictures/0002-arm.jpg"]
