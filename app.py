"""Examonitor's front door: create_app builds and registers everything, main is the command line."""

import sys

from settings import REPOSITORY, Settings, SettingsError, load_settings, setting_names

SERVING = frozenset({"run", "demo"})

if __name__ == "__main__":
    from serving.green import patch_for, silence_notice

    silence_notice()
    if not sys.argv[1:] or sys.argv[1] in SERVING or sys.argv[1].startswith("-"):
        # Before anything else is imported, so that no module keeps a blocking socket, lock or sleep; and only where
        # this file is the program and serves, so that tests and other commands stay as they are.
        patch_for(sys.argv)

import argparse
import logging
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import SystemRandom

from flask import Flask
from flask_socketio import SocketIO
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import accounts.pages
import rooms.live_pages
import rooms.pages
import rooms.phone_pages
import rooms.photo_pages
import rooms.student_pages
from accounts.languages import init_babel
from accounts.sessions import init_login
from core.clock import Clock, SystemClock
from core.ports import AlertSink, Monitor
from core.types import RuleSettings
from detection import analyse_cli, engines, models_cli
from detection.attention import Attention
from detection.baseline import measure_baseline
from detection.detectors import DETECTORS
from detection.export_yolo import Order
from detection.frameops import parse_jpeg_header
from detection.judge import Judge
from detection.markers import CODES, cells
from detection.models import ModelShelf
from detection.null_monitor import NullMonitor
from detection.presets import PRESETS, preset_rules
from detection.rules import DEFAULTS, hint_for
from detection.runtime import Runtime
from detection.sensing.arm_reference import measure_arm
from detection.sensing.engine import LocalSenses
from detection.suspicion import FACTORS, HALF_LIFE, WEIGHTS, suspicion
from rooms.alert_desk import AlertDesk, FrameObserver
from rooms.arm_calibration import ArmCalibration
from rooms.attendance import Attendance
from rooms.audience import Audience
from rooms.broadcast import Broadcaster
from rooms.calibration import Calibration
from rooms.channels import PhoneChannel, StudentChannel, TeacherChannel
from rooms.conductor import Conductor
from rooms.directory import RoomDirectory
from rooms.enrolment import Enrolment
from rooms.evidence import EvidenceFolder
from rooms.exemptions import Exemptions
from rooms.frame_door import FrameDoor
from rooms.grid import GridRelay
from rooms.housekeeping import Housekeeping
from rooms.journal import Journal
from rooms.listening import Listening
from rooms.looks import Looks
from rooms.packet_guard import PacketGuard
from rooms.pairing import Pairing
from rooms.phones import Phones
from rooms.photos import Photos
from rooms.policy import DEFAULT_LIMITS, JoinGuard, Limits
from rooms.proof import Proof
from rooms.quietening import Quietening
from rooms.reading_door import ReadingDoor
from rooms.references import References
from rooms.scores import Scores
from rooms.senses import Senses
from rooms.standstill import Standstill
from rooms.tickets import Tickets
from rooms.vault import Vault
from serving import logs, record_arm
from serving.blocking import run_blocking_for
from serving.error_pages import init_error_pages
from serving.headers import secure_headers
from serving.run import serve
from store.migrate import upgrade
from store.session import Database

MOST_UPLOAD_BYTES = 21 * 1024**2
MOST_EVENT_BYTES = 300 * 1024
"""A little more than one frame: what is larger never reaches a handler."""
PING_INTERVAL_S, PING_TIMEOUT_S = 5, 6
"""A cable that is pulled shows within eleven seconds."""


@dataclass(frozen=True)
class Services:
    """Everything create_app built, for pages and for the server entry; at app.extensions["exam"]."""

    settings: Settings
    clock: Clock
    database: Database
    tickets: Tickets
    limits: Limits
    join_guard: JoinGuard
    directory: RoomDirectory
    evidence: EvidenceFolder
    journal: Journal
    monitor: Monitor
    broadcaster: Broadcaster
    relay: GridRelay
    audience: Audience
    attendance: Attendance
    phones: Phones
    pairing: Pairing
    phone_guard: JoinGuard
    """Of the codes of phones, so that whoever guesses those locks no student out."""
    conductor: Conductor
    desk: AlertDesk
    door: FrameDoor
    housekeeping: Housekeeping
    photos: Photos
    socketio: SocketIO
    default_rules: Mapping[str, RuleSettings]
    presets: Mapping[str, Mapping[str, RuleSettings]]
    suspicion_weights: Mapping[str, object]
    """What the suspicion level is made of, for pages that explain it."""


