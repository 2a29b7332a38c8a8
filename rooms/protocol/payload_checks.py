"""What a client sends is well-formed before anything else sees it: frames, messages, names, the fields of an event."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeGuard

from core.errors import ProtocolError, UserError
from rooms.protocol.limits import DEFAULT_LIMITS, Limits
from rooms.protocol.text_cleaning import can_be_kept, clean_line, clean_text, has_word

CLIENT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
# The largest integer that a browser counts exactly; a sequence or a time beyond it is no honest one.
MAX_SAFE_INTEGER = 2**53 - 1
JPEG_SCAN = b"\xff\xda"
MOST_SCANS = 32  # of one picture: a camera's has one, a progressive one about ten, and each is a pass of the decoder
JPEG_COMPONENTS = (1, 3)  # grey and colour; four (CMYK) comes from no camera


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
    if max(width, height) > limits.frame_long_side or min(width, height) > limits.frame_short_side:
        raise UserError(
            "frame_too_large",
            "A picture may have at most %(width)d x %(height)d pixels.",
            width=limits.frame_long_side,
            height=limits.frame_short_side,
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
