"""Cut-ins with the reference drivers: against the twin, closed forms, and what cannot be."""

import math

import naive_r157 as naive
import numpy as np
import pytest

from sim.base.errors import UserError
from sim.reference import DRIVERS, Driver, avoided_by, cut_in, preventable

FIELDS = ("crashed", "side_hit", "time", "impact_speed", "min_gap")


def draws(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    v = rng.uniform(2.0, 40.0, n)
    u = v * rng.uniform(0.0, 1.1, n)
    reach = np.maximum(v - u, 1.0) * 4.0
    return np.c_[v, u, rng.uniform(0.0, reach), rng.uniform(0.0, 2.5, n), rng.uniform(0.0, 2.5, n)]


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_driver_equals_its_twin(driver: str) -> None:
    rows = draws(250, 1)
    v, u, g, w, y = rows.T
    got = cut_in(driver, ego_speed=v, other_speed=u, gap=g, lateral_speed=w, lateral_gap=y)
    assert 0.1 < got.crashed.mean() < 0.9
    assert 0.01 < got.side_hit.mean() < 0.5
    for i, row in enumerate(rows):
        twin = naive.cut_in(driver, *row)
        for field in FIELDS:
            assert getattr(got, field)[i] == pytest.approx(
                getattr(twin, field), abs=1e-9, nan_ok=True
            ), (field, row)
        assert got.strongest_brake[i] == pytest.approx(max(twin.brakes, default=0.0), abs=1e-9)


def test_other_sizes_and_ramps_equal_the_twin() -> None:
    for v, u, g, w, y in draws(40, 2):
        for driver in DRIVERS:
            got = cut_in(
                driver,
                ego_speed=v,
                other_speed=u,
                gap=g,
                lateral_speed=w,
                lateral_gap=y,
                lateral_accel=0.7,
                length=7.1,
                width=2.3,
            )
            twin = naive.cut_in(driver, v, u, g, w, y, 0.7, 7.1, 2.3)
            assert got.crashed == twin.crashed
            assert got.min_gap == pytest.approx(twin.min_gap, abs=1e-9)


def closing_distance(closing: float, brakes: list[float]) -> float:
    """Way lost until closing ends, speed before position in steps of 0.1 s."""
    lost = 0.0
    for brake in brakes:
        closing -= 0.1 * brake
        if closing <= 0.0:
            break
        lost += 0.1 * closing
    return lost


@pytest.mark.parametrize(
    ("driver", "schedule"),
    [
        ("careful", [0.4] * 8 + [min(0.4 + 1.265 * k, 7.59294) for k in range(1, 60)]),
        ("rss", [0.0] * 8 + [min(1.265 * k, 7.59294) for k in range(1, 60)]),
        ("reg157", [0.0] * 4 + [6.0] * 60),
    ],
)
def test_the_gap_that_just_suffices_is_reaction_and_braking_summed_up(driver, schedule) -> None:
    # the other appears in front of the ego at once: a step at 0 m/s, then at 1 m/s of drift
    def run(gap: float):
        return cut_in(
            driver,
            ego_speed=24.0,
            other_speed=12.0,
            gap=gap,
            lateral_speed=1.0,
            lateral_gap=0.0,
            lateral_accel=1000.0,
        )

    enough = closing_distance(12.0, schedule) - 1.2  # `gap` holds one step after the first look
    assert run(enough - 1e-6).crashed
    kept = run(enough + 1e-6)
    assert not kept.crashed
    assert kept.min_gap == pytest.approx(0.0, abs=2e-6)
    assert kept.strongest_brake == pytest.approx(max(schedule), rel=1e-9)


def test_who_drives_past_is_not_hit_and_who_is_alongside_is() -> None:
    past = cut_in("careful", ego_speed=16.0, other_speed=5.0, gap=1.0, lateral_speed=0.5)
    assert not past.crashed
    assert past.strongest_brake == 0.0
    beside = cut_in("careful", ego_speed=16.0, other_speed=5.0, gap=7.0, lateral_speed=1.6)
    assert beside.crashed
    assert beside.side_hit
    assert beside.impact_speed == 11.0
    assert beside.time == pytest.approx(1.1)  # 1.0 s to the first touch, overlap a step later
    ahead = cut_in("careful", ego_speed=16.0, other_speed=5.0, gap=14.0, lateral_speed=1.6)
    assert ahead.crashed
    assert not ahead.side_hit
    assert ahead.impact_speed < 11.0


def test_the_careful_driver_leaves_a_slow_approach_alone() -> None:
    # in the lane at 2.1 s to collision it is harmless, at 1.9 s it is braked for
    for ttc, braked in ((2.1, False), (1.9, True)):
        run = cut_in(
            "careful",
            ego_speed=20.0,
            other_speed=10.0,
            gap=10.0 * (ttc + 1.7 / 1.7),
            lateral_speed=1.7,
            lateral_gap=1.7 - 1e-6,
        )
        assert (run.strongest_brake > 0.4) == braked


def test_limits_of_braking_and_jerk() -> None:
    v, u, g, w, y = draws(400, 3).T
    hardest = {"careful": 7.593, "rss": 7.593, "fsm": 6.0, "reg157": 6.0}
    for driver in DRIVERS:
        run = cut_in(driver, ego_speed=v, other_speed=u, gap=g, lateral_speed=w, lateral_gap=y)
        assert run.strongest_brake.max() <= hardest[driver] + 1e-9
        assert run.strongest_brake.max() > 0.95 * hardest[driver]
        assert (run.strongest_brake >= 0.0).all()


def test_labels_count_the_drivers() -> None:
    v, u, g, w, y = draws(400, 4).T
    told = avoided_by(ego_speed=v, other_speed=u, gap=g, lateral_speed=w, lateral_gap=y)
    label = preventable(ego_speed=v, other_speed=u, gap=g, lateral_speed=w, lateral_gap=y)
    assert told.shape == (400, 4)
    count = told.sum(axis=1)
    np.testing.assert_array_equal(label == "all", count == 4)
    np.testing.assert_array_equal(label == "none", count == 0)
    assert set(label) == {"all", "some", "none"}
    careful = cut_in(
        Driver.CAREFUL, ego_speed=v, other_speed=u, gap=g, lateral_speed=w, lateral_gap=y
    )
    np.testing.assert_array_equal(told[:, Driver.CAREFUL], ~careful.crashed)


def test_shapes_broadcast_and_nothing_gives_nothing() -> None:
    run = cut_in("rss", ego_speed=20.0, other_speed=10.0, gap=np.ones((3, 1)), lateral_speed=[1, 2])
    assert run.crashed.shape == run.time.shape == (3, 2)
    empty = cut_in("rss", ego_speed=20.0, other_speed=10.0, gap=[], lateral_speed=1.0)
    assert empty.crashed.shape == (0,)
    assert cut_in("rss", ego_speed=20, other_speed=10, gap=9, lateral_speed=1).crashed.shape == ()


GOOD = {"ego_speed": 20.0, "other_speed": 10.0, "gap": 10.0, "lateral_speed": 1.0}


@pytest.mark.parametrize("name", [*GOOD, "lateral_gap", "lateral_accel", "length", "width"])
@pytest.mark.parametrize("bad", [math.nan, -1.0, math.inf, "10", None, True, [[1.0], [1.0, 2.0]]])
def test_a_bad_number_is_told_by_its_name(name: str, bad) -> None:
    with pytest.raises(UserError, match=f"^{name}: expected .* from .*, got [^\n]*$"):
        cut_in("fsm", **{**GOOD, name: bad})


@pytest.mark.parametrize("name", ["length", "width", "lateral_accel"])
@pytest.mark.parametrize("bad", [0.0, [4.0, 5.0]])
def test_a_size_is_one_number_and_not_nothing(name: str, bad) -> None:
    with pytest.raises(UserError, match=f"^{name}: expected a number from"):
        cut_in("fsm", **{**GOOD, name: bad})


def test_shapes_that_do_not_fit_and_unknown_drivers_are_told() -> None:
    with pytest.raises(UserError, match="shapes broadcast"):
        cut_in("fsm", **{**GOOD, "gap": [1.0, 2.0, 3.0], "ego_speed": [1.0, 2.0]})
    with pytest.raises(UserError, match="did you mean 'careful'"):
        cut_in("carefull", **GOOD)
    with pytest.raises(UserError, match="driver: unknown name '7'"):
        cut_in(7, **GOOD)
