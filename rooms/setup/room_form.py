"""The form of a room: what a teacher typed, what of it is wrong, and the settings it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any

from core.errors import UserError
from rooms.protocol.text_cleaning import clean_line
from rooms.setup.allowed import Choices
from rooms.setup.exam_paper import Exam
from rooms.setup.room_records import check_title
from rooms.setup.room_settings import SETTINGS, RoomSettings
from rooms.setup.room_settings.base import FormContext, Rules, Sent, Values
from store.rooms import Room

EXAM_KINDS = ("none", "text", "pdf", "link")


@dataclass
class RoomForm:
    """One filled-in form; `errors` by field name, empty when all is well."""

    title: str = ""
    settings: RoomSettings = field(default_factory=RoomSettings.of_new_room)
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


def read_form(
    values: Values,
    defaults: Rules,
    file_name: str = "",
    presets: Mapping[str, Rules] = MappingProxyType({}),
    choices: Choices = MappingProxyType({}),
) -> RoomForm:
    """Return what was typed, with its errors; `file_name` is the PDF that the room has already."""
    form = RoomForm(title=values.get("title", ""), exam_file_name=file_name)
    form.exam_text, form.exam_link = values.get("exam_text", ""), values.get("exam_link", "")
    kind = values.get("exam_kind", "none")
    form.exam_kind = kind if kind in EXAM_KINDS else "none"
    form.attempt("title", lambda: check_title(form.title))
    form.settings = read_settings(Sent(values, form.errors, FormContext(defaults, presets, choices)))
    return form


def read_settings(sent: Sent) -> RoomSettings:
    """Return every setting that a form asks for; what is wrong is noted, and its default taken."""
    read = {name: sent.attempt(name, partial(one.read, sent)) for name, one in SETTINGS.items()}
    return RoomSettings(**{name: value for name, value in read.items() if name not in sent.errors})


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
