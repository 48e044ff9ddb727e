"""The grid of cut-ins on which the reference drivers are compared, and its summaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.reference.checks import within
from sim.reference.cut_in import DRIFT_MAX, CutIns, cut_in
from sim.reference.drivers import Driver

KMH = 3.6
SLOW_KMH = 60.0  # up to here the grid is short and fine

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """Cut-ins of one pair of speeds: every gap with every lateral speed."""

    ego_speed: float
    """[m/s]."""
    other_speed: float
    """[m/s]."""
    gap: Floats
    """Bumper to bumper [m], (G, 1)."""
    lateral_speed: Floats
    """[m/s], (1, L)."""

    @property
    def cells(self) -> int:
        """G L."""
        return self.gap.size * self.lateral_speed.size

    def run(self, driver: Driver | str) -> CutIns:
        """What one driver makes of them, (G, L)."""
        return cut_in(
            driver,
            ego_speed=self.ego_speed,
            other_speed=self.other_speed,
            gap=self.gap,
            lateral_speed=self.lateral_speed,
        )


class Tally(NamedTuple):
    """Crashes among the cells of a grid."""

    crashes: int
    cells: int


def cut_in_grid(ego_kmh: float, other_kmh: float) -> Grid:
    """The cut-ins at these speeds [km/h].

    Gaps 1, 2, ... 59 m up to an ego speed of 60 km/h and 1, 3, ... 119 m above; lateral speeds
    0, 0.1, ... 1.7 m/s.

    Raises:
        UserError: A speed is not from 0 to 540 km/h.

    Source: Mattas et al., Accident Analysis & Prevention (2022), PubMed 35700684 (program:
    ec-jrc/JRC-FSM).

    >>> cut_in_grid(60, 20).cells, cut_in_grid(130, 70).cells
    (1062, 1080)
    """
    ego, other = _kmh("ego_kmh", ego_kmh), _kmh("other_kmh", other_kmh)
    gap = np.arange(1.0, 60.0) if ego <= SLOW_KMH else np.arange(1.0, 120.0, 2.0)
    return Grid(ego / KMH, other / KMH, gap[:, None], np.arange(0.0, 1.8, 0.1)[None, :])


def tally(driver: Driver | str, ego_kmh: float, other_kmh: float) -> Tally:
    """How many cells of `cut_in_grid` end in a crash with this driver.

    Raises:
        UserError: No such driver, or a speed is not from 0 to 540 km/h.

    >>> tally("careful", 60, 20)
    Tally(crashes=378, cells=1062)
    """
    grid = cut_in_grid(ego_kmh, other_kmh)
    return Tally(int(grid.run(driver).crashed.sum()), grid.cells)


def boundary(driver: Driver | str, ego_kmh: float, other_kmh: float, lateral_speed: float) -> float:
    """Largest gap of the grid that ends in a crash [m]; NaN if none does.

    Args:
        driver: `careful`, `reg157`, `rss` or `fsm`.
        ego_kmh: [km/h].
        other_kmh: [km/h].
        lateral_speed: The other's, towards the ego, on the grid or off it [m/s].

    Raises:
        UserError: No such driver, or a number is outside its range.

    >>> boundary("careful", 60, 20, 0.8)
    40.0
    """
    grid = cut_in_grid(ego_kmh, other_kmh)
    drift = within("lateral_speed", lateral_speed, 0.0, DRIFT_MAX, "m/s", one=True)
    crashed = cut_in(
        driver,
        ego_speed=grid.ego_speed,
        other_speed=grid.other_speed,
        gap=grid.gap[:, 0],
        lateral_speed=drift,
    ).crashed
    return float(grid.gap[crashed].max()) if crashed.any() else float("nan")


def _kmh(name: str, value: float) -> float:
    """A speed that a road vehicle may have."""
    return float(within(name, value, 0.0, 540.0, "km/h", one=True))
