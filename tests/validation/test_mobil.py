"""The lane that a driver chooses in random neighbourhoods, against MOBIL by hand."""

from __future__ import annotations

import numpy as np
import pytest
from marks import compiled
from naive_mobil import Driver, choice
from numpy.typing import NDArray

from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

Floats = NDArray[np.float64]

LANES, AT_M = 3, 500.0
N = 3_000


class Neighbourhoods:
    """N egos in mid-lane with at most one ahead and one behind in each of three lanes."""

    def __init__(self, n: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.n = n
        self.lane = rng.integers(0, LANES, n)
        self.ego = self._driver(rng, np.full(n, AT_M))
        self.politeness = rng.uniform(0.0, 1.0, n)
        self.keep_right = rng.uniform(0.0, 0.3, n)
        self.brake_safe = rng.uniform(1.0, 4.0, n)
        self.ahead, self.behind = [], []
        for lane in range(LANES):
            own = self.lane == lane
            ahead = np.where(own, 6.0, 0.1) + rng.exponential(25.0, n)
            behind = np.where(own, 6.0, 0.1) + rng.exponential(25.0, n)
            behind = np.maximum(behind, 6.0 - ahead)  # these two do not overlap
            self.ahead.append(self._driver(rng, AT_M + ahead))
            self.behind.append(self._driver(rng, AT_M - behind))

    @staticmethod
    def _driver(rng: np.random.Generator, s: Floats) -> dict[str, Floats]:
        n = len(s)
        return {
            "s": s,
            "speed": rng.uniform(18.0, 30.0, n),
            "desired_speed": rng.uniform(18.0, 36.0, n),
            "headway": rng.uniform(0.6, 2.0, n),
            "present": rng.random(n) < 0.8,
        }

    def chosen(self) -> NDArray[np.int64]:
        """By the simulator: one step, and where the ego's nose points."""
        scene = Scene(self.n, straight(lanes=LANES, length=5000.0))
        scene.car(
            lane=self.lane,
            politeness=self.politeness,
            keep_right=self.keep_right,
            brake_safe=self.brake_safe,
            **(self.ego | {"present": True}),
        )
        for lane in range(LANES):
            for other in (self.ahead[lane], self.behind[lane]):
                scene.car(lane=lane, changes_lanes=0, **other)
        rows = simulate(scene.episode(), seconds=0.1).tracks
        nose = rows[(rows["track_id"] == 0) & (rows["frame"] == 1)]["yaw_rad"].to_numpy()
        return self.lane + np.sign(nose).astype(np.int64)

    def by_hand(self, k: int) -> int:
        """The same for one of them by the twin."""

        def driver(row: dict[str, Floats]) -> Driver | None:
            if not row["present"][k]:
                return None
            return Driver(row["s"][k], row["speed"][k], row["desired_speed"][k], row["headway"][k])

        ego = Driver(AT_M, *(self.ego[x][k] for x in ("speed", "desired_speed", "headway")))
        lanes = {i: (driver(self.ahead[i]), driver(self.behind[i])) for i in range(LANES)}
        mood = (self.politeness[k], 0.1, self.keep_right[k], self.brake_safe[k])
        return choice(ego, lanes, int(self.lane[k]), *mood)


@compiled
@pytest.mark.parametrize("seed", [1, 2])
def test_the_lane_chosen_is_that_of_mobil_by_hand(seed: int) -> None:
    around = Neighbourhoods(N, seed)
    got = around.chosen()
    want = np.array([around.by_hand(k) for k in range(N)])
    assert (got != want).sum() == 0
    moves = want - around.lane
    assert (moves == 1).mean() > 0.05
    assert (moves == -1).mean() > 0.05
    assert (moves == 0).mean() > 0.3


def test_the_hand_calculation_on_a_case_worked_out() -> None:
    ego = Driver(0.0, 25.0, 33.0, 1.4)
    slow, fast = Driver(30.0, 20.0, 20.0, 1.4), Driver(-15.0, 35.0, 36.0, 1.4)
    mood = (0.2, 0.1, 0.0, 4.0)
    assert choice(ego, {0: (slow, None), 1: (None, None)}, 0, *mood) == 1
    assert choice(ego, {0: (slow, None), 1: (None, fast)}, 0, *mood) == 0
    beside = Driver(-3.0, 25.0, 30.0, 1.4)
    assert choice(ego, {0: (slow, None), 1: (None, beside)}, 0, *mood) == 0
