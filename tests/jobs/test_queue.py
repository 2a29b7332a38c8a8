"""Jobs are taken once, held by a lease, tried again with pauses, given up in the end; on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.clock import FakeClock
from core.delivery.attempts import GivenUp, TryLater
from jobs.backoff import LONGEST_S, pause_after
from jobs.base import JobKind, Task
from jobs.ground import Ground
from jobs.queue import DIED, DONE_KEPT, FAILED_KEPT, LEASE_S
from store.delivery.outbox import DONE, FAILED, WAITING, JobRow, enqueue, job_processes, last_about, outbox_figures
from tests.jobs.outbox import do_due, now_of, put, queue_of, row_of


def do_nothing(_ground: Ground, _task: Task) -> None:
    return None


KINDS = {"plain": JobKind("plain", "Plain", do_nothing, attempts=3)}


def advance(ground: Ground, seconds: float) -> None:
    assert isinstance(ground.clock, FakeClock)
    ground.clock.advance(seconds)


def test_of_two_who_take_at_once_none_gets_what_the_other_has(ground: Ground) -> None:
    wanted = [put(ground, "plain") for _ in range(5)]
    one, other = queue_of(ground, KINDS, "one"), queue_of(ground, KINDS, "other")
    first, second = one.take(["plain"], 3), other.take(["plain"], 3)
    assert [row.id for row in (*first, *second)] == wanted
    assert one.take(["plain"], 3) == other.take(["plain"], 3) == []


def test_only_what_is_due_and_known_is_taken(ground: Ground) -> None:
    put(ground, "of another version")
    with ground.database.session() as session:
        enqueue(session, "plain", {}, now_of(ground), due=now_of(ground) + timedelta(seconds=60))
    queue = queue_of(ground, KINDS)
    assert queue.take(["plain"], 5) == []
    advance(ground, 60)
    assert len(queue.take(["plain"], 5)) == 1


def test_a_job_whose_process_died_is_taken_again_after_its_lease_and_not_before(ground: Ground) -> None:
    job = put(ground, "plain")
    (dead,) = queue_of(ground, KINDS, "dead").take(["plain"], 1)
    other = queue_of(ground, KINDS, "other")
    advance(ground, LEASE_S - 1)
    assert other.take(["plain"], 1) == []
    advance(ground, 2)
    (again,) = other.take(["plain"], 1)
    assert (again.id, again.attempts) == (job, 2)
    assert not queue_of(ground, KINDS, "dead").finish(dead, None), "it comes too late"
    assert other.finish(again, None)
    assert row_of(ground, job).state == DONE


def test_a_lease_that_is_renewed_goes_on(ground: Ground) -> None:
    job = put(ground, "plain")
    queue = queue_of(ground, KINDS, "one")
    queue.take(["plain"], 1)
    advance(ground, LEASE_S - 1)
    queue.renew([job])
    advance(ground, LEASE_S - 1)
    assert queue_of(ground, KINDS, "other").take(["plain"], 1) == []


def test_what_comes_of_a_job_is_kept_with_its_end_or_not_at_all(ground: Ground) -> None:
    job = put(ground, "plain")
    (row,) = queue_of(ground, KINDS, "one").take(["plain"], 1)

    def keep(session: Session) -> None:
        enqueue(session, "plain", {"follows": job}, now_of(ground), subject="follows")

    advance(ground, LEASE_S + 1)
    (again,) = queue_of(ground, KINDS, "other").take(["plain"], 1)
    assert not queue_of(ground, KINDS, "one").finish(row, keep)
    with ground.database.read() as session:
        assert last_about(session, "follows") is None
    assert queue_of(ground, KINDS, "other").finish(again, keep)
    with ground.database.read() as session:
        found = last_about(session, "follows")
    assert found is not None and found.payload == {"follows": job}


def test_what_fails_is_tried_again_after_longer_and_longer_pauses_then_given_up(ground: Ground) -> None:
    tried: list[int] = []

    def fail(_ground: Ground, task: Task) -> None:
        tried.append(task.attempt)
        raise TryLater("the receiver is away")

    kinds = {"plain": JobKind("plain", "Plain", fail, attempts=3)}
    job = put(ground, "plain")
    for attempt in (1, 2):
        assert do_due(ground, kinds) == 1
        row = row_of(ground, job)
        assert (row.state, row.error) == (WAITING, "the receiver is away")
        assert row.due_at == now_of(ground) + timedelta(seconds=pause_after(attempt))
        advance(ground, pause_after(attempt) - 1)
        assert do_due(ground, kinds) == 0
        advance(ground, 1)
    assert do_due(ground, kinds) == 1 and tried == [1, 2, 3]
    assert row_of(ground, job).state == FAILED and row_of(ground, job).ended_at == now_of(ground)
    advance(ground, LONGEST_S)
    assert do_due(ground, kinds) == 0


def test_pauses_grow_and_have_an_end() -> None:
    pauses = [pause_after(attempt) for attempt in range(1, 30)]
    assert pauses == sorted(pauses) and pauses[0] <= 5 and pauses[-1] == LONGEST_S


@pytest.mark.parametrize("error", [GivenUp("the receiver is gone"), ValueError("no such thing")])
def test_a_fault_of_a_job_is_told_in_words_and_harms_no_other(ground: Ground, error: Exception) -> None:
    def run(_ground: Ground, task: Task) -> None:
        if task.payload.get("bad"):
            raise error

    kinds = {"plain": JobKind("plain", "Plain", run, attempts=3)}
    bad, good = put(ground, "plain", bad=True), put(ground, "plain")
    do_due(ground, kinds)
    assert str(error) in row_of(ground, bad).error
    assert row_of(ground, bad).state == (FAILED if isinstance(error, GivenUp) else WAITING)
    assert row_of(ground, good).state == DONE


def test_a_job_that_kills_its_process_again_and_again_is_given_up(ground: Ground) -> None:
    job = put(ground, "plain")
    queue = queue_of(ground, KINDS)
    for _ in range(KINDS["plain"].attempts):
        assert len(queue.take(["plain"], 1)) == 1
        advance(ground, LEASE_S + 1)
    assert queue.take(["plain"], 1) == []
    assert (row_of(ground, job).state, row_of(ground, job).error) == (FAILED, DIED)


def test_a_process_that_leaves_lets_others_go_on_at_once(ground: Ground) -> None:
    put(ground, "plain")
    queue = queue_of(ground, KINDS, "one")
    queue.say_alive(42)
    queue.take(["plain"], 1)
    with ground.database.read() as session:
        assert [row.pid for row in job_processes(session, now_of(ground))] == [42]
    queue.leave()
    with ground.database.read() as session:
        assert job_processes(session, now_of(ground)) == []
    assert len(queue_of(ground, KINDS, "other").take(["plain"], 1)) == 1


def test_progress_is_told_while_a_job_is_done(ground: Ground) -> None:
    seen: list[int] = []

    def run(ground: Ground, task: Task) -> None:
        task.progress(40)
        seen.append(row_of(ground, task.id).progress)

    job = put(ground, "plain")
    do_due(ground, {"plain": JobKind("plain", "Plain", run)})
    assert seen == [40] and row_of(ground, job).progress == 100


def test_the_figures_say_what_waits_and_what_failed(ground: Ground) -> None:
    def run(_ground: Ground, task: Task) -> None:
        raise (GivenUp if task.payload.get("for_good") else TryLater)("nobody there")

    kinds = {"plain": JobKind("plain", "Plain", run)}
    failed, again = put(ground, "plain", for_good=True), put(ground, "plain")
    do_due(ground, kinds)
    began = now_of(ground)
    put(ground, "plain")
    advance(ground, 2)
    with ground.database.read() as session:
        figures = outbox_figures(session, now_of(ground))
    assert (figures.waiting, figures.later, figures.oldest) == (1, 1, began)
    assert [row.id for row in figures.failed] == [failed] and [row.id for row in figures.retried] == [again]


def test_what_ended_long_ago_is_deleted_and_what_waits_is_not(ground: Ground) -> None:
    done, failed, waits = put(ground, "plain"), put(ground, "plain"), put(ground, "plain")
    queue = queue_of(ground, KINDS)
    first, second, _third = queue.take(["plain"], 3)
    queue.finish(first, None)
    queue.fail(second, "why", for_good=True)
    advance(ground, DONE_KEPT.total_seconds() + 1)
    queue.sweep()
    assert left(ground) == [failed, waits] and done not in left(ground)
    advance(ground, FAILED_KEPT.total_seconds())
    queue.sweep()
    assert left(ground) == [waits]


def left(ground: Ground) -> list[int]:
    with ground.database.read() as session:
        return [row.id for row in session.query(JobRow).order_by(JobRow.id)]
