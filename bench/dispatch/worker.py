"""The workers that bench.dispatch measures the way to: they look at nothing and tell how long a picture was under way.

`python -m bench.dispatch.worker ours|peer REDIS_URL NUMBER`; times are of CLOCK_MONOTONIC, one for the whole machine.
"""

import base64
import os
import sys
import time
from typing import cast

from celery import Celery
from redis import Redis

from detection.analysis.messages import Look, Message, Ready, Seen, Setup
from detection.engines.celery_claims import Claims, connect
from detection.engines.celery_worker import Hands, PunctualAnalyst, run

TASK, INLINE, DELAYS = "bench.task", "bench.inline", "bench:delays"


class NoAnalyst(PunctualAnalyst):
    """Answers with the milliseconds since the picture was handed over."""

    def look_until(self, look: Look, until: float) -> Seen:
        """Look at nothing."""
        return Seen(look.job, {}, (time.monotonic() - look.frame.received_at) * 1000)

    def answer(self, message: Message) -> Message:
        """Be ready for anything."""
        return Ready(os.getpid(), {}, "none")


def peer_app(redis_url: str) -> Celery:
    """Return Celery as its own introduction sets it up, with results off and one task at a time."""
    app = Celery("peer", broker=redis_url.replace("unix://", "redis+socket://", 1), set_as_current=False)
    app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=1, worker_hijack_root_logger=False)
    return app


def serve_peer(redis_url: str, number: str) -> None:
    """Work on the tasks of both peers."""
    app, redis = peer_app(redis_url), connect(redis_url)

    def tell(sent: float) -> None:
        redis.rpush(DELAYS, (time.monotonic() - sent) * 1000)

    def task(key: str, sent: float) -> None:
        redis.get(key)
        tell(sent)

    def inline(picture: str, sent: float) -> None:
        base64.b64decode(picture)
        tell(sent)

    app.task(name=TASK)(task)
    app.task(name=INLINE)(inline)
    app.worker_main(["worker", "-P", "prefork", "-c", "1", "-n", f"peer-{number}", "--without-gossip", "-l", "ERROR"])


def serve_ours(redis_url: str, number: str) -> None:
    """Work as an analysis worker does, without detectors."""
    name = f"bench-{number}"
    run(name, redis_url, Hands(name, Setup([], "", []), Claims(connect(redis_url)), NoAnalyst()))


def delays(redis: Redis) -> list[float]:
    """Return the milliseconds that the peers' workers told since they were last asked."""
    told = cast(list[bytes], redis.lrange(DELAYS, 0, -1))
    redis.ltrim(DELAYS, len(told), -1)
    return [float(one) for one in told]


if __name__ == "__main__":
    {"ours": serve_ours, "peer": serve_peer}[sys.argv[1]](sys.argv[2], sys.argv[3])
