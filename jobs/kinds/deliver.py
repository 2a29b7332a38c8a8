"""One message goes out by one way, and again until it is taken."""

from core.delivery.attempts import GivenUp, Keep
from core.text_keys import N_
from jobs.base import JobKind, Task
from jobs.ground import Ground
from notify.fan_out import DELIVER_JOB
from notify.ways import WAYS


def run(ground: Ground, task: Task) -> Keep | None:
    """Send the message."""
    way = WAYS.get(str(task.payload["way"]))
    if way is None:
        raise GivenUp(f"this version knows no way {task.payload['way']!r}")
    return way.deliver(ground, task.payload["target"], task.payload["message"])


KIND = JobKind(DELIVER_JOB, N_("Sending a message"), run)
