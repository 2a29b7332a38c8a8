"""Photos that teachers give to compare students with: analysed once, kept as numbers alone."""

import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from core.errors import Busy, UserError
from core.ports import Monitor
from core.text_keys import N_
from core.types import Frame, Observation, ObservationKind
from rooms.identity.enrolment import Enrolment
from rooms.identity.identity_status import DETECTOR
from rooms.identity.photo_names import name_key, participant_key, present_participants
from rooms.identity.references import References
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.protocol.payload_checks import check_name

MOST_BYTES = 800 * 1024  # of one photo, as the page made it smaller
LEAST_SIDE, LONG_SIDE, SHORT_SIDE = 96, 1920, 1080  # pixels; what the analysis takes
MOST_WAITING = 20  # photos of all teachers together that are analysed at once
OFFER_AGAIN_S = 3.0  # a busy analysis drops what is older than two seconds
GIVE_UP_S = 20.0
FORGET_S = 300.0  # seconds for which the outcome can be asked for

LOOKING, KEPT, REFUSED = "looking", "kept", "refused"

UNREADABLE = N_("The photo could not be checked: it is damaged, or the server is too busy. Please try again.")
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "no face": N_("No face was found on this photo. Please take one that shows the face from the front."),
        "several faces": N_("There is more than one face on this photo. Please crop it to one person."),
        "turned away": N_("The face on this photo is turned away. Please take one from the front."),
        "too far away": N_("The face on this photo is too small. Please crop it more closely, or take a larger one."),
        "poor light": N_("The face on this photo is too dark or too bright."),
        "blurred": N_("The face on this photo is blurred. Please take a sharp one."),
    }
)

ReadHeader = Callable[[bytes], tuple[int, int, int]]


class Subject(NamedTuple):
    """Whom a photo is for, and who gave it."""

    room: str
    key: str
    name: str
    person: int


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo on its way; times in server seconds. The bytes are dropped as soon as there is an outcome."""

    subject: Subject
    since: float
    offered_at: float
    state: str = LOOKING
    text: str = ""
    sequence: int = 1
    jpeg: bytes = field(default=b"", repr=False)
    size: tuple[int, int] = (0, 0)


class Photos:
    """Has the analysis look at photos, as frames of somebody who is in no room, and keeps what is good enough."""

    def __init__(
        self,
        context: RoomContext,
        references: References,
        enrolment: Enrolment,
        monitor: Monitor,
        read_header: ReadHeader,
    ) -> None:
        self._references = references
        self._enrolment = enrolment
        self._directory = context.directory
        self._event_log = context.event_log
        self._clock = context.clock
        self._read_header = read_header
        self._monitor = monitor
        self._photos: dict[str, Photo] = {}
        self._lock = threading.RLock()

    def offer(self, room_id: str, name: str, participant_id: str | None, jpeg: bytes, person: int) -> str:
        """Have a photo checked and return the id to ask for its outcome.

        It is for the participant if one is given, else for everybody of that name, also who joins later. UserError
        `room_ended`, `unknown_participant`, `several_of_name`, `name_empty`, `name_too_long`, `photo_too_large`,
        `bad_photo` or `not_compared`, Busy `photos_busy`.
        """
        room = self._directory.room(room_id)
        if room is None:
            raise UserError("room_ended", "This room has ended.")
        subject = _subject(room, name, participant_id, person)
        size = check_photo(jpeg, self._read_header)
        self._check_able()
        now = self._clock.now()
        with self._lock:
            self._sweep(now)
            if sum(photo.state == LOOKING for photo in self._photos.values()) >= MOST_WAITING:
                raise Busy("photos_busy", "Many photos are being checked right now. Please try again.", retry_after=3.0)
            photo_id = uuid.uuid4().hex
            self._photos[photo_id] = photo = Photo(subject, now, now, jpeg=jpeg, size=size)
        self._show(photo_id, photo)
        return photo_id

    def outcome(self, room_id: str, photo_id: str) -> Photo:
        """Return what has become of a photo; UserError `unknown_photo` when that is long ago."""
        now = self._clock.now()
        with self._lock:
            self._sweep(now)
            photo = self._photos.get(photo_id)
            if photo is None or photo.subject.room != room_id:
                raise UserError("unknown_photo", "This photo is no longer kept.")
            if photo.state != LOOKING or now - photo.offered_at < OFFER_AGAIN_S:
                return photo
            photo = replace(photo, offered_at=now, sequence=photo.sequence + 1)
            self._photos[photo_id] = photo
        self._show(photo_id, photo)
        return photo

    def remove(self, room_id: str, photo_id: str, by: str) -> str:
        """Forget a kept photo and return the student's name; UserError `unknown_photo`."""
        key, name = self._references.drop_photo(room_id, photo_id)
        room = self._directory.room(room_id)
        if room is not None:
            self._event_log.note("photo-removed", room=room.code, student=name, by=by)
            self._enrolment.photo_changed(room, key)
        return name

    def look_around(self) -> None:
        """Drop photos that nobody asks for any more; about every two seconds."""
        with self._lock:
            self._sweep(self._clock.now())

    def observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        """Take the facts of one analysed frame, if it was a photo."""
        photo = self._photos.get(frame.participant)
        if photo is None or photo.state != LOOKING:
            return
        found = [one.values for one in observations if one.kind is ObservationKind.IDENTITY]
        values = found[0] if found else {}
        face = values.get("embedding")
        if face is None:
            reason = str(values.get("reason"))
            self._finish(frame.participant, REFUSED, REASONS.get(reason, UNREADABLE))
        else:
            self._keep(frame.participant, photo.subject, list(face))

    def _keep(self, photo_id: str, subject: Subject, face: list[float]) -> None:
        moment = datetime.fromtimestamp(self._clock.now(), UTC)
        self._references.keep_photo(subject.room, subject.key, subject.name, face, subject.person, moment)
        self._finish(photo_id, KEPT, "")
        room = self._directory.room(subject.room)
        if room is not None:
            self._event_log.note("photo-kept", room=room.code, student=subject.name)
            self._enrolment.photo_changed(room, subject.key)

    def _finish(self, photo_id: str, state: str, text: str) -> None:
        with self._lock:
            photo = self._photos[photo_id]
            self._photos[photo_id] = replace(photo, state=state, text=text, jpeg=b"")
        self._monitor.forget(photo_id)

    def _show(self, photo_id: str, photo: Photo) -> None:
        self._monitor.give_context(photo_id, DETECTOR, {"enrol": True, "photo": True})
        for detector in ("landmarks", DETECTOR):
            self._monitor.ask_now(photo_id, detector)
        (width, height), now = photo.size, self._clock.now()
        frame = Frame(photo.subject.room, photo_id, photo.sequence, now, now, photo.jpeg, width, height, judged=False)
        self._monitor.offer_frame(frame)

    def _sweep(self, now: float) -> None:
        """Give up what the analysis does not answer for, and forget what is over."""
        for photo_id, photo in list(self._photos.items()):
            if photo.state == LOOKING and now - photo.since > GIVE_UP_S:
                self._finish(photo_id, REFUSED, UNREADABLE)
            elif now - photo.since > FORGET_S:
                del self._photos[photo_id]

    def _check_able(self) -> None:
        if not is_able(self._monitor.health()):
            raise UserError("not_compared", "This server does not compare faces, so photos are of no use to it.")


