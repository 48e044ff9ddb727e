"""Probability of injury and death by the speed of a contact."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from sim.criticality.arrays import Floats, floats
from sim.world.kinds import Kind

KMH_PER_MPS = 3.6

# logit P = intercept + slope * speed in km/h
PEDESTRIAN_DEATH = (-5.725, 0.0890)
PEDESTRIAN_SEVERE = (-4.621, 0.0876)
CYCLIST_SEVERE = (-5.0, 0.080)  # (engineering): 7 % at 30 km/h, 27 % at 50 km/h
OCCUPANT_SEVERE = (-6.0, 0.0925)  # (engineering): 4 % at 30 km/h, 20 % at 50 km/h


def pedestrian_fatality_risk(speed: ArrayLike) -> Floats:
    """Probability that a pedestrian hit by a car's front dies [1].

    NaN where the speed is.

    Args:
        speed: Of the impact [m/s]; of a signed value the size counts.

    Source: logit -5.725 + 0.0890 per km/h, derived from Tefft, Accident Analysis and
    Prevention 50 (2013) 871.

    >>> pedestrian_fatality_risk(np.array([30.0, 50.0]) / 3.6).round(4)
    array([0.045 , 0.2184])
    """
    return _risk(speed, PEDESTRIAN_DEATH)


def pedestrian_injury_risk(speed: ArrayLike) -> Floats:
    """Probability that a pedestrian hit by a car's front is severely injured (AIS 4+) [1].

    NaN where the speed is.

    Args:
        speed: Of the impact [m/s]; of a signed value the size counts.

    Source: logit -4.621 + 0.0876 per km/h, derived from Tefft, Accident Analysis and
    Prevention 50 (2013) 871.

    >>> pedestrian_injury_risk(np.array([30.0, 50.0]) / 3.6).round(4)
    array([0.1199, 0.44  ])
    """
    return _risk(speed, PEDESTRIAN_SEVERE)


def cyclist_injury_risk(delta_v: ArrayLike) -> Floats:
    """Probability that a cyclist or motorcyclist is severely injured (engineering) [1].

    An assumption of this project for ranking contacts, not a published curve. NaN where the
    argument is.

    Args:
        delta_v: Change of the rider's speed [m/s]; of a signed value the size counts.

    >>> cyclist_injury_risk(50.0 / 3.6).round(2)
    np.float64(0.27)
    """
    return _risk(delta_v, CYCLIST_SEVERE)


def occupant_injury_risk(delta_v: ArrayLike) -> Floats:
    """Probability that someone in a car or truck is severely injured (engineering) [1].

    An assumption of this project for ranking contacts, not a published curve. NaN where the
    argument is.

    Args:
        delta_v: Change of the vehicle's speed [m/s]; of a signed value the size counts.

    >>> occupant_injury_risk(50.0 / 3.6).round(2)
    np.float64(0.2)
    """
    return _risk(delta_v, OCCUPANT_SEVERE)


def severe_injury_risk(kind: ArrayLike, impact_speed: ArrayLike, delta_v: ArrayLike) -> Floats:
    """Probability of a severe injury to a road user of any kind in a contact [1].

    Pedestrians by the impact speed (AIS 4+, from Tefft 2013), all others by their delta-v
    (engineering). NaN for an object, which cannot be hurt, for an unknown kind, and where the
    argument that counts is NaN.

    Args:
        kind: Code of `sim.world.kinds.Kind`, of the one who may be hurt.
        impact_speed: Relative speed of the two at contact [m/s].
        delta_v: Change of this one's speed [m/s].

    >>> severe_injury_risk([Kind.PEDESTRIAN, Kind.CAR, Kind.OBJECT], 10.0, 5.0).round(3)
    array([0.187, 0.013,   nan])
    """
    who, speed, change = floats(kind, impact_speed, delta_v)
    risk = np.full(who.shape, np.nan)
    for kinds, value in (
        ((Kind.PEDESTRIAN,), pedestrian_injury_risk(speed)),
        ((Kind.BICYCLE, Kind.MOTORCYCLE), cyclist_injury_risk(change)),
        ((Kind.CAR, Kind.TRUCK), occupant_injury_risk(change)),
    ):
        risk = np.where(np.isin(who, kinds), value, risk)
    return risk


def _risk(speed: ArrayLike, line: tuple[float, float]) -> Floats:
    (v,) = floats(speed)
    return np.asarray(expit(line[0] + line[1] * KMH_PER_MPS * np.abs(v)))
