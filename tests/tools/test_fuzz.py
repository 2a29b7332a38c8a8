"""The compiled loops give the same account as their twins, whatever they are given; also where each byte is watched."""

from __future__ import annotations

import subprocess
import sys
from copy import copy
from dataclasses import replace
from random import Random

import pytest

from tools import fuzz
from tools.fuzz import Batch, batches, build_sanitised, sanitised_environment, sanitised_library, try_batch
from tools.fuzz_cases import CASES, Kernels, load

IN_ALL = 100_000
SANITISED = 4_000
OVERFLOW = "import cy_frame, ctypes; ctypes.memmove(ctypes.create_string_buffer(100), bytes(200), 101)"


@pytest.fixture(scope="module")
def kernels() -> Kernels:
    """Skip on a machine without a compiler; CI builds with BUILD_EXTENSION=yes."""
    pytest.importorskip("cy_frame", exc_type=ImportError)
    return load()


@pytest.fixture(scope="module")
def library() -> str:
    """Build the sanitised loops; skip where there is no sanitiser to build them with."""
    found = sanitised_library()
    if found is None:
        pytest.skip("no gcc with an address sanitiser here")
    build_sanitised()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_loop_and_its_twin_agree(name: str, kernels: Kernels) -> None:
    found = [one for batch in batches(IN_ALL) if batch.name == name for one in try_batch(batch, kernels)]
    assert not found, "\n".join(map(str, found[:5]))


@pytest.mark.parametrize("name", CASES)
def test_the_cases_are_neither_all_taken_nor_all_refused(name: str, kernels: Kernels) -> None:
    make, _ = CASES[name]
    accounts = [repr(make(Random(number), kernels)[0]) for number in range(400)]
    refused = [account for account in accounts if "refused" in account or account in {"None", "[]"}]
    assert len(refused) < 380, "a loop that refuses nearly everything is not tried"
    assert refused, "and neither is one that refuses nothing"


def test_a_twin_that_is_wrong_is_found_and_named(kernels: Kernels) -> None:
    wrong = copy(kernels.twin)
    wrong.parse_jpeg_header = lambda data: (1, 1, 1)
    found = try_batch(Batch("parse_jpeg_header", 0, 50), replace(kernels, twin=wrong))
    assert found and "parse_jpeg_header --first" in str(found[0])


def test_all_cases_are_given_out_once() -> None:
    shared = list(batches(1_000, first=7, size=30))
    assert sum(batch.count for batch in shared) == 1_000
    alone = list(batches(100, 7, "unmask", size=30))
    assert [(batch.first, batch.count) for batch in alone] == [(7, 30), (37, 30), (67, 30), (97, 10)]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_byte_outside_is_touched(library: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert fuzz.main(["--sanitise", "--cases", str(SANITISED), "--first", "500000", "--jobs", "1"]) == 0
    assert "cases (sanitised), 0 differences" in capfd.readouterr().out


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_sanitiser_is_at_work(library: str) -> None:
    built = next(fuzz.SANITISED.glob("cy_frame*.so"))
    assert b"__asan_report_load" in built.read_bytes()
    command = [sys.executable, "-P", "-c", OVERFLOW]
    done = subprocess.run(command, env=sanitised_environment(library), capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "AddressSanitizer: heap-buffer-overflow" in done.stderr


def test_without_the_loops_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "cy_frame", None)
    assert fuzz.main(["--cases", "1"]) == 2
    assert "python -m tools.extension" in capsys.readouterr().out
