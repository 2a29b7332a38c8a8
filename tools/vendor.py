"""Copies the front-end libraries from node_modules into static/vendor, each with its licence; fetches them first."""

from __future__ import annotations

import shutil
import sys

from tools import node

NODE_MODULES = node.ROOT / "node_modules"
VENDOR = node.ROOT / "static" / "vendor"

# folder in static/vendor -> (npm package, what to copy: path in the package -> path in the folder)
LIBRARIES = {
    "bootstrap": (
        "bootstrap",
        {
            "dist/css/bootstrap.min.css": "bootstrap.min.css",
            "dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
        },
    ),
    "bootstrap-icons": (
        "bootstrap-icons",
        {
            "font/bootstrap-icons.min.css": "bootstrap-icons.min.css",
            "font/fonts/bootstrap-icons.woff2": "fonts/bootstrap-icons.woff2",
            "bootstrap-icons.svg": "bootstrap-icons.svg",
        },
    ),
    "socket.io": (
        "socket.io-client",
        {
            "dist/socket.io.esm.min.js": "socket.io.esm.min.js",
            "dist/socket.io.min.js": "socket.io.min.js",
        },
    ),
}


def installed() -> bool:
    """Say whether node_modules is as new as the lock, with or without the developer's packages."""
    mark = NODE_MODULES / ".package-lock.json"
    return mark.is_file() and mark.stat().st_mtime >= (node.ROOT / "package-lock.json").stat().st_mtime


def copy(folder: str) -> None:
    package, files = LIBRARIES[folder]
    for source, target in {**files, "LICENSE": "LICENSE"}.items():
        destination = VENDOR / folder / target
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(NODE_MODULES / package / source, destination)


def main() -> int:
    if not installed() and node.run("npm", "ci", "--omit=dev", "--ignore-scripts", "--loglevel=error"):
        print("npm could not fetch the front-end libraries (its message is above); pages would have no style.")
        return 1
    for folder in LIBRARIES:
        copy(folder)
    print(f"Front-end libraries are in static/vendor: {', '.join(LIBRARIES)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
