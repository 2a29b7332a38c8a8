"""What the JavaScript of a page learns of the phone roles."""

from typing import Any

from core.phone_roles import ROLES
from core.phone_roles.base import PhoneRole


def roles_shown() -> list[dict[str, Any]]:
    """Return every role in the order of the registry; the page translates the texts itself."""
    return [_role_shown(role) for role in ROLES.values()]


def _role_shown(role: PhoneRole) -> dict[str, Any]:
    words = role.words
    return {
        "key": role.key,
        "title": words.title,
        "short": words.short,
        "placing": words.placing,
        "sign": role.sign,
        "films": role.camera is not None,
        "drawing": role.has_drawing,
    }
