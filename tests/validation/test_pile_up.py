"""Three in a row: momentum stays, and nobody drives through anybody."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

Floats = NDArray[np.float64]

LENGTH_M = 4.5


def row_of_three(gaps: tuple[float, float], speeds: tuple[float, float, float]) -> Floats:
    """x and speed of three equal cars that heed nobody, rear to front, (3, F, 2)."""
    scene = Scene(1, straight(lanes=1))
    rear = scene.car(lane=0, s=50.0, speed=speeds[0], law="free")
    middle = scene.car(lane=0, ahead_of=rear, gap=gaps[0], speed=speeds[1], law="free")
    scene.car(lane=0, ahead_of=middle, gap=gaps[1], speed=speeds[2], law="free")
    rows = simulate(scene.episode(), seconds=6.0).tracks
    return np.stack(
        [rows[rows["track_id"] == k][["x_m", "speed_mps"]].to_numpy() for k in range(3)]
    )


def test_contacts_one_after_the_other_keep_the_momentum() -> None:
    """The middle one is run into in the fifth step, and runs into the front one in the sixth."""
    cars = row_of_three((4.5, 12.0), (30.0, 20.0, 0.0))
    assert cars[:, 4, 1].tolist() == [30.0, 20.0, 0.0]
    assert cars[:, 5, 1] == pytest.approx([25.0, 25.0, 0.0], abs=0.3)
    assert (cars[:, 6:11, 1].sum(axis=0) < 50.0).all()
    assert np.ptp(cars[:, 12, 1]) < 0.2  # all three together
    assert cars[:, -1, 1].max() == 0.0


def test_two_contacts_in_one_step_keep_the_momentum() -> None:
    cars = row_of_three((0.1, 1.5), (30.0, 20.0, 0.0))
    assert cars[:, 1, 1].sum() == pytest.approx(50.0, abs=0.5)


@pytest.mark.parametrize("gaps", [(0.1, 1.5), (4.5, 12.0)])
def test_wrecks_do_not_drive_through_each_other(gaps: tuple[float, float]) -> None:
    cars = row_of_three(gaps, (30.0, 20.0, 0.0))
    assert np.diff(cars[:, :, 0], axis=0).min() > LENGTH_M - 0.7  # pairs take five steps to agree
