"""Everything that the database keeps of a room, read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.alerts import AlertRow, all_alerts
from store.attendance import AttendanceSpan, attendance_of
from store.desk import (
    ActionRow,
    ActionStep,
    AnswerRow,
    IncidentStep,
    ProblemRow,
    action_steps_of,
    actions_of,
    answers_of,
    problems_of,
    steps_of,
)
from store.faces import photos_of
from store.messages import message_counts
from store.phones import PhoneRow, phones_of
from store.rooms import ParticipantRow, Room, participants_of, teachers_of
from store.users import User


@dataclass(frozen=True, kw_only=True)
class RoomRecords:
    """The rows of a room; what a report is made of, and nothing else."""

    room: Room
    teachers: Sequence[str] = ()
    participants: Sequence[ParticipantRow] = ()
    alerts: Sequence[AlertRow] = ()
    attendance: Sequence[AttendanceSpan] = ()
    phones: Sequence[PhoneRow] = ()
    messages: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """By student: how many they wrote, how many were for them alone."""
    expected: Sequence[str] = ()
    """Names for which a photo was given."""
    users: Mapping[int, str] = field(default_factory=dict)
    """The names of those who judged alerts."""
    steps: Sequence[IncidentStep] = ()
    actions: Sequence[ActionRow] = ()
    action_steps: Sequence[ActionStep] = ()
    answers: Sequence[AnswerRow] = ()
    problems: Sequence[ProblemRow] = ()


def records_of(session: Session, room: Room) -> RoomRecords:
    """Read the rows of a room."""
    alerts, actions = all_alerts(session, room.id), actions_of(session, room.id)
    return RoomRecords(
        room=room,
        teachers=[teacher.name for teacher in teachers_of(session, room.id)],
        participants=participants_of(session, room.id),
        alerts=alerts,
        attendance=attendance_of(session, room.id),
        phones=phones_of(session, room.id),
        messages=message_counts(session, room.id),
        expected=[photo.name for photo in photos_of(session, room.id) if not photo.key.startswith("#")],
        users=_names(session, {alert.handled_by for alert in alerts if alert.handled_by is not None}),
        steps=steps_of(session, room.id),
        actions=actions,
        action_steps=action_steps_of(session, [one.id for one in actions]),
        answers=answers_of(session, room.id),
        problems=problems_of(session, room.id),
    )


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    return {user.id: user.name for user in session.scalars(select(User).where(User.id.in_(ids)))}
