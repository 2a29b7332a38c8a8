"""Small faults put into a module, one at a time: what the tests of that module should notice.

A comparison moves its limit or turns round, `and` and `or` change places, `not` and a minus sign go, arithmetic is
swapped, an integer grows by one, any other number doubles, a truth turns, `min` and `max` or `any` and `all` change
places, a condition turns, a call, an attribute's new value or an error is left out, and a function returns None.
Texts, annotations, decorators and log lines stay as they are.
"""

from __future__ import annotations

import ast
import gc
import inspect
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType
from typing import NamedTuple

COMPARISONS: tuple[tuple[type[ast.cmpop], type[ast.cmpop]], ...] = (
    (ast.Lt, ast.LtE),
    (ast.LtE, ast.Lt),
    (ast.Gt, ast.GtE),
    (ast.GtE, ast.Gt),
    (ast.Eq, ast.NotEq),
    (ast.NotEq, ast.Eq),
    (ast.Is, ast.IsNot),
    (ast.IsNot, ast.Is),
    (ast.In, ast.NotIn),
    (ast.NotIn, ast.In),
)
ARITHMETIC: tuple[tuple[type[ast.operator], type[ast.operator]], ...] = (
    (ast.Add, ast.Sub),
    (ast.Sub, ast.Add),
    (ast.Mult, ast.Div),
    (ast.Div, ast.Mult),
    (ast.FloorDiv, ast.Mult),
    (ast.Mod, ast.Mult),
    (ast.Pow, ast.Mult),
    (ast.BitAnd, ast.BitOr),
    (ast.BitOr, ast.BitAnd),
    (ast.LShift, ast.RShift),
    (ast.RShift, ast.LShift),
)
TWINS = (("min", "max"), ("max", "min"), ("any", "all"), ("all", "any"))
UNTOUCHED = {"annotation", "returns", "decorator_list", "type_params", "type_comment"}
LOGS = {"logger", "log", "logging", "warnings"}


Place = tuple[str, int]
"""A function of a module: its qualified name and its first line."""


class Mutant(NamedTuple):
    """A module with one fault."""

    line: int
    what: str
    code: CodeType
    functions: Mapping[Place, CodeType] | None
    """What the fault changes, None where it is not in functions alone."""


def mutants_of(source: str, filename: str) -> Iterator[Mutant]:
    """Yield every mutant of a module in the order of its lines, each compiled."""
    tree = ast.parse(source, filename)
    original = compile(tree, filename, "exec")
    found = sorted(_places(tree), key=lambda place: (place[0].lineno, place[0].col_offset))
    for node, holder, name, at in found:
        for changed in _changes(node):
            _put(holder, name, at, ast.fix_missing_locations(ast.copy_location(changed, node)))
            what = f"{_shown(node)}  ->  {_shown(changed)}"
            code = compile(tree, filename, "exec")
            yield Mutant(node.lineno, what, code, changed_functions(original, code))
            _put(holder, name, at, node)


Hanging = tuple[ast.expr | ast.stmt, ast.AST, str, int | None]


def _places(holder: ast.AST) -> Iterator[Hanging]:
    """Yield every statement and expression that may change, with where it hangs in the tree."""
    for name, value in ast.iter_fields(holder):
        if name in UNTOUCHED:
            continue
        for at, child in _children(value):
            if isinstance(child, ast.expr | ast.stmt):
                yield child, holder, name, at
            yield from _places(child)


def _children(value: object) -> Iterator[tuple[int | None, ast.AST]]:
    places: list[tuple[int | None, object]] = [*enumerate(value)] if isinstance(value, list) else [(None, value)]
    yield from ((at, child) for at, child in places if isinstance(child, ast.AST) and not _is_untouched(child))


