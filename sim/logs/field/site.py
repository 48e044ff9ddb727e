"""A site: what tells it from others, and how it is laid out for a drive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.logs.field.layout import Layout

Place = Literal["motorway", "arterial", "town"]


@dataclass(frozen=True)
class Conditions:
    """Light and road of one drive.

    Attributes:
        night: Whether it is dark: reactions take longer.
        wet: Whether the road is: friction 0.5 for 0.85 (recalled).
    """

    night: bool
    wet: bool

    @property
    def friction(self) -> float:
        """Of the road."""
        return 0.5 if self.wet else 0.85


Build = Callable[["Site", Conditions, float, float, np.random.Generator], Layout]


@dataclass(frozen=True, kw_only=True)
class Site:
    """A place where drives are recorded.

    Attributes:
        name: What logs call it.
        place: What kind of place it is.
        trained_on: Whether drives there are trained on; if not, all are tests of a new site.
        egos: Vehicles on the road at once, the mean over drives: what turns ego-hours into a
            number of drives (measured).
        limit_mps: Speed limit [m/s].
        trucks, motorcycles: Shares of them among vehicles.
        night, wet: Shares of the drives.
        build: The layout of one drive, from the site, its conditions, the seconds that it will
            be simulated for, the hazard and the drive's own stream of random numbers.
    """

    name: str
    place: Place
    trained_on: bool = True
    egos: float
    limit_mps: float
    trucks: float = 0.05
    motorcycles: float = 0.02
    night: float = 0.25
    wet: float = 0.2
    build: Build

    def conditions(self, rng: np.random.Generator) -> Conditions:
        """Draw light and road of a drive."""
        dark, rain = rng.random(2)
        return Conditions(night=bool(dark < self.night), wet=bool(rain < self.wet))
