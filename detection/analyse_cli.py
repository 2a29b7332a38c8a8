"""Command line of `analyse` and `replay`; the heavy part is imported when one of them runs."""

import argparse
from pathlib import Path

from detection.models import ModelShelf
from detection.rules import DEFAULTS


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to a parser."""
    analyse = commands.add_parser("analyse", help="look at pictures and videos as the live pipeline does")
    _add_files(analyse, 1.0)
    analyse.add_argument("--enrolled", type=Path, metavar="PHOTO", help="compare faces with the one in this photo")
    analyse.add_argument("--json", action="store_true", help="one JSON object a line, described in docs/accuracy.md")
    analyse.add_argument("--annotated", type=Path, metavar="DIR", help="keep copies with what was found drawn in")
    replay = commands.add_parser("replay", help="feed videos through the rules and print the alerts with their times")
    _add_files(replay, 0.5)


def run_analyse(shelf: ModelShelf, given: argparse.Namespace) -> int:
    """Run `analyse`; 1 when a file could not be read."""
    from detection.analyse import Analyst, Request  # noqa: PLC0415 - heavy libraries, for these two commands alone

    analyst = Analyst(shelf)
    try:
        return analyst.analyse(Request(given.files, given.every, given.enrolled, given.json, given.annotated))
    finally:
        analyst.close()


def run_replay(shelf: ModelShelf, given: argparse.Namespace) -> int:
    """Run `replay`; 1 when a file could not be read."""
    from detection.analyse import Analyst  # noqa: PLC0415 - heavy libraries, for these two commands alone

    analyst = Analyst(shelf)
    try:
        return analyst.replay(given.files, DEFAULTS, given.every)
    finally:
        analyst.close()


def _add_files(parser: argparse.ArgumentParser, every: float) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--every", type=_seconds, default=every, metavar="SECONDS", help=f"of a video ({every:g})")


def _seconds(text: str) -> float:
    value = float(text)
    if not 0.01 <= value <= 3600:
        raise argparse.ArgumentTypeError("seconds from 0.01 to 3600")
    return value
