"""What stands in the way of sight is noticed late: braking begins when somebody is seen."""

import numpy as np
import pytest
import shapely
from driven import past
from marks import compiled

from sim.base.geometry import corners
from sim.world.road import crosswalk
from sim.world.scene import Scene

AT, SPEED, WALK = 200.0, 14.0, 1.4
KERB = 5.7 + 0.1  # beyond it somebody has set out
SET_OUT_S = 2.0
N = 40
PHASE = np.arange(N) * 0.1 / N  # when within the step somebody sets out
BLOCK = (AT - 4.0, -3.0, 0.0, 4.0, 4.0)  # a hedge up to 0.1 m from the car's side
PARKED = (AT - 4.3, -2.7, 0.0, 4.5, 1.8)
HIDDEN = {"open": None, "hedge": BLOCK, "parked": PARKED}


def scene_of(hidden: str, away: float, **driver: object) -> Scene:
    """A car whose front is `away` from the crosswalk when somebody sets out from the right."""
    blocks = [BLOCK] if hidden == "hedge" else []
    scene = Scene(N, crosswalk(1, 0, at=AT, rule="unmarked", blocks=blocks))
    s = AT - 2.0 - away - 2.25 - SPEED * SET_OUT_S
    usual = {"course": 0, "s": s, "speed": SPEED, "desired_speed": SPEED}
    scene.car(**{**usual, **driver})
    start = KERB - 0.25 - WALK * (SET_OUT_S + PHASE)
    scene.pedestrian(course=1, s=start, law="free", speed=WALK)
    if hidden == "parked":
        scene.parked(course=0, s=PARKED[0], d=PARKED[1])
    return scene


def onset(scene: Scene) -> np.ndarray:
    """When a braking at 8 m/s² begins, within its first step from the speed that it took."""
    p = past(scene.episode(), SET_OUT_S + 4.0, "speed accel")
    speed = p["speed"][:, :, 0]
    lost = SPEED - speed
    first = (lost > 1e-3).argmax(axis=0)
    assert (first > 0).all()
    full = -p["accel"][first + 1, np.arange(N), 0]
    np.testing.assert_allclose(full, 8.0, atol=1e-6)
    return p["t"][first] - lost[first, np.arange(N)] / 8.0


def in_sight(hidden: str, away: float) -> np.ndarray:
    """When the line between the centres first passes the box, from the set-out on."""
    set_out = SET_OUT_S + PHASE
    box = HIDDEN[hidden]
    if box is None:
        return set_out
    shape = shapely.polygons(corners(*(np.array(v) for v in box)))
    out = np.empty(N)
    for k, begin in enumerate(set_out):
        t = begin + np.arange(0.0, 2.5, 0.002)
        x = AT - 2.0 - away - 2.25 + SPEED * (t - SET_OUT_S)
        y = KERB - 0.25 - 7.75 + WALK * (t - begin)
        ends = np.stack([np.stack([x, 0.0 * x], -1), np.stack([0.0 * x + AT, y], -1)], axis=1)
        out[k] = t[~shapely.intersects(shapely.linestrings(ends), shape)][0]
    return out


@compiled
@pytest.mark.parametrize("reaction", [0.3, 0.8])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_braking_begins_a_reaction_time_after_sight(hidden: str, reaction: float) -> None:
    late = onset(scene_of(hidden, 32.0, reaction_s=reaction)) - in_sight(hidden, 32.0)
    assert late.min() > reaction - 0.06
    assert late.max() < reaction + 0.06
    assert late.mean() == pytest.approx(reaction, abs=0.02)


@compiled
@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_reaction_time_is_added_exactly(hidden: str) -> None:
    times = [onset(scene_of(hidden, 34.0, reaction_s=r)) for r in (0.2, 0.65, 0.9)]
    np.testing.assert_allclose(times[1] - times[0], 0.45, atol=2e-3)
    np.testing.assert_allclose(times[2] - times[0], 0.7, atol=2e-3)


@compiled
def test_what_hides_costs_time_and_then_hits() -> None:
    away = 15.0
    begun = {h: onset(scene_of(h, 32.0, reaction_s=0.3)).mean() for h in HIDDEN}
    assert begun["open"] + 0.1 < begun["parked"]
    assert begun["parked"] + 0.3 < begun["hedge"]
    hit = {}
    for hidden in HIDDEN:
        p = past(scene_of(hidden, away, reaction_s=0.1).episode(), 8.0, "collided impact_speed")
        hit[hidden] = np.nan_to_num(p["impact_speed"][-1, :, 0])
    assert hit["open"].mean() + 1.0 < hit["hedge"].mean()
    assert hit["hedge"].min() > 0.0


@compiled
def test_who_is_hidden_for_good_is_never_braked_for() -> None:
    """A wall along the pavement, and somebody who turns back before its end."""
    wall = [(AT - 30.0, -3.0, 0.0, 56.0, 0.5)]
    scene = Scene(1, crosswalk(1, 0, at=AT, rule="zebra", blocks=wall))
    scene.car(course=0, s=20.0, speed=SPEED, desired_speed=SPEED)
    scene.pedestrian(course=1, s=4.4, speed=0.0, held=1)
    p = past(scene.episode(), 12.0, "speed s")
    seen = AT - 2.0 - 4.0  # from where the line to somebody at y = -3.35 passes the wall's end
    approach = np.nan_to_num(p["s"][:, 0, 0], nan=1e9) < seen - 10.0
    np.testing.assert_allclose(p["speed"][approach, 0, 0], SPEED, atol=1e-6)
