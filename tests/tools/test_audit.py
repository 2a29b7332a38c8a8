"""The audit finds what holds for the pinned packages, and the list of parts is whole."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from detection.models.shelf import load_manifest
from tools import audit, sbom
from tools.audit import holds, weaknesses
from tools.sbom import Package

NOW = datetime(2026, 12, 1, tzinfo=UTC)
FLASK = Package("PyPI", "flask", "3.1.3", "required")


def span(*events: Mapping[str, str], kind: str = "ECOSYSTEM") -> dict[str, Any]:
    return {"ranges": [{"type": kind, "events": list(events)}]}


def advisory(name: str, affected: Mapping[str, Any], ecosystem: str = "PyPI", **more: Any) -> dict[str, Any]:
    told = {"package": {"ecosystem": ecosystem, "name": name}, **affected}
    return {"id": "OSV-1", "aliases": ["CVE-1"], "summary": "Bad.", "modified": "2026-11-20T00:00:00Z"} | {
        "affected": [told],
        **more,
    }


@pytest.mark.parametrize(
    ("affected", "expected"),
    [
        ({"versions": ["3.1.3"]}, True),
        ({"versions": ["3.1.2"]}, False),
        (span({"introduced": "0"}), True),
        (span({"introduced": "0"}, {"fixed": "3.1.3"}), False),
        (span({"introduced": "0"}, {"fixed": "3.1.10"}), True),
        (span({"introduced": "3.2"}), False),
        (span({"introduced": "0"}, {"last_affected": "3.1.3"}), True),
        (span({"introduced": "0"}, {"last_affected": "3.1.2"}), False),
        (span({"introduced": "0"}, {"fixed": "2"}, {"introduced": "3.1"}, {"fixed": "3.2"}), True),
        (span({"introduced": "3.1.0-rc.1"}, {"fixed": "3.1.4"}, kind="SEMVER"), True),
        (span({"introduced": "0"}, kind="GIT"), False),
        (span({"introduced": "strange version"}), True),
    ],
)
def test_a_version_is_affected_or_not(affected: Mapping[str, Any], expected: bool) -> None:
    assert holds(FLASK.version, affected) is expected


def test_names_are_compared_in_one_spelling_and_ecosystems_kept_apart() -> None:
    everything = span({"introduced": "0"}, {"fixed": "9"})
    ours = [Package("PyPI", "flask-wtf", "1.2", "required"), Package("npm", "@popperjs/core", "2.11.8", "required")]
    known = [
        advisory("Flask_WTF", everything),
        advisory("@popperjs/core", everything, "npm"),
        advisory("flask-wtf", everything, "npm"),
        advisory("flask-wtf", everything, withdrawn="2026-01-01T00:00:00Z"),
    ]
    found = weaknesses(ours, known)
    assert sorted(one.package.name for one in found) == ["@popperjs/core", "flask-wtf"]
    assert "OSV-1 / CVE-1, mended in 9. Bad." in str(found[0])


def put_archive(folder: Path, *known: Mapping[str, Any]) -> bytes:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "PyPI.zip", "w") as archive:
        for number, one in enumerate(known):
            archive.writestr(f"{number}.json", json.dumps(one))
    return (folder / "PyPI.zip").read_bytes()


def test_a_pinned_package_with_a_weakness_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pinned,) = [one for one in sbom.python_packages() if one.name == "flask"]
    put_archive(
        tmp_path, advisory("Flask", {"versions": [pinned.version]}), advisory("nobody", span({"introduced": "0"}))
    )
    assert audit.audit(tmp_path, NOW) == 1
    said = capsys.readouterr().out
    assert f"flask {pinned.version} (required): OSV-1 / CVE-1" in said and "2 advisories, 1 hold." in said


def test_nothing_known_and_nothing_to_look_into_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.audit(tmp_path, NOW) == 2
    (tmp_path / "one.json").write_text(json.dumps(advisory("nobody", {"versions": ["1"]})), encoding="utf-8")
    assert audit.audit(tmp_path, NOW) == 0
    assert "more than a month old" not in capsys.readouterr().out
    assert audit.audit(tmp_path, datetime(2027, 3, 1, tzinfo=UTC)) == 0
    assert "more than a month old" in capsys.readouterr().out


def test_advisories_are_fetched_whole(tmp_path: Path) -> None:
    content = put_archive(tmp_path / "served", advisory("nobody", {"versions": ["1"]}))

    class Archive(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Archive) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        audit.fetch(tmp_path / "got", f"http://127.0.0.1:{server.server_port}/{{ecosystem}}/all.zip")
        server.shutdown()
    assert len(list(audit.read_advisories(tmp_path / "got"))) == len(audit.ECOSYSTEMS)
    assert not list((tmp_path / "got").glob("*.part"))


def test_the_list_of_parts_is_whole(tmp_path: Path) -> None:
    count = sbom.write(tmp_path / "sbom.json")
    made = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    assert (made["bomFormat"], made["specVersion"], len(made["components"])) == ("CycloneDX", "1.6", count)
    references = [part["bom-ref"] for part in made["components"]]
    assert len(set(references)) == count
    names = {part["name"] for part in made["components"]}
    assert {"flask", "bootstrap", "@popperjs/core", "pytest", *(model.name for model in load_manifest())} <= names
    wanted = Path("requirements/runtime.in").read_text(encoding="utf-8")
    direct = {sbom.normal(found[0]) for found in re.findall(r"^([A-Za-z][\w.-]*)(\[|=|<|>|~|!|;| |$)", wanted, re.M)}
    assert direct <= names, "every package that we name is in it"
    assert sbom.write(tmp_path / "again.json") == count
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "sbom.json").read_bytes()


def test_the_licence_of_every_model_is_in_the_documentation() -> None:
    page = Path("docs/licences.md").read_text(encoding="utf-8")
    missing = [model.name for model in load_manifest() if f"| `{model.name}` | {model.licence}" not in page]
    assert not missing
    assert re.search(r"shape_predictor_68_face_landmarks.dat.*\*\*not used\*\* \| \*\*no\*\*", page)


def test_the_landmarks_that_may_not_be_passed_on_are_neither_here_nor_used() -> None:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=False).stdout.split()
    assert not [name for name in listed if "68_face_landmarks" in name]
    sources = [path for folder in ("detection", "rooms", "serving", "bench") for path in Path(folder).rglob("*.py")]
    assert sources and not [path for path in sources if "predictor_68" in path.read_text(encoding="utf-8")]
