"""The Celery application that a server and its workers share, made by a function: names and settings."""

from celery import Celery

BATCH, RELOAD = "analysis.batch", "analysis.reload"
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
        task_acks_late=False,  # a picture is analysed once or not at all: a newer one is on its way
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
        # one priority: to let a queue end takes a command for each
        broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 2, "priority_steps": [0]},
    )
    return app


def queue_of(worker: str) -> str:
    """Return the queue that this worker alone reads: it knows the last pictures of its participants."""
    return f"exam.analysis.{worker}"
