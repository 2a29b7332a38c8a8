"""Phones, sound and place in the form of a room."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from core.errors import UserError
from rooms.setup.room_form import read_settings
from rooms.setup.room_settings import SETTINGS, RoomSettings
from rooms.setup.room_settings.base import FormContext, Sent
from rooms.setup.room_settings.phrases import USUAL_PHRASES


def read(**typed: str) -> tuple[RoomSettings, dict[str, Any]]:
    errors: dict[str, UserError] = {}
    settings = read_settings(Sent(MultiDict({"max_students": "40", **typed}), errors))
    return settings, {name: error.code for name, error in errors.items()}


def test_nothing_typed_means_no_phones_no_sound_no_place() -> None:
    settings, errors = read()
    assert errors == {}
    assert (settings.phones, settings.roles, settings.sound, settings.place) == ((), (), False, None)


def test_roles_are_required_or_allowed() -> None:
    settings, _errors = read(
        with_phones="1", **{"phone.arm": "required", "phone.room": "allowed", "phone.head": "glued"}
    )
    assert (settings.phones, settings.phones_allowed, settings.roles) == (("arm",), ("room",), ("arm", "room"))


def test_roles_mean_nothing_in_a_room_without_phones() -> None:
    settings, _errors = read(**{"phone.arm": "required", "phone.room": "allowed"})
    assert settings.roles == ()


def test_what_needs_sound_is_off_without_it() -> None:
    settings, _errors = read(transcribe="1", listening="1", keep_sound="1")
    assert (settings.transcribe, settings.listening, settings.keep_sound) == (False, False, False)
    settings, _errors = read(sound="1", listening="1")
    assert (settings.sound, settings.listening, settings.keep_sound) == (True, True, False)


def test_phrases_are_cleaned_and_none_means_the_usual_ones() -> None:
    settings, _errors = read(phrases="  Hey   Siri \n\nhey Siri\n hey Siri ")
    assert settings.phrases == ("Hey Siri", "hey Siri")
    assert read(phrases=" \n ")[0].phrases == USUAL_PHRASES


def test_a_phrase_that_is_too_long_is_said_at_its_field() -> None:
    assert read(phrases="x" * 61)[1] == {"phrases": "lines_too_long"}


def test_a_circle_is_read_with_commas_too() -> None:
    settings, errors = read(place="circle", place_latitude="48,8566", place_longitude="2.3522", place_radius="150")
    assert errors == {}
    assert settings.place == {"kind": "circle", "latitude": 48.8566, "longitude": 2.3522, "radius": 150.0}


def test_corners_come_one_per_line() -> None:
    settings, errors = read(place="polygon", place_points="48.85, 2.34\n48.85;2.36\n\n48.86 2.36")
    assert errors == {}
    assert settings.place is not None
    assert settings.place["points"] == [[48.85, 2.34], [48.85, 2.36], [48.86, 2.36]]


@pytest.mark.parametrize(
    "typed",
    [
        {"place": "circle"},
        {"place": "circle", "place_latitude": "north", "place_longitude": "2", "place_radius": "9"},
        {"place": "circle", "place_latitude": "nan", "place_longitude": "2", "place_radius": "100"},
        {"place": "polygon", "place_points": "48.85\n2.34\n3"},
        {"place": "polygon", "place_points": ""},
    ],
)
def test_a_place_that_makes_no_sense_is_said_and_not_taken(typed: dict[str, str]) -> None:
    settings, errors = read(**typed)
    assert errors == {"place": "bad_place"}
    assert settings.place is None


def test_what_is_kept_is_shown_again_and_survives_the_database() -> None:
    typed = {"place": "polygon", "place_points": "48.85, 2.34\n48.85, 2.36\n48.86, 2.36", "phone.head": "required"}
    typed["with_phones"] = "1"
    kept = RoomSettings.from_json(read(**typed)[0].to_json())
    shown = SETTINGS["place"].shown(kept.values, FormContext())
    assert read(**shown)[0].place == kept.place
    assert kept.phones == ("head",)
