"""Where slow work of a request is done, so that it does not hold up the other connections."""

from core.blocking import RunBlocking, call_directly


def run_blocking_for(async_mode: str) -> RunBlocking:
    """Return what calls a function with arguments: a thread pool under eventlet, whose connections share one thread."""
    if async_mode == "eventlet":
        from eventlet import patcher, tpool  # noqa: PLC0415 - only in eventlet mode

        if patcher.is_monkey_patched("thread"):
            return tpool.execute
    return call_directly
