"""Small classes with the real interfaces that remember what was asked of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.ports import NOBODY, Rules
from core.types import Alert, AlertKind, Frame, Observation, Reading
from rooms.protocol.outgoing import TYPES_OUT


class FakeMonitor:
    """A core.ports.Monitor that keeps what it was given."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.observations: list[Observation] = []
        self.readings: list[Reading] = []
        self.watched: dict[str, Rules] = {}
        self.own: dict[str, Mapping[str, Rules]] = {}
        self.forgotten: list[str] = []
        self.taken_up: list[Alert] = []
        self.contexts: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.asked: list[tuple[str, str]] = []
        self.running = False
        self.state: dict[str, Any] = {"overloaded": False, "detectors": {}, "looks_per_second": 1.0}

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False

    def offer_frame(self, frame: Frame) -> bool:
        self.frames.append(frame)
        return True

    def offer_observation(self, observation: Observation) -> None:
        self.observations.append(observation)

    def offer_reading(self, reading: Reading) -> bool:
        self.readings.append(reading)
        return True

    def watch_room(self, room: str, rules: Rules, own: Mapping[str, Rules] = NOBODY) -> None:
        self.watched[room] = rules
        self.own[room] = own

    def unwatch_room(self, room: str) -> None:
        self.watched.pop(room, None)
        self.own.pop(room, None)

    def take_up(self, alert: Alert) -> bool:
        if alert.kind not in (AlertKind.CONNECTION_LOST, AlertKind.PHONE_CHANNEL_LOST):
            return False
        self.taken_up.append(alert)
        return True

    def give_context(self, participant: str, detector: str, context: Mapping[str, Any]) -> None:
        self.contexts[participant, detector] = context

    def ask_now(self, participant: str, detector: str) -> None:
        self.asked.append((participant, detector))

    def forget(self, participant: str) -> None:
        self.forgotten.append(participant)
        self.contexts = {key: context for key, context in self.contexts.items() if key[0] != participant}

    def health(self) -> Mapping[str, Any]:
        return self.state


class FakeSocketServer:
    """What a Broadcaster needs of python-socketio: who is in which room, and every emit and disconnect.

    As there, a connection is alone in a room of its own name; names of other rooms have a colon.
    """

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, Any]] = []
        """(namespace, connection, event, data), one for each recipient."""
        self.emitted: list[tuple[str, str | list[str], str]] = []
        """(namespace, to, event), one for each emit: what is encoded once."""
        self.closed: list[tuple[str, str]] = []
        self.unanswered: list[Callable[..., Any]] = []
        self.manager = self
        self.rooms: dict[tuple[str, str], dict[str, None]] = {}

    def enter_room(self, sid: str, room: str, namespace: str) -> None:
        self.rooms.setdefault((namespace, room), {})[sid] = None

    def leave_room(self, sid: str, room: str, namespace: str) -> None:
        self.rooms.get((namespace, room), {}).pop(sid, None)

    def members(self, namespace: str, room: str) -> list[str]:
        return list(self.rooms.get((namespace, room), {})) if ":" in room else [room]

    def emit(
        self,
        event: str,
        data: Any,
        to: str | list[str],
        namespace: str,
        callback: Callable[..., Any] | None = None,
        **options: Any,
    ) -> None:
        assert to, "to python-socketio nobody means everybody"
        assert options == {"ignore_queue": True}
        made = TYPES_OUT[namespace][event]
        assert made.__required_keys__ <= set(data) <= set(made.__annotations__), f"{event} is no {made.__name__}"  # type: ignore[attr-defined]
        self.emitted.append((namespace, to, event))
        names = [to] if isinstance(to, str) else to
        for sid in dict.fromkeys(sid for name in names for sid in self.members(namespace, name)):
            self.sent.append((namespace, sid, event, data))
        if callback is not None:
            self.unanswered.append(callback)

    def acknowledge(self, number: int = 1) -> None:
        """Let clients acknowledge the oldest events that they have not yet."""
        for _ in range(number):
            self.unanswered.pop(0)()

    def disconnect(self, sid: str, namespace: str) -> None:
        """Remember it; that the connection has ended is for a test to tell, as the library would."""
        self.closed.append((namespace, sid))

    def events(self, namespace: str, sid: str, name: str) -> list[Any]:
        """What one connection was sent under one name."""
        return [data for space, to, event, data in self.sent if (space, to, event) == (namespace, sid, name)]

    def rooms_of(self, namespace: str, sid: str) -> set[str]:
        """The rooms that one connection is in."""
        return {room for (space, room), held in self.rooms.items() if space == namespace and sid in held}


class FakeSocketIO:
    """What holds the server in flask_socketio, with tasks that run when a test says so."""

    def __init__(self) -> None:
        self.server = FakeSocketServer()
        self.tasks: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []

    def start_background_task(self, target: Callable[..., Any], *args: Any) -> None:
        self.tasks.append((target, args))

    def sleep(self, _seconds: float) -> None:
        """Time passes by a test's clock alone."""
