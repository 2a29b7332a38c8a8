"""docs/extending.md: each example is one file and one line, and works."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each runs a copy of the project
ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
FILE = re.compile(r"^New file `([^`]+)`:\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^New line in `([^`]+)`, after `([^`]+)`:\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = ("A rule", "A detector", "A page", "A room setting", "A phone role", "A job", "A way to tell people")
COPIED = ("*.py", "*.so", "*.pyx", "*.toml", "*.ini", "*.mako", "*.json", "*.html", "*.js", "*.md")
LEFT_OUT = {"tests", "bench", "evaluation", "node_modules", "vendor", "build"}

USES = {
    "A rule": """
import json, re
from pathlib import Path
from detection.rules import RULES
from tests.detection.courtroom import Courtroom, faces
from tests.site import Site, text_of
from tools import rules_page

site = Site(Path("data"))
browser = site.teacher()
form = text_of(browser.get("/rooms/new"))
assert "Far away" in form and RULES["FACE_FAR_AWAY"].meaning in form, "the form of a room"
room = browser.new_room()
page = text_of(browser.get(f"/rooms/{room}"))
given = json.loads(re.search(r'id="page-data">(.*?)</script>', page)[1])
told = next(rule for rule in given["rules"] if rule["kind"] == "FACE_FAR_AWAY")
assert (told["label"], told["sign"]) == ("Far away", "arrows-angle-contract"), "the teacher's page"
assert given["suspicion"]["weights"]["FACE_FAR_AWAY"] == 0.0, "the suspicion level"
assert "FACE_FAR_AWAY" in site.services.presets["strict"], "the presets"
assert rules_page.main([]) == 0 and "| FACE_FAR_AWAY | Far away |" in rules_page.PAGE.read_text(), "docs/rules.md"
site.close()

court = Courtroom()
for second in range(20):
    court.feed(faces(1, second, boxes=[[0, 0, 30, 30]]))
assert [(alert.kind, alert.numbers["height"]) for alert in court.raised] == [("FACE_FAR_AWAY", 30)], "the judge"
""",
    "A detector": """
from pathlib import Path
from core.types import Frame, ObservationKind
from detection import detectors
from detection.analysis.pipeline import Pipeline
from detection.models.shelf import ModelShelf
from tests.detection import pictures

made = detectors.make("daylight", ModelShelf(Path("models")))
assert made.available() is None
made.load()
frame = Frame("r", "p", 1, 0.0, 0.0, pictures.jpeg(pictures.one_face(), 320), 320, 240)
(seen,) = Pipeline([made]).analyse(frame)
assert seen.kind is ObservationKind.LIGHT and 0 < seen.values["luminance"] < 255
""",
    "A page": """
from pathlib import Path
from tests.site import Site, text_of

site = Site(Path("data"))
browser = site.teacher()
room = browser.new_room()
lines = text_of(browser.get(f"/rooms/{room}/counts.csv")).splitlines()
assert lines[0] == "kind,alerts" and "PHONE_DETECTED,0" in lines
assert site.browser().get(f"/rooms/{room}/counts.csv").status_code == 302
site.close()
""",
    "A room setting": """
from pathlib import Path
from rooms.setup.room_settings import RoomSettings
from store.rooms import Room
from tests.site import Site, text_of

site = Site(Path("data"))
form = text_of(site.teacher("Ana").get("/rooms/new"))
assert "Short breaks are allowed" in form and "Alerts are raised as always." in form, "the form of a room"
for name, wish in (("Bea", "1"), ("Cleo", "")):
    teacher = site.teacher(name)
    room_id = teacher.new_room(breaks=wish)
    with site.services.database.read() as db:
        room = db.get_one(Room, room_id)
    assert room.settings["breaks"] is bool(wish), "what is kept"
    assert site.services.directory.room(room_id).settings.breaks is bool(wish), "the live room"
    shown = text_of(teacher.get(f"/rooms/{room_id}/settings")).split('id="breaks"')[0].rsplit("<input", 1)[1]
    assert ("checked" in shown) is bool(wish), "the form of this room"
    student = site.browser()
    student.post("/join", code=room.code, name="Ben")
    assert ("leave your seat for a short break" in text_of(student.get("/notice"))) is bool(wish), "the notice"
