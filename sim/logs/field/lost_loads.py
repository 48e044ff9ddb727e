"""Things that fall on the road, and are cleared away again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.logs.field.layout import Standing
from sim.world.kinds import Kind

LOST_LOADS_PER_H = 5.0
"""An hour and site, at hazard 1 (engineering)."""


def lost_loads(
    course: int,
    lanes: Sequence[int],
    length: float,
    seconds: float,
    hazard: float,
    rng: np.random.Generator,
) -> list[Standing]:
    """Draw what lies on the road when and where in a drive, until it is cleared or run over.

    Args:
        course: Along which.
        lanes: In which.
        length: Of the course [m].
        seconds: That the drive is simulated for.
        hazard: As in `FieldSettings`.
        rng: The drive's own stream of random numbers.
    """
    count = rng.poisson(LOST_LOADS_PER_H * hazard * seconds / 3600.0)
    return [
        Standing(
            kind=Kind.OBJECT,
            course=course,
            lane=int(rng.choice(np.asarray(lanes))),
            s_m=float(rng.uniform(0.3 * length, length - 30.0)),
            d_m=float(rng.uniform(-1.0, 1.0)),
            length_m=float(rng.uniform(0.4, 1.5)),
            width_m=float(rng.uniform(0.4, 1.2)),
            from_s=(begins := float(rng.uniform(1.0, seconds))),
            until_s=begins + 10.0 + float(rng.exponential(20.0)),
        )
        for _ in range(count)
    ]
