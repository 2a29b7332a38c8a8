"""Guards the design: who imports whom, where state lives, how long things get; proves each check."""

from __future__ import annotations

import textwrap
from dataclasses import fields

import pytest

from rooms.live.participant import Participant, Phone, Student
from tests.house import architecture, class_sizes, transport_rules
from tests.house.architecture import Check, Source
from tests.house.project_files import sources
from tests.rooms import component_owners

PYTHON_CHECKS = (
    *architecture.PYTHON_CHECKS,
    *class_sizes.CLASS_CHECKS,
    *component_owners.PYTHON_CHECKS,
    *transport_rules.PYTHON_CHECKS,
)


def problems(check: Check, endings: tuple[str, ...] = ("",)) -> list[str]:
    return [problem for source in sources() if source.path.endswith(endings) for problem in check(source)]


@pytest.mark.parametrize("check", PYTHON_CHECKS, ids=lambda check: check.__name__)
def test_python_files_keep_the_rules(check: Check) -> None:
    assert problems(check, (".py",)) == []


@pytest.mark.parametrize("check", architecture.JS_CHECKS, ids=lambda check: check.__name__)
def test_js_files_keep_the_rules(check: Check) -> None:
    assert problems(check, (".js",)) == []


@pytest.mark.parametrize("check", architecture.TEXT_CHECKS, ids=lambda check: check.__name__)
def test_all_files_keep_the_rules(check: Check) -> None:
    assert problems(check) == []


def test_folders_stay_small() -> None:
    assert architecture.large_folders(source.path for source in sources()) == []


def test_a_large_folder_is_noticed() -> None:
    files = [f"rooms/live/file_{number}.py" for number in range(architecture.FOLDER_FILES + 1)]
    assert architecture.large_folders(files) == ["rooms/live: 16 files"]
    assert architecture.large_folders(files[1:]) == []


def test_listed_large_folders_are_large_and_say_why() -> None:
    paths = [source.path for source in sources()]
    for folder, reason in architecture.LARGE_FOLDERS.items():
        assert reason
        assert sum(path.rpartition("/")[0] == folder for path in paths) > architecture.FOLDER_FILES


def test_listed_large_classes_are_large_and_say_why() -> None:
    many = {
        f"{source.path}:{node.name}"
        for source in sources()
        if source.path.endswith(".py")
        for node, methods in class_sizes.classes_of(source)
        if len(methods) > class_sizes.CLASS_METHODS
    }
    assert many == class_sizes.LARGE_CLASSES.keys()
    assert all(class_sizes.LARGE_CLASSES.values())


def test_every_field_of_a_participant_is_a_component_with_a_writer_or_says_who_it_is() -> None:
    declared = {field.name for kind in (Participant, Student, Phone) for field in fields(kind)}
    assert declared == component_owners.COMPONENTS.keys() | component_owners.IDENTITY
    by_path = {source.path: source for source in sources()}
    for name, (_kind, owner) in component_owners.COMPONENTS.items():
        assert name in {written for _line, written in component_owners.writes_in(by_path[owner].tree)}, owner


# ------------------------------------------------------------------------------------ every check can fail

