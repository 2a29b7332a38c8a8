"""Recordings of one's own: written as they come, kept across a crash, read back by what trains the model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from detection.sensing.arm.labels import FAMILIES
from detection.sensing.arm.model import load
from detection.sensing.arm.motion import Floats
from detection.sensing.arm.recording_writer import Plan, RecordingWriter, WriterError
from detection.sensing.arm.recordings import RecordingError, read_folder, windows_of
from detection.tools import train_arm
from tests.detection.arms import START, batches, raised, rows

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def write(writer: RecordingWriter, told: Floats, now: datetime = NOW) -> str:
    name = writer.begin(now)
    for reading in batches(told):
        writer.add(name, reading.at, reading.data)
    return name


def test_a_recording_is_read_back_as_it_came(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path, Plan("use_telephone", "p07"))
    told = raised(6.0)
    write(writer, told)
    assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
    name = writer.end()
    assert name is not None
    (recording,) = read_folder(tmp_path)
    assert (recording.name, recording.label, recording.person, recording.axis) == (name, "use_telephone", "p07", 1)
    np.testing.assert_allclose(recording.rows[:, 1:], told[:, 1:], atol=1e-3)
    np.testing.assert_allclose(recording.rows[:, 0], told[:, 0], atol=2e-3)
    assert len(windows_of(recording)) > 3


def test_a_batch_sent_again_counts_once_and_nonsense_is_left_out(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path, Plan("walk", "p07"))
    name = writer.begin(NOW)
    parts = list(batches(rows(5.0)))
    for reading in parts:
        writer.add(name, reading.at, reading.data)
        told = writer.add(name, reading.at, reading.data)
    bad = np.array([[0.0, np.nan, 0, 0], [0.01, 1e9, 0, 0]], dtype="<f4").tobytes()
    assert writer.add(name, START + 60, bad) == told
    assert told[0] == 300
    assert told[1] == pytest.approx(4.98, abs=0.02)
    writer.end()


def test_two_recordings_share_a_table_and_a_new_one_ends_the_last(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path, Plan("typing", "p07"))
    write(writer, rows(5.0))
    write(writer, rows(5.0), NOW + timedelta(seconds=10))
    assert writer.end() is not None
    assert [one.person for one in read_folder(tmp_path)] == ["p07", "p07"]
    other = RecordingWriter(tmp_path, Plan("walk", "p08"))
    write(other, rows(5.0, shake=2.0))
    other.end()
    assert [one.label for one in read_folder(tmp_path)] == ["typing", "typing", "walk"]


def test_what_is_too_short_is_not_kept(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path, Plan("walk", "p07"))
    write(writer, rows(2.0))
    assert writer.end() is None
    assert not (tmp_path / "labels.csv").exists()
    with pytest.raises(RecordingError):
        read_folder(tmp_path)


def test_a_crash_loses_no_more_than_the_last_line(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path, Plan("comb_hair", "p07"))
    write(writer, rows(6.0, 30.0, 3.0))
    (part,) = tmp_path.glob("*.part")
    whole = part.read_text()
    writer.end()
    for path in tmp_path.iterdir():
        path.unlink()
    part.write_text(whole[:-5])  # the power went while a line was written
    (tmp_path / "other.part").write_text("not ours\n1 2 3\n")
    again = RecordingWriter(tmp_path, Plan("walk", "p08"))
    kept, left = again.recover()
    assert (len(kept), left) == (1, ["other.part"])
    (recording,) = read_folder(tmp_path)
    assert (recording.label, recording.person, len(recording.rows)) == ("comb_hair", "p07", 359)
    assert again.recover() == ([], ["other.part"])


def test_a_crash_between_table_and_file_lists_nothing_twice(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path, Plan("walk", "p07"))
    write(writer, rows(5.0))
    (part,) = tmp_path.glob("*.part")
    text = part.read_text()
    writer.end()
    part.write_text(text)
    RecordingWriter(tmp_path, Plan("walk", "p07")).recover()
    assert len(read_folder(tmp_path)) == 1


@pytest.mark.parametrize(
    "plan",
    [Plan("dance", "p07"), Plan("walk", "Zoé Müller"), Plan("walk", ""), Plan("walk", "../x"), Plan("walk", "p", "w")],
)
def test_what_cannot_be_recorded_is_refused(tmp_path: Path, plan: Plan) -> None:
    with pytest.raises(WriterError):
        RecordingWriter(tmp_path / "out", plan)
    assert not (tmp_path / "out").exists()


def test_only_the_recording_under_way_takes_readings(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path, Plan("walk", "p07"))
    with pytest.raises(WriterError):
        writer.add("walk-p07-x", 0.0, b"")
    name = write(writer, rows(5.0))
    writer.end()
    with pytest.raises(WriterError):
        writer.add(name, START, b"")
    assert writer.end() is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a.txt,dance,p1,0,m/s2,y", "unknown label"),
        ("a.txt,walk,p1,0,feet,y", "unknown unit"),
        ("a.txt,walk,p1,32,m/s2,y", "3 numbers"),
        ("a.txt,walk,p1,0,m/s2,w", "axis"),
        ("a.txt,walk,,0,m/s2,y", "subject"),
        ("b.txt,walk,p1,0,m/s2,y", "b.txt"),
        ("short.txt,walk,p1,0,m/s2,y", "3.5 s"),
        ("../../etc/passwd,walk,p1,0,m/s2,y", "passwd"),
    ],
)
def test_a_folder_that_cannot_be_used_says_which_line(
    tmp_path: Path, line: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savetxt(tmp_path / "a.txt", rows(5.0))
    np.savetxt(tmp_path / "short.txt", rows(1.0))
    (tmp_path / "labels.csv").write_text(f"file,label,subject,hz,unit,axis\n{line}\n")
    with pytest.raises(RecordingError, match=r"labels\.csv, line 2") as refused:
        read_folder(tmp_path)
    assert why in str(refused.value)
    assert train_arm.main(["--data", str(tmp_path), "--evaluate"]) == 1
    assert why in capsys.readouterr().err


def test_recordings_of_ones_own_make_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moves = {"use_telephone": raised(8.0), "walk": rows(8.0, -70.0, 2.0, 2.0), "typing": rows(8.0, 4.0, 0.3)}
    for person in ("p1", "p2"):
        for label, told in moves.items():
            writer = RecordingWriter(tmp_path, Plan(label, person))
            write(writer, told)
            writer.end()
    out = tmp_path / "arm_model.json"
    assert train_arm.main(["--data", str(tmp_path), "--evaluate", "--json", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert '"balanced_accuracy"' in said.splitlines()[-1]
    assert "truth" in said
    assert load(out).note.startswith("Means of ")
    assert set(FAMILIES) >= set(moves)


def test_nothing_to_do_is_said() -> None:
    with pytest.raises(SystemExit):
        train_arm.main([])
