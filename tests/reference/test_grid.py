"""The grid of cut-ins: published tallies and boundaries, and how they must hang together."""

import math

import numpy as np
import pytest
from marks import compiled

from sim.base.errors import UserError
from sim.reference import DRIVERS, boundary, cut_in_grid, tally

# Outputs of the public program ec-jrc/JRC-FSM: crashes at ego km/h, other km/h.
CRASHES = {
    (60, 20): {"fsm": 109, "careful": 378, "rss": 108, "reg157": 241},
    (130, 70): {"fsm": 97, "careful": 310, "rss": 93, "reg157": 206},
}
# Largest gap that ends in a crash [m], at ego km/h, other km/h, lateral m/s.
BOUNDARIES = {
    (60, 20, 0.8): {"fsm": 19, "careful": 40, "rss": 16, "reg157": 29},
    (60, 20, 1.2): {"fsm": 17, "careful": 33, "rss": 14, "reg157": 25},
    (60, 20, 1.6): {"fsm": 15, "careful": 30, "rss": 13, "reg157": 21},
    (130, 70, 1.2): {"fsm": 33, "careful": 55, "rss": 27, "reg157": 45},
}
PAIRS = [(30, 10), (50, 20), (60, 10), (60, 50), (90, 50), (110, 70), (130, 40), (130, 110)]


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("speeds", CRASHES)
def test_the_tallies_are_those_of_the_public_program(speeds, driver: str) -> None:
    got = tally(driver, *speeds)
    assert got == (CRASHES[speeds][driver], {60: 1062, 130: 1080}[speeds[0]])


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("case", BOUNDARIES)
def test_the_boundaries_are_those_of_the_public_program(case, driver: str) -> None:
    assert boundary(driver, *case) == BOUNDARIES[case][driver]


def test_no_drift_no_crash_and_no_boundary() -> None:
    for driver in DRIVERS:
        assert math.isnan(boundary(driver, 60, 20, 0.0))
        assert not cut_in_grid(60, 20).run(driver).crashed[:, 0].any()
        assert tally(driver, 50, 50).crashes == 0
        assert tally(driver, 50, 80).crashes == 0


@compiled
@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("speeds", PAIRS)
def test_crashing_gaps_are_one_interval(speeds, driver: str) -> None:
    # below it the ego is past before the other has come over, above it there is time to brake
    crashed = cut_in_grid(*speeds).run(driver).crashed
    edges = np.abs(np.diff(crashed.astype(int), axis=0, prepend=0, append=0)).sum(axis=0)
    assert set(edges) <= {0, 2}
    assert 2 in edges


@compiled
@pytest.mark.parametrize("driver", DRIVERS)
def test_faster_closing_crashes_more(driver: str) -> None:
    counts = [tally(driver, 130, other).crashes for other in (115, 100, 85, 70, 55)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


@compiled
@pytest.mark.parametrize("driver", ["careful", "reg157"])
def test_two_drivers_know_only_the_closing_speed(driver: str) -> None:
    assert tally(driver, 90, 70) == tally(driver, 110, 90) == tally(driver, 130, 110)


@compiled
def test_who_is_warned_by_the_approach_crashes_least() -> None:
    for speeds in PAIRS:
        count = {driver: tally(driver, *speeds).crashes for driver in DRIVERS}
        assert max(count["fsm"], count["rss"]) < count["reg157"] < count["careful"]


def test_the_grid_is_the_published_one() -> None:
    slow, fast = cut_in_grid(60, 20), cut_in_grid(60.1, 20)
    assert slow.gap.ravel().tolist() == list(range(1, 60))
    assert fast.gap.ravel().tolist() == list(range(1, 120, 2))
    np.testing.assert_allclose(slow.lateral_speed.ravel(), np.linspace(0.0, 1.7, 18))
    assert slow.ego_speed == pytest.approx(16.6667, abs=1e-4)


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf, 541.0, "60", None])
def test_a_speed_that_is_none_is_told(bad) -> None:
    with pytest.raises(UserError, match="ego_kmh: expected a number from 0 to 540 km/h, got"):
        tally("fsm", bad, 20)
    with pytest.raises(UserError, match="other_kmh"):
        boundary("fsm", 60, bad, 1.0)
    with pytest.raises(UserError, match="lateral_speed: expected a number from 0 to 20 m/s"):
        boundary("fsm", 60, 20, bad)
