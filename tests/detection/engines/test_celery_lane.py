"""The way into Redis: whole batches, one answer for each task, and a connection that may have hung up meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.exceptions import ConnectionError as HungUp
from redis.exceptions import ResponseError

from detection.engines.celery_claims import connect
from detection.engines.celery_lane import TaskPublisher, laid_down, queued
from tests.detection.cluster import RedisServer, present


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis server that is not started yet."""
    server = RedisServer(present(os.environ), tmp_path)
    yield server
    server.kill()


@pytest.fixture
def lane(redis: RedisServer) -> Iterator[TaskPublisher]:
    """The lane to it."""
    lane = TaskPublisher(connect(redis.url))
    yield lane
    lane.close()


def batch(number: int) -> bytes:
    picture = b"".join(laid_down("exam:frame:Zoë", b"head ", b"\xff\xd8\r\n\x00%d" % number, 5000))
    return picture + queued("ana", "first é", 5000) + queued("ben", "second", 5000)


def test_pictures_and_tasks_lie_in_redis_and_end_by_themselves(redis: RedisServer, lane: TaskPublisher) -> None:
    redis.start()
    for number in range(3):
        lane.send(batch(number), 2)
    with redis.client() as client:
        assert client.get("exam:frame:Zoë") == b"head \xff\xd8\r\n\x002"
        assert client.lrange("ana", 0, -1) == ["first é".encode()] * 3
        assert client.lrange("ben", 0, -1) == [b"second"] * 3
        assert all(0 < int(str(client.pttl(key))) <= 5000 for key in ("exam:frame:Zoë", "ana", "ben"))


def test_a_connection_that_was_hung_up_is_made_anew(redis: RedisServer, lane: TaskPublisher) -> None:
    redis.start()
    lane.send(batch(1), 2)
    redis.kill()
    redis.start()
    lane.send(batch(2), 2)
    with redis.client() as client:
        assert client.llen("ana") == 1


def test_without_redis_it_says_so_until_redis_is_there(redis: RedisServer, lane: TaskPublisher) -> None:
    with pytest.raises(HungUp):
        lane.send(batch(1), 2)
    redis.start()
    lane.send(batch(2), 2)
    redis.kill()
    with pytest.raises(HungUp):
        lane.send(batch(3), 2)


def test_what_redis_refuses_is_told_and_the_next_batch_gets_its_own_answers(
    redis: RedisServer, lane: TaskPublisher
) -> None:
    redis.start()
    with redis.client() as client:
        client.set("ana", "no list")
    with pytest.raises(ResponseError):
        lane.send(batch(1), 2)
    with redis.client() as client:
        client.delete("ana")
    lane.send(batch(2), 2)
    with redis.client() as client:
        assert client.llen("ana") == 1