assert RoomSettings.from_json({}).breaks is False, "rooms that were made before"
site.close()
""",
    "A job": """
from pathlib import Path
from jobs.ground import Ground
from jobs.kinds import KINDS
from settings import load_settings
from store.delivery.outbox import DONE, FAILED
from tests.jobs.outbox import do_due, put, row_of
from tests.site import Site, text_of

site = Site(Path("data"))
(Path("data") / "evidence").mkdir(exist_ok=True)
(Path("data") / "evidence" / "a.jpg").write_bytes(b"12345")
said = []

class Log:
    def note(self, event, **facts):
        said.append((event, facts))

    def warn(self, event, **facts):
        said.append((event, facts))

settings = load_settings({}, data_dir=Path("data"))
ground = Ground(settings=settings, database=site.services.database, clock=site.clock, event_log=Log(), rules={})
good, bad = put(ground, "evidence_size", folder="evidence"), put(ground, "evidence_size", folder="none")
assert do_due(ground, KINDS) == 2
assert row_of(ground, good).state == DONE and ("evidence-size", {"folder": "evidence", "bytes": 5}) in said
assert row_of(ground, bad).state == FAILED and row_of(ground, bad).error == "there is no folder none"
assert "Adding up evidence" in text_of(site.teacher().get("/health")), "the page of the server"
site.close()
""",
    "A way to tell people": """
import logging
from pathlib import Path
from core.delivery.notices import NOTICE_JOB, Notice
from jobs.ground import Ground
from jobs.kinds import KINDS
from settings import load_settings
from tests.jobs.outbox import do_due, put
from tests.site import Site, text_of

site = Site(Path("data"))
teacher = site.teacher()
room = teacher.new_room()
page = "/account/notifications"
assert "Pager" in text_of(teacher.get(page)), "everybody's page"
assert teacher.post(page, ways=["hand_waits/pager"], digest="0", zone="UTC").status_code == 302
said = []
handler = logging.Handler()
handler.emit = lambda record: said.append(record.getMessage())
logging.getLogger("pager").addHandler(handler)
logging.getLogger("pager").setLevel(logging.INFO)
settings = load_settings({}, data_dir=Path("data"))
ground = Ground(settings=settings, database=site.services.database, clock=site.clock, event_log=None, rules={})
put(ground, NOTICE_JOB, **Notice(kind="hand_waits", at=site.clock.now(), room=room).payload())
do_due(ground, KINDS)
assert said == ["1 Examonitor – Algebra: A raised hand that nobody has seen"], said
site.close()
""",
    "A phone role": """
import json, re
from pathlib import Path
from dataclasses import replace
from detection.measures.channels import paces
from detection.rules import RULES, hint_for
from store.rooms import Room
from tests.detection.courtroom import Courtroom, picture
from tests.site import Site, text_of

site = Site(Path("data"))
teacher = site.teacher()
assert "Films the hands from the edge of the desk." in text_of(teacher.get("/rooms/new")), "the form of a room"
room_id = teacher.new_room(**{"with_phones": "1", "phone.desk": "required"})
live = site.services.directory.room(room_id)
assert live.settings.phones == ("desk",), "what is kept"
with site.services.database.read() as db:
    code = db.get_one(Room, room_id).code
