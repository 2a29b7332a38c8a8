"""The forms of these pages: what is asked, and between form and database."""

from datetime import time
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional, ValidationError

from notify.kinds import KindOfNotice
from notify.ways import WAYS
from store.delivery.notices import NotificationRules

DIGESTS = ((0, _("at once")), (15, _("every quarter of an hour")), (60, _("every hour")), (1440, _("once a day")))
NIGHT = time(22, 0), time(7, 0)


class NotificationForm(FlaskForm):
    """What a person wishes to be told, by which ways and when."""

    ways = SelectMultipleField(_("What you are told"))
    digest = SelectField(_("What is not urgent"), coerce=int, choices=[SelectChoice(*one) for one in DIGESTS])
    quiet = BooleanField(_("Quiet hours"))
    quiet_from = TimeField(_("From"), [Optional()])
    quiet_until = TimeField(_("Until"))
    zone = SelectField(_("Your time zone"))

    def __init__(self, kinds: list[KindOfNotice], **options: Any) -> None:
        super().__init__(**options)
        ways = [way.name for way in personal_ways()]
        self.ways.choices = [SelectChoice(f"{kind.name}/{way}", way) for kind in kinds for way in ways]
        self.zone.choices = [SelectChoice(name, name.replace("_", " ")) for name in zones()]

    def validate_quiet_until(self, _field: TimeField) -> None:
        """Refuse quiet hours without an end or a beginning."""
        if self.quiet.data and (self.quiet_from.data is None or self.quiet_until.data is None):
            raise ValidationError(gettext("Please say when the quiet hours begin and end."))

    def fill(self, row: NotificationRules) -> None:
        """Write what was asked for into a person's row."""
        ways: dict[str, list[str]] = {}
        for wish in self.ways.data or ():
            kind, _slash, way = wish.partition("/")
            ways.setdefault(kind, []).append(way)
        row.ways, row.digest_minutes, row.zone = ways, self.digest.data, self.zone.data
        is_quiet = self.quiet.data
        row.quiet_from = _minute(self.quiet_from.data) if is_quiet else None
        row.quiet_until = _minute(self.quiet_until.data) if is_quiet else None


class WebhookForm(FlaskForm):
    """A new webhook."""

    url = StringField(
        _("Address"),
        [DataRequired(_("Please fill this in."))],
        render_kw={"type": "url", "maxlength": 1024, "placeholder": "https://", "autocomplete": "off"},
    )
    events = SelectMultipleField(_("What it is told"))

    def __init__(self, kinds: list[KindOfNotice], **options: Any) -> None:
        super().__init__(**options)
        self.events.choices = [SelectChoice(kind.name, gettext(kind.label)) for kind in kinds]


def values_of(row: NotificationRules | None) -> dict[str, Any]:
    """Return what the form shows of a person's row."""
    if row is None:
        return {"ways": [], "digest": 0, "quiet": False, "quiet_from": NIGHT[0], "quiet_until": NIGHT[1], "zone": "UTC"}
    is_quiet = row.quiet_from is not None and row.quiet_until is not None
    return {
        "ways": [f"{kind}/{way}" for kind, ways in row.ways.items() for way in ways],
        "digest": row.digest_minutes,
        "quiet": is_quiet,
        "quiet_from": _clock(row.quiet_from) if row.quiet_from is not None else NIGHT[0],
        "quiet_until": _clock(row.quiet_until) if row.quiet_until is not None else NIGHT[1],
        "zone": row.zone,
    }


def personal_ways() -> list[Any]:
    """List the ways that people choose for themselves."""
    return [way for way in WAYS.values() if way.is_personal]


def zones() -> list[str]:
    """List the time zones that this machine knows, those of places first of all."""
    return sorted({"UTC", *(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))})


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
