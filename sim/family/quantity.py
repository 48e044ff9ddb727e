"""A random quantity of a family: a distribution with its unit, its source and how sure that is."""

from __future__ import annotations

from dataclasses import Field, dataclass, field
from typing import Any

from sim.base.dist import Dist, Given, parse_law
from sim.base.errors import UserError, expected, unknown

UNITS: dict[str, str] = {
    "s": "s",
    "m": "m",
    "mps": "m/s",
    "mps2": "m/s²",
    "per_s": "1/s",
    "rad": "rad",
    "share": "share",
    "count": "count",
    "code": "code",
}
"""The unit as column names end in it, and as people read it."""

STATUSES: dict[str, str] = {
    "published": "a source reports it",
    "derived": "computed from published numbers",
    "recalled": "from the literature, not checked against it",
    "engineering": "a default chosen by judgement",
    "replaced": "set by who uses the family",
}
"""How sure a number is, from the surest down."""


@dataclass(frozen=True)
class Quantity:
    """One random quantity as a family declares it.

    Attributes:
        name: The field's name.
        dist: Its distribution, in `unit`.
        unit: A key of `UNITS`.
        source: Where the numbers come from.
        status: A key of `STATUSES`.
        each: How many independent values a scene needs (one a road user, for instance).
        measured: Name of the measurement in recordings that it can be fitted to; may be empty.
    """

    name: str
    dist: Dist | Given
    unit: str
    source: str
    status: str
    each: int
    measured: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names under which its values are kept with every episode."""
        if self.each == 1:
            return (f"{self.name}_{self.unit}",)
        return tuple(f"{self.name}_{k}_{self.unit}" for k in range(self.each))

    @property
    def steps(self) -> tuple[float, ...]:
        """Where its value jumps along its coordinate; empty where it is smooth."""
        return () if isinstance(self.dist, Given) else self.dist.steps

    @property
    def pinned(self) -> bool:
        """Whether it always has the same value."""
        return not isinstance(self.dist, Given) and self.dist.support[0] == self.dist.support[1]


def quantity(
    dist: Dist | Given | float | list[Any],
    *,
    unit: str,
    source: str,
    status: str,
    each: int = 1,
    measured: str = "",
) -> Any:
    """Declare a random quantity as a field of a family.

    Args:
        dist: The distribution, as an object, a list or a number; `Given` (or a list that begins
            with "given") where it depends on another quantity of the family.
        unit: A key of `UNITS`.
        source: Where the numbers come from, in a few words.
        status: A key of `STATUSES`.
        each: How many independent values; the draw then has shape (n, each).
        measured: Name of the measurement in recordings that it can be fitted to.

    Raises:
        UserError: The unit or status is not known, the source is empty, or `each` is not
            a whole number of at least 1.
    """
    if unit not in UNITS:
        raise unknown("unit", str(unit), UNITS)
    if status not in STATUSES:
        raise unknown("status", str(status), STATUSES)
    if not source.strip():
        raise UserError("source: expected the origin of the numbers in a few words, got nothing")
    if isinstance(each, bool) or not isinstance(each, int) or each < 1:
        raise expected("each", "a whole number of at least 1", each)
    about = {"unit": unit, "source": source, "status": status, "each": each}
    return field(default=parse_law(dist, "quantity"), metadata=about | {"measured": measured})


def described(declared: Field[Any], dist: Dist | Given) -> Quantity:
    """The Quantity of a family's field that now holds `dist`.

    Of another distribution than the declared one neither source nor status is the family's.
    """
    about = dict(declared.metadata)
    if dist != declared.default:
        about |= {"source": f"in place of {declared.default}", "status": "replaced"}
    return Quantity(declared.name, dist, **about)
