"""What one relayed picture costs the server, and how late it is, against stock Flask-SocketIO and raw WebSockets.

Every server runs in a process of its own on the first processor, the simulated people on the second; they take turns,
and each number is the median of the turns. `ours` is the product's path (frame lane, grid relay with its ticks,
gathered write) on eventlet, `threads` the same on threads; `direct` and `threads-direct` are these without ticks:
each picture goes out at once, as the peers do it.
"""

import argparse
import os
import platform
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import psutil

from bench.relay.load import Crowd, Outcome
from bench.relay.servers import command
from evaluation.figures.report import Report, show, table

PEERS = ("eventlet", "threading", "gthread", "picows", "websockets")
OURS = ("ours", "threads", "direct", "threads-direct")
RAW = frozenset({"picows", "websockets"})
WARM_UP_S = 1.0
CHUNK_S = 3.0
START_S = 30.0
FEW, MANY = 1, 8  # teachers; the slope between the two is what one more of them costs
GRID_STUDENTS, GRID_RATE = 30, 5.0  # what a grid page of 30 asks for


@dataclass(frozen=True)
class Load:
    """How much a server gets to do in one turn."""

    students: int
    teachers: int
    rate: float  # pictures a second from each student
    size: int  # bytes
    seconds: float


@dataclass
class Turns:
    """What one server showed in all its turns."""

    cpu: list[float] = field(default_factory=list)  # microseconds a picture
    outcomes: list[Outcome] = field(default_factory=list)

    def median(self, share: float) -> float:
        """Return the median of a percentile of the latency, in milliseconds."""
        return statistics.median(outcome.percentile(share) for outcome in self.outcomes)

    def figures(self) -> dict[str, float]:
        """Return what is reported of a server."""
        delivered = sum(outcome.delivered for outcome in self.outcomes)
        offered = sum(outcome.sent + outcome.skipped for outcome in self.outcomes)
        return {
            "cpu_us_per_frame": statistics.median(self.cpu),
            "p50_ms": self.median(0.5),
            "p95_ms": self.median(0.95),
            "p99_ms": self.median(0.99),
            "delivered_share": delivered / offered,
        }


class Server:
    """A server under test in its own process."""

    def __init__(self, name: str, process: subprocess.Popen[str], port: int) -> None:
        self.port = port
        self.raw = name in RAW
        self._process = psutil.Process(process.pid)

    def cpu(self) -> float:
        """Return the seconds of processor time used so far, children included."""
        return sum(cpu_of(member) for member in [self._process, *self._process.children(recursive=True)])

    def memory(self) -> int:
        """Return the resident bytes."""
        return int(self._process.memory_info().rss)


def cpu_of(process: psutil.Process) -> float:
    """Return the seconds of processor time of a process: to the nanosecond on Linux, elsewhere to 10 ms."""
    if platform.system() == "Linux":  # not sys.platform: mypy would see one branch alone
        return time.clock_gettime(~process.pid << 3 | 2)  # clock_getcpuclockid(3) for another process
    return float(sum(process.cpu_times()[:2]))


@contextmanager
def started(name: str) -> Iterator[Server]:
    """Run a server until the block ends."""
    with subprocess.Popen(command(name), stdout=subprocess.PIPE, text=True) as process:
        try:
            pin(process.pid, 0)
            assert process.stdout is not None
            port = int(process.stdout.readline())
            wait_for(port)
            yield Server(name, process, port)
        finally:
            process.terminate()


def pin(pid: int, processor: int) -> None:
    """Keep a process on one processor, where the system can do that."""
    if hasattr(os, "sched_setaffinity") and processor < (os.cpu_count() or 1):
        os.sched_setaffinity(pid, {processor})


