"""Who may go, when one gets there, and how people on foot decide."""

import math

import naive_assist as naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.laws.acceptance import accepts, entries, time_to_reach
from sim.laws.crossing import reach
from sim.laws.pedestrian import RELAX_S, hesitation, pace, stride, waits

KEY = np.uint64(987654321987654321)


def test_a_gap_is_taken_when_it_is_critical_and_the_way_is_clear_in_time() -> None:
    assert accepts(6.2, 3.0, 6.2, 1.0)
    assert not accepts(6.1, 3.0, 6.2, 1.0)  # under the critical headway
    assert not accepts(6.5, 6.0, 6.2, 1.0)  # a lorry would not be clear
    assert accepts(math.inf, 6.0, 6.2, 1.0)
    assert not accepts(math.inf, math.inf, 6.2, 1.0)  # who cannot go does not


def test_a_queue_uses_random_gaps_up_to_the_potential_capacity() -> None:
    flow, critical, follow_up = 600.0 / 3600.0, 6.2, 3.3
    headways = np.random.default_rng(31).exponential(1.0 / flow, 200_000)
    went = [entries(h, critical, follow_up) for h in headways]
    rate = flow * np.mean(went) * 3600.0
    capacity = 600.0 * math.exp(-flow * critical) / (1.0 - math.exp(-flow * follow_up))
    assert rate == pytest.approx(capacity, rel=0.01)
    assert [entries(h, 6.0, 3.0) for h in (5.9, 6.0, 8.9, 9.0, 12.5)] == [0, 1, 1, 2, 3]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    distance=st.floats(-2.0, 300.0),
    speed=st.floats(0.0, 40.0),
    accel=st.one_of(st.just(0.0), st.floats(-8.0, -0.05), st.floats(0.05, 4.0)),
    cap=st.one_of(st.just(math.inf), st.floats(1.0, 40.0)),
)
def test_time_to_reach_equals_its_twin(
    distance: float, speed: float, accel: float, cap: float
) -> None:
    twin = naive.time_to_reach(distance, speed, accel, cap)
    got = time_to_reach(distance, speed, accel, cap)
    assert not math.isnan(got)
    if distance <= 0.0:
        assert got == twin == 0.0
    elif twin < 1e4 and speed * speed + 2.0 * accel * distance > 1e-3:
        assert got == pytest.approx(twin, rel=1e-7, abs=1e-9)
    elif speed * speed + 2.0 * accel * distance < -1e-3:
        assert got == math.inf


def test_time_to_reach_in_its_closed_forms() -> None:
    assert time_to_reach(50.0, 10.0, 0.0, 20.0) == 5.0
    assert time_to_reach(12.5, 0.0, 1.0, math.inf) == 5.0
    assert time_to_reach(12.5 + 20.0, 0.0, 1.0, 5.0) == 9.0  # 5 s up to 5 m/s, then 4 s
    assert time_to_reach(50.0, 30.0, 1.0, 20.0) == 50.0 / 30.0  # over the cap, and stays so
    assert time_to_reach(25.0, 10.0, -2.0, 20.0) == 5.0  # just gets there
    assert time_to_reach(25.1, 10.0, -2.0, 20.0) == math.inf
    assert time_to_reach(1.0, 0.0, 0.0, 20.0) == math.inf
    assert time_to_reach(0.0, 0.0, 0.0, 20.0) == 0.0


def test_a_place_is_passed_in_one_step_at_its_instant() -> None:
    for distance, speed, accel in ((17.3, 10.0, 1.5), (17.3, 12.0, -3.0), (40.0, 0.0, 2.0)):
        s, v, dt, seen = 0.0, speed, 0.1, []
        for k in range(120):
            at = reach(distance - s, v, accel, dt) if s < distance else math.nan
            if not math.isnan(at):
                seen.append(k * dt + at)
            s, v = s + v * dt + 0.5 * accel * dt * dt, v + accel * dt
            if v <= 0.0:
                break
        assert seen == pytest.approx([time_to_reach(distance, speed, accel, math.inf)], abs=1e-9)
    assert math.isnan(reach(5.0, 4.0, -2.0, 10.0))  # stands after 4 m
    assert reach(4.0, 4.0, -2.0, 10.0) == 2.0
    assert math.isnan(reach(4.0, 4.0, -2.0, 2.0))  # the end belongs to the next step
    assert math.isnan(reach(1.0, 0.0, 0.0, 10.0))
    assert reach(0.0, 0.0, 0.0, 10.0) == 0.0


@pytest.mark.parametrize(("v", "v0"), [(0.0, 1.34), (3.0, 1.3), (1.2, 0.0)])
def test_a_walker_relaxes_exactly(v: float, v0: float) -> None:
    got = stride(v, v0, RELAX_S, 0.7)
    assert got == pytest.approx(naive.stride(v, v0, RELAX_S, 0.7), abs=1e-8)
    half = stride(v, v0, RELAX_S, 0.35)
    rest = stride(half[1], v0, RELAX_S, 0.35)
    assert (half[0] + rest[0], rest[1]) == pytest.approx(got, abs=1e-14)
    assert stride(v, v0, RELAX_S, 0.0) == (0.0, v)


def test_one_waits_for_the_critical_headway_of_the_manual() -> None:
    # 7 m at 1.4 m/s and 3 s: 8 s
    assert waits(7.9, 7.0, 1.4, 3.0, 0.0)
    assert not waits(8.1, 7.0, 1.4, 3.0, 0.0)
    assert waits(8.1, 7.0, 1.4, 3.0, 0.5)
    assert not waits(7.0, 7.0, 1.4, 3.0, -1.5)  # a daring one
    assert waits(math.inf, 7.0, 0.0, 3.0, 0.0)


def test_one_runs_only_when_walking_would_not_do() -> None:
    assert pace(6.0, 7.0, 1.4, 3.5, 1.0) == 1.4
    assert pace(5.9, 7.0, 1.4, 3.5, 1.0) == 3.5
    assert pace(math.inf, 7.0, 1.4, 3.5, 1.0) == 1.4
    assert pace(0.1, 0.0, 1.4, 3.5, 1.0) == 1.4  # clear already


def test_hesitations_come_and_last_as_they_are_told_to() -> None:
    drawn = np.array([hesitation(KEY, np.uint64(k), 0.3, 1.1, 0.4) for k in range(20_000)])
    some = drawn[drawn > 0.0]
    assert len(some) / len(drawn) == pytest.approx(0.3, abs=0.01)
    assert np.median(some) == pytest.approx(1.1, rel=0.03)
    assert np.log(some).std() == pytest.approx(0.4, rel=0.03)
    # one's length has nothing to do with whether the other, which shares its count, comes
    k = np.flatnonzero(drawn[:10_000] > 0.0)
    assert abs(np.corrcoef(np.abs(np.log(drawn[k] / 1.1)), drawn[2 * k] > 0.0)[0, 1]) < 0.05
    again = [hesitation(KEY, np.uint64(k), 0.3, 1.1, 0.4) for k in range(5)]
    assert again == drawn[:5].tolist()
    assert hesitation(KEY, np.uint64(0), 0.0, 1.1, 0.4) == 0.0
    assert hesitation(KEY, np.uint64(0), 1.0, 1.1, 0.4) > 0.0