student = site.browser()
student.post("/join", code=code, name="Ben")
assert "pictures of your hands" in text_of(student.get("/notice")), "the notice"
student.post("/notice", agree="yes")
given = json.loads(re.search(r'id="page-data">(.*?)</script>', text_of(student.get("/participant")), re.DOTALL)[1])
told = next(role for role in given["phone_roles"] if role["key"] == "desk")
assert (told["short"], told["films"], told["drawing"]) == ("Desk", True, False), "the student's page"
(participant,) = live.students.values()
link = site.services.pairing.invite(participant, "desk")["link"]
phone = site.browser()
assert "Pictures from the front camera" in text_of(phone.get(link)), "the way in"
assert phone.post("/phone/join", ticket=link.partition("?t=")[2]).status_code == 302
page = text_of(phone.get("/phone"))
given = json.loads(re.search(r'id="page-data">(.*?)</script>', page, re.DOTALL)[1])
assert "Phone on the desk" in page and "bi-phone-landscape" in page, "the phone's page"
assert given["facing"] == "user" and given["needs"]["camera"] and not given["needs"]["motion"], "what it captures"
assert paces("desk", {"face": 1.0, "picture": 1.0, "objects": 1.0}) == {"picture": 0.0, "objects": 4.0}, "detectors"
site.close()

court = Courtroom()
for second in range(20):
    court.feed(replace(picture("covered", second), channel="desk"))
(alert,) = court.raised
assert (alert.kind, alert.channel) == ("CAMERA_BLOCKED", "desk"), "the judge"
assert hint_for(alert) == "Something covers the camera of the phone on the desk. Please uncover it.", "the hint"
assert "desk" in RULES["PHONE_CHANNEL_LOST"].channels and "desk" not in RULES["SECOND_PERSON"].channels
""",
}


@dataclass(frozen=True)
class Example:
    """One new file, and one new line in a registry."""

    path: str
    text: str
    registry: str
    before: str
    line: str

    def add_to(self, root: Path) -> None:
        (root / self.path).write_text(self.text, encoding="utf-8")
        registry = (root / self.registry).read_text(encoding="utf-8")
        assert registry.count(self.before) == 1, f"the document names a place that is not in {self.registry}"
        (root / self.registry).write_text(
            registry.replace(f"{self.before}\n", f"{self.before}\n{self.line}"), encoding="utf-8"
        )


def example(heading: str) -> Example:
    """Read an example from the document."""
    section = DOCUMENT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    (file,), (line,) = FILE.findall(section), LINE.findall(section)
    return Example(*file, *line)


def ignored(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name.startswith((".", "__pycache__")) or name in LEFT_OUT}


def texts_of(root: Path) -> dict[str, list[str]]:
    """Every file of the program by its path, as lines."""
    files = [path for kind in COPIED for path in root.rglob(kind) if path.suffix != ".so"]
    inside = [path for path in files if not {"tests", "__pycache__", "data"} & set(path.relative_to(root).parts)]
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8").splitlines() for path in inside}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the program, and what tests share."""
    root = tmp_path / "copy"
    shutil.copytree(ROOT, root, ignore=ignored, symlinks=True)
    shutil.copytree(ROOT / "tests", root / "tests", ignore=lambda _f, names: {"__pycache__"} & set(names))
    return root


@pytest.mark.parametrize("heading", EXAMPLES)
def test_an_example_is_one_file_and_one_line_and_works(heading: str, copy: Path) -> None:
    added, before = example(heading), texts_of(copy)
    added.add_to(copy)
    after = texts_of(copy)
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {added.path, added.registry} and added.path not in before
    assert len(after[added.registry]) == len(before[added.registry]) + 1
    command = [sys.executable, "-W", "error::SyntaxWarning", "-c", USES[heading]]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_the_same_would_fail_without_the_line(copy: Path) -> None:
    added = example("A rule")
    (copy / added.path).write_text(added.text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", USES["A rule"]], cwd=copy, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 1 and b"AssertionError: the form of a room" in done.stderr


def test_the_document_has_an_example_of_each_part() -> None:
    sections = re.findall(r"^## (.+)$", DOCUMENT, re.MULTILINE)
    assert sections == list(EXAMPLES)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:[a-z_]+/)+[a-z_.]+\.(?:py|html|js|md))`", DOCUMENT))))
def test_every_file_that_the_document_names_is_there(path: str) -> None:
    new = {example(heading).path for heading in EXAMPLES}
    assert path in new or (ROOT / path).is_file()
