"""Sound and words beside an alert, where the room keeps them: the last seconds in memory, a file only for an alert."""

import io
import threading
import wave
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.ports import Monitor
from core.types import Alert, Evidence, Observation, ObservationKind
from rooms.alerts.evidence_files import EvidenceFolder
from rooms.intake.live_listening import LISTENING
from rooms.intake.readings import Sound
from rooms.live.context import RoomContext
from rooms.live.directory import LiveRoom
from rooms.live.participant import Student
from rooms.setup.room_settings import RoomSettings
from rooms.setup.states import GONE, is_judged

RATE, SAMPLE_BYTES = 16_000, 2
MOST_SECONDS = 10.0  # of sound that is kept with an alert
LASTS = 15.0  # seconds; sound and words that are older have nothing to do with an alert, nor do later ones
MOST_TEXT, MOST_PHRASE = 500, 100  # characters of one stretch of speech, and of a phrase of the room
SOUND, WORDS = "sound", "words"


@dataclass(slots=True)
class Memory:
    """The last seconds of one student; sound by channel, words, and the alerts that words may still belong to."""

    sound: dict[str, deque[tuple[float, bytes]]] = field(default_factory=dict)
    words: deque[tuple[float, str]] = field(default_factory=lambda: deque(maxlen=20))
    alerts: dict[str, float] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)


class SoundKeeper:
    """Hears all sound and words of rooms where sound is on; every method may be called from any thread."""

    def __init__(self, context: RoomContext, evidence: EvidenceFolder, monitor: Monitor) -> None:
        self._directory = context.directory
        self._evidence = evidence
        self._event_log = context.event_log
        self._clock = context.clock
        self._monitor = monitor
        self._lock = threading.Lock()
        self._memories: dict[str, Memory] = {}
        context.signals.when_gone(self.forget)

    # ------------------------------------------------------------------ rooms.intake.sensor_ingest.SoundListener

    def sound_came(self, room: LiveRoom, participant: Student, channel: str, sound: Sound) -> None:
        """Have the listener know what to listen for, and remember the sound where the room keeps it.

        What is sent for listening alone is never remembered.
        """
        with self._lock:
            memory = self._memories.setdefault(participant.id, Memory())
            context = context_of(room.settings)
            is_news = memory.context != context
            memory.context = context
            if room.settings.keep_sound and sound.why != LISTENING and is_judged(room.state, participant.state):
                self._remember(memory.sound.setdefault(channel, deque()), sound.data)
        if is_news:
            self._monitor.give_context(participant.id, "sound", context)

    def level_came(self, room: LiveRoom, participant: Student, channel: str, level: float, floor: float) -> None:
        """Remember nothing of a level."""

    # ------------------------------------------------------------------------------ rooms.alerts.alert_service

    def sensed(self, observations: Sequence[Observation], judged: bool) -> None:
        """Take words: they belong to alerts of the last seconds, and to those that come soon."""
        for seen in observations:
            if seen.kind is ObservationKind.WORDS and judged:
                line = _line(seen)
                with self._lock:
                    memory = self._memories.setdefault(seen.participant, Memory())
                    memory.words.append((seen.at, line))
                    now = self._clock.now()
                    alerts = [one for one, at in memory.alerts.items() if abs(now - at) <= LASTS]
                for alert_id in alerts:
                    self._write(seen.room, alert_id, line)

    def keep(self, room: LiveRoom, participant: Student, alert: Alert) -> Mapping[str, Any]:
        """Keep what belongs to a new alert; {"kept": [...]} says what its row can offer."""
        if Evidence.SOUND not in alert.shown_by:
            return {}
        now = self._clock.now()
        with self._lock:
            memory = self._memories.setdefault(participant.id, Memory())
            data = _recent(memory.sound.get(alert.channel, ()), now) if room.settings.keep_sound else b""
            lines = [line for at, line in memory.words if abs(now - at) <= LASTS]
            memory.alerts = {one: at for one, at in memory.alerts.items() if abs(now - at) <= LASTS}
            if room.settings.transcribe:
                memory.alerts[alert.id] = now
        kept = [SOUND] if data and self._keep_sound(room, participant, alert, data) else []
        if room.settings.transcribe:
            kept.append(WORDS)
            for line in lines:
                self._write(room.id, alert.id, line)
        return {"kept": kept} if kept else {}

    def forget(self, participant: str) -> None:
        """Drop the last seconds of a student who left."""
        with self._lock:
            self._memories.pop(participant, None)

    def look_around(self) -> None:
        """Forget students who left, and sound that no alert will need; about every two seconds."""
        now = self._clock.now()
        here = {
            participant.id
            for room in self._directory.rooms()
            for participant in list(room.students.values())
            if participant.state not in GONE
        }
        with self._lock:
            for who in [who for who in self._memories if who not in here]:
                del self._memories[who]
            for memory in self._memories.values():
                for sound in memory.sound.values():
                    while sound and now - sound[0][0] > LASTS:
                        sound.popleft()

    def _remember(self, sound: deque[tuple[float, bytes]], data: bytes) -> None:
        sound.append((self._clock.now(), data))
        while sum(len(piece) for _, piece in sound) > MOST_SECONDS * RATE * SAMPLE_BYTES:
            sound.popleft()

    def _keep_sound(self, room: LiveRoom, participant: Student, alert: Alert, data: bytes) -> bool:
        try:
            self._evidence.keep(room.id, alert.id, wav(data), "wav")
        except OSError as error:
            self._event_log.warn("evidence-lost", room=room.code, student=participant.name, kind=alert.kind, why=error)
            return False
        return True

    def _write(self, room_id: str, alert_id: str, line: str) -> None:
        try:
            self._evidence.add_line(room_id, alert_id, line)
        except OSError as error:
            self._event_log.warn("evidence-lost", room=room_id, alert=alert_id, why=error)


def context_of(settings: RoomSettings) -> dict[str, Any]:
    """Return what the sense `sound` is told of a student of a room with these settings."""
    if not settings.transcribe:
        return {}
    return {"transcribe": True, "phrases": [phrase[:MOST_PHRASE] for phrase in settings.phrases]}


def wav(data: bytes) -> bytes:
    """Return 16 kHz mono samples as a file that any browser plays."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as writing:
        writing.setnchannels(1)
        writing.setsampwidth(SAMPLE_BYTES)
        writing.setframerate(RATE)
        writing.writeframes(data)
    return stream.getvalue()


def _recent(sound: Sequence[tuple[float, bytes]] | deque[tuple[float, bytes]], now: float) -> bytes:
    return b"".join(data for at, data in sound if now - at <= LASTS)


def _line(seen: Observation) -> str:
    """Return one stretch of speech as a line of the file: who understood it, and what."""
    values = seen.values
    engine = f"{values.get('engine')}{', rough' if values.get('rough') else ''}"
    phrases = ", ".join(f"“{phrase}”" for phrase in values.get("phrases", ()))
    said = " · ".join(part for part in (str(values.get("text") or ""), phrases) if part)
    return f"[{engine}] {said[:MOST_TEXT]}"
