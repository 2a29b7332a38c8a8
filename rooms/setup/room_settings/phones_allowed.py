"""Further phones that students may use; the form asks for them together with the required ones."""

from collections.abc import Mapping
from typing import Any

from core.phone_roles.base import Wish
from rooms.setup.room_settings.base import FormContext, Lines, Sent
from rooms.setup.room_settings.phones import known_roles, roles_wished


class PhonesAllowed(Lines):
    """Roles by key."""

    def from_json(self, kept: Any) -> tuple[str, ...]:
        """Return the roles that there still are."""
        return known_roles(kept)

    def read(self, sent: Sent) -> tuple[str, ...]:
        """Return the optional roles."""
        return roles_wished(sent, Wish.OPTIONAL)

    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return nothing: the controls are those of the required phones."""
        return {}


SETTING = PhonesAllowed()
