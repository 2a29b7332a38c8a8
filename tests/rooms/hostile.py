"""Values that no honest client sends, for every test of what comes in."""

import math
from typing import Any

from hypothesis import strategies as st

NUMBERS = [0, -1, 1, 2**31, 2**53, 2**63, 10**400, -(10**400), 0.5, -0.0, 1e308, math.nan, math.inf, -math.inf]
WORDS = ["", "\0", "\ud800", "__proto__", "../../etc/passwd", "' OR 1=1 --", "<script>", "\u202e", "9" * 5000]

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(NUMBERS),
    st.sampled_from(WORDS),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.binary(max_size=40),
)

VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=8), inner, max_size=5)),
    max_leaves=12,
)
