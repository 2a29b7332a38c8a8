"""Vosk: understands free speech offline, with a small model of each language that `models fetch` brings."""

import importlib.util
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from detection.models.shelf import ModelShelf
from detection.processes.native_output import native_silence
from detection.sensing.sound.phrases import ALIKE, Understood, find_phrases

RATE = 16_000
PIECE = 3200  # bytes, 0.1 s: the hearing of other microphones goes on between two pieces
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "vosk-en", "fr": "vosk-fr"})
"""Language to the model's name in the manifest."""


class UnusableModel(Exception):
    """Vosk cannot load a model; the text says which and why."""


class VoskListener:
    """One language's model; 50 to 130 MB of memory once it is loaded."""

    rough = False

    def __init__(self, language: str, folder: Path) -> None:
        self.name = f"Vosk ({language})"
        self._folder = folder
        self._model: Any = None

    def load(self) -> None:
        """Load the model.

        Raises:
            UnusableModel: the folder holds none, or a broken one.
        """
        from vosk import Model, SetLogLevel  # noqa: PLC0415 - only where it is asked for

        SetLogLevel(-1)
        try:
            with native_silence():  # errors are printed whatever the level
                self._model = Model(str(self._folder))
        except Exception as error:  # Vosk knows no other kind
            raise UnusableModel(f"{self.name} cannot be loaded from {self._folder}: {error}") from error

    def understand(self, sound: bytes, phrases: Sequence[str]) -> Understood:
        """Return the text, and the phrases that are in it or nearly so."""
        from vosk import KaldiRecognizer  # noqa: PLC0415 - only where it is asked for

        if self._model is None:
            self.load()
        recognizer = KaldiRecognizer(self._model, RATE)
        recognizer.SetWords(True)
        said: list[Mapping[str, Any]] = []
        for start in range(0, len(sound), PIECE):
            if recognizer.AcceptWaveform(sound[start : start + PIECE]):
                said.append(json.loads(recognizer.Result()))
        said.append(json.loads(recognizer.FinalResult()))
        text = " ".join(str(one.get("text", "")) for one in said).strip()
        words = [float(word["conf"]) for one in said for word in one.get("result", ())]
        found = find_phrases(text, phrases)
        sure = sum(words) / len(words) if words else 0.0
        return Understood(text, found.phrases, round(found.alike, 2), ALIKE, sure)


def listeners(shelf: ModelShelf) -> Iterator[VoskListener]:
    """Give a listener for each language whose model is there."""
    if importlib.util.find_spec("vosk") is None:
        return
    for language, model in LANGUAGES.items():
        folder = shelf.locate(model)
        if folder is not None:
            yield VoskListener(language, folder)
