"""The Celery application that a server and its workers share, made by a function: names, settings, task messages."""

import base64
import functools
import itertools
import json
import math
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from celery import Celery

BATCH, RELOAD = "analysis.batch", "analysis.reload"
NUMBER, EXPIRES, QUEUE, BODY = "<number>", "<expires>", "<queue>", "<body>"  # blanks in a form
STUCK = 30  # seconds after which the child of a worker that does not come back from a task is killed
LOADING = 120  # seconds a child may take until its models are loaded


def make_app(redis_url: str) -> Celery:
    """Return an application on this broker: JSON alone, no results, tasks forgotten as soon as they are begun."""
    # redis-py and kombu name a socket in the file system differently
    app = Celery("examonitor", broker=redis_url.replace("unix://", "redis+socket://", 1), set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_acks_late=False,  # a picture is looked at once or not at all: a newer one is on its way
        task_time_limit=STUCK,
        task_default_delivery_mode="transient",
        worker_prefetch_multiplier=1,
        worker_proc_alive_timeout=LOADING,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 2},
    )
    return app


def queue_of(worker: str) -> str:
    """Return the queue that this worker alone reads: it knows the last pictures of its participants."""
    return f"exam.analysis.{worker}"


class TaskForm:
    """A task as it lies in its Redis list, made by Celery once and filled in for each batch.

    Only the envelope around it, which kombu's Redis transport reads, is written here: sending through kombu costs
    several times as much, and a round trip of its own instead of one together with the pictures.
    """

    def __init__(self, app: Celery, name: str) -> None:
        task = app.amqp.as_task_v2(NUMBER, name, args=[], kwargs={}, ignore_result=True)
        properties = {
            **task.properties,
            "delivery_mode": 1,
            "delivery_info": {"exchange": "", "routing_key": QUEUE},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": NUMBER,
        }
        headers = {**task.headers, "expires": EXPIRES}
        content = {"content-encoding": "utf-8", "content-type": "application/json"}
        self._text = json.dumps({"body": BODY, **content, "headers": headers, "properties": properties})
        self._rest = task.body[1:]
        self._series, self._count = uuid.uuid4().hex, itertools.count(1)

    def filled(self, queue: str, arguments: Sequence[Any], expires: float) -> str:
        """Return the task for this queue; `expires` in seconds from now, rounded up to a whole second of the clock."""
        body = base64.b64encode(json.dumps([arguments, *self._rest]).encode()).decode()
        until = _whole_second(math.ceil(time.time() + expires))
        text = self._text.replace(NUMBER, f"{self._series}-{next(self._count)}").replace(EXPIRES, until)
        return text.replace(QUEUE, queue).replace(BODY, body)


@functools.lru_cache(maxsize=8)
def _whole_second(seconds: int) -> str:
    """Return a moment as Celery reads it; the same one for all tasks of a second, for to format it takes long."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()
