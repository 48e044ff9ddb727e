"""Units that contradict one another: displacement against stated speed, heading and size.

A file that is wrong throughout by a known factor has a wrong unit or frame rate. It is refused
with the unit that fits, since every measure of it would be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import UserError
from sim.logs.motion import wrap
from sim.world.kinds import Kind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WINDOW_S = 1.0
"""Displacements are taken over about this long, in the file's own time."""
AGREES = 1.15
"""Stated speeds within this factor of the displacement's agree."""
SAME, SAME_SHARE = 1.1, 0.8
"""A wrong unit shifts every row alike: this share of the moving rows must lie this close to the
file's factor. Where speeds and positions agree, 0.87 to 1.00 of the rows do."""
NEAR, NEAR_SAME, NEAR_S = 2.0, 1.05, 3.0
"""A factor within 2 can come from a filter that smooths speeds: single cars of DUT show 0.87 to
1.9 for 1 to 3 s. It must be shared within 1.05, over 3 s."""
KNOWN_WITHIN = 1.035
"""A factor this close to that of a unit is that of the unit: ft/s (0.305) and km/h (0.278) lie
1.10 apart, 24 and 25 frames a second 1.04."""
SLOWEST_MPS = 2.0
"""Slower displacement and speed (their geometric mean) are no evidence on speed: cars that creep
through a crowd at 1 m/s show up to 1.34 times the speed stated,"""
TURNED_MPS = 2.0
"""and slower displacement none on heading."""
HEADING_OFF_RAD = 0.35
HEADING_OFF_SHARE = 0.25
"""Share of tracks off by more at the median that is looked into. Of 194 real recordings one has
such a track at all (DUT, 1 of 3, a filtered heading), and no convention fits that one."""
HEADING_FITS_RAD, HEADING_FITS_SHARE = 0.2, 0.95
"""A convention fits where nearly all moving tracks are this close to it."""
HEADING_TRACKS, FULL_TURN_RAD = 2, 6.5
"""Of eight conventions one fits a single wrong heading by chance: two tracks are needed, but for
degrees that no radian heading reaches."""
REVERSING_SHARE, REVERSING_TRACKS = 0.5, 3
"""Some vehicles reverse; not most of several."""
FEET_WIDTH_M, FEET_LENGTH_M = (4.5, 8.5), (11.0, 22.0)
"""Median width and length of cars within both: 6 by 15 ft."""

_FACTORS = {
    1.0 / 3.6: "speeds in km/h (divide them by 3.6)",
    0.44704: "speeds in mph (multiply them by 0.447)",
    0.3048: "speeds in ft/s (multiply them by 0.3048)",
    0.51444: "speeds in knots (multiply them by 0.514)",
    3.28084: "positions in feet (multiply them by 0.3048)",
    3.6: "speeds divided by 3.6 once too often",
    2.23694: "positions for speeds in mph, divided by 2.237 once too often",
    100.0: "positions in centimetres (divide them by 100)",
    1000.0: "positions in millimetres (divide them by 1000)",
    0.001: "times in milliseconds (divide them by 1000)",
}
"""Displacement speed over stated speed."""
_RATES_HZ = (1.0, 2.0, 2.5, 5.0, 10.0, 12.0, 12.5, 15.0, 20.0, 24.0, 25.0, 30.0, 50.0, 60.0, 100.0)
_CONVENTIONS = {
    "degrees, counter-clockwise from +x (convert them to radians)": (1.0, 0.0, True),
    "degrees, clockwise from north (yaw = pi/2 - heading * pi/180)": (-1.0, np.pi / 2, True),
    "degrees, counter-clockwise from north (yaw = pi/2 + heading * pi/180)": (
        1.0,
        np.pi / 2,
        True,
    ),
    "degrees, clockwise from +x (yaw = -heading * pi/180)": (-1.0, 0.0, True),
    "radians, clockwise from north (yaw = pi/2 - heading)": (-1.0, np.pi / 2, False),
    "radians, counter-clockwise from north (yaw = pi/2 + heading)": (1.0, np.pi / 2, False),
    "radians, clockwise from +x, as where y points down (yaw = -heading)": (-1.0, 0.0, False),
    "radians, against the direction of travel (yaw = heading + pi)": (1.0, np.pi, False),
}
"""Sign, offset [rad] and whether in degrees."""


@dataclass(frozen=True)
class _Moves:
    """M displacements within tracks.

    Attributes:
        track: (M,) sorted.
        step: Usual interval of the file's samples [s].
        shown: (M,) speed of the displacement [m/s].
        stated: (M,) mean of the speeds stated meanwhile, unsigned [m/s].
        direction: (M,) of the displacement [rad].
        yaw: (M,) stated in the middle, as in the file.
        reversing: (M,) whether the speed stated there is negative.
    """

    track: Ints
    step: float
    shown: Floats
    stated: Floats
    direction: Floats
    yaw: Floats
    reversing: Bools

    def where(self, keep: Bools) -> _Moves:
        names = ("shown", "stated", "direction", "yaw", "reversing")
        parts = {name: getattr(self, name)[keep] for name in names}
        return _Moves(track=self.track[keep], step=self.step, **parts)

    def medians(self, values: Floats) -> Floats:
        """(N,) median of each track."""
        return np.asarray(pd.Series(values).groupby(self.track).median(), dtype=np.float64)


