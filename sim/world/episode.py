"""An episode: everything that decides what will happen, and nothing that has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.world.drivers import Drivers
from sim.world.road import Road
from sim.world.script import Action, Script, Trigger
from sim.world.state import Users

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Episode:
    """B scenarios of one family with N users and M orders each.

    Attributes:
        road: R roads.
        road_index: (B,) which of them each scenario is on.
        users: (B, N).
        drivers: (B, N).
        script: (B, M).
        seed: Of the experiment; with `episode_id` the key of all noise.
        episode_id: (B,) numbers within the experiment.
        family: Name of the family.
        site: Where it is said to be; the family's name unless given.
        source: "simulated" or "field".
        log_weight: (B,) logarithm of the importance weight.
        proposal: (B,) which of the sampler's distributions each came from; 0 the nominal one.
        quantities: What was drawn, each (B,), by name with unit.
    """

    road: Road
    road_index: Ints
    users: Users
    drivers: Drivers
    script: Script
    seed: int
    episode_id: Ints
    family: str = "scene"
    site: str = ""
    source: str = "simulated"
    log_weight: Floats = field(default_factory=lambda: np.empty(0))
    proposal: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    quantities: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Fill what may be left out; raise `UserError` where sizes or slots do not fit."""
        b, n = self.users.shape
        if not len(self.log_weight):
            object.__setattr__(self, "log_weight", np.zeros(b))
        if not len(self.proposal):
            object.__setattr__(self, "proposal", np.zeros(b, np.int64))
        self.drivers.check_shape((b, n))
        self.script.check_shape((b,))
        for name in ("road_index", "episode_id", "log_weight", "proposal"):
            if getattr(self, name).shape != (b,):
                got = getattr(self, name).shape
                raise expected(name, f"an array of shape ({b},)", got, where="Episode")
        if not np.isfinite(self.log_weight).all():
            raise expected("log_weight", "finite numbers", "NaN or infinity", where="Episode")
        rising = bool((np.diff(self.episode_id) > 0).all())
        if not rising and len(np.unique(self.episode_id)) != b:
            raise expected("episode_id", "a number of its own for each", "twins", where="Episode")
        for name, values in self.quantities.items():
            if np.shape(values) != (b,):
                raise expected(name, f"an array of shape ({b},)", np.shape(values), where="Episode")
        _check_below("road_index", self.road_index, len(self.road))
        _check_below("lane", self.users.lane, self.road.lane_count)
        _check_below("course", self.users.course, self.road.course_count)
        orders = self.script
        to_lane = (orders.action == Action.LANE) & (orders.trigger != Trigger.NEVER)
        _check_below("lane of an order", orders.value[to_lane], self.road.lane_count)
        _check_below("actor", orders.actor, n)
        _check_below("to", orders.other, n)

    def __len__(self) -> int:
        return len(self.episode_id)

    @property
    def names(self) -> list[str]:
        """The ids of the scenarios in tables."""
        return [f"{self.family}-{self.seed}-{number:07d}" for number in self.episode_id]

    def take(self, index: NDArray[np.int64]) -> Episode:
        """Some of the scenarios."""
        return Episode(
            road=self.road,
            road_index=self.road_index[index],
            users=self.users.take(index),
            drivers=self.drivers.take(index),
            script=self.script.take(index),
            seed=self.seed,
            episode_id=self.episode_id[index],
            family=self.family,
            site=self.site,
            source=self.source,
            log_weight=self.log_weight[index],
            proposal=self.proposal[index],
            quantities={name: values[index] for name, values in self.quantities.items()},
        )


def _check_below(name: str, values: Ints | Floats, bound: int) -> None:
    if values.size and values.max() >= bound:
        raise expected(name, f"numbers below {bound}", int(values.max()), where="Episode")
