"""The architecture rules about classes: how many methods, how many arguments of a constructor, and who is spared."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.architecture import Check, Source

CLASS_METHODS, CONSTRUCTOR_ARGUMENTS = 15, 7
LARGE_CLASSES = {
    "rooms/channels/phone.py:PhoneChannel": "one method an event",
    "rooms/channels/student.py:StudentChannel": "one method an event",
    "rooms/channels/teacher.py:TeacherChannel": "one method an event",
}


def classes_of(source: Source) -> Iterator[tuple[ast.ClassDef, list[ast.FunctionDef | ast.AsyncFunctionDef]]]:
    """Every class of a product file, also one inside another or inside a function, with its own methods."""
    nodes = ast.walk(source.tree) if source.is_product else []
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            yield node, [n for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def small_classes(source: Source) -> list[str]:
    """No class has more than CLASS_METHODS methods, properties counted, but for those that are listed."""
    return [
        source.problem(node.lineno, f"{node.name} has {len(methods)} methods, {CLASS_METHODS} is the most")
        for node, methods in classes_of(source)
        if len(methods) > CLASS_METHODS and f"{source.path}:{node.name}" not in LARGE_CLASSES
    ]


def short_constructors(source: Source) -> list[str]:
    """No `__init__` takes more than CONSTRUCTOR_ARGUMENTS arguments besides self; dataclasses write no `__init__`."""
    found = [(node.name, n) for node, methods in classes_of(source) for n in methods if n.name == "__init__"]
    counted = [(name, n, arguments_of(n) - 1) for name, n in found]
    return [
        source.problem(n.lineno, f"{name} takes {count} arguments, {CONSTRUCTOR_ARGUMENTS} is the most")
        for name, n, count in counted
        if count > CONSTRUCTOR_ARGUMENTS
    ]


def arguments_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = function.args
    return len([*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, [given.vararg, given.kwarg])])


CLASS_CHECKS: tuple[Check, ...] = (small_classes, short_constructors)
