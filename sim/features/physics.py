"""Surrogate measures of safety from sensed gaps and speeds, finite for any input."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit

GAP_MIN_M = 0.5
"""Sensed gaps below this are taken as this, so that noise near contact stays finite."""


@njit
def inverse_ttc(gap: float, closing: float) -> float:
    """Closing speed over gap [1/s]; negative when the gap opens."""
    return closing / max(gap, GAP_MIN_M)


@njit
def inverse_mttc(gap: float, closing: float, closing_accel: float) -> float:
    """Inverse of the smallest positive root of g - c t - a t²/2 [1/s]; 0 if there is none.

    With s = 1/t the roots are those of g s² - c s - a/2, and the smallest t is the largest s.

    Source: Ozbay, Yang, Bartin, Mudigonda, Transportation Research Record 2083 (2008) 105.
    """
    g = max(gap, GAP_MIN_M)
    inside = closing * closing + 2.0 * g * closing_accel
    if inside < 0.0:
        return 0.0
    return float(max((closing + np.sqrt(inside)) / (2.0 * g), 0.0))


@njit
def sensed_drac(gap: float, closing: float) -> float:
    """c²/2g [m/s²], 0 when not approaching."""
    c = max(closing, 0.0)
    return 0.5 * c * c / max(gap, GAP_MIN_M)


@njit
def required_deceleration(gap: float, closing: float, lead_accel: float) -> float:
    """Deceleration that avoids contact with a lead that keeps its own [m/s²].

    c²/2g - a_lead, at least 0; 0 when not approaching.
    """
    if closing <= 0.0:
        return 0.0
    return max(sensed_drac(gap, closing) - lead_accel, 0.0)


Scores = dict[str, NDArray[np.float64]]

PHYSICS: dict[str, str] = {
    "physics_ttc": "lead_inverse_ttc_per_s",
    "physics_mttc": "lead_inverse_mttc_per_s",
    "physics_drac": "lead_drac_mps2",
    "physics_areq": "lead_required_mps2",
    "physics_ttc2": "second_inverse_ttc_per_s",
    "physics_closing2": "second_closing2_per_s",
    "physics_thw": "lead_inverse_headway_per_s",
}
"""Arms of the study without a model, and the feature that each of them is."""

PLANE_PHYSICS: dict[str, str] = {
    "physics_ttc_2d": "threat_inverse_ttc_per_s",
    "physics_crossing": "threat_urgency_per_s",
}
"""The same where conflicts in the plane count."""


def physics_scores(columns: tuple[str, ...], X: NDArray[np.float32]) -> Scores:
    """The physics arms' scores (n,) of feature rows (n, d): more is more dangerous.

    0 where the road user concerned is not seen or not approached. Those of the plane are left
    out where the rows do not tell of it.
    """
    arms = PHYSICS | {k: v for k, v in PLANE_PHYSICS.items() if v in columns}
    return {
        name: np.maximum(np.nan_to_num(X[:, columns.index(column)].astype(float)), 0.0)
        for name, column in arms.items()
    }
