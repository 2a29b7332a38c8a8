"""Builds the optional cy_frame extension and names the packages of the server."""

import os

from Cython.Build import cythonize
from setuptools import Extension, setup

PACKAGES = [
    "core", "core.delivery", "core.phone_roles", "store", "store.database", "store.delivery", "store.migrations",
    "accounts", "evidence", "evidence.clips", "exams", "transport", "transport.green", "transport.threads",
    "detection", "detection.measures", "detection.frames", "detection.models", "detection.processes",
    "detection.detectors", "detection.detectors.face_runtimes", "detection.analysis", "detection.engines",
    "detection.rules", "detection.sensing", "detection.sensing.arm", "detection.sensing.sound", "detection.runtime",
    "detection.tools", "rooms", "rooms.protocol", "rooms.setup", "rooms.setup.room_settings", "rooms.live",
    "rooms.alerts", "rooms.desk", "rooms.chat", "rooms.identity", "rooms.participants", "rooms.evidence",
    "rooms.intake", "rooms.upkeep", "rooms.actions", "rooms.channels", "rooms.pages", "rooms.pages.reports", "reports",
    "reports.exports", "reports.paper", "jobs", "jobs.kinds", "notify", "notify.pages", "notify.ways", "serving",
    "serving.jobs", "simulation",
]  # fmt: skip


def extension_is_optional(wish: str | None) -> bool:
    """Say whether a failing compiler may leave the server on its Python twin (BUILD_EXTENSION=yes: it may not)."""
    if wish not in {None, "", "yes", "no"}:
        raise SystemExit("BUILD_EXTENSION must be yes, no or unset")
    return wish != "yes"


def extensions() -> list[Extension]:
    """Return the extensions to build, none when BUILD_EXTENSION=no."""
    wish = os.environ.get("BUILD_EXTENSION")
    optional = extension_is_optional(wish)
    if wish == "no":
        return []
    frame = Extension("cy_frame", ["cy_frame.pyx"], extra_compile_args=["-O3"])
    built: list[Extension] = cythonize([frame], language_level=3, quiet=True)
    for extension in built:
        extension.optional = optional  # cythonize drops the flag when it is set before
    return built


setup(
    packages=[name for name in PACKAGES if os.path.isdir(name.replace(".", "/"))],
    ext_modules=extensions(),
)