def _is_untouched(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in LOGS
    return isinstance(node, ast.JoinedStr)


def _put(holder: ast.AST, name: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(holder, name, node)
    else:
        getattr(holder, name)[at] = node


def _shown(node: ast.AST) -> str:
    first = ast.unparse(node).splitlines()[0]
    return first if len(first) <= 60 else first[:57] + "..."


# ------------------------------------------------------------------------------------ in a module that is loaded


def changed_functions(original: CodeType, mutated: CodeType) -> dict[Place, CodeType] | None:
    """Return the functions that differ, None where something differs that runs as the module is imported."""
    before, after = dict(_functions(original)), dict(_functions(mutated))
    if _at_import(original) != _at_import(mutated):
        return None
    changed = {place: code for place, code in after.items() if code != before[place]}
    is_fitting = all(code.co_freevars == before[place].co_freevars for place, code in changed.items())
    return changed if is_fitting else None


def put(functions: Mapping[Place, CodeType], filename: str) -> None:
    """Give the functions of a loaded module other code."""
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename == filename:
            place = one.__code__.co_qualname, one.__code__.co_firstlineno
            one.__code__ = functions.get(place, one.__code__)


def _functions(code: CodeType) -> Iterator[tuple[Place, CodeType]]:
    """Yield the functions of a module and of its classes, not those inside functions."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and _is_function(inner):
            yield (inner.co_qualname, inner.co_firstlineno), inner
        elif isinstance(inner, CodeType):
            yield from _functions(inner)


def _at_import(code: CodeType) -> tuple[object, ...]:
    """Return what of a module does not belong to functions, to be compared."""
    consts = [
        repr(inner)
        if not isinstance(inner, CodeType)
        else (inner.co_qualname, inner.co_firstlineno)
        if _is_function(inner)
        else _at_import(inner)
        for inner in code.co_consts
    ]
    return code.co_code, code.co_names, *consts


def _is_function(code: CodeType) -> bool:
    is_comprehension = code.co_name.startswith("<") and code.co_name != "<lambda>"
    return bool(code.co_flags & inspect.CO_OPTIMIZED) and not is_comprehension


# ------------------------------------------------------------------------------------ what may become of a node


def _changes(node: ast.expr | ast.stmt) -> Iterator[ast.expr | ast.stmt]:
    if isinstance(node, ast.stmt):
        yield from _of_statement(node)
    else:
        yield from _of_expression(node)


def _of_statement(node: ast.stmt) -> Iterator[ast.stmt]:
    if isinstance(node, ast.If | ast.While) and _is_plain(node.test):
        yield type(node)(test=_negated(node.test), body=node.body, orelse=node.orelse)
    elif isinstance(node, ast.Return) and not (node.value is None or _is_none(node.value)):
        yield ast.Return(value=ast.Constant(None))
    elif isinstance(node, ast.AugAssign):
        yield from (ast.AugAssign(target=node.target, op=new(), value=node.value) for new in _swapped(node.op))
    elif isinstance(node, ast.Break):
        yield ast.Continue()
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif _may_go(node):
        yield ast.Pass()


def _may_go(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call)
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], ast.Attribute | ast.Subscript)
    return isinstance(node, ast.Raise)


def _of_expression(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Compare):
        yield from _of_comparison(node)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(op=ast.Or() if isinstance(node.op, ast.And) else ast.And(), values=node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.BinOp):
        yield from (ast.BinOp(left=node.left, op=new(), right=node.right) for new in _swapped(node.op))
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield ast.Constant(_other_number(node.value))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        names = [other for name, other in TWINS if name == node.func.id]
        yield from (ast.Call(ast.Name(name, ast.Load()), node.args, node.keywords) for name in names)
    elif isinstance(node, ast.IfExp) and _is_plain(node.test):
        yield ast.IfExp(test=_negated(node.test), body=node.body, orelse=node.orelse)


def _of_comparison(node: ast.Compare) -> Iterator[ast.Compare]:
    for at, op in enumerate(node.ops):
        for old, new in COMPARISONS:
            if type(op) is old:
                ops = [*node.ops[:at], new(), *node.ops[at + 1 :]]
                yield ast.Compare(left=node.left, ops=ops, comparators=node.comparators)


def _swapped(op: ast.operator) -> list[type[ast.operator]]:
    return [new for old, new in ARITHMETIC if type(op) is old]


def _other_number(value: int | float) -> int | float:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) or value == 0 else value * 2


def _is_plain(test: ast.expr) -> bool:
    """Say whether turning a condition round is no mutant of another kind as well."""
    return not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant)


def _negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(op=ast.Not(), operand=test)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
