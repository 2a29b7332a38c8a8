"""Ten thousand changed exports, each of which is refused."""

from __future__ import annotations

from collections import Counter

import pytest

from evidence.verify import Refused, verify
from tests.evidence.samples.exports import small_export
from tests.evidence.samples.mutations import mutants

pytestmark = pytest.mark.slow

MANY = 10_000
REASONS = (
    *("damaged", "list at the end", "list of files", "signature is not", "not what the chain committed to"),
    *("is missing", "belong to nothing", "one key", "does not follow", "pictures of a capsule", "whole chain", "order"),
)


def refusal(data: bytes) -> str:
    """Why an export is refused, '' where it is not."""
    try:
        verify(data)
    except Refused as error:
        return str(error)
    return ""


def test_all_changed_exports_are_refused() -> None:
    good = small_export()
    assert refusal(good) == ""
    seen, passed = Counter[str](), []
    for number, (kind, data) in enumerate(mutants(good, range(MANY))):
        assert data != good
        seen[kind] += 1
        if not refusal(data):
            passed.append((kind, number))
    assert passed == []
    assert seen == dict.fromkeys(("bytes", "files", "listed", "signed"), MANY // 4)


def test_the_changes_reach_every_check() -> None:
    reasons = {refusal(data) for _, data in mutants(small_export(), range(1500))}
    assert [one for one in REASONS if not any(one in reason for reason in reasons)] == []
