"""The four drivers step by step, and the fuzzy measures."""

import math

import naive_r157 as naive
import numpy as np
import pytest

from sim.laws.fuzzy import cfs, pfs
from sim.laws.r157_careful import DISMISSED, careful
from sim.laws.r157_fsm import fsm, in_the_way
from sim.laws.r157_pedal import BRAKE_MAX, JERK, press, slow
from sim.laws.r157_reg157 import reg157
from sim.laws.r157_rss import rss, rss_distance, rss_lateral_distance

DT = 0.1
PROACTIVE = (0.75, 4.0, 6.0, 7.0, 2.0, 2.0)
CRITICAL = (0.75, 4.0, 6.0)


def test_the_measures_equal_their_twins() -> None:
    rng = np.random.default_rng(5)
    seen = set()
    for g, v, u, a in rng.uniform([0.0, 0.0, 0.0, -8.0], [90.0, 35.0, 35.0, 2.0], (3000, 4)):
        proactive, critical = pfs(g, v, u, *PROACTIVE), cfs(g, v, u, a, *CRITICAL)
        assert proactive == pytest.approx(naive.pfs(g, v, u, 0.75, 4.0, 6.0, 7.0, 2.0), abs=1e-12)
        assert critical == pytest.approx(naive.cfs(g, v, u, a, *CRITICAL), abs=1e-12)
        seen |= {(i, value) for i, value in enumerate((proactive, critical)) if value in (0, 1)}
        assert 0.0 <= proactive <= 1.0
        assert 0.0 <= critical <= 1.0
    assert len(seen) == 4


def test_the_measures_by_hand() -> None:
    # 20 m/s behind 10 m/s: 15 + 50 - 100/14 + 2 + 2 and 15 + 400/12 - 100/14 + 2 metres
    safe, unsafe = 69.0 - 50.0 / 7.0, 17.0 + 100.0 / 3.0 - 50.0 / 7.0
    assert pfs(safe + 1e-9, 20.0, 10.0, *PROACTIVE) == 0.0
    assert pfs(unsafe - 1e-9, 20.0, 10.0, *PROACTIVE) == 1.0
    assert pfs((safe + unsafe) / 2.0, 20.0, 10.0, *PROACTIVE) == pytest.approx(0.5)
    # closing at 10 m/s without braking: 7.5 + 12.5 and 7.5 + 100/12 metres
    assert cfs(20.0 + 1e-9, 20.0, 10.0, 0.0, *CRITICAL) == 0.0
    assert cfs(7.5 + 100.0 / 12.0 - 1e-9, 20.0, 10.0, 0.0, *CRITICAL) == 1.0
    # braking at 4 m/s² takes 2 m/s away within 0.75 s: half a metre is all that is needed
    assert cfs(0.49, 12.0, 10.0, -4.0, *CRITICAL) == 1.0
    assert cfs(0.51, 12.0, 10.0, -4.0, *CRITICAL) == 0.0
    assert cfs(0.1, 10.0, 10.0, 0.0, *CRITICAL) == 0.0


def test_more_gap_is_never_more_dangerous_and_nan_stays_nan() -> None:
    gaps = np.linspace(0.0, 120.0, 400)
    for v, u, a in ((30.0, 10.0, 0.0), (30.0, 29.0, -2.0), (15.0, 0.0, -6.0)):
        assert (np.diff([pfs(g, v, u, *PROACTIVE) for g in gaps]) <= 0.0).all()
        assert (np.diff([cfs(g, v, u, a, *CRITICAL) for g in gaps]) <= 0.0).all()
    for i in range(4):
        args = [10.0, 20.0, 10.0, 0.0]
        args[i] = math.nan
        assert math.isnan(cfs(*args, *CRITICAL))
        assert i == 3 or math.isnan(pfs(*args[:3], *PROACTIVE))


def test_the_foot_presses_at_limited_jerk_up_to_the_limit() -> None:
    brake, history = 0.0, [0.0]
    for _ in range(10):
        brake = press(brake, DT)
        history.append(brake)
    assert np.diff(history).max() == pytest.approx(JERK * DT)
    assert history[6] < BRAKE_MAX
    assert history[7] == history[-1] == BRAKE_MAX == pytest.approx(7.59294)
    assert slow(6.0, 0.3, DT) == pytest.approx(-3.0)
    assert slow(6.0, 0.0, DT) == 0.0


def answers(n: int, step) -> list[tuple[float, ...]]:
    """What one driver does over `n` steps in the same situation: (acceleration, wait, brake)."""
    told, wait, brake = [], 0.75, 0.0
    for _ in range(n):
        told.append(step(wait, brake))
        _, wait, brake = told[-1]
    return told


