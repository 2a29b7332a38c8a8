"""Looks at files as the live pipeline looks at students: `python app.py analyse` and `replay`."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from core.types import Alert, AlertKind, Observation, ObservationKind, RuleSettings
from detection import detectors
from detection.annotate import annotated
from detection.attention import Attention
from detection.decode import DecodeError
from detection.judge import Judge
from detection.models import ModelShelf
from detection.pipeline import Pipeline
from detection.recordings import Still, UnreadableFile, count_stills, read_stills

ROOM = "file"
NOTHING: Mapping[str, Any] = {}
Facts = Mapping[ObservationKind, Mapping[str, Any]]


@dataclass(frozen=True)
class Request:
    """What `analyse` was asked for."""

    files: Sequence[Path]
    every: float = 1.0
    enrolled: Path | None = None
    as_json: bool = False
    annotated: Path | None = None


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
        try:
            references = self._references(request.enrolled) if request.enrolled else []
        except UnreadableFile as error:
            self.errors.write(f"{request.enrolled}: {error}\n")
            return 1
        failed = 0
        for path in request.files:
            attention = Attention()
            try:
                for still, facts, seen in self._looks(path, request.every, references):
                    line = as_line(path, still, facts, attention_of(attention, seen))
                    self.out.write((json.dumps(line) if request.as_json else as_words(line)) + "\n")
                    if request.annotated:
                        _keep(request.annotated, path, still, annotated(still.jpeg, line, still.scale))
            except (UnreadableFile, DecodeError) as error:
                failed = 1
                self.errors.write(f"{path}: {error}\n")
        return failed

    def replay(self, files: Sequence[Path], rules: Mapping[AlertKind, RuleSettings], every: float = 0.5) -> int:
        """Feed clips through the rules as well and print the alerts with their times."""
        failed = 0
        for path in files:
            judge = Judge()
            judge.watch(ROOM, rules)
            last = 0.0
            try:
                for still, _facts, seen in self._looks(path, every, []):
                    last = still.at
                    self._tell(path, [a for one in seen for a in judge.feed(one)] + judge.tick(still.at))
                self._tell(path, judge.unwatch(ROOM, last))
            except (UnreadableFile, DecodeError) as error:
                failed = 1
                self.errors.write(f"{path}: {error}\n")
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
        self, path: Path, every: float, references: Sequence[Sequence[float]]
    ) -> Iterator[tuple[Still, Facts, list[Observation]]]:
        context = {"identity": {"references": references}} if references else NOTHING
        stills = tqdm(read_stills(path, every), path.name, count_stills(path, every), leave=False, file=self.errors)
        for number, still in enumerate(stills, 1):
            seen = self.pipeline.analyse(still.frame(path.name, number), None, context)
            yield still, {observation.kind: observation.values for observation in seen}, seen

    def _references(self, photo: Path) -> list[Sequence[float]]:
        (still,) = list(read_stills(photo, 1.0))[:1]
        seen = self.pipeline.analyse(still.frame(photo.name, 1), None, {"identity": {"enrol": True}})
        values = next((o.values for o in seen if o.kind is ObservationKind.IDENTITY), NOTHING)
        if "embedding" not in values:
            raise UnreadableFile(f"this picture cannot be the reference: {values.get('reason', 'identity is off')}")
        return [values["embedding"]]

    def _tell(self, path: Path, alerts: Sequence[Alert]) -> None:
        for alert in alerts:
            told = alert.text % alert.numbers
            if alert.ended_at is None:
                self.out.write(f"{path}  {alert.raised_at:7.1f} s  {alert.kind} {alert.severity}  {told}\n")
            else:
                self.out.write(f"{path}  {alert.ended_at:7.1f} s  {alert.kind} is over\n")


def as_line(path: Path, still: Still, facts: Facts, attention: float | None) -> dict[str, Any]:
    """Return one line of `--json`: pixels of the original file, degrees, null for what was not seen."""
    faces, head = facts.get(ObservationKind.FACES, NOTHING), facts.get(ObservationKind.LANDMARKS, NOTHING)
    picture, identity = facts.get(ObservationKind.PICTURE, NOTHING), facts.get(ObservationKind.IDENTITY, NOTHING)
    things = facts.get(ObservationKind.OBJECTS, NOTHING).get("objects", ())
    compared = identity.get("reason") != "not enrolled" and bool(identity)
    return {
        "file": str(path),
        "at": still.at,
        "picture": {name: picture.get(name) for name in ("state", "luminance", "blur")},
        "faces": [
            {"box": _original(box, still), "score": score}
            for box, score in zip(faces.get("boxes", ()), faces.get("scores", ()), strict=True)
        ],
        "head": _if_known(head, ("yaw", "pitch", "roll"), "yaw"),
        "gaze": head.get("gaze"),
        "identity": {name: identity.get(name) for name in ("distance", "match")} if compared else None,
        "objects": [
            {"label": one["label"], "box": _original(one["box"], still), "score": one["score"]} for one in things
        ],
        "attention": attention,
    }


def as_words(line: Mapping[str, Any]) -> str:
    """Return one line for people."""
    head = line["head"] and "head {yaw:+.0f}/{pitch:+.0f}/{roll:+.0f}".format(**line["head"])
    things = ", ".join(f"{thing['label']} {thing['score']:.2f}" for thing in line["objects"])
    identity = line["identity"] and f"identity {line['identity']['match']}"
    attention = None if line["attention"] is None else f"attention {line['attention']:.0f}"
    told = [f"{len(line['faces'])} faces", line["picture"]["state"], head, identity, things, attention]
    return f"{line['file']}  {line['at']:7.1f} s  " + "; ".join(str(part) for part in told if part)


def attention_of(attention: Attention, seen: Sequence[Observation]) -> float | None:
    """Return the attention after these observations, None before anything is known."""
    score: Callable[[Observation], Any] = attention.feed
    for observation in seen:
        score(observation)
    return attention.score_of(seen[0].participant) if seen else None


def _original(box: Sequence[float], still: Still) -> list[int]:
    return [round(value / still.scale) for value in box]


def _if_known(values: Mapping[str, Any], names: Sequence[str], needed: str) -> dict[str, Any] | None:
    return {name: values[name] for name in names} if values.get(needed) is not None else None


def _keep(folder: Path, path: Path, still: Still, jpeg: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{path.stem}_{still.at:08.2f}.jpg").write_bytes(jpeg)
