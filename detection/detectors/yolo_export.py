"""Runs in the export's own environment, never in the server's: Ultralytics turns its weights into an OpenVINO model.

Only `detection.models.export_yolo` starts it, as a script; what it has to say stands in a file of JSON in the end.
"""

import argparse
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

CALIBRATION = "coco128.yaml"  # 128 pictures, 7 MB: enough to find the ranges of INT8; the usual 8 are not


def main() -> int:
    """Export, and write {"folder", "names", "precision"} or {"error"} to the result file."""
    options = argparse.ArgumentParser()
    options.add_argument("weights")
    options.add_argument("--size", type=int, required=True)
    options.add_argument("--int8", action="store_true")
    options.add_argument("--result", type=Path, required=True)
    given = options.parse_args()
    try:
        result = export(given.weights, given.size, given.int8)
    except (Exception, SystemExit) as error:  # whatever Ultralytics raises: the one who waits wants a sentence
        traceback.print_exc()
        result = {"error": f"{type(error).__name__}: {error}"}
    given.result.write_text(json.dumps(result), encoding="utf-8")
    return 1 if "error" in result else 0


def export(weights: str, size: int, int8: bool) -> dict[str, Any]:
    """Return where the OpenVINO model is, its classes, and its precision; FP32 where INT8 cannot be made."""
    # Ultralytics keeps settings in the user's home otherwise, and installs what it misses without asking.
    os.environ.update(YOLO_CONFIG_DIR=os.getcwd(), YOLO_AUTOINSTALL="false")
    from ultralytics import YOLO  # noqa: PLC0415  # heavy, and missing is an answer too

    model = YOLO(weights)  # downloads weights that it knows by name
    precision = "int8" if int8 else "fp32"
    settings: dict[str, Any] = {"format": "openvino", "imgsz": size, "dynamic": True}
    try:
        folder = model.export(**settings, **({"int8": True, "data": CALIBRATION} if int8 else {}))
    except Exception as error:
        if not int8:
            raise
        print(f"INT8 could not be made ({error}); going on with FP32", file=sys.stderr)
        model, precision = YOLO(weights), "fp32"
        folder = model.export(**settings)
    names = {int(number): str(label) for number, label in model.names.items()}
    return {"folder": str(Path(folder).resolve()), "names": names, "precision": precision}


if __name__ == "__main__":
    sys.exit(main())
