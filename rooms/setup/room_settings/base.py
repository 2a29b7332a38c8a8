"""What a room setting is: its value, how it is kept, how a form asks for it and who is told of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, overload

from core.errors import UserError
from core.types import RuleSettings
from rooms.protocol.text_cleaning import clean_line, has_word
from rooms.setup.allowed import Choices
from rooms.setup.room_settings.controls import Control, Kind, Section

T = TypeVar("T")
Rules = Mapping[str, RuleSettings]


class Values(Protocol):
    """What browsers send: several values under one name."""

    def get(self, key: str, default: str, /) -> str: ...

    def getlist(self, key: str, /) -> list[str]: ...


class FormContext(NamedTuple):
    """What a form knows beside the room: the rules that apply, each preset's own, and the cases within a rule."""

    rules: Rules = MappingProxyType({})
    presets: Mapping[str, Rules] = MappingProxyType({})
    choices: Choices = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sent:
    """One form that was sent; `errors` collects by field name what is wrong with it."""

    values: Values
    errors: dict[str, UserError]
    context: FormContext = field(default_factory=FormContext)

    def is_on(self, name: str) -> bool:
        """Say whether a switch is on."""
        return bool(self.values.get(name, ""))

    def number(self, name: str, least: float, most: float) -> float | None:
        """Return a number within bounds, None for anything else."""
        try:
            number = float(self.values.get(name, "").strip().replace(",", "."))
        except ValueError:
            return None
        return number if least <= number <= most else None

    def lines(self, name: str, chosen: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the chosen and the typed lines, cleaned, each once."""
        typed = [*chosen, *self.values.get(name, "").splitlines()]
        return tuple(dict.fromkeys(line for raw in typed if has_word(line := clean_line(raw))))

    def attempt(self, name: str, work: Callable[[], Any]) -> Any:
        """Return what `work` returns, or None after noting its UserError at a field."""
        try:
            return work()
        except UserError as error:
            self.errors[name] = error
            return None


class Holder(Protocol):
    """RoomSettings, as far as a setting reads its own value there."""

    @property
    def values(self) -> Mapping[str, Any]: ...


@dataclass(eq=False, kw_only=True)
class Setting(ABC, Generic[T]):
    """One setting of a room; read as an attribute of RoomSettings, it gives the room's value."""

    default: T
    """What a room has that says nothing; fair to students."""
    first: T | None = None
    """What a new room begins with, where that is not the default."""
    controls: tuple[Control, ...] = ()
    template: str = ""
    """Shows the controls in a way of their own, in place of one after the other."""
    error_at: str = ""
    """The control at which an error is shown, where that is not the one of the setting's name."""
    is_agreed: bool = False
    """Students agree to it before they start: it cannot be switched on any more once a student is in the room."""
    requires: str = ""
    """The setting without which this one is off."""
    notice: str = ""
    """What students read before they start where the setting is on: a translation key."""
    name: str = field(default="", init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "Setting[T]": ...

    @overload
    def __get__(self, instance: Holder, owner: type) -> T: ...

    def __get__(self, instance: Holder | None, owner: type) -> "Setting[T] | T":
        """Return the room's value, or from the class the setting itself."""
        return self if instance is None else instance.values[self.name]

    def is_on(self, values: Mapping[str, Any]) -> bool:
        """Say whether the setting has an effect among all values of a room."""
        return bool(values[self.name]) and (not self.requires or bool(values[self.requires]))

    def from_json(self, kept: Any) -> T:
        """Return the value that was kept, by an earlier version too: within bounds, or the default."""
        return kept

    def to_json(self, value: T) -> Any:
        """Return plain lists, numbers and texts for the database."""
        return value

    @abstractmethod
    def read(self, sent: Sent) -> T:
        """Return what a form says; UserError is shown at the control, and the default taken."""

    @abstractmethod
    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return what each control shows, by its name, for a room with these values."""


@dataclass(eq=False, kw_only=True)
class Switch(Setting[bool]):
    """On or off."""

    label: str
    section: Section
    help: str = ""
    default: bool = False

    def __set_name__(self, owner: type, name: str) -> None:
        """Make the control, which has the setting's name."""
        super().__set_name__(owner, name)
        self.controls = (Control(name=name, kind=Kind.SWITCH, section=self.section, label=self.label, help=self.help),)

    def from_json(self, kept: Any) -> bool:
        """Return whether it was on."""
        return bool(kept)

    def read(self, sent: Sent) -> bool:
        """Return whether it is on, and what it requires too."""
        return sent.is_on(self.name) and (not self.requires or sent.is_on(self.requires))

    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return whether it is on."""
        return {self.name: values[self.name]}


@dataclass(eq=False, kw_only=True)
class Lines(Setting[tuple[str, ...]]):
    """Lines of text; subclasses say which are ticked and which typed."""

    default: tuple[str, ...] = ()

    def from_json(self, kept: Any) -> tuple[str, ...]:
        """Return the lines."""
        return tuple(str(line) for line in kept or ())

    def to_json(self, value: tuple[str, ...]) -> list[str]:
        """Return the lines as a list."""
        return [str(line) for line in value]


def check_lines(lines: Sequence[str], most: int, characters: int) -> None:
    """Raise UserError `lines_too_long` for too many lines, or for one that is too long."""
    if len(lines) > most or any(len(line) > characters for line in lines):
        raise UserError(
            "lines_too_long",
            "At most %(lines)d lines of %(characters)d characters each.",
            lines=most,
            characters=characters,
        )


def other_lines(lines: Sequence[str], common: Sequence[str]) -> str:
    """Return the lines that are not among the ticked ones, for the field below them."""
    return "\n".join(line for line in lines if line not in common)
