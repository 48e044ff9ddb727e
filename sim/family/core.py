"""A family of scenarios: from a point in the unit cube to a scene, with nothing random between."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import ClassVar, Self, TypeVar, dataclass_transform

import numpy as np
from numpy.typing import NDArray

from sim.base.dist import parse
from sim.base.errors import UserError, expected, unknown
from sim.base.registry import Registry
from sim.family.quantity import Quantity, described, quantity
from sim.world.scene import Scene

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """n draws of a family's quantities, each an attribute by its name.

    Attributes:
        u: (n, d) points in the open unit cube.
        values: Quantity to its values, (n,) or, where declared for each of k, (n, k).
        log_weight: (n,) log of nominal over sampled density; 0 under nominal sampling.
    """

    u: Floats
    values: Mapping[str, Floats]
    log_weight: Floats

    def __len__(self) -> int:
        return len(self.u)

    def __getattr__(self, name: str) -> Floats:
        if name.startswith("__") or name not in self.values:
            raise AttributeError(f"no quantity {name!r}; there are: {', '.join(self.values)}")
        return self.values[name]


@dataclass(frozen=True, kw_only=True)
class Family(ABC):
    """A kind of scenario. Subclasses declare quantities as fields and say how to build.

    The docstring of a subclass is its description: a title line, what is dangerous about
    it, and an ASCII sketch.

    Attributes:
        seconds: How long an episode runs [s].
        tags: Words to find it by: disturbance class, layers, place.
        crashes: Number (recalled) and name of its type in NHTSA's pre-crash typology.
        crash_share: That type's share of police-reported crashes (DOT HS 810 767).
        conflicts: Least and greatest share of episodes with a conflict under nominal
            sampling: what the family is tuned for and tested against.
    """

    name: ClassVar[str]
    seconds: ClassVar[float] = 15.0
    tags: ClassVar[tuple[str, ...]] = ()
    crashes: ClassVar[str] = ""
    crash_share: ClassVar[float | None] = None
    conflicts: ClassVar[tuple[float, float]] = (0.2, 0.6)

    @abstractmethod
    def build(self, draws: Draws) -> Scene:
        """The scenes of all draws at once; the first car made is the ego."""

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its random quantities, in the order of the unit cube's coordinates.

        Those with one value come first: they shape the scene as a whole, and the first
        coordinates of a low-discrepancy sequence are its best.
        """
        declared = (described(f, getattr(self, f.name)) for f in fields(self))
        return tuple(sorted(declared, key=lambda q: q.each > 1))

    @property
    def dimensions(self) -> int:
        """How many coordinates a point of the unit cube has."""
        return sum(q.each for q in self.quantities)

    def draw(self, u: Floats, log_weight: Floats | None = None) -> Draws:
        """Map points in the open unit cube to quantities.

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
        values: dict[str, Floats] = {}
        at = 0
        for q in self.quantities:
            part = u[:, at] if q.each == 1 else u[:, at : at + q.each]
            values[q.name] = q.dist.ppf(part)
            at += q.each
        weight = np.zeros(len(u)) if log_weight is None else log_weight
        return Draws(u, MappingProxyType(values), weight)

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
        for name in overrides:
            if name not in {f.name for f in fields(self)}:
                raise unknown(f"{self.name} quantity", str(name), [f.name for f in fields(self)])
        dists = {name: parse(spec, f"{self.name}.{name}") for name, spec in overrides.items()}
        return replace(self, **dists)

    @property
    def overrides(self) -> dict[str, object]:
        """All distributions in their written form: what `with_overrides` takes."""
        return {q.name: q.dist.spec for q in self.quantities}


RESERVED = {name for kind in (Family, Draws) for name in (*vars(kind), *kind.__annotations__)}
"""Names that families and draws need for themselves."""

FAMILIES: Registry[type[Family]] = Registry("family")

F = TypeVar("F", bound=Family)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(quantity,))
def register(name: str) -> Callable[[type[F]], type[F]]:
    """Make a subclass of Family a frozen dataclass and enter it under `name`.

    Raises:
        UserError: It has no docstring, no quantity, a field that is no quantity, or another's
            name.
    """

    def enter(cls: type[F]) -> type[F]:
        if name in FAMILIES:
            raise UserError(f"family {name}: another family has that name already")
        if not (cls.__doc__ or "").strip():
            raise UserError(f"family {name}: the class needs a docstring: a title and a sketch")
        family = dataclass(frozen=True, kw_only=True)(cls)
        family.name = name
        if not fields(family):
            raise UserError(f"family {name}: declares no quantity (name: Dist = quantity(...))")
        for f in fields(family):
            if f.name in RESERVED:
                raise UserError(f"family {name}: a quantity cannot be called {f.name!r}")
            if "unit" not in f.metadata:
                raise expected(f"family {name}: {f.name}", "a field made by quantity(...)", f.type)
        FAMILIES.register(name)(family)
        return family

    return enter
