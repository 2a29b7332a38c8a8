"""The commands of the Makefile, the locks and the small programs in tools/ keep their promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import media
from tools import node, programs, vendor

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"


def names(lines: str) -> set[str]:
    """Distribution names in a requirements file, spelled as the package index compares them."""
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)", lines, flags=re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def make(*arguments: str, **variables: str) -> str:
    """What a make started from a shell prints (these tests may themselves run below make)."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment = {**inherited, **variables}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def makefile_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


# ------------------------------------------------------------------------------------ locks


@pytest.mark.parametrize(("source", "lock"), [("runtime", "runtime"), ("build", "runtime"), ("dev", "dev")])
def test_lock_pins_everything_that_is_asked_for(source: str, lock: str) -> None:
    asked = names((REQUIREMENTS / f"{source}.in").read_text())
    assert asked - names((REQUIREMENTS / f"{lock}.txt").read_text()) == set()


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt", "node.txt"])
def test_locks_hold_exact_versions_and_nothing_else(lock: str) -> None:
    lines = [
        line for line in (REQUIREMENTS / lock).read_text().splitlines() if line and not line.lstrip().startswith("#")
    ]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)?", line)] == []


def test_both_locks_agree_where_they_overlap() -> None:
    pins = [
        dict(re.findall(r"^([\w.-]+)==(\S+)", (REQUIREMENTS / name).read_text(), re.MULTILINE))
        for name in ("runtime.txt", "dev.txt")
    ]
    runtime, dev = pins
    assert {name: dev[name] for name in runtime.keys() & dev} == {name: runtime[name] for name in runtime.keys() & dev}


def test_npm_lock_leaves_the_registry_open() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


# ------------------------------------------------------------------------------------ commands


def test_bare_make_lists_every_documented_target() -> None:
    listed = make()
    for target in ("run", "demo", "test", "bench", "fmt", "clean", "translations", "lock"):
        assert re.search(rf"^  make {target} +\S", listed, re.MULTILINE), target


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], "app.py"),
        (["HOST=0.0.0.0", "PORT=8443", "TLS=1"], "app.py --host 0.0.0.0 --port 8443 --tls"),
        (["TLS=0"], "app.py"),
    ],
)
def test_make_run_hands_its_options_on(given: list[str], expected: str) -> None:
    printed = make("-n", "run", *given, HOST="set-by-the-shell", PORT="1")  # the environment must not count
    last = " ".join(printed.splitlines()[-1].split())
    assert last.endswith(f"python {expected}")


def test_the_readme_names_commands_that_exist() -> None:
    commands = set(re.findall(r"(?:^|`)make ([a-z-]+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert {"run", "test"} <= commands <= makefile_targets()


def test_continuous_integration_runs_the_same_command_as_people() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert re.search(r"^make test\b", script, re.MULTILINE)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_setup_names_every_package() -> None:
    folders = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in ROOT.glob("[a-z]*/**/__init__.py")
    }
    inside = {
        name
        for name in folders
        if name.split(".")[0] not in {"tests", "tools", "bench", "evaluation", "build", "node_modules"}
    }
    script = (ROOT / "setup.py").read_text()
    assert {name for name in inside if f'"{name}"' not in script} == set()


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="the extension is optional outside CI")
@pytest.mark.skipif("EXAM_NO_EXTENSIONS" in os.environ, reason="this run is about the Python twin")
def test_ci_runs_on_the_compiled_extension() -> None:
    subprocess.run([sys.executable, "-c", "import cy_frame"], cwd=ROOT, check=True)


# ------------------------------------------------------------------------------------ front-end libraries


@pytest.mark.parametrize("folder", vendor.LIBRARIES)
def test_vendored_library_is_complete_and_carries_its_licence(folder: str) -> None:
    if not vendor.VENDOR.is_dir():
        pytest.skip("static/vendor is made by make run or make test")
    _, files = vendor.LIBRARIES[folder]
    for name in [*files.values(), "LICENSE"]:
        assert (vendor.VENDOR / folder / name).stat().st_size > 0


@pytest.mark.parametrize(("answer", "version"), [("echo v24.19.0", 24), ("echo nonsense", 0), ("exit 1", 0)])
def test_node_version_is_read_from_its_answer(tmp_path: Path, answer: str, version: int) -> None:
    program = tmp_path / "node"
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)
    assert node.version_of(str(program)) == version


def test_missing_node_has_no_version(tmp_path: Path) -> None:
    assert node.version_of(str(tmp_path / "node")) == 0


# ------------------------------------------------------------------------------------ programs of the system


@pytest.fixture
def absent_need(monkeypatch: pytest.MonkeyPatch) -> str:
    """A program that is missing on a machine where nothing may be installed."""
    monkeypatch.setitem(programs.NEEDS, "flute", programs.Need(lambda: False, ("flute-bin",), "no music"))
    monkeypatch.setattr(programs, "may_install", lambda: False)
    return "flute"


def test_missing_program_is_told_with_its_remedy(absent_need: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert programs.main([absent_need], fatal=False) == 0
    assert capsys.readouterr().out == "flute is missing: no music. On Debian or Ubuntu: apt-get install flute-bin\n"


def test_missing_program_fails_continuous_integration(absent_need: str) -> None:
    assert programs.main([absent_need], fatal=True) == 1


def test_missing_program_is_installed_where_that_is_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    need = programs.Need(lambda: bool(installed), ("flute-bin",), "no music")
    monkeypatch.setitem(programs.NEEDS, "flute", need)
    monkeypatch.setattr(programs, "may_install", lambda: True)
    monkeypatch.setattr(programs, "install", installed.extend)
    assert programs.main(["flute"], fatal=True) == 0
    assert installed == ["flute-bin"]


def test_unloadable_library_is_noticed() -> None:
    assert not programs.loads("libnothing-of-this-name.so.1")


# ------------------------------------------------------------------------------------ texts and media


def test_texts_are_found_in_python_templates_and_javascript(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "page.py").write_text("from x import gettext as _\n_('from Python')\n")
    (tmp_path / "templates" / "page.html").write_text("<p>{{ _('from a template') }}</p>\n")
    (tmp_path / "static" / "js" / "page.js").write_text("show(t('from JavaScript'));\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "x.py").write_text("_('not this one')\n")
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-k", "t"]
    subprocess.run([*command, "-F", str(ROOT / "babel.cfg"), "-o", "found.pot", "."], cwd=tmp_path, check=True)
    found = re.findall(r'^msgid "(.+)"', (tmp_path / "found.pot").read_text(), re.MULTILINE)
    assert set(found) == {"from Python", "from a template", "from JavaScript"}


def test_absent_media_skips_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match="set EXAM_MEDIA_DIR"):
        media.present("media", {"EXAM_MEDIA_DIR": str(tmp_path / "nowhere")})


def test_absent_media_fails_where_they_are_required(tmp_path: Path) -> None:
    environment = {"EXAM_MODELS_DIR": str(tmp_path / "nowhere"), "EXAM_REQUIRE_MEDIA": "1"}
    with pytest.raises(pytest.fail.Exception, match="set EXAM_MODELS_DIR"):
        media.present("models", environment)


def test_media_are_looked_for_beside_the_checkout() -> None:
    assert media.folder("media", {}) == ROOT.parent / "shared" / "media"
