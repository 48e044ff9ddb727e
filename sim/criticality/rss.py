"""Safe distances of responsibility-sensitive safety."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.criticality.arrays import Floats, floats, not_negative, positive


def rss_longitudinal(
    ego_speed: ArrayLike,
    lead_speed: ArrayLike,
    reaction_time: ArrayLike,
    accel_max: ArrayLike,
    brake_min: ArrayLike,
    brake_max: ArrayLike,
) -> Floats:
    """Safe gap behind a lead in the same direction [m], 0 or positive.

        [v rho + ½ a rho² + (v + rho a)² / (2 b_min) - u² / (2 b_max)]+

    NaN where an argument is, and where a speed is negative: the rule for the same direction
    says nothing about a road user that reverses.

    Args:
        ego_speed: v [m/s].
        lead_speed: u [m/s].
        reaction_time: rho [s].
        accel_max: a, largest acceleration of the ego while it reacts [m/s²].
        brake_min: b_min, deceleration that the ego will at least reach [m/s²].
        brake_max: b_max, deceleration that the lead will at most reach [m/s²].

    Raises:
        UserError: A deceleration is not positive, or `reaction_time` or `accel_max` negative.

    Source: Shalev-Shwartz, Shammah and Shashua, arXiv 1708.06374, definition 1 and lemma 2.

    >>> rss_longitudinal(20.0, [10.0, 40.0], 1.0, 2.0, 4.0, 8.0)
    array([75.25,  0.  ])
    """
    rho = not_negative("reaction_time", reaction_time, "s")
    a = not_negative("accel_max", accel_max, "m/s²")
    b_min = positive("brake_min", brake_min, "m/s²")
    b_max = positive("brake_max", brake_max, "m/s²")
    v, u, rho, a, b_min, b_max = floats(ego_speed, lead_speed, rho, a, b_min, b_max)
    own = v * rho + 0.5 * a * rho**2 + (v + rho * a) ** 2 / (2.0 * b_min)
    safe = np.maximum(own - u * u / (2.0 * b_max), 0.0)
    return np.where((v < 0.0) | (u < 0.0), np.nan, safe)


def rss_lateral(
    first_speed: ArrayLike,
    second_speed: ArrayLike,
    reaction_time: ArrayLike,
    accel_max: ArrayLike,
    brake_min: ArrayLike,
    margin: ArrayLike,
) -> Floats:
    """Safe lateral distance of two road users side by side [m], at least the margin.

        mu + [s(v1) + s(v2)]+,  s(v) = v rho + ½ a rho² + (v + a rho)² / (2 b)

    Both get the same accelerations. The formula is the published one: its last term also
    counts for a user that still moves away after rho, on the safe side. NaN where an argument
    is.

    Args:
        first_speed: v1, lateral, positive towards the other [m/s].
        second_speed: v2, lateral, positive towards the other [m/s].
        reaction_time: rho [s].
        accel_max: a, largest lateral acceleration towards the other while reacting [m/s²].
        brake_min: b, lateral deceleration that both will at least reach [m/s²].
        margin: mu, for swaying within the lane [m].

    Raises:
        UserError: `brake_min` is not positive, or another parameter is negative.

    Source: Shalev-Shwartz, Shammah and Shashua, arXiv 1708.06374, definition 6.

    >>> rss_lateral([1.0, -1.0], 0.0, 1.0, 0.0, 1.0, 0.5)
    array([2. , 0.5])
    """
    rho = not_negative("reaction_time", reaction_time, "s")
    a = not_negative("accel_max", accel_max, "m/s²")
    b = positive("brake_min", brake_min, "m/s²")
    mu = not_negative("margin", margin, "m")
    v1, v2, rho, a, b, mu = floats(first_speed, second_speed, rho, a, b, mu)
    way = _way(v1, rho, a, b) + _way(v2, rho, a, b)
    return np.asarray(mu + np.maximum(way, 0.0))


def _way(v: Floats, rho: Floats, a: Floats, b: Floats) -> Floats:
    return np.asarray(v * rho + 0.5 * a * rho**2 + (v + a * rho) ** 2 / (2.0 * b))
