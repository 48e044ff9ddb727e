"""Every measure of every two road users that come near each other, frame by frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import expected, unknown
from sim.criticality.ahead import ahead, nearest
from sim.criticality.drac import drac, required_deceleration
from sim.criticality.encounter import dce, distance, ttce
from sim.criticality.neighbours import neighbours
from sim.criticality.road_user import RoadUser
from sim.criticality.thw import thw
from sim.criticality.ttc import ttc
from sim.criticality.ttc_2d import ttc_2d
from sim.criticality.wttc import wttc
from sim.world.kinds import Kind
from sim.world.log import LOG_STEP_S, Log
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WORST_ACCEL_MPS2: dict[Kind, float] = {
    Kind.CAR: 8.0,
    Kind.TRUCK: 6.0,
    Kind.MOTORCYCLE: 8.0,
    Kind.BICYCLE: 4.0,
    Kind.PEDESTRIAN: 3.0,
    Kind.OBJECT: 0.0,
}
"""Largest acceleration in any direction of each kind, for WTTC (engineering)."""

BATCH = 250_000  # pairs: some 60 MB of working arrays


@dataclass(frozen=True)
class Near:
    """P pairs of one batch: rows `first` < `second`, and both views of each, first's first."""

    rows: Rows
    first: Ints
    second: Ints
    ego: Ints
    other: Ints
    gap: Floats
    along: Floats

    @property
    def two(self) -> tuple[RoadUser, RoadUser]:
        """Both road users, (P,)."""
        return _user(self.rows, self.first), _user(self.rows, self.second)

    @property
    def line(self) -> tuple[Floats, Floats, Floats]:
        """Gap, ego speed and lead speed, (2 P,)."""
        return self.gap, self.rows.speed[self.ego], self.along


def _twice(value: Floats) -> Floats:
    """What is the same for both of a pair."""
    return np.concatenate([value, value])


def _wttc(near: Near) -> Floats:
    worst = np.array([WORST_ACCEL_MPS2[kind] for kind in Kind])
    a1, a2 = (worst[near.rows.kind[at]] for at in (near.first, near.second))
    return _twice(wttc(*near.two, a1, a2))


MEASURES: dict[str, tuple[str, Callable[[Near], Floats]]] = {
    "distance": ("distance_m", lambda near: _twice(distance(*near.two))),
    "gap": ("gap_m", lambda near: near.gap),
    "ttc": ("ttc_s", lambda near: ttc(*near.line)),
    "ttc_2d": ("ttc_2d_s", lambda near: _twice(ttc_2d(*near.two))),
    "thw": ("thw_s", lambda near: thw(*near.line[:2])),
    "drac": ("drac_mps2", lambda near: drac(*near.line)),
    "required": (
        "required_mps2",
        lambda near: required_deceleration(*near.line, near.rows.accel[near.other]),
    ),
    "wttc": ("wttc_s", _wttc),
    "ttce": ("ttce_s", lambda near: _twice(ttce(*near.two))),
    "dce": ("dce_m", lambda near: _twice(dce(*near.two))),
}
"""Column and function of each measure that `pairs` knows."""


def pairs(
    log: Log, *, range_m: float = 50.0, metrics: Sequence[str] = tuple(MEASURES)
) -> pd.DataFrame:
    """One row for each frame, ego and other within range, for every kind of road user.

    Args:
        log: Any Log, recorded or simulated.
        range_m: Largest distance of the centres [m].
        metrics: Names of `MEASURES`.

    Returns:
        Columns `episode_id`, `frame`, `t_s`, `ego_id`, `other_id`, `lead` (the other is the
        nearest in the ego's way) and one a metric, sorted by the first five. `gap_m`, `ttc_s`,
        `thw_s`, `drac_mps2` and `required_mps2` are those of following and NaN where the
        other is not in the ego's way (`sim.criticality.ahead`); the others are of the plane
        and the same both ways. `required_mps2` is NaN too where the lead's acceleration is.
        Post-encroachment time belongs to a pair, not to a frame: see `summary`.

    Raises:
        UserError: A metric is unknown, or `range_m` not a positive number.
    """
    tables = list(iter_pairs(log, range_m=range_m, metrics=metrics))
    if not tables:
        tables = [_table(log, _near(Rows.of(log), *np.empty((2, 0), np.int64)), metrics)]
    return pd.concat(tables, ignore_index=True)


def iter_pairs(
    log: Log,
    *,
    range_m: float = 50.0,
    metrics: Sequence[str] = tuple(MEASURES),
    batch: int = BATCH,
) -> Iterator[pd.DataFrame]:
    """The table of `pairs` in parts of whole frames, so that memory stays bounded.

    Args:
        log: Any Log.
        range_m: As for `pairs`.
        metrics: As for `pairs`.
        batch: Pairs a part, of two rows each.

    Raises:
        UserError: As for `pairs`.
    """
    for name in metrics:
        if name not in MEASURES:
            raise unknown("metric", name, MEASURES)
    for near in near_pairs(log, range_m, batch):
        yield _table(log, near, metrics)


def near_pairs(log: Log, range_m: float, batch: int) -> Iterator[Near]:
    """Batches of the pairs within range."""
    if not (np.isfinite(range_m) and range_m > 0.0):
        raise expected("range_m", "a positive number of metres", range_m)
    rows = Rows.of(log)
    for first, second in neighbours(rows, range_m, batch):
        yield _near(rows, first, second)


def _near(rows: Rows, first: Ints, second: Ints) -> Near:
    ego, other = np.concatenate([first, second]), np.concatenate([second, first])
    return Near(rows, first, second, ego, other, *ahead(rows, ego, other))


def _user(rows: Rows, at: Ints) -> RoadUser:
    return RoadUser(
        rows.x[at], rows.y[at], rows.yaw[at], rows.speed[at], rows.length[at], rows.width[at]
    )


def _table(log: Log, near: Near, metrics: Sequence[str]) -> pd.DataFrame:
    rows = near.rows
    order = np.lexsort((near.other, near.ego))  # rows are sorted by episode, frame and track
    ego, other = near.ego[order], near.other[order]
    names = log.tracks["episode_id"].cat.categories
    columns = {
        "episode_id": pd.Categorical.from_codes(rows.episode[ego], categories=names),
        "frame": rows.frame[ego].astype(np.int32),
        "t_s": rows.frame[ego] * LOG_STEP_S,
        "ego_id": rows.track[ego],
        "other_id": rows.track[other],
        "lead": nearest(near.ego, near.gap, len(rows))[order],
    }
    for name in metrics:
        column, measure = MEASURES[name]
        columns[column] = measure(near)[order]
    return pd.DataFrame(columns)
