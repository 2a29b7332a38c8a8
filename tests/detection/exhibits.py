"""For each kind of alert, observations that are bad, good, and that say nothing to its rule."""

from dataclasses import replace
from typing import Any

from core.types import AlertKind, Observation, ObservationKind, PictureState, Role
from tests.detection.courtroom import (
    arm,
    camera,
    connection,
    faces,
    identity,
    markers,
    objects,
    observe,
    page,
    picture,
    pose,
    scene,
    sound,
    source,
)

BAD: dict[str, list[Observation]] = {
    AlertKind.FACE_NOT_FOUND: [faces(0, 0)],
    AlertKind.MULTIPLE_FACES: [
        faces(2, 0),
        faces(7, 0),
        observe(ObservationKind.FACES, 0, count=2),
        observe(ObservationKind.FACES, 0, count=2, scores=[0.8]),
    ],
    AlertKind.CAMERA_BLOCKED: [picture(state, 0) for state in PictureState if state is not PictureState.OK]
    + [observe(ObservationKind.PICTURE, 0, state="dark")],
    AlertKind.CONNECTION_LOST: [connection(False, 0)],
    AlertKind.CAMERA_LOST: [camera(state, 0) for state in ("denied", "unplugged", "muted", "none")],
    AlertKind.PAGE_HIDDEN: [page("hidden", 0)],
    AlertKind.PHONE_DETECTED: [objects(0, "cell phone"), objects(0, "person", "cell phone", "cell phone")],
    AlertKind.FORBIDDEN_OBJECT: [objects(0, "book"), objects(0, "laptop"), objects(0, "person", "tv")],
    AlertKind.SECOND_PERSON: [objects(0, "person", "person"), objects(0, "person", "person", "person")],
    AlertKind.LOOKING_AWAY: [
        pose(0, yaw=50),
        pose(0, yaw=-50),
        pose(0, pitch=45),
        pose(0, yaw=30, gaze={"x": 0.6, "y": 0.0}),
        pose(0, yaw=60, coarse=True),
    ],
    AlertKind.EYES_CLOSED: [pose(0, eyes_closed=0.9), pose(0, None, None, eyes_closed=0.9)],
    AlertKind.TALKING: [pose(1, mouth=0.4), pose(1, None, None, mouth=0.3)],
    AlertKind.IDENTITY_MISMATCH: [identity(0, "no"), identity(0, "no", None)],
    AlertKind.CAMERA_REPLACED: [picture("ok", 0), picture("ok", 0, fingerprint=None)],
    AlertKind.LOCATION_OUTSIDE: [observe(ObservationKind.PLACE, 0, state="outside", distance=900, accuracy=20)],
    AlertKind.SPEECH_DETECTED: [sound(0, 2.1), sound(0, 2.0, 0.6), replace(sound(0, 9.0), channel=Role.HEAD)],
    AlertKind.KEYWORD_HEARD: [
        observe(ObservationKind.WORDS, 0, phrases=["ok google"], engine="vosk", alike=0.9, alike_limit=0.8),
        observe(ObservationKind.WORDS, 0, phrases=["a", "b"], engine="pocketsphinx", rough=True),
    ],
    AlertKind.PHONE_CHANNEL_LOST: [replace(connection(False, 0), channel=role) for role in Role],
    AlertKind.SCREEN_NOT_IN_VIEW: [markers(1)],
    AlertKind.CAMERA_MOVED: [scene(60, 2)],
    AlertKind.ARM_MOTION: [arm(0), arm(0, "reaching", 4.0), arm(0, "moving", 3.0), arm(0, "body", 3.0, distance=5.0)],
}
BEFORE: dict[str, list[Observation]] = {
    AlertKind.TALKING: [pose(0)],
    AlertKind.CAMERA_REPLACED: [source(0, "OBS Virtual Camera")],
    AlertKind.SCREEN_NOT_IN_VIEW: [objects(0, "person", "book")],
    AlertKind.CAMERA_MOVED: [scene(second, 1) for second in range(5)],
}
"""What a rule with a memory must have been told before the bad observation is bad."""
GOOD: dict[str, list[Observation]] = {
    AlertKind.FACE_NOT_FOUND: [faces(1, 0), faces(2, 0)],
    AlertKind.MULTIPLE_FACES: [faces(0, 0), faces(1, 0)],
    AlertKind.CAMERA_BLOCKED: [picture("ok", 0)],
    AlertKind.CONNECTION_LOST: [connection(True, 0)],
    AlertKind.CAMERA_LOST: [camera("on", 0)],
    AlertKind.PAGE_HIDDEN: [page("visible", 0), page("blurred", 0)],
    AlertKind.PHONE_DETECTED: [objects(0), objects(0, "person", "book")],
    AlertKind.FORBIDDEN_OBJECT: [objects(0), objects(0, "person", "cell phone", "chair")],
    AlertKind.SECOND_PERSON: [objects(0), objects(0, "person"), objects(0, "person", "dog")],
    AlertKind.LOOKING_AWAY: [pose(0), pose(0, yaw=30), pose(0, pitch=-60), pose(0, yaw=45, coarse=True)],
    AlertKind.EYES_CLOSED: [pose(0), pose(0, eyes_closed=0.5)],
    AlertKind.TALKING: [pose(1), pose(1, mouth=0.1)],
    AlertKind.IDENTITY_MISMATCH: [identity(0, "yes", 0.3)],
    AlertKind.CAMERA_REPLACED: [picture("ok", 0), picture("dark", 0, fingerprint=None)],
    AlertKind.SPEECH_DETECTED: [sound(0, 0.0, 0.1), sound(0, 1.9), sound(0, 5.0, 0.4)],
    AlertKind.KEYWORD_HEARD: [observe(ObservationKind.WORDS, 0, phrases=[], text="ok", engine="vosk")],
    AlertKind.PHONE_CHANNEL_LOST: [replace(connection(True, 0), channel=role) for role in Role],
    AlertKind.LOCATION_OUTSIDE: [
        observe(ObservationKind.PLACE, 0, state="inside", distance=None, accuracy=20),
        observe(ObservationKind.PLACE, 0, state="unknown", distance=None, accuracy=9000),
    ],
    AlertKind.SCREEN_NOT_IN_VIEW: [markers(1, 3)],
    AlertKind.CAMERA_MOVED: [scene(60, 1)],
    AlertKind.ARM_MOTION: [
        arm(0, "calm", 0.1),
        arm(0, "reaching", 1.0),
        arm(0, distance=2.0),
        arm(0, sure=0.3),
        arm(0, "body", 3.0, distance=2.0),
    ],
}
SILENT: dict[str, list[dict[str, Any]]] = {
    AlertKind.FACE_NOT_FOUND: [{}, {"count": None}],
    AlertKind.MULTIPLE_FACES: [{}, {"count": None}],
    AlertKind.CAMERA_BLOCKED: [{}],
    AlertKind.CONNECTION_LOST: [{}],
    AlertKind.CAMERA_LOST: [{}, {"state": "unheard of"}, {"state": None}],
    AlertKind.PAGE_HIDDEN: [{}, {"focused": False}],
    AlertKind.PHONE_DETECTED: [{}, {"objects": None}],
    AlertKind.FORBIDDEN_OBJECT: [{}, {"objects": None}],
    AlertKind.SECOND_PERSON: [{}, {"objects": None}],
    AlertKind.LOOKING_AWAY: [{}, {"yaw": None, "pitch": None, "gaze": None}],
    AlertKind.EYES_CLOSED: [{}, {"eyes_closed": None}, {"eyes_closed": 0.9, "pitch": -30.0}],
    AlertKind.TALKING: [{}, {"mouth": None}, {"mouth": 0.3}],
    AlertKind.IDENTITY_MISMATCH: [{}, {"match": "unsure", "reason": "poor light"}, {"match": None}],
    AlertKind.CAMERA_REPLACED: [{}],
    AlertKind.LOCATION_OUTSIDE: [{}],
    AlertKind.SPEECH_DETECTED: [{}, {"speech": None, "seconds": 3.0}, {"level": -20.0}],
    AlertKind.KEYWORD_HEARD: [{}, {"text": "ok google"}],
    AlertKind.PHONE_CHANNEL_LOST: [{}],
    AlertKind.SCREEN_NOT_IN_VIEW: [{}, {"ids": None}, {"ids": []}],
    AlertKind.ARM_MOTION: [{}, {"strength": 9.0}],
    AlertKind.CAMERA_MOVED: [{}, {"signature": None}, {"signature": [1, 2, 3]}],
}
