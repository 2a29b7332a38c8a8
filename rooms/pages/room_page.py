"""The page of one room: its form, how to share it, and what is kept of it until when."""

from datetime import timedelta
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core.phone_roles import ROLES
from core.types import RuleSettings
from rooms.pages.room_fields import (
    Catalogue,
    attribute_of,
    choices_of,
    form_parts,
    front_entries,
    room_fields,
    rule_rows,
)
from rooms.pages.services import Services, services_of_request
from rooms.pages.sharing import share_of
from rooms.setup import room_form_texts
from rooms.setup.allowed import CASES
from rooms.setup.exam_paper import Exam
from rooms.setup.room_form import RoomForm, read_exam, read_form
from rooms.setup.room_settings.rules import SECONDS
from rooms.setup.states import RoomState
from rooms.upkeep.retention import IDLE
from store.rooms import Room, teachers_of

AT_FIRST = ("title", "exam_text", "exam_file", "exam_link", "form")
"""Errors of fields that are seen at first; the others are in the advanced part, which they open."""


def read_sent(file_name: str = "") -> tuple[RoomForm, Exam | None]:
    """Return what was sent and the paper in it, None to keep the PDF that is there."""
    services, choices = _services(), choices_of(_catalogue())
    form = read_form(request.form, services.default_rules, file_name, services.presets, choices)
    form.settings = form.settings.with_words(_known_words())
    upload = request.files.get("exam_file")
    given = (upload.filename, upload.read()) if upload and upload.filename else None
    if form.exam_kind not in ("text", "pdf"):
        return form, read_exam(form, given)
    with _services().paper_turns.turn(current_user.id):
        return form, current_app.extensions["accounts"].run_blocking(read_exam, form, given)


def form_page(form: RoomForm, room: Room | None = None, link: str | None = None) -> ResponseReturnValue:
    """Return the page of a new room or of one that is there; `link` was just made for a co-teacher."""
    form.settings = form.settings.with_words(_known_words())
    rules = form.settings.rule_settings(_services().presets[form.settings.preset])
    is_sent = bool(form.errors)
    page = render_template(
        "rooms/form.html",
        form=form,
        fields=room_fields(form, rules, _catalogue(), is_sent),
        rows=rule_rows(form, rules, _catalogue(), request.form if is_sent else None),
        room=room,
        is_advanced=bool(form.errors.keys() - set(AT_FIRST)),
        is_about_alerts=any("." in name for name in form.errors),
        front=front_entries(),
        parts=form_parts(),
        attribute_of=attribute_of,
        phone_roles=ROLES,
        cases=CASES,
        page_data={"presets": _preset_numbers()},
        **(_about(room, link) if room else {}),
    )
    return page, 422 if form.errors else 200


def _about(room: Room, link: str | None) -> dict[str, Any]:
    """Return what a page shows of a room beside its form."""
    kept = timedelta(days=_services().settings.retention_days)
    with _services().database.read() as db:
        teachers = teachers_of(db, room.id)
    return {
        "is_over": room.state == RoomState.ENDED,
        "teachers": teachers,
        "link": link,
        **share_of(room),
        "kept": kept,
        "idle": min(IDLE, kept),
    }


def _services() -> Services:
    return services_of_request()


def _catalogue() -> Catalogue:
    """Return what a teacher reads of each rule."""
    return _services().rules


def _known_words() -> dict[str, str]:
    """Return our own words for what is often forbidden, by the page's: each student reads them in the own language."""
    return {_(text): text for text in room_form_texts.COMMON}


def _preset_numbers() -> dict[str, Any]:
    """Return what the form shows of every preset's rules, for the page to fill in."""

    def shown(rule: RuleSettings) -> dict[str, Any]:
        return {**{name: getattr(rule, name) for name in SECONDS}, "severity": rule.severity}

    presets = _services().presets
    return {name: {kind: shown(rule) for kind, rule in rules.items()} for name, rules in presets.items()}
