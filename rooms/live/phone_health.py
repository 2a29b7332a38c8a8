"""What a phone of each role needs, what is wrong with one (words: core/phone_roles), and who may not start yet."""

from collections.abc import Mapping
from typing import Any

from core.errors import UserError
from core.phone_roles import CAMERA_ROLES, MOTION_ROLES, ROLES
from rooms.live.directory import LiveRoom
from rooms.live.participant import Phone, Student
from rooms.protocol.objects import PhoneView, ProofView
from rooms.setup.room_settings import RoomSettings

SILENT_S = 5.0
"""A phone of which nothing came for so long is silent."""
PICTURES_MISSED = 3
"""Or so many pictures in a row, where they are asked for more rarely."""
LOW_BATTERY = 0.15
"""Of a full one: not enough for an exam of two hours with screen and camera on."""

SPARED = frozenset({"no_microphone", "battery_low"})
"""Problems that are shown and keep nobody from the exam: the computer's microphone is no condition either, and chargers
are not always at hand."""

MISSING, PAIRED, CONNECTED, LOST = "missing", "paired", "connected", "lost"


def needs_of(settings: RoomSettings, role: str) -> dict[str, bool]:
    """Return what a phone of this role is asked for in a room."""
    return {
        "camera": role in CAMERA_ROLES,
        "motion": role in MOTION_ROLES,
        "microphone": settings.sound,
        "place": settings.place is not None,
    }


def state_of(phone: Phone | None) -> str:
    """Return how far a phone has come: `missing`, `paired` (never seen yet), `connected` or `lost`."""
    if phone is None:
        return MISSING
    if phone.online:
        return CONNECTED
    return LOST if phone.presence.was_online else PAIRED


def problems_of(phone: Phone, settings: RoomSettings, now: float) -> tuple[str, ...]:
    """Return what is wrong with a phone at this moment, as docs/protocol.md names it under `PhoneView`."""
    if not phone.online:
        return ("offline",)
    told, needs = phone.health.told, needs_of(settings, phone.role)
    battery = told.get("battery")
    found = {
        "no_camera": needs["camera"] and told.get("camera", "on") != "on",
        # a room phone stands still: without the sensor its picture alone says whether it was moved
        "no_motion": ROLES[phone.role].needs_motion and told.get("motion", "on") in ("denied", "none"),
        "no_microphone": needs["microphone"] and told.get("microphone", "on") in ("denied", "none"),
        "screen_locked": told.get("awake") == "lost",
        "hidden": told.get("visible") is False,
        "battery_low": battery is not None and battery < LOW_BATTERY and told.get("charging") is not True,
        "silent": _is_silent(phone, now),
    }
    return tuple(problem for problem, is_there in found.items() if is_there)


def is_healthy(phone: Phone | None) -> bool:
    """Say whether a phone is connected, has told of itself, and nothing is wrong with it."""
    return phone is not None and phone.online and bool(phone.health.told) and not phone.health.problems


def are_ready(room: LiveRoom, participant: Student) -> bool:
    """Say whether every phone without which the student cannot start is there and well enough."""
    return not any(_trouble(room.phone_of(participant, role)) for role in room.settings.phones)


def refuse_unready(room: LiveRoom, participant: Student) -> None:
    """Raise UserError `phones_missing`, in the words of the first phone that is not ready, all of them in `phones`."""
    wrong = {role: _trouble(room.phone_of(participant, role)) for role in room.settings.phones}
    wrong = {role: trouble for role, trouble in wrong.items() if trouble}
    for role, trouble in wrong.items():
        phones = ", ".join(f"{name}: {what}" for name, what in wrong.items())
        raise UserError("phones_missing", ROLES[role].problems[trouble], role=str(role), phones=phones)


def _trouble(phone: Phone | None) -> str:
    """Return the first thing that is wrong with a phone and keeps its student from the exam, '' for nothing."""
    if phone is None or not phone.online:
        return "offline"
    grave = (problem for problem in phone.health.problems if problem not in SPARED)
    return next(grave, "" if phone.health.told else "silent")


def _is_silent(phone: Phone, now: float) -> bool:
    fps = phone.capture.fps if phone.capture else 0.0
    if fps > 0 and phone.health.told.get("camera", "on") == "on":
        return now - phone.uplink.pictured_at > max(SILENT_S, PICTURES_MISSED / fps)
    needs_motion = ROLES[phone.role].needs_motion and phone.health.told.get("motion", "on") in ("on", "silent")
    return needs_motion and now - phone.uplink.moved_at > SILENT_S


def phone_view(settings: RoomSettings, role: str, phone: Phone | None) -> PhoneView:
    """Return a `PhoneView`."""
    told = phone.health.told if phone is not None else {}
    return {
        "role": str(role),
        "required": role in settings.phones,
        "state": state_of(phone),
        "healthy": is_healthy(phone),
        "problems": list(phone.health.problems) if phone is not None else [],
        "battery": told.get("battery"),
        "charging": told.get("charging"),
        "awake": told.get("awake"),
        "visible": told.get("visible"),
        "orientation": told.get("orientation"),
        "network": told.get("network"),
        "camera": told.get("camera"),
        "motion": told.get("motion"),
        "microphone": told.get("microphone"),
        "heard_at": round(phone.uplink.heard_at * 1000) if phone is not None and phone.uplink.heard_at else None,
        "proof": _proof_view(phone.proof) if phone is not None and phone.proof else None,
    }


def phones_view(room: LiveRoom, participant: Student) -> list[PhoneView]:
    """Return a `PhoneView` of every role that the room names."""
    return [phone_view(room.settings, role, room.phone_of(participant, role)) for role in room.settings.roles]


def _proof_view(proof: Mapping[str, Any]) -> ProofView:
    at, latency = proof.get("at"), proof.get("latency")
    return {
        "state": proof.get("state", "unknown"),
        "at": None if at is None else round(at * 1000),
        "latency_ms": None if latency is None else round(latency * 1000),
    }
