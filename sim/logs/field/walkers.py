"""Who walks and who cycles in the field.

Walking pace 1.34 ± 0.26 m/s (Weidmann 1993, recalled); cyclists 4.7 ± 0.9 m/s (recalled). The
rest is engineering: shares of children and of older people, the gaps that they take, and the
share of those who take gaps that are too short, which grows with the hazard.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.logs.field.failures import Failures

Floats = NDArray[np.float64]

CHILD_SHARE, OLD_SHARE = 0.10, 0.15
CHILD_M, ADULT_M = 0.35, 0.5
CHILD_KG, ADULT_KG = 28.0, 75.0


@dataclass(frozen=True)
class OnFoot:
    """n people.

    Attributes:
        pace: Desired speed [m/s].
        size: Length and width of the box [m].
        mass: [kg].
        margin: Between their own passage and a car's that they leave [s].
        critical_gap: Gap that they take without reckoning [s]; 0: they reckon with `margin`.
        run_factor: Times their pace while a car comes nearer than they would clear.
    """

    pace: Floats
    size: Floats
    mass: Floats
    margin: Floats
    critical_gap: Floats
    run_factor: Floats


def on_foot(n: int, failures: Failures, rng: np.random.Generator) -> OnFoot:
    """Draw n people; children run, and more of them misjudge gaps."""
    kind = rng.random(n)
    child, old = kind < CHILD_SHARE, kind > 1.0 - OLD_SHARE
    pace = np.clip(rng.normal(1.34, 0.26, n), 0.7, 2.2)
    pace = np.where(child, rng.uniform(1.4, 3.0, n), np.where(old, 0.8 * pace, pace))
    bold = rng.random(n) < failures.bold * np.where(child, 3.0, 1.0)
    return OnFoot(
        pace=pace,
        size=np.where(child, CHILD_M, ADULT_M),
        mass=np.where(child, CHILD_KG, ADULT_KG),
        margin=np.clip(rng.lognormal(np.log(2.0), 0.4, n), 0.8, 6.0),
        critical_gap=np.where(bold, rng.uniform(0.8, 2.5, n), 0.0),
        run_factor=np.where(child, 1.3, rng.uniform(1.0, 1.8, n)),
    )


@dataclass(frozen=True)
class OnBicycle:
    """n cyclists: desired speed [m/s], critical gap [s], headway [s] and sway [m], (n,) each."""

    speed: Floats
    critical_gap: Floats
    headway: Floats
    sway: Floats


def on_bicycle(n: int, failures: Failures, rng: np.random.Generator) -> OnBicycle:
    """Draw n cyclists."""
    bold = rng.random(n) < failures.bold
    usual = np.clip(rng.lognormal(np.log(5.0), 0.25, n), 3.0, 9.0)
    return OnBicycle(
        speed=np.clip(rng.normal(4.7, 0.9, n), 2.5, 8.0),
        critical_gap=np.where(bold, rng.uniform(1.5, 3.0, n), usual),
        headway=np.clip(rng.lognormal(np.log(1.0), 0.3, n), 0.5, 2.5),
        sway=rng.uniform(0.05, 0.15, n),
    )