def check_units(table: pd.DataFrame, where: str) -> None:
    """Refuse a file whose units contradict one another throughout by a known factor.

    Args:
        table: Columns of `schema.RAW_COLUMNS` in the file's own time, sorted by track and
            time, no row twice.
        where: The file, for the message.

    Raises:
        UserError: With the unit, frame rate or convention that fits.
    """
    moves = _moves(table)
    for check in (_speed_unit, _heading_unit):
        told = check(moves)
        if told:
            raise UserError(f"{where}: {told}")
    told = _size_unit(table)
    if told:
        raise UserError(f"{where}: {told}")


def _moves(table: pd.DataFrame) -> _Moves:
    on_foot = (table["kind"] == Kind.PEDESTRIAN.name.lower()).to_numpy()
    if not on_foot.all():  # people sway and turn on the spot
        table = table[~on_foot]
    track, t = table["track_id"].to_numpy(), table["t_s"].to_numpy(dtype=float)
    x, y = (table[name].to_numpy(dtype=float) for name in ("x_m", "y_m"))
    v, yaw = (table[name].to_numpy(dtype=float) for name in ("speed_mps", "yaw_rad"))
    steps = np.diff(t)[np.diff(track) == 0]
    step = float(np.median(steps)) if len(steps) else WINDOW_S
    k = max(1, round(WINDOW_S / step))
    if len(t) <= k:
        k = max(1, len(t) - 1)
    a, b = np.arange(len(t) - k), np.arange(k, len(t))
    near = (track[a] == track[b]) & (t[b] - t[a] <= 1.5 * k * step)
    a, b = a[near], b[near]
    span, half = t[b] - t[a], (a + b) // 2
    driven = np.append(0.0, np.cumsum((np.abs(v[1:]) + np.abs(v[:-1])) / 2.0 * np.diff(t)))
    dx, dy = x[b] - x[a], y[b] - y[a]
    return _Moves(
        track=track[a],
        step=step,
        shown=np.hypot(dx, dy) / span,
        stated=(driven[b] - driven[a]) / span,
        direction=np.arctan2(dy, dx),
        yaw=yaw[half],
        reversing=v[half] < 0.0,
    )


def _speed_unit(moves: _Moves) -> str:
    """What is wrong with the speeds, in words; nothing where they agree."""
    moving = moves.where(np.sqrt(moves.shown * moves.stated) > SLOWEST_MPS)
    if len(moving.track) == 0:
        return ""
    factors = moving.shown / moving.stated
    factor = float(np.median(factors))
    size = abs(np.log(factor))
    if size < np.log(AGREES):
        return ""
    near = size < np.log(NEAR)
    same = np.abs(np.log(factors / factor)) < np.log(NEAR_SAME if near else SAME)
    fits = _fitting(factor, moving.step)
    if same.mean() < SAME_SHARE or not fits or (near and len(factors) * moving.step < NEAR_S):
        return ""
    return (
        f"speed: expected speeds that the positions move at, got positions that move "
        f"{factor:.3g} times as fast throughout, which fits {fits}"
    )


def _fitting(factor: float, step: float) -> str:
    known = dict(_FACTORS)
    for rate in _RATES_HZ:
        known[1.0 / (rate * step)] = (
            f"{rate:g} frames a second read as {1.0 / step:.3g} (give the times as t [s])"
        )
    known[1.0 / step] = "speeds in metres a frame"
    distance = {value: abs(np.log(factor / value)) for value in known}
    best = min(distance, key=lambda value: distance[value])
    return known[best] if distance[best] < np.log(KNOWN_WITHIN) else ""


def _heading_unit(moves: _Moves) -> str:
    """What is wrong with the headings, in words; nothing where they agree."""
    moving = moves.where(moves.shown > TURNED_MPS)
    tracks = len(np.unique(moving.track))
    if tracks == 0:
        return ""
    behind = moving.medians(moving.reversing.astype(float)) > 0.5
    as_is = _off(moving, moving.yaw + np.pi * moving.reversing)
    turned = tracks >= REVERSING_TRACKS and behind.mean() > REVERSING_SHARE
    if not turned and (as_is > HEADING_OFF_RAD).mean() < HEADING_OFF_SHARE:
        return ""
    evident = bool(np.abs(moving.yaw).max() > FULL_TURN_RAD)
    for text, (sign, offset, degrees) in _CONVENTIONS.items():
        if tracks < HEADING_TRACKS and not (degrees and evident):
            continue
        yaw = np.deg2rad(moving.yaw) if degrees else moving.yaw
        off = _off(moving, sign * yaw + offset)
        if (off < HEADING_FITS_RAD).mean() >= HEADING_FITS_SHARE:
            return (
                "heading: expected the direction in which positions move, in radians "
                f"counter-clockwise from +x, got {text}"
            )
    return ""


def _off(moves: _Moves, yaw: Floats) -> Floats:
    """(N,) median angle between travel and a heading, of each track [rad]."""
    return moves.medians(np.abs(wrap(moves.direction - yaw)))


def _size_unit(table: pd.DataFrame) -> str:
    cars = table[table["kind"] == Kind.CAR.name.lower()]
    if cars.empty:
        return ""
    width, length = (float(cars[name].median()) for name in ("width_m", "length_m"))
    in_feet = FEET_WIDTH_M[0] < width < FEET_WIDTH_M[1]
    if not (in_feet and FEET_LENGTH_M[0] < length < FEET_LENGTH_M[1]):
        return ""
    return (
        f"length, width: expected metres, got cars of {length:.3g} by {width:.3g}, which fits "
        "sizes in feet (multiply them, and positions and speeds in feet, by 0.3048)"
    )
