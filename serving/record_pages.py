"""The page of `app.py record-arm`: a phone's browser gives its movement, labelled, to train the arm's model with."""

import logging
from datetime import UTC, datetime

import numpy as np
from flask import Blueprint, Flask, current_app, render_template, request

from accounts.languages import init_babel
from detection.sensing.arm.recording_writer import Plan, RecordingWriter, WriterError
from serving.headers import secure_headers
from settings import REPOSITORY

MOST_BATCH = 64 * 1024
Answer = tuple[dict[str, object], int] | dict[str, object]

logger = logging.getLogger(__name__)


def recorder_app(writer: RecordingWriter, plan: Plan, token: str) -> Flask:
    """Return the small application; whoever does not know the token in its address finds nothing."""
    app = Flask("examonitor-recorder", root_path=str(REPOSITORY))
    app.config["MAX_CONTENT_LENGTH"] = MOST_BATCH
    app.extensions["recorder"] = writer, plan
    init_babel(app)
    app.register_blueprint(_blueprint(), url_prefix=f"/{token}")
    app.after_request(secure_headers)
    return app


def _blueprint() -> Blueprint:
    blueprint = Blueprint("record", __name__)
    blueprint.add_url_rule("/", "page", show_page)
    blueprint.add_url_rule("/begin", "begin", begin, methods=["POST"])
    blueprint.add_url_rule("/readings/<name>", "readings", take, methods=["POST"])
    blueprint.add_url_rule("/end", "end", end, methods=["POST"])
    return blueprint


def show_page() -> str:
    """Show what is recorded, and a button."""
    _, plan = _recorder()
    return render_template("phone/record.html", plan=plan)


def begin() -> Answer:
    """Begin a recording and return its name."""
    writer, _ = _recorder()
    name = writer.begin(datetime.now(UTC))
    logger.info("recording %s", name)
    return {"name": name}


def take(name: str) -> Answer:
    """Take a batch: readings as a phone sends them, its begin in milliseconds of the phone's clock in `at`."""
    writer, _ = _recorder()
    try:
        at = float(request.args.get("at", "")) / 1000.0
        rows, seconds = writer.add(name, at, _in_seconds(request.get_data()))
    except WriterError as error:
        return {"error": str(error)}, 409
    except ValueError:
        return {"error": "these readings cannot be used"}, 400
    return {"rows": rows, "seconds": seconds}


def end() -> Answer:
    """End the recording and say whether it was kept."""
    writer, _ = _recorder()
    kept = writer.end()
    logger.info("kept %s", kept or "nothing: too short")
    return {"kept": kept, "recordings": len(writer.kept)}


def _recorder() -> tuple[RecordingWriter, Plan]:
    found: tuple[RecordingWriter, Plan] = current_app.extensions["recorder"]
    return found


def _in_seconds(data: bytes) -> bytes:
    """Return a batch whose rows begin with milliseconds, as phones send them, as one whose rows begin with seconds."""
    if not data or len(data) % 16:
        raise ValueError("no whole rows")
    rows = np.frombuffer(data, dtype="<f4").reshape(-1, 4) * np.array([1e-3, 1, 1, 1], dtype="<f4")
    return rows.astype("<f4").tobytes()