METHODS = [f"    def m{number}(self): ..." for number in range(class_sizes.CLASS_METHODS + 1)]
LARGE_CLASS, CLASS_AT_THE_LIMIT = ("class Desk:\n" + "\n".join(some) for some in (METHODS, METHODS[1:]))
NAMES = [f"a{number}" for number in range(class_sizes.CONSTRUCTOR_ARGUMENTS + 1)]
LONG_CONSTRUCTOR = f"class Desk:\n    def __init__(self, {', '.join(NAMES)}): ..."
KEYWORD_CONSTRUCTOR = f"class Desk:\n    def __init__(self, *, {', '.join(NAMES)}): ..."
FULL_CONSTRUCTOR = f"class Desk:\n    def __init__(self, {', '.join(NAMES[1:])}): ..."
LONG_FUNCTION = "def f() -> None:\n" + "    pass\n" * architecture.FUNCTION_LINES
BAD = [
    (architecture.arrows, "detection/runtime/judge.py", "from rooms.room import Room"),
    (architecture.arrows, "store/users.py", "import accounts"),
    (architecture.arrows, "rooms/setup/room_records.py", "def f():\n    import detection.runtime.runtime"),
    (architecture.arrows, "accounts/rights.py", "from settings import Settings"),
    (architecture.arrows, "rooms/setup/room_records.py", "from serving.tls import certificate"),
    (architecture.folder_arrows, "rooms/setup/room_form.py", "from rooms.live.picture_relay import GridRelay"),
    (architecture.folder_arrows, "detection/sensing/base.py", "def f():\n    import detection.sensing.arm.model"),
    (architecture.core_is_standard, "core/types.py", "import numpy as np"),
    (architecture.web_at_the_edge, "rooms/setup/room_records.py", "from flask import request"),
    (architecture.web_at_the_edge, "store/users.py", "from flask_login import UserMixin"),
    (architecture.compiled_at_the_seam, "detection/frames/decode.py", "import cy_frame"),
    (architecture.models_in_detectors, "detection/runtime/runtime.py", "import cv2"),
    (architecture.models_in_detectors, "app.py", "from mediapipe.tasks import python"),
    (transport_rules.privates_in_transport, "serving/listen.py", "import eventlet.wsgi"),
    (transport_rules.privates_in_transport, "serving/blocking.py", "from eventlet import hubs"),
    (transport_rules.privates_in_transport, "rooms/live/broadcaster.py", "from engineio.packet import Packet"),
    (transport_rules.privates_in_transport, "app.py", "def f():\n    import simple_websocket"),
    (transport_rules.privates_in_transport, "transport/protocol.py", "from eventlet import sleep"),
    (transport_rules.privates_in_transport, "transport/threads/wire.py", "import eventlet"),
    (transport_rules.core_is_io_free, "transport/protocol.py", "import socket"),
    (transport_rules.core_is_io_free, "transport/handshake.py", "from time import monotonic"),
    (transport_rules.core_is_io_free, "transport/fast_path.py", "from engineio.packet import Packet"),
    (transport_rules.core_is_io_free, "transport/protocol.py", "from transport.wire import Wire"),
    (component_owners.one_writer, "rooms/intake/frame_ingest.py", "participant.picture.faces = 2"),
    (component_owners.one_writer, "rooms/intake/frame_ingest.py", "room.students[one].identity.doubts += 1"),
    (component_owners.one_writer, "rooms/alerts/scores.py", "participant.baseline = None"),
    (component_owners.one_writer, "rooms/participants/phones.py", "phone.uplink.sequences.clear()"),
    (component_owners.one_writer, "rooms/participants/phones.py", "a, phone.health.told['camera'] = 1, 'on'"),
    (component_owners.one_writer, "rooms/live/views.py", "def f(seen: PictureSeen | None):\n    seen.state = 'ok'"),
    (component_owners.one_writer, "rooms/live/views.py", "known = participant.surroundings\nknown.lux = 3.0"),
    (component_owners.one_writer, "rooms/live/views.py", "if (known := phone.presence):\n    del known.sid"),
    (component_owners.one_writer, "rooms/live/views.py", "setattr(participant.browser, 'page', 'hidden')"),
    (component_owners.one_writer, "rooms/live/components.py", "class Handling:\n    def f(self):\n        self.at = 1"),
    (architecture.rooms_are_the_addresses, "rooms/channels/base.py", "self.server.emit('chat', {}, to=sid)"),
    (architecture.rooms_are_the_addresses, "rooms/pages/live.py", "from flask_socketio import emit\nemit('chat', {})"),
    (architecture.rooms_are_the_addresses, "rooms/channels/base.py", "self.enter_room(sid, 'r1')"),
    (architecture.environment_in_settings, "rooms/setup/room_records.py", "import os\nx = os.environ.get('A')"),
    (architecture.environment_in_settings, "app.py", "from os import getenv"),
    (architecture.no_module_state, "rooms/setup/room_records.py", "rooms = {}"),
    (architecture.no_module_state, "rooms/setup/room_records.py", "rooms: dict[str, int] = dict[str, int]()"),
    (architecture.no_module_state, "rooms/setup/room_records.py", "try:\n    pending = []\nexcept OSError:\n    pass"),
    (architecture.no_module_state, "app.py", "socketio = SocketIO()"),
    (architecture.no_module_state, "app.py", "LOCK = threading.Lock()"),
    (architecture.no_module_state, "app.py", "def f():\n    global x"),
    (architecture.constants_stay, "app.py", "SEEN = {}\ndef f():\n    SEEN['a'] = 1"),
    (architecture.constants_stay, "app.py", "SEEN = []\ndef f():\n    SEEN.append(1)"),
    (architecture.loud_excepts, "app.py", "try:\n    f()\nexcept Exception:\n    pass"),
    (architecture.loud_excepts, "app.py", "try:\n    f()\nexcept (OSError, BaseException) as e:\n    log.error(e)"),
    (architecture.loud_excepts, "app.py", "try:\n    f()\nexcept:\n    f()"),
    (architecture.small_functions, "app.py", LONG_FUNCTION),
    (class_sizes.small_classes, "rooms/live/desk.py", LARGE_CLASS),
    (class_sizes.small_classes, "rooms/live/desk.py", "def f():\n" + textwrap.indent(LARGE_CLASS, "    ")),
    (class_sizes.short_constructors, "rooms/live/desk.py", LONG_CONSTRUCTOR),
    (class_sizes.short_constructors, "rooms/live/desk.py", KEYWORD_CONSTRUCTOR),
    (architecture.small_files, "app.py", "x = 1\n" * (architecture.PYTHON_LINES + 1)),
    (architecture.small_files, "static/js/app.js", "f();\n" * (architecture.JS_LINES + 1)),
    (architecture.telling_names, "rooms/utils.py", ""),
    (architecture.no_registry_hosts, "Makefile", "pip install -i https://py" + "pi.org/simple"),
    (architecture.no_registry_hosts, "package-lock.json", "https://registry.npm" + "js.org/x.tgz"),
    (architecture.no_machine_paths, "Makefile", "cp /ho" + "me/anna/exam ."),
    (architecture.no_machine_paths, "docs/a.md", "see `/ro" + "ot/.cache`"),
]


