"""pocketsphinx: the English model inside its package listens for the room's phrases, and for nothing else.

It could also put free speech into words, at 0.9 s of work for each second and with about every second word wrong
(docs/accuracy.md), so it is not asked to: a wrong transcript beside a student's name would be worse than none.
"""

import importlib.util
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from detection.sensing.sound.phrases import Understood, plain

RATE = 16_000
PIECE = 3200  # bytes, 0.1 s: 3 ms of work, during which no other thread of the process runs
MOST_STRICT = 20
"""A phrase counts from a likelihood of 1e-20 against any other speech; at 1e-30 noise and keys are phrases too."""
LEAST_WORDS = 2
"""A single short word is heard in too many others ("alexa" in "public schools by ..."), so it is not listened for."""


class SphinxListener:
    """Keyword spotting; 60 MB of memory, loaded at its first stretch."""

    name, rough = "pocketsphinx", True

    def __init__(self) -> None:
        self._decoder: Any = None
        self._loaded: tuple[str, ...] = ()
        self._written: dict[str, str] = {}

    def understand(self, sound: bytes, phrases: Sequence[str]) -> Understood:
        """Return the phrases that were heard; no text."""
        self._listen_for(tuple(phrases))
        if not self._written:
            return Understood("", [])
        self._decoder.start_utt()
        for start in range(0, len(sound), PIECE):
            self._decoder.process_raw(sound[start : start + PIECE])
        self._decoder.end_utt()
        heard = {part.word.strip() for part in self._decoder.seg()} if self._decoder.hyp() else set()
        return Understood("", [self._written[one] for one in self._written if one in heard])

    def _listen_for(self, phrases: tuple[str, ...]) -> None:
        """Have the decoder know these phrases, but for those with words it does not know."""
        if self._decoder is not None and phrases == self._loaded:
            return
        if self._decoder is None:
            from pocketsphinx import Decoder  # noqa: PLC0415 - only where it is asked for

            self._decoder = Decoder(samprate=RATE, lm=None, loglevel="FATAL")
        self._loaded = phrases
        spoken = {" ".join(plain(phrase)): phrase for phrase in phrases}
        self._written = {words: phrase for words, phrase in spoken.items() if self._knows(words)}
        if self._written:
            self._activate("".join(f"{words} /1e-{self._strictness(words)}/\n" for words in self._written))

    def _knows(self, words: str) -> bool:
        parts = words.split()
        return len(parts) >= LEAST_WORDS and all(self._decoder.lookup_word(word) is not None for word in parts)

    def _strictness(self, words: str) -> int:
        """Return the exponent for a phrase: the fewer sounds it has, the likelier each must be.

        "Hey siri" has six, and was heard in a sentence of LibriSpeech at 1e-20, not at 1e-10.
        """
        sounds = sum(len(str(self._decoder.lookup_word(word)).split()) for word in words.split())
        return max(1, min(MOST_STRICT, 2 * sounds - 2))

    def _activate(self, listed: str) -> None:
        descriptor, name = tempfile.mkstemp(suffix=".kws")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(listed)
            self._decoder.add_kws("room", name)
            self._decoder.activate_search("room")
        finally:
            with suppress(OSError):
                Path(name).unlink()


def listener() -> SphinxListener | None:
    """Return a listener where the package is installed."""
    return SphinxListener() if importlib.util.find_spec("pocketsphinx") else None
