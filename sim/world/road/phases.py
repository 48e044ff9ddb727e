"""Signals of junctions: which arms are green when."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import expected
from sim.world.road.assemble import Many
from sim.world.road.movements import NORTH, SOUTH


def two_phases(
    cycle: ArrayLike = 70.0,
    green: ArrayLike = 30.0,
    amber: ArrayLike = 3.0,
    all_red: ArrayLike = 2.0,
    offset: ArrayLike = 0.0,
    arms: int = 4,
) -> list[Many]:
    """Signals for `junction`: green for the main road, then for the other.

    Args:
        cycle: Period [s].
        green: Of the main road [s]; the other has what is left.
        amber: After either green [s].
        all_red: After either amber [s].
        offset: When the main road's first green begins [s].
        arms: Of the junction.

    Raises:
        UserError: Nothing is left for the other road.
    """
    cycle, green, amber, all_red, offset = (
        np.asarray(v, np.float64) for v in (cycle, green, amber, all_red, offset)
    )
    rest = cycle - green - 2.0 * (amber + all_red)
    if not (rest > 0.0).all():
        raise expected("green", "some of the cycle left for the other road", rest, where="signals")
    main = (cycle, green, amber, offset)
    minor = (cycle, rest, amber, offset + green + amber + all_red)
    return [minor if arm in (SOUTH, NORTH) else main for arm in range(arms)]
