"""How people come into a room: its address and its code, as pages show them."""

import ipaddress
from typing import Any

from flask import request, url_for

from rooms.participants.pairing import qr_picture
from store.rooms import Room


def share_of(room: Room) -> dict[str, Any]:
    """Return what a teacher's page needs to tell students the way into a room."""
    link = url_for("student.landing", code=room.code, _external=True)
    return {
        "join_link": link,
        "join_picture": qr_picture(link),
        "join_host": request.host_url.rstrip("/"),
        "is_only_here": is_loopback(request.host),
    }


def is_loopback(host: str) -> bool:
    """Say whether a Host header names this very machine, so that no other computer can open the address."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name == "localhost"
