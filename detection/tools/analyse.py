"""Analyses files as the live pipeline analyses students: `python app.py analyse` and `replay`."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from core.types import Alert, Observation, ObservationKind, RuleSettings
from detection import detectors
from detection.analysis.pipeline import Pipeline
from detection.frames.decode import DecodeError
from detection.measures.attention import Attention
from detection.measures.channels import WEBCAM, paces
from detection.models.shelf import ModelShelf
from detection.runtime.judge import Judge
from detection.tools.analyse_report import NOTHING, as_line, as_words
from detection.tools.annotate import annotated
from detection.tools.recordings import Still, UnreadableFile, count_stills, read_stills

ROOM = "file"
References = Sequence[Sequence[float]]
Look = tuple[Still, list[Observation]]


@dataclass(frozen=True)
class Request:
    """What `analyse` was asked for."""

    files: Sequence[Path]
    every: float = 1.0
    enrolled: Path | None = None
    as_json: bool = False
    annotated: Path | None = None
    channel: str = WEBCAM


@dataclass
class Analyst:
    """The live pipeline on files: every detector that can be loaded, on every picture."""

    shelf: ModelShelf
    out: TextIO = field(default_factory=lambda: sys.stdout)
    errors: TextIO = field(default_factory=lambda: sys.stderr)

    def __post_init__(self) -> None:
        self.pipeline = Pipeline(self._loaded())

    def close(self) -> None:
        """Give back the models."""
        self.pipeline.close()

    def analyse(self, request: Request) -> int:
        """Print a line for each picture or sampled frame; 1 when a file could not be read, the rest still done."""

        def look(number: int, path: Path, bar: Any) -> None:
            attention = Attention()
            for still, seen in self._looks(path, request.every, references or [], bar, request.channel):
                facts = {observation.kind: observation.values for observation in seen}
                line = as_line(path, still, facts, attention_of(attention, seen))
                self._say(json.dumps(line) if request.as_json else as_words(line))
                if request.annotated:
                    name = f"{number:03d}_{path.stem}_{still.at:08.3f}.jpg"
                    _keep(request.annotated / name, annotated(still.jpeg, line, still.scale))

        references = self._references(request.enrolled)
        return 1 if references is None else self._each(request.files, request.every, look)

    def replay(
        self,
        files: Sequence[Path],
        rules: Mapping[str, RuleSettings],
        every: float = 0.5,
        enrolled: Path | None = None,
        channel: str = WEBCAM,
    ) -> int:
        """Feed clips through the rules as well and print the alerts with their times; 1 as for `analyse`."""

        def look(_number: int, path: Path, bar: Any) -> None:
            judge, last = Judge(), 0.0
            judge.watch(ROOM, rules)
            try:
                for still, seen in self._looks(path, every, references or [], bar, channel, as_live=True):
                    last = still.at
                    self._tell(path, [alert for one in seen for alert in judge.feed(one)] + judge.tick(last))
            finally:
                self._tell(path, judge.unwatch(ROOM, last))

        references = self._references(enrolled)
        return 1 if references is None else self._each(files, every, look)

    def _each(self, files: Sequence[Path], every: float, look: Callable[[int, Path, Any], None]) -> int:
        """Look at every file under one progress bar, shown where somebody can watch it."""
        failed = 0
        total = sum(count_stills(path, every) for path in files)
        with tqdm(total=total, unit="picture", leave=False, file=self.errors, disable=None) as bar:
            for number, path in enumerate(files, 1):
                bar.set_description(path.name)
                try:
                    look(number, path, bar)
                except BrokenPipeError:
                    raise
                except (UnreadableFile, DecodeError, OSError) as error:
                    failed = 1
                    tqdm.write(f"{path}: {error}", file=self.errors)
        return failed

    def _loaded(self) -> Iterator[detectors.Detector]:
        for name in detectors.in_order():
            made = detectors.make(name, self.shelf)
            reason = made.available()
            if reason is not None:
                self.errors.write(f"without {name}: {reason}\n")
                continue
            made.load()
            yield made

    def _looks(
        self, path: Path, every: float, references: References, bar: Any, channel: str, as_live: bool = False
    ) -> Iterator[Look]:
        """Yield every still with what was seen; `as_live` each detector looks only as often as in a room."""
        context = {"identity": {"references": references}} if references else NOTHING
        looked: dict[str, float] = {}
        wanted = paces(channel, {one.name: one.every for one in self.pipeline.detectors})
        for number, still in enumerate(read_stills(path, every), 1):
            due = self._due(still.at, wanted, looked) if as_live else list(wanted)
            yield still, self.pipeline.analyse(still.frame(path.name, number, channel), due, context)
            bar.update()

    def _due(self, at: float, wanted: Mapping[str, float], looked: dict[str, float]) -> list[str]:
        due = [name for name, seconds in wanted.items() if at - looked.get(name, -1e9) >= seconds - 1e-6]
        looked |= dict.fromkeys(due, at)
        return due

    def _references(self, photo: Path | None) -> References | None:
        """Return the numbers of the face in the photo, [] without one; None, and why, where it cannot be used."""
        if photo is None:
            return []
        try:
            still = next(read_stills(photo, 1.0))
            seen = self.pipeline.analyse(still.frame(photo.name, 1), None, {"identity": {"enrol": True}})
        except (UnreadableFile, DecodeError, OSError) as error:
            self.errors.write(f"{photo}: {error}\n")
            return None
        values = next((o.values for o in seen if o.kind is ObservationKind.IDENTITY), NOTHING)
        if "embedding" in values:
            return [values["embedding"]]
        reason = values.get("reason", "identity is not compared on this machine")
        self.errors.write(f"{photo}: this photo cannot be the reference: {reason}\n")
        return None

    def _say(self, text: str) -> None:
        tqdm.write(text, file=self.out)

    def _tell(self, path: Path, alerts: Sequence[Alert]) -> None:
        for alert in alerts:
            if alert.ended_at is None:
                told = alert.text % alert.numbers
                self._say(f"{path}  {alert.raised_at:7.1f} s  {alert.kind} {alert.severity}  {told}")
            else:
                self._say(f"{path}  {alert.ended_at:7.1f} s  {alert.kind} is over")


def attention_of(attention: Attention, seen: Sequence[Observation]) -> float | None:
    """Return the attention after these observations, None without a face to measure; a phone's say nothing of it."""
    if any(observation.channel != WEBCAM for observation in seen):
        return None
    for observation in seen:
        attention.feed(observation)
    return attention.score_of(seen[0].participant) if seen else None


def _keep(path: Path, jpeg: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg)