def is_able(health: Mapping[str, Any]) -> bool:
    """Say whether faces are compared here, by what the analysis says of itself; not yet known counts as yes."""
    return not (health.get("off") or health.get("detectors", {}).get(DETECTOR))


def check_photo(jpeg: bytes, read_header: ReadHeader) -> tuple[int, int]:
    """Return a photo's width and height; UserError `photo_too_large` or `bad_photo` for what nobody could look at."""
    if len(jpeg) > MOST_BYTES:
        raise UserError("photo_too_large", "A photo may have at most %(most)d KiB.", most=MOST_BYTES // 1024)
    try:
        width, height, components = read_header(jpeg)
    except ValueError:
        raise UserError("bad_photo", "This file is not a JPEG photo.") from None
    if components not in (1, 3) or min(width, height) < LEAST_SIDE:
        raise UserError("bad_photo", "This photo is too small, or of an unusual kind.")
    if max(width, height) > LONG_SIDE or min(width, height) > SHORT_SIDE:
        raise UserError("photo_too_large", "A photo may have at most %(long)d x %(short)d pixels.", **LARGEST)
    return width, height


LARGEST: Mapping[str, int] = MappingProxyType({"long": LONG_SIDE, "short": SHORT_SIDE})


def _subject(room: LiveRoom, name: str, participant_id: str | None, person: int) -> Subject:
    if participant_id is not None:
        participant = room.students.get(participant_id)
        if participant is None:
            raise UserError("unknown_participant", "This person is not in the room.")
        return Subject(room.id, participant_key(participant.id), participant.name, person)
    checked = check_name(name)
    key = name_key(checked)
    if len(present_participants(room, key)) > 1:
        raise UserError(
            "several_of_name",
            "Several students are called %(name)s. Please give each a photo of their own in the large view.",
            name=checked,
        )
    return Subject(room.id, key, checked, person)
