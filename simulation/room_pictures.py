"""What the phone in a drawn student's room films: the same student from further away, before another wall."""

import math

import cv2
import numpy as np

from simulation.drawing import Pixels, draw_room
from simulation.pictures import DARK, HEIGHT, WIDTH, Grain, Scene, encode, lay, sprite

OTHER_WALL = 11  # added to a student's number: the phone looks at another wall than the webcam
SIZE = 34.0  # half a face's height in pixels: from across the room
STUDENT_RIGHT, VISITOR_RIGHT = 100.0, -90.0  # pixels from the middle of the picture


class RoomCamera:
    """The phone's camera: it stands still, whatever the student does before the webcam."""

    def __init__(self, number: int) -> None:
        self._phase = number * 2.3
        self._room = draw_room(WIDTH, HEIGHT, number + OTHER_WALL)
        self._student = sprite(number, SIZE, STUDENT_RIGHT)
        self._visitor = sprite(number + 3, SIZE, VISITOR_RIGHT)
        self._grain = Grain(number + OTHER_WALL)

    def take(self, scene: Scene, moment: float) -> Pixels:
        """Return the picture (blue, green, red) at a moment; a hand on the webcam is nothing to this camera."""
        picture = self._room.copy()
        sway = 3 * math.sin(0.7 * moment + self._phase)
        if scene is not Scene.ABSENT:
            lay(picture, self._student, sway, 0.0)
        if scene is Scene.SECOND_PERSON:
            lay(picture, self._visitor, -sway, 0.0)
        if scene is Scene.DARK:
            picture = cv2.convertScaleAbs(picture, alpha=DARK).astype(np.uint8)
        return self._grain.over(picture)

    def jpeg(self, scene: Scene, moment: float, width: int = 480, quality: float = 0.6) -> bytes:
        """Return the same as a JPEG of this width, its height in proportion, its quality from 0 to 1."""
        size = width, width * HEIGHT // WIDTH
        small = cv2.resize(self.take(scene, moment), size, interpolation=cv2.INTER_AREA)
        return encode(small.astype(np.uint8), quality)
