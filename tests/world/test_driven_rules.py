"""Lights, signs and gaps: who waits where, and for how long."""

import numpy as np
import pytest
from driven import Past, past
from marks import compiled

from sim.world.kernel.drive import STOP_EFFORT
from sim.world.road import junction, junction_course, straight, two_phases
from sim.world.scene import Scene

L = 4.5
LINE = 150.0
WEST, SOUTH = junction_course(0, "straight"), junction_course(1, "straight")


def front(p: Past, slot: int) -> np.ndarray:
    return p["s"][:, :, slot] + 0.5 * L


def passed(p: Past, slot: int, line: float) -> np.ndarray:
    """When a front passes a line, by scenario [s]; NaN never."""
    f, t = front(p, slot), p["t"]
    out = np.full(f.shape[1], np.nan)
    for b in range(f.shape[1]):
        known = np.isfinite(f[:, b])
        over = np.flatnonzero(known & (f[:, b] > line))
        if len(over):
            k = over[0]
            assert k > 0
            if known[k - 1]:
                share = (line - f[k - 1, b]) / (f[k, b] - f[k - 1, b])
                out[b] = t[k - 1] + share * (t[k] - t[k - 1])
    return out


@compiled
@pytest.mark.parametrize("amber", [0.0, 3.0])
def test_only_who_could_not_stop_comfortably_crosses_at_amber_or_red(amber: float) -> None:
    n, green, cycle = 120, 20.0, 50.0
    speed = np.repeat(np.array([8.0, 13.0, 18.0]), n // 3)
    away = np.tile(np.linspace(0.0, 120.0, n // 3), 3)  # of the front when the green ends
    line = 600.0
    road = straight(
        lanes=1, length=900.0, stops=[(line, cycle, green, 0.0)], amber=amber, speed_limit=50.0
    )
    scene = Scene(n, road)
    start = line - away - 0.5 * L - green * speed
    scene.car(s=start, speed=speed, desired_speed=speed, brake_comfort=2.5)
    p = past(scene.episode(), 70.0, "s speed accel")
    at = passed(p, 0, line)
    can = 0.5 * speed**2 <= STOP_EFFORT * 2.5 * (away - 0.01)
    cannot = 0.5 * speed**2 > STOP_EFFORT * 2.5 * (away + 0.1 * speed + 0.01)
    assert can.sum() > 20
    assert cannot.sum() > 20
    assert (at[can] > cycle - 1e-6).all()
    longest = speed / (2.0 * STOP_EFFORT * 2.5)  # on the way from where one can just not stop
    assert (at[cannot] <= green + longest[cannot] + 0.1).all()
    if amber > longest.max():  # then nobody at all goes at red
        assert not ((at > green + amber) & (at < cycle)).any()


@compiled
def test_with_two_phases_nobody_meets_the_other_road() -> None:
    n = 12
    rng = np.random.default_rng(0)
    road = junction(control="signals", signals=two_phases(cycle=50.0, green=20.0), speed_limit=14.0)
    scene = Scene(n, road)
    for course in (WEST, SOUTH):
        for k in range(6):
            at = 6.0 * k + rng.uniform(0.0, 4.0, n)
            scene.car(course=course, s=5.0, speed=12.0, enter_s=at)
    p = past(scene.episode(), 120.0, "s speed")
    red_from, red_to = 20.0 + 3.0, 50.0  # the main road's
    for slot in range(12):
        at = passed(p, slot, LINE) % 50.0
        assert np.isfinite(at).all()
        if slot < 6:
            assert ((at < red_from) | (at > red_to - 1e-9)).all()
        else:
            assert ((at > 25.0 - 1e-9) & (at < 48.0)).all()


@compiled
@pytest.mark.parametrize("arm", [1, 3])
def test_at_a_stop_sign_everybody_stands_once_before_the_line(arm: int) -> None:
    n = 8
    rng = np.random.default_rng(3)
    scene = Scene(n, junction(control="stop", speed_limit=14.0))
    for turn in ("left", "straight", "right"):
        for _ in range(2):
            scene.car(
                course=junction_course(arm, turn), s=5.0, speed=8.0, enter_s=rng.uniform(0, 30, n)
            )
    p = past(scene.episode(), 90.0, "s speed")
    for slot in range(6):
        near = (front(p, slot) < LINE + 0.15) & (front(p, slot) > LINE - 3.5)
        slowest = np.where(near, p["speed"][:, :, slot], np.inf).min(axis=0)
        assert (slowest < 0.31).all()
        assert np.isfinite(passed(p, slot, LINE + 1.0)).all()


@compiled
def test_where_one_yields_an_empty_road_is_entered_without_a_stop() -> None:
    scene = Scene(1, junction(control="yield", speed_limit=14.0))
    scene.car(course=SOUTH, s=5.0, speed=10.0, desired_speed=10.0)
    assert np.nanmin(past(scene.episode(), 20.0, "speed")["speed"]) > 7.0


@compiled
def test_gaps_under_the_critical_one_are_left_and_longer_ones_taken() -> None:
    """A platoon on the main road with one gap; who waits takes it just when it is long enough."""
    n, critical, speed = 25, 5.0, 12.0
    gap = np.linspace(3.0, 8.0, n)  # from the rear of one to the front of the next [s]
    scene = Scene(n, junction(control="stop", approach=400.0, departure=150.0))
    line = 400.0
    free = {"course": WEST, "speed": speed, "law": "free"}
    for k in range(7):
        last = scene.car(s=line - speed * (6.0 + 1.5 * k), **free)
    second = scene.car(behind=last, gap=gap * speed, **free)
    scene.car(behind=second, gap=1.0 * speed, **free)
    waits = scene.car(course=SOUTH, s=line - 60.0, speed=8.0, critical_gap_s=critical)
    p = past(scene.episode(), 50.0, "s speed x")
    a = scene.road.areas
    mine = np.flatnonzero((a.course[0] == SOUTH) & (a.rival[0] == WEST))
    assert len(mine) == 1
    start, hold = a.rival_start[0, mine[0]], a.hold[0, mine[0]]
    entered = passed(p, waits.slot, hold + 0.1)
    cleared, before, after = (passed(p, k, start) for k in range(last.slot, last.slot + 3))
    assert (entered > cleared).all()
    took = entered < before
    # the rear of the last still has to leave the area, and the front to pass the line
    assert took[gap > critical + 2.0].all()
    assert not took[gap < critical].any()
    assert (entered[~took] > after[~took]).all()
    assert 3 < took.sum() < n - 3


@compiled
def test_the_gap_that_is_taken_is_never_shorter_than_the_critical_one() -> None:
    """Measured where it is decided: standing at the line."""
    n, speed = 40, 12.0
    rng = np.random.default_rng(5)
    critical = rng.uniform(3.0, 8.0, n)
    scene = Scene(n, junction(control="stop", approach=900.0, departure=150.0))
    s = np.full(n, 850.0)
    for _ in range(12):
        s = s - rng.exponential(5.0, n) * speed - 1.2 * speed
        scene.car(course=WEST, s=np.maximum(s, -1e4), speed=speed, law="free")
    waits = scene.car(course=SOUTH, s=880.0, speed=5.0, critical_gap_s=critical)
    p = past(scene.episode(), 90.0, "s accepted_s")
    a = scene.road.areas
    mine = np.flatnonzero((a.course[0] == SOUTH) & (a.rival[0] == WEST))[0]
    start = a.rival_start[0, mine]
    decided = np.nanmin(np.where(np.isfinite(p["accepted_s"]), p["accepted_s"], np.inf), axis=0)
    decided = decided[:, waits.slot]
    came = np.array([passed(p, k, start) for k in range(12)])
    ahead = np.where(came > decided, came - decided, np.inf).min(axis=0)
    assert np.isfinite(decided).all()
    assert (ahead >= critical - 1e-6).all()
    assert (ahead < critical + 3.0).any()
