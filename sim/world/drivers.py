"""How each road user drives: one number a driver and trait."""

# ruff: noqa: RUF009 - a trait is a field specifier, evaluated once as it should be

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected, unknown
from sim.base.soa import Soa, frozen, whole_numbers
from sim.laws.follow import Law

Floats = NDArray[np.float64]


def _trait(default: float, least: float = 0.0) -> Any:
    return field(metadata={"default": default, "least": least})


@dataclass(frozen=True)
class Drivers(Soa):
    """N drivers in each of B scenarios, arrays of shape (B, N).

    Defaults are IDM's and MOBIL's published ones for a motorway, and no imperfection.

    Attributes:
        law: Id of `Law`: IDM 0, GIPPS 1, KRAUSS 2, FREE 3 (heeds nobody), WALK 4 (on foot), ACC 5.
        desired_speed: [m/s]; held under the road's limit times `limit_factor`.
        limit_factor: Share of the speed limit that is driven.
        headway: Time headway in equilibrium [s].
        min_gap: Gap at standstill [m].
        accel_max: [m/s²].
        brake_comfort: [m/s²], positive.
        brake_max: Hardest braking by the law [m/s²], positive.
        reaction_s: Delay of all perception of the leader [s]; the leader is seen as it was
            and thought to have gone on at constant speed since.
        changes_lanes: 0 or 1: whether the driver changes lanes of its own will (MOBIL).
        politeness: MOBIL's p.
        change_threshold: Least incentive for a change [m/s²].
        keep_right: Bias towards the lane on the right [m/s²].
        brake_safe: Hardest braking that a change may ask of anyone [m/s²], positive.
        change_pause_s: Least time between two changes [s].
        lateral_speed: Largest speed across the lane [m/s].
        signals: 0 or 1: whether a change of its own will is seen from its beginning by those
            behind in the new lane; without, and when ordered, only once the box is in it.
        merge_m: Distance before the end of a lane at which leaving it becomes a must [m];
            small for late mergers.
        lapse_rate_per_s: Attention lapses per attentive second [1/s]. In a lapse the leader
            is thought to go on as last seen, and no lane change is begun.
        lapse_median_s: Median length of a lapse [s].
        lapse_sigma: Standard deviation of its logarithm.
        overlook_share: Probability that the driver overlooks a road user other than its leader
            for some 3 s (looked but failed to see), twice that for motorcycles, bicycles and
            people on foot. Whom it waits for already it does not overlook.
        judgement_sigma: Standard deviation of the logarithm of the error in judging when a
            rival arrives, the same for each pair throughout.
        speed_noise: Relative standard deviation of the desired speed (Ornstein-Uhlenbeck).
        speed_noise_s: Its time constant [s].
        accel_noise: Standard deviation of the acceleration [m/s²] (Ornstein-Uhlenbeck).
        accel_noise_s: Its time constant [s].
        sway_m: Standard deviation of the place in the lane [m] (Ornstein-Uhlenbeck).
        sway_s: Its time constant [s].
        coolness: Of the law ACC: 1 trusts that nobody brakes at the limit, 0 is IDM's own fear.
        clearance_m: Room that is enough to pass within the lane [m]: only whose box is nearer
            to the own way is followed. 0: who is in the lane is followed.
        critical_gap_s: Least time before the next who has priority that is taken for a gap
            [s]; 0: as long as the own passage takes, and `margin_s`.
        impatience_s: Time constant with which waiting at a line halves the critical gap, or
            `margin_s` where that is 0 [s]; 0: never.
        margin_s: Between the own passage and a rival's, whoever comes first [s].
        hesitate_s: From the first gap that would do until it is used [s].
        run_factor: Times the desired speed while somebody comes nearer than one would clear.
        stop_m: Where along its course the front stops as planned [m],
        stop_for_s: how long [s]; 0: no such stop,
        stop_aside_m: and so far to the right of its place in the lane [m]; from there it joins the
            lane again when the next behind leaves a critical gap.
        aeb: 0 or 1: whether emergency braking acts by itself, at once and without lapses.
        dynamics: 0 kinematic, 1 a single-track model with tyres that slip.
        held: 0 or 1: keeps its initial speed, heeding nobody, until an order.

    Source: IDM and MOBIL values from Treiber and Kesting, Traffic Flow Dynamics, 2nd ed.,
    tables 12.2 and 15.1.
    """

    law: NDArray[np.int64] = _trait(0)
    desired_speed: Floats = _trait(33.3)
    limit_factor: Floats = _trait(1.0)
    headway: Floats = _trait(1.4)
    min_gap: Floats = _trait(2.0)
    accel_max: Floats = _trait(1.4, 1e-3)
    brake_comfort: Floats = _trait(2.0, 1e-3)
    brake_max: Floats = _trait(8.0)
    reaction_s: Floats = _trait(0.0)
    changes_lanes: NDArray[np.int64] = _trait(1)
    politeness: Floats = _trait(0.2)
    change_threshold: Floats = _trait(0.1)
    keep_right: Floats = _trait(0.0)
    brake_safe: Floats = _trait(4.0)
    change_pause_s: Floats = _trait(4.0)
    lateral_speed: Floats = _trait(1.0)
    signals: NDArray[np.int64] = _trait(1)
    merge_m: Floats = _trait(250.0)
    lapse_rate_per_s: Floats = _trait(0.0)
    lapse_median_s: Floats = _trait(1.0)
    lapse_sigma: Floats = _trait(0.5)
    overlook_share: Floats = _trait(0.0)
    judgement_sigma: Floats = _trait(0.0)
    speed_noise: Floats = _trait(0.0)
    speed_noise_s: Floats = _trait(20.0, 1e-3)
    accel_noise: Floats = _trait(0.0)
    accel_noise_s: Floats = _trait(1.5, 1e-3)
    sway_m: Floats = _trait(0.0)
    sway_s: Floats = _trait(4.0, 1e-3)
    coolness: Floats = _trait(0.99)
    clearance_m: Floats = _trait(0.0)
    critical_gap_s: Floats = _trait(4.87)
    impatience_s: Floats = _trait(0.0)
    margin_s: Floats = _trait(1.0)
    hesitate_s: Floats = _trait(0.0)
    run_factor: Floats = _trait(1.0)
    stop_m: Floats = _trait(0.0)
    stop_for_s: Floats = _trait(0.0)
    stop_aside_m: Floats = _trait(0.0)
    aeb: NDArray[np.int64] = _trait(0)
    dynamics: NDArray[np.int64] = _trait(0)
    held: NDArray[np.int64] = _trait(0)

    def __post_init__(self) -> None:
        """Raise `UserError` for shapes that differ or values out of range."""
        self.check_shape(self.law.shape)
        for trait in fields(self):
            self.check_finite((trait.name,), at_least=trait.metadata["least"])
        if (self.law > max(Law)).any():
            raise expected("law", "an id of Law", int(self.law.max()), where="Drivers")
        for name in sorted(INTEGER - {"law"}):
            if (getattr(self, name) > 1).any():
                raise expected(name, "0 or 1", int(getattr(self, name).max()), where="Drivers")

    @classmethod
    def of(cls, shape: tuple[int, ...], **traits: ArrayLike) -> Drivers:
        """Drivers of `shape` with the defaults, but for the traits given.

        Args:
            shape: (B, N).
            traits: Numbers or arrays that broadcast to `shape`; `law` also by name.

        Raises:
            UserError: No trait has that name, or a value is out of range.
        """
        known = {trait.name: trait for trait in fields(cls)}
        for name in traits:
            if name not in known:
                raise unknown("driver's trait", name, known)
        columns = {}
        for name, trait in known.items():
            value = traits.get(name, trait.metadata["default"])
            value = np.asarray(law_id(value) if name == "law" else value)
            if name in INTEGER:
                value = whole_numbers(name, value, where="Drivers")
            columns[name] = frozen(value, shape, value.dtype if name in INTEGER else np.float64)
        return cls(**columns)


INTEGER = frozenset({"law", "changes_lanes", "signals", "aeb", "dynamics", "held"})


def law_id(value: ArrayLike) -> ArrayLike:
    """The id of a law given by name, or what came.

    >>> law_id("krauss")
    2
    """
    if not isinstance(value, str):
        return value
    names = {law.name.lower(): int(law) for law in Law}
    if value not in names:
        raise unknown("law", value, names)
    return names[value]
