"""Runs the built application until it is told to stop."""

import logging
import signal
from collections.abc import Callable

from flask import Flask

from rooms.pages.services import Services
from serving.addresses import announcement, host_names, lan_addresses
from serving.jobs.process import JobsProcess
from serving.listen import open_socket, server_of
from serving.logs import EVENT_LOG
from settings import Settings
from transport.accept_errors import Certificate
from transport.connections import connections_for
from transport.websocket_seam import install


def serve(app: Flask, settings: Settings, on_ready: Callable[[int], object] | None = None) -> int:
    """Listen, start what watches, serve; returns the exit status once stopped by a signal."""
    services: Services = app.extensions["exam"]
    event_log = services.event_log
    try:
        listener = open_socket(settings)
    except OSError as error:
        logging.getLogger(EVENT_LOG).error("cannot listen on %s port %d: %s", settings.host, settings.port, error)
        return 1
    app.extensions["websocket_seam"] = install(logging.getLogger(EVENT_LOG), async_mode=settings.async_mode)
    connections = connections_for(settings.proxies, services.clock, event_log)
    app.extensions["connections"] = connections
    port, held = listener.getsockname()[1], _certificate(settings)
    jobs = app.extensions["jobs"] = JobsProcess(settings) if settings.jobs else None
    server = server_of(settings.async_mode)
    # before anybody is told that we listen: who was told may stop us at once
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, server.stopper())
    try:
        services.housekeeping.start()
        if jobs is not None:
            jobs.start()
        event_log.note("server-start", address=f"{settings.host}:{port}", mode=settings.async_mode, tls=settings.tls)
        print(announcement(settings.host, port, settings.tls), flush=True)
        if on_ready is not None:
            on_ready(port)
        server.serve(app, listener, held, connections)
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        if jobs is not None:
            jobs.stop()
        services.housekeeping.stop()
        if jobs is not None:
            jobs.join()
        event_log.note("server-stop")
    return 0


def _certificate(settings: Settings) -> Certificate:
    if not settings.tls:
        return None
    # Imported where it is needed: making certificates loads a large library, which a plain start does without.
    from serving.tls import certificate  # noqa: PLC0415

    return certificate(settings.data_dir / "tls", host_names(), ["127.0.0.1", *lan_addresses()])
