"""What the page of the server tells of jobs: whether anybody does them, what waits, what failed, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from rooms.pages.services import Services
from store.delivery.outbox import JobProcessRow, JobRow, OutboxFigures, job_processes, outbox_figures
from store.errors import StoreUnavailable

SILENT_AFTER = timedelta(seconds=40)
"""A process says every ten seconds that it is there."""
LATE_AFTER = timedelta(seconds=60)
RECENTLY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class JobsShown:
    """The outbox and the processes that do its jobs, at one moment."""

    figures: OutboxFigures
    processes: list[JobProcessRow]
    child: Mapping[str, Any] | None
    """The process that the server started by itself."""
    labels: Mapping[str, str]
    now: datetime

    def label(self, row: JobRow) -> str:
        """Return what a job is."""
        return _(self.labels[row.kind]) if row.kind in self.labels else row.kind

    def problems(self, is_admin: bool) -> list[str]:
        """Return what somebody should do something about; why a message failed may name whom it was for."""
        told = []
        if not self.processes:
            told.append(self._nobody())
        elif self.figures.oldest is not None and self.now - self.figures.oldest > LATE_AFTER:
            minutes = int((self.now - self.figures.oldest).total_seconds() // 60)
            told.append(_("Jobs do not keep up: the oldest has waited for %(minutes)s min.", minutes=minutes))
        if not is_admin:
            return told
        for row in self.figures.retried:
            told.append(_("%(job)s failed and is tried again: %(why)s", job=self.label(row), why=row.error))
        for row in self.figures.failed:
            if row.ended_at is not None and self.now - row.ended_at < RECENTLY:
                told.append(_("%(job)s was given up: %(why)s", job=self.label(row), why=row.error))
        return list(dict.fromkeys(told))

    def _nobody(self) -> str:
        if self.child is not None:
            return _("The process that does jobs is not ready: mail, webhooks and reports wait.")
        waits = self.figures.waiting
        return _("Nobody does jobs: EXAM_JOBS is off and no “app.py jobs” runs.") + (
            " " + ngettext("%(num)d job waits.", "%(num)d jobs wait.", waits) if waits else ""
        )


def is_anybody_working(services: Services) -> bool:
    """Say whether a process does jobs now."""
    since = datetime.fromtimestamp(services.clock.now(), UTC) - SILENT_AFTER
    with services.database.read() as session:
        return bool(job_processes(session, since))


def jobs_shown(services: Services) -> JobsShown | None:
    """Read how jobs are; None where the database cannot be read."""
    now = datetime.fromtimestamp(services.clock.now(), UTC)
    child = current_app.extensions.get("jobs")
    try:
        with services.database.read() as session:
            figures, processes = outbox_figures(session, now), job_processes(session, now - SILENT_AFTER)
    except StoreUnavailable:
        return None
    labels = current_app.extensions["job_labels"]
    return JobsShown(figures, processes, child.health() if child else None, labels, now)
