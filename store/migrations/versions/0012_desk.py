"""Steps of incidents, actions of teachers, answers and problem reports of students; nothing of this was kept before."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TWO_PERSONS = "other_id IS NULL OR other_id <> person_id"


def upgrade() -> None:
    """Make the tables."""
    _make_steps()
    _make_actions()
    _make_words()


def downgrade() -> None:
    """Drop them."""
    for table in ("problem_reports", "answers", "action_steps", "actions", "incident_steps"):
        op.drop_table(table)


def _make_steps() -> None:
    op.create_table(
        "incident_steps",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("participant_id", sa.String(32)),
        sa.Column("incident_id", sa.String(40), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("step", sa.String(12), nullable=False),
        sa.Column("verdict", sa.String(12), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("person_name", sa.String(255), nullable=False),
        sa.Column("other_id", sa.Integer),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident_steps"),
        sa.UniqueConstraint("room_id", "incident_id", "round", "step", name="uq_incident_steps_round"),
        sa.CheckConstraint(TWO_PERSONS, name=op.f("ck_incident_steps_two_persons")),
        sa.CheckConstraint("step <> 'second' OR other_id IS NOT NULL", name=op.f("ck_incident_steps_second")),
        _of_room("incident_steps"),
        _of_participant("incident_steps"),
    )
    op.create_index("ix_incident_steps_participant_id", "incident_steps", ["participant_id"])


def _make_actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("participant_id", sa.String(32), nullable=False),
        sa.Column("verb", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("minutes", sa.Integer),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("person_name", sa.String(255), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
        sa.UniqueConstraint("room_id", "participant_id", "client_id", name="uq_actions_client"),
        _of_room("actions"),
        _of_participant("actions"),
    )
    op.create_index("ix_actions_room_at", "actions", ["room_id", "at"])
    op.create_index("ix_actions_participant_id", "actions", ["participant_id"])
    op.create_table(
        "action_steps",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("action_id", sa.String(32), nullable=False),
        sa.Column("step", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Integer),
        sa.Column("person_name", sa.String(255), nullable=False),
        sa.Column("other_id", sa.Integer),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_action_steps"),
        sa.UniqueConstraint("action_id", "step", name="uq_action_steps_step"),
        sa.CheckConstraint(TWO_PERSONS, name=op.f("ck_action_steps_two_persons")),
        sa.CheckConstraint("step <> 'confirmed' OR other_id IS NOT NULL", name=op.f("ck_action_steps_confirmed")),
        sa.ForeignKeyConstraint(
            ["action_id"], ["actions.id"], name="fk_action_steps_action_id_actions", ondelete="CASCADE"
        ),
    )


def _make_words() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("participant_id", sa.String(32), nullable=False),
        sa.Column("incident_id", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        _of_room("answers"),
        _of_participant("answers"),
    )
    op.create_index("ix_answers_room_incident", "answers", ["room_id", "incident_id"])
    op.create_index("ix_answers_participant_id", "answers", ["participant_id"])
    op.create_table(
        "problem_reports",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("room_id", sa.String(32), nullable=False),
        sa.Column("participant_id", sa.String(32), nullable=False),
        sa.Column("category", sa.String(12), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("solved_by", sa.String(255), nullable=False),
        sa.Column("solved_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_problem_reports"),
        _of_room("problem_reports"),
        _of_participant("problem_reports"),
    )
    op.create_index("ix_problem_reports_room_at", "problem_reports", ["room_id", "at"])
    op.create_index("ix_problem_reports_participant_id", "problem_reports", ["participant_id"])


def _of_room(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=f"fk_{table}_room_id_rooms", ondelete="CASCADE")


def _of_participant(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_participant_id_participants"
    return sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=name, ondelete="CASCADE")
