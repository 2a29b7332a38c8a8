"""What lies in Redis between a server and its analysis workers, and for how long: claim checks instead of payloads.

A task names pictures only. The newest bytes of each wait under a key of their own, which Redis itself drops when they
are too old, so that no two machines have to agree on the time. Keys, all of them short-lived:

    exam:frame:SERVER:PARTICIPANT:CHANNEL   one picture with its plan, as a Look (analysis/messages.py); taken once
    exam:answers:SERVER                     list of answers to that server, as Seen of detection.analysis.messages
    exam:worker:NAME                        what a worker says of itself, once a second, as JSON
    exam:workers                            set of the names of workers
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import NamedTuple, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from detection.analysis.messages import Inbox, Look, Message, Seen, encode
from detection.processes.wire import MessageError

WORKERS = "exam:workers"
CONNECT_TIMEOUT, ANSWER_TIMEOUT = 2.0, 5.0  # seconds; without an answer for so long Redis counts as gone
UNREAD_MS = 10_000  # answers that no server fetches
ANNOUNCED_MS, LOADING_MS = 4_000, 120_000  # a worker that is silent for longer is gone; loading models may take longer
MOST_ANSWERS = 64  # fetched at once
STALE = "too old when its turn came"


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a worker says of itself; `loads` counts how often it loaded its detectors, `state` is ready or starting.

    `reduced` maps detectors that are on, but work less well than they could, to the reason.
    """

    name: str
    host: str
    pid: int
    state: str = "starting"
    loads: int = 0
    rss: int = 0
    kernels: str = ""
    stale: int = 0
    detectors: dict[str, str | None] = field(default_factory=dict)
    every: dict[str, float] = field(default_factory=dict)
    reduced: dict[str, str] = field(default_factory=dict)


class Claim(NamedTuple):
    """A picture that was taken out of Redis, and for how many more seconds it is young enough."""

    look: Look
    seconds: float


def connect(url: str) -> Redis:
    """Return a connection pool that says at once when Redis is not there; rediss:// for TLS."""
    return Redis.from_url(
        url,
        socket_connect_timeout=CONNECT_TIMEOUT,
        socket_timeout=ANSWER_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
        decode_responses=False,
    )


class Claims:
    """Puts pictures, answers and announcements into Redis and takes them out; RedisError when it is not there."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def close(self) -> None:
        """Hang up."""
        self._redis.close()

    # ------------------------------------------------------------------------------ the server's side

    def lay_down(self, server: str, looks: Iterable[tuple[Look, float]]) -> None:
        """Put pictures with the seconds they have left where the tasks that name them find them, in one round trip."""
        pipe = self._redis.pipeline(transaction=False)
        for look, seconds in looks:
            pipe.set(_frame_key(server, place_of(look)), encode(look), px=max(1, int(seconds * 1000)))
        pipe.execute()

    def answers(self, server: str, wait: float) -> Iterator[Seen]:
        """Yield the answers to this server; waits up to `wait` seconds for the first."""
        key = _answers_key(server)
        first = cast(Sequence[bytes], self._redis.blpop([key], timeout=wait) or ())
        if first:
            rest = cast(Sequence[bytes], self._redis.lpop(key, MOST_ANSWERS) or ())
            yield from (seen for data in [first[1], *rest] for seen in _decoded(data) if isinstance(seen, Seen))

    def workers(self) -> list[Announcement]:
        """Return what every worker that is there last said of itself; names of those that are gone are dropped."""
        names = sorted(name.decode() for name in cast(set[bytes], self._redis.smembers(WORKERS)))
        if not names:
            return []
        told = cast(Sequence[bytes | None], self._redis.mget([_worker_key(name) for name in names]))
        silent = [name for name, text in zip(names, told, strict=True) if text is None]
        if silent:
            self._redis.srem(WORKERS, *silent)
        return [Announcement(**json.loads(text)) for text in told if text is not None]

    def clear(self, server: str) -> None:
        """Drop what nobody will fetch any more."""
        self._redis.delete(_answers_key(server))

    # ------------------------------------------------------------------------------ the worker's side

    def take(self, server: str, place: str) -> Claim | None:
        """Return the newest picture of this place and take it away; None when it grew too old or was taken."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.pttl(_frame_key(server, place))
        pipe.getdel(_frame_key(server, place))
        left, data = pipe.execute()
        found = next(_decoded(data), None) if data is not None and left > 0 else None
        return Claim(found, left / 1000) if isinstance(found, Look) else None

    def answer(self, server: str, seen: Seen) -> None:
        """Tell the server what was seen."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.rpush(_answers_key(server), encode(seen))
        pipe.pexpire(_answers_key(server), UNREAD_MS)
        pipe.execute()

    def announce(self, told: Announcement) -> None:
        """Say that this worker is there."""
        lasts = ANNOUNCED_MS if told.state == "ready" else LOADING_MS
        pipe = self._redis.pipeline(transaction=False)
        pipe.sadd(WORKERS, told.name)
        pipe.set(_worker_key(told.name), json.dumps(asdict(told)), px=lasts)
        pipe.execute()

    def withdraw(self, name: str) -> None:
        """Say that this worker leaves."""
        self._redis.srem(WORKERS, name)
        self._redis.delete(_worker_key(name))


def place_of(look: Look) -> str:
    """Return the name under which a participant's newest picture lies."""
    return f"{look.frame.participant}:{look.frame.channel}"


def _decoded(data: bytes) -> Iterator[Message]:
    """Yield the messages in the bytes; what cannot be read is not ours, and counts as not there."""
    try:
        yield from Inbox().feed(data)
    except MessageError:
        return


def _frame_key(server: str, place: str) -> str:
    return f"exam:frame:{server}:{place}"


def _answers_key(server: str) -> str:
    return f"exam:answers:{server}"


def _worker_key(name: str) -> str:
    return f"exam:worker:{name}"
