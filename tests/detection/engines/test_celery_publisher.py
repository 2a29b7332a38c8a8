"""The way into Redis: pictures, then the tasks that name them; connections that were hung up; what Redis refuses."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection
from redis.exceptions import ConnectionError as HungUp
from redis.exceptions import RedisError

from detection.analysis.messages import Look
from detection.engines.celery_app import BATCH, make_app
from detection.engines.celery_claims import Claims, connect
from detection.engines.celery_publisher import Task, TaskPublisher
from tests.detection import pictures
from tests.detection.cluster import RedisServer, present

NAMED = [["ana:webcam", 1], ["ben:webcam", 2]]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis server that is not started yet."""
    server = RedisServer(present(os.environ), tmp_path)
    yield server
    server.kill()


@pytest.fixture
def publisher(redis: RedisServer) -> Iterator[TaskPublisher]:
    """The way to it."""
    app = make_app(redis.url)
    publisher = TaskPublisher(app)
    yield publisher
    publisher.close()
    app.close()


def tasks() -> list[Task]:
    return [Task(queue, BATCH, ("server", NAMED), 5.0) for queue in ("first", "second")]


def told(message: bytes) -> tuple[str, list[Any]]:
    """Return the name of a task and its arguments as they lie in Redis."""
    envelope = json.loads(message)
    return envelope["headers"]["task"], json.loads(base64.b64decode(envelope["body"]))[0]


def test_pictures_are_laid_down_and_end_by_themselves(redis: RedisServer) -> None:
    redis.start()
    claims = Claims(connect(redis.url))
    old, new, of_ben = (pictures.frame(b"\xff\xd8\r\n\x00" + name, name.decode()) for name in (b"Zoe", b"Zoe", b"ben"))
    claims.lay_down("here", [(Look(1, old), 5.0), (Look(2, of_ben), 5.0)])
    claims.lay_down("here", [(Look(3, new), 5.0)])
    with redis.client() as client:
        keys = sorted(client.scan_iter("exam:frame:*"))
        assert all(0 < int(str(client.pttl(key))) <= 5000 for key in keys)
    taken = claims.take("here", f"Zoe:{new.channel}")
    assert taken is not None and (taken.look.job, taken.look.frame.jpeg) == (3, new.jpeg)
    assert claims.take("here", f"Zoe:{new.channel}") is None
    assert len(keys) == 2
    claims.close()


def test_tasks_lie_in_their_queues_and_end_by_themselves(redis: RedisServer, publisher: TaskPublisher) -> None:
    redis.start()
    for _ in range(3):
        publisher.send(tasks())
    with redis.client() as client:
        for queue in ("first", "second"):
            assert [told(message) for message in client.lrange(queue, 0, -1)] == [(BATCH, ["server", NAMED])] * 3
            assert 0 < int(str(client.pttl(queue))) <= 10_000


def test_a_batch_goes_out_in_one_round_trip(redis: RedisServer, publisher: TaskPublisher) -> None:
    redis.start()
    publisher.send(tasks())  # the first one connects, and declares the queues
    with redis.client() as client:
        before = reads(client.info("stats"))
        publisher.send(tasks())
        assert reads(client.info("stats")) - before == 2, "the batch, and the question itself"


def reads(stats: Any) -> int:
    return int(stats["total_reads_processed"])


def test_any_celery_can_read_them(redis: RedisServer, publisher: TaskPublisher) -> None:
    redis.start()
    publisher.send(tasks())
    with Connection(redis.url.replace("unix://", "redis+socket://")) as connection:
        message = connection.SimpleQueue("first").get(timeout=5)
        assert message.headers["task"] == BATCH and message.payload[0] == ["server", NAMED]


def test_a_connection_that_was_hung_up_is_made_anew(redis: RedisServer, publisher: TaskPublisher) -> None:
    redis.start()
    publisher.send(tasks())
    redis.kill()
    redis.start()
    publisher.send(tasks())
    with redis.client() as client:
        assert client.llen("first") == 1


def test_without_redis_it_says_so_until_redis_is_there(redis: RedisServer, publisher: TaskPublisher) -> None:
    with pytest.raises(HungUp):
        publisher.send(tasks())
    redis.start()
    publisher.send(tasks())
    redis.kill()
    with pytest.raises(HungUp):
        publisher.send(tasks())


def test_what_redis_refuses_is_told_and_the_next_batch_goes_through(
    redis: RedisServer, publisher: TaskPublisher
) -> None:
    redis.start()
    with redis.client() as client:
        client.set("first", "no list")
    with pytest.raises(RedisError, match="WRONGTYPE"):
        publisher.send(tasks())
    with redis.client() as client:
        client.delete("first")
    publisher.send(tasks())
    with redis.client() as client:
        assert client.llen("first") == 1


def test_nothing_to_send_needs_no_redis(publisher: TaskPublisher) -> None:
    publisher.send([])
