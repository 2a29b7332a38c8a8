"""The server's own process of jobs: it is there, it is started again when it was killed, and what is due goes out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from core.delivery.notices import NOTICE_JOB, Notice, NoticeKind
from notify.webhook_secrets import SecretBox, secret_of
from rooms.desk.unanswered import OVERDUE_S
from settings import ASYNC_MODES
from store.alerts import AlertRow
from store.delivery.notices import NotificationRules, Webhook
from store.delivery.outbox import JobProcessRow, enqueue
from store.rooms import ParticipantRow, RoomTeacher
from store.session import Database
from tests.flows.live_server import LiveServer, wait_until
from tests.notify.receivers import Receiver, free_port, http_receiver, mail_receiver
from tests.store.makers import MOMENT, make_room, make_user

pytestmark = pytest.mark.slow
TROUBLE = NoticeKind.SERVER_TROUBLE


@contextmanager
def server_with_jobs(folder: Path, smtp_port: int, mode: str = ASYNC_MODES[0]) -> Iterator[tuple[LiveServer, Database]]:
    """A server that sends mail, and its database with one administrator who wishes to hear of trouble."""
    variables = {"EXAM_JOBS": "on", "EXAM_DETECTION": "off", "EXAM_PRIVATE_TARGETS": "on"}
    server = LiveServer(folder, mode, EXAM_SMTP_URL=f"smtp://127.0.0.1:{smtp_port}", **variables).start()
    database = Database(server.settings.database())
    with database.session() as session:
        session.add(make_user(role="admin"))
        session.flush()
        session.add(NotificationRules(user_id=1, ways={TROUBLE: ["mail"]}))
    try:
        yield server, database
    finally:
        database.close()
        assert server.stop() == 0


def happen(database: Database, what: str) -> None:
    with database.session() as session:
        notice = Notice(kind=TROUBLE, at=time.time(), facts={"what": what})
        enqueue(session, NOTICE_JOB, notice.payload(), datetime.now(UTC))


def jobs_processes(server: LiveServer) -> list[psutil.Process]:
    return [one for one in server.process.children() if _is_jobs(one)]


def _is_jobs(process: psutil.Process) -> bool:
    try:
        return "serving.jobs.child" in " ".join(process.cmdline())
    except psutil.Error:  # it ended just now
        return False


def hook(database: Database, server: LiveServer, receiver: Receiver) -> None:
    box = SecretBox(server.settings.secret())
    sealed = box.seal(secret_of(bytes(range(32))))
    with database.session() as session:
        session.add(Webhook(address=receiver.url(), sealed_secret=sealed, events=[str(TROUBLE)], created_at=MOMENT))


@pytest.mark.both_modes
def test_a_notice_reaches_mail_and_webhook_and_a_killed_process_is_replaced(tmp_path: Path, mode: str) -> None:
    with mail_receiver() as (mailbox, port), http_receiver() as receiver:
        with server_with_jobs(tmp_path, port, mode) as (server, database):
            hook(database, server, receiver)
            happen(database, "first")
            wait_until(lambda: mailbox.taken and receiver.taken, "both were told")
            (first,) = jobs_processes(server)
            first.kill()
            wait_until(lambda: [one for one in jobs_processes(server) if one.pid != first.pid], "another was started")
            happen(database, "second")
            wait_until(lambda: len(receiver.taken) == 2, "the new one does jobs")
        assert not server.lines("Traceback")
    assert b"first" in mailbox.content()


def test_a_critical_incident_that_nobody_looks_after_reaches_a_mailbox(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with mail_receiver() as (mailbox, port), server_with_jobs(tmp_path, port) as (server, database):
        with database.session() as session:
            session.merge(NotificationRules(user_id=1, ways={NoticeKind.INCIDENT_WAITS: ["mail"]}))
            session.add(make_room(state="running", created_at=now, started_at=now))
            session.flush()
            session.add(RoomTeacher(room_id="r1", user_id=1, role="owner", joined_at=now))
            session.add(ParticipantRow(id="p1", room_id="r1", name="Zoé", state="admitted", joined_at=now))
        server.kill()
        server.start()  # it takes up the room
        with database.session() as session:
            at = datetime.now(UTC) - timedelta(seconds=OVERDUE_S - 3)
            alert = {"kind": "PHONE_DETECTED", "severity": "critical", "text": "-", "numbers": {}}
            times = {"started_at": at, "raised_at": at}
            session.add(AlertRow(id="a1", room_id="r1", participant_id="p1", incident_id="a1", **alert, **times))
        wait_until(lambda: mailbox.taken, "a teacher was told")
    assert "Zoé" not in mailbox.content().decode() and server.lines("notice kind=incident_waits")


def test_what_a_receiver_missed_reaches_it_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    with server_with_jobs(tmp_path, port) as (server, database):
        happen(database, "while away")
        wait_until(lambda: server.lines("job-retried", "kind=deliver", "cannot be reached"), "it was tried")
        with mail_receiver(port=port) as (mailbox, _port):
            wait_until(lambda: mailbox.taken, "it was tried again")


def test_it_says_that_it_is_there_until_it_leaves(tmp_path: Path) -> None:
    with server_with_jobs(tmp_path, free_port()) as (server, database):
        (process,) = jobs_processes(server)
        wait_until(lambda: pids(database) == [process.pid], "it said so")
        server.stop()
        assert pids(database) == []


def pids(database: Database) -> list[int]:
    with database.read() as session:
        return [row.pid for row in session.query(JobProcessRow)]
