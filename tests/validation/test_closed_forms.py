"""Crash probabilities with a closed form, met by the simulator itself.

The same draws go through the simulator and through the rule that the closed form follows from.
Far from the boundary there is nothing to find out, so only what is near it is simulated.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from marks import compiled
from numpy.typing import NDArray
from scipy.stats import norm

from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CHUNK = 2_000_000  # draws at a time
REACH_S = 0.15  # at 14 to 20 m/s two metres and more
ONSET_S = 1.03  # between two steps


@dataclass(frozen=True)
class Case:
    """One probability: how its numbers are drawn, who crashes by the rule and in the run.

    Attributes:
        probability: Of a crash, by the closed form.
        draw: Takes a generator and n; the spare time of each [s], negative for a crash by the
            rule, and what the run needs.
        run: Takes what the run needs; who crashed.
    """

    probability: float
    draw: Callable[[np.random.Generator, int], tuple[Floats, tuple[Floats, ...]]]
    run: Callable[..., Bools]


def equal_braking(headway: float, sigma: float, tau: float, sigma_tau: float) -> Case:
    """Both brake equally to a stand, the follower later: a crash iff the headway is shorter."""

    def draw(rng: np.random.Generator, n: int) -> tuple[Floats, tuple[Floats, ...]]:
        h = headway * np.exp(sigma * rng.standard_normal(n))
        delay = tau * np.exp(sigma_tau * rng.standard_normal(n))
        return h - delay, (h, delay)

    def run(h: Floats, delay: Floats) -> Bools:
        scene = Scene(len(h), straight(lanes=1))
        ego = scene.car(lane=0, s=50.0, speed=20.0, law="free")
        lead = scene.car(lane=0, ahead_of=ego, gap=20.0 * h, speed=20.0, law="free")
        scene.when(lead, time_s=ONSET_S).brake(6.0)
        scene.when(ego, time_s=ONSET_S, delay_s=delay).brake(6.0)
        return crashes(scene, ONSET_S + delay.max() + 20.0 / 6.0)

    spread = math.hypot(sigma, sigma_tau)
    return Case(float(norm.cdf(math.log(tau / headway) / spread)), draw, run)


def standing_target(speed: float, distance: float) -> Case:
    """Something stands in the lane; the driver brakes at 7 m/s² after a lognormal delay."""
    spare = distance / speed - speed / 14.0

    def draw(rng: np.random.Generator, n: int) -> tuple[Floats, tuple[Floats, ...]]:
        delay = np.exp(0.35 * rng.standard_normal(n))
        return spare - delay, (delay,)

    def run(delay: Floats) -> Bools:
        scene = Scene(len(delay), straight(lanes=1))
        ego = scene.car(lane=0, s=20.0, speed=speed, law="free")
        scene.obstacle(lane=0, ahead_of=ego, gap=distance)
        scene.when(ego, time_s=0.0, delay_s=delay).brake(7.0)
        return crashes(scene, delay.max() + speed / 7.0)

    return Case(float(norm.sf(math.log(spare) / 0.35)), draw, run)


def crashes(scene: Scene, seconds: float) -> Bools:
    log = simulate(scene.episode(), seconds=math.ceil(10.0 * seconds) / 10.0 + 0.1)
    out: Bools = log.episodes["collided"].to_numpy()
    return out


CASES = {
    "headway 2.0 s": (equal_braking(2.0, 0.30, 0.75, 0.20), 3.26083e-3),
    "headway 2.2 s": (equal_braking(2.2, 0.25, 0.75, 0.20), 3.87890e-4),
    "headway 1.8 s": (equal_braking(1.8, 0.35, 0.90, 0.25), 5.35316e-2),
    "50 km/h at 50 m": (standing_target(50.0 / 3.6, 50.0), 3.08375e-3),
    "60 km/h at 80 m": (standing_target(60.0 / 3.6, 80.0), 1.22534e-4),
}


def paired(case: Case, n: int, seed: int) -> tuple[int, int, int]:
    """Of n draws: crashes in the run, crashes by the rule, and those on which they disagree."""
    rng = np.random.default_rng(seed)
    by_run = by_rule = apart = 0
    for first in range(0, n, CHUNK):
        spare, numbers = case.draw(rng, min(CHUNK, n - first))
        rule = spare < 0.0
        near = np.abs(spare) < REACH_S
        got = rule.copy()
        got[near] = case.run(*(values[near] for values in numbers))
        by_run += int(got.sum())
        by_rule += int(rule.sum())
        apart += int((got != rule).sum())
    return by_run, by_rule, apart


@pytest.mark.parametrize("name", CASES)
def test_the_closed_form_gives_the_stated_number(name: str) -> None:
    case, probability = CASES[name]
    assert case.probability == pytest.approx(probability, rel=2e-6)


def check(name: str, crashes_wanted: int, errors: float) -> None:
    case, probability = CASES[name]
    n = round(crashes_wanted / probability)
    by_run, by_rule, apart = paired(case, n, seed=list(CASES).index(name))
    deviation = (by_run - n * probability) / math.sqrt(n * probability * (1.0 - probability))
    print(f"{name}: n {n}, {by_run} crashes, {apart} apart, {deviation:+.2f} standard errors")
    assert by_rule > 0.8 * crashes_wanted
    assert apart <= 0.02 * by_rule
    assert abs(deviation) <= errors


@compiled
@pytest.mark.parametrize("name", CASES)
def test_the_simulator_crashes_as_often_as_the_closed_form_says(name: str) -> None:
    check(name, 400, errors=2.5)


@compiled
@pytest.mark.soak
@pytest.mark.parametrize("name", CASES)
def test_the_same_to_one_percent(name: str) -> None:
    check(name, 10_000, errors=2.5)


@compiled
def test_what_is_left_out_far_from_the_boundary_is_as_the_rule_says() -> None:
    for case, _ in CASES.values():
        spare, numbers = case.draw(np.random.default_rng(3), 200_000)
        far = np.flatnonzero((np.abs(spare) >= REACH_S) & (np.abs(spare) < 1.5))[:1_000]
        got = case.run(*(values[far] for values in numbers))
        np.testing.assert_array_equal(got, spare[far] < 0.0)
