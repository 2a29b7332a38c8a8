"""Sizes and shapes of what comes in: every hostile value gets a clear error, every honest one passes unharmed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ExamError, ProtocolError, UserError
from rooms.protocol import events
from rooms.protocol.limits import DEFAULT_LIMITS, Limits
from rooms.protocol.payload_checks import MAX_SAFE_INTEGER, Field, check_chat, check_frame, check_mapping, check_name
from tests.rooms.hostile import VALUES

JPEG = b"\xff\xd8 320 240 3"


def parse(data: bytes) -> tuple[int, int, int]:
    """Read width, height and components from the words after the JPEG mark, as a header parser would."""
    if not data.startswith(b"\xff\xd8"):
        raise ValueError("no JPEG")
    width, height, components = map(int, data[2:].split()[:3])
    return width, height, components


def jpeg(width: int, height: int, components: int = 3, size: int = 0) -> bytes:
    return (b"\xff\xd8" + f" {width} {height} {components} ".encode()).ljust(size, b"x")


def frame_error(*args: Any) -> ExamError:
    with pytest.raises(ExamError) as refused:
        check_frame(args, parse)
    assert refused.value.text % refused.value.params
    return refused.value


# ------------------------------------------------------------------------------------------- frames


def test_a_frame_passes_unchanged() -> None:
    data = jpeg(640, 480)
    parts = check_frame((7, 1_700_000_000_123, data), parse)
    assert parts == (7, 1_700_000_000_123.0, data, 640, 480)
    assert parts.jpeg is data


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_any_kind_of_bytes_will_do(kind: Any) -> None:
    assert check_frame((0, 0.5, kind(JPEG)), parse).jpeg == JPEG


@pytest.mark.parametrize(
    "data", [jpeg(16, 16), jpeg(1920, 1080), jpeg(1080, 1920), jpeg(320, 240, 1), jpeg(320, 240, size=256 * 1024)]
)
def test_the_largest_and_the_smallest_frame_pass(data: bytes) -> None:
    assert check_frame((1, 1, data), parse).jpeg == data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad_frame"),
        (b"GIF89a", "bad_frame"),
        (b"\xff\xd8", "bad_frame"),
        (jpeg(1, 1), "bad_frame"),
        (jpeg(640, 15), "bad_frame"),
        (jpeg(0, 0), "bad_frame"),
        (jpeg(320, 240, 4), "bad_frame"),
        (jpeg(320, 240, 0), "bad_frame"),
        (jpeg(1921, 240), "frame_too_large"),
        (jpeg(240, 1921), "frame_too_large"),
        (jpeg(1081, 1081), "frame_too_large"),
        (jpeg(20_000, 20_000), "frame_too_large"),
        (jpeg(20_000, 1), "frame_too_large"),
        (jpeg(320, 240, size=256 * 1024 + 1), "frame_too_large"),
    ],
)
def test_a_wrong_picture_is_the_users_to_mend(data: bytes, code: str) -> None:
    error = frame_error(1, 1, data)
    assert isinstance(error, UserError)
    assert error.code == code


@pytest.mark.parametrize(
    "args",
    [
        (),
        (1, 1),
        (1, 1, JPEG, JPEG),
        ("1", 1, JPEG),
        (True, 1, JPEG),
        (1.0, 1, JPEG),
        (-1, 1, JPEG),
        (MAX_SAFE_INTEGER + 1, 1, JPEG),
        (1, "1", JPEG),
        (1, float("nan"), JPEG),
        (1, float("inf"), JPEG),
        (1, 10**400, JPEG),
        (1, -1, JPEG),
        (1, False, JPEG),
        (1, 1, None),
        (1, 1, "data:image/jpeg;base64,"),
        (1, 1, [255, 216]),
        (1, 1, {"_placeholder": True, "num": 0}),
    ],
)
def test_a_wrong_message_is_the_clients_fault(args: tuple[Any, ...]) -> None:
    error = frame_error(*args)
    assert isinstance(error, ProtocolError)
    assert error.code == "bad_message"


def test_a_picture_too_large_is_never_parsed() -> None:
    def never(data: bytes) -> tuple[int, int, int]:
        raise AssertionError("parsed")

    with pytest.raises(UserError):
        check_frame((1, 1, b"x" * 101), never, Limits(jpeg_bytes=100))


@pytest.mark.slow
@given(st.lists(VALUES, max_size=5))
def test_any_frame_at_all_has_an_answer(args: list[Any]) -> None:
    with pytest.raises((ProtocolError, UserError)):
        check_frame(args, parse)


# ------------------------------------------------------------------------------------------- chat and names


def test_a_message_is_cleaned() -> None:
    parts = check_chat({"client_id": "0b7d-1", "text": " Bonjour\u202e \n", "extra": 1})
    assert parts == ("0b7d-1", "Bonjour")


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\u202e", "\0\0"])
def test_an_empty_message_is_said_to_be(text: str) -> None:
    with pytest.raises(UserError) as refused:
        check_chat({"client_id": "a", "text": text})
    assert refused.value.code == "message_empty"


def test_length_is_counted_in_characters_after_cleaning() -> None:
    assert len(check_chat({"client_id": "a", "text": "e\u0301" * 1000}).text) == 1000
    assert len(check_chat({"client_id": "a", "text": "👩" * 1000}).text) == 1000
    for text in ("x" * 1001, "x" * 1_000_000, "\0" * 5000):  # the last is not even worth cleaning
        with pytest.raises(UserError) as refused:
            check_chat({"client_id": "a", "text": text})
        assert refused.value.code == "message_too_long"
        assert refused.value.params == {"most": 1000}


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        "text",
        {},
        {"text": "a"},
        {"client_id": "a"},
        {"client_id": 1, "text": "a"},
        {"client_id": "", "text": "a"},
        {"client_id": "a" * 65, "text": "a"},
        {"client_id": "a b", "text": "a"},
        {"client_id": "a\n", "text": "a"},
        {"client_id": "é", "text": "a"},
        {"client_id": "a", "text": None},
        {"client_id": "a", "text": ["a"]},
        {"client_id": "a", "text": b"a"},
    ],
)
def test_a_broken_message_is_the_clients_fault(payload: Any) -> None:
    with pytest.raises(ProtocolError) as refused:
        check_chat(payload)
    assert refused.value.code == "bad_message"


@given(st.one_of(VALUES, st.fixed_dictionaries({"client_id": VALUES, "text": st.one_of(st.text(), VALUES)})))
def test_any_chat_at_all_has_an_answer(payload: Any) -> None:
    try:
        parts = check_chat(payload)
    except (ProtocolError, UserError):
        return
    assert parts.text
    assert len(parts.text) <= DEFAULT_LIMITS.chat_characters
    parts.text.encode("utf-8")


@pytest.mark.parametrize(("raw", "name"), [("  Zoë  B. ", "Zoë B."), ("山田", "山田"), ("x" * 60, "x" * 60)])
def test_a_name_is_cleaned(raw: str, name: str) -> None:
    assert check_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "name_empty"),
        (" \u200b\u202e ", "name_empty"),
        ("🙂", "name_empty"),
        (None, "name_empty"),
        (7, "name_empty"),
        ("x" * 61, "name_too_long"),
        ("x" * 100_000, "name_too_long"),
    ],
)
def test_a_bad_name_is_the_users_to_mend(raw: object, code: str) -> None:
    with pytest.raises(UserError) as refused:
        check_name(raw)
    assert refused.value.code == code
    assert refused.value.text % refused.value.params


@given(st.one_of(VALUES, st.text()))
def test_any_name_at_all_has_an_answer(raw: Any) -> None:
    try:
        name = check_name(raw)
    except UserError:
        return
    assert 1 <= len(name) <= DEFAULT_LIMITS.name_characters
    assert "\n" not in name


# ------------------------------------------------------------------------------------------- other payloads

SCHEMAS = [(n, e, schema) for n, events in events.EVENTS_IN.items() for e, schema in events.items()]


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (Field(str, most=3), ["", "abc"], ["abcd", 1, None, b"a", ["a"]]),
        (Field(str, choices=frozenset({"on"})), ["on"], ["off", "", None, "ON"]),
        (Field(str, nullable=True), [None, "a"], [0, False]),
        (Field(bool), [True, False], [0, 1, "true", None]),
        (Field(int, most=9), [0, 9], [10, -1, True, 1.0, "1", 10**400]),
        (
            Field((int, float), least=-120, most=0),
            [-120, -3.5, 0],
            [-120.5, 0.1, float("nan"), float("-inf"), 1e9, -(10**400)],
        ),
        (Field((int, float), most=9), [0, 8.5], [9.5, -0.1, float("nan"), float("inf"), True]),
        (Field((str, bytes), most=2), ["ab", b"ab"], ["abc", b"abc", 1]),
        (Field(list, most=2, item=Field(str, most=2)), [[], ["a", "bc"]], [["abc"], ["a"] * 3, [1], "ab", [None]]),
        (Field(dict, fields={"id": Field(str)}), [{"id": "a"}], [{}, {"id": 1}, [], None]),
    ],
)
def test_a_field_is_what_it_must_be(field: Field, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert check_mapping({"it": value}, {"it": field}) == {"it": value}
    for value in bad:
        with pytest.raises(ProtocolError) as refused:
            check_mapping({"it": value}, {"it": field})
        assert refused.value.code == "bad_message"


def test_a_missing_field_is_named() -> None:
    with pytest.raises(ProtocolError) as refused:
        check_mapping({}, {"state": Field(str)})
    assert "“state”" in refused.value.text % refused.value.params
    assert check_mapping({}, {"state": Field(str, required=False)}) == {}


def test_what_is_not_asked_for_is_left_out() -> None:
    assert check_mapping({"a": "x", "b": 1, "to": {"c": 2}}, {"a": Field(str), "to": Field(dict)}) == {
        "a": "x",
        "to": {},
    }


@pytest.mark.slow
@pytest.mark.parametrize(("namespace", "event", "schema"), SCHEMAS, ids=[f"{n} {e}" for n, e, _ in SCHEMAS])
@given(data=st.data())
def test_any_payload_at_all_has_an_answer(namespace: str, event: str, schema: Any, data: st.DataObject) -> None:
    fields = st.fixed_dictionaries({}, optional=dict.fromkeys(schema, VALUES))
    payload = data.draw(st.one_of(VALUES, fields))
    try:
        checked = check_mapping(payload, schema)
    except ProtocolError as error:
        assert error.code == "bad_message"
        return
    assert set(checked) <= set(schema)
    assert {name for name, field in schema.items() if field.required} <= set(checked)


def test_a_picture_of_very_many_passes_is_refused() -> None:
    scan = b"\xff\xda" + bytes(8)
    with pytest.raises(UserError) as refused:
        check_frame((1, 1, b"\xff\xd8" + scan * 33 + b"\xff\xd9"), lambda _data: (320, 240, 3))
    assert refused.value.code == "bad_frame"
    assert check_frame((1, 1, b"\xff\xd8" + scan * 32 + b"\xff\xd9"), lambda _data: (320, 240, 3)).width == 320


@pytest.mark.parametrize("text", ["\ud800", "a\0", "x" * 62 + "\udfff"])
def test_a_text_that_no_database_keeps_is_refused_unless_a_person_typed_it(text: str) -> None:
    for schema in ({"label": Field(str)}, {"label": Field(list, item=Field(str))}):
        with pytest.raises(ProtocolError):
            check_mapping({"label": text if schema["label"].kind is str else [text]}, schema)
    assert check_mapping({"note": text}, {"note": Field(str, typed=True)}) == {"note": text}


@pytest.mark.parametrize("wrong", ["\ud800", "a b", "a/b", "é", "' OR 1=1 --", "\0", "a\n", "x" * 65])
def test_ids_have_no_other_characters_than_ours(wrong: str) -> None:
    for event, payload in [
        ("review_incident", {"incident": wrong, "verdict": "dismissed"}),
        ("review", {"alert": wrong, "verdict": "dismissed"}),
        ("remove", {"participant": wrong}),
        ("watch", {"participants": [wrong], "focus": None}),
        ("watch", {"participants": [], "focus": wrong}),
        ("chat", {"client_id": "c1", "to": {"kind": "student", "id": wrong}, "text": "x"}),
    ]:
        with pytest.raises(ProtocolError):
            check_mapping(payload, events.FROM_TEACHER[event])
