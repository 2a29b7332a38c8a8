"""Marks texts that are translated where they are shown."""


def N_(text: str) -> str:
    """Return the text: it marks a translation key where it is defined, for those who collect them."""
    return text
