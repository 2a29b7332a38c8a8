"""Command line of `analyse` and `replay`; the heavy part is imported when one of them runs."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from core.types import RuleSettings
from detection.measures.channels import ON_PHONES, WEBCAM
from detection.models.shelf import ModelShelf
from detection.rules import RULES
from detection.runtime.presets import PRESETS, preset_rules

Change = tuple[str, str, float | int | bool]
SETTINGS: Mapping[str, Callable[[str], float | int | bool]] = MappingProxyType(
    {
        "enabled": lambda text: bool(int(text)),
        "hold": float,
        "confirm": int,
        "window": int,
        "release": float,
        "cooldown": float,
        "strictness": float,
    }
)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to a parser."""
    analyse = commands.add_parser("analyse", help="look at pictures and videos as the live pipeline does")
    _add_files(analyse, 1.0)
    analyse.add_argument("--json", action="store_true", help="one JSON object a line, described in docs/accuracy.md")
    analyse.add_argument("--annotated", type=Path, metavar="DIR", help="keep copies with what was found drawn in")
    replay = commands.add_parser("replay", help="feed videos through the rules and print the alerts with their times")
    _add_files(replay, 0.5)
    replay.add_argument("--preset", choices=list(PRESETS), default="normal", help="how sensitive the rules are")
    replay.add_argument(
        "--set",
        dest="changes",
        type=_change,
        action="append",
        default=[],
        metavar="KIND.SETTING=VALUE",
        help=f"try another value, such as PHONE_DETECTED.hold=3; settings: {', '.join(SETTINGS)}",
    )


def run_analyse(shelf: ModelShelf, given: argparse.Namespace) -> int:
    """Run `analyse`; 1 when a file could not be read."""
    from detection.tools.analyse import Analyst, Request  # noqa: PLC0415 - heavy libraries, for these two commands alone

    request = Request(given.files, given.every, given.enrolled, given.json, given.annotated, given.channel)
    with _our_words_alone():
        analyst = Analyst(shelf)
        return _until_nobody_reads(lambda: analyst.analyse(request), analyst.close)


def run_replay(shelf: ModelShelf, given: argparse.Namespace) -> int:
    """Run `replay`; 1 when a file could not be read."""
    from detection.tools.analyse import Analyst  # noqa: PLC0415 - heavy libraries, for these two commands alone

    rules = changed(preset_rules(given.preset), given.changes)
    with _our_words_alone():
        analyst = Analyst(shelf)
        work = partial(analyst.replay, given.files, rules, given.every, given.enrolled, given.channel)
        return _until_nobody_reads(work, analyst.close)


def changed(rules: Mapping[str, RuleSettings], changes: list[Change]) -> dict[str, RuleSettings]:
    """Return the rules with single settings changed."""
    told = dict(rules)
    for kind, name, value in changes:
        values: dict[str, float | int | bool] = {name: value}
        told[kind] = replace(told[kind], **values)  # type: ignore[arg-type]
    return told


@contextmanager
def _our_words_alone() -> Iterator[None]:
    """Keep what the model libraries tell of themselves, a hundred lines, from hiding our error lines."""
    if sys.stderr is not sys.__stderr__ or sys.stderr is None:  # somebody else listens already, such as a test
        yield
        return
    sys.stderr.flush()
    with os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8") as ours, redirect_stderr(ours):
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 2)
        os.close(silence)
        try:
            yield
        finally:
            os.dup2(ours.fileno(), 2)


def _until_nobody_reads(work: Callable[[], int], close: Callable[[], None]) -> int:
    """Do the work; whoever reads our output may have had enough (`| head`), which is no failure of ours to report."""
    try:
        status = work()
        sys.stdout.flush()
    except BrokenPipeError:
        # what is still buffered would break again when the interpreter ends
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, sys.stdout.fileno())
        os.close(silence)
        status = 1
    finally:
        close()
    return status


def _add_files(parser: argparse.ArgumentParser, every: float) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument(
        "--every", type=_seconds, default=every, metavar="SECONDS", help=f"between two frames of a video ({every:g})"
    )
    parser.add_argument(
        "--channel", choices=(WEBCAM, *ON_PHONES), default=WEBCAM, help="which camera took them: one of a phone's?"
    )
    parser.add_argument("--enrolled", type=Path, metavar="PHOTO", help="compare faces with the one in this photo")


def _seconds(text: str) -> float:
    value = float(text)
    if not 0.01 <= value <= 3600:
        raise argparse.ArgumentTypeError("seconds from 0.01 to 3600")
    return value


def _change(text: str) -> Change:
    place, _, value = text.partition("=")
    kind, _, name = place.rpartition(".")
    if kind not in RULES or name not in SETTINGS:
        raise argparse.ArgumentTypeError(f"{text!r} is not KIND.SETTING=VALUE")
    try:
        return kind, name, SETTINGS[name](value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{value!r} is no value for {name}") from error
