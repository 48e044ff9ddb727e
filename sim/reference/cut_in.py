"""A cut-in met by one of the reference drivers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected
from sim.reference import kernel
from sim.reference.checks import within
from sim.reference.drivers import Driver, driver_id

LENGTH_M, WIDTH_M = 4.3, 1.9  # of both vehicles
LATERAL_GAP_M = 1.6  # two cars of that width in the middle of lanes of 3.5 m
LATERAL_ACCEL = 1.5  # m/s²
DRIFT_MAX = 20.0  # m/s

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CutIns:
    """What came of cut-ins; every array has the shape to which the arguments broadcast."""

    crashed: NDArray[np.bool_]
    side_hit: NDArray[np.bool_]
    """Whether the two were side by side a step before they touched."""
    time: Floats
    """Of the crash, since `gap` and `lateral_gap` held [s]; NaN without one."""
    impact_speed: Floats
    """The ego's speed minus the other's at the crash [m/s]; NaN without one."""
    min_gap: Floats
    """Smallest distance of the two boxes at any step until the run ends [m]; 0 in a crash."""
    strongest_brake: Floats
    """Hardest deceleration of the ego [m/s²], 0 if it never braked."""


def cut_in(
    driver: Driver | str,
    *,
    ego_speed: ArrayLike,
    other_speed: ArrayLike,
    gap: ArrayLike,
    lateral_speed: ArrayLike,
    lateral_gap: ArrayLike = LATERAL_GAP_M,
    lateral_accel: float = LATERAL_ACCEL,
    length: float = LENGTH_M,
    width: float = WIDTH_M,
) -> CutIns:
    """Let a reference driver meet cut-ins; the arguments broadcast.

    Two equal, parallel boxes on neighbouring lanes. The other's speed along the road is
    constant; its lateral speed grows evenly from 0 to `lateral_speed`, at which moment `gap`
    and `lateral_gap` hold, and drops to 0 in the middle of the ego's lane. The ego keeps its
    lane and does nothing but brake. Steps of 0.1 s, speed before position, until contact,
    until 35 s have passed, or until the careful driver judges the cut-in harmless, which counts
    as avoided. Side hits are crashes too; boxes that only touch are none.

    Args:
        driver: `careful`, `reg157`, `rss` or `fsm`.
        ego_speed: [m/s], 0 to 150.
        other_speed: [m/s], 0 to 150.
        gap: Bumper to bumper, the other ahead [m], 0 to 10 000.
        lateral_speed: The other's, towards the ego [m/s], 0 to 20; 0 never cuts in.
        lateral_gap: Side to side [m], 0 to 100.
        lateral_accel: Growth of the lateral speed [m/s²], 0.1 to 1000.
        length: Of either vehicle [m], 0.1 to 50; of two that differ, the mean.
        width: Of either vehicle [m], 0.1 to 10; of two that differ, the mean.

    Raises:
        UserError: No such driver; a number missing, NaN or outside its range; shapes that do
            not broadcast.

    Source: the cut-ins of Mattas et al., Accident Analysis & Prevention (2022), PubMed
    35700684 (program: ec-jrc/JRC-FSM).

    >>> run = cut_in("fsm", ego_speed=16.7, other_speed=5.6, gap=[10, 40], lateral_speed=1.2)
    >>> run.crashed
    array([ True, False])
    """
    number = driver_id(driver)
    cells = _cells(ego_speed, other_speed, gap, lateral_speed, lateral_gap)
    v, u, g, w, y = (np.array(part).reshape(-1) for part in cells)
    told = kernel.run_cut_ins(
        number,
        v,
        u,
        g,
        w,
        y,
        float(within("lateral_accel", lateral_accel, 0.1, 1000.0, "m/s²", one=True)),
        float(within("length", length, 0.1, 50.0, "m", one=True)),
        float(within("width", width, 0.1, 10.0, "m", one=True)),
    ).reshape(*cells[0].shape, 6)
    return CutIns(
        crashed=told[..., kernel.CRASHED] > 0.0,
        side_hit=told[..., kernel.SIDE] > 0.0,
        time=told[..., kernel.TIME],
        impact_speed=told[..., kernel.IMPACT],
        min_gap=told[..., kernel.MIN_GAP],
        strongest_brake=told[..., kernel.BRAKE],
    )


def _cells(
    ego_speed: ArrayLike,
    other_speed: ArrayLike,
    gap: ArrayLike,
    lateral_speed: ArrayLike,
    lateral_gap: ArrayLike,
) -> tuple[Floats, ...]:
    """The checked arguments, broadcast against each other."""
    parts = (
        within("ego_speed", ego_speed, 0.0, 150.0, "m/s"),
        within("other_speed", other_speed, 0.0, 150.0, "m/s"),
        within("gap", gap, 0.0, 1e4, "m"),
        within("lateral_speed", lateral_speed, 0.0, DRIFT_MAX, "m/s"),
        within("lateral_gap", lateral_gap, 0.0, 100.0, "m"),
    )
    try:
        return tuple(np.broadcast_arrays(*parts))
    except ValueError:
        shapes = [part.shape for part in parts]
        raise expected("cut_in", "arguments whose shapes broadcast", shapes) from None
