"""What a server knows of one analysis worker somewhere in the cluster; plain state, time as an argument."""

from dataclasses import dataclass
from typing import Any

from core.types import Frame
from detection.analysis.messages import Look, Seen
from detection.analysis.schedule import Plan
from detection.engines.celery_claims import Announcement

Place = tuple[str, str]  # participant, channel


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things may take, in seconds."""

    age: float = 3.0  # from submit until a picture is too old to be analysed
    answer: float = 5.0  # from submit until it counts as lost
    tick: float = 0.008  # between two tasks for a worker; pictures that come meanwhile go together
    poll: float = 0.25  # between two checks of who is there
    retry: float = 0.25  # after Redis could not be reached
    reload: float = 120.0  # for models to be loaded again
    remember: float = 60.0  # for which a worker that is gone is still shown


@dataclass(slots=True)
class Job:
    """One frame under way."""

    number: int
    frame: Frame
    plan: Plan
    since: float

    @property
    def place(self) -> Place:
        """Return whose picture it is."""
        return self.frame.participant, self.frame.channel

    def look(self) -> Look:
        """Return it as the message to a worker."""
        due = None if self.plan.due is None else list(self.plan.due)
        return Look(self.number, self.frame, due, list(self.plan.fresh), dict(self.plan.context))


class Peer:
    """One worker: what it said last, which frames it has, how it did."""

    def __init__(self, told: Announcement, now: float) -> None:
        self.told = told
        self.jobs: dict[int, Job] = {}
        self.seen_at = now
        self.answers = True
        self._present = True
        self._reloading: tuple[int, float] | None = None
        self._restarts = 0
        self._counts = {"analysed": 0, "refused": 0, "lost": 0}
        self._ms = 0.0
        self._failures: dict[str, int] = {}

    def hear(self, told: Announcement, now: float) -> None:
        """Take what it says of itself now."""
        if told.pid != self.told.pid:
            self._restarts += 1
            self.answers, self._reloading = True, None
        self.told, self.seen_at, self._present = told, now, True

    def miss(self) -> None:
        """Note that it says nothing any more."""
        self._present = False

    def lacks_models(self) -> bool:
        """Say whether a detector there is off, or works less well, for want of a model."""
        return any(self.told.detectors.values()) or bool(self.told.reduced)

    def reload(self, now: float, limit: float) -> None:
        """Note that it was asked to load its detectors again: until it has, it takes no frames."""
        self._reloading = self.told.loads, now + limit

    def state(self, now: float) -> str:
        """Return ready, starting, silent (frames are lost there: it is given one at a time) or down."""
        if not self._present:
            return "down"
        reloading = self._reloading is not None and (self.told.loads <= self._reloading[0] and now < self._reloading[1])
        if self.told.state != "ready" or reloading:
            return "starting"
        return "ready" if self.answers else "silent"

    def room(self, depth: int, now: float) -> int:
        """Return how many more frames it takes now."""
        most = {"ready": depth, "silent": 1}.get(self.state(now), 0)
        return max(0, most - len(self.jobs))

    def answered(self, seen: Seen, stale: bool) -> None:
        """Count an answer."""
        self.answers = True
        self._failures = seen.failures or self._failures
        self._counts["lost" if stale else "refused" if seen.error else "analysed"] += 1
        self._ms += 0 if seen.error else seen.ms

    def lost(self, count: int) -> None:
        """Count frames that were not answered."""
        self._counts["lost"] += count
        self.answers = False

    def health(self, now: float, reachable: bool) -> dict[str, Any]:
        """Return what the health page shows of it; memory in bytes, ms is the mean of all looks."""
        analysed = self._counts["analysed"]
        state = self.state(now) if reachable else "unreachable"
        return {
            "name": self.told.name,
            "state": state,
            "reason": _reason(state),
            "pid": self.told.pid,
            "host": self.told.host,
            "rss": self.told.rss,
            "restarts": self._restarts,
            "mean_ms": round(self._ms / analysed, 2) if analysed else None,
            "in_flight": len(self.jobs),
            "failures": dict(self._failures),
            "reduced": dict(self.told.reduced),
            "stale": self.told.stale,
            **self._counts,
        }


def _reason(state: str) -> str:
    return {
        "down": "it does not say any more that it is there",
        "silent": "it did not answer in time, and is given one picture at a time until it does",
        "unreachable": "Redis cannot be reached",
    }.get(state, "")
