"""Who is there at the start, or comes later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.base.soa import Soa
from sim.world.kinds import Kind

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Users(Soa):
    """N road users in each of B scenarios, arrays of shape (B, N); slot 0 is the ego.

    Attributes:
        present: Whether the slot is used at all.
        enter_s: 0: there from the start. Later ones enter at their place from that time [s]
            on, as soon as there is room, no faster than their leader allows.
        leave_s: When they vanish, if not at the road's end before [s]; infinite: never.
        course: Number of the course that they follow for life.
        lane: Lane number, 0 the rightmost.
        s: Centre of the box along the road [m].
        d: Distance kept from the lane's centre line [m], left positive.
        speed: At the start or on entering [m/s].
        length: [m].
        width: [m].
        mass: [kg].
        kind: Code of `Kind`.
    """

    present: NDArray[np.bool_]
    enter_s: Floats
    leave_s: Floats
    course: NDArray[np.int64]
    lane: NDArray[np.int64]
    s: Floats
    d: Floats
    speed: Floats
    length: Floats
    width: Floats
    mass: Floats
    kind: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Raise `UserError` for shapes that differ or impossible values."""
        self.check_shape(self.present.shape)
        self.check_finite(("s", "d"))
        self.check_finite(("enter_s", "speed", "lane", "course"), at_least=0.0)
        if not (self.leave_s >= 0.0).all():
            raise expected("leave_s", "times of at least 0 s", "less or NaN", where="Users")
        for name, unit in (("length", "metres"), ("width", "metres"), ("mass", "kilograms")):
            array = getattr(self, name)
            if not (np.isfinite(array) & (array > 0.0)).all():
                bad = float(array[~(array > 0.0) | ~np.isfinite(array)][0])
                raise expected(name, f"a positive number of {unit}", bad, where="Users")

    @property
    def shape(self) -> tuple[int, ...]:
        """(B, N)."""
        return self.present.shape


SIZES_M: dict[Kind, tuple[float, float]] = {
    Kind.CAR: (4.5, 1.8),
    Kind.TRUCK: (12.0, 2.5),
    Kind.MOTORCYCLE: (2.1, 0.8),
    Kind.BICYCLE: (1.8, 0.6),
    Kind.PEDESTRIAN: (0.5, 0.5),
    Kind.OBJECT: (1.0, 1.0),
}
"""Usual length and width [m] of each kind (engineering)."""

MASSES_KG: dict[Kind, float] = {
    Kind.CAR: 1500.0,
    Kind.TRUCK: 15000.0,
    Kind.MOTORCYCLE: 280.0,
    Kind.BICYCLE: 90.0,
    Kind.PEDESTRIAN: 75.0,
    Kind.OBJECT: 50.0,
}
"""Usual mass with its rider [kg] of each kind (engineering)."""