def wait_for(port: int) -> None:
    """Return once somebody listens on a port; TimeoutError after 30 s."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nobody listens on port {port}")


def one_turn(server: Server, load: Load) -> tuple[float, Outcome]:
    """Return (microseconds of processor time per picture, outcome) of one turn."""
    crowd = Crowd(server.port, load.students, load.teachers, load.size, server.raw)
    try:
        crowd.run(WARM_UP_S, load.rate)
        before = server.cpu()
        outcome = crowd.run(load.seconds, load.rate)
        return (server.cpu() - before) / max(1, outcome.acknowledged) * 1e6, outcome
    finally:
        crowd.close()


def compare(names: Sequence[str], loads: Sequence[Load], repeats: int) -> dict[tuple[str, Load], Turns]:
    """Let all servers take turns with all loads."""
    results = {(name, load): Turns() for name in names for load in loads}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(started(name)) for name in names}
        for _ in range(repeats):
            for (name, load), turns in results.items():
                cpu, outcome = one_turn(servers[name], load)
                turns.cpu.append(cpu)
                turns.outcomes.append(outcome)
    return results


def relay(report: Report, load: Load, repeats: int) -> str:
    """Measure one teacher and all peers."""
    results = compare([*OURS, *PEERS], [load], repeats)
    figures = {name: turns.figures() for (name, _), turns in results.items()}
    ours = figures["ours"]
    report.metrics.update(ours)
    for name in OURS[1:]:
        report.metrics.update({f"{name}_{key}": value for key, value in figures[name].items()})
    report.metrics["threads_over_eventlet"] = figures["threads"]["cpu_us_per_frame"] / ours["cpu_us_per_frame"]
    report.peers.update({peer: figures[peer] for peer in PEERS})
    report.ratios.update({peer: ours["cpu_us_per_frame"] / figures[peer]["cpu_us_per_frame"] for peer in PEERS})
    rows = [
        [name, *values.values(), ours["cpu_us_per_frame"] / values["cpu_us_per_frame"]]
        for name, values in figures.items()
    ]
    title = f"{load.students} students x {load.rate:g}/s x {load.size} bytes, {load.teachers} teacher, {repeats} turns"
    head = ["server", "CPU us/frame", "p50 ms", "p95 ms", "p99 ms", "delivered", "ours / it"]
    return f"{title}\n\n{table(head, rows)}"


def fan_out(report: Report, load: Load, repeats: int) -> str:
    """Measure what one more teacher costs for each picture: our ticks, one emit for each picture, picows."""
    names = ["ours", "threads", "emit", "picows"]
    loads = {count: Load(GRID_STUDENTS, count, GRID_RATE, load.size, load.seconds) for count in (FEW, MANY)}
    results = compare(names, list(loads.values()), repeats)
    rows = []
    for name in names:
        few, many = (results[name, loads[count]].cpu for count in (FEW, MANY))
        # each turn's pair ran one after the other, in the same noise
        slope = statistics.median((b - a) / (MANY - FEW) for a, b in zip(few, many, strict=True))
        report.metrics[f"fan_out_{name}_us"] = slope
        rows.append([name, statistics.median(few), statistics.median(many), slope])
    report.metrics["fan_out_emit_over_ours"] = report.metrics["fan_out_emit_us"] / report.metrics["fan_out_ours_us"]
    head = ["grid of 30 at 5/s", f"us/frame, {FEW} teacher", f"us/frame, {MANY} teachers", "us per frame and recipient"]
    return table(head, rows)


PARTS = {"relay": relay, "fan-out": fan_out}


def stall(report: Report, load: Load, seconds: float) -> str:
    """Measure what a teacher who stops reading does to the server's memory and to the other teacher.

    A second server where both teachers read takes turns with it, so that the machine's other work meets both alike.
    """
    with started("ours") as control, started("ours") as server:
        usual = Crowd(control.port, load.students, 2, load.size, control.raw)
        crowd = Crowd(server.port, load.students, 2, load.size, server.raw)
        for each in (usual, crowd):
            each.run(5 * WARM_UP_S, load.rate)
        memory, growth = server.memory(), 0
        crowd.ignore(crowd.teachers[1])
        before, during = Outcome(), Outcome()
        end = time.monotonic() + 2 * seconds
        while time.monotonic() < end:
            before.add(usual.run(CHUNK_S, load.rate))
            during.add(crowd.run(CHUNK_S, load.rate))
            crowd.teachers[1].say_alive()
            growth = max(growth, server.memory() - memory)
        usual.close()
        crowd.close()
    report.metrics["stall_growth_mb"] = growth / 1e6
    report.metrics["stall_p99_ms"] = during.percentile(0.99)
    report.metrics["stall_p99_over_usual"] = during.percentile(0.99) / before.percentile(0.99)
    rows = [
        ["both read", before.percentile(0.5), before.percentile(0.99), 0.0],
        [f"one stalled for {2 * seconds:g} s", during.percentile(0.5), during.percentile(0.99), growth / 1e6],
    ]
    return table(["teachers", "p50 ms", "p99 ms", "server grew by MB"], rows)


def main() -> None:
    """Measure what the command line asks for and print it."""
    options = argparse.ArgumentParser(prog="python -m bench.relay", description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    options.add_argument("--seconds", type=float, default=4.0, help="length of a turn (default 4)")
    options.add_argument("--rate", type=float, default=10.0, help="pictures a second from each student (default 10)")
    options.add_argument("--students", type=int, default=40, help="simulated students (default 40)")
    options.add_argument("--size", type=int, default=15_000, help="bytes of a picture (default 15000)")
    options.add_argument("--repeats", type=int, default=5, help="turns of each server (default 5)")
    options.add_argument("--only", choices=PARTS, help="measure one part alone")
    options.add_argument(
        "--stall", type=float, nargs="?", const=60.0, metavar="SECONDS", help="measure a stalled teacher (60) alone"
    )
    chosen = options.parse_args()
    pin(0, 1)
    load = Load(chosen.students, 1, chosen.rate, chosen.size, chosen.seconds)
    report = Report("relay")
    if chosen.stall is not None:
        texts = [stall(report, load, chosen.stall)]
    else:
        texts = [part(report, load, chosen.repeats) for name, part in PARTS.items() if chosen.only in {None, name}]
    show(report, "\n\n".join(texts), chosen.json)


if __name__ == "__main__":
    main()
