"""How much, how large and how often: every limit on what a client may send; `payload_checks` applies the sizes.

Pure rules: no flask, no database, no thread. Times are arguments, in seconds; sizes name their unit.
"""

import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from core.clock import Clock
from core.errors import Busy, UserError
from core.rate_limit import Bucket

T = TypeVar("T")

SOUND_SECONDS = "sound seconds"  # what a piece of sound spends beside the event itself


@dataclass(frozen=True, slots=True)
class Limits:
    """Every size and rate in one place; the unit is in the comment."""

    jpeg_bytes: int = 256 * 1024  # bytes of one frame
    frame_long_side: int = 1920  # pixels; a phone is held upright as well
    frame_short_side: int = 1080  # pixels
    frame_least: int = 16  # pixels, either side
    chat_characters: int = 1000  # Unicode code points after normalising
    name_characters: int = 60  # Unicode code points after normalising
    frames_per_second: float = 15.0  # of one connection
    frames_burst: int = 20  # frames at once after a silence
    chat_messages: int = 5  # of one connection in `chat_seconds`
    chat_seconds: float = 10.0  # seconds
    motion_per_second: float = 8.0  # batches of one phone; its page sends four to six
    motion_burst: int = 24  # batches at once after a silence
    sound_per_second: float = 5.0  # pieces of one microphone
    sound_burst: int = 15  # pieces at once after a silence
    sound_pace: float = 1.5  # seconds of sound a second, however it is cut; a microphone makes one
    sound_seconds: float = 20.0  # seconds of sound at once after a silence, such as a network that was gone
    pairings: int = 12  # phones that one student invites or lets go in `pairings_seconds`
    pairings_seconds: float = 60.0  # seconds
    histories_per_second: float = 1.0  # of one connection; each may answer with as much as a few pictures
    histories_burst: int = 10  # histories at once after a silence
    words_per_second: float = 0.2  # answers and problem reports of one student, each of which is kept
    words_burst: int = 5  # of them at once after a silence
    events_per_second: float = 20.0  # every other event of one connection
    events_burst: int = 60  # events at once after a silence
    storm_messages: int = 20  # broken messages in `storm_seconds` that close a connection
    storm_seconds: float = 10.0  # seconds
    lines_per_second: float = 0.2  # in the log about one client that comes, goes and is refused
    lines_burst: int = 40  # such lines at once
    storm_refusals: int = 10  # messages refused for their rate that weigh as much as one broken message
    failures_per_address: int = 30  # wrong codes of one address in `failures_minutes`
    failures_minutes: int = 10  # minutes
    failures_per_minute: int = 120  # wrong codes of everybody together in one minute
    phone_failures_per_address: int = 300  # wrong codes of phones, of one address in `failures_minutes`
    phone_failures_per_minute: int = 600  # wrong codes of phones, of everybody together in one minute
    known_minutes: int = 12 * 60  # minutes that an address with a right code is spared by that common budget
    failures_per_browser: int = 15  # wrong codes of one browser in `failures_minutes`
    participants_per_minute: int = 120  # new participants of one room in one minute: a class of 100 starts at once
    participants_per_browser: int = 6  # new participants of one browser in `failures_minutes`: a shared computer
    crowd_seconds: float = 2.0  # seconds that each further one in that minute is held
    unused_participants: int = 200  # participants of one room to which nobody came yet; then the oldest is given up
    participants: int = 200  # participants of one room, whatever its settings say
    answer_seconds: float = 0.25  # seconds that an answer to a join code takes at least


DEFAULT_LIMITS = Limits()


# ------------------------------------------------------------------------------------------- joining


def address_block(address: str) -> str:
    """Return what one household or attacker holds: the address itself, or the /64 network of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)


def constant_answer(
    look_up: Callable[[], T | None], clock: Clock, sleep: Callable[[float], None], seconds: float = 0.25
) -> T:
    """Return what `look_up` found after a multiple of `seconds`; UserError `wrong_code`, as late, for nothing.

    `look_up` returns None for a wrong and for a closed code alike and does the same work for both; what differs
    still is hidden by answering only at whole multiples of `seconds`.
    """
    started = clock.now()
    found = look_up()
    spent = max(0.0, clock.now() - started)
    sleep(seconds - math.fmod(spent, seconds))
    if found is None:
        raise UserError("wrong_code", "There is no open room with this code. Please check the six digits.")
    return found


# ------------------------------------------------------------------------------------------- rates


class Budget:
    """What one client may still send, whatever connection it comes by."""

    def __init__(self, now: float, limits: Limits = DEFAULT_LIMITS) -> None:
        pairing = Bucket(limits.pairings / limits.pairings_seconds, limits.pairings, now)
        self._special = {
            "frame": Bucket(limits.frames_per_second, limits.frames_burst, now),
            "history": Bucket(limits.histories_per_second, limits.histories_burst, now),
            "chat": Bucket(limits.chat_messages / limits.chat_seconds, limits.chat_messages, now),
            "motion": Bucket(limits.motion_per_second, limits.motion_burst, now),
            "sound": Bucket(limits.sound_per_second, limits.sound_burst, now),
            SOUND_SECONDS: Bucket(limits.sound_pace, limits.sound_seconds, now),
            "answer": Bucket(limits.words_per_second, limits.words_burst, now),
            "problem": Bucket(limits.words_per_second, limits.words_burst, now),
            "pair": pairing,
            "unpair": pairing,
        }
        self._others = Bucket(limits.events_per_second, limits.events_burst, now)
        self._storm = Bucket(limits.storm_messages / limits.storm_seconds, limits.storm_messages, now)
        self._lines = Bucket(limits.lines_per_second, limits.lines_burst, now)
        self._refusal_weight = 1.0 / limits.storm_refusals
        self.must_close = False  # becomes True at a storm of broken or refused messages, and stays so
        self._noted: set[str] = set()

    def come_again(self) -> "Budget":
        """Return itself for the next connection of the same client: coming again and again saves up nothing."""
        self.must_close = False
        self._noted.clear()
        return self

    def may_note(self, now: float) -> bool:
        """Say whether one more line about this client may go into the log."""
        return self._lines.take(now) == 0.0

    def is_news(self, code: str) -> bool:
        """Say, the first time for each code, that it is worth a line in the log: a flood must not fill it."""
        is_new = code not in self._noted
        self._noted.add(code)
        return is_new

    def spend(self, event: str, now: float, cost: float = 1.0) -> None:
        """Count one event; Busy `too_fast` when there were too many, which also adds a little to the storm."""
        wait = self._special.get(event, self._others).take(now, cost)
        if wait > 0.0:
            self.count_bad(now, self._refusal_weight)
            raise Busy(
                "too_fast",
                "That was too fast. Please wait %(seconds)d seconds.",
                retry_after=wait,
                seconds=math.ceil(wait),
            )

    def count_bad(self, now: float, weight: float = 1.0) -> bool:
        """Count one broken message; True when the connection must be closed."""
        if self._storm.take(now, weight) > 0.0:
            self.must_close = True
        return self.must_close
