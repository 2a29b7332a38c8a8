"""Finds what the tests of a module would not notice: `python -m tools.mutants PATH... [--tests ...] [--limit N]`.

Each module is given one small fault at a time (tools/mutations.py), and its tests are run until the first fails. A
mutant that no test fails for has survived: a test is missing there, or the code does nothing. Printed for each file are
how many were killed and every survivor with its line.

The tests of `rooms/live/uplink.py` are `tests/rooms/live/test_uplink*.py` and what imports it in that folder, or the
whole folder where nothing does; `--tests` names others. Nothing is written: a mutant lives in a forked process, so
tests that start programs of their own do not see it. What does not depend on the module is imported once, before the
forks.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import math
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import CodeType, MappingProxyType, ModuleType
from typing import Any, NamedTuple

from tools.mutations import Mutant, mutants_of, put

FORK = multiprocessing.get_context("fork")
LEAST_S, TIMES = 3.0, 5.0
"""A mutant's tests get so many seconds of a processor, and so many times what they took without it."""
WAITS_S = 60.0
"""Those that only wait are given up after so many seconds on the clock more."""


class Planted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a mutant to whoever imports the module."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self._name, self._path, self._code = name, path, code

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        """Find the one module."""
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(name, self._path, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Leave it to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the mutant."""
        exec(self._code, module.__dict__)  # noqa: S102 - it is our own module, with one change


def mirrored(path: Path) -> list[str]:
    """Return the test files of a module: named after it, or beside those and importing it; else their whole folder."""
    folder, name = Path("tests") / path.parent, module_name(path)
    files = sorted(folder.glob("test_*.py"))
    own = [file for file in files if file.stem.startswith(f"test_{path.stem}")]
    users = [file for file in files if file not in own and f"from {name} import" in file.read_text(encoding="utf-8")]
    return [str(file) for file in (*own, *users)] or [str(folder)]


def module_name(path: Path) -> str:
    """Return the name by which a module is imported."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def spread(found: Sequence[Mutant], limit: int | None) -> list[Mutant]:
    """Return so many of the mutants, taken evenly from the whole file."""
    if limit is None or limit >= len(found):
        return list(found)
    return [found[at * len(found) // limit] for at in range(limit)]


# ------------------------------------------------------------------------------------ in a process of its own


class Order:
    """Runs the quick tests first, for most mutants are killed by one of them, each with the same examples.

    A failure of hypothesis is neither made smaller nor kept for later runs.
    """

    def __init__(self, seconds: Mapping[str, float]) -> None:
        self._known = seconds
        self.seconds: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Sort the tests by what they took before."""
        items.sort(key=lambda item: self._known.get(item.nodeid, 0.0))

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep what a test takes."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration

    def pytest_configure(self) -> None:
        """Set the examples before any test is imported."""
        import hypothesis  # noqa: PLC0415 - pytest must load it first, as its plugin

        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("mutants", database=None, derandomize=True, deadline=None, phases=phases)
        hypothesis.settings.load_profile("mutants")


class Trial(NamedTuple):
    """The tests of a module: what each of them takes, and all of them."""

    tests: Sequence[str]
    seconds: Mapping[str, float] = MappingProxyType({})
    total: float = 0.0

    @property
    def limit_s(self) -> float:
        """Return how many seconds of a processor they get."""
        return LEAST_S + TIMES * self.total


class Warm:
    """Has the tests collected once, and run for each mutant in a fork that knows them already."""

    def __init__(self, tested: Sequence[Mutant], trial: Trial, jobs: int) -> None:
        self._tested, self._trial, self._jobs = tested, trial, jobs
        self.alive: list[Mutant] = []

    def pytest_runtestloop(self, session: Any) -> bool:
        """Take the place of pytest's own loop."""
        for mutant, status in _results(self._tested, lambda one: self._try(session, one), self._trial, self._jobs):
            if status == 0:
                self.alive.append(mutant)
        return True

    def _try(self, session: Any, mutant: Mutant) -> None:
        _be_bounded(self._trial)
        put(mutant.functions or {}, mutant.code.co_filename)
        for item, following in itertools.zip_longest(session.items, session.items[1:]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                with contextlib.suppress(Exception):
                    session._setupstate.teardown_exact(None)  # programs that fixtures started end with them
                os._exit(1)
        os._exit(0)


def run_tests(tests: Sequence[str], *plugins: object, options: Sequence[str] = ()) -> int:
    """Run tests here until the first fails, and return pytest's status."""
    import pytest  # noqa: PLC0415 - in the process that runs the tests alone

    loaded = "ignore::pytest.PytestAssertRewriteWarning"  # the first process knows the plugins
    usual = ["-x", "-q", "-p", "no:cacheprovider", "-W", loaded]
    return int(pytest.main([*usual, *options, *tests], plugins=[*plugins]))


def _be_bounded(trial: Trial) -> None:
    limit_s = math.ceil(trial.limit_s)
    resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s))  # a loop without end is killed
    with open(os.devnull, "w") as nowhere:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)


def _try_anew(name: str, path: Path, code: CodeType, trial: Trial) -> None:
    _be_bounded(trial)
    sys.meta_path.insert(0, Planted(name, path, code))
    os._exit(run_tests(trial.tests, Order(trial.seconds)))


def _try_warm(tested: Sequence[Mutant], trial: Trial, jobs: int, told: Connection) -> None:
    warm = Warm(tested, trial, jobs)
    run_tests(trial.tests, Order(trial.seconds), warm, options=["-s", "--no-summary"])
    told.send([tested.index(one) for one in warm.alive])
    os._exit(0)


def _try_unchanged(trial: Trial, told: Connection) -> None:
    began, order = time.process_time(), Order(trial.seconds)
    status = run_tests(trial.tests, order)
    loaded = {name: str(getattr(module, "__file__", None)) for name, module in list(sys.modules.items())}
    told.send((status, time.process_time() - began, order.seconds, loaded))
    sys.stdout.flush()
    os._exit(0)


# ------------------------------------------------------------------------------------ in the first process


def prepared(name: str, tests: Sequence[str]) -> Trial:
    """Run the tests without a mutant, load what they use, and run them again as mutants will meet them.

    Raises:
        SystemExit: they fail already.
    """
    first, loaded = _unchanged(Trial(tests))
    _load(untouched(name, loaded))
    if name in sys.modules:
        raise SystemExit(f"{name} is imported by a module that does not name it.")
    return _unchanged(first)[0]


def untouched(name: str, loaded: Mapping[str, str]) -> list[str]:
    """List libraries, and modules of ours that do not import the named one, nor anything that does."""
    libraries = [one for one, file in loaded.items() if "site-packages" in file]
    ours = {one: _imports(one, Path(file)) for one, file in loaded.items() if _is_ours(one, file)}
    touched, more = {name}, True
    while more:
        importers = {one for one, imports in ours.items() if imports & touched}
        more = not importers <= touched
        touched |= importers
    return [*libraries, *(one for one in ours if one not in touched)]


def _is_ours(name: str, file: str) -> bool:
    is_test = name.partition(".")[0] in {"tests", "tools", "__main__"}
    return (
        file.endswith(".py") and not is_test and Path(file).is_relative_to(os.getcwd()) and "site-packages" not in file
    )


def _imports(name: str, file: Path) -> set[str]:
    """Return all that a module may import, the packages above it and above those as well."""
    found = {name.rpartition(".")[0]}
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {one.rsplit(".", cut)[0] for one in found for cut in range(one.count(".") + 1)} - {"", name}


def _load(names: Iterable[str]) -> None:
    for name in sorted(names):
        with contextlib.suppress(Exception):  # what cannot be loaded in this order is loaded by the tests
            importlib.import_module(name)


def _unchanged(trial: Trial) -> tuple[Trial, dict[str, str]]:
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_try_unchanged, args=(trial, there))
    process.start()
    there.close()
    try:
        status, total, seconds, loaded = here.recv()
    except EOFError:
        status, total, seconds, loaded = -1, 0.0, {}, {}
    process.join()
    if status != 0:
        raise SystemExit(f"The tests do not pass as they are: {' '.join(trial.tests)}")
    return Trial(trial.tests, seconds, total), loaded