def create_app(settings: Settings, clock: Clock | None = None, monitor: Monitor | None = None) -> Flask:
    """Build the application; nothing runs until `services.housekeeping.start()`."""
    app = Flask("examonitor", root_path=str(REPOSITORY))
    app.config.update(
        SECRET_KEY=settings.secret(),
        MAX_CONTENT_LENGTH=MOST_UPLOAD_BYTES,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.tls,
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.extensions["exam"] = _build(app, settings, clock or SystemClock(), monitor)
    _register_pages(app)
    return app


def _build(app: Flask, settings: Settings, clock: Clock, monitor: Monitor | None) -> Services:
    upgrade(settings.database())
    socketio = _socketio(app, settings)
    database, directory, limits = Database(settings.database()), RoomDirectory(), DEFAULT_LIMITS
    broadcaster, journal = Broadcaster(socketio), Journal(logging.getLogger(logs.JOURNAL))
    PacketGuard(socketio.server, journal, clock)
    tickets, evidence = Tickets(settings.secret()), EvidenceFolder(settings.data_dir / "evidence")
    common, last = (database, directory, broadcaster), (journal, clock)
    relay = GridRelay(broadcaster.send_tick, socketio.start_background_task, socketio.sleep, clock)
    references = References(database, Vault(settings.secret()))
    enrolment = Enrolment(references, directory, broadcaster, *last)
    photos = Photos(references, enrolment, directory, *last, parse_jpeg_header)
    calibration = Calibration(database, directory, *last, measure_baseline)
    scores = Scores(*common, clock, Attention(), suspicion)
    proof = Proof(directory, broadcaster, clock, cells, len(CODES), SystemRandom())
    standstill = Standstill(directory)
    looks = Looks(directory, broadcaster, clock)
    observers: list[FrameObserver] = [looks, enrolment, photos, calibration, scores, proof]
    senses, listening = Senses(directory, broadcaster, clock), Listening(directory, broadcaster, journal)
    arm = ArmCalibration(database, directory, *last, measure_arm)
    desk = AlertDesk(*common, evidence, observers, *last, hint_for, [scores], [senses, arm, standstill])
    monitor = monitor or _monitor(settings, desk, clock)
    for asking in (enrolment, photos, calibration, arm):
        asking.connect(monitor)
    audience = Audience(*common, relay, desk, *last, limits)
    phones = Phones(directory, broadcaster, audience, monitor, *last, limits)
    for telling in (proof, standstill):
        telling.connect(phones.mark)
    pairing = Pairing(database, directory, phones, tickets, *last)
    attendance = Attendance(*common, audience, phones, monitor, *last, limits)
    default_rules = {str(kind): rule for kind, rule in DEFAULTS.items()}
    presets = {name: preset_rules(name) for name in PRESETS}
    conductor = Conductor(*common, audience, attendance, phones, pairing, monitor, *last, default_rules, presets)
    exemptions = Exemptions(database, attendance, broadcaster, journal)
    quietening = Quietening(database, broadcaster, conductor, journal)
    door = FrameDoor(directory, relay, monitor, clock, limits, parse_jpeg_header)
    housekeeping = Housekeeping(
        *(database, evidence, conductor, audience, (phones, proof, scores, senses, listening), monitor),
        *(*last, socketio, settings.retention_days),
    )
    judgement, takers = (exemptions, quietening, scores, senses, listening), (enrolment, calibration, arm, pairing)
    readings = ReadingDoor(directory, phones, monitor, clock, [senses, listening], [senses])
    for channel in (
        StudentChannel(tickets, attendance, door, *takers, readings, *common, *last, limits),
        TeacherChannel(tickets, audience, attendance, conductor, desk, *judgement, *common, *last, limits),
        PhoneChannel(tickets, phones, pairing, door, readings, directory, *last),
    ):
        socketio.server.register_namespace(channel)
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        tickets=tickets,
        limits=limits,
        join_guard=JoinGuard(clock, limits),
        directory=directory,
        evidence=evidence,
        journal=journal,
        monitor=monitor,
        broadcaster=broadcaster,
        relay=relay,
        audience=audience,
        attendance=attendance,
        phones=phones,
        pairing=pairing,
        phone_guard=JoinGuard(clock, limits),
        conductor=conductor,
        desk=desk,
        door=door,
        housekeeping=housekeeping,
        photos=photos,
        socketio=socketio,
        default_rules=default_rules,
        presets=presets,
        suspicion_weights={"weights": dict(WEIGHTS), "factors": dict(FACTORS), "half_life": HALF_LIFE},
    )


def _socketio(app: Flask, settings: Settings) -> SocketIO:
    return SocketIO(
        app,
        async_mode=settings.async_mode,
        async_handlers=False,
        transports=["websocket"],
        max_http_buffer_size=MOST_EVENT_BYTES,
        ping_interval=PING_INTERVAL_S,
        ping_timeout=PING_TIMEOUT_S,
        http_compression=False,
        manage_session=False,
    )


def _monitor(settings: Settings, sink: AlertSink, clock: Clock) -> Monitor:
    if not settings.detection:
        return NullMonitor()
    local = {"workers": settings.workers, "cache": settings.model_cache(), "folders": settings.model_folders()}
    options = {"redis_url": settings.redis_url} if settings.engine == "celery" else local
    engine = engines.make(settings.engine, detectors=tuple(DETECTORS), **options)
    # Readings are small and come often: each web node senses by itself, wherever its pictures are looked at.
    senses = LocalSenses(settings.model_cache(), settings.model_folders())
    return Runtime(engine, Judge(), sink, clock, senses=senses)


