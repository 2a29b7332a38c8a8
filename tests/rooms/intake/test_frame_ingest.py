from pathlib import Path

import pytest

from core.errors import ProtocolError, UserError
from rooms.identity.references import PHOTO
from rooms.live.picture_relay import Size, Tile
from rooms.setup.room_settings import RoomSettings
from rooms.setup.states import ParticipantState
from tests.rooms.stage import Stage

JPEG = b"\xff\xd8" + bytes(100)


def test_a_frame_goes_to_detection_only_while_the_exam_runs_or_the_check_is_on(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.frame_ingest.accept(participant, (0, 1000, JPEG))
    stage.admission.ready(participant)
    stage.frame_ingest.accept(participant, (1, 1000, JPEG))
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.frame_ingest.accept(participant, (2, 1000, JPEG))
    assert [frame.judged for frame in stage.monitor.frames] == [False, True], "not the one between check and start"


def test_only_pictures_of_the_exam_are_kept_for_evidence(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.frame_ingest.accept(participant, (0, 1000, JPEG))
    assert (len(stage.monitor.frames), stage.kept.ring.size) == (1, 0), "the system check is looked at, and no more"
    stage.admission.ready(participant)
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.frame_ingest.accept(participant, (1, 1000, JPEG))
    assert stage.kept.ring.size == len(JPEG)


def test_an_older_frame_is_refused_and_a_reloaded_page_counts_anew(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    stage.frame_ingest.accept(participant, (5, 1000, JPEG))
    with pytest.raises(UserError) as refused:
        stage.frame_ingest.accept(participant, (5, 1000, JPEG))
    assert refused.value.code == "stale_frame"
    stage.connect(participant.id, "s2")
    stage.frame_ingest.accept(participant, (0, 1000, JPEG))
    sequences = [frame.sequence for frame in stage.monitor.frames]
    assert sequences == sorted(set(sequences)), "detection sees one growing count"


def test_a_clients_clock_is_a_hint(stage: Stage) -> None:
    participant = stage.student(sid="s1")
    now = stage.clock.now()
    for seq, client_ms in enumerate(((now - 3600) * 1000, (now - 3609) * 1000, 0.0, 2**53 - 1)):
        stage.frame_ingest.accept(participant, (seq, client_ms, JPEG))
    ages = [round(now - frame.captured_at, 3) for frame in stage.monitor.frames]
    assert ages == [0.0, 9.0, 10.0, 0.0], "an hour's difference is no age; nine seconds of network are"


def test_a_frame_is_relayed_as_it_came(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[Tile] = []
    monkeypatch.setattr(stage.relay, "offer", offered.append)
    participant = stage.student(sid="s1")
    assert stage.frame_ingest.accept(participant, (0, 1000, JPEG)) == {"ok": True}
    assert offered[0].jpeg is JPEG


def test_a_thumbnail_goes_to_small_tiles_alone_and_an_older_one_is_refused(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[tuple[Tile, Size]] = []
    monkeypatch.setattr(stage.relay, "offer", lambda tile, size: offered.append((tile, size)))
    participant = stage.admitted()
    stage.lifecycle.set_state("r1", "running", "Ana")
    seen = len(stage.monitor.frames)
    assert stage.frame_ingest.accept_thumbnail(participant, (5, 1000, JPEG)) == {"ok": True}
    assert [(tile.jpeg, size) for tile, size in offered] == [(JPEG, Size.THUMBNAIL)]
    assert len(stage.monitor.frames) == seen, "nothing is detected in it"
    with pytest.raises(UserError) as refused:
        stage.frame_ingest.accept_thumbnail(participant, (5, 1000, JPEG))
    assert refused.value.code == "stale_reading"
    with pytest.raises(ProtocolError):
        stage.frame_ingest.accept_thumbnail(participant, ("0", None, "text"))
    stage.lifecycle.set_state("r1", "ended", "Ana")
    with pytest.raises(UserError) as ended:
        stage.frame_ingest.accept_thumbnail(participant, (6, 1000, JPEG))
    assert ended.value.code == "room_ended"


def test_wrong_types_are_a_protocol_error(stage: Stage) -> None:
    with pytest.raises(ProtocolError):
        stage.frame_ingest.accept(stage.student(sid="s1"), ("0", None, "text"))


def test_nothing_is_taken_after_the_end(stage: Stage) -> None:
    participant = stage.admitted()
    stage.teacher()
    stage.lifecycle.set_state("r1", "ended", "Ana")
    with pytest.raises(UserError) as refused:
        stage.frame_ingest.accept(participant, (0, 1000, JPEG))
    assert refused.value.code == "room_ended"


def test_a_phones_pictures_are_the_students_on_a_channel_of_their_own(tmp_path: Path) -> None:
    stage = Stage(tmp_path, RoomSettings(phones_allowed=("arm", "head")))
    participant = stage.student(sid="s1")
    head, arm = stage.phone(participant, "head", "h1"), stage.phone(participant, "arm", "h2")
    stage.frame_ingest.accept(head, (7, 1000, JPEG))
    stage.frame_ingest.accept(participant, (0, 9000, JPEG))
    told = [(frame.participant, frame.channel, frame.judged, frame.captured_at) for frame in stage.monitor.frames]
    now = stage.clock.now()
    assert told == [(participant.id, "head", False, now), (participant.id, "webcam", False, now)], (
        "each has its own count and clock"
    )
    assert head.uplink.heard_at == head.uplink.pictured_at == now
    with pytest.raises(UserError) as refused:
        stage.frame_ingest.accept(arm, (1, 1000, JPEG))
    assert refused.value.code == "not_wanted"
    stage.database.close()


def test_who_waits_with_a_photo_is_compared_with_it_and_no_more(tmp_path: Path) -> None:
    stage = Stage(tmp_path, RoomSettings(phones_allowed=("head",)))
    participant = stage.student(sid="s1")
    head = stage.phone(participant, "head", "h1")
    participant.admission.state = ParticipantState.WAITING
    stage.frame_ingest.accept(participant, (0, 1000, JPEG))
    assert stage.monitor.frames == [], "there is nothing to compare with"
    participant.identity.reference = PHOTO
    stage.frame_ingest.accept(participant, (1, 1000, JPEG))
    stage.frame_ingest.accept(head, (0, 1000, JPEG))
    assert [(frame.channel, frame.judged) for frame in stage.monitor.frames] == [("webcam", False)]
    participant.admission.state = ParticipantState.ADMITTED
    stage.lifecycle.set_state("r1", "running", "Ana")
    stage.frame_ingest.accept(participant, (2, 1000, JPEG))
    assert stage.monitor.frames[-1].judged is True
    stage.database.close()
