"""A notice reaches those whom it concerns, or waits for them."""

from datetime import UTC, datetime

from core.delivery.attempts import Keep
from core.delivery.notices import NOTICE_JOB, Notice
from core.text_keys import N_
from jobs.base import JobKind, Task
from jobs.ground import Ground
from notify.fan_out import fan_out


def run(ground: Ground, task: Task) -> Keep:
    """Find whom a notice concerns, and when each is told."""
    now = datetime.fromtimestamp(ground.clock.now(), UTC)
    return lambda session: fan_out(session, Notice.of(task.payload), ground.settings.public_url, now)


KIND = JobKind(NOTICE_JOB, N_("Finding whom a notice concerns"), run)
