"""Model files: where they are, how to fetch, verify and export them."""
