"""Picture and video files made of pictures."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tests.detection.pictures import Pixels, jpeg


def picture_file(path: Path, rgb: Pixels) -> Path:
    """The picture as a file of the kind that its suffix says."""
    assert cv2.imwrite(str(path), rgb[..., ::-1])
    return path


def video_file(path: Path, shown: Sequence[Pixels], rate: int = 10) -> Path:
    """The pictures, all of one size, as Motion JPEG; OpenCV writes this kind without further programs."""
    height, width = shown[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), rate, (width, height))
    assert writer.isOpened()
    for rgb in shown:
        writer.write(np.ascontiguousarray(rgb[..., ::-1]))
    writer.release()
    return path


def exif_jpeg(rgb: Pixels, orientation: int) -> bytes:
    """The picture as a phone writes it: stored as the sensor gives it, with a note which way round it is shown."""
    note = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0) + bytes(4)
    plain = jpeg(rgb, rgb.shape[1], 90)
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note + plain[2:]
