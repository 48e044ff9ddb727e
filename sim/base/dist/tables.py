"""Distributions given by a table: one value, some values, or a histogram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from sim.base.dist.core import DISTS, Dist, Floats, check_number, check_row
from sim.base.errors import expected


@DISTS.register("constant")
@dataclass(frozen=True)
class Constant(Dist):
    """Always the same value; written as a bare number."""

    value: float
    kind: ClassVar[str] = "constant"
    example: ClassVar[tuple[Any, ...]] = ("constant", 12)

    def __post_init__(self) -> None:
        check_number(self, "value")

    def ppf(self, u: ArrayLike) -> Floats:
        return np.full(np.shape(u), self.value)

    def cdf(self, x: ArrayLike) -> Floats:
        return (np.asarray(x) >= self.value).astype(np.float64)

    def log_pdf(self, x: ArrayLike) -> Floats:
        return np.where(np.asarray(x) == self.value, 0.0, -np.inf)

    @property
    def support(self) -> tuple[float, float]:
        return self.value, self.value

    @property
    def spec(self) -> float | list[Any]:
        return self.value


@DISTS.register("choice")
@dataclass(frozen=True)
class Choice(Dist):
    """One of some values, in rising order, with given weights (equal if left out).

    A value of weight 0 is left out: nothing ever draws it, and it would be a part of no width.
    """

    values: tuple[float, ...]
    weights: tuple[float, ...] = ()
    kind: ClassVar[str] = "choice"
    example: ClassVar[tuple[Any, ...]] = ("choice", [1, 2, 5], [0.5, 0.3, 0.2])

    def __post_init__(self) -> None:
        check_row(self, "values")
        _check_rising(self)
        if self.weights != ():
            _check_weights(self, len(self.values))
            kept = [(x, w) for x, w in zip(self.values, self.weights) if w > 0]
            for name, part in zip(("values", "weights"), zip(*kept)):
                object.__setattr__(self, name, part)

    def _mass(self) -> Floats:
        weights = np.array(self.weights or np.ones(len(self.values)))
        return np.asarray(weights / weights.sum())

    @property
    def steps(self) -> tuple[float, ...]:
        return tuple(float(x) for x in np.cumsum(self._mass())[:-1] if 0.0 < x < 1.0)

    def ppf(self, u: ArrayLike) -> Floats:
        at = np.searchsorted(np.cumsum(self._mass()), u, side="left")
        return np.array(self.values)[np.minimum(at, len(self.values) - 1)]

    def cdf(self, x: ArrayLike) -> Floats:
        steps = np.concatenate([[0.0], np.cumsum(self._mass())])
        return np.asarray(steps[np.searchsorted(self.values, x, side="right")])

    def log_pdf(self, x: ArrayLike) -> Floats:
        values = np.array(self.values)
        at = np.minimum(np.searchsorted(values, x), len(values) - 1)
        with np.errstate(divide="ignore"):
            return np.where(values[at] == np.asarray(x), np.log(self._mass())[at], -np.inf)

    def nearest(self, x: ArrayLike) -> Floats:
        values = np.array(self.values)
        return np.asarray(values[np.abs(np.asarray(x)[..., None] - values).argmin(axis=-1)])

    @property
    def range(self) -> str:
        return " or ".join(f"{value:g}" for value in self.values)

    @property
    def support(self) -> tuple[float, float]:
        return self.values[0], self.values[-1]


@DISTS.register("empirical")
@dataclass(frozen=True)
class Empirical(Dist):
    """A histogram: rising edges, and the weight between each edge and the next.

    Quantiles read off a published table go in as edges, with the probability between them.
    """

    values: tuple[float, ...]
    weights: tuple[float, ...]
    kind: ClassVar[str] = "empirical"
    example: ClassVar[tuple[Any, ...]] = ("empirical", [0, 2, 4, 9], [0.2, 0.5, 0.3])

    def __post_init__(self) -> None:
        check_row(self, "values")
        _check_rising(self)
        if len(self.values) < 2:
            raise expected("empirical values", "at least two edges", list(self.values))
        _check_weights(self, len(self.values) - 1)

    def _steps(self) -> Floats:
        steps = np.concatenate([[0.0], np.cumsum(self.weights)])
        return np.asarray(steps / steps[-1])

    def ppf(self, u: ArrayLike) -> Floats:
        return np.asarray(np.interp(np.asarray(u), self._steps(), self.values))

    def cdf(self, x: ArrayLike) -> Floats:
        return np.asarray(np.interp(np.asarray(x), self.values, self._steps()))

    def log_pdf(self, x: ArrayLike) -> Floats:
        at = np.asarray(x, dtype=np.float64)
        with np.errstate(divide="ignore"):
            density = np.log(np.diff(self._steps()) / np.diff(self.values))
        cell = np.clip(np.searchsorted(self.values, at, side="right") - 1, 0, len(density) - 1)
        inside = (at >= self.values[0]) & (at <= self.values[-1])
        return np.where(inside, density[cell], -np.inf)

    @property
    def support(self) -> tuple[float, float]:
        return self.values[0], self.values[-1]


def _check_rising(dist: Choice | Empirical) -> None:
    if not np.all(np.diff(dist.values) > 0):
        raise expected(f"{dist.kind} values", "values in rising order", list(dist.values))


def _check_weights(dist: Choice | Empirical, count: int) -> None:
    check_row(dist, "weights")
    weights = dist.weights
    if len(weights) != count:
        raise expected(f"{dist.kind} weights", f"{count} weights", list(weights))
    if min(weights) < 0 or sum(weights) <= 0:
        raise expected(f"{dist.kind} weights", "weights of at least 0, not all 0", list(weights))