@pytest.mark.parametrize(("check", "path", "text"), BAD)
def test_a_check_finds_what_it_is_for(check: Check, path: str, text: str) -> None:
    assert check(Source(path, text)) != []


GOOD = [
    (
        architecture.arrows,
        "rooms/setup/room_records.py",
        "from core.types import Frame\nfrom . import chat\nimport store.rooms",
    ),
    (architecture.arrows, "app.py", "import rooms, detection, settings"),
    (
        architecture.folder_arrows,
        "rooms/live/picture_relay.py",
        "from rooms.setup.states import RoomState\nimport store.rooms",
    ),
    (architecture.folder_arrows, "detection/sensing/arm/model.py", "from detection.sensing.base import Sense"),
    (architecture.arrows, "tests/rooms/setup/test_room_records.py", "import detection, rooms"),
    (architecture.web_at_the_edge, "accounts/pages.py", "import flask"),
    (architecture.web_at_the_edge, "rooms/pages/student.py", "import flask"),
    (architecture.web_at_the_edge, "rooms/channels/student.py", "import flask_socketio"),
    (architecture.compiled_at_the_seam, "detection/frames/frameops.py", "import cy_frame"),
    (architecture.models_in_detectors, "detection/detectors/face.py", "import mediapipe"),
    (transport_rules.privates_in_transport, "serving/green.py", "import eventlet\neventlet.monkey_patch()"),
    (transport_rules.privates_in_transport, "serving/blocking.py", "from eventlet import patcher, tpool"),
    (transport_rules.privates_in_transport, "transport/green/server.py", "import eventlet.wsgi"),
    (transport_rules.privates_in_transport, "transport/threads/websocket.py", "import engineio.async_drivers"),
    (transport_rules.core_is_io_free, "transport/protocol.py", "import json\nfrom transport.fast_path import FastPath"),
    (transport_rules.core_is_io_free, "transport/wire.py", "import socket"),
    (component_owners.one_writer, "rooms/intake/picture_status.py", "participant.picture.faces = 2"),
    (component_owners.one_writer, "rooms/intake/frame_ingest.py", "seen = participant.picture\nfaces = seen.faces"),
    (component_owners.one_writer, "rooms/intake/frame_ingest.py", "sender.uplink.take_picture(1, now)"),
    (component_owners.one_writer, "rooms/channels/phone.py", "self.health, self.picture.state = {}, 'ok'"),
    (architecture.rooms_are_the_addresses, "rooms/live/broadcaster.py", "self._server.emit('chat', {}, to=room)"),
    (architecture.environment_in_settings, "settings.py", "import os\nx = os.environ"),
    (
        architecture.no_module_state,
        "rooms/setup/room_records.py",
        "KINDS = {'a': 1}\n__all__ = ['x']\nlogger = getLogger()",
    ),
    (architecture.no_module_state, "rooms/setup/room_records.py", "def f():\n    rooms = {}"),
    (
        architecture.constants_stay,
        "rooms/setup/room_records.py",
        "KINDS = {}\ndef f(seen):\n    seen['a'] = KINDS['a']",
    ),
    (architecture.loud_excepts, "app.py", "try:\n    f()\nexcept Exception:\n    logger.exception('f')"),
    (architecture.loud_excepts, "app.py", "try:\n    f()\nexcept BaseException:\n    g()\n    raise"),
    (class_sizes.small_classes, "rooms/live/desk.py", CLASS_AT_THE_LIMIT),
    (class_sizes.small_classes, "tests/rooms/stage.py", LARGE_CLASS),
    (class_sizes.short_constructors, "rooms/live/desk.py", FULL_CONSTRUCTOR),
    (architecture.small_files, "app.py", "x = 1\n" * architecture.PYTHON_LINES),
    (architecture.no_machine_paths, "docs/a.md", "open https://example.org/ho" + "me/ or static/wo" + "rk/a.js"),
]


@pytest.mark.parametrize(("check", "path", "text"), GOOD)
def test_a_check_lets_good_code_pass(check: Check, path: str, text: str) -> None:
    assert check(Source(path, text)) == []


def test_every_check_has_a_bad_example() -> None:
    checks = {*PYTHON_CHECKS, *architecture.JS_CHECKS, *architecture.TEXT_CHECKS}
    assert checks == {check for check, _, _ in BAD}


def test_exceptions_to_the_rules_name_existing_files_and_reasons() -> None:
    paths = {source.path for source in sources()}
    for path, reason in {**architecture.FLASK_EXCEPTIONS, **architecture.ENVIRONMENT_EXCEPTIONS}.items():
        assert reason
        assert path in paths
