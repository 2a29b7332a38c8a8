"""The fields of a room's form: what is asked, in which words; rooms/setup/room_form.py says what the answers mean."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import NumberInput

from core.types import AlertKind, Role, RuleSettings, Severity
from rooms.setup import room_form_texts
from rooms.setup.allowed import CASES, FIRST_ITEMS, MORE_ITEMS, WHOLE_KINDS, Choices, allowed_items, usual_cases
from rooms.setup.room_form import SECONDS, RoomForm, other_lines
from rooms.setup.room_settings import FOCUS_FPS, GRID_FPS, MAX_STUDENTS
from rooms.setup.sensor_form import place_fields

ROLES = [
    SelectChoice("", _("Not used")),
    SelectChoice("allowed", _("Optional")),
    SelectChoice("required", _("Required")),
]
NUMBER = {"inputmode": "decimal"}
USUAL_ROLES = {Role.ROOM: "required"}
"""Which phones a room asks for as soon as it asks for phones."""
NEEDS: Mapping[str, str] = {
    AlertKind.PHONE_CHANNEL_LOST: "phones",
    AlertKind.ARM_MOTION: "phones arm",
    AlertKind.SCREEN_NOT_IN_VIEW: "phones head",
    AlertKind.CAMERA_MOVED: "phones room",
    AlertKind.SPEECH_DETECTED: "sound",
    AlertKind.KEYWORD_HEARD: "sound words",
    AlertKind.LOCATION_OUTSIDE: "place",
}
"""What of the form must be chosen before a kind of alert can occur, as static/css/room_form.css names it."""
PLACED_AT = {"forbidden": "forbidden_more", "forbidden_moves": "forbidden_moves_more"}
"""Names of errors that are shown at a field of another name."""


class RoomFields(FlaskForm):
    """Everything but the rules, in the order of the page."""

    title = StringField(
        _("Title"),
        render_kw={"maxlength": 120, "required": True, "dir": "auto", "placeholder": _("Mathematics, class 10b")},
    )
    exam_kind = SelectField(
        _("Exam paper"),
        choices=[
            SelectChoice("none", _("On paper, or elsewhere")),
            SelectChoice("text", _("Text that I write here")),
            SelectChoice("pdf", _("A PDF file")),
            SelectChoice("link", _("A link to a page")),
        ],
    )
    exam_text = TextAreaField(_("Text of the exam"), render_kw={"rows": 10, "dir": "auto"})
    exam_file = FileField(_("PDF of the exam"), render_kw={"accept": "application/pdf,.pdf"})
    exam_link = URLField(_("Address of the exam"), render_kw={"placeholder": "https://"})
    allowed = SelectMultipleField(
        _("Allowed in this exam"), choices=[SelectChoice(item, _(item)) for item in (*FIRST_ITEMS, *MORE_ITEMS)]
    )
    preset = RadioField(
        _("How closely to watch"),
        choices=[
            SelectChoice("relaxed", _("Relaxed")),
            SelectChoice("normal", _("Normal")),
            SelectChoice("strict", _("Strict")),
        ],
        render_kw={"autocomplete": "off"},
    )
    preset_shown = HiddenField()
    with_phones = BooleanField(_("With students' phones"))
    sound = BooleanField(_("With sound"))
    admit_by_hand = BooleanField(_("I let each student in by hand"))
    hints = BooleanField(_("Tell students what to improve"))
    status_line = BooleanField(_("Students see how camera and arm are seen"))
    max_students = StringField(_("Maximum number of students"), widget=NumberInput(min=1, max=MAX_STUDENTS))
    grid_fps = SelectField(
        _("Pictures a second, all students"), choices=[SelectChoice(str(n), str(n)) for n in GRID_FPS]
    )
    focus_fps = SelectField(
        _("Pictures a second, one student large"), choices=[SelectChoice(str(n), str(n)) for n in FOCUS_FPS]
    )
    forbidden_more = TextAreaField(_("Also not allowed, one per line"), render_kw={"rows": 2, "dir": "auto"})
    forbidden_moves = SelectMultipleField(
        _("Students are asked to avoid"), choices=[SelectChoice(move, _(move)) for move in room_form_texts.COMMON_MOVES]
    )
    forbidden_moves_more = TextAreaField(_("Also to avoid, one per line"), render_kw={"rows": 2, "dir": "auto"})
    phone_arm = SelectField(_("Phone on the arm"), choices=ROLES, name="phone.arm", id="phone-arm")
    phone_head = SelectField(_("Phone on the head"), choices=ROLES, name="phone.head", id="phone-head")
    phone_room = SelectField(_("Phone in the room"), choices=ROLES, name="phone.room", id="phone-room")
    transcribe = BooleanField(_("Listen for phrases"))
    phrases = TextAreaField(_("Phrases to listen for, one per line"), render_kw={"rows": 5, "dir": "auto"})
    listening = BooleanField(_("Teachers may listen live"))
    keep_sound = BooleanField(_("Keep the sound of alerts"))
    place = RadioField(
        _("Where students take this exam"),
        choices=[
            SelectChoice("none", _("Anywhere")),
            SelectChoice("circle", _("Around a point")),
            SelectChoice("polygon", _("Inside an area")),
        ],
    )
    place_latitude = StringField(_("Latitude"), render_kw=NUMBER)
    place_longitude = StringField(_("Longitude"), render_kw=NUMBER)
    place_radius = StringField(_("Radius in metres"), render_kw=NUMBER)
    place_points = TextAreaField(
        _("Corners of the area in order, one per line: latitude, longitude"),
        render_kw={"rows": 5, "placeholder": "48.8566, 2.3522"},
    )


class RuleFields(Form):
    """One rule; its fields are named `<kind>.<part>`."""

    enabled = BooleanField(_("Active"))
    hold = StringField(_("After"), render_kw=NUMBER)
    cooldown = StringField(_("Then quiet for"), render_kw=NUMBER)
    severity = SelectField(
        _("Severity"),
        choices=[
            SelectChoice(str(Severity.NOTICE), _("Notice")),
            SelectChoice(str(Severity.WARNING), _("Warning")),
            SelectChoice(str(Severity.CRITICAL), _("Critical")),
        ],
    )
    watch_shown = HiddenField(default="1")
    watch = SelectMultipleField(_("What counts"))


class RuleWords(Protocol):
    """What a form needs to know of a rule."""

    @property
    def label(self) -> str: ...

    @property
    def meaning(self) -> str: ...

    @property
    def choices(self) -> Mapping[str, tuple[str, bool]]: ...


Catalogue = Mapping[str, RuleWords]
"""By kind of alert."""


class RuleRow(NamedTuple):
    """One line of the table of alerts."""

    kind: str
    name: str
    meaning: str
    needs: str
    unless: str
    """The item that makes this alert pointless where it is allowed, or nothing."""
    fields: RuleFields


def choices_of(catalogue: Catalogue) -> Choices:
    """Return what can be chosen within each rule."""
    return {kind: rule.choices for kind, rule in catalogue.items()}


def room_fields(form: RoomForm, rules: Mapping[str, RuleSettings], catalogue: Catalogue, is_sent: bool) -> RoomFields:
    """Return the fields with what was sent, or with what the room has, and with what is wrong."""
    shown = {**_paper(form), **_chosen(form, rules, catalogue), **place_fields(form.settings.place)}
    fields = RoomFields(data=shown) if is_sent else RoomFields(formdata=None, data=shown)
    for name, error in form.errors.items():
        _put_error(fields, PLACED_AT.get(name, name), gettext(error.text, **error.params))
    return fields


def rule_rows(
    form: RoomForm, rules: Mapping[str, RuleSettings], catalogue: Catalogue, sent: Any = None
) -> list[RuleRow]:
    """Return the lines of the table of alerts, with what was sent, or with what the room has."""
    allowed = allowed_items(form.settings, rules, choices_of(catalogue))
    return [_rule_row(form, kind, rule, catalogue, allowed, sent) for kind, rule in rules.items()]


def _rule_row(
    form: RoomForm, kind: str, rule: RuleSettings, catalogue: Catalogue, allowed: tuple[str, ...], sent: Any
) -> RuleRow:
    # an allowed thing's rule is off only as long as it is allowed: it is shown as it will be without that
    usual = usual_cases(kind, choices_of(catalogue))
    cases = {*(usual if rule.watch is None else rule.watch), *(case for case in usual if CASES.get(case) in allowed)}
    data = {name: f"{getattr(rule, name):g}" for name in SECONDS}
    is_on, words = rule.enabled or WHOLE_KINDS.get(kind) in allowed, catalogue[kind]
    shown = {**data, "enabled": is_on, "severity": str(rule.severity), "watch": sorted(cases)}
    fields = RuleFields(sent, prefix=f"{kind}.", data=shown)
    fields.watch.choices = [SelectChoice(case, gettext(text)) for case, (text, _usual) in words.choices.items()]
    for name in SECONDS:
        error = form.errors.get(f"{kind}.{name}")
        fields[name].errors = [gettext(error.text, **error.params)] if error else []
    unless, needs = WHOLE_KINDS.get(kind, ""), NEEDS.get(kind, "")
    return RuleRow(kind, gettext(words.label), gettext(words.meaning), needs, unless, fields)


def _put_error(fields: RoomFields, name: str, words: str) -> None:
    if name in fields:
        fields[name].errors = [words]
    elif name == "form":
        fields.form_errors.append(words)


def _paper(form: RoomForm) -> dict[str, Any]:
    return {name: getattr(form, name) for name in ("title", "exam_kind", "exam_text", "exam_link")}


def _chosen(form: RoomForm, rules: Mapping[str, RuleSettings], catalogue: Catalogue) -> dict[str, Any]:
    settings = form.settings
    switches = ("sound", "admit_by_hand", "hints", "status_line", "transcribe", "listening", "keep_sound")
    wishes = {role: "required" if role in settings.phones else "allowed" for role in settings.roles} or USUAL_ROLES
    return {
        **{name: getattr(settings, name) for name in switches},
        **{f"phone_{role}": wishes.get(Role(role), "") for role in Role},
        "with_phones": bool(settings.roles),
        "preset": settings.preset,
        "preset_shown": settings.preset,
        "allowed": allowed_items(settings, rules, choices_of(catalogue)),
        "max_students": settings.max_students,
        "grid_fps": str(settings.grid_fps),
        "focus_fps": str(settings.focus_fps),
        "forbidden_more": other_lines(settings.forbidden, room_form_texts.COMMON_ITEMS),
        "forbidden_moves": [move for move in settings.forbidden_moves if move in room_form_texts.COMMON_MOVES],
        "forbidden_moves_more": other_lines(settings.forbidden_moves, room_form_texts.COMMON_MOVES),
        "phrases": "\n".join(settings.phrases),
    }
