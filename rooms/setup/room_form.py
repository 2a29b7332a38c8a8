"""The form of a room: what a teacher typed, what of it is wrong, and the settings it means."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from core.errors import UserError
from core.types import RuleSettings, Severity
from rooms.protocol.text_cleaning import clean_line, has_word
from rooms.setup.allowed import Choices, new_settings, not_looked_for
from rooms.setup.exam_paper import Exam
from rooms.setup.room_form_texts import COMMON_ITEMS
from rooms.setup.room_records import check_title
from rooms.setup.room_settings import (
    FOCUS_FPS,
    GRID_FPS,
    MAX_STUDENTS,
    NORMAL,
    PRESETS,
    RULE_BOUNDS,
    USUAL_FOCUS_FPS,
    USUAL_GRID_FPS,
    RoomSettings,
)
from rooms.setup.sensor_form import read_sensors
from store.rooms import Room

MOST_LINES = 30
MAX_LINE = 120  # characters
EXAM_KINDS = ("none", "text", "pdf", "link")
SECONDS = ("hold", "cooldown")
"""What of a rule the form offers in numbers; the rest of RULE_BOUNDS is for programs."""


class Values(Protocol):
    """What browsers send: several values under one name."""

    def get(self, key: str, default: str, /) -> str: ...

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass
class RoomForm:
    """One filled-in form; `errors` by field name, empty when all is well."""

    title: str = ""
    settings: RoomSettings = field(default_factory=new_settings)
    exam_kind: str = "none"
    exam_text: str = ""
    exam_link: str = ""
    exam_file_name: str = ""
    """The PDF that the room has already."""
    errors: dict[str, UserError] = field(default_factory=dict)

    def attempt(self, name: str, work: Callable[[], Any]) -> Any:
        """Return what `work` returns, or None after noting its UserError at a field."""
        try:
            return work()
        except UserError as error:
            self.errors[name] = error
            return None


def form_of(room: Room) -> RoomForm:
    """Return the form filled in with what a room has."""
    form = RoomForm(room.title, RoomSettings.from_json(room.settings), room.exam_kind)
    match room.exam_kind:
        case "text":
            form.exam_text = room.exam_text
        case "link":
            form.exam_link = room.exam_text
        case "pdf":
            form.exam_file_name = room.exam_text
    return form


Rules = Mapping[str, RuleSettings]


def read_form(
    values: Values,
    defaults: Rules,
    file_name: str = "",
    presets: Mapping[str, Rules] = MappingProxyType({}),
    choices: Choices = MappingProxyType({}),
) -> RoomForm:
    """Return what was typed, with its errors; `file_name` is the PDF that the room has already.

    The cases in `choices` are boxes named `<kind>.watch` beside a hidden `<kind>.watch_shown`.

    A rule's value that is the preset's own is no change of the room's. Where another preset was chosen than the one
    that the numbers were shown for, a value that was left as it was shown counts as the new preset's.
    """
    form = RoomForm(title=values.get("title", ""), exam_file_name=file_name)
    form.exam_text, form.exam_link = values.get("exam_text", ""), values.get("exam_link", "")
    form.attempt("title", lambda: check_title(form.title))
    preset = preset if (preset := values.get("preset", NORMAL)) in PRESETS else NORMAL
    usual = presets.get(preset, defaults)
    shown = presets.get(values.get("preset_shown", preset), usual)
    allowed = [item for item in COMMON_ITEMS if item in values.getlist("allowed")]
    changes = {k: _rule(form, values, k, usual[k], shown[k], choices) for k in usual}
    changes = {k: not_looked_for(k, changed, usual[k], allowed, choices) for k, changed in changes.items()}
    kind = values.get("exam_kind", "none")
    form.exam_kind = kind if kind in EXAM_KINDS else "none"
    form.settings = RoomSettings(
        admit_by_hand=bool(values.get("admit_by_hand", "")),
        hints=bool(values.get("hints", "")),
        forbidden=_lines(form, values, "forbidden", [item for item in COMMON_ITEMS if item not in allowed]),
        forbidden_moves=_lines(form, values, "forbidden_moves", values.getlist("forbidden_moves")),
        max_students=_max_students(form, values),
        status_line=bool(values.get("status_line", "")),
        grid_fps=_choice(values, "grid_fps", GRID_FPS, USUAL_GRID_FPS),
        focus_fps=_choice(values, "focus_fps", FOCUS_FPS, USUAL_FOCUS_FPS),
        preset=preset,
        rules={str(k): changed for k, changed in changes.items() if changed},
        **read_sensors(values, form.attempt),
    )
    return form


def read_exam(form: RoomForm, upload: tuple[str, bytes] | None) -> Exam | None:
    """Return the paper that the form asks for, None to keep a PDF that is there; errors go to the form.

    Reading it takes time, and waits for another process: call this beside the hub, and outside a transaction.
    """
    match form.exam_kind:
        case "text":
            return form.attempt("exam_text", lambda: Exam.of_text(form.exam_text))
        case "link":
            return form.attempt("exam_link", lambda: Exam.of_link(form.exam_link))
        case "pdf":
            return _read_pdf(form, upload)
        case _:
            return Exam()


def _read_pdf(form: RoomForm, upload: tuple[str, bytes] | None) -> Exam | None:
    if upload is not None:
        name, content = upload
        return form.attempt("exam_file", lambda: Exam.of_pdf(content, clean_line(name)))
    if not form.exam_file_name:
        form.errors["exam_file"] = UserError("exam_empty", "Please choose the PDF of the exam.")
    return None


def _lines(form: RoomForm, values: Values, name: str, chosen: Sequence[str]) -> tuple[str, ...]:
    """Return the chosen and the typed lines, cleaned, each once."""
    typed = [*chosen, *values.get(f"{name}_more", "").splitlines()]
    cleaned = [line for raw in typed if has_word(line := clean_line(raw))]
    kept = tuple(dict.fromkeys(cleaned))
    if len(kept) > MOST_LINES or any(len(line) > MAX_LINE for line in kept):
        form.errors[name] = UserError(
            "lines_too_long",
            "At most %(lines)d lines of %(characters)d characters each.",
            lines=MOST_LINES,
            characters=MAX_LINE,
        )
    return kept[:MOST_LINES]


def _max_students(form: RoomForm, values: Values) -> int:
    number = _number(values.get("max_students", ""), 1, MAX_STUDENTS)
    if number is None:
        form.errors["max_students"] = UserError(
            "bad_number", "Please give a whole number from %(least)d to %(most)d.", least=1, most=MAX_STUDENTS
        )
    return int(number or RoomSettings().max_students)


def _choice(values: Values, name: str, allowed: Sequence[int], usual: int) -> int:
    """Return which of a few numbers was chosen, the usual one where the form has no such field."""
    return next((number for number in allowed if values.get(name, "") == str(number)), usual)


def _rule(
    form: RoomForm, values: Values, kind: str, usual: RuleSettings, shown: RuleSettings, choices: Choices
) -> dict[str, Any]:
    """Return what of a rule differs from the preset, and from the preset that the form was shown with."""
    wanted: dict[str, Any] = {"enabled": bool(values.get(f"{kind}.enabled", ""))}
    severity = values.get(f"{kind}.severity", usual.severity)
    if severity in list(Severity):
        wanted["severity"] = str(severity)
    for name in SECONDS:
        least, most = RULE_BOUNDS[name]
        number = _number(values.get(f"{kind}.{name}", ""), least, most)
        if number is None:
            form.errors[f"{kind}.{name}"] = UserError(
                "bad_number", "Please give seconds from %(least)s to %(most)s.", least=f"{least:g}", most=f"{most:g}"
            )
        else:
            wanted[name] = number
    usuals = {name: (getattr(usual, name), getattr(shown, name)) for name in wanted}
    changed = {name: value for name, value in wanted.items() if value not in usuals[name]}
    # an unticked box sends nothing, so a hidden field says that the boxes were there
    if values.get(f"{kind}.watch_shown", ""):
        changed["watch"] = [name for name in values.getlist(f"{kind}.watch") if name in choices.get(kind, ())]
    return changed


def _number(raw: str, least: float, most: float) -> float | None:
    try:
        number = float(raw.strip().replace(",", "."))
    except ValueError:
        return None
    return number if least <= number <= most else None


def other_lines(lines: Sequence[str], common: Sequence[str]) -> str:
    """Return the lines that are not among the ticked ones, for the field below them."""
    return "\n".join(line for line in lines if line not in common)
