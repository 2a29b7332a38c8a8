"""The architecture rule about participants: each component of a participant is written by one module alone."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tests.house.architecture import MUTATORS, Check, Source


class Owned(NamedTuple):
    """A component: the class of its value, and the file that writes it; no class for a plain value."""

    kind: str
    owner: str


COMPONENTS = {
    "presence": Owned("Presence", "rooms/live/directory.py"),
    "uplink": Owned("Uplink", "rooms/live/uplink.py"),
    "capture": Owned("", "rooms/participants/teacher_sessions.py"),
    "place": Owned("", "rooms/intake/sensor_ingest.py"),
    "admission": Owned("AdmissionStatus", "rooms/participants/admission.py"),
    "browser": Owned("Browser", "rooms/participants/reports.py"),
    "picture": Owned("PictureSeen", "rooms/intake/picture_status.py"),
    "identity": Owned("IdentityCheck", "rooms/identity/identity_status.py"),
    "accommodations": Owned("Accommodated", "rooms/participants/accommodations.py"),
    "hand": Owned("Hand", "rooms/desk/hands.py"),
    "standing": Owned("Standing", "rooms/actions/service.py"),
    "surroundings": Owned("Surroundings", "rooms/intake/sensor_ingest.py"),
    "handling": Owned("Handling", "rooms/intake/room_phone_motion.py"),
    "listening": Owned("ListenedTo", "rooms/intake/live_listening.py"),
    "close_up": Owned("", "rooms/evidence/recorder.py"),
    "conditions_told": Owned("ConditionsTold", "rooms/participants/phone_status.py"),
    "noise": Owned("", "rooms/intake/sensor_levels.py"),
    "baseline": Owned("", "rooms/identity/pose_calibration.py"),
    "arm_reference": Owned("", "rooms/identity/arm_calibration.py"),
    "health": Owned("PhoneHealth", "rooms/participants/phone_status.py"),
    "proof": Owned("", "rooms/intake/screen_proof.py"),
}
NAMES = {owned.kind: name for name, owned in COMPONENTS.items() if owned.kind}
"""The name of each component by the class of its value."""
IDENTITY = {"id", "room", "kind", "channel", "name", "joined_at", "role", "owner"}
"""What is set when a participant comes in, and by nobody later."""


def one_writer(source: Source) -> list[str]:
    """Only its owner sets a component, one of its fields, or what is in them."""
    if not source.path.startswith("rooms/"):
        return []
    return [
        source.problem(line, f"{name} of a participant is written by {COMPONENTS[name].owner} alone")
        for line, name in sorted(set(writes_in(source.tree)))
        if COMPONENTS[name].owner != source.path
    ]


def writes_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every write to a component in a file: its line and the component's name."""
    scopes: list[ast.AST] = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for scope in (tree, *scopes):
        known = aliases(scope)
        for node in ast.walk(scope):
            for target in written(node):
                name = component_of(target, known)
                if name and isinstance(node, ast.expr):
                    yield node.lineno, name
    yield from (
        (node.lineno, NAMES[kind.name])
        for kind in ast.walk(tree)
        if isinstance(kind, ast.ClassDef) and kind.name in NAMES
        for node in ast.walk(kind)
        for target in written(node)
        if isinstance(node, ast.expr) and root_of(target) == "self"
    )


def written(node: ast.AST) -> Iterable[ast.expr]:
    """What a node changes: `x.a = ..`, `del x.a`, `x.a[..] = ..`, `x.a.clear()`, `setattr(x, ..)`."""
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
        yield node.func
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"setattr", "delattr"} and node.args:
        yield ast.Attribute(node.args[0], "?", ast.Store())


def component_of(target: ast.expr, known: dict[str, str]) -> str:
    """The component to which a changed expression belongs, else ''."""
    if not isinstance(target, ast.Attribute | ast.Subscript):
        return ""
    within = component_in(target.value, known)
    if within or not isinstance(target, ast.Attribute):
        return within
    is_own = isinstance(target.value, ast.Name) and target.value.id == "self"
    return target.attr if target.attr in COMPONENTS and not is_own else ""


def component_in(value: ast.expr, known: dict[str, str]) -> str:
    """The component that an expression is or is part of: `x.browser`, `x.browser.source`, or a name for one."""
    if isinstance(value, ast.Name):
        return known.get(value.id, "")
    if isinstance(value, ast.Subscript):
        return component_in(value.value, known)
    if not isinstance(value, ast.Attribute):
        return ""
    is_own = isinstance(value.value, ast.Name) and value.value.id == "self"
    return component_in(value.value, known) or (value.attr if value.attr in COMPONENTS and not is_own else "")


def aliases(scope: ast.AST) -> dict[str, str]:
    """The names in a function that stand for a component: assigned from one, or annotated with its class."""
    known: dict[str, str] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            name = node.arg if isinstance(node, ast.arg) else getattr(node.target, "id", "")
            for kind in (n.id for n in ast.walk(node.annotation) if isinstance(n, ast.Name)):
                if kind in NAMES:
                    known[name] = NAMES[kind]
        for name, value in assigned(node):
            if component := component_in(value, known):
                known[name] = component
    return known


def assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The plain names that a node gives a value, `a, b = x, y` taken apart."""
    if isinstance(node, ast.NamedExpr):
        yield node.target.id, node.value
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=False))
        else:
            pairs = [(target, node.value)]
        yield from ((one.id, value) for one, value in pairs if isinstance(one, ast.Name))


def root_of(value: ast.expr) -> str:
    """The plain name at the beginning of an expression, else ''."""
    while isinstance(value, ast.Attribute | ast.Subscript):
        value = value.value
    return value.id if isinstance(value, ast.Name) else ""


PYTHON_CHECKS: tuple[Check, ...] = (one_writer,)