def survivors(path: Path, tested: Sequence[Mutant], trial: Trial, jobs: int) -> list[Mutant]:
    """Run the tests for each mutant, some at a time, and return those that no test failed for."""
    # where only functions change a fork that knows the tests will do, but what it lets live is tried from the start
    within = [one for one in tested if one.functions is not None]
    doubtful = _survivors_within(within, trial, jobs)
    again = [one for one in tested if one.functions is None or one in doubtful]
    name = module_name(path)
    alive: list[Mutant] = []
    for mutant, status in _results(again, lambda one: _try_anew(name, path, one.code, trial), trial, jobs):
        if status == 0:
            alive.append(mutant)
            print(f"  {path}:{mutant.line}: {mutant.what}", flush=True)
    return alive


def _survivors_within(tested: Sequence[Mutant], trial: Trial, jobs: int) -> list[Mutant]:
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_try_warm, args=(tested, trial, jobs, there))
    process.start()
    there.close()
    alive = [tested[at] for at in here.recv()]
    process.join()
    return alive


def _results(
    tested: Sequence[Mutant], attempt: Callable[[Mutant], None], trial: Trial, jobs: int
) -> Iterator[tuple[Mutant, int | None]]:
    waiting = list(reversed(tested))
    running: dict[ForkProcess, tuple[Mutant, float]] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            process = FORK.Process(target=attempt, args=(mutant,))
            process.start()
            running[process] = mutant, time.monotonic() + WAITS_S + TIMES * trial.limit_s
        wait([process.sentinel for process in running], timeout=1.0)
        for process, (mutant, deadline) in list(running.items()):
            if process.is_alive() and time.monotonic() < deadline:
                continue
            process.kill()
            process.join()
            del running[process]
            yield mutant, process.exitcode


