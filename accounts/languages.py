"""Which language a page is in: the person's choice, then the browser's wish, then English."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from babel.support import Translations
from flask import Flask, request
from flask_babel import Babel, get_locale

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "fr": "Français"})
"""Code -> the language's own name."""
COOKIE = "exam-language"
FOLDER = Path(__file__).resolve().parent.parent / "translations"


def init_babel(app: Flask) -> None:
    """Choose a language for each request and give templates what they need to offer the others."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(FOLDER))
    Babel(app, locale_selector=choose_language)
    app.context_processor(lambda: {"languages": LANGUAGES, "get_locale": get_locale})


def choose_language() -> str:
    """Return the code of the language for this request."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    # best_match() would take "en" of "fr-CH, en" because it is spelt exactly like ours; the person's order counts.
    wished = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((language for language in wished if language in LANGUAGES), "en")


@cache
def catalogue(language: str, folder: Path = FOLDER) -> Mapping[str, str]:
    """Return English sentence -> translation for the pages' JavaScript; empty for English or without a catalogue."""
    found = Translations.load(str(folder), [language])
    texts: dict[object, object] = getattr(found, "_catalog", {})
    return {key: text for key, text in texts.items() if key and isinstance(key, str) and isinstance(text, str)}
