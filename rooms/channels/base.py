"""What every channel shares: who may send what, how an error becomes an acknowledgement, when to hang up."""

import logging
import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import socketio
from socketio.exceptions import ConnectionRefusedError as Refused

from core.errors import ExamError, NotAllowed, ProtocolError
from core.rate_limit import Bucket
from rooms.live.context import RoomContext
from rooms.live.views import error_view
from rooms.protocol.events import EVENTS_IN
from rooms.protocol.limits import Budget
from rooms.protocol.payload_checks import check_mapping

logger = logging.getLogger(__name__)

ORIGIN = re.compile(r"https?://[^/?#\s\"'<>]{1,255}")

EVERYDAY = frozenset({"stale_frame", "message_empty", "message_too_long", "stale_reading", "phones_missing"})
"""Refusals that honest people meet: not worth a line in the log."""

LINES_A_SECOND, MOST_LINES = 1.0, 200
"""Of connections without a place: a class that comes back to an ended room, and no flood of anybody's."""

LIFE = frozenset({"connect", "disconnect"})
"""What python-socketio itself tells of a connection; no client may say it."""

PICTURES = ("frame", "thumbnail")
"""Events whose arguments are a number, a time and a picture, and which take the fast path."""

FAILED = {"error": {"code": "server_error", "text": "Something went wrong here. Please try again.", "params": {}}}


class Channel(socketio.Namespace):
    """One kind of client; a subclass has a `do_<event>` method for each event its namespace may send.

    Handlers are python-socketio's own, outside Flask's request context: it costs more than a frame's whole relay.
    """

    def __init__(self, namespace: str, context: RoomContext) -> None:
        super().__init__(namespace)
        self._event_log = context.event_log
        self._clock = context.clock
        self._lines = Bucket(LINES_A_SECOND, MOST_LINES, context.clock.now())

    @abstractmethod
    def arrive(self, sid: str, environ: dict[str, Any], ticket: object) -> Callable[[], None]:
        """Let a client in and return what to do once it is connected; ExamError to refuse."""

    @abstractmethod
    def gone(self, sid: str) -> None:
        """Let go of a client whose connection ended."""

    @abstractmethod
    def budget_of(self, sid: str) -> Budget | None:
        """Return what the client may still send; None for a connection that is no longer known."""

    def who(self, sid: str) -> dict[str, str]:
        """Return who is behind a connection, as the log tells it; nothing for a connection that is no longer known."""
        return {}

    def trigger_event(self, event: str, sid: str, *args: Any) -> Any:
        """Take what python-socketio tells; what a client tells goes to `answer`, by whatever name."""
        if event == "connect":
            return self._connect(sid, *args)
        if event == "disconnect":
            return self._guard(sid, event, lambda: self.gone(sid))
        return self.answer(sid, event, args)

    def answer(self, sid: str, event: str, args: tuple[Any, ...]) -> Any:
        """Check, spend, dispatch and return the acknowledgement of one event."""
        return self._guard(sid, event, lambda: self._dispatch(sid, event, args))

    def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        # Anything but a clean refusal must not escape: the library calls a connect handler that raised a
        # TypeError a second time, without the ticket, and lets the client in.
        ticket = auth.get("ticket") if isinstance(auth, dict) else None
        try:
            welcome = self.arrive(sid, environ, ticket)
        except ExamError as error:
            if self._may_note():
                address = environ.get("REMOTE_ADDR")
                self._event_log.warn("refused", channel=self.namespace, why=error.code, address=address)
            raise Refused(error.text, error_view(error)) from error
        except Exception as error:
            logger.exception("connecting to %s failed", self.namespace)
            raise Refused(FAILED["error"]["text"], FAILED["error"]) from error
        # The client learns that it is connected only after this handler has returned.
        self.server.start_background_task(self._guard, sid, "connect", welcome)

    def _dispatch(self, sid: str, event: str, args: tuple[Any, ...]) -> Any:
        budget = self.budget_of(sid)
        if budget is None:
            raise NotAllowed("replaced", "This connection no longer holds a place in the room.")
        budget.spend(event, self._clock.now())
        schema = EVENTS_IN[self.namespace].get(event)
        if schema is None:
            raise ProtocolError("bad_message", "There is no event “%(name)s”.", name=str(event)[:40])
        handler = getattr(self, f"do_{event}")
        if event in PICTURES:
            return handler(sid, args)  # binary, as positional arguments
        if len(args) > 1:
            raise ProtocolError("bad_message", "The event “%(name)s” takes one object.", name=event)
        payload = check_mapping(args[0] if args else {}, schema)
        return handler(sid, payload)

    def _guard(self, sid: str, event: str, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except ExamError as error:
            return self._refuse(sid, event, error)
        except Exception:
            # by a name that we know: an event's own may be as long as a packet
            logger.exception("%s %s failed", self.namespace, _known(self.namespace, event))
            self._weigh(sid, event)
            return FAILED

    def _refuse(self, sid: str, event: str, error: ExamError) -> dict[str, Any]:
        budget = self.budget_of(sid)
        if budget is None:
            if self._may_note():
                self._note("refused", sid, event, error.code)
            return {"error": error_view(error)}
        if error.code not in EVERYDAY and budget.is_news(error.code) and budget.may_note(self._clock.now()):
            self._note("refused", sid, event, error.code)
        if isinstance(error, ProtocolError):
            budget.count_bad(self._clock.now())
        self._close_at_storm(sid, event, budget)
        return {"error": error_view(error)}

    def _weigh(self, sid: str, event: str) -> None:
        # whoever has found a mistake of ours may not make it again and again
        budget = self.budget_of(sid)
        if budget is not None:
            budget.count_bad(self._clock.now())
            self._close_at_storm(sid, event, budget)

    def _close_at_storm(self, sid: str, event: str, budget: Budget) -> None:
        if budget.must_close and budget.is_news("storm"):
            if budget.may_note(self._clock.now()):
                self._note("closed", sid, event, "storm")
            self.server.start_background_task(self.server.disconnect, sid, namespace=self.namespace)

    def _may_note(self) -> bool:
        return self._lines.take(self._clock.now()) == 0.0

    def _note(self, what: str, sid: str, event: str, why: str) -> None:
        facts = {**self.who(sid), "asked": _known(self.namespace, event), "why": why, "sid": sid}
        self._event_log.warn(what, channel=self.namespace, **facts)


def _known(namespace: str, event: str) -> str:
    """Return an event's name for the log, `?` for one that is not ours: it may be as long as a packet."""
    return event if event in EVENTS_IN[namespace] or event in LIFE else "?"


def origin_of(environ: Mapping[str, Any]) -> str:
    """Return the address at which a client's browser found us, without a path: through whatever proxy it came."""
    # Engine.IO has compared a browser's own word with where its request came in
    told = str(environ.get("HTTP_ORIGIN") or f"{environ.get('wsgi.url_scheme')}://{environ.get('HTTP_HOST')}")
    return told if ORIGIN.fullmatch(told) else ""
