"""What ends with a capsule: its pictures are sealed, its manifest is an entry of the chain, and teachers are told."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from sqlalchemy.exc import IntegrityError

from core.text_keys import N_
from evidence.capsule import capsule
from evidence.chain import CAPSULE
from evidence.frame_ring import Window
from evidence.layout import sha256
from evidence.manifest import manifest
from rooms.alerts.alert_service import AlertService
from rooms.evidence.ledgers import Ledgers
from rooms.evidence.recorder import Pending, Recorder, is_of_room
from rooms.evidence.vault import Vault
from rooms.live import views
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from store.alerts import AlertRow, all_alerts
from store.errors import FULL, StoreUnavailable
from store.evidence import EMPTY, FAILED, PENDING, SEALED, CapsuleRow, pending_capsules

DISK_FULL = N_("Evidence could not be kept: the server's disk is full.")
NOT_WRITTEN = N_("Evidence could not be kept: the server cannot write files.")
NO_DATABASE = N_("Evidence could not be kept: the server's database could not be used.")
STOPPED = N_("Evidence could not be kept: the server was stopped before it was sealed.")
NO_SPACE = 28
"""ENOSPC."""


class Sealer:
    """Watcher that seals what is due; it does so at once for a room that ends."""

    def __init__(
        self, context: RoomContext, recorder: Recorder, vault: Vault, ledgers: Ledgers, alert_service: AlertService
    ) -> None:
        self._database = context.database
        self._directory = context.directory
        self._event_log = context.event_log
        self._clock = context.clock
        self._recorder = recorder
        self._vault = vault
        self._ledgers = ledgers
        self._alert_service = alert_service
        self._turn = threading.Lock()
        self._is_tidied = False
        for signal in (
            context.signals.students.left,
            context.signals.students.removed,
            context.signals.students.settled,
        ):
            signal.connect(self._gone)

    def look_around(self) -> None:
        """Seal every capsule whose time is over; about every two seconds."""
        if not self._is_tidied:
            self._give_up_older()
            self._is_tidied = True
        now = self._clock.now()
        self._recorder.cut(lambda one: now >= one.end)
        self._list_new()
        self._finish_all(self._recorder.waiting())
        self._recorder.sweep()

    def seal_room(self, room: LiveRoom) -> None:
        """Seal all that a room waits for with the pictures that are there, and forget the others."""
        self._recorder.cut(lambda one: one.room is room)
        self._recorder.forget(room.id)
        self._finish_all(self._recorder.waiting(room.id))

    def _gone(self, room: LiveRoom, participant: Student) -> None:
        # what they sent until now belongs to their capsules, and to nothing else
        self._recorder.cut(lambda one: one.student is participant)
        self._recorder.forget(room.id, participant.id)

    def _finish_all(self, pending: Sequence[Pending]) -> None:
        for one in pending:
            with self._turn:  # of two who find the same capsule, the second finds it done
                if one.window is not None and self._recorder.is_waiting(one):
                    self._finish(one, one.window)

    def _finish(self, pending: Pending, window: Window) -> None:
        if is_of_room(pending):
            self._forget_row(pending)
            self._end(pending, None)
            return
        try:
            state = self._sealed(pending, window)
        except OSError as error:
            full = error.errno == NO_SPACE
            self._fail(pending, DISK_FULL if full else NOT_WRITTEN, str(error.strerror or error))
        except StoreUnavailable as error:
            if self._clock.now() >= pending.given_up_at:
                self._fail(pending, DISK_FULL if error.code == FULL else NO_DATABASE, error.why)
        except IntegrityError as error:
            self._drop(pending, error)
        else:
            self._end(pending, {"state": state, "why": ""})

    def _sealed(self, pending: Pending, window: Window) -> str:
        """Seal a capsule and add its entry; return its state. A file without an entry is deleted again."""
        alert = pending.alert
        if not window.frames:
            self._write(_row(pending, EMPTY))
            return EMPTY
        said = manifest(alert, window, pending.circumstances)
        size = self._vault.keep(alert.room, alert.participant, alert.id, partial(capsule, said, window))
        try:
            self._write(_row(pending, SEALED, frames=len(window.frames), size=size), said)
        except BaseException:
            self._vault.drop(alert.room, alert.id)
            raise
        facts = {"kind": alert.kind, "pictures": len(window.frames), "bytes": size}
        self._event_log.note("evidence-sealed", room=pending.room.code, student=pending.student.name, **facts)
        return SEALED

    def _write(self, row: CapsuleRow, said: bytes | None = None) -> None:
        with self._database.session() as session:
            if said is not None:
                entry = self._ledgers.append(session, row.room_id, CAPSULE, said, row.participant_id)
                row.chain_index, row.manifest_hash = entry.index, sha256(said)
            session.merge(row)

    def _fail(self, pending: Pending, text: str, why: str) -> None:
        alert, room = pending.alert, pending.room
        self._event_log.warn("evidence-lost", room=room.code, student=pending.student.name, kind=alert.kind, why=why)
        with suppress(StoreUnavailable):  # the next start finds it pending
            self._write(_row(pending, FAILED, why=text))
        self._end(pending, {"state": FAILED, "why": text})

    def _drop(self, pending: Pending, error: IntegrityError) -> None:
        """Give up a capsule whose student or room was deleted meanwhile."""
        self._event_log.warn("evidence-lost", room=pending.room.code, alert=pending.alert.id, why=error.orig)
        self._recorder.done(pending)

    def _end(self, pending: Pending, told: dict[str, str] | None) -> None:
        self._recorder.done(pending)
        self._alert_service.change([pending.alert.id], lambda row: {"numbers": {**row.numbers, views.CAPSULE: told}})

    def _list_new(self) -> None:
        """Have the database know what is waited for, so that a server that stops meanwhile can tell."""
        new = [one for one in self._recorder.waiting() if not one.is_listed and not is_of_room(one)]
        for one in new:
            try:
                self._write(_row(one, PENDING))
                one.is_listed = True
            except StoreUnavailable:
                return
            except IntegrityError as error:
                self._drop(one, error)

    def _forget_row(self, pending: Pending) -> None:
        if pending.is_listed:
            with suppress(StoreUnavailable), self._database.session() as session:
                row = session.get(CapsuleRow, pending.alert.id)
                if row is not None:
                    session.delete(row)

    def _give_up_older(self) -> None:
        """Say of capsules that a server before this one did not seal why there is none."""
        self._vault.tidy()
        own = {one.alert.id for one in self._recorder.waiting()}
        with self._database.session() as session:
            rows = [row for row in pending_capsules(session) if row.alert_id not in own]
            for row in rows:
                row.state, row.why = FAILED, STOPPED
            alerts = [session.get(AlertRow, row.alert_id) for row in rows]
            for room in self._directory.rooms():
                alerts += [one for one in all_alerts(session, room.id) if _is_pending(one) and one.id not in own]
            lost = {one.id: one for one in alerts if one is not None}
            for one in lost.values():
                one.numbers = {**one.numbers, views.CAPSULE: {"state": FAILED, "why": STOPPED}}
        for row in rows:
            self._vault.drop(row.room_id, row.alert_id)
        for alert in lost.values():
            self._event_log.warn("evidence-lost", room=alert.room_id, alert=alert.id, why="the server was stopped")


def _is_pending(row: AlertRow) -> bool:
    return (row.numbers.get(views.CAPSULE) or {}).get("state") == PENDING


def _row(pending: Pending, state: str, frames: int = 0, size: int = 0, why: str = "") -> CapsuleRow:
    return CapsuleRow(
        alert_id=pending.alert.id,
        room_id=pending.alert.room,
        participant_id=pending.alert.participant,
        incident_id=pending.incident,
        began_at=datetime.fromtimestamp(pending.begin, UTC),
        ended_at=datetime.fromtimestamp(pending.end, UTC),
        frames=frames,
        size=size,
        manifest_hash="",
        state=state,
        why=why,
    )
