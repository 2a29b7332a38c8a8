"""Cooperative sockets, locks and sleeps for a server in eventlet mode; must run before anything else is imported."""

import os
import warnings
from collections.abc import Sequence

from settings import SettingsError, load_settings


def silence_notice() -> None:
    """Keep eventlet's notice of its maintenance mode off the terminal, where it helps nobody.

    Why it is used all the same: docs/decisions/0008-eventlet-by-default.md.
    """
    # Its class of warning is its own, and no DeprecationWarning.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")


def patch_for(argv: Sequence[str]) -> None:
    """Patch the standard library where the settings ask for eventlet; bad settings are reported later, by main."""
    silence_notice()
    try:
        mode = load_settings().async_mode
    except SettingsError:
        return
    if mode == "eventlet" and not {"--help", "-h"} & set(argv):
        import eventlet  # noqa: PLC0415 - only in eventlet mode, and before everything else

        eventlet.monkey_patch()
        # PostgreSQL's driver reads this once, at its import. By itself it waits for answers in C, where each query
        # keeps every connection of the server waiting.
        os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
