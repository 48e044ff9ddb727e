"""Do a family's quantities and terms fit each other? Asked whenever one is made."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.base.dist import Given
from sim.base.errors import UserError, clipped, expected, unknown
from sim.family.event import EVENTS
from sim.family.quantity import Quantity
from sim.family.terms import NAME, OUTCOMES, Terms, read_conditions

if TYPE_CHECKING:
    from sim.family.core import Family


def check_family(family: Family) -> None:
    """Raise `UserError` where a family contradicts itself or names what it has not."""
    name = family.terms.name
    _check_written(family.terms)
    by_name = {q.name: q for q in family.quantities}
    for q in family.quantities:
        if isinstance(q.dist, Given):
            _check_given(q.dist, by_name, f"{name}.{q.name}")
    pairs = [frozenset(pair[:2]) for pair in family.terms.correlations]
    for k, (first, second, rho) in enumerate(family.terms.correlations):
        where = f"{name}.correlations"
        if pairs[k] in pairs[:k]:
            raise UserError(f"{where}: {first}, {second}: this pair stands twice")
        for one in (first, second):
            _check_continuous(one, by_name, where)
        if first == second or not -1.0 < rho < 1.0:
            wanted = "two quantities and a number in (-1, 1)"
            raise expected(where, wanted, [first, second, rho])
    for part in ("copula", "conditions"):  # what cannot be is refused where they are made
        getattr(family, part)
    known = {q.name: q.each for q in family.quantities} | dict.fromkeys(OUTCOMES, 1)
    for key in ("always", "never"):
        read_conditions(getattr(family.terms, key), known, f"{name}.{key}")
    _check_seconds(family.seconds, f"{name}.seconds")
    if isinstance(family.tags, str):
        raise expected(f"{name}.tags", "a tuple of words", family.tags)
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


def check_dense(family: Family) -> None:
    """Raise `UserError` where a correlated quantity has no density: it could not vary with another.

    Asked of what is written together. A pin of one that its class correlates is no mistake.
    """
    by_name = {q.name: q for q in family.quantities}
    for name in (name for pair in family.terms.correlations for name in pair[:2]):
        dist = by_name[name].dist
        for law in dist.laws if isinstance(dist, Given) else (dist,):
            if law.steps or law.support[0] == law.support[1]:
                where = f"{family.terms.name}.correlations"
                raise UserError(f"{where}: {name}: expected a density, got {clipped(str(law))}")


def _check_written(terms: Terms) -> None:
    """The shapes of what a class states: nobody else has looked at them yet."""
    if not NAME.fullmatch(terms.name):
        raise expected("name", "small letters, digits and _, a letter first", terms.name)
    for key in ("constraints", "always", "never"):
        texts = getattr(terms, key)
        if not isinstance(texts, (tuple, list)):  # ("a > b") is a text: the comma is missing
            wanted = "a tuple of texts, with a comma also behind a single one"
            raise expected(f"{terms.name}.{key}", wanted, texts)
    for pair in terms.correlations:
        if not isinstance(pair, (tuple, list)) or len(pair) != 3 or not _is_number(pair[2]):
            wanted = "(quantity, quantity, number) each, with a comma also behind a single one"
            raise expected(f"{terms.name}.correlations", wanted, pair)
    band: Any = terms.danger
    if band is None:
        return
    sound = isinstance(band, (tuple, list)) and len(band) == 2 and all(map(_is_number, band))
    if not sound or not 0.0 <= band[0] <= band[1] <= 1.0:
        raise expected(f"{terms.name}.danger", "two shares in rising order in [0, 1]", band)


def _check_seconds(seconds: object, where: str) -> None:
    tenths = 10.0 * seconds if _is_number(seconds) else math.nan  # type: ignore[operator]
    if not 10.0 <= tenths <= 36_000.0 or abs(tenths - round(tenths)) > 1e-6:
        raise expected(where, "whole tenths of a second in [1, 3600]", seconds)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
