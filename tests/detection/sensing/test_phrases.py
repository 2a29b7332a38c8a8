"""Phrases are found although machines mishear, and not in what merely resembles them."""

from __future__ import annotations

import pytest

from detection.sensing.sound.phrases import find_phrases, plain
from rooms.setup.room_settings.phrases import USUAL_PHRASES


def test_plain_words_have_no_accents_capitals_or_marks() -> None:
    assert plain("Quelle est la RÉPONSE ?") == ["quelle", "est", "la", "reponse"]
    assert plain("Donne-moi l'œuf, s’il te plaît!") == ["donne", "moi", "l", "oeuf", "s", "il", "te", "plait"]
    assert plain("ﬁn ① ½") == ["fin", "1", "1", "2"] and plain(" …!") == []


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("so okay google what is the time", "ok google"),
        ("hey sirie play music", "hey siri"),
        ("and what is the answer to three", "what is the answer"),
        ("what's the answer", "what is the answer"),
        ("tell me the answers now", "tell me the answer"),
        ("hé dis siri", "dis siri"),
        ("quelle est ta reponse", "quelle est la réponse"),
        ("tu as mis quoi toi", "tu as mis quoi"),
        ("alexa", "alexa"),
    ],
)
def test_what_was_nearly_understood_is_found(text: str, phrase: str) -> None:
    found = find_phrases(text, USUAL_PHRASES)
    assert found.phrases == [phrase] and 0.88 <= found.alike <= 1.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the answer",
        "what is the question",
        "alex went to the market",
        "a lex and a rule",
        "google",
        "he is serious about it",
        "tell them about the dancer",
        "la réponse est quatre",
        "x" * 5000,
    ],
)
def test_what_resembles_a_phrase_is_not_one(text: str) -> None:
    assert find_phrases(text, USUAL_PHRASES) == ([], 0.0)


def test_odd_phrases_match_nothing() -> None:
    assert find_phrases("anything at all", ["", "…", "  "]).phrases == []
    assert find_phrases("one two", ["one two three four five six seven"]).phrases == []


def test_several_phrases_are_all_named_as_the_room_wrote_them() -> None:
    found = find_phrases("ok google, quelle est la réponse", ["Quelle est la réponse ?", "OK Google"])
    assert found == (["Quelle est la réponse ?", "OK Google"], 1.0)
