"""Fake webcams: MJPEG files that Chromium plays in a loop as its camera."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance
from skimage import data

from tests.media import folder

SIZE = (640, 480)
FRAMES = 45
CLIPS = {
    "one_face": "clips_p001.mp4",
    "another_face": "clips_p003.mp4",
    "looks_away": "clips_p002.mp4",
    "several": "clips_p007.mp4",
}
NAMES = (*CLIPS, "nobody", "dark")
STAGED = {
    "phone": ("phone/phone_p027.jpg",),
    "turned": ("headpose/headpose_p002.jpg",),
    "comes_and_goes": ("clips/clips_p005.mp4", "clips/clips_p005.mp4"),
}
"""Cameras made of shared media alone: a still that moves a little, or a person who comes and goes."""
GONE_FRAMES = 75
CLOSER = "crop=iw/2:ih/2:iw/4:ih/12"
"""A face must fill some of a small picture before it is compared with another."""


def make_camera(name: str, into: Path, environ: dict[str, str]) -> Path:
    """Return the MJPEG file of a fake camera, made when it is asked for first."""
    made = into / f"{name}.mjpeg"
    clip = folder("media", environ) / "clips" / CLIPS.get(name, "-")
    if made.exists():
        return made
    if name in STAGED:
        made.write_bytes(b"".join(_staged(folder("media", environ), STAGED[name])))
        return made
    if clip.is_file() and shutil.which("ffmpeg"):
        command = ["ffmpeg", "-v", "error", "-y", "-i", str(clip), "-an", "-c:v", "mjpeg", "-q:v", "5", str(made)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    else:
        made.write_bytes(b"".join(_jpeg(_moved(_still(name), step)) for step in range(FRAMES)))
    return made


def _staged(media: Path, files: tuple[str, ...]) -> Iterator[bytes]:
    """A still that moves, or, for two files, what they show with an empty chair before each."""
    if len(files) == 1:
        still = _frames(media / files[0])[0]
        yield from (_jpeg(_moved(still, step)) for step in range(3 * FRAMES))
        return
    for at, file in enumerate(files):
        nobody = _still("nobody")
        yield from (_jpeg(_moved(nobody, at * GONE_FRAMES + step)) for step in range(GONE_FRAMES))
        yield from (_jpeg(frame) for frame in _frames(media / file, CLOSER)[: 3 * FRAMES])


def _frames(file: Path, before: str = "null") -> list[Image.Image]:
    """All pictures of a clip, or the one of a picture, at the camera's size; `before` is a filter of ffmpeg."""
    size = f"{SIZE[0]}:{SIZE[1]}"
    fit = f"{before},scale={size}:force_original_aspect_ratio=decrease,pad={size}:-1:-1"
    command = ["ffmpeg", "-v", "error", "-i", str(file), "-an", "-vf", fit, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout
    pixels = np.frombuffer(raw, dtype=np.uint8).reshape(-1, SIZE[1], SIZE[0], 3)
    return [Image.fromarray(one) for one in pixels]


def _still(name: str) -> Image.Image:
    """A picture that every installation has: an astronaut, three of her, a cup of coffee, the dark."""
    astronaut = Image.fromarray(data.astronaut()).crop((80, 0, 400, 240))
    if name == "nobody":
        return Image.fromarray(data.coffee()).resize(SIZE)
    if name == "several":
        picture = Image.new("RGB", SIZE, "gray")
        for left in (0, 320):
            picture.paste(astronaut.resize((320, 240)), (left, 120))
        return picture
    picture = astronaut.resize(SIZE)
    return ImageEnhance.Brightness(picture).enhance(0.03) if name == "dark" else picture


def _moved(picture: Image.Image, step: int) -> Image.Image:
    """The picture as a living camera gives it: a little aside and with noise, never twice the same."""
    random = np.random.default_rng(step)
    shifted = np.roll(np.asarray(picture, dtype=np.int16), round(3 * np.sin(step / 7)), axis=1)
    noisy = shifted + random.integers(-3, 4, shifted.shape)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