def _register_pages(app: Flask) -> None:
    CSRFProtect(app)
    init_login(app, run_blocking_for(app.extensions["exam"].settings.async_mode))
    init_babel(app)
    own = rooms.pages, rooms.photo_pages, rooms.live_pages, rooms.student_pages, rooms.phone_pages
    for module in (accounts.pages, *own):
        app.register_blueprint(module.blueprint)
    init_error_pages(app)
    app.after_request(secure_headers)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of the command line and return its exit status."""
    given = _parser().parse_args(arguments)
    try:
        settings = load_settings(**{name: vars(given).get(name) for name in ("host", "port", "tls", "data_dir")})
    except SettingsError as error:
        print(f"Settings: {error}", file=sys.stderr)
        return 2
    return COMMANDS[given.command or "run"](settings, given)


def run_command(settings: Settings, _given: argparse.Namespace) -> int:
    """Serve until stopped."""
    logs.configure_logs(settings.log_file)
    return serve(create_app(settings), settings)


def models_command(settings: Settings, given: argparse.Namespace) -> int:
    """List the model files, fetch those that are missing, or make one from its weights."""
    shelf = ModelShelf(settings.model_cache(), settings.model_folders())
    if given.action == "export":
        make = models_cli.export_if_possible if given.if_possible else models_cli.export
        return make(shelf, Order(given.weights, given.size, int8=not given.fp32))
    return models_cli.fetch_all(shelf) if given.action == "fetch" else models_cli.print_status(shelf)


def demo_command(settings: Settings, _given: argparse.Namespace) -> int:
    """Serve a room of simulated students, with a teacher signed in, until stopped."""
    # No ordinary start has to know simulated people.
    from bench.demo import run_demo  # noqa: PLC0415

    return run_demo(settings, create_app)


def capacity_command(_settings: Settings, given: argparse.Namespace) -> int:
    """Find out how many students this machine carries; a process of its own, because it draws pictures."""
    command = [sys.executable, "-m", "bench.capacity", *(["--json"] if given.json else [])]
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode


def analyse_command(settings: Settings, given: argparse.Namespace) -> int:
    """Look at files as the live pipeline does."""
    return analyse_cli.run_analyse(ModelShelf(settings.model_cache(), settings.model_folders()), given)


def record_arm_command(settings: Settings, given: argparse.Namespace) -> int:
    """Record labelled movements of a phone, to train the arm's model with."""
    return record_arm.record(settings, given)


def replay_command(settings: Settings, given: argparse.Namespace) -> int:
    """Feed videos through the rules as well."""
    return analyse_cli.run_replay(ModelShelf(settings.model_cache(), settings.model_folders()), given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="app.py",
        description="Examonitor: live exam monitoring on your own machine. Without a command it serves.",
        epilog="Every setting is also an environment variable: " + ", ".join(setting_names()),
    )
    _add_serving_options(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_serving_options(commands.add_parser("run", help="serve (the same as no command)"))
    _add_serving_options(commands.add_parser("demo", help="serve a room of nine simulated students"))
    capacity = commands.add_parser("capacity", help="find out how many students this machine carries (3 minutes)")
    capacity.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    _add_models_options(commands.add_parser("models", help="list the model files and what each missing one costs"))
    analyse_cli.add_commands(commands)
    record_arm.add_options(commands.add_parser("record-arm", help="record labelled movements of a phone on an arm"))
    return parser


def _add_serving_options(parser: argparse.ArgumentParser) -> None:
    # The command line without a command takes the same options as `run`, so neither may set defaults of its own.
    add = partial(parser.add_argument, default=argparse.SUPPRESS)
    add("--host", help="address to listen on; 0.0.0.0 for other machines")
    add("--port", type=int, help="port to listen on; 0 takes a free one")
    add("--tls", action="store_true", help="HTTPS with a certificate of our own")
    add("--data-dir", type=Path, help="folder of database, evidence and keys")


def _add_models_options(models: argparse.ArgumentParser) -> None:
    models.add_argument(
        "action",
        nargs="?",
        choices=["list", "fetch", "export"],
        default="list",
        help="fetch: get what is missing; export: make the model that looks for phones from Ultralytics' weights",
    )
    models.add_argument("what", nargs="?", choices=["yolo"], default="yolo", help="what to export")
    models.add_argument("--weights", default=Order.weights, help="for export: a name that Ultralytics knows, or a file")
    models.add_argument("--size", type=int, default=Order.size, help="for export: side of the pictures in pixels")
    models.add_argument(
        "--if-possible", action="store_true", help="for export: only where it is needed and the weights can be reached"
    )
    models.add_argument(
        "--fp32", action="store_true", help="for export: leave the numbers as they are, slower than INT8"
    )


Command = Callable[[Settings, argparse.Namespace], int]
COMMANDS: Mapping[str, Command] = {
    "run": run_command,
    "demo": demo_command,
    "capacity": capacity_command,
    "models": models_command,
    "analyse": analyse_command,
    "replay": replay_command,
    "record-arm": record_arm_command,
}


if __name__ == "__main__":
    sys.exit(main())
