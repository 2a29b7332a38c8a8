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

from core.types import AlertKind, RuleSettings, Severity
from rooms.setup.allowed import CASES, WHOLE_KINDS, Choices, allowed_items, usual_cases
from rooms.setup.room_form import RoomForm
from rooms.setup.room_settings import SETTINGS
from rooms.setup.room_settings.base import FormContext
from rooms.setup.room_settings.controls import HEADINGS, SECTION_NEEDS, Control, Kind, Section
from rooms.setup.room_settings.rules import SECONDS

NUMBER = {"inputmode": "decimal"}
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


class PaperFields(FlaskForm):
    """Title and exam paper; the settings add their own fields."""

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


def field_of(control: Control) -> Any:
    """Return the WTForms field of a control."""
    label = _(control.label) if control.label else ""
    choices = [SelectChoice(choice.value, _(choice.label)) for choice in control.choices]
    options: dict[str, Any] = {"name": control.name, "id": control.name.replace(".", "-")}
    options["render_kw"] = dict(control.attributes)
    match control.kind:
        case Kind.SWITCH:
            return BooleanField(label, **options)
        case Kind.NUMBER:
            return StringField(label, widget=NumberInput(), **options)
        case Kind.TEXT:
            return StringField(label, **options)
        case Kind.LINES:
            return TextAreaField(label, **options)
        case Kind.TICKS:
            return SelectMultipleField(label, choices=choices, **options)
        case Kind.RADIOS:
            return RadioField(label, choices=choices, **options)
        case Kind.SELECT:
            return SelectField(label, choices=choices, **options)
        case Kind.HIDDEN:
            return HiddenField(**options)


def attribute_of(control: Control) -> str:
    """Return the attribute of RoomFields that holds the field of a control."""
    return control.name.replace(".", "_")


CONTROLS = tuple(control for setting in SETTINGS.values() for control in setting.controls)

RoomFields = type("RoomFields", (PaperFields,), {attribute_of(control): field_of(control) for control in CONTROLS})
"""The fields of PaperFields, and those of every setting."""


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


class FormEntry(NamedTuple):
    """The controls of one setting in one part of the form."""

    template: str
    """Shows them in a way of its own; "" for one after the other."""
    controls: tuple[Control, ...]


class FormPart(NamedTuple):
    """One part of the form's Advanced."""

    key: str
    heading: str
    needs: str
    """What must be chosen before it is shown, as static/css/room_form.css names it."""
    entries: list[FormEntry]


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


def room_fields(form: RoomForm, rules: Mapping[str, RuleSettings], catalogue: Catalogue, is_sent: bool) -> PaperFields:
    """Return the fields with what was sent, or with what the room has, and with what is wrong."""
    shown = {**_paper(form), **_chosen(form, FormContext(rules=rules, choices=choices_of(catalogue)))}
    fields: PaperFields = RoomFields(data=shown) if is_sent else RoomFields(formdata=None, data=shown)
    for name, error in form.errors.items():
        place = SETTINGS[name].error_at or name if name in SETTINGS else name
        _put_error(fields, place, gettext(error.text, **error.params))
    return fields


def form_parts() -> list[FormPart]:
    """Return the parts of the form's Advanced, in order."""
    return [
        FormPart(section, heading, SECTION_NEEDS.get(section, ""), _entries(section))
        for section, heading in HEADINGS.items()
    ]


def front_entries() -> list[FormEntry]:
    """Return what of the settings is seen at first."""
    return _entries(Section.FRONT)


def _entries(section: Section) -> list[FormEntry]:
    found = []
    for setting in SETTINGS.values():
        controls = tuple(one for one in setting.controls if one.section is section and one.kind is not Kind.HIDDEN)
        template = setting.template if section is not Section.FRONT else ""
        if controls:
            found.append(FormEntry(template, controls))
    return found


def rule_rows(
    form: RoomForm, rules: Mapping[str, RuleSettings], catalogue: Catalogue, sent: Any = None
) -> list[RuleRow]:
    """Return the lines of the table of alerts, with what was sent, or with what the room has."""
    allowed = allowed_items(form.settings.forbidden, rules, choices_of(catalogue))
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


def _put_error(fields: PaperFields, name: str, words: str) -> None:
    if name in fields:
        fields[name].errors = [words]
    elif name == "form":
        fields.form_errors.append(words)


def _paper(form: RoomForm) -> dict[str, Any]:
    return {name: getattr(form, name) for name in ("title", "exam_kind", "exam_text", "exam_link")}


def _chosen(form: RoomForm, context: FormContext) -> dict[str, Any]:
    """Return what every control shows, by the attribute of RoomFields."""
    values = form.settings.values
    shown = {name: value for one in SETTINGS.values() for name, value in one.shown(values, context).items()}
    return {name.replace(".", "_"): value for name, value in shown.items()}