def examine(path: Path, told: argparse.Namespace) -> None:
    """Try the mutants of one module, print what became of them, and end the process with 1 where too many live."""
    trial = prepared(module_name(path), told.tests or mirrored(path))
    found = list(mutants_of(path.read_text(encoding="utf-8"), str(path.absolute())))
    first, last = told.lines or (1, math.inf)
    tested = spread([one for one in found if first <= one.line <= last], told.limit)
    began = time.monotonic()
    print(f"{path}: {len(tested)} of {len(found)} mutants, {trial.total:.1f} s a run; survivors:", flush=True)
    alive = survivors(path, tested, trial, told.jobs)
    killed = len(tested) - len(alive)
    share = 100 * killed / len(tested) if tested else 100.0
    took = time.monotonic() - began
    print(f"{path}: {killed} killed, {len(alive)} survived, {share:.0f} % killed in {took:.0f} s", flush=True)
    sys.exit(share < told.least)


def main(arguments: Sequence[str]) -> int:
    """Examine the modules that the command line names, each from a process that knows none of them yet."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=str(__doc__).partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, help="modules, from the root of the project")
    parser.add_argument("--tests", nargs="+", help="the tests to run, in the place of those that mirror the module")
    parser.add_argument("--limit", type=int, help="the most mutants for each module, taken evenly from it")
    parser.add_argument("--lines", nargs=2, type=int, metavar=("FIRST", "LAST"), help="only mutants of these lines")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many run at a time")
    parser.add_argument("--least", type=float, default=0.0, help="end with 1 where a smaller share is killed, in %%")
    told = parser.parse_args(arguments)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a process with threads may not be forked
    sys.path.insert(0, os.getcwd())
    failed = 0
    for path in told.paths:
        process = FORK.Process(target=examine, args=(path, told))
        process.start()
        process.join()
        failed |= int(process.exitcode != 0)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
