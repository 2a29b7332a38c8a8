"""The numpy twins of cy_frame's picture loops: the specification, and what runs where nothing was compiled."""

import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]

TILES = 8  # along each side of a picture
PATCH = 4  # pixels along each side of a tile in `change`, or up to 7 where they do not fit evenly
LUMA_BITS = 14
LUMA_WEIGHTS = np.array([1868, 9617, 4899])  # blue, green, red of ITU-R BT.601 times 2**14; the sum is 2**14

START_OF_IMAGE, END_OF_IMAGE = b"\xff\xd8", b"\xff\xd9"
FILL, TEMPORARY, START_OF_SCAN = 0xFF, 0x01, 0xDA
FRAME_HEADERS = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what browsers write and read
OTHER_CODINGS = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}  # lossless, hierarchical, arithmetic


def unmask(payload: bytes, mask: bytes, offset: int = 0) -> bytes:
    """Return payload XORed with the repeated 4-byte mask, of which the first offset bytes were used before."""
    if len(mask) != 4:
        raise ValueError("a WebSocket mask has 4 bytes")
    key = np.roll(np.frombuffer(mask, np.uint8), -(offset % 4))
    data = np.frombuffer(payload, np.uint8)
    return (data ^ np.resize(key, data.size)).tobytes()


def edges(size: int) -> npt.NDArray[np.intp]:
    """Return the borders of the tiles along a side of size pixels."""
    count = min(TILES, size)
    return np.arange(count + 1) * size // count


def tile_means(gray: Gray) -> npt.NDArray[np.float64]:
    """Return the mean of every tile of a picture."""
    rows, columns = edges(gray.shape[0]), edges(gray.shape[1])
    sums = np.add.reduceat(np.add.reduceat(gray, rows[:-1], axis=0, dtype=np.int64), columns[:-1], axis=1)
    return sums / np.outer(np.diff(rows), np.diff(columns))


def laplacian(gray: Gray) -> npt.NDArray[np.int64]:
    """Return the 4-neighbour Laplacian of the inner pixels (empty for pictures under 3 x 3)."""
    wide = gray.astype(np.int64)
    around = wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:]
    return around - 4 * wide[1:-1, 1:-1]


def picture_stats(gray: Gray, dark_at: int, bright_at: int) -> tuple[float, float, float, float, float, float]:
    """Return (mean, variance, dark share, bright share, Laplacian variance, tile spread) of a gray picture."""
    inner = laplacian(gray) if min(gray.shape) > 2 else np.zeros(1)
    return (
        float(gray.mean()),
        float(gray.var()),
        float((gray <= dark_at).mean()),
        float((gray >= bright_at).mean()),
        float(inner.var()),
        float(tile_means(gray).std()),
    )


def difference(first: Gray, second: Gray, threshold: int) -> tuple[float, float]:
    """Return (mean absolute difference, share of pixels differing by more than threshold) of flat pictures."""
    gap = np.abs(first.astype(np.int16) - second)
    return float(gap.mean()), float((gap > threshold).mean())


def change(first: Gray, second: Gray, threshold: int) -> tuple[float, float, float]:
    """Return (mean difference, largest mean difference of a 4 x 4 tile, share differing by more than threshold)."""
    gap = first.astype(np.int32) - second
    rows, columns = (np.arange(max(1, side // PATCH) + 1) * side // max(1, side // PATCH) for side in gap.shape)
    sums = np.add.reduceat(np.add.reduceat(gap, rows[:-1], axis=0), columns[:-1], axis=1)
    tiles = sums / np.outer(np.diff(rows), np.diff(columns))
    return float(gap.mean()), float(np.abs(tiles).max()), float((np.abs(gap) > threshold).mean())


def shrink_gray(bgr: Gray, factor: int, target: Gray) -> None:
    """Write the rounded gray area average of every factor x factor block of a BGR picture into target."""
    height, width = target.shape
    blocks = bgr[: height * factor, : width * factor].reshape(height, factor, width, factor, 3)
    weighted = blocks.sum(axis=(1, 3), dtype=np.int64) @ LUMA_WEIGHTS
    scale = factor * factor << LUMA_BITS
    target[...] = (weighted + scale // 2) // scale


Places = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.float32]]


def find_places(source: int, count: int) -> Places:
    """Return the two pixels of a side to blend for each of count new ones, and the share of the second."""
    place = np.clip((np.arange(count) + 0.5) * source / count - 0.5, 0, source - 1)
    whole = place.astype(np.intp)
    return whole, np.minimum(whole + 1, source - 1), (place - whole).astype(np.float32)


def fill_planes(
    bgr: Gray, region: tuple[int, int, int, int], place: tuple[int, int, int, int], target: npt.NDArray[np.float32]
) -> None:
    """Resize a region of a BGR picture into a place of three float planes (red, green, blue; 0 to 1)."""
    left, top, wide, high = region
    x, y, width, height = place
    part = bgr[top : top + high, left : left + wide]
    upper, lower, share = find_places(high, height)
    rows = part[upper].astype(np.float32)
    rows = (rows + (part[lower] - rows) * share[:, None, None]) * np.float32(1 / 255)
    first, second, share = find_places(wide, width)
    pixels = rows[:, first] + (rows[:, second] - rows[:, first]) * share[:, None]
    target[:, y : y + height, x : x + width] = pixels[..., ::-1].transpose(2, 0, 1)


def frame_header(segment: bytes) -> tuple[int, int, int]:
    """Return (width, height, components) of a start-of-frame segment, its length field left out."""
    if len(segment) < 9:
        raise ValueError("truncated JPEG frame header")
    height, width = int.from_bytes(segment[1:3], "big"), int.from_bytes(segment[3:5], "big")
    precision, components = segment[0], segment[5]
    if precision != 8 or not (width and height and components) or len(segment) != 6 + 3 * components:
        raise ValueError("broken JPEG frame header")
    return width, height, components


def segment_at(data: bytes, at: int) -> tuple[int, bytes]:
    """Return (marker, content) of the JPEG segment that starts at a byte position."""
    marker = data[at + 1]
    if data[at] != FILL or marker < 0xC0 or 0xD0 <= marker <= 0xD9:
        raise ValueError("broken JPEG: marker expected")
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    if length < 2 or at + 2 + length > len(data):
        raise ValueError("truncated JPEG segment")
    return marker, data[at + 4 : at + 2 + length]


def parse_jpeg_header(data: bytes) -> tuple[int, int, int]:
    """Return (width, height, components) of a JPEG by walking its markers up to the first scan."""
    if len(data) < 4 or not data.startswith(START_OF_IMAGE):
        raise ValueError("not a JPEG: no start marker")
    if not data.endswith(END_OF_IMAGE):
        raise ValueError("truncated JPEG: no end marker")
    at, header = 2, None
    while True:
        if at + 4 > len(data):
            raise ValueError("truncated JPEG header")
        if data[at] == FILL and data[at + 1] in {FILL, TEMPORARY}:
            at += 1 if data[at + 1] == FILL else 2
            continue
        marker, content = segment_at(data, at)
        if marker == START_OF_SCAN:
            break
        if marker in OTHER_CODINGS:
            raise ValueError("unsupported JPEG coding")
        if marker in FRAME_HEADERS:
            if header:
                raise ValueError("broken JPEG: two frame headers")
            header = frame_header(content)
        at += 4 + len(content)
    if header is None:
        raise ValueError("broken JPEG: scan before frame header")
    return header
