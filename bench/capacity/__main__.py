"""`python app.py capacity`: how many students this machine carries, found by letting more and more of them come.

Each of them sends five pictures a second to a teacher who watches, is enrolled, and is looked at by every detector.
Half sit calmly, half move, and one in five leaves the chair now and then.
"""

import argparse
import asyncio
from collections.abc import Sequence

from bench.capacity.school import CLASS_SIZE, MOST_S, STEPS, ramp
from bench.capacity.words import report_of, text_of
from bench.served import Served
from evaluation.figures.report import show
from settings import ASYNC_MODES, load_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Find the limit and tell it."""
    parser = argparse.ArgumentParser(prog="app.py capacity", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--least", type=int, default=0, help="students to begin with")
    parser.add_argument("--most", type=int, default=STEPS[-1], help="students to try at most")
    parser.add_argument("--workers", type=int, help="analysis processes (default: as the server decides)")
    parser.add_argument(
        "--mode", choices=ASYNC_MODES, default=load_settings().async_mode, help="default: as this server is set"
    )
    options = parser.parse_args(arguments)
    told = f"Students come in classes of {CLASS_SIZE}, each with a teacher who watches them all."
    print(f"{told} This takes five to ten minutes.")
    with Served(options.mode, options.workers) as served:
        steps = asyncio.run(ramp(served, [n for n in STEPS if options.least <= n <= options.most], MOST_S))
    show(report_of(steps), text_of(steps), options.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
