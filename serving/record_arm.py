"""`app.py record-arm`: one phone, one label, one person; the recordings are what `train_arm --data` reads."""

import argparse
import logging
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from core.clock import SystemClock
from core.event_log import EventLog
from detection.sensing.arm.labels import FAMILIES
from detection.sensing.arm.recording_writer import Plan, RecordingWriter, WriterError
from serving.addresses import host_names, lan_addresses, qr_of
from serving.listen import open_socket
from serving.record_pages import recorder_app
from settings import Settings
from transport.connections import connections_for
from transport.threads.server import serve as serve_threads


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--label", required=True, help=f"what is done: {', '.join(FAMILIES)}")
    parser.add_argument("--person", required=True, help="whose arm: a code such as p07, never a name")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the recordings")
    parser.add_argument(
        "--axis", default="y", help="axis of the phone along the forearm (y: its upper edge to the hand)"
    )
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on")  # noqa: S104 - phones are elsewhere
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")


def record(settings: Settings, given: argparse.Namespace, on_ready: Callable[[str], None] | None = None) -> int:
    """Serve the recording page over HTTPS until stopped; 1 where nothing can be recorded so."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    plan = Plan(given.label, given.person, given.axis)
    try:
        writer = RecordingWriter(given.out, plan)
        recovered, left = writer.recover()
        listener = open_socket(settings)
    except (WriterError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for name in recovered:
        print(f"kept {name}, which an earlier run had not finished")
    for name in left:
        print(f"left {name}: too short to be of use")
    token = secrets.token_urlsafe(9)
    places = connections_for(0, SystemClock(), EventLog(logging.getLogger(__name__)))
    # Imported where it is needed: making certificates loads a large library, which a plain start does without.
    from serving.tls import certificate  # noqa: PLC0415

    held = certificate(settings.data_dir / "tls", host_names(), ["127.0.0.1", *lan_addresses()])
    print(_announced(settings.host, listener.getsockname()[1], token), flush=True)
    if on_ready is not None:
        on_ready(f"https://127.0.0.1:{listener.getsockname()[1]}/{token}/")
    try:
        serve_threads(recorder_app(writer, plan, token), listener, held, places)
    except KeyboardInterrupt:
        pass
    finally:
        writer.end()
    print(f"{len(writer.kept)} recordings of {plan.label} by {plan.person} in {given.out}")
    return 0


def _announced(host: str, port: int, token: str) -> str:
    everywhere = host in ("0.0.0.0", "::", "")  # noqa: S104 - compared, not bound
    addresses = (lan_addresses() if everywhere else [host]) or ["127.0.0.1"]
    links = [f"https://{address}:{port}/{token}/" for address in addresses]
    told = ["Open this page on the phone, strap it on with its upper edge to the hand, and press Start:"]
    return "\n".join([*told, *(f"  {link}" for link in links), qr_of(links[0]), "Ctrl+C ends it."])
