"""When `app.py learn --phones --yes` writes nothing: what was learned does worse somewhere."""

from __future__ import annotations

from detection.tools.learn_phones import standing
from serving.learn_phones import worse

MIXED = standing([(True, 0.4), (False, 0.6), (True, 0.8), (False, 0.3)], 0.1)
SORTED = standing([(True, 0.4), (False, 0.2), (True, 0.8), (False, 0.3)], 0.1)
LOST = standing([(True, 0.04), (False, 0.02), (True, 0.8), (False, 0.3)], 0.1)
FEWER = standing([(True, 0.4), (False, 0.05), (True, 0.8), (False, 0.3)], 0.1)
NOTHING = (standing([], 0.1), standing([], 0.1))


def test_better_on_the_judged_alerts_is_enough_without_labelled_pictures() -> None:
    assert worse((MIXED, SORTED), NOTHING) == ""
    assert worse((MIXED, FEWER), (SORTED, SORTED)) == ""


def test_no_better_on_the_judged_alerts_is_told() -> None:
    assert "no better" in worse((MIXED, MIXED), NOTHING)
    assert "no better" in worse((FEWER, LOST), NOTHING), "a phone that is lost outweighs"


def test_worse_on_the_labelled_pictures_is_told() -> None:
    assert "labelled pictures" in worse((MIXED, SORTED), (SORTED, LOST))
