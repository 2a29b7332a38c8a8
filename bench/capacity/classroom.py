"""Students as they sit in an exam: most of them calm, as many moving, some of them away; and each one enrolled."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.scenes import Sensor, clips, frames_of, shrunk
from core.types import ObservationKind
from detection import detectors
from detection.detectors.base import Detector
from detection.frames.decode import decode
from detection.models.shelf import ModelShelf
from rooms.identity.field_cipher import FieldCipher
from settings import Settings
from simulation.cameras import QUALITY, SIZE, Absentee, Album, drawn_album, real_pictures
from simulation.example_room import ExampleRoom
from simulation.pictures import Scene, encode
from store.faces import FaceReference
from store.session import Database

FPS = 5.0
PRESENT_S, ABSENT_S = 5.0, 5.0
ONE_IN = 5  # students who leave the chair now and then; of the others one is calm and the next one moves
EACH = 5  # pictures of a film, one second, until the face is tried again
SHOTS = 25  # pictures of one still face with a sensor's noise
NOISE = 2.0  # grey levels; a webcam by daylight
STILL, PORTRAITS = 3, 12  # of the real still pictures, and of faces of different people
CALM, MOVING = ("one_face_attentive", "one_face_still"), ("one_face_hands_moving", "one_face_looks_left")
SOMEBODY = [0.1] * 128
"""The numbers of a face that nothing is like, for one that no detector finds."""


@dataclass(frozen=True)
class Film:
    """What one camera sends, a picture each 0.2 s, again and again."""

    jpegs: Sequence[bytes]
    face: Sequence[float]


class Classroom:
    """Cameras for any number of students, and the numbers of their faces."""

    def __init__(self, media: Path | None, shelf: ModelShelf) -> None:
        self._drawn = [drawn_album(number) for number in range(3)]
        with closing(Faces(shelf)) as looks:
            self._calm = [Film(jpegs, looks.numbers(jpegs)) for jpegs in calm_films(media)]
            self._moving = [Film(jpegs, looks.numbers(jpegs)) for jpegs in moving_films(media)]
            self._drawn_faces = [looks.numbers(album[Scene.PRESENT]) for album in self._drawn]
            self.unknown = looks.unknown

    def cameras(self, count: int, first: int) -> list[Album | Absentee]:
        """Return the next cameras, of students from `first` on."""
        return [self._camera(number) for number in range(first, first + count)]

    def faces(self, count: int, first: int) -> list[Sequence[float]]:
        """Return the numbers of the faces of the same students."""
        return [self._face(number) for number in range(first, first + count)]

    def _camera(self, number: int) -> Album | Absentee:
        if number % ONE_IN == 0:
            start = time.monotonic() + 1.7 * (number // ONE_IN) % (PRESENT_S + ABSENT_S)
            return Absentee(self._drawn[number % 3], PRESENT_S, ABSENT_S, start)
        film = self._film(number)
        return Album(film.jpegs, 7 * number)

    def _face(self, number: int) -> Sequence[float]:
        return self._drawn_faces[number % 3] if number % ONE_IN == 0 else self._film(number).face

    def _film(self, number: int) -> Film:
        films = self._moving if number % 2 else self._calm
        return films[number // 2 % len(films)]


class Faces:
    """The numbers of faces, by the server's own detectors."""

    def __init__(self, shelf: ModelShelf) -> None:
        made = [detectors.make(name, shelf) for name in ("face", "identity")]
        self._detectors: list[Detector] = [] if any(one.available() for one in made) else made
        self.unknown = 0
        """How many faces had no numbers: their students are compared with somebody else."""
        for one in self._detectors:
            one.load()

    def close(self) -> None:
        """Let go of the models: one that is open when Python ends complains on the command line."""
        for one in self._detectors:
            one.close()

    def numbers(self, jpegs: Sequence[bytes]) -> Sequence[float]:
        """Return the 128 numbers of the one face in the first of some pictures in which it is good enough."""
        found = next(filter(None, map(self._look, jpegs[::EACH])), None)
        self.unknown += found is None
        return found or SOMEBODY

    def _look(self, jpeg: bytes) -> list[float] | None:
        picture, found = decode(jpeg), dict[ObservationKind, Mapping[str, Any]]()
        for one in self._detectors:
            found[one.kind] = one.look(picture, found, {"enrol": True})
        numbers: list[float] | None = found.get(ObservationKind.IDENTITY, {}).get("embedding")
        return numbers


def calm_films(media: Path | None) -> list[list[bytes]]:
    """Return people who sit still: a clip played to and fro, and still pictures with a sensor's noise."""
    if media is None:
        return [next(iter(drawn_album(number, SHOTS).values())) for number in range(3)]
    still = [cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) for jpeg in real_pictures(media / "faces")]
    sensor = Sensor(SIZE[0], NOISE)
    shown = [np.asarray(bgr, np.uint8) for bgr in still[:: max(1, len(still) // STILL)] if bgr is not None]
    return [*_clips(media, CALM), *([sensor.jpeg(bgr) for _ in range(SHOTS)] for bgr in shown)]


def moving_films(media: Path | None) -> list[list[bytes]]:
    """Return people who move: clips played to and fro; without them a different picture each time."""
    if media is None:
        return [[jpeg for number in range(3) for jpeg in next(iter(drawn_album(number).values()))]]
    return list(_clips(media, MOVING))


def _clips(media: Path, labels: Sequence[str]) -> Iterator[list[bytes]]:
    for path, label in clips(media):
        if label in labels:
            jpegs = [encode(shrunk(bgr, SIZE[0]), QUALITY) for bgr in frames_of(path, 1 / FPS)]
            yield [*jpegs, *jpegs[-2:0:-1]]


def enrol(settings: Settings, room: ExampleRoom, faces: Sequence[Sequence[float]]) -> None:
    """Keep each student's face, sealed, as the system check does."""
    cipher, database = FieldCipher(settings.secret()), Database(settings.database())
    try:
        with database.session() as session:
            for student, face in zip(room.students, faces, strict=True):
                sealed = cipher.seal([list(face)])
                session.merge(FaceReference(participant_id=student.id, sealed=sealed, taken_at=datetime.now(UTC)))
    finally:
        database.close()