def test_the_careful_driver_lets_go_then_brakes() -> None:
    accels = [
        told[0] for told in answers(20, lambda wait, b: careful(8.0, -0.1, 20.0, 10.0, wait, b, DT))
    ]
    assert accels[:8] == [-0.4] * 8
    np.testing.assert_allclose(np.diff(accels[7:13]), -1.265)
    assert accels[-1] == -BRAKE_MAX


def test_the_careful_driver_waits_for_the_overlap_and_dismisses_long_times() -> None:
    assert careful(8.0, 0.01, 20.0, 10.0, 0.75, 0.0, DT) == (0.0, 0.75, 0.0)
    assert careful(20.0, 0.0, 20.0, 10.0, 0.75, 0.0, DT)[1] == pytest.approx(0.65)
    assert careful(20.01, 0.0, 20.0, 10.0, 0.75, 0.0, DT)[1] == DISMISSED
    assert careful(5.0, 0.0, 10.0, 10.0, 0.75, 0.0, DT)[1] == DISMISSED


def test_the_requirement_brakes_at_once_and_stops_when_it_suffices() -> None:
    # 12 m/s of closing: in danger up to 12 (1 + 0.45) m
    assert reg157(17.4, 0.5, 22.0, 10.0, -0.05, DT) == (-6.0, -0.05)
    assert reg157(17.41, 0.5, 22.0, 10.0, -0.05, DT) == (0.0, -0.05)
    assert reg157(17.4, 0.51, 22.0, 10.0, -0.05, DT) == (0.0, -0.05)
    assert reg157(17.4, 0.5, 22.0, 10.0, 0.35, DT) == (0.0, pytest.approx(0.25))
    assert reg157(1.0, 0.0, 10.0, 10.0, -0.05, DT) == (0.0, -0.05)


def test_rss_distances_by_hand_and_braking_only_within_both() -> None:
    along = 20.0 * 0.75 + 1.5 * 0.5625 + 22.25**2 / 12.0 - 100.0 / 12.0
    across = 0.3 + (2.0 + 0.75) * 0.375 + 1.75**2 / 2.0
    assert rss_distance(20.0, 10.0) == pytest.approx(along)
    assert rss_lateral_distance(1.0) == pytest.approx(across)
    near, beside = along - 1e-6, across - 1e-6
    assert rss(near, beside, 1.0, 20.0, 10.0, -0.05, 3.0, DT)[0] == pytest.approx(-4.265)
    assert rss(along + 1e-6, beside, 1.0, 20.0, 10.0, -0.05, 3.0, DT) == (0.0, -0.05, 3.0)
    assert rss(near, across + 1e-6, 1.0, 20.0, 10.0, -0.05, 3.0, DT) == (0.0, -0.05, 3.0)
    told = answers(20, lambda wait, b: rss(near, beside, 1.0, 20.0, 10.0, wait, b, DT))
    assert [accel for accel, _, _ in told[:8]] == [0.0] * 8
    assert told[8][0] == pytest.approx(-1.265)
    assert told[-1][0] == -BRAKE_MAX


def test_the_fuzzy_driver_brakes_as_hard_as_it_is_dangerous() -> None:
    def settled(gap: float, other: float = 10.0) -> float:
        told = answers(30, lambda wait, b: fsm(gap, -1.0, 0.0, 20.0, other, 0.0, 8.6, wait, b, DT))
        assert [accel for accel, _, _ in told[:8]] == [0.0] * 8
        steps = np.diff([0.0, *(brake for _, _, brake in told)])
        assert steps.max() <= JERK * DT + 1e-12
        return told[-1][0]

    assert settled(80.0) == 0.0
    assert settled(55.0) == pytest.approx(-4.0 * pfs(55.0, 20.0, 10.0, *PROACTIVE))
    assert -4.0 < settled(55.0) < 0.0
    assert settled(30.0) == pytest.approx(-4.0)
    assert settled(18.0) == pytest.approx(-4.0 - 2.0 * cfs(18.0, 20.0, 10.0, 0.0, *CRITICAL))
    assert settled(5.0) == pytest.approx(-6.0)


def test_the_fuzzy_driver_heeds_only_who_comes_in_its_way() -> None:
    assert in_the_way(10.0, 0.0, 0.0, 10.0, 8.6)
    assert not in_the_way(10.0, 1.0, 0.0, 10.0, 8.6)
    assert in_the_way(10.0, 1.95, 1.0, 10.0, 8.6)  # past it after 1.86 s, and 0.1 s to spare
    assert not in_the_way(10.0, 1.97, 1.0, 10.0, 8.6)
    assert in_the_way(10.0, 1.0, 1.0, 0.0, 8.6)
    assert not in_the_way(10.0, 1.0, 1.0, -5.0, 8.6)
    assert fsm(1.0, 1.0, 0.0, 20.0, 0.0, 0.0, 8.6, -0.05, 2.0, DT) == (0.0, -0.05, 2.0)
