from pathlib import Path

import pytest

from rooms.alerts.evidence_files import EvidenceFolder


def test_a_picture_is_written_whole_and_found_again(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path, keep_free=0)
    name = folder.keep("r1", "a1", b"jpeg")
    assert folder.path("r1", name).read_bytes() == b"jpeg"
    assert [path.name for path in (tmp_path / "r1").iterdir()] == ["a1.jpg"]


def test_a_nearly_full_disk_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too little free space"):
        EvidenceFolder(tmp_path, keep_free=1 << 62).keep("r1", "a1", b"jpeg")
    assert list((tmp_path / "r1").iterdir()) == []


def test_a_room_is_dropped_with_all_its_pictures(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path, keep_free=0)
    folder.keep("r1", "a1", b"jpeg")
    folder.drop_room("r1")
    folder.drop_room("never was")
    assert not (tmp_path / "r1").exists()


def test_reports_on_paper_go_without_the_evidence_beside_them(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path, keep_free=0)
    folder.keep("r1", "a1", b"jpeg")
    for person in (1, 2):
        (tmp_path / "r1" / f"report-{person}.pdf").write_bytes(b"%PDF")
    folder.drop_papers("r1")
    folder.drop_papers("never was")
    assert [path.name for path in (tmp_path / "r1").iterdir()] == ["a1.jpg"]
