"""Without which of their phones students cannot start; the form asks here for optional phones too."""

from collections.abc import Mapping
from typing import Any

from core.phone_roles import ROLES
from core.phone_roles.base import Wish
from core.text_keys import N_
from rooms.setup.room_settings.base import FormContext, Lines, Sent
from rooms.setup.room_settings.controls import Choice, Control, Kind, Section

WISHES = (
    Choice(value=Wish.NOT_USED, label=N_("Not used")),
    Choice(value=Wish.OPTIONAL, label=N_("Optional")),
    Choice(value=Wish.REQUIRED, label=N_("Required")),
)


def roles_wished(sent: Sent, wish: Wish) -> tuple[str, ...]:
    """Return the roles that a form gives this wish; none in a room without phones, whatever hidden fields say."""
    with_phones = sent.is_on("with_phones")
    return tuple(role for role in ROLES if with_phones and sent.values.get(f"phone.{role}", "") == wish)


def known_roles(kept: Any) -> tuple[str, ...]:
    """Return those of the kept roles that there still are, in the order of the registry."""
    return tuple(role for role in ROLES if role in (kept or ()))


class Phones(Lines):
    """Roles by key."""

    def from_json(self, kept: Any) -> tuple[str, ...]:
        """Return the roles that there still are."""
        return known_roles(kept)

    def read(self, sent: Sent) -> tuple[str, ...]:
        """Return the required roles."""
        return roles_wished(sent, Wish.REQUIRED)

    def shown(self, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
        """Return whether phones are used, and the wish for each role; the usual wishes where none is used yet."""
        required, optional = values[self.name], values["phones_allowed"]
        wishes = dict.fromkeys(optional, Wish.OPTIONAL) | dict.fromkeys(required, Wish.REQUIRED)
        usual = {key: role.wish for key, role in ROLES.items()}
        shown = wishes or usual
        return {"with_phones": bool(wishes), **{f"phone.{role}": shown.get(role, Wish.NOT_USED) for role in ROLES}}


SETTING = Phones(
    template="rooms/settings/phones.html",
    controls=(
        Control(
            name="with_phones",
            kind=Kind.SWITCH,
            section=Section.FRONT,
            label=N_("With students' phones"),
            help=N_(
                "A phone in the room films student and desk; Advanced has more places. Students scan a code; nothing"
                " is installed."
            ),
        ),
        *(
            Control(
                name=f"phone.{key}",
                kind=Kind.SELECT,
                section=Section.PHONES,
                label=role.words.title,
                help=role.words.help,
                choices=WISHES,
            )
            for key, role in sorted(ROLES.items(), key=lambda item: item[1].wish is not Wish.REQUIRED)
        ),
    ),
)
