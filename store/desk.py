"""What teachers did at the desk and what students said there: steps of incidents, actions, answers, problem reports.

Steps and actions are only ever added to: what somebody did stays as it was, and what became of it is a step of its own.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.session import Base


class IncidentStep(Base):
    """One thing that a person decided about an incident; the second decision is never the first person's."""

    __tablename__ = "incident_steps"
    __table_args__ = (
        UniqueConstraint("room_id", "incident_id", "round", "step", name="uq_incident_steps_round"),
        CheckConstraint("other_id IS NULL OR other_id <> person_id", name="two_persons"),
        CheckConstraint("step <> 'second' OR other_id IS NOT NULL", name="second"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    participant_id: Mapped[str | None] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"), index=True)
    """None for an incident of the whole room."""
    incident_id: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    """Grows with every step but `second` and `final`, which belong to the `first` before them."""
    step: Mapped[str] = mapped_column(String(12))
    """`decided` (where one person is enough), `first`, `second`, `final`, `back`."""
    verdict: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int]
    person_name: Mapped[str] = mapped_column(String(255))
    other_id: Mapped[int | None]
    """Of a second decision: who gave the first."""
    until: Mapped[datetime]
    """When the last alert was raised that the person decided about."""
    at: Mapped[datetime]


class ActionRow(Base):
    """Something that a teacher did about one student's exam, as it was asked for."""

    __tablename__ = "actions"
    __table_args__ = (
        UniqueConstraint("room_id", "participant_id", "client_id", name="uq_actions_client"),
        Index("ix_actions_room_at", "room_id", "at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"), index=True)
    verb: Mapped[str] = mapped_column(String(12))
    """`pause`, `resume`, `lock`, `unlock`, `extra_time`, `terminate`, `flag`."""
    reason: Mapped[str] = mapped_column(String(16), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int | None]
    person_id: Mapped[int]
    person_name: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(String(64))
    """Of the page that asked: the same again is the same action."""
    at: Mapped[datetime]


class ActionStep(Base):
    """What became of an action; a termination is confirmed by somebody else than who asked for it."""

    __tablename__ = "action_steps"
    __table_args__ = (
        UniqueConstraint("action_id", "step", name="uq_action_steps_step"),
        CheckConstraint("other_id IS NULL OR other_id <> person_id", name="two_persons"),
        CheckConstraint("step <> 'confirmed' OR other_id IS NOT NULL", name="confirmed"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    action_id: Mapped[str] = mapped_column(ForeignKey("actions.id", ondelete="CASCADE"))
    step: Mapped[str] = mapped_column(String(12))
    """`delivered` and `acknowledged` by the student's page, `undone`, `confirmed` or `refused` by a teacher."""
    person_id: Mapped[int | None]
    """None for the student."""
    person_name: Mapped[str] = mapped_column(String(255), default="")
    other_id: Mapped[int | None]
    """Of a confirmation: who asked."""
    at: Mapped[datetime]


class AnswerRow(Base):
    """What a student says of an incident; later words are rows of their own, and none is changed."""

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_room_incident", "room_id", "incident_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"), index=True)
    incident_id: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class ProblemRow(Base):
    """Something that does not work, as a student reported it."""

    __tablename__ = "problem_reports"
    __table_args__ = (Index("ix_problem_reports_room_at", "room_id", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"), index=True)
    category: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    solved_by: Mapped[str] = mapped_column(String(255), default="")
    solved_at: Mapped[datetime | None]


OF_A_ROOM = (IncidentStep, ActionRow, AnswerRow, ProblemRow)


def steps_of(session: Session, room_id: str, incident_id: str | None = None) -> list[IncidentStep]:
    """List the steps of a room's incidents, or of one, in their order."""
    query = select(IncidentStep).where(IncidentStep.room_id == room_id)
    if incident_id is not None:
        query = query.where(IncidentStep.incident_id == incident_id)
    return list(session.scalars(query.order_by(IncidentStep.round, IncidentStep.at, IncidentStep.id)))


def actions_of(session: Session, room_id: str, participants: Collection[str] | None = None) -> list[ActionRow]:
    """List the actions in a room, or about some students, in their order."""
    query = select(ActionRow).where(ActionRow.room_id == room_id)
    if participants is not None:
        query = query.where(ActionRow.participant_id.in_(participants))
    return list(session.scalars(query.order_by(ActionRow.at, ActionRow.id)))


def action_steps_of(session: Session, actions: Collection[str]) -> list[ActionStep]:
    """List what became of some actions."""
    query = select(ActionStep).where(ActionStep.action_id.in_(actions))
    return list(session.scalars(query.order_by(ActionStep.at, ActionStep.id)))


def answers_of(session: Session, room_id: str, participant_id: str | None = None) -> list[AnswerRow]:
    """List the answers in a room, or of one student, in their order."""
    query = select(AnswerRow).where(AnswerRow.room_id == room_id)
    if participant_id is not None:
        query = query.where(AnswerRow.participant_id == participant_id)
    return list(session.scalars(query.order_by(AnswerRow.at, AnswerRow.id)))


def problems_of(session: Session, room_id: str, participant_id: str | None = None) -> list[ProblemRow]:
    """List the problem reports in a room, or of one student, in their order."""
    query = select(ProblemRow).where(ProblemRow.room_id == room_id)
    if participant_id is not None:
        query = query.where(ProblemRow.participant_id == participant_id)
    return list(session.scalars(query.order_by(ProblemRow.at, ProblemRow.id)))


def drop_desk(session: Session, rooms: Collection[str]) -> None:
    """Delete all rows of the desk of some rooms."""
    for table in OF_A_ROOM:  # the steps of actions go with them
        session.execute(delete(table).where(table.room_id.in_(rooms)))


def erase_words(session: Session, room_id: str, participant_id: str) -> None:
    """Erase what a student wrote at the desk, and what teachers wrote about the student; what was done stays."""
    for written in (AnswerRow, ProblemRow):
        session.execute(delete(written).where(written.room_id == room_id, written.participant_id == participant_id))
    for done in (ActionRow, IncidentStep):
        about = done.room_id == room_id, done.participant_id == participant_id
        session.execute(update(done).where(*about).values(note=""))
