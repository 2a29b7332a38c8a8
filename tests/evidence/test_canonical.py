"""One form for the same facts, and no value that costs the evidence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Severity
from evidence.canonical import canonical

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=5)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def test_the_example_of_the_rfc_has_its_bytes() -> None:
    given_facts = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical(given_facts).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), "null"),
        (float("-inf"), "null"),
        (2**53 - 1, "9007199254740991"),
        (2**53, '"9007199254740992"'),
        (Severity.CRITICAL, '"critical"'),
        ("half \ud83d", '"half ?"'),
        ((1, 2), "[1,2]"),
        ({3: True}, '{"3":true}'),
        (b"raw", "\"b'raw'\""),
    ],
)
def test_what_json_cannot_say_is_said_as_well_as_it_can_be(value: Any, text: str) -> None:
    assert canonical({"a": value}).decode() == f'{{"a":{text}}}'


@pytest.mark.slow
@given(st.dictionaries(st.text(), VALUES))
def test_anything_has_a_form_that_reads_back_to_itself(facts: dict[str, Any]) -> None:
    said = canonical(facts)
    assert canonical(json.loads(said, parse_int=float)) == said


@given(st.dictionaries(st.text(), st.integers(-9, 9), min_size=2))
def test_the_order_of_facts_does_not_matter(facts: dict[str, int]) -> None:
    assert canonical(dict(reversed(facts.items()))) == canonical(facts)
