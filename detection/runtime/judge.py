"""The judge: observations and time in, alerts out. All memory of earlier facts is here, and nothing else is.

Plain state: no thread, no clock, no I/O. Whoever calls it from several threads holds a lock.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from core.ports import NOBODY, Rules
from core.types import Alert, Observation, ObservationKind, RuleSettings, Severity
from detection.measures.paces import Paced, Paces
from detection.rules import RULES
from detection.rules.base import GOOD, LOOK_MEMORY, WEBCAM, Rule, Verdict
from detection.runtime.condition import Condition, Participant
from detection.runtime.frame_join import FrameJoin

# A participant of whom nothing was heard in a room that nobody watches is forgotten; seconds.
UNWATCHED_MEMORY = 6 * 3600.0
DOUBTS_REST = 10.0  # times the cooldown: what may be as it should be comes and goes all the time


def random_id() -> str:
    """Return a new alert id."""
    return uuid.uuid4().hex


class Track:
    """All that is remembered of one participant in one room."""

    def __init__(
        self, participant: Participant, rules: Iterable[Rule], new_id: Callable[[], str], now: float, paces: Paces
    ) -> None:
        self.touched = now
        # whether a picture can be judged is known before anything in it is weighed
        ordered = sorted(rules, key=lambda rule: not rule.blocks)
        self._conditions = [
            Condition(rule, participant, new_id, channel, doubtful, paces)
            for rule in ordered
            for channel in ((WEBCAM,) if rule.joined else sorted(rule.channels))
            for doubtful in ((False, True) if rule.doubts else (False,))
        ]
        looks = [c.rule for c in self._conditions if c.rule.needs is ObservationKind.PICTURE]
        self._waits = frozenset(rule.reads for rule in looks)
        self._pairings: dict[str, FrameJoin] = {}
        self._blocked_at: dict[tuple[ObservationKind, str], float] = {}

    def feed(self, observation: Observation, settings: Rules | None) -> list[Alert]:
        """Weigh one observation; without settings the room is not watched, and only lasting facts are kept."""
        self.touched = observation.at
        pairing = self._pairings.setdefault(observation.channel, FrameJoin(self._waits))
        return [alert for one in pairing.arrange(observation) for alert in self._weigh(one, settings)]

    def tick(self, now: float, settings: Rules) -> list[Alert]:
        """Let time pass in a watched room."""
        waited = [one for pairing in self._pairings.values() for one in pairing.overdue()]
        alerts = [alert for one in waited for alert in self._weigh(one, settings)]
        for condition in self._conditions:
            alerts += self._tick_one(condition, now, _settings_of(condition, settings))
        return alerts

    def take_up(self, alert: Alert) -> bool:
        """Go on with an alert of an earlier process; say whether a rule knows of it."""
        place = alert.kind, alert.channel
        absences = [c for c in self._conditions if c.rule.is_absence and not c.doubtful]
        own = [c for c in absences if (c.rule.kind, c.channel) == place]
        for condition in own:
            condition.take_up(alert)
        return bool(own)

    def rest(self, now: float) -> list[Alert]:
        """End every open alert but absences that last, and forget all but lasting facts."""
        return self._end(now, [condition for condition in self._conditions if not condition.outlasts])

    def end(self, now: float) -> list[Alert]:
        """End every open alert and forget all but lasting facts."""
        return self._end(now, self._conditions)

    def _end(self, now: float, ending: Iterable[Condition]) -> list[Alert]:
        self.touched = now
        alerts = [alert for condition in ending for alert in condition.end(now)]
        for condition in self._conditions:
            condition.drop_count()
        self._pairings.clear()
        return alerts

    def _weigh(self, observation: Observation, settings: Rules | None) -> list[Alert]:
        alerts: list[Alert] = []
        for condition in self._conditions:
            rule = condition.rule
            channel = observation.channel
            is_own = channel in rule.channels if rule.joined else channel == condition.channel
            if observation.kind in rule.hears and (is_own or rule.hears_everywhere):
                rule.hear(observation, condition.memory)
            if not is_own:
                continue
            if observation.kind is rule.reads and not condition.is_late(observation.at, channel):
                alerts += self._read(condition, observation, _settings_of(condition, settings) if settings else None)
        return alerts

    def _read(self, condition: Condition, observation: Observation, settings: RuleSettings | None) -> list[Alert]:
        rule = condition.rule
        verdict = rule.read(observation, condition.memory, settings or rule.defaults)
        if verdict is None:
            return []
        if rule.blocks:
            self._block(observation, verdict)
        if verdict.bad and verdict.doubtful != condition.doubtful:
            verdict = GOOD
        return self._count(condition, verdict, observation, settings)

    def _count(
        self, condition: Condition, verdict: Verdict, observation: Observation, settings: RuleSettings | None
    ) -> list[Alert]:
        is_counted = settings is not None and settings.enabled
        if settings is not None and is_counted and not self._is_blocked(condition, observation.at):
            return condition.see(verdict, observation, settings)
        condition.pause()
        if condition.rule.lasts:
            condition.note(verdict)
        if is_counted or (settings is None and condition.outlasts):
            return []
        return condition.end(observation.at)

    def _tick_one(self, condition: Condition, now: float, settings: RuleSettings) -> list[Alert]:
        if not settings.enabled:
            return condition.end(now)
        if condition.rule.lasts and self._is_blocked(condition, now):
            condition.pause()
            return []
        return condition.tick(now, settings)

    def _block(self, observation: Observation, verdict: Verdict) -> None:
        place = observation.kind, observation.channel
        if verdict.bad:
            self._blocked_at[place] = observation.at
        else:
            self._blocked_at.pop(place, None)

    def _is_blocked(self, condition: Condition, now: float) -> bool:
        rule = condition.rule
        if rule.needs is None:
            return False
        at = self._blocked_at.get((rule.needs, condition.channel))
        # that a line is lost stays true until it is back; an old look at the picture says nothing any more
        return at is not None and (rule.lasts or now - at <= LOOK_MEMORY)


def _settings_of(condition: Condition, settings: Rules) -> RuleSettings:
    """Return the settings of a rule; what is merely doubtful is a notice, and comes up seldom."""
    wanted = settings[condition.rule.kind]
    if not condition.doubtful:
        return wanted
    # asked for every student many times a second, and nearly always the same
    if condition.softened is None or condition.softened[0] is not wanted:
        mild = replace(wanted, cooldown=wanted.cooldown * DOUBTS_REST, severity=Severity.NOTICE, hint=False)
        condition.softened = wanted, mild
    return condition.softened[1]


class Judge:
    """Every participant's memory, by room; told what was seen and what time it is, it says what that amounts to."""

    def __init__(self, rules: Mapping[str, Rule] = RULES, new_id: Callable[[], str] = random_id) -> None:
        self._rules = rules
        self._new_id = new_id
        self._rooms: dict[str, Rules] = {}
        self._own: dict[str, Mapping[str, Rules]] = {}
        self._tracks: dict[Participant, Track] = {}
        self._paces = Paces()

    def watch(self, room: str, rules: Rules, own: Mapping[str, Rules] = NOBODY) -> None:
        """Raise alerts in this room by these settings, the rules' own for kinds left out; again to change them.

        `own` has the settings of participants who are judged by others than the room's.
        """
        self._rooms[room] = self._completed(rules)
        self._own[room] = {participant: self._completed(settings) for participant, settings in own.items()}

    def unwatch(self, room: str, now: float) -> list[Alert]:
        """Raise no more alerts in this room and return the ends of those that were open, but for absences that last."""
        self._rooms.pop(room, None)
        self._own.pop(room, None)
        tracks = [track for participant, track in self._tracks.items() if participant.room == room]
        return [alert for track in tracks for alert in track.rest(now)]

    def feed(self, observation: Observation) -> list[Alert]:
        """Weigh one observation and return the alerts that it starts or ends.

        Observations of one frame may come in any order; those older than what is known are ignored. In a room that
        is not watched facts that last (offline, camera off, page hidden) are remembered, and count from `watch` on.
        """
        participant = Participant(observation.room, observation.participant)
        return self._track(participant, observation.at).feed(observation, self._settings(participant))

    def take_up(self, alert: Alert) -> bool:
        """Follow an absence that an earlier process told of to its end, and tell it no second time.

        Return False where no rule of ours does, and for whatever is no absence.
        """
        return self._track(Participant(alert.room, alert.participant), alert.raised_at).take_up(alert)

    def tick(self, now: float) -> list[Alert]:
        """Let time pass, about once a second, and return the alerts that this starts or ends.

        Long silences between ticks mean that the server itself was away, so a fact is credited at most
        `FACT_STEP` seconds a tick.
        """
        alerts: list[Alert] = []
        for participant, track in list(self._tracks.items()):
            settings = self._settings(participant)
            if settings is not None:
                alerts += track.tick(now, settings)
            elif now - track.touched > UNWATCHED_MEMORY:
                alerts += self._tracks.pop(participant).end(now)
        return alerts

    def know(self, paces: Mapping[ObservationKind, Paced]) -> None:
        """Take how often looks of each kind come, and should."""
        self._paces.know(paces)

    def forget(self, participant_id: str, now: float) -> list[Alert]:
        """Drop all that is known of a participant who left, and return the ends of the alerts that were open."""
        participants = [participant for participant in self._tracks if participant.participant == participant_id]
        return [alert for participant in participants for alert in self._tracks.pop(participant).end(now)]

    def _completed(self, rules: Rules) -> Rules:
        return {kind: rules.get(kind, rule.defaults) for kind, rule in self._rules.items()}

    def _settings(self, participant: Participant) -> Rules | None:
        """Return what this participant is judged by, None in a room that is not watched."""
        usual = self._rooms.get(participant.room)
        return None if usual is None else self._own[participant.room].get(participant.participant, usual)

    def _track(self, participant: Participant, now: float) -> Track:
        if participant not in self._tracks:
            self._tracks[participant] = Track(participant, self._rules.values(), self._new_id, now, self._paces)
        return self._tracks[participant]
