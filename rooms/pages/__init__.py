"""The web pages of a room, one blueprint a file. A new page is one file and one line here (docs/extending.md)."""

PAGES = (
    "rooms",
    "photos",
    "live",
    "evidence",
    "report",
    "past_rooms",
    "reports.school",
    "student",
    "own_evidence",
    "phone",
)
"""Modules of this package, each with a `blueprint`."""
