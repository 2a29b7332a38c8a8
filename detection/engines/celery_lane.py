"""The server's way into Redis: pictures and tasks in one write over one connection, answered by one short line a task.

The commands are put together here because a web process sends a hundred times a second, each time out of a cold
cache: the client library's pipeline takes four times the processor time for the same bytes.
"""

import threading

from redis import Redis
from redis.exceptions import ConnectionError as HungUp

QUIET = b"*3\r\n$6\r\nCLIENT\r\n$5\r\nREPLY\r\n$4\r\nSKIP\r\n"  # no answer to the command behind it
SET = QUIET + b"*5\r\n$3\r\nSET\r\n$%d\r\n%b\r\n$%d\r\n"
PX = b"\r\n$2\r\nPX\r\n$%d\r\n%b\r\n"
LPUSH = b"*3\r\n$5\r\nLPUSH\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n"
PEXPIRE = QUIET + b"*3\r\n$7\r\nPEXPIRE\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n"


class TaskPublisher:
    """One connection for sending, made when it is first needed; safe to use from several threads."""

    def __init__(self, redis: Redis) -> None:
        self._connection = redis.connection_pool.make_connection()
        self._is_used = False
        self._lock = threading.Lock()

    def send(self, batch: bytes, answers: int) -> None:
        """Send commands that are answered so many times; RedisError when Redis is not there, or refuses one."""
        with self._lock:
            try:
                self._send(batch, answers)
            except HungUp:
                if not self._is_used:
                    raise
                self._is_used = False  # it may have hung up long ago, for nothing was sent, and be there again
                self._send(batch, answers)
            self._is_used = True

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            self._connection.disconnect()

    def _send(self, batch: bytes, answers: int) -> None:
        try:
            self._connection.send_packed_command([batch], check_health=False)
            for _ in range(answers):
                self._connection.read_response()
        except BaseException:
            self._connection.disconnect()  # else what was not read would count as the next batch's answers
            raise


def laid_down(key: str, head: bytes, body: bytes, ms: int) -> tuple[bytes, ...]:
    """Return the command, not answered, that keeps a value of two parts for so many milliseconds; to be joined."""
    name, lasts = key.encode(), b"%d" % ms
    return SET % (len(name), name, len(head) + len(body)), head, body, PX % (len(lasts), lasts)


def queued(queue: str, message: str, ms: int) -> bytes:
    """Return the command, answered once, that queues a message; the queue is dropped if nobody reads it for so long."""
    name, text, lasts = queue.encode(), message.encode(), b"%d" % ms
    pushed = LPUSH % (len(name), name, len(text), text)
    return pushed + PEXPIRE % (len(name), name, len(lasts), lasts)
