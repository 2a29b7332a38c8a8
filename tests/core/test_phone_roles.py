"""The contract of phone roles, over the registry."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from core import phone_roles
from core.phone_roles import CAMERA_ROLES, MOTION_ROLES, ROLES
from core.phone_roles.base import PhoneRole, RoleWords
from core.types import Role
from detection.detectors import DETECTORS
from detection.rules import RULES
from detection.sensing.registry import SENSES

DRAWINGS = Path(__file__).resolve().parents[2] / "static" / "img" / "phones"


@pytest.fixture(params=list(ROLES.values()), ids=list(ROLES))
def role(request: pytest.FixtureRequest) -> PhoneRole:
    found: PhoneRole = request.param
    return found


def test_every_role_that_code_speaks_of_is_registered() -> None:
    assert set(Role) <= ROLES.keys()
    assert {"head", "room"} <= CAMERA_ROLES and {"arm", "room"} <= MOTION_ROLES


def test_two_roles_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="two phone roles named arm"):
        phone_roles.registry([ROLES["arm"], ROLES["arm"]])


def test_all_words_are_there(role: PhoneRole) -> None:
    assert all(getattr(role.words, field.name) for field in fields(RoleWords))
    assert "%(seconds)s" in role.lost and "%(limit)s" in role.lost


def test_every_problem_that_it_can_have_has_words(role: PhoneRole) -> None:
    wanted = {"offline", "screen_locked", "hidden", "silent"}
    wanted |= {"no_camera"} if role.camera else set()
    wanted |= {"no_motion"} if role.needs_motion else set()
    assert role.problems.keys() == wanted and all(role.problems.values())


def test_every_alert_that_concerns_the_student_has_a_hint(role: PhoneRole) -> None:
    assert role.hints.keys() == ({"lost", "unclear", "covered"} if role.camera else {"lost"})


def test_it_names_only_what_there_is(role: PhoneRole) -> None:
    assert role.detectors.keys() <= set(DETECTORS)
    assert role.motion in {"", *(route.sensor for route in SENSES)}
    assert role.alerts <= RULES.keys()
    assert all(role.key in RULES[kind].channels for kind in role.alerts)


def test_it_has_pictures_exactly_where_it_has_a_camera(role: PhoneRole) -> None:
    assert bool(role.detectors) is (role.camera is not None)
    assert role.motion or not role.needs_motion


def test_a_drawing_that_it_promises_is_there(role: PhoneRole) -> None:
    assert (DRAWINGS / f"{role.key}.svg").is_file() is role.has_drawing
