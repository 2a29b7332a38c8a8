"""What holds for every kind of job."""

from __future__ import annotations

import inspect

import pytest

from core.delivery.notices import NOTICE_JOB
from jobs.backoff import pause_after
from jobs.base import JobKind
from jobs.kinds import KINDS
from notify.fan_out import DELIVER_JOB, TELL_JOB


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
class TestEveryKind:
    def test_its_name_fits_the_column_and_is_its_own(self, kind: JobKind) -> None:
        assert 0 < len(kind.name) <= 32 and kind.name.isidentifier()
        assert [one.name for one in KINDS.values()].count(kind.name) == 1

    def test_it_has_a_label_for_people(self, kind: JobKind) -> None:
        assert kind.label[:1].isupper() and "%" not in kind.label

    def test_it_takes_ground_and_task(self, kind: JobKind) -> None:
        assert len(inspect.signature(kind.run).parameters) == 2

    def test_it_is_tried_more_than_once_and_not_for_weeks(self, kind: JobKind) -> None:
        assert kind.attempts > 1
        assert sum(pause_after(attempt) for attempt in range(1, kind.attempts)) < 3 * 86400


def test_what_others_put_into_the_outbox_has_a_kind() -> None:
    assert {NOTICE_JOB, TELL_JOB, DELIVER_JOB} <= KINDS.keys()
