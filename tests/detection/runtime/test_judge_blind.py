"""While the picture cannot be judged, or the browser cannot be heard, the judge accuses nobody."""

import pytest

from core.types import AlertKind, RuleSettings
from detection.rules.base import LOOK_MEMORY
from tests.detection.courtroom import START, Courtroom, absent_for, camera, connection, faces, page, picture

NO_FACE, BLOCKED = AlertKind.FACE_NOT_FOUND, AlertKind.CAMERA_BLOCKED
LOST, HIDDEN = AlertKind.CONNECTION_LOST, AlertKind.PAGE_HIDDEN


@pytest.mark.parametrize("face_count", [0, 3])
@pytest.mark.parametrize("picture_first", [True, False])
def test_what_cannot_be_seen_accuses_nobody(face_count: int, picture_first: bool) -> None:
    court = Courtroom()
    for second in range(60):
        pair = [picture("dark", second), faces(face_count, second)]
        court.feed(*(pair if picture_first else pair[::-1]))
        court.tick(second + 0.2, second + 0.4)
    assert court.kinds == [BLOCKED]


@pytest.mark.parametrize("picture_first", [True, False])
def test_flicker_between_light_and_dark_accuses_nobody(picture_first: bool) -> None:
    # no face is found in the dark frames, one in the others; order must not pair them wrongly
    court = Courtroom()
    for number in range(120):
        is_dark = number % 2 == 1
        pair = [picture("dark" if is_dark else "ok", number / 2), faces(0 if is_dark else 1, number / 2)]
        court.feed(*(pair if picture_first else pair[::-1]))
    assert court.raised == []


def test_it_pauses_even_where_the_room_does_not_want_to_be_told() -> None:
    court = Courtroom({BLOCKED: RuleSettings(enabled=False)})
    for second in range(30):
        court.feed(faces(0, second), picture("dark", second))
    assert court.raised == []


def test_a_frozen_picture_pauses_too() -> None:
    court = Courtroom({NO_FACE: RuleSettings(hold=25.0, confirm=2, window=3)})
    for second in range(90):
        court.feed(faces(0, second), picture("ok", second, fingerprint="same"))
    assert court.kinds == [BLOCKED]


def test_an_open_alert_ends_when_nothing_can_be_seen_for_long() -> None:
    court = Courtroom()
    absent_for(court, 0, 10)
    for second in range(10, 40):
        court.feed(faces(0, second), picture("covered", second))
        court.tick(second + 0.1)
    assert court.kinds == [NO_FACE, BLOCKED]
    assert [(alert.kind, alert.ended_at) for alert in court.ended] == [(NO_FACE, START + 9)]


def test_faces_count_where_pictures_are_never_judged() -> None:
    court = Courtroom()
    court.feed(*[faces(0, second) for second in range(7)])
    assert court.kinds == [NO_FACE]


def test_faces_count_where_pictures_are_judged_less_often() -> None:
    court = Courtroom()
    for second in range(12):
        court.feed(faces(0, second))
        if second % 3 == 0:
            court.feed(picture("ok", second))
        court.tick(second + 0.3, second + 0.6)
    assert court.kinds == [NO_FACE]
    assert court.raised[0].raised_at == START + 5


def test_a_frame_whose_picture_is_not_judged_waits_no_longer_than_for_the_next() -> None:
    court = Courtroom()
    court.feed(picture("ok", 0))
    for second in range(6):
        court.feed(faces(0, second))
    assert court.kinds == []
    court.feed(faces(0, 6))
    assert court.kinds == [NO_FACE]


def test_an_old_judgement_of_the_picture_does_not_pause_for_ever() -> None:
    court = Courtroom()
    court.feed(picture("dark", 0))
    for second in range(1, 60):
        court.feed(faces(0, second))
        court.tick(second + 0.3, second + 0.6)
    (alert,) = court.raised
    assert alert.started_at - START > LOOK_MEMORY


# ------------------------------------------------------------------------------------------- offline


def test_while_offline_nothing_else_counts() -> None:
    court = Courtroom()
    court.feed(page("hidden", 0), camera("muted", 0))
    court.tick(0, 1)
    court.feed(connection(False, 1.5))
    court.tick(*range(2, 60))
    assert court.kinds == [LOST]
    court.feed(connection(True, 60))
    court.tick(*range(60, 70))
    assert sorted(court.kinds) == sorted([LOST, HIDDEN, AlertKind.CAMERA_LOST])
    assert min(alert.started_at for alert in court.raised[1:]) == START + 60


def test_an_open_alert_stays_open_while_offline() -> None:
    court = Courtroom()
    court.feed(page("hidden", 0))
    court.tick(*range(6))
    court.feed(connection(False, 6))
    court.tick(*range(6, 60))
    assert court.ended == []
    court.feed(connection(True, 60), page("visible", 60))
    court.tick(*range(60, 66))
    assert [(alert.kind, alert.ended_at) for alert in court.ended if alert.kind == HIDDEN] == [(HIDDEN, START + 60)]
