"""Calibrating a family: each quantity that names a measurement is fitted to it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.dist import Choice, Dist
from sim.base.errors import UserError, expected
from sim.calibrate.dependence import Pair, compatible, correlation, holm
from sim.calibrate.evidence import Evidence
from sim.calibrate.fit import Criterion, Draws, all_alike, fit
from sim.calibrate.intervals import Units
from sim.calibrate.measurements import EVENTS, MEASUREMENTS, Measurement
from sim.calibrate.outcome import Calibration, Fitted, Left
from sim.family import UNITS, Family, Quantity

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class FitSettings:
    """How quantities are fitted.

    Attributes:
        least: With fewer events a quantity stays as it is.
        criterion: By which one of several laws is chosen: bic or aic.
        draws: Of p-values and intervals.
        seed: Of these drawings.
    """

    least: int = 30
    criterion: Criterion = "bic"
    draws: int = 199
    seed: int = 0

    def __post_init__(self) -> None:
        if self.least < 5:
            raise expected("least", "a whole number of events, at least 5", self.least)
        if self.criterion not in get_args(Criterion):
            raise expected("criterion", "bic or aic", self.criterion)
        if not 39 <= self.draws <= 100_000:
            raise expected("draws", "a whole number in 39-100000", self.draws)
        if self.seed < 0:
            raise expected("seed", "a whole number, at least 0", self.seed)


def measured(family: Family) -> dict[str, Measurement]:
    """Quantities that can be fitted, each with its measurement.

    Raises:
        UserError: A quantity names no measurement that there is, or one in another unit.
    """
    out = {}
    for q in family.quantities:
        if not q.measured:
            continue
        try:
            found = MEASUREMENTS[q.measured]
        except UserError as error:
            raise UserError(f"{family.name}.{q.name}: {error}") from None
        if found.unit != q.unit:
            wanted = f"a measurement in {UNITS[q.unit]}"
            actual = f"{found.name} in {UNITS[found.unit]}"
            raise expected(f"{family.name}.{q.name} measured", wanted, actual)
        out[q.name] = found
    return out


def events_of(family: Family) -> tuple[str, ...]:
    """The kinds of event that a family can be fitted to; raises `UserError` where none."""
    found = tuple(sorted({m.event for m in measured(family).values()}))
    if not found:
        raise expected(family.name, "a family with a quantity that is measured in logs", "none")
    return found


def calibrate(
    family: Family, evidence: Evidence, settings: FitSettings | None = None
) -> Calibration:
    """Fit a family's distributions to what recordings show.

    Args:
        family: With quantities that name measurements.
        evidence: Measured with at least `events_of(family)`.
        settings: How.

    Raises:
        UserError: Nothing was measured, or too little for every quantity.
    """
    how = settings or FitSettings()
    known = measured(family)
    _check_any(family, evidence)
    outcomes = [_one(q, known.get(q.name), evidence, how) for q in family.quantities]
    fitted = tuple(each for each in outcomes if isinstance(each, Fitted))
    left = tuple(each for each in outcomes if isinstance(each, Left))
    if not fitted:
        poor = [each for each in left if each.quantity.measured]
        told = "; ".join(f"{each.quantity.name}: {each.why}" for each in poor)
        raise UserError(f"{family.terms.name}: nothing can be fitted ({told}); see the key least")
    pairs = holm(_pairs(fitted, evidence, how))
    names = [each.quantity.name for each in fitted]
    kept = compatible(pairs, names)
    shown = {"criterion": how.criterion, "least": how.least, "seed": how.seed, "draws": how.draws}
    return Calibration(family, fitted, left, pairs, kept, evidence, shown)


def _check_any(family: Family, evidence: Evidence) -> None:
    events = events_of(family)
    if not any(len(evidence.tables[name]) for name in events):
        wanted = f"events of at least one kind ({', '.join(events)}) to fit {family.name} to"
        raise expected("logs", wanted, f"none in {len(evidence.used)} recordings")


def _one(
    q: Quantity, what: Measurement | None, evidence: Evidence, how: FitSettings
) -> Fitted | Left:
    if what is None:
        return Left(q, "no measurement")
    if q.pinned or not isinstance(q.dist, Dist):
        return Left(q, "pinned" if q.pinned else "depends on another quantity")
    bounds = bounds_of(q.dist, what)
    table = evidence.tables[what.event]
    seen = table[what.name].to_numpy(dtype=np.float64)
    inside = _inside(seen, q.dist, bounds)
    outside = int(np.isfinite(seen).sum() - inside.sum())
    x = seen[inside]
    if len(x) < how.least:
        return Left(q, f"{what.name}: {len(x)} events inside the bounds, {outside} outside")
    if all_alike(x):
        return Left(q, f"{what.name}: all {len(x)} values are {x[0]:g}")
    draws = Draws(how.seed, q.name, how.draws)
    units = _units(table[inside])
    found = fit(x, units, q.dist, bounds=bounds, criterion=how.criterion, draws=draws)
    return Fitted(q, what, x, outside, bounds, found)


def bounds_of(dist: Dist, what: Measurement) -> tuple[float, float]:
    """The quantity's own bounds, not below what counts as an event."""
    low, high = dist.support
    return max(low, what.least), high


def _inside(x: Floats, dist: Dist, bounds: tuple[float, float]) -> Bools:
    if isinstance(dist, Choice):
        return np.isin(x, dist.values)
    with np.errstate(invalid="ignore"):
        return np.isfinite(x) & (x >= bounds[0]) & (x <= bounds[1])


def _units(table: pd.DataFrame) -> Units:
    return Units.of_values(
        table["group"].to_numpy(dtype=object), table["episode_id"].to_numpy(dtype=object)
    )


def _pairs(fitted: Sequence[Fitted], evidence: Evidence, how: FitSettings) -> list[Pair]:
    """Correlations of all scene-wide quantities with a density that share their events."""
    single = [f for f in fitted if f.quantity.each == 1 and not f.fit.best.dist.steps]
    out = []
    for a, b in itertools.combinations(single, 2):
        if a.measurement.event != b.measurement.event or a.measurement == b.measurement:
            continue
        table = evidence.tables[a.measurement.event]
        x, y = (table[f.measurement.name].to_numpy(dtype=np.float64) for f in (a, b))
        both = _inside(x, a.quantity.dist, a.bounds) & _inside(y, b.quantity.dist, b.bounds)  # type: ignore[arg-type]
        if both.sum() < how.least:
            continue
        names = (a.quantity.name, b.quantity.name)
        units = _units(table[both])
        out.append(correlation(names, (x[both], y[both]), units, seed=how.seed))
    return out


def says(measurement: Measurement) -> str:
    """What is measured, at what event."""
    return f"{measurement.says}, of {EVENTS[measurement.event].says}"
