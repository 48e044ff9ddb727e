"""Conditions between named numbers, written as text: data that is checked, never code that runs.

The grammar is a small part of Python's: numbers, names, name[number], + - * / **, comparisons
that may be chained, `and`, `or`, `not`, and the functions of `FUNCTIONS`.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import UserError, expected, unknown

LONGEST = 300
"""Characters; more is no condition that a person wrote, and deep nesting would cost the parser."""

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "max": np.maximum,
    "min": np.minimum,
    "sqrt": np.sqrt,
}
_BINARY: dict[type[ast.operator], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_COMPARE: dict[type[ast.cmpop], Callable[..., Any]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
_TWO = ("max", "min")

Values = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Condition:
    """A condition that was read and found sound.

    Attributes:
        text: As written.
        names: What it speaks of.
    """

    text: str
    names: frozenset[str]
    tree: ast.expr

    def holds(self, values: Values) -> NDArray[np.bool_]:
        """Where it is true.

        Args:
            values: Name to (n,) numbers, or (n, k) where the text takes one of several.

        Raises:
            UserError: An index is beyond the number there are, or one is missing.
        """
        with np.errstate(all="ignore"):
            found = _value(self.tree, values, self.text)
        return np.asarray(found, dtype=np.bool_)  # a bare name holds where it is not 0


def parse_condition(text: object, known: Iterable[str], where: str = "") -> Condition:
    """Read a condition such as `gap > 0.2 * speed and headway[0] < 2`.

    Args:
        text: What was written.
        known: The names that may stand in it.
        where: File and key it was written under, for the message.

    Raises:
        UserError: It is no text, too long, not of the grammar, names something unknown, or
            is a number where a condition is needed, or names nothing.

    >>> import numpy as np
    >>> condition = parse_condition("0 < gap <= 2 * speed", ["gap", "speed"])
    >>> condition.holds({"gap": np.array([5.0, 9.0]), "speed": np.array([3.0, 3.0])}).tolist()
    [True, False]
    >>> parse_condition("__import__('os').remove('x')", ["gap"], "constraints")
    Traceback (most recent call last):
    sim.base.errors.UserError: constraints: expected a condition such as 'gap > 0.2 * speed', \
got "__import__('os').remove('x')": call at column 1
    """
    if not isinstance(text, str):
        raise expected(where or "condition", "a condition as text", text)
    if len(text) > LONGEST:
        raise expected(where or "condition", f"at most {LONGEST} characters", len(text))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of `3and`, as a mistake and not as a second line
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError, Warning) as error:
        raise _wrong(text, where, getattr(error, "msg", None) or "cannot be read") from None
    names = set(known)
    seen: set[str] = set()
    _check(tree, text, where, names, seen)
    if not _is_condition(tree):
        raise _wrong(text, where, "a number, not a condition")
    if not seen:
        raise _wrong(text, where, "it speaks of nothing")
    return Condition(text, frozenset(seen), tree)


def _wrong(text: str, where: str, why: str) -> UserError:
    sound = "a condition such as 'gap > 0.2 * speed'"
    return UserError(f"{expected(where or 'condition', sound, text)}: {why}")


def _is_condition(node: ast.expr) -> bool:
    negated = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    return negated or isinstance(node, (ast.Compare, ast.BoolOp, ast.Name))


def _check(node: ast.expr, text: str, where: str, known: set[str], seen: set[str]) -> None:
    for part in _parts(node, text, where):
        _check(part, text, where, known, seen)
    if isinstance(node, ast.Name):
        if node.id not in known:
            raise unknown(f"{where or 'condition'}: {text!r}", node.id, known)
        seen.add(node.id)


def _parts(node: ast.expr, text: str, where: str) -> list[ast.expr]:
    """What an allowed node is made of; raises for all others."""
    match node:
        case ast.Name() | ast.Constant(value=bool() | int() | float()):
            return []
        case ast.BoolOp(values=values):
            return values
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.UAdd(), operand=operand):
            return [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return [left, right]
        case ast.Compare(left=left, ops=ops, comparators=right) if all(
            type(op) in _COMPARE for op in ops
        ):
            return [left, *right]
        case ast.Subscript(value=ast.Name() as name, slice=ast.Constant(value=int())):
            return [name]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS and len(
            args
        ) == (2 if name in _TWO else 1):
            return args
    kind = type(node).__name__.lower()
    raise _wrong(text, where, f"{kind} at column {node.col_offset + 1}")


def _value(node: ast.expr, values: Values, text: str) -> Any:
    def of(part: ast.expr) -> Any:
        return _value(part, values, text)

    match node:
        case ast.Constant(value=value):
            return np.float64(value)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return _whole(values[name], name, text)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=int(k))):
            return _one(values[name], name, k, text)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return np.logical_not(of(operand))
        case ast.UnaryOp(op=op, operand=operand):
            return -_number(of(operand)) if isinstance(op, ast.USub) else of(operand)
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](_number(of(left)), _number(of(right)))
        case ast.BoolOp(op=op, values=parts):
            joined = np.logical_and if isinstance(op, ast.And) else np.logical_or
            return joined.reduce(np.broadcast_arrays(*map(of, parts)))
        case ast.Compare(left=left, ops=ops, comparators=right):
            sides = [of(left), *map(of, right)]
            links = zip(ops, sides, sides[1:])
            return np.logical_and.reduce(
                np.broadcast_arrays(*(_COMPARE[type(op)](a, b) for op, a, b in links))
            )
        case ast.Call(func=ast.Name(id=name), args=args):
            return FUNCTIONS[name](*(_number(of(part)) for part in args))
    raise AssertionError(node)  # `_check` lets nothing else through


def _number(value: ArrayLike) -> NDArray[np.float64]:
    """1 for true and 0 for false: numpy would refuse to subtract one condition from another."""
    return np.asarray(value, dtype=np.float64)


def _whole(value: ArrayLike, name: str, text: str) -> Any:
    array = np.asarray(value)
    if array.ndim > 1:
        last = array.shape[1] - 1
        raise expected(f"{text!r}: {name}", f"one of {name}[0] to {name}[{last}]", name)
    return array


def _one(value: ArrayLike, name: str, k: int, text: str) -> Any:
    array = np.asarray(value)
    if array.ndim < 2:
        raise expected(f"{text!r}: {name}", f"{name} alone: there is one", f"{name}[{k}]")
    if not 0 <= k < array.shape[1]:
        raise expected(f"{text!r}: {name}", f"a number below {array.shape[1]}", k)
    return array[:, k]
