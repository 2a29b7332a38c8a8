"""A frame before anyone judges it: decoding, pixel loops, and the newest one that waits."""
