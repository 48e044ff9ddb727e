"""What a calibration found: of each quantity a fit, or why it stays as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base.store import software_version
from sim.calibrate.dependence import LEVEL, Pair
from sim.calibrate.evidence import Evidence
from sim.calibrate.fit import CLOSE, Fit
from sim.calibrate.measurements import Measurement
from sim.family import Family, Quantity, Terms

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """A quantity that was fitted.

    Attributes:
        quantity: As the family has it.
        measurement: What it was fitted to.
        values: (n,) inside the bounds.
        outside: Values outside them, which were dropped.
        bounds: Of the quantity and the measurement.
        fit: What came out.
    """

    quantity: Quantity
    measurement: Measurement
    values: Floats
    outside: int
    bounds: tuple[float, float]
    fit: Fit

    @property
    def verdict(self) -> str:
        """`fits`, `close`, `table` or `off`."""
        fit = self.fit
        if fit.fitness is None:
            return "table"
        if fit.fitness.p >= LEVEL:
            return "fits"
        return "close" if fit.distance <= CLOSE else "off"


@dataclass(frozen=True)
class Left:
    """A quantity that stays as it is, and why."""

    quantity: Quantity
    why: str


@dataclass(frozen=True)
class Calibration:
    """A family fitted to recordings.

    Attributes:
        family: Before.
        fitted, left: Its quantities, in its order.
        pairs: Correlations that were looked at.
        kept: Those that the variant has.
        evidence: What it rests on.
        settings: As asked for, for the record.
    """

    family: Family
    fitted: tuple[Fitted, ...]
    left: tuple[Left, ...]
    pairs: tuple[Pair, ...]
    kept: tuple[Pair, ...]
    evidence: Evidence
    settings: dict[str, Any]

    def variant(self, name: str) -> Family:
        """The calibrated variant, under a name of its own.

        Constraints stay. Correlations between quantities that were measured together are those
        found, others stay. How often danger happens is no longer known.
        """
        specs: dict[str, object] = {
            each.quantity.name: each.fit.best.dist.spec for each in self.fitted
        }
        looked = {frozenset((pair.first, pair.second)) for pair in self.pairs}
        terms = self.family.terms
        before = tuple(c for c in terms.correlations if frozenset(c[:2]) not in looked)
        found = tuple((pair.first, pair.second, round(pair.rho, 4)) for pair in self.kept)
        told = Terms(
            name=name,
            title=f"{terms.title.rstrip('.')}, as in {', '.join(sites(self.evidence))}",
            constraints=terms.constraints,
            correlations=(*before, *found),
            fitted=record(self),
        )
        return replace(self.family.with_overrides(specs), variant=told)


def sites(evidence: Evidence) -> tuple[str, ...]:
    """Of the recordings that were measured, sorted."""
    return tuple(sorted({source.site for source in evidence.used}))


def record(found: Calibration) -> dict[str, Any]:
    """What the distributions were fitted on, as plain data that depends on nothing else."""
    return {
        "version": software_version(),
        "estimator": "maximum likelihood given the bounds; intervals 95 %, drawing groups anew",
        **found.settings,
        "logs": _sources(found.evidence),
        "quantities": {each.quantity.name: _entry(each) for each in found.fitted},
        "correlations": [_pair(pair, pair in found.kept) for pair in found.pairs],
        "left": {each.quantity.name: each.why for each in found.left},
    }


def seen_groups(fitted: dict[str, Any]) -> frozenset[str]:
    """The groups that a calibrated variant's `fitted` rests on: none of them may be tested on."""
    logs = fitted.get("logs")
    groups = logs.get("groups", ()) if isinstance(logs, dict) else ()
    return frozenset(str(group) for group in groups)


def _sources(evidence: Evidence) -> dict[str, Any]:
    used = evidence.used
    per_site = {
        site: {
            "recordings": sum(s.site == site for s in used),
            "groups": len({s.group for s in used if s.site == site}),
            "road_user_hours": round(sum(s.hours for s in used if s.site == site), 3),
        }
        for site in sites(evidence)
    }
    return {
        "recordings": len(used),
        "road_user_hours": round(sum(s.hours for s in used), 3),
        "not_plain": len(evidence.sources) - len(used),
        "manifest_sha256": evidence.manifest_sha256,
        "sites": per_site,
        "groups": list(evidence.groups),
    }


def _entry(each: Fitted) -> dict[str, Any]:
    fit = each.fit
    out: dict[str, Any] = {
        "measurement": each.measurement.name,
        "n": len(each.values),
        "outside": each.outside,
        "bounds": [short(x) for x in each.bounds],
        "law": fit.best.name,
        "verdict": each.verdict,
        "parameters": {name: [short(x) for x in three] for name, three in fit.parameters.items()},
        "median": [short(x) for x in fit.quantiles[1]],
        "drawn_anew": f"{fit.units} {fit.unit}s",
        "distance": short(fit.distance),
        "bic": {_label(c.name, c.dist): round(c.bic, 2) for c in fit.candidates},
        "aic": {_label(c.name, c.dist): round(c.aic, 2) for c in fit.candidates},
    }
    if fit.fitness is not None:
        out["statistic"] = {k: short(v) for k, v in fit.fitness.statistic.items()}
        out["p_value"] = {k: short(v) for k, v in fit.fitness.p_value.items()}
    if fit.best.strained:
        out["strained"] = True
    return {key: value for key, value in out.items() if value != {}}


def _label(name: str, dist: Any) -> str:
    """The law's name; a shift tells two lognormals apart."""
    shift = getattr(getattr(dist, "of", dist), "shift", 0.0)
    return f"{name} + {shift:g}" if name == "lognormal" and shift else name


def _pair(pair: Pair, kept: bool) -> dict[str, Any]:
    interval = [short(pair.rho), short(pair.low), short(pair.high)]
    numbers = {"n": pair.n, "p_holm": short(pair.holm), "kept": kept}
    return {"of": [pair.first, pair.second], "rho": interval, **numbers}


def short(value: float) -> float | None:
    """Four significant digits; None for what is not finite."""
    return float(f"{value:.4g}") if np.isfinite(value) else None
