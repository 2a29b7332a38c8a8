"""Every setting of a room. A new setting is one file and one line in RoomSettings (docs/extending.md)."""

import importlib
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from core.phone_roles import ROLES
from core.phone_roles.base import PhoneRole
from core.types import RuleSettings
from rooms.setup.room_settings.base import Setting
from rooms.setup.room_settings.rules import bounded


def setting(name: str) -> Setting[Any]:
    """Import the `SETTING` of a module of this package."""
    found: Setting[Any] = importlib.import_module(f"rooms.setup.room_settings.{name}").SETTING
    return found


class RoomSettings:
    """How one exam is run; everything has a default that is fair to the student."""

    forbidden: Setting[tuple[str, ...]] = setting("forbidden")
    forbidden_moves: Setting[tuple[str, ...]] = setting("forbidden_moves")
    preset: Setting[str] = setting("preset")
    rules: Setting[Mapping[str, Mapping[str, Any]]] = setting("rules")
    phones: Setting[tuple[str, ...]] = setting("phones")
    phones_allowed: Setting[tuple[str, ...]] = setting("phones_allowed")
    sound: Setting[bool] = setting("sound")
    admit_by_hand: Setting[bool] = setting("admit_by_hand")
    second_decision: Setting[bool] = setting("second_decision")
    answers: Setting[bool] = setting("answers")
    learn_phones: Setting[bool] = setting("learn_phones")
    hints: Setting[bool] = setting("hints")
    status_line: Setting[bool] = setting("status_line")
    max_students: Setting[int] = setting("max_students")
    grid_fps: Setting[int] = setting("grid_fps")
    focus_fps: Setting[int] = setting("focus_fps")
    transcribe: Setting[bool] = setting("transcribe")
    phrases: Setting[tuple[str, ...]] = setting("phrases")
    listening: Setting[bool] = setting("listening")
    keep_sound: Setting[bool] = setting("keep_sound")
    place: Setting[Mapping[str, Any] | None] = setting("place")

    def __init__(self, **values: Any) -> None:
        """Take some values, the others are the defaults; TypeError for a name that no setting has."""
        if unknown := values.keys() - SETTINGS.keys():
            raise TypeError(f"no such room settings: {', '.join(sorted(unknown))}")
        self.values: Mapping[str, Any] = MappingProxyType(
            {name: values.get(name, one.default) for name, one in SETTINGS.items()}
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RoomSettings) and self.values == other.values

    def __hash__(self) -> int:
        return hash(tuple(SETTINGS))

    def __repr__(self) -> str:
        changed = {name: value for name, value in self.values.items() if value != SETTINGS[name].default}
        return f"RoomSettings({', '.join(f'{name}={value!r}' for name, value in changed.items())})"

    def but(self, **changes: Any) -> "RoomSettings":
        """Return the same settings with some changes."""
        return RoomSettings(**{**self.values, **changes})

    @classmethod
    def of_new_room(cls) -> "RoomSettings":
        """Return what a new room begins with: nothing is allowed that is often forbidden, and students are told so."""
        return cls(**{name: one.first for name, one in SETTINGS.items() if one.first is not None})

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "RoomSettings":
        """Read what an earlier version may have written: unknown names are left out, numbers are bounded."""
        return cls(**{name: one.from_json(kept[name]) for name, one in SETTINGS.items() if name in kept})

    def to_json(self) -> dict[str, Any]:
        """Return plain lists, numbers and texts for the database."""
        return {name: one.to_json(self.values[name]) for name, one in SETTINGS.items()}

    @property
    def roles(self) -> tuple[str, ...]:
        """Return every role that a student of this room may pair, in the order of core.phone_roles.ROLES."""
        return tuple(role for role in ROLES if role in self.phones or role in self.phones_allowed)

    @property
    def used_roles(self) -> tuple[PhoneRole, ...]:
        """Return the same with all that they say of themselves."""
        return tuple(ROLES[role] for role in self.roles)

    @property
    def agreed(self) -> frozenset[str]:
        """Return which settings a student agrees to beyond pictures; phones are each student's own to pair."""
        return frozenset(name for name, one in SETTINGS.items() if one.is_agreed and one.is_on(self.values))

    @property
    def notices(self) -> tuple[str, ...]:
        """Return what students read of the settings before they start: translation keys."""
        return tuple(one.notice for one in SETTINGS.values() if one.notice and one.is_on(self.values))

    def with_words(self, known: Mapping[str, str]) -> "RoomSettings":
        """Return the same settings with the forbidden things that are known by other words under those of `known`."""
        items, moves = (
            tuple(dict.fromkeys(known.get(line, line) for line in lines))
            for lines in (self.forbidden, self.forbidden_moves)
        )
        return self.but(forbidden=items, forbidden_moves=moves)

    def rule_settings(self, defaults: Mapping[str, RuleSettings]) -> dict[str, RuleSettings]:
        """Return the rules of this room: the defaults with the room's changes laid over them."""
        merged = {kind: replace(rule, **self.rule_changes(kind)) for kind, rule in defaults.items()}
        return {kind: replace(rule, hint=rule.hint and self.hints) for kind, rule in merged.items()}

    def rule_changes(self, kind: str) -> dict[str, Any]:
        """Return what this room changes of a rule, within bounds."""
        return bounded(self.rules.get(kind, {}))


SETTINGS: Mapping[str, Setting[Any]] = MappingProxyType(
    {name: one for name, one in vars(RoomSettings).items() if isinstance(one, Setting)}
)
"""Every setting by name, in the order of RoomSettings."""
