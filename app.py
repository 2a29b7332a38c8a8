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
import importlib
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from flask import Flask
from flask_socketio import SocketIO
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import accounts.pages
import notify.pages.notifications
import notify.pages.webhooks
from accounts.languages import init_babel
from accounts.sessions import init_login
from core.clock import Clock, SystemClock
from core.ports import Monitor
from detection.models import cli
from detection.models.export_yolo import Order
from detection.models.shelf import ModelShelf
from detection.tools import analyse_cli
from jobs.kinds import KINDS
from rooms.pages import PAGES
from rooms.protocol import wire_json
from serving import logs, record_arm
from serving.blocking import run_blocking_for
from serving.composition import compose
from serving.error_pages import init_error_pages
from serving.foundations import foundations
from serving.headers import init_headers
from serving.private import keep_private
from serving.run import serve
from store.database.opening import DatabaseUnusable
from transport.client_rooms import ClientRooms

MOST_UPLOAD_BYTES = 21 * 1024**2
MOST_EVENT_BYTES = 300 * 1024
"""A little more than one frame: what is larger never reaches a handler."""
PING_INTERVAL_S, PING_TIMEOUT_S = 5, 6
"""A cable that is pulled shows within eleven seconds."""


def create_app(settings: Settings, clock: Clock | None = None, monitor: Monitor | None = None) -> Flask:
    """Build the application; nothing runs until `services.housekeeping.start()`."""
    app = Flask("examonitor", root_path=str(REPOSITORY))
    app.config.update(
        SECRET_KEY=settings.secret(),
        MAX_CONTENT_LENGTH=MOST_UPLOAD_BYTES,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    socketio = _socketio(app, settings)
    services = compose(foundations(socketio, settings, clock or SystemClock(), monitor))
    for channel in services.channels:
        socketio.server.register_namespace(channel)
    app.extensions["exam"] = services
    app.extensions["job_labels"] = {name: kind.label for name, kind in KINDS.items()}
    _register_pages(app)
    init_headers(app, own_certificate=settings.tls)
    return app


def _socketio(app: Flask, settings: Settings) -> SocketIO:
    return SocketIO(
        app,
        async_mode=settings.async_mode,
        client_manager=ClientRooms(),
        async_handlers=False,
        transports=["websocket"],
        max_http_buffer_size=MOST_EVENT_BYTES,
        ping_interval=PING_INTERVAL_S,
        ping_timeout=PING_TIMEOUT_S,
        http_compression=False,
        manage_session=False,
        json=wire_json,
    )


def _register_pages(app: Flask) -> None:
    CSRFProtect(app)
    init_login(app, run_blocking_for(app.extensions["exam"].settings.async_mode))
    init_babel(app)
    app.register_blueprint(accounts.pages.blueprint)
    app.register_blueprint(notify.pages.notifications.blueprint)
    app.register_blueprint(notify.pages.webhooks.blueprint)
    for name in PAGES:
        app.register_blueprint(importlib.import_module(f"rooms.pages.{name}").blueprint)
    init_error_pages(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of the command line and return its exit status."""
    given = _parser().parse_args(arguments)
    try:
        settings = load_settings(**{name: vars(given).get(name) for name in ("host", "port", "tls", "data_dir")})
        return COMMANDS[given.command or "run"](settings, given)
    except SettingsError as error:
        print(f"Settings: {error}", file=sys.stderr)
    except DatabaseUnusable as error:
        print(f"Database: {error}", file=sys.stderr)
    return 2


def run_command(settings: Settings, _given: argparse.Namespace) -> int:
    """Serve until stopped."""
    keep_private(settings)
    logs.configure_logs(settings.log_file)
    return serve(create_app(settings), settings)


def shelf_of(settings: Settings) -> ModelShelf:
    """Return where model files are, and what runs them, by the settings."""
    return ModelShelf(
        settings.model_cache(),
        settings.model_folders(),
        face_runtime=settings.face_runtime,
        learned=settings.learned(),
    )


def models_command(settings: Settings, given: argparse.Namespace) -> int:
    """List the model files, fetch those that are missing, or make one from its weights."""
    shelf = shelf_of(settings)
    if given.action == "export":
        return cli.export(shelf, Order(given.weights, given.size, int8=not given.fp32))
    if given.action == "fetch":
        return cli.fetch_all(shelf, names=given.what)
    return cli.print_status(shelf)


def demo_command(settings: Settings, _given: argparse.Namespace) -> int:
    """Serve a room of simulated students, with a teacher signed in, until stopped."""
    from simulation.demo import run_demo  # noqa: PLC0415 - no ordinary start has to know simulated people

    keep_private(settings)
    return run_demo(settings, create_app)


def capacity_command(settings: Settings, given: argparse.Namespace) -> int:
    """Find out how many students this machine carries; a process of its own, because it draws pictures."""
    options = ["--workers", str(settings.workers), *(["--json"] if given.json else [])]
    command = [sys.executable, "-m", "bench.capacity", *options]
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode


def analyse_command(settings: Settings, given: argparse.Namespace) -> int:
    """Look at files as the live pipeline does."""
    return analyse_cli.run_analyse(shelf_of(settings), given)


def learn_command(settings: Settings, given: argparse.Namespace) -> int:
    """Learn from what teachers called right and wrong, or forget it."""
    from evaluation.shared_phones import shared_phones  # noqa: PLC0415 - no ordinary start reads labelled pictures
    from serving import learn_phones  # noqa: PLC0415 - nor knows how to learn

    keep_private(settings)
    if given.forget:
        return learn_phones.forget(settings)
    return learn_phones.learn(settings, shelf_of(settings), given, shared_phones)


def record_arm_command(settings: Settings, given: argparse.Namespace) -> int:
    """Record labelled movements of a phone, to train the arm's model with."""
    keep_private(settings)
    return record_arm.record(settings, given)


def jobs_command(settings: Settings, _given: argparse.Namespace) -> int:
    """Do jobs until stopped: mail, webhooks, reports."""
    from serving.jobs.run import run_jobs  # noqa: PLC0415 - the server itself starts another process for them

    keep_private(settings)
    # the server writes its own log, and a file that rotates can have one writer
    logs.configure_logs(settings.log_file.with_name("jobs.log"))
    return run_jobs(settings)


def replay_command(settings: Settings, given: argparse.Namespace) -> int:
    """Feed videos through the rules as well."""
    return analyse_cli.run_replay(shelf_of(settings), given)


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
    capacity = commands.add_parser("capacity", help="find out how many students this machine carries (5 to 10 minutes)")
    capacity.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    _add_models_options(commands.add_parser("models", help="list the model files and what each missing one costs"))
    analyse_cli.add_commands(commands)
    _add_learn_options(commands.add_parser("learn", help="learn to detect phones better from teachers' verdicts"))
    jobs = commands.add_parser("jobs", help="do jobs (mail, webhooks, reports) by itself; see EXAM_JOBS")
    jobs.add_argument("--data-dir", type=Path, default=argparse.SUPPRESS, help="folder of database, evidence and keys")
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
        help="fetch: get what is missing, or what is named; export: make the model that looks for phones",
    )
    models.add_argument("what", nargs="*", help="for fetch: names of models, such as vosk-en; for export: yolo")
    models.add_argument("--weights", default=Order.weights, help="for export: a name that Ultralytics knows, or a file")
    models.add_argument("--size", type=int, default=Order.size, help="for export: side of the pictures in pixels")
    models.add_argument(
        "--fp32", action="store_true", help="for export: leave the numbers as they are, slower than INT8"
    )


def _add_learn_options(learn: argparse.ArgumentParser) -> None:
    learn.add_argument("--phones", action="store_true", required=True, help="what is learned; the only choice yet")
    learn.add_argument("--yes", action="store_true", help="write it without asking, unless it turned out worse")
    learn.add_argument("--forget", action="store_true", help="remove what was learned before")
    learn.add_argument("--data-dir", type=Path, default=argparse.SUPPRESS, help="folder of database, evidence and keys")


Command = Callable[[Settings, argparse.Namespace], int]
COMMANDS: Mapping[str, Command] = {
    "run": run_command,
    "demo": demo_command,
    "capacity": capacity_command,
    "models": models_command,
    "analyse": analyse_command,
    "replay": replay_command,
    "learn": learn_command,
    "jobs": jobs_command,
    "record-arm": record_arm_command,
}


if __name__ == "__main__":
    sys.exit(main())
