"""How somebody is told. A new way is one file and one line here (docs/extending.md)."""

from collections.abc import Mapping
from types import MappingProxyType

from notify.ways import mail, push, webhook
from notify.ways.base import Way

WAYS: Mapping[str, Way] = MappingProxyType(
    {
        way.name: way
        for way in (
            mail.WAY,
            push.WAY,
            webhook.WAY,
        )
    }
)
