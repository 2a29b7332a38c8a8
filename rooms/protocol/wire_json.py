"""The JSON of Socket.IO and Engine.IO packets: as UTF-8, where the standard writes six bytes for each letter of most
scripts and twelve for an emoji.
"""

import json
from typing import Any

ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

loads = json.loads


def dumps(told: Any, **_options: Any) -> str:
    """Return JSON without spaces; half an emoji, which UTF-8 cannot say, is escaped as a browser does it."""
    text = ENCODER.encode(told)
    return text if text.isascii() or _is_utf8(text) else json.dumps(told, separators=(",", ":"))


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
