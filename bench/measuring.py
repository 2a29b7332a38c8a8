"""The server's side of a measurement: health and looks per student, written to a file once a second.

A file in the folder of the benchmark that started the server, so that no address has to tell strangers about it.
"""

import importlib
import json
import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app import create_app
from core.types import Frame, Observation
from rooms.pages.services import Services
from serving.logs import configure_logs
from serving.run import serve
from settings import load_settings

EVERY_S = 0.5


class LookCounter:
    """Counts the analysed frames of each participant on their way to the alert desk."""

    def __init__(self, services: Services) -> None:
        self.looks: Counter[str] = Counter()
        self.kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._pass_on = services.alert_service.observed
        # The desk is the sink that detection was built with; only the benchmark looks over its shoulder.
        setattr(services.alert_service, "observed", self._observed)  # noqa: B010 - mypy refuses the plain assignment

    def _observed(self, frame: Frame, observations: Sequence[Observation]) -> None:
        self.looks[frame.participant] += 1
        for observation in observations:
            self.kinds[observation.kind.value][frame.participant] += 1
        self._pass_on(frame, observations)


def serve_measured(folder: str, *also: str) -> int:
    """Serve on a free port of this machine until stopped, with these tasks beside (`module:function`)."""
    place = Path(folder)
    settings = load_settings(host="127.0.0.1", port=0, data_dir=place, log_file=place / "server.log")
    configure_logs(settings.log_file)
    app = create_app(settings)
    services: Services = app.extensions["exam"]
    counter = LookCounter(services)
    tasks = services.tasks

    def write(port: int) -> None:
        while True:
            _write_facts(place / "facts.json", port, services, counter)
            tasks.sleep(EVERY_S)

    for task in also:
        module, _, name = task.partition(":")
        tasks.start_background_task(getattr(importlib.import_module(module), name), place, services)
    return serve(app, settings, on_ready=lambda port: tasks.start_background_task(write, port))


def _write_facts(path: Path, port: int, services: Services, counter: LookCounter) -> None:
    facts: dict[str, Any] = {
        "port": port,
        "pid": os.getpid(),
        "at": services.clock.now(),
        "health": dict(services.monitor.health()),
        "overloaded": services.teacher_sessions.overloaded,
        "looks": dict(counter.looks),
        "kinds": {kind: dict(counts) for kind, counts in counter.kinds.items()},
    }
    part = path.with_suffix(".part")
    part.write_text(json.dumps(facts, default=str), encoding="utf-8")
    part.replace(path)
