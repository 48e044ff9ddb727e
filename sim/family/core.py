"""A family of scenarios: from a point in the unit cube to a scene, with nothing random between."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from sim.base.dist import Dist, Given, parse_law
from sim.base.errors import unknown
from sim.base.expression import Condition
from sim.family.check import check_family
from sim.family.copula import Copula
from sim.family.quantity import Quantity, described
from sim.family.space import EDGE, Axis, Space
from sim.family.terms import Correlation, Terms, read_conditions
from sim.world.scene import Scene

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """n draws of a family's quantities, each an attribute by its name.

    Attributes:
        values: Quantity to its values, (n,) or, where declared for each of k, (n, k).
        log_weight: (n,) log of nominal over sampled density; 0 under nominal sampling.
    """

    values: Mapping[str, Floats]
    log_weight: Floats

    def __len__(self) -> int:
        return len(self.log_weight)

    def __getattr__(self, name: str) -> Floats:
        if name.startswith("__") or name not in self.values:
            raise AttributeError(f"no quantity {name!r}; there are: {', '.join(self.values)}")
        return self.values[name]


@dataclass(frozen=True, kw_only=True)
class Family(ABC):
    """A kind of scenario. Subclasses declare quantities as fields and say how to build.

    The docstring of a subclass is its description: a title line, what is dangerous about
    it, and an ASCII sketch. An object of it may be a variant of the family, with other
    distributions and `variant` for what else differs.

    Attributes:
        seconds: How long an episode runs [s].
        tags: Words to find it by: disturbance class, layers, place.
        crashes: Number (recalled) and name of its type in NHTSA's pre-crash typology.
        crash_share: That type's share of police-reported crashes (DOT HS 810 767).
        event: What counts as danger in it, a key of `sim.family.EVENTS`.
        danger: Least and greatest share of episodes with that event under nominal sampling:
            what the family is tuned for and tested against.
        constraints, correlations, always, never: As in `Terms`.
    """

    variant: Terms | None = None

    name: ClassVar[str]
    seconds: ClassVar[float] = 15.0
    tags: ClassVar[tuple[str, ...]] = ()
    crashes: ClassVar[str] = ""
    crash_share: ClassVar[float | None] = None
    event: ClassVar[Literal["rear_end", "crossing"]] = "rear_end"
    danger: ClassVar[tuple[float, float]] = (0.2, 0.6)
    constraints: ClassVar[tuple[str, ...]] = ()
    correlations: ClassVar[tuple[Correlation, ...]] = ()
    always: ClassVar[tuple[str, ...]] = ()
    never: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        """Check that quantities and terms fit each other; raises `UserError`."""
        check_family(self)

    @abstractmethod
    def build(self, draws: Draws) -> Scene:
        """The scenes of all draws at once; the first car made is the ego."""

    @cached_property
    def terms(self) -> Terms:
        """What is stated of it: its class's own terms, or those of the variant it is."""
        return self.variant or Terms(
            name=self.name,
            title=title(type(self)),
            danger=self.danger,
            constraints=self.constraints,
            correlations=self.correlations,
            always=self.always,
            never=self.never,
        )

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its random quantities, in the order of the unit cube's coordinates.

        Those with one value come first: they shape the scene as a whole, and the first
        coordinates of a low-discrepancy sequence are its best.
        """
        declared = (described(f, getattr(self, f.name)) for f in fields(self) if f.metadata)
        return tuple(sorted(declared, key=lambda q: q.each > 1))

    @cached_property
    def space(self) -> Space:
        """The unit cube's coordinates, for samplers."""
        return Space(
            tuple(
                Axis(q.name if q.each == 1 else f"{q.name}_{k}", q.name, q.steps, q.pinned, q.each)
                for q in self.quantities
                for k in range(q.each)
            ),
            self.feasible if self.conditions else None,
        )

    @property
    def dimensions(self) -> int:
        """How many coordinates a point of the unit cube has."""
        return len(self.space)

    @cached_property
    def copula(self) -> Copula:
        """How its quantities vary together."""
        return Copula(self.quantities, self.terms.correlations, f"{self.terms.name}.correlations")

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Its constraints, read."""
        known = {q.name: q.each for q in self.quantities}
        return read_conditions(self.terms.constraints, known, f"{self.terms.name}.constraints")

    def draw(self, u: Floats, log_weight: Floats | None = None) -> Draws:
        """Map points in the open unit cube to quantities, whether they meet constraints or not.

        Args:
            u: (n, d), d as in `dimensions`.
            log_weight: (n,), zeros if left out.

        Raises:
            ValueError: The shape does not fit, or a coordinate is not inside (0, 1).
        """
        if u.ndim != 2 or u.shape[1] != self.dimensions:
            raise ValueError(f"u: expected shape (n, {self.dimensions}), got {u.shape}")
        if not np.all((u > 0) & (u < 1)):
            raise ValueError("u: expected coordinates inside (0, 1)")
        weight = np.zeros(len(u)) if log_weight is None else log_weight
        return Draws(MappingProxyType(self._values(u, {q.name for q in self.quantities})), weight)

    def _values(self, u: Floats, wanted: set[str]) -> dict[str, Floats]:
        """The quantities wanted, and those they depend on, at points (n, d)."""
        part = self._by_quantity(self.copula.apply(u))
        needed = wanted | {given.on for q, given in self._dependent if q.name in wanted}
        values = {q.name: dist.ppf(part[q.name]) for q, dist in self._free if q.name in needed}
        for q, given in self._dependent:
            if q.name in wanted:
                values[q.name] = given.ppf(part[q.name], values[given.on])
        return {q.name: values[q.name] for q in self.quantities if q.name in values}

    def point(self, draws: Draws) -> Floats:
        """The points (n, d) that `draw` maps to these values; mid-way where many are mapped."""
        low, high = self.span(draws)
        return 0.5 * (low + high)

    def span(self, draws: Draws) -> tuple[Floats, Floats]:
        """From and to which coordinates (n, d) `draw` gives these values.

        They are the same where a quantity is continuous. A discrete value has a part of its
        coordinate, and a constant one, be it only under a condition, the whole.
        """
        parts = {q.name: dist.levels(draws.values[q.name]) for q, dist in self._free}
        for q, given in self._dependent:
            parts[q.name] = given.levels(draws.values[q.name], draws.values[given.on])
        low, high = (
            np.hstack([parts[q.name][k].reshape(len(draws), q.each) for q in self.quantities])
            for k in (0, 1)
        )
        middle = np.clip(0.5 * (low + high), EDGE, 1.0 - EDGE)
        tied = self.copula.at
        low[:, tied] = high[:, tied] = self.copula.undo(middle)[:, tied]
        sharp = low == high
        low[sharp] = high[sharp] = np.clip(low[sharp], EDGE, 1.0 - EDGE)
        return low, high

    def feasible(self, u: Floats) -> NDArray[np.bool_]:
        """Which points (n, d) meet the constraints, (n,)."""
        names = set().union(*(condition.names for condition in self.conditions))
        return self._allowed(self._values(u, names) if names else {}, len(u))

    def allows(self, draws: Draws) -> NDArray[np.bool_]:
        """Which draws meet the constraints, (n,)."""
        return self._allowed(draws.values, len(draws))

    def _allowed(self, values: Mapping[str, Floats], n: int) -> NDArray[np.bool_]:
        held = [condition.holds(values) for condition in self.conditions]
        return np.asarray(np.logical_and.reduce([np.ones(n, np.bool_), *held]))

    def columns(self, draws: Draws) -> dict[str, Floats]:
        """The values drawn, one column each, named `<quantity>_<unit>`."""
        out: dict[str, Floats] = {}
        for q in self.quantities:
            drawn = draws.values[q.name].reshape(len(draws), q.each)
            out.update({name: drawn[:, k] for k, name in enumerate(q.columns)})
        return out

    def with_overrides(self, overrides: Mapping[str, object]) -> Self:
        """The same family with some distributions replaced, by lists or numbers.

        Raises:
            UserError: No such quantity, or an impossible distribution.
        """
        known = [q.name for q in self.quantities]
        for name in overrides:
            if name not in known:
                raise unknown(f"{self.name} quantity", str(name), known)
        laws = {name: parse_law(spec, f"{self.name}.{name}") for name, spec in overrides.items()}
        return replace(self, **laws)  # type: ignore[arg-type]

    @property
    def overrides(self) -> dict[str, object]:
        """All distributions in their written form: what `with_overrides` takes."""
        return {q.name: q.dist.spec for q in self.quantities}

    @property
    def replaced(self) -> dict[str, object]:
        """Those of its distributions that are not its class's own, in their written form."""
        usual = type(self)().overrides
        return {name: spec for name, spec in self.overrides.items() if spec != usual[name]}

    @cached_property
    def _free(self) -> tuple[tuple[Quantity, Dist], ...]:
        return tuple((q, q.dist) for q in self.quantities if isinstance(q.dist, Dist))

    @cached_property
    def _dependent(self) -> tuple[tuple[Quantity, Given], ...]:
        return tuple((q, q.dist) for q in self.quantities if isinstance(q.dist, Given))

    def _by_quantity(self, u: Floats) -> dict[str, Floats]:
        """Its columns of u, (n,) or (n, k) each."""
        out, at = {}, 0
        for q in self.quantities:
            out[q.name] = u[:, at] if q.each == 1 else u[:, at : at + q.each]
            at += q.each
        return out


def title(family: type[Family]) -> str:
    """The first line of its docstring, without the full stop."""
    return inspect.cleandoc(family.__doc__ or "").splitlines()[0].rstrip(".")
