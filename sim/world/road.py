"""Roads: lanes along s, where they end, what limits them and where they are stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected
from sim.base.soa import Soa

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Road(Soa):
    """R roads with up to L lanes, Z speed zones and K stop lines each.

    Along the road runs s, across it d, left positive; for now x = s and y = d (`to_xy`).
    Lane 0 is the rightmost. Unused places: lanes with `lane_end` <= `lane_start`, zones of
    infinite limit, stop lines at infinite s.

    Attributes:
        length: (R,) users whose centre passes it leave [m].
        speed_limit: (R,) where no zone says otherwise [m/s].
        lane_y: (R, L) centre line's d [m].
        lane_width: (R, L) [m].
        lane_start: (R, L) where the lane begins [m].
        lane_end: (R, L) where it ends; infinite where it goes on [m].
        zone_start: (R, Z) [m].
        zone_end: (R, Z) [m].
        zone_limit: (R, Z) [m/s].
        stop_s: (R, K) the line at which fronts wait, ascending [m].
        stop_cycle: (R, K) period of the signal [s].
        stop_green: (R, K) how long each period is green, from its beginning [s].
        stop_offset: (R, K) when the first green begins [s].
    """

    length: Floats
    speed_limit: Floats
    lane_y: Floats
    lane_width: Floats
    lane_start: Floats
    lane_end: Floats
    zone_start: Floats
    zone_end: Floats
    zone_limit: Floats
    stop_s: Floats
    stop_cycle: Floats
    stop_green: Floats
    stop_offset: Floats

    def __post_init__(self) -> None:
        """Raise `UserError` for shapes that differ or impossible values."""
        self.check_shape(self.length.shape)
        for name in ("length", "speed_limit", "lane_width", "stop_cycle"):
            array = getattr(self, name)
            if not (array > 0.0).all():
                bad = float(array[~(array > 0.0)][0])
                raise expected(name, "a positive number", bad, where="Road")

    def __len__(self) -> int:
        return len(self.length)

    @property
    def lanes(self) -> int:
        """L, the lanes of the widest road."""
        return int(self.lane_y.shape[1])


def straight(
    lanes: int = 3,
    lane_width: ArrayLike = 3.6,
    length: ArrayLike = 2000.0,
    speed_limit: ArrayLike = np.inf,
    drops: Sequence[tuple[int, ArrayLike]] = (),
    zones: Sequence[tuple[ArrayLike, ArrayLike, ArrayLike]] = (),
    stops: Sequence[tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]] = (),
) -> Road:
    """Straight roads, as many as the longest argument has entries.

    Args:
        lanes: Number of lanes.
        lane_width: [m], a number or one a road.
        length: [m], likewise.
        speed_limit: [m/s], likewise.
        drops: Lanes that end: (lane, s where it ends [m]).
        zones: Other limits: (from s [m], to s [m], limit [m/s]).
        stops: Signals: (s of the line [m], cycle [s], green from the cycle's beginning [s],
            beginning of the first green [s]).

    Raises:
        UserError: A lane that ends does not exist, or a size is not positive.

    >>> road = straight(lanes=2, drops=[(1, 800.0)], zones=[(500.0, 900.0, 22.0)])
    >>> len(road), road.lane_y.tolist(), road.lane_end.tolist()
    (1, [[0.0, 3.6]], [[inf, 800.0]])
    """
    if lanes < 1:
        raise expected("lanes", "at least 1 lane", lanes, where="straight")
    parts = [lane_width, length, speed_limit, *(v for part in (*zones, *stops) for v in part)]
    parts += [end for _, end in drops]
    n = np.broadcast_shapes((1,), *(np.shape(part) for part in parts))[0]

    def row(value: ArrayLike) -> Floats:
        return np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), (n,)))

    def columns(places: Sequence[ArrayLike]) -> Floats:
        return np.stack([row(v) for v in places], axis=1) if places else np.empty((n, 0))

    width = columns([lane_width] * lanes)
    end = np.full((n, lanes), np.inf)
    for lane, at in drops:
        if not 0 <= lane < lanes:
            raise expected("drops", f"a lane from 0 to {lanes - 1}", lane, where="straight")
        end[:, lane] = row(at)
    along = np.argsort(columns([k[0] for k in stops]), axis=1, kind="stable")

    def signal(part: int) -> Floats:
        return np.take_along_axis(columns([k[part] for k in stops]), along, axis=1)

    return Road(
        length=row(length),
        speed_limit=row(speed_limit),
        lane_y=width * np.arange(lanes),
        lane_width=width,
        lane_start=np.full((n, lanes), -np.inf),
        lane_end=end,
        zone_start=columns([z[0] for z in zones]),
        zone_end=columns([z[1] for z in zones]),
        zone_limit=columns([z[2] for z in zones]),
        stop_s=signal(0),
        stop_cycle=signal(1),
        stop_green=signal(2),
        stop_offset=signal(3),
    )


def to_xy(s: Floats, d: Floats) -> tuple[Floats, Floats]:
    """Places on the road in the plane [m]; the one function that knows the road's course."""
    return s, d
