"""An export verifies as a whole or is refused, with the reason."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence import layout
from evidence.notes import Checkpoint, Signer
from evidence.stored_zip import packed, unpacked
from evidence.verify import Refused, main, verify
from tests.evidence.samples.exports import ORIGIN, SIGNER, an_exam, signed_again, small_export, with_file
from tests.house.project_files import ROOT

STRANGER = Signer(SIGNER.verifier.name, b"\x09" * 32)
KEY = SIGNER.verifier.line


def test_a_good_export_says_what_it_shows() -> None:
    found = verify(small_export(), KEY)
    assert (found.origin, found.key, found.entries) == (ORIGIN, KEY, 5)
    assert (found.shown, found.erased, found.withheld) == ((0, 2, 3, 4), (1,), ())
    assert (found.pictures, found.checkpoints) == (3, 2)


def test_a_students_export_shows_their_own_entries_and_no_others() -> None:
    exam = an_exam()
    data = exam.export(shown=[0])
    found = verify(data, KEY)
    assert (found.shown, found.erased, found.withheld) == ((0, 4), (1,), (2, 3))
    assert [name for name in unpacked(data) if "/00000" in name and "check" not in name] == [
        "capsules/000000.zip",
        "payloads/000004.json",
    ]


def test_erasing_a_person_keeps_exports_and_older_checkpoints_valid() -> None:
    exam = an_exam()
    witnessed = [exam.sign()]
    exam.erase(0, 2)
    found = verify(exam.export(), KEY, witnessed)
    assert (found.shown, found.erased, found.pictures) == ((3, 4, 5), (0, 1, 2), 0)


def test_a_room_in_which_nothing_happened_has_an_export_too() -> None:
    exam = type(an_exam())()
    assert verify(exam.export(), KEY).entries == 0


def test_whoever_kept_a_checkpoint_notices_a_chain_that_was_made_anew() -> None:
    exam, anew = an_exam(), an_exam()
    exam.alert("ben")
    anew.alert("anna")
    verify(anew.export(), KEY)
    with pytest.raises(Refused, match="not those that were signed"):
        verify(anew.export(), KEY, [exam.sign()])


def test_whoever_kept_a_checkpoint_notices_an_end_that_was_cut_off() -> None:
    exam, shorter = an_exam(), an_exam()
    exam.alert("ben")
    with pytest.raises(Refused, match="6 entries, and 5 are left"):
        verify(shorter.export(), KEY, [exam.sign()])


def test_an_export_that_somebody_else_signed_is_refused_by_its_key() -> None:
    forged = an_exam().export(signer=STRANGER)
    assert verify(forged).key != KEY
    with pytest.raises(Refused, match="another key"):
        verify(forged, KEY)


def test_a_checkpoint_of_another_room_is_no_witness() -> None:
    note = SIGNER.note(Checkpoint("exam.example/room/r2", 0, bytes(32)).text)
    with pytest.raises(Refused, match="another room"):
        verify(small_export(), KEY, [note])


# ------------------------------------------------------------------------------------ a server that signs what is wrong


def changed_chain(change: Callable[[bytes], bytes]) -> dict[str, bytes]:
    return with_file(layout.CHAIN, change(unpacked(small_export())[layout.CHAIN]))


def without_salts(data: bytes) -> bytes:
    head, _, tail = data.rpartition(b'"salt":"')
    return head + b'"salt":null' + tail[65:]


def other_capsule(files: dict[str, bytes]) -> bytes:
    inside = unpacked(files["capsules/000000.zip"])
    return packed({**inside, "pictures/0001-webcam.jpg": b"another picture"}.items())


ERASING_NOTHING = b'{"erased":[4],"format":"examonitor-erasure/1"}'
WRONG = [
    (with_file("capsules/000000.zip", unpacked(small_export())["capsules/000002.zip"]), "entry 0 is not what"),
    (with_file("capsules/000000.zip", other_capsule(unpacked(small_export()))), "pictures of a capsule"),
    (with_file("payloads/000003.json", b'{"verdict":"wrong"}'), "entry 3 is not what"),
    (with_file("payloads/000004.json", ERASING_NOTHING), "entry 4 is not what"),
    (with_file("capsules/000002.zip", None), "the form"),
    (with_file("capsules/000001.zip", b""), "belong to nothing"),
    (with_file("note.txt", b"hello"), "belong to nothing"),
    (with_file("checkpoints/000005.note", None), "whole chain"),
    (with_file("checkpoints/000001.note", unpacked(small_export())["checkpoints/000002.note"]), "name of another"),
    (with_file("checkpoints/000002.note", STRANGER.note(Checkpoint(ORIGIN, 0, bytes(32)).text).encode()), "key"),
    (with_file("checkpoints/000002.note", SIGNER.note(Checkpoint(ORIGIN, 2, bytes(32)).text).encode()), "first 2"),
    (with_file("key.pem", STRANGER.verifier.pem), "one key"),
    (with_file("key.txt", KEY.encode()), "one key"),
    (with_file("verify.html", None), "verify.html is missing"),
    (changed_chain(lambda data: data.replace(b'"decision"', b'"opinion"')), "entry 3 does not follow"),
    (changed_chain(lambda data: data.replace(b"/r1", b"/r2")), "list of files"),
    (changed_chain(lambda data: data + b"\n"), "the form"),
    (changed_chain(lambda data: data.replace(b"examonitor-export/1", b"examonitor-export/2")), "the form"),
    (changed_chain(without_salts), "entry 4 does not say what was erased"),
    (changed_chain(lambda data: b"[" * 100_000), "the form"),
    (changed_chain(lambda data: b"null"), "the form"),
]


@pytest.mark.parametrize(("files", "reason"), WRONG)
def test_the_right_signature_does_not_make_wrong_files_right(files: dict[str, bytes], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        verify(signed_again(files), KEY)


def test_signing_again_what_is_right_is_right() -> None:
    assert verify(signed_again(unpacked(small_export())), KEY) == verify(small_export(), KEY)


def test_what_was_erased_cannot_be_shown_again() -> None:
    exam = an_exam()
    record, capsule = exam.ledger.records[0], exam.capsules[0]
    exam.erase(0)
    exam.ledger.records[0], exam.capsules[0] = record, capsule
    with pytest.raises(Refused, match="shown that was erased"):
        verify(exam.export(), KEY)


def test_an_erasure_speaks_of_earlier_entries_alone() -> None:
    exam = an_exam()
    exam.ledger.add("erasure", b'{"erased":[9]}', exam.salt())
    with pytest.raises(Refused, match="erases what was not there"):
        verify(exam.export(), KEY)


# ------------------------------------------------------------------------------------ by others, and by hand


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_the_commands_of_the_guide_verify_a_checkpoint_with_openssl(tmp_path: Path) -> None:
    (commands,) = re.findall(r"```\n(sed .*?)```", (ROOT / "docs" / "evidence.md").read_text(), re.DOTALL)
    with zipfile.ZipFile(io.BytesIO(small_export())) as archive:
        archive.extractall(tmp_path)
    note = tmp_path / "checkpoints" / "000005.note"
    for changed, answer in ((False, "Signature Verified Successfully"), (True, "Signature Verification Failure")):
        note.write_text(note.read_text().replace("\n5\n", "\n6\n" if changed else "\n5\n"))
        done = subprocess.run(["sh", "-c", commands], cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode == 0, done.stdout.strip()) == (not changed, answer)


def test_the_command_says_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "export.zip").write_bytes(small_export())
    assert main([str(tmp_path / "export.zip"), "--key", KEY]) == 0
    said = capsys.readouterr().out
    assert KEY in said
    assert "Entries of the room: 5 (shown here: 4, erased: 1, not in this export: 0). Pictures: 3." in said


def test_the_command_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exam = an_exam()
    exam.alert()
    (tmp_path / "export.zip").write_bytes(small_export())
    (tmp_path / "kept.note").write_text(exam.sign())
    assert main([str(tmp_path / "export.zip"), "--witness", str(tmp_path / "kept.note")]) == 1
    assert capsys.readouterr().out == "Refused: there were 6 entries, and 5 are left.\n"


def test_the_verifier_needs_the_standard_library_and_cryptography_alone() -> None:
    script = "import sys, evidence.verify; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    standard = sys.stdlib_module_names | {"__main__", "_distutils_hack", "sitecustomize", "usercustomize"}
    foreign = {name for name in loaded.stdout.split() if name not in standard and not name.startswith("__editable__")}
    assert foreign <= {"evidence", "cryptography", "_openssl", "_cffi_backend", "cffi", "typing_extensions"}


def test_a_file_may_hold_several_checkpoints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exam = an_exam()
    export, kept = tmp_path / "export.zip", tmp_path / "kept.txt"
    export.write_bytes(exam.export())
    kept.write_text("".join(exam.checkpoints.values()) + exam.sign())
    assert main([str(export), "--witness", str(kept)]) == 0
    kept.write_text(exam.sign() + exam.sign().replace("\n5\n", "\n4\n"))
    assert main([str(export), "--witness", str(kept)]) == 1
    assert capsys.readouterr().out.endswith("Refused: the signature is not that of the text.\n")
