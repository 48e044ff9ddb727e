"""What every distribution can do, and how its written form becomes an object."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import UserError, expected
from sim.base.registry import Registry

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Dist(ABC):
    """A distribution of one real quantity.

    `kind` is its name in the written form `[kind, parameter, ...]`, `example` such a form.
    """

    kind: ClassVar[str]
    example: ClassVar[tuple[Any, ...]]

    @abstractmethod
    def ppf(self, u: ArrayLike) -> Floats:
        """The quantiles at probabilities `u` in (0, 1), of the same shape."""

    @abstractmethod
    def cdf(self, x: ArrayLike) -> Floats:
        """The probability of a value of at most `x`."""

    @abstractmethod
    def log_pdf(self, x: ArrayLike) -> Floats:
        """The log of the density at `x` (of the mass, where discrete); -inf off the support."""

    @property
    def steps(self) -> tuple[float, ...]:
        """Where the quantile function jumps, strictly between 0 and 1; empty if it is smooth."""
        return ()

    def levels(self, x: ArrayLike) -> tuple[Floats, Floats]:
        """The probabilities from and to which `ppf` gives these values; one where it is smooth."""
        values = np.asarray(x, dtype=np.float64)
        low, high = self.support
        if low == high:
            return np.zeros(values.shape), np.ones(values.shape)
        at = self.cdf(values)
        if not self.steps:
            return at, at
        edges = np.array([0.0, *self.steps, 1.0])
        cell = np.clip(np.searchsorted(edges, at - 1e-12, side="left"), 1, len(edges) - 1)
        return edges[cell - 1], edges[cell]

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """The least and the greatest possible value, infinite where there is none."""

    def nearest(self, x: ArrayLike) -> Floats:
        """The possible values nearest to `x`: `x` itself where it is one, within rounding."""
        given = np.asarray(x, dtype=np.float64)
        near = np.clip(given, *self.support)
        return np.where(np.abs(given - near) <= ROUNDING * np.maximum(np.abs(near), 1.0), given, near)

    @property
    def range(self) -> str:
        """Its possible values in words."""
        low, high = self.support
        if low == high:
            return f"{low:g}"
        if math.isinf(low) or math.isinf(high):
            return "any number" if low == -high else _half(low, high)
        return f"{low:g} to {high:g}"

    @property
    def spec(self) -> float | list[Any]:
        """The written form: `parse(dist.spec)` equals `dist`."""
        values = [getattr(self, f.name) for f in fields(self)]
        while values and values[-1] == fields(self)[len(values) - 1].default:
            values.pop()
        return [self.kind, *(_written(value) for value in values)]

    def __str__(self) -> str:
        return _shown(self.spec)


DISTS: Registry[type[Dist]] = Registry("distribution")

ROUNDING = 1e-9
"""How far a number that was computed and written may lie from one that is possible."""

DEEPEST = 4
"""Distributions in one another: a truncated one of another with a density makes two."""


def parse(spec: object, where: str = "") -> Dist:
    """The distribution that a list such as `["normal", 12, 3]`, or a number, stands for.

    Args:
        spec: A list of a name and parameters, a number (always that value), or a Dist.
        where: The key it was written under, for the message.

    Raises:
        UserError: Unknown name, wrong number of parameters, or an impossible value.

    >>> parse(["lognormal", 1.3, 0.45], "headway").support
    (0.0, inf)
    >>> parse(["normal", 12, -3], "scenario.speed")
    Traceback (most recent call last):
    sim.base.errors.UserError: scenario.speed: normal sd: expected a number above 0, got -3.0
    """
    try:
        return _parse(spec, where, DEEPEST)
    except UserError as error:
        if not where or str(error).startswith(where):
            raise
        raise UserError(f"{where}: {error}") from None


def _parse(spec: object, where: str, depth: int) -> Dist:
    if isinstance(spec, Dist):
        return spec
    if isinstance(spec, (int, float)) and not isinstance(spec, bool):
        return DISTS["constant"](spec)  # type: ignore[call-arg]
    if isinstance(spec, str) or not isinstance(spec, Sequence) or not spec:
        raise expected(where or "distribution", "a number or a list such as [normal, 12, 3]", spec)
    if not isinstance(spec[0], str):
        raise expected(where or "distribution", "the name of a distribution first", list(spec))
    if not depth:
        raise expected(where or "distribution", f"at most {DEEPEST} in one another", list(spec))
    law = DISTS[spec[0]]
    parameters = fields(law)
    given = len(spec) - 1
    if not sum(_required(f) for f in parameters) <= given <= len(parameters):
        form = f"[{', '.join([law.kind, *(f.name for f in parameters)])}]"
        raise expected(where or law.kind, form, list(spec))
    return law(*(_argument(value, where, depth - 1) for value in spec[1:]))


def _half(low: float, high: float) -> str:
    return f"at least {low:g}" if math.isinf(high) else f"at most {high:g}"


def _required(parameter: Field[Any]) -> bool:
    return parameter.default is MISSING


def _argument(value: object, where: str, depth: int) -> object:
    if isinstance(value, Sequence) and not isinstance(value, str):
        if value and isinstance(value[0], str):
            return _parse(value, where, depth)
        return tuple(value)
    return value


def _written(value: object) -> object:
    if isinstance(value, Dist):
        return value.spec
    return list(value) if isinstance(value, tuple) else value


def _shown(spec: object) -> str:
    if isinstance(spec, list):
        return f"[{', '.join(_shown(part) for part in spec)}]"
    return f"{spec:g}" if isinstance(spec, float) else str(spec)


def check_number(dist: Dist, name: str, *, above: float = -math.inf) -> None:
    """Turn a parameter into a finite float greater than `above`, or say what is wrong."""
    value = getattr(dist, name)
    label = f"{dist.kind} {name}"
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise expected(label, "a number", value)
    if not _is_finite(value):
        raise expected(label, "a finite number", value)
    if not value > above:
        raise expected(label, f"a number above {above:g}", float(value))
    object.__setattr__(dist, name, float(value))


def _is_finite(value: Any) -> bool:
    """Whether a number is finite also as a float: 10**400 is none."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def check_bounds(dist: Dist, low: str, high: str) -> None:
    """Two parameters are finite and in rising order."""
    check_number(dist, low)
    check_number(dist, high)
    bounds = getattr(dist, low), getattr(dist, high)
    if not bounds[0] < bounds[1]:
        raise expected(f"{dist.kind} {low}, {high}", f"{low} below {high}", list(bounds))


def check_row(dist: Dist, name: str) -> None:
    """Turn a parameter into a tuple of finite floats, or say what is wrong."""
    label = f"{dist.kind} {name}"
    value = getattr(dist, name)
    try:
        row = tuple(float(x) for x in value)
    except (TypeError, ValueError, OverflowError):
        raise expected(label, "a list of numbers", value) from None
    if not row or not all(math.isfinite(x) for x in row):
        raise expected(label, "a list of finite numbers", list(row))
    object.__setattr__(dist, name, row)
