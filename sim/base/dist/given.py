"""A quantity whose distribution depends on the value of another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from sim.base.dist.core import Dist, Floats, _shown, parse
from sim.base.errors import UserError, expected


@dataclass(frozen=True)
class Given:
    """One of several distributions, chosen by where another quantity lies.

    Attributes:
        on: The quantity that decides.
        edges: Rising values of it; below the first the first distribution holds, and so on.
        laws: One more than there are edges.

    >>> wet = Given("wet", (0.5,), (parse(["uniform", 0.8, 0.9]), parse(["uniform", 0.4, 0.6])))
    >>> wet.ppf([0.5, 0.5], [0.0, 1.0]).round(3).tolist()
    [0.85, 0.5]
    """

    on: str
    edges: tuple[float, ...]
    laws: tuple[Dist, ...]
    kind: ClassVar[str] = "given"
    example: ClassVar[tuple[Any, ...]] = ("given", "wet", [0.5], [["uniform", 0.8, 0.9], 0.5])

    def __post_init__(self) -> None:
        if not self.edges:
            raise expected(f"given {self.on} edges", "at least one number", list(self.edges))
        if len(self.laws) != len(self.edges) + 1:
            raise expected(
                f"given {self.on}", f"{len(self.edges) + 1} distributions", len(self.laws)
            )
        rising = all(a < b for a, b in zip(self.edges, self.edges[1:]))
        if not rising or not np.isfinite(self.edges).all():
            raise expected(f"given {self.on} edges", "rising numbers, all finite", list(self.edges))

    def ppf(self, u: ArrayLike, of: ArrayLike) -> Floats:
        """The quantiles at `u` (n,) or (n, k) where the other quantity has the values `of` (n,)."""
        points = np.asarray(u, dtype=np.float64)
        part = self._part(of)
        out = np.empty(points.shape)
        for k, law in enumerate(self.laws):
            out[part == k] = law.ppf(points[part == k])
        return out

    def levels(self, x: ArrayLike, of: ArrayLike) -> tuple[Floats, Floats]:
        """As `Dist.levels`, given the other's values `of` (n,)."""
        values = np.asarray(x, dtype=np.float64)
        part = self._part(of)
        low, high = np.empty(values.shape), np.empty(values.shape)
        for k, law in enumerate(self.laws):
            low[part == k], high[part == k] = law.levels(values[part == k])
        return low, high

    def _part(self, of: ArrayLike) -> Any:
        return np.searchsorted(self.edges, np.asarray(of, dtype=np.float64), side="right")

    def nearest(self, x: ArrayLike) -> Floats:
        """As `Dist.nearest`, under any of them."""
        each = np.stack([law.nearest(x) for law in self.laws])
        at = np.abs(each - np.asarray(x)).argmin(axis=0)
        return np.asarray(np.take_along_axis(each, at[None], axis=0)[0])

    @property
    def range(self) -> str:
        """As `Dist.range`."""
        return " or ".join(dict.fromkeys(law.range for law in self.laws))

    @property
    def support(self) -> tuple[float, float]:
        """The least and the greatest value under any of them."""
        ends = [law.support for law in self.laws]
        return min(low for low, _ in ends), max(high for _, high in ends)

    @property
    def spec(self) -> list[Any]:
        """The written form."""
        return [self.kind, self.on, list(self.edges), [law.spec for law in self.laws]]

    def __str__(self) -> str:
        return _shown(self.spec)


def parse_law(spec: object, where: str = "") -> Dist | Given:
    """Like `parse`, and `[given, other, [edges], [distributions]]` besides.

    Raises:
        UserError: As `parse`; or the parts of a conditional do not fit.

    >>> parse_law(["given", "wet", [0.5], [["normal", 0, 1], 3]]).on
    'wet'
    """
    if isinstance(spec, Given):
        return spec
    if not isinstance(spec, Sequence) or isinstance(spec, str) or list(spec[:1]) != ["given"]:
        return parse(spec, where)
    form = "[given, other, [edges], [distributions]]"
    if len(spec) != 4 or not isinstance(spec[1], str):
        raise expected(where or "given", form, list(spec))
    if not all(isinstance(part, Sequence) and not isinstance(part, str) for part in spec[2:]):
        raise expected(where or "given", form, list(spec))
    try:
        edges = tuple(float(edge) for edge in spec[2])
    except (TypeError, ValueError, OverflowError):
        raise expected(where or "given", "numbers as edges", list(spec[2])) from None
    laws = tuple(parse(law, f"{where}[{k}]") for k, law in enumerate(spec[3]))
    try:
        return Given(spec[1], edges, laws)
    except UserError as error:
        raise UserError(f"{where}: {error}" if where else str(error)) from None
