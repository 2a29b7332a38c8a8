"""Runs where Ultralytics is installed, never in the server: its own predictor, asked one picture a line.

Only `ultralytics_peer` starts it. Each line that comes in is the path of a picture, each that goes out a JSON
object: milliseconds by the clock and of all processors, the longer side of the input in pixels, and boxes as [class
number, score, left, top, right, bottom].
"""

import json
import os
import sys
import time
from typing import Any, TextIO

SIZE = 640  # its default; an exported model of one size takes that


def main(weights: str, least: float) -> None:
    """Answer until the input ends; `least` is the score from which boxes are told."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what Ultralytics prints is no answer
    from ultralytics import YOLO  # noqa: PLC0415  # heavy, and prints as it loads

    model = YOLO(weights, task="detect")
    seen: set[tuple[int, ...]] = set()
    for line in sys.stdin:
        tell(model, line.rstrip("\n"), least, seen, answers)


def tell(model: Any, path: str, least: float, seen: set[tuple[int, ...]], answers: TextIO) -> None:
    """Answer for one picture; the first look at each shape, which prepares the model, is not the one that is timed."""
    import cv2  # noqa: PLC0415  # comes with Ultralytics

    picture = cv2.imread(path)
    assert picture is not None, path
    for _ in range(1 if picture.shape in seen else 2):
        clock, processors = time.perf_counter(), time.process_time()
        boxes = model.predict(picture, imgsz=SIZE, conf=least, verbose=False, device="cpu")[0].boxes
        spent = time.perf_counter() - clock, time.process_time() - processors
    seen.add(picture.shape)
    rows = zip(boxes.cls.tolist(), boxes.conf.tolist(), boxes.xyxy.tolist(), strict=True)
    times = {"ms": spent[0] * 1000, "cpu_ms": spent[1] * 1000}
    told = {"side": max(model.predictor.imgsz), "boxes": [[int(c), s, *box] for c, s, box in rows]}
    print(json.dumps(times | told), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
