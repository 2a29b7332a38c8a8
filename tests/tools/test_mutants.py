"""Mutants: each is one fault, faults that tests notice are killed, and those that none notices are named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tools.mutants import Order, mirrored, module_name, spread, untouched
from tools.mutations import mutants_of, put
from tools.node import ROOT

CASES = [
    ("a < b", ["a <= b"]),
    ("a >= b", ["a > b"]),
    ("a == b", ["a != b"]),
    ("a is not None", ["a is None"]),
    ("a in b", ["a not in b"]),
    ("0 < a < 2", ["0 <= a < 2", "0 < a <= 2", "1", "3"]),
    ("a and b", ["a or b"]),
    ("not a", ["a"]),
    ("-a", ["a"]),
    ("a + b", ["a - b"]),
    ("a ** b", ["a * b"]),
    ("True", ["False"]),
    ("7", ["8"]),
    ("0.0", ["1.0"]),
    ("0.25", ["0.5"]),
    ("min(a, b)", ["max(a, b)", "pass"]),
    ("any(a)", ["all(a)", "pass"]),
    ("a if b else c", ["a if not b else c"]),
    ("f(a)", ["pass"]),
    ("self.a = b", ["pass"]),
    ("self.a: int = 1", ["2"]),
    ("a += b", ["a -= b"]),
    ("raise ValueError(a)", ["pass"]),
    ("if a: b", ["if not a:"]),
    ("while f(): b", ["while not f():"]),
    ("def f() -> 'A | None': return a", ["return None"]),
    ("for a in b: break", ["continue"]),
    ("def f(a: int = 1): return None", ["2"]),
    # texts, annotations, decorators, log lines and what is read by type checkers alone
    ("'text'", []),
    ("f'{a + 1}'", []),
    ("a: dict[int, Literal[1]]", []),
    ("logger.info('x', 1)", []),
    ("@dataclass(frozen=True)\nclass A: pass", []),
    ("if TYPE_CHECKING: f(1)", []),
    ("a = b", []),
    ("return_value = None", []),
]


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_one_fault_at_a_time(source: str, expected: list[str]) -> None:
    assert sorted(one.what.partition("  ->  ")[2] for one in mutants_of(source, "x.py")) == sorted(expected)


def test_a_mutant_runs_changed_and_the_next_one_without_that_change() -> None:
    answers = []
    for mutant in mutants_of("def f(a):\n    return a + 2 < 5", "x.py"):
        names: dict[str, object] = {}
        exec(mutant.code, names)
        function = names["f"]
        assert callable(function)
        answers.append((mutant.line, function(2), function(3)))
    assert answers == [(2, None, None), (2, True, True), (2, True, True), (2, False, False), (2, True, True)]


WITHIN = """LIMIT = 3

class Door:
    def is_over(self, value=2):
        return any(one > LIMIT for one in [value])
"""


@pytest.mark.slow
def test_a_fault_within_a_function_can_be_put_into_a_module_that_is_loaded() -> None:
    names: dict[str, object] = {}
    exec(compile(WITHIN, "loaded.py", "exec"), names)
    door = cast(type, names["Door"])()
    answers = {}
    for mutant in mutants_of(WITHIN, "loaded.py"):
        if mutant.functions is not None:
            put(mutant.functions, "loaded.py")
            answers[mutant.what] = door.is_over(3), door.is_over(4)
    assert answers == {
        "return any((one > LIMIT for one in [value]))  ->  return None": (None, None),
        "any((one > LIMIT for one in [value]))  ->  all((one > LIMIT for one in [value]))": (False, True),
        "one > LIMIT  ->  one >= LIMIT": (True, True),
    }


def test_a_fault_that_shows_as_the_module_is_imported_is_not_one_of_a_function() -> None:
    within = {mutant.what: mutant.functions is not None for mutant in mutants_of(WITHIN, "x.py")}
    assert (within["3  ->  4"], within["2  ->  3"]) == (False, False), "a constant, and what a function takes by itself"


def test_a_limit_takes_them_from_the_whole_file() -> None:
    found = list(mutants_of("\n".join(f"a = {number}" for number in range(100)), "x.py"))
    assert [one.line for one in spread(found, 4)] == [1, 26, 51, 76]
    assert spread(found, None) == found == spread(found, 1000)


def test_the_tests_of_a_module_are_its_mirror_and_its_neighbours_that_import_it() -> None:
    relay = Path("rooms/live/picture_relay.py")
    beside = ("broadcaster", "picture_relay", "picture_relay_pages")
    assert sorted(mirrored(relay)) == [f"tests/rooms/live/test_{name}.py" for name in beside]
    assert "tests/detection/runtime/test_judge.py" in mirrored(Path("detection/runtime/tally.py"))
    assert "tests/rooms/live/test_broadcaster.py" in mirrored(Path("rooms/live/broadcaster.py"))
    assert mirrored(Path("rooms/live/room_loader.py")) == ["tests/rooms/live"]
    assert (module_name(relay), module_name(Path("core/__init__.py"))) == ("rooms.live.picture_relay", "core")


def test_quick_tests_run_first_and_those_that_nobody_timed_before_them() -> None:
    items = [SimpleNamespace(nodeid=name) for name in ("slow", "quick", "new")]
    Order({"slow": 2.0, "quick": 0.1}).pytest_collection_modifyitems(items)
    assert [item.nodeid for item in items] == ["new", "quick", "slow"]


SOURCES = {
    "street/__init__.py": "",
    "street/door.py": "LIMIT = 3\n",
    "street/house.py": "from street.door import LIMIT\n",
    "street/town.py": "def f() -> None:\n    import street.house\n",
    "street/tree.py": "from street import leaf\n",
    "street/leaf.py": "import math\n",
    "park/__init__.py": "from street import door\n",
    "park/bench.py": "import math\n",
    "tests/test_tree.py": "import street.tree\n",
    "lib/site-packages/glass.py": "",
}


def test_what_has_nothing_to_do_with_the_module_is_loaded_once_for_all_mutants(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = {"builtin": "None"}
    for file, source in SOURCES.items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        loaded[module_name(Path(file.removeprefix("lib/site-packages/")))] = str(path)
    monkeypatch.chdir(tmp_path)
    assert sorted(untouched("street.door", loaded)) == ["glass", "street", "street.leaf", "street.tree"]


MODULE = """LIMIT = 3

def is_over(value):
    return value > LIMIT

def settle(value):
    while value > 1:
        value //= 2
    return value
"""
TESTS = """from door import is_over, settle

def test_is_over():
    assert is_over(5) and not is_over(3)

def test_settle():
    assert settle(8) == 1
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "door.py").write_text(MODULE)
    (tmp_path / "tests" / "test_door.py").write_text(TESTS)
    return tmp_path


def examine(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tools.mutants import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-W", "ignore", "-c", code, "door.py", *options]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.slow
def test_what_no_test_notices_is_named_and_the_rest_is_killed_loops_without_end_too(project: Path) -> None:
    done = examine(project, "--least", "90")
    assert done.returncode == 1, done.stderr
    assert "door.py:1: 3  ->  4" in done.stdout, "5 is over either limit"
    assert "door.py: 7 killed, 1 survived, 88 % killed" in done.stdout, done.stdout
    assert (project / "door.py").read_text() == MODULE


@pytest.mark.slow
def test_tests_that_fail_already_are_refused(project: Path) -> None:
    (project / "tests" / "test_door.py").write_text("def test_it():\n    assert False\n")
    done = examine(project)
    assert done.returncode == 1
    assert "do not pass as they are" in done.stderr
