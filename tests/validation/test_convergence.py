"""How the step's error falls with the step: measured, not only claimed.

Laws are asked once a step and their answer is held, so whoever drives by a law, and whoever
steers, is tracked to order 1. What is ordered is exact whatever the step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import naive_following as naive
import numpy as np
import pytest
from marks import compiled
from numpy.typing import NDArray

from sim.world.log import Log
from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

Floats = NDArray[np.float64]

STEPS_S = (0.1, 0.05, 0.025, 0.0125)
IDM = (33.0, 1.4, 1.4, 2.0, 2.0)  # v0, T, a, b, s0
GAP_M, SPEED, DECEL, LOW, BRAKES_S = 40.0, 25.0, 4.0, 10.0, 2.03
SECONDS = 12.0


def places(log: Log, slot: int) -> Floats:
    """x, y, yaw, speed of a user over time, (F, 4)."""
    mine = log.tracks[log.tracks["track_id"] == slot]
    return mine[["x_m", "y_m", "yaw_rad", "speed_mps"]].to_numpy()


def following(dt: float, reaction_s: float = 0.0) -> tuple[Floats, Floats]:
    """Centres of the follower and of its leader, which brakes to 10 m/s."""
    scene = Scene(1, straight(lanes=1))
    ego = scene.car(
        lane=0, s=0.0, speed=SPEED, desired_speed=33.0, changes_lanes=0, reaction_s=reaction_s
    )
    lead = scene.car(lane=0, ahead_of=ego, gap=GAP_M, speed=SPEED, law="free")
    scene.when(lead, time_s=BRAKES_S).brake(DECEL, down_to=LOW)
    log = simulate(scene.episode(), seconds=SECONDS, dt=dt)
    return places(log, 0)[:, 0], places(log, 1)[:, 0]


def swerving(dt: float, dynamics: int, brakes: bool) -> Floats:
    """A lane change, alone or while braking."""
    scene = Scene(1, straight(lanes=2))
    ego = scene.car(lane=0, s=0.0, speed=SPEED, law="free", dynamics=dynamics)
    scene.when(ego, time_s=1.03).lane(1, lateral_speed=1.5)
    if brakes:
        scene.when(ego, time_s=1.57).brake(DECEL, down_to=LOW)
    return places(simulate(scene.episode(), seconds=7.0, dt=dt), 0)


def orders(errors: list[float]) -> Floats:
    """Exponent by which each halving of the step makes the error smaller."""
    return np.log2(np.array(errors[:-1]) / np.array(errors[1:]))


def differences(run: Callable[[float], Floats]) -> list[float]:
    """Largest difference between a run and that with half its step, for each step."""
    runs = [run(dt) for dt in (*STEPS_S, 0.5 * STEPS_S[-1])]
    return [float(np.abs(a - b).max()) for a, b in pairwise(runs)]


def told(name: str, errors: list[float]) -> Floats:
    rates = orders(errors)
    print(name, " ".join(f"{e:.2e}" for e in errors), "order", np.round(rates, 2))
    return rates


@pytest.fixture(scope="module")
def times() -> Floats:
    return 0.1 * np.arange(round(SECONDS / 0.1) + 1)


@pytest.fixture(scope="module")
def lead() -> naive.Path:
    return naive.braking_lead(GAP_M, SPEED, BRAKES_S, DECEL, LOW)


@compiled
def test_a_follower_converges_to_the_differential_equation(times: Floats, lead: naive.Path) -> None:
    breaks = [BRAKES_S, BRAKES_S + (SPEED - LOW) / DECEL]
    exact = naive.follow(lead, SPEED, IDM, times, breaks)
    errors = [float(np.abs(following(dt)[0] - exact).max()) for dt in STEPS_S]
    rates = told("IDM follower", errors)
    assert errors[0] < 0.12
    assert (np.abs(rates - 1.0) < 0.1).all()


@compiled
@pytest.mark.parametrize("delay", [0.4, 0.73])
def test_a_late_follower_converges_to_the_delay_equation(
    times: Floats, lead: naive.Path, delay: float
) -> None:
    exact = np.array([lead(t)[0] for t in times])
    exact -= naive.follow_late(lead, SPEED, IDM, delay, times, h=1e-3)
    errors = []
    for dt in STEPS_S:
        ego, front = following(dt, delay)
        errors.append(abs(float((front - ego).min() - 4.5 - exact.min())))
    rates = told(f"least gap, reaction {delay} s", errors)
    assert errors[0] < 0.4
    assert (np.abs(rates - 1.0) < 0.25).all()


@compiled
@pytest.mark.parametrize("dynamics", [0, 1])
@pytest.mark.parametrize("brakes", [False, True])
def test_a_lane_change_converges(dynamics: int, brakes: bool) -> None:
    for column, name, most in ((0, "x", 0.01), (1, "y", 0.04), (2, "yaw", 0.003)):
        errors = differences(lambda dt, c=column: swerving(dt, dynamics, brakes)[:, c])
        rates = told(f"lane change, dynamics {dynamics}, brakes {brakes}, {name}", errors)
        assert errors[0] < most
        assert rates.min() > 0.7
        assert np.abs(rates[1:] - 1.0).max() < 0.2


@compiled
def test_what_is_ordered_is_exact_at_every_step(times: Floats, lead: naive.Path) -> None:
    exact = np.array([lead(t)[0] for t in times]) + 4.5
    for dt in STEPS_S:
        assert np.abs(following(dt)[1] - exact).max() < 2e-5 * math.sqrt(2.0)  # of float32
