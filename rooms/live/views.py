"""The objects of docs/protocol.md, made from live participants and rows."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from core.errors import Busy, ExamError
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.live.phone_health import phones_view
from rooms.protocol.objects import (
    AlertView,
    Conditions,
    ErrorView,
    HandView,
    HistoryView,
    MessageView,
    ParticipantView,
    RoomView,
    StandingView,
)
from rooms.protocol.outgoing import Identity
from store.alerts import AlertRow
from store.messages import Message, Page


def milliseconds(moment: datetime | None) -> int | None:
    """Return a moment as the protocol tells it: milliseconds since the Unix epoch."""
    return None if moment is None else round(moment.timestamp() * 1000)


def participant_view(room: LiveRoom, participant: Student) -> ParticipantView:
    """Return a `ParticipantRow` of a room."""
    return {
        "id": participant.id,
        "name": participant.name,
        "kind": participant.kind,
        "state": str(participant.state),
        "online": participant.online,
        "camera": participant.browser.camera,
        "page": participant.browser.page,
        "picture": participant.picture.state,
        "faces": participant.picture.faces,
        "identity": participant.identity.state,
        "identity_reason": participant.identity.reason,
        "reference": participant.identity.reference,
        "adjusted": bool(participant.accommodations.kinds),
        "hand": hand_view(participant),
        "standing": standing_view(participant),
        "joined_at": milliseconds(participant.joined_at),
        "phones": phones_view(room, participant),
        "microphone": participant.surroundings.microphone,
        "listened": participant.listening.on,
        "conditions": conditions_view(participant),
    }


def hand_view(participant: Student) -> HandView:
    """Return whether and why a student asks for a teacher, and since when a break lasts."""
    hand = participant.hand
    return {
        "reason": hand.reason,
        "since": None if hand.since is None else round(hand.since * 1000),
        "seen_by": hand.seen_by,
        "break_since": None if hand.break_since is None else round(hand.break_since * 1000),
    }


def standing_view(participant: Student) -> StandingView:
    """Return whether a teacher holds a student's exam, why, and the extra time, for teachers."""
    standing, order = participant.standing, participant.standing.order
    return {
        "state": standing.state,
        "action": order.action if order else "",
        "reason": order.reason if order else "",
        "note": order.note if order else "",
        "by": order.by if order else "",
        "since": round(order.at * 1000) if order else None,
        "minutes": standing.minutes,
    }


def own_standing_view(participant: Student) -> StandingView:
    """Return the same for the student: of an end that nobody confirmed it says no more than that all is handed in."""
    view = standing_view(participant)
    if view["state"] != "submitted":
        return view
    return {**view, "action": "", "reason": "", "note": "", "by": ""}


def conditions_view(participant: Student) -> Conditions:
    """Return what is known of a student's surroundings."""
    known = participant.surroundings
    return {
        "light": {"lux": known.lux, "luminance": participant.picture.luminance},
        "sound_floor": known.sound_floor,
        "noise": participant.noise,
        "place": known.place,
        "room_motion": participant.handling.is_moving,
    }


IDENTITY_EVENTS: Mapping[str, str] = MappingProxyType(
    {"authorized": "AUTHORIZED", "mismatch": "IDENTITY_MISMATCH", "unsure": "IDENTITY_UNSURE"}
)


def identity_view(participant: Student, distance: float | None, now: float) -> Identity:
    """Return what the comparison of a face has come to, at `now` in seconds; `distance` None where none was made."""
    return {
        "participant": participant.id,
        "event": IDENTITY_EVENTS[participant.identity.state],
        "reason": participant.identity.reason,
        "reference": participant.identity.reference,
        "distance": distance,
        "at": round(now * 1000),
    }


def room_view(room: LiveRoom) -> RoomView:
    """Return a `Room`."""
    return {
        "id": room.id,
        "code": room.code,
        "title": room.title,
        "state": str(room.state),
        "started_at": milliseconds(room.started_at),
        "ended_at": milliseconds(room.ended_at),
    }


def name_in(room: LiveRoom, row: AlertRow) -> str:
    """Return the name of the student that an alert is about, "?" for one who is no longer in the room."""
    participant = room.students.get(row.participant_id)
    return participant.name if participant else "?"


CAPSULE = "capsule"
"""Among the numbers of an alert: what has become of its capsule, {"state", "why"}."""


def capsule_address(row: AlertRow) -> str:
    """Return where a teacher of the room gets the capsule of an alert."""
    return f"/rooms/{row.room_id}/capsules/{row.id}.zip"


def alert_view(row: AlertRow, name: str, handled_by: str | None = None) -> AlertView:
    """Return an `Alert`; `name` is the student's, `handled_by` the teacher's."""
    kept = row.numbers.get("kept", ())
    capsule = row.numbers.get(CAPSULE)
    is_sealed = capsule is not None and capsule["state"] == "sealed"
    return {
        "id": row.id,
        "participant": row.participant_id,
        "name": name,
        "channel": row.channel,
        "kind": row.kind,
        "score": row.numbers.get("score"),
        "severity": row.severity,
        "text": row.text,
        "numbers": row.numbers,
        "started_at": milliseconds(row.started_at),
        "raised_at": milliseconds(row.raised_at),
        "ended_at": milliseconds(row.ended_at),
        "evidence": f"/rooms/{row.room_id}/evidence/{row.id}.jpg" if row.evidence else None,
        "sound": f"/rooms/{row.room_id}/evidence/{row.id}.wav" if "sound" in kept else None,
        "words": f"/rooms/{row.room_id}/evidence/{row.id}.txt" if "words" in kept else None,
        "capsule": capsule and {**capsule, "address": capsule_address(row) if is_sealed else None},
        "incident": row.incident_id,
        "verdict": row.verdict,
        "note": row.note,
        "handled_by": handled_by,
    }


def history_view(page: Page) -> HistoryView:
    """Return a page of messages, and whether there are older ones."""
    return {"messages": [message_view(message) for message in page.messages], "more": page.more}


def message_view(message: Message) -> MessageView:
    """Return a `Message`."""
    return {
        "id": message.id,
        "client_id": message.client_id,
        "from": {"kind": message.sender_kind, "id": message.sender_id, "name": message.sender_name},
        "to": {"kind": message.to_kind, "id": message.to_id},
        "text": message.text,
        "sent_at": milliseconds(message.sent_at),
    }


def error_view(error: ExamError) -> ErrorView:
    """Return an error as an acknowledgement carries it."""
    told: ErrorView = {"code": error.code, "text": error.text, "params": _plain(error.params)}
    if isinstance(error, Busy):
        told["retry_after"] = round(error.retry_after, 2)
    return told


def _plain(params: Mapping[str, Any]) -> dict[str, int | float | str]:
    return {name: value if isinstance(value, int | float | str) else str(value) for name, value in params.items()}
