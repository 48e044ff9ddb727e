"""Do a family's quantities and terms fit each other? Asked whenever one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.base.dist import Given
from sim.base.errors import expected, unknown
from sim.family.event import EVENTS
from sim.family.quantity import Quantity
from sim.family.terms import OUTCOMES, read_conditions

if TYPE_CHECKING:
    from sim.family.core import Family


def check_family(family: Family) -> None:
    """Raise `UserError` where a family contradicts itself or names what it has not."""
    name = family.terms.name
    by_name = {q.name: q for q in family.quantities}
    for q in family.quantities:
        if isinstance(q.dist, Given):
            _check_given(q.dist, by_name, f"{name}.{q.name}")
    for first, second, rho in family.terms.correlations:
        where = f"{name}.correlations"
        for one in (first, second):
            _check_continuous(one, by_name, where)
        if first == second or not -1.0 < rho < 1.0:
            wanted = "two quantities and a number in (-1, 1)"
            raise expected(where, wanted, [first, second, rho])
    assert family.copula is not None  # refuses correlations that contradict each other
    assert family.conditions is not None  # refuses constraints that cannot be read
    for key in ("always", "never"):
        read_conditions(getattr(family.terms, key), [*by_name, *OUTCOMES], f"{name}.{key}")
    _check_band(family.terms.danger, f"{name}.danger")
    if family.event not in EVENTS:
        raise unknown(f"{name}.event", family.event, EVENTS)


def _check_given(given: Given, known: dict[str, Quantity], where: str) -> None:
    if given.on not in known:
        raise unknown(f"{where}: given", given.on, known)
    if known[given.on].each > 1 or isinstance(known[given.on].dist, Given):
        wanted = "a quantity of the whole scene that depends on no other"
        raise expected(f"{where}: given", wanted, given.on)


def _check_continuous(name: str, known: dict[str, Quantity], where: str) -> None:
    if name not in known:
        raise unknown(where, name, known)
    if known[name].each > 1 or known[name].steps:
        raise expected(where, "quantities of the whole scene with a density", name)


def _check_band(band: tuple[float, float] | None, where: str) -> None:
    if band is None:
        return
    if len(band) != 2 or not 0.0 <= band[0] <= band[1] <= 1.0:
        raise expected(where, "two shares in rising order in [0, 1]", list(band))
