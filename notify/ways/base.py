"""What a way to tell somebody is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from core.delivery.attempts import Keep
from notify.ground import NotifyGround, NotifySettings
from store.users import User

Target = Mapping[str, Any]
"""Where one message goes, as JSON."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way; `label` is a translation key."""

    name: str
    label: str
    is_personal: bool
    """Whether people choose it for themselves."""
    obstacle: Callable[[NotifySettings], str]
    """Returns why it cannot be used on this server, as a translation key; "" where it can."""
    targets: Callable[[Session, User], list[dict[str, Any]]]
    """Returns where a person's messages go."""
    deliver: Callable[[NotifyGround, Target, Mapping[str, Any]], Keep | None]
    """Sends one message and returns what is to be remembered of that; core.delivery.attempts.TryLater and GivenUp."""
