"""Tries the compiled loops against their Python twins: `python -m tools.fuzz [--cases 10000000] [--sanitise]`.

With --sanitise the loops are built once more with the address sanitiser, which ends the run at the first byte that is
read or written outside of what was asked for. A difference is printed with the number that makes it again:
`--only NAME --first NUMBER --cases 1`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tools.fuzz_cases import CASES, Kernels, load
from tools.node import ROOT

SANITISED = ROOT / "build" / "sanitised"
FLAGS = "-fsanitize=address -fno-omit-frame-pointer -g1"
BATCH = 20_000  # cases that one process takes at a time
MOST_SHOWN = 10


@dataclass(frozen=True)
class Batch:
    """Cases of one loop, from one number on."""

    name: str
    first: int
    count: int


@dataclass(frozen=True)
class Finding:
    """A case of which the loop and its twin give different accounts."""

    name: str
    number: int
    ours: str
    twin: str

    def __str__(self) -> str:
        return f"{self.name} --first {self.number}:\n    compiled {self.ours}\n    twin     {self.twin}"


def try_batch(batch: Batch, kernels: Kernels | None = None) -> list[Finding]:
    """Return what differs in a batch."""
    make, _ = CASES[batch.name]
    known = kernels or load()
    found = []
    for number in range(batch.first, batch.first + batch.count):
        ours, twin = make(Random(number), known)  # noqa: S311 - the same cases each time, no secrets
        if ours != twin:
            found.append(Finding(batch.name, number, repr(ours)[:300], repr(twin)[:300]))
    return found


def batches(cases: int, first: int = 0, only: str | None = None, size: int = BATCH) -> Iterator[Batch]:
    """Share so many cases among the loops, or give all to one, in pieces that processes can take."""
    whole = sum(share for _, share in CASES.values())
    for name, (_, share) in CASES.items():
        count = cases if only == name else 0 if only else -(-cases * share // whole)
        for done in range(0, count, size):
            yield Batch(name, first + done, min(size, count - done))


def sanitised_library() -> str | None:
    """Return where the compiler keeps the sanitiser that must be loaded first; None without one."""
    try:
        told = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return str(Path(told.strip()).resolve()) if os.path.isabs(told.strip()) else None


def build_sanitised(folder: Path = SANITISED) -> None:
    """Build the loops with the sanitiser, beside those that the server uses; CalledProcessError when it fails."""
    built = next(folder.glob("cy_frame*.so"), None)
    if built is not None and built.stat().st_mtime > (ROOT / "cy_frame.pyx").stat().st_mtime:
        return
    command = [*(sys.executable, "setup.py", "-q", "build_ext", "--force"), "--build-lib", str(folder)]
    environ = {**os.environ, "CFLAGS": FLAGS, "LDFLAGS": "-fsanitize=address", "BUILD_EXTENSION": "yes"}
    subprocess.run([*command, "--build-temp", str(folder / "objects")], cwd=ROOT, env=environ, check=True)


def sanitised_environment(library: str, folder: Path = SANITISED) -> dict[str, str]:
    """Return the environment in which `import cy_frame` gives the sanitised loops."""
    return {
        **os.environ,
        "LD_PRELOAD": library,
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        "PYTHONMALLOC": "malloc",  # Python's own allocator would hide a byte read beside a small object
        "ASAN_OPTIONS": "detect_leaks=0",  # an interpreter never gives everything back
    }


def run_sanitised(arguments: Sequence[str]) -> int:
    """Build, then run the same command on the sanitised loops."""
    library = sanitised_library()
    if library is None:
        print("There is no gcc with an address sanitiser here. On Debian or Ubuntu: apt-get install gcc libc6-dev")
        return 2
    build_sanitised()
    command = [sys.executable, "-P", "-m", "tools.fuzz", *arguments, "--expect", str(SANITISED)]
    return subprocess.run(command, cwd=ROOT, env=sanitised_environment(library), check=False).returncode


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="how many in all (default 100000)")
    parser.add_argument("--first", type=int, default=0, help="number of the first; another one makes other cases")
    parser.add_argument("--only", choices=list(CASES), help="one loop alone")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one for each core)")
    parser.add_argument("--sanitise", action="store_true", help="with the address sanitiser")
    parser.add_argument("--expect", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Run the cases; 1 when something differs, 2 when the loops are not there."""
    chosen = parse(arguments)
    if chosen.sanitise:
        return run_sanitised([one for one in arguments if one != "--sanitise"])
    try:
        place = Path(load().compiled.__file__)
    except ImportError:
        print("cy_frame is not built, so there is nothing to compare: python -m tools.extension")
        return 2
    if chosen.expect and place.parent != chosen.expect:
        print(f"{place} was loaded instead of the sanitised loops")
        return 2
    started = time.monotonic()
    todo = list(batches(chosen.cases, chosen.first, chosen.only))
    with ProcessPoolExecutor(chosen.jobs) as pool:
        found = [finding for findings in pool.map(try_batch, todo) for finding in findings]
    for finding in found[:MOST_SHOWN]:
        print(finding)
    count, spent = sum(batch.count for batch in todo), time.monotonic() - started
    build = "sanitised" if chosen.expect else "usual build"
    print(f"{count} cases ({build}), {len(found)} differences, {spent:.0f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
