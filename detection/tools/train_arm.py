"""`python -m detection.tools.train_arm`: make the arm's model from labelled recordings, and say how right it is.

--data DIR      recordings with a labels.csv, as `app.py record-arm` writes them; several times for several
                folders (../shared/media/arm beside the checkout)
--evaluate      leave one person out after the other and print how right the others' models are
--out FILE      write the model; without it (and with --evaluate) none is written
--json          print one JSON object as the last line
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from detection.sensing.arm.model import ModelError, load, save
from detection.sensing.arm.recordings import Labelled, RecordingError, labelled, read_folder
from detection.sensing.arm.report import Report, report_of, told
from detection.sensing.arm.training import evaluate, people, train

SHARED = Path(__file__).resolve().parent.parents[2] / "shared" / "media" / "arm"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 when the recordings cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m detection.tools.train_arm", description="Make the arm's model.")
    parser.add_argument("--data", type=Path, action="append", metavar="DIR", help=f"recordings ({SHARED})")
    parser.add_argument("--evaluate", action="store_true", help="say how right it is on people it never met")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the model goes")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    given = parser.parse_args(arguments)
    if not given.evaluate and given.out is None:
        parser.error("nothing to do: give --evaluate, --out FILE, or both")
    folders = given.data or [SHARED]
    try:
        recordings = [one for folder in folders for one in read_folder(folder)]
        data = labelled(recordings)
        report = report_of(data, evaluate(data)) if given.evaluate else None
        line = _summary(data, report)
        if report is not None:
            print(told(report))
        if given.out is not None:
            save(train(data, _note(data)), given.out)
            line |= {"model": str(given.out), "points": len(load(given.out).points)}
            print(f"{given.out}: {line['points']} points")
    except (RecordingError, ModelError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(line))
    return 0


def _summary(data: Labelled, report: Report | None) -> dict[str, object]:
    line: dict[str, object] = {"windows": len(data.truth), "people": len(people(data.person))}
    return line | (report.as_json() if report else {})


def _note(data: Labelled) -> str:
    labels = ", ".join(sorted({str(label) for label in data.label}))
    return f"Means of {len(data.truth)} windows of {len(people(data.person))} people: {labels}."


if __name__ == "__main__":
    sys.exit(main())
