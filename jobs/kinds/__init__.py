"""The kinds of jobs. A new one is one file and one line here (docs/extending.md)."""

from collections.abc import Mapping
from types import MappingProxyType

from jobs.base import JobKind
from jobs.kinds import deliver, notice, tell

KINDS: Mapping[str, JobKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            notice.KIND,
            tell.KIND,
            deliver.KIND,
        )
    }
)
