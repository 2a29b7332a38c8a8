"""The server's way to its workers' queues: tasks by Celery's own calls, those of one moment in one round trip."""

import threading
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from celery import Celery
from kombu import Queue
from kombu.exceptions import KombuError
from redis.exceptions import ConnectionError as HungUp

UNREAD_S = 10.0  # after which a queue is dropped whose worker fetches nothing
LATE_S = 1.0  # by which the clocks of a server and a worker may differ


class Task(NamedTuple):
    """One task for one worker; `seconds` after which it is not worth beginning."""

    queue: str
    name: str
    arguments: Sequence[Any]
    seconds: float


class TaskPublisher:
    """One connection for sending tasks, made when it is first needed; safe to use from several threads."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        # without retries: whoever sends is told at once that Redis is not there, and answers for its pictures
        self._connection = app.connection_for_write(
            transport_options=dict(app.conf.broker_transport_options, max_retries=0)
        )
        self._producer = app.amqp.Producer(self._connection, auto_declare=False)
        self._queues: dict[str, Queue] = {}
        self._lock = threading.Lock()

    def send(self, tasks: Iterable[Task]) -> None:
        """Put the tasks into their queues, all together; RedisError when Redis is not there, or refuses one."""
        with self._lock:
            try:
                with self._producer.batch():
                    for task in tasks:
                        self._publish(task)
            except KombuError as error:
                raise HungUp(str(error.__cause__ or error)) from error

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            self._connection.release()

    def _publish(self, task: Task) -> None:
        self._app.send_task(
            task.name,
            task.arguments,
            queue=self._queue(task.queue),
            declare=[],
            producer=self._producer,
            expires=task.seconds + LATE_S,
            ignore_result=True,
            retry=False,
            # shown by tools that watch tasks, and long to make
            argsrepr="",
            kwargsrepr="",
        )

    def _queue(self, name: str) -> Queue:
        """Return a queue that is declared once: kombu would ask Redis about one that ends by itself each time."""
        queue = self._queues.get(name)
        if queue is None:
            queue = Queue(name, expires=UNREAD_S)
            queue.bind(self._producer.channel).declare()
            self._queues[name] = queue
        return queue
