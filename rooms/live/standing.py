"""How a student's exam stands after all that teachers did about it: a fold over their actions, oldest first."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from rooms.live.components import Order, Standing
from store.desk import ActionRow, action_steps_of, actions_of

Steps = Mapping[str, frozenset[str]]
"""What became of each action, by its id: names of steps."""
NONE: frozenset[str] = frozenset()


def standing_of(actions: Iterable[ActionRow], steps: Steps) -> Standing:
    """Return how it stands; what was undone counts as if it had never been."""
    standing = Standing()
    for action in actions:
        done = steps.get(action.id, NONE)
        if "undone" not in done:
            standing = _after(standing, action, done)
    return standing


def standings_in(session: Session, room_id: str, participants: Iterable[str] | None = None) -> dict[str, Standing]:
    """Return how it stands with the students of a room, or with some, by their ids; who is left out has a plain one."""
    actions = actions_of(session, room_id, None if participants is None else list(participants))
    steps: dict[str, set[str]] = {}
    for step in action_steps_of(session, [one.id for one in actions]):
        steps.setdefault(step.action_id, set()).add(step.step)
    known = {action: frozenset(names) for action, names in steps.items()}
    by_student: dict[str, list[ActionRow]] = {}
    for action in actions:
        by_student.setdefault(action.participant_id, []).append(action)
    return {student: standing_of(own, known) for student, own in by_student.items()}


def _after(standing: Standing, action: ActionRow, done: frozenset[str]) -> Standing:
    order = Order(action.id, action.reason, action.note, action.person_name, action.at.timestamp())
    match action.verb:
        case "pause":
            return replace(standing, paused=order)
        case "resume":
            return replace(standing, paused=None)
        case "lock":
            return replace(standing, locked=order)
        case "unlock":
            return replace(standing, locked=None)
        case "extra_time":
            return replace(standing, minutes=standing.minutes + (action.minutes or 0))
        case "terminate" if "confirmed" in done:
            return replace(standing, terminated=order, ending=None)
        case "terminate" if "refused" not in done:
            return replace(standing, ending=order)
        case _:
            return standing
