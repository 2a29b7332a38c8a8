"""One rule for one participant: from verdicts and time to the start and the end of an alert."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from core.types import Alert, Observation, RuleSettings, Severity
from detection.measures.channels import PACE
from detection.measures.paces import Paces
from detection.rules.base import WEBCAM, Rule, Verdict
from detection.runtime.tally import Tally
from detection.runtime.windows import CLOCK_SET_BACK, Cooldown


@dataclass(frozen=True, slots=True)
class Participant:
    """Whose condition it is."""

    room: str
    participant: str


class Mildness:
    """Whether an alert began as something small, and is that no longer."""

    def __init__(self) -> None:
        self._is_mild = False
        self._outgrown = 0

    def begin(self, is_mild: bool) -> None:
        """Say how an alert begins."""
        self._is_mild, self._outgrown = is_mild, 0

    def is_outgrown(self, verdict: Verdict | None, confirm: int) -> bool:
        """Say whether the last looks would have started a more severe alert than the open one, a mild one."""
        is_more = self._is_mild and verdict is not None and verdict.bad and verdict.most is None
        self._outgrown = self._outgrown + 1 if is_more else 0
        return is_more and self._outgrown >= confirm


class Condition:
    """Counts for one rule; everything it knows comes through its methods, times with it."""

    def __init__(
        self,
        rule: Rule,
        participant: Participant,
        new_id: Callable[[], str],
        channel: str = WEBCAM,
        doubtful: bool = False,
        paces: Paces | None = None,
    ) -> None:
        self.rule = rule
        self.doubtful = doubtful
        self.channel = channel
        self.memory = rule.memory()
        self._remembers = rule.remembers * PACE.get(channel, 1.0)
        self._paces = paces or Paces()
        self.alert: Alert | None = None
        self._participant = participant
        self._new_id = new_id
        self._tally = Tally(rule)
        self._cooldown = Cooldown()
        self.softened: tuple[RuleSettings, RuleSettings] | None = None
        """Of what is merely doubtful: the rule's settings, and the judge's milder ones made of them."""
        self._newest: Verdict | None = None
        self._mildness = Mildness()
        self._seen_at = -math.inf
        self._told_at: dict[str, float] = {}

    @property
    def is_bad(self) -> bool:
        """Return whether the newest verdict was bad."""
        return self._newest is not None and self._newest.bad

    @property
    def outlasts(self) -> bool:
        """Return whether its alert goes on while nobody watches: who is out of reach is so in a pause as well."""
        return self.alert is not None and self.is_bad and self.rule.is_absence

    def take_up(self, alert: Alert) -> None:
        """Go on with an alert of an earlier process."""
        self.alert, self._newest = alert, Verdict(True, alert.text)

    def is_late(self, at: float, channel: str = WEBCAM) -> bool:
        """Return whether that channel told us something newer already; a clock set back makes all new again."""
        told_at = self._told_at.get(channel, -math.inf)
        if told_at - CLOCK_SET_BACK <= at < told_at:
            return True
        self._told_at[channel] = at
        return False

    def note(self, verdict: Verdict) -> None:
        """Remember a fact without counting it: it cannot be judged, or nobody watches this room, at the moment."""
        self._newest = verdict

    def see(self, verdict: Verdict, observation: Observation, settings: RuleSettings) -> list[Alert]:
        """Count one verdict that is not late, and return the alert that it starts or ends."""
        at = observation.at
        ended = self._end_if_unseen(at)
        if not self.rule.lasts and at - self._seen_at > self._paces.remembered(self.rule.reads, self._remembers):
            self.drop_count()
        self._newest, self._seen_at = verdict, at
        if verdict.bad:
            self._tally.bad(at)
        else:
            self._tally.good(at, settings)
        return ended + self._conclude(at, settings)

    def tick(self, now: float, settings: RuleSettings) -> list[Alert]:
        """Let time pass: a fact goes on being true, a look does not."""
        if not self.rule.lasts:
            return self._end_if_unseen(now)
        if self.is_bad:
            self._tally.bad(now)
        return self._conclude(now, settings)

    def pause(self) -> None:
        """Say that this cannot be judged at present: the time until the next verdict is not counted."""
        if self.rule.lasts:
            self.drop_count()
        else:
            self._tally.pause()

    def drop_count(self) -> None:
        """Forget what led up to an alert, not the alert itself nor its rest."""
        self._tally.drop()

    def end(self, at: float) -> list[Alert]:
        """End the open alert, if any, and return it."""
        if self.alert is None:
            return []
        # never before it was raised: clocks can be set back
        over = self.alert.ended(max(at, self.alert.raised_at))
        self.alert = None
        self.drop_count()
        self._cooldown.start(at)
        return [over]

    def _conclude(self, at: float, settings: RuleSettings) -> list[Alert]:
        if self.alert is not None and self._mildness.is_outgrown(self._newest, settings.confirm):
            # what began as something small is no longer that: it is counted anew, without a rest
            over = self.end(at)
            self._cooldown = Cooldown()
            return over
        if self.alert is not None:
            cleared_at = self._tally.cleared_at(at, settings)
            return [] if cleared_at is None else self.end(cleared_at)
        if not self._is_due(at, settings):
            return []
        self.alert = self._start(at, settings)
        return [self.alert]

    def _is_due(self, at: float, settings: RuleSettings) -> bool:
        is_enough = self.rule.weighs or self._tally.is_enough(settings)
        return self.is_bad and is_enough and self._cooldown.is_over(at, settings.cooldown)

    def _start(self, at: float, settings: RuleSettings) -> Alert:
        verdict = self._newest or Verdict(True)
        severity = settings.severity if verdict.most is None else least_severe(settings.severity, verdict.most)
        slow = self._paces.explained(self.rule.reads, self.channel, self._tally.every(settings))
        self._mildness.begin(severity != settings.severity)
        return Alert(
            id=self._new_id(),
            room=self._participant.room,
            participant=self._participant.participant,
            kind=self.rule.kind,
            severity=severity,
            started_at=at if self._tally.since is None else self._tally.since,
            raised_at=at,
            text=verdict.text,
            numbers={**self._tally.numbers(verdict, settings), **slow},
            channel=verdict.channel or self.channel,
            hint=settings.hint,
            marks=verdict.marks,
            shown_by=self.rule.evidence,
        )

    def _end_if_unseen(self, now: float) -> list[Alert]:
        self._seen_at = min(self._seen_at, now)  # the clock may have been set back
        remembered = self._paces.remembered(self.rule.reads, self._remembers)
        if self.rule.lasts or self.alert is None or now - self._seen_at <= remembered:
            return []
        return self.end(self._tally.bad_at)


def least_severe(*severities: Severity) -> Severity:
    """Return the least of severities."""
    return min(severities, key=list(Severity).index)
