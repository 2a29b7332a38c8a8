"""How much, how large and how often: every limit on what a client may send, and the checks that apply them.

Pure rules: no flask, no database, no thread. Times are arguments, in seconds; sizes name their unit.
"""

import ipaddress
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeGuard, TypeVar

from core.clock import Clock
from core.errors import Busy, ProtocolError, UserError
from core.rate_limit import Bucket
from rooms.protocol.text_cleaning import can_be_kept, clean_line, clean_text, has_word

T = TypeVar("T")

CLIENT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
# The largest integer that a browser counts exactly; a sequence or a time beyond it is no honest one.
MAX_SAFE_INTEGER = 2**53 - 1
JPEG_SCAN = b"\xff\xda"
MOST_SCANS = 32  # of one picture: a camera's has one, a progressive one about ten, and each is a pass of the decoder
SOUND_SECONDS = "sound seconds"  # what a piece of sound spends beside the event itself
JPEG_COMPONENTS = (1, 3)  # grey and colour; four (CMYK) comes from no camera


@dataclass(frozen=True, slots=True)
class Limits:
    """Every size and rate in one place; the unit is in the comment."""

    jpeg_bytes: int = 256 * 1024  # bytes of one frame
    frame_width: int = 1920  # pixels
    frame_height: int = 1080  # pixels
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


# ------------------------------------------------------------------------------------------- payloads


class FrameParts(NamedTuple):
    """One frame as a client sent it, checked: JPEG bytes whose header says `width` x `height` pixels."""

    seq: int
    captured_ms: float
    jpeg: bytes
    width: int
    height: int


class ChatParts(NamedTuple):
    """One message as a client sent it, its text cleaned."""

    client_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """What one field of an event must be.

    `most` bounds the length of a text, of bytes or of a list, and a number, which is not below `least` either. A text
    must be one that a database can keep, unless it is `typed` by a person: that is cleaned, not refused.
    """

    kind: type | tuple[type, ...]
    required: bool = True
    choices: frozenset[str] | None = None
    most: int = 64
    least: int = 0
    nullable: bool = False
    shape: re.Pattern[str] | None = None
    typed: bool = False
    item: "Field | None" = None
    fields: "Mapping[str, Field] | None" = None


Schema = Mapping[str, Field]


def check_frame(
    args: Sequence[object],
    parse: Callable[[bytes], tuple[int, int, int]],
    limits: Limits = DEFAULT_LIMITS,
) -> FrameParts:
    """Return the parts of a `frame` event; `parse` reads (width, height, components) from a JPEG's header.

    ProtocolError `bad_message` for wrong types; UserError `frame_too_large` or `bad_frame` for a wrong picture.
    """
    if len(args) != 3:
        raise _bad("frame")
    seq, captured_ms, jpeg = args
    if not _is_count(seq, MAX_SAFE_INTEGER) or not _is_number(captured_ms, MAX_SAFE_INTEGER):
        raise _bad("frame")
    if not isinstance(jpeg, bytes | bytearray | memoryview):
        raise _bad("frame")
    data = bytes(jpeg)  # the very same object where it is bytes already
    if len(data) > limits.jpeg_bytes:
        raise UserError("frame_too_large", "A picture may have at most %(most)d KiB.", most=limits.jpeg_bytes // 1024)
    width, height = _check_header(data, parse, limits)
    return FrameParts(seq, float(captured_ms), data, width, height)


def check_chat(payload: object, limits: Limits = DEFAULT_LIMITS) -> ChatParts:
    """Return client id and cleaned text; ProtocolError `bad_message`, UserError `message_empty`/`_too_long`."""
    if not isinstance(payload, dict):
        raise _bad("chat")
    client_id, raw = payload.get("client_id"), payload.get("text")
    if not isinstance(client_id, str) or not CLIENT_ID.fullmatch(client_id) or not isinstance(raw, str):
        raise _bad("chat")
    # cleaning only ever makes honest text shorter; what is far too long is not worth the work
    text = clean_text(raw) if len(raw) <= 4 * limits.chat_characters else raw
    if len(text) > limits.chat_characters:
        raise UserError(
            "message_too_long", "A message may have at most %(most)d characters.", most=limits.chat_characters
        )
    if not text.strip():
        raise UserError("message_empty", "The message is empty.")
    return ChatParts(client_id, text)


def check_name(raw: object, limits: Limits = DEFAULT_LIMITS) -> str:
    """Return a person's cleaned name; UserError `name_empty` or `name_too_long`."""
    name = clean_line(raw) if isinstance(raw, str) and len(raw) <= 4 * limits.name_characters else raw
    if not isinstance(name, str) or not has_word(name):
        raise UserError("name_empty", "Please give your name.")
    if len(name) > limits.name_characters:
        raise UserError("name_too_long", "A name may have at most %(most)d characters.", most=limits.name_characters)
    return name


def check_mapping(payload: object, schema: Schema) -> dict[str, Any]:
    """Return the schema's fields of a payload, unknown ones left out; ProtocolError `bad_message` names the wrong."""
    if not isinstance(payload, dict):
        raise _bad("payload")
    checked: dict[str, Any] = {}
    for name, field in schema.items():
        if name not in payload:
            if field.required:
                raise _bad(name)
        else:
            checked[name] = _check_field(name, payload[name], field)
    return checked


def _check_field(name: str, value: object, field: Field) -> Any:
    if value is None and field.nullable:
        return None
    kinds = field.kind if isinstance(field.kind, tuple) else (field.kind,)
    # bool is an int to Python, and never to us
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise _bad(name)
    if field.choices is not None and value not in field.choices:
        raise _bad(name)
    if isinstance(value, dict):
        return check_mapping(value, field.fields or {})
    if isinstance(value, int | float) and not isinstance(value, bool) and not field.least <= value <= field.most:
        raise _bad(name)
    if isinstance(value, str | bytes | list) and len(value) > field.most:
        raise _bad(name)
    if isinstance(value, str) and not (field.typed or can_be_kept(value, field.shape)):
        raise _bad(name)
    if isinstance(value, list) and field.item is not None:
        return [_check_field(name, one, field.item) for one in value]
    return value


def _check_header(data: bytes, parse: Callable[[bytes], tuple[int, int, int]], limits: Limits) -> tuple[int, int]:
    try:
        width, height, components = parse(data)
    except ValueError:
        raise UserError("bad_frame", "This is not a JPEG picture.") from None
    if width > limits.frame_width or height > limits.frame_height:
        raise UserError(
            "frame_too_large",
            "A picture may have at most %(width)d x %(height)d pixels.",
            width=limits.frame_width,
            height=limits.frame_height,
        )
    # inside a scan every 0xFF is followed by a zero, so this counts markers, those of a thumbnail among them
    if data.count(JPEG_SCAN) > MOST_SCANS:
        raise UserError("bad_frame", "This is not a JPEG picture.")
    if min(width, height) < limits.frame_least or components not in JPEG_COMPONENTS:
        raise UserError("bad_frame", "This picture is too small or has no usual colours.")
    return width, height


def _is_count(value: object, most: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _is_number(value: object, most: int) -> TypeGuard[float]:
    # NaN and infinity fail the comparison, a huge integer never becomes a float
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


def _bad(what: str) -> ProtocolError:
    return ProtocolError("bad_message", "The server did not understand “%(what)s”.", what=what)
