"""A person is told what is due."""

from datetime import UTC, datetime

from core.delivery.attempts import Keep
from core.text_keys import N_
from jobs.base import JobKind, Task
from jobs.ground import Ground
from notify.fan_out import TELL_JOB
from notify.telling import tell


def run(ground: Ground, task: Task) -> Keep:
    """Make one message of all that a person is to be told by now."""
    now = datetime.fromtimestamp(ground.clock.now(), UTC)
    return lambda session: tell(session, int(task.payload["person"]), ground.settings.public_url, now)


KIND = JobKind(TELL_JOB, N_("Putting a message together"), run)
