"""The web pages of a room, one blueprint a file. A new page is one file and one line here (docs/extending.md)."""

PAGES = (
    "rooms",
    "photos",
    "live",
    "reports.evidence",
    "reports.room",
    "reports.past_rooms",
    "reports.school",
    "student",
    "reports.own_evidence",
    "phone",
)
"""Modules of this package, each with a `blueprint`."""
